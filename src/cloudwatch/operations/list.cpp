// ListMetrics: by pages of 500; a metric without new data for two weeks is not listed.
#include <charconv>

#include "aws/models/cloudwatch.h"
#include "aws/service.h"
#include "cloudwatch/operations/keys.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {
namespace {

namespace wire = aws::cloudwatch;

constexpr std::size_t page = 500;

int64_t seconds(Instant time) { return to_microseconds(time) / 1'000'000; }

}  // namespace

void add_list_operation(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::ListMetrics>([&store, &clock](const wire::ListMetricsRequest& request,
                                                 const aws::CallContext& context) -> Result<wire::ListMetricsResponse> {
    if (request.owning_account && *request.owning_account != context.account_id)
      return wire::ListMetricsResponse{.metrics = {{}}};
    const auto since = request.recently_active ? std::chrono::hours{3} : std::chrono::hours{14 * 24};
    Store::ListQuery query{.name_space = request.namespace_.value_or(""),
                           .name = request.metric_name.value_or(""),
                           .dimensions = {},
                           .seen_since_seconds = seconds(clock.now() - since),
                           .after_id = 0,
                           .limit = page + 1};
    for (const auto& filter : request.dimensions.value_or(std::vector<wire::DimensionFilter>{})) {
      query.dimensions.emplace_back(filter.name, filter.value);
    }
    if (request.next_token) {
      const auto& token = *request.next_token;
      const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), query.after_id);
      if (problem != std::errc{} || end != token.data() + token.size()) {
        return fail(error::invalid_value("The parameter NextToken is invalid."));
      }
    }
    TRY(found, store.list(query));
    wire::ListMetricsResponse response;
    if (found.size() > page) {
      found.pop_back();
      response.next_token = std::to_string(found.back().id);
    }
    auto& metrics = response.metrics.emplace();
    for (auto& [_, key] : found) {
      metrics.push_back({.namespace_ = std::move(key.name_space),
                         .metric_name = std::move(key.name),
                         .dimensions = write_dimensions(key.dimensions)});
    }
    if (request.include_linked_accounts.value_or(false)) response.owning_accounts.emplace(metrics.size(), context.account_id);
    return response;
  });
}

}  // namespace mastic::cloudwatch
