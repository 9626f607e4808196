// TestMetricFilter, PutMetricFilter, DescribeMetricFilters, DeleteMetricFilter.
#include <fmt/format.h>

#include "aws/models/logs.h"
#include "aws/service.h"
#include "logs/errors.h"
#include "logs/operations/operations.h"
#include "logs/pattern/condition.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;
using Context = aws::CallContext;

constexpr std::size_t dimensions_max = 3;

Result<wire::TestMetricFilterResponse> test_filter(const wire::TestMetricFilterRequest& request) {
  TRY(pattern, FilterPattern::parse(request.filter_pattern));
  wire::TestMetricFilterResponse response;
  auto& matches = response.matches.emplace();
  for (std::size_t at = 0; at < request.log_event_messages.size(); ++at) {
    const auto& message = request.log_event_messages[at];
    if (!pattern.matches(message)) continue;
    matches.push_back(
        {.event_number = static_cast<int64_t>(at) + 1, .event_message = message, .extracted_values = pattern.extract(message)});
  }
  return response;
}

Result<void> check(const wire::PutMetricFilterRequest& request) {
  const auto unsupported = [](std::string_view member) {
    return fail(error::invalid_parameter(fmt::format("{} is not supported by this server", member)));
  };
  if (request.apply_on_transformed_logs.value_or(false)) return unsupported("applyOnTransformedLogs");
  if (request.field_selection_criteria && !request.field_selection_criteria->empty())
    return unsupported("fieldSelectionCriteria");
  if (request.emit_system_field_dimensions && !request.emit_system_field_dimensions->empty()) {
    return unsupported("emitSystemFieldDimensions");
  }
  const auto& transformation = request.metric_transformations.front();
  if (transformation.metric_name.empty() || transformation.metric_namespace.empty()) {
    return fail(error::invalid_parameter("metricName and metricNamespace must not be empty."));
  }
  if (!transformation.metric_value.starts_with('$') && !pattern::read_number(transformation.metric_value)) {
    return fail(error::invalid_parameter(fmt::format(
        "The metric value must be a number, or a field of the pattern ($name, $.name): {}", transformation.metric_value)));
  }
  if (!transformation.dimensions) return {};
  if (transformation.default_value)
    return fail(error::invalid_parameter("A metric with dimensions cannot have a default value."));
  if (transformation.dimensions->size() > dimensions_max) {
    return fail(error::invalid_parameter(fmt::format("A metric filter has at most {} dimensions.", dimensions_max)));
  }
  for (const auto& [name, source] : *transformation.dimensions) {
    if (!source.starts_with('$')) {
      return fail(
          error::invalid_parameter(fmt::format("The dimension {} must name a field of the pattern: $name or $.name", name)));
    }
  }
  return {};
}

Result<wire::PutMetricFilterResponse> put_filter(const wire::PutMetricFilterRequest& request, Store& store,
                                                 const Clock& clock) {
  TRY_DO(check(request));
  TRY(group, store.find_group(request.log_group_name));
  if (!group) return fail(error::group_not_found());
  TRY_DO(store.metric_filters().put({.filter_name = request.filter_name,
                                     .filter_pattern = request.filter_pattern,
                                     .metric_transformations = request.metric_transformations,
                                     .creation_time = to_microseconds(clock.now()) / 1000,
                                     .log_group_name = request.log_group_name}));
  return wire::PutMetricFilterResponse{};
}

constexpr char between_names = ':';  // in no group's name, nor in a filter's

Result<wire::DescribeMetricFiltersResponse> describe_filters(const wire::DescribeMetricFiltersRequest& request, Store& store) {
  if (request.metric_name.has_value() != request.metric_namespace.has_value()) {
    return fail(error::invalid_parameter("metricName and metricNamespace must be given together."));
  }
  if (request.log_group_name) {
    TRY(group, store.find_group(*request.log_group_name));
    if (!group) return fail(error::group_not_found());
  }
  MetricFilters::Query query{.group = request.log_group_name.value_or(""),
                             .name_prefix = request.filter_name_prefix.value_or(""),
                             .metric_name = request.metric_name.value_or(""),
                             .metric_namespace = request.metric_namespace.value_or(""),
                             .after_group = {},
                             .after_name = {},
                             .limit = static_cast<std::size_t>(request.limit.value_or(50)) + 1};
  if (request.next_token) {
    const auto middle = request.next_token->find(between_names);
    if (middle == std::string::npos) return fail(error::invalid_token());
    query.after_group = request.next_token->substr(0, middle);
    query.after_name = request.next_token->substr(middle + 1);
  }
  TRY(found, store.metric_filters().list(query));
  wire::DescribeMetricFiltersResponse response;
  if (found.size() == query.limit) {
    found.pop_back();
    response.next_token = found.back().log_group_name.value_or("") + between_names + found.back().filter_name.value_or("");
  }
  response.metric_filters = std::move(found);
  return response;
}

Result<wire::DeleteMetricFilterResponse> delete_filter(const wire::DeleteMetricFilterRequest& request, Store& store) {
  TRY(group, store.find_group(request.log_group_name));
  if (!group) return fail(error::group_not_found());
  TRY(removed, store.metric_filters().remove(request.log_group_name, request.filter_name));
  if (!removed) return fail(error::filter_not_found());
  return wire::DeleteMetricFilterResponse{};
}

}  // namespace

void add_metric_filter_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::TestMetricFilter>([](const auto& request, const Context&) { return test_filter(request); });
  service.on<wire::PutMetricFilter>([&](const auto& request, const Context&) { return put_filter(request, store, clock); });
  service.on<wire::DescribeMetricFilters>(
      [&](const auto& request, const Context&) { return describe_filters(request, store); });
  service.on<wire::DeleteMetricFilter>([&](const auto& request, const Context&) { return delete_filter(request, store); });
}

}  // namespace mastic::logs
