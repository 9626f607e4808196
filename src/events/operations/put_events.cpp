// PutEvents.
#include <nlohmann/json.hpp>

#include "events/operations/operations.h"

namespace mastic::events {
namespace {

using Context = aws::CallContext;

/// What an entry lacks; empty: nothing.
std::string flaw_of(const wire::PutEventsRequestEntry& entry) {
  if (entry.source.value_or("").empty()) return "Parameter Source is not valid. Reason: Source is a required argument.";
  if (entry.source->starts_with("aws.")) return "Sources that begin with aws. are the services' own.";
  if (entry.detail_type.value_or("").empty())
    return "Parameter DetailType is not valid. Reason: DetailType is a required argument.";
  if (!entry.detail) return "Parameter Detail is not valid. Reason: Detail is a required argument.";
  return "";
}

wire::PutEventsResultEntry refuse(std::string_view code, std::string message) {
  wire::PutEventsResultEntry result;
  result.error_code = std::string(code);
  result.error_message = std::move(message);
  return result;
}

}  // namespace

void add_put_events(aws::Service& service, std::function<Result<std::string>(Event)> publish) {
  service.on<wire::PutEvents>([publish = std::move(publish)](const wire::PutEventsRequest& request,
                                                             const Context& context) -> Result<wire::PutEventsResponse> {
    wire::PutEventsResponse response;
    response.entries.emplace();
    int32_t failed = 0;
    for (const auto& entry : request.entries) {
      TRY_DO(check_bus(entry.event_bus_name));
      if (auto flaw = flaw_of(entry); !flaw.empty()) {
        response.entries->push_back(refuse("InvalidArgument", std::move(flaw)));
        ++failed;
        continue;
      }
      if (!nlohmann::json::accept(*entry.detail)) {
        response.entries->push_back(refuse("MalformedDetail", "Detail is malformed."));
        ++failed;
        continue;
      }
      TRY(id, publish({.source = *entry.source,
                       .detail_type = *entry.detail_type,
                       .detail = *entry.detail,
                       .resources = entry.resources.value_or(std::vector<std::string>{}),
                       .region = context.region,
                       .account_id = context.account_id,
                       .time = entry.time}));
      wire::PutEventsResultEntry result;
      result.event_id = id;
      response.entries->push_back(std::move(result));
    }
    response.failed_entry_count = failed;
    return response;
  });
}

}  // namespace mastic::events
