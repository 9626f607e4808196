#include "program/event_routes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "base/identifiers.h"
#include "glue/glue.h"
#include "logs/logs.h"

namespace mastic::program {
namespace {

/// What stands behind `arn:aws:SERVICE:REGION:ACCOUNT:`; empty for another service's ARN.
std::string_view resource_of(std::string_view arn, std::string_view service) {
  std::string_view rest = arn;
  for (int part = 0; part < 5; ++part) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return {};
    if (part == 2 && rest.substr(0, colon) != service) return {};
    rest.remove_prefix(colon + 1);
  }
  return rest;
}

std::string_view after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

std::string_view workflow_of(std::string_view arn) { return after(resource_of(arn, "glue"), "workflow/"); }

std::string_view log_group_of(std::string_view arn) {
  auto group = after(resource_of(arn, "logs"), "log-group:");
  if (group.ends_with(":*")) group.remove_suffix(2);
  return group;
}

}  // namespace

bool is_event_target(std::string_view arn) { return !workflow_of(arn).empty() || !log_group_of(arn).empty(); }

Result<void> deliver_event(glue::Glue& glue, logs::Logs& logs, std::string_view arn, std::string_view event_id,
                           std::string_view event) {
  if (const auto workflow = workflow_of(arn); !workflow.empty()) return glue.notify_event(workflow, event_id);
  return logs.append(log_group_of(arn), event_id, std::span(&event, 1));
}

events::Event object_created(const s3::CreatedObject& object) {
  nlohmann::json detail{
      {"version", "0"},
      {"bucket", {{"name", object.bucket}}},
      {"object", {{"key", object.key}, {"size", object.size}, {"etag", object.etag}, {"sequencer", random_hex(16)}}},
      {"request-id", random_hex(16)},
      {"requester", "000000000000"},
      {"source-ip-address", "127.0.0.1"},
      {"reason", object.reason}};
  if (!object.version_id.empty()) detail["object"]["version-id"] = object.version_id;
  return {.source = "aws.s3",
          .detail_type = "Object Created",
          .detail = detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          .resources = {fmt::format("arn:aws:s3:::{}", object.bucket)},
          .region = object.region.empty() ? "us-east-1" : object.region};
}

}  // namespace mastic::program
