// PutMetricAlarm, DescribeAlarms, DescribeAlarmsForMetric, DeleteAlarms, SetAlarmState, EnableAlarmActions,
// DisableAlarmActions.
#include "cloudwatch/alarms.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/models/cloudwatch.h"
#include "aws/service.h"
#include "cloudwatch/operations/keys.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/statistic.h"

namespace mastic::cloudwatch {
namespace {

namespace wire = aws::cloudwatch;
using Context = aws::CallContext;

constexpr int64_t evaluated_seconds_max = 86'400;

Result<void> check(const wire::PutMetricAlarmRequest& request) {
  const auto unsupported = [](std::string_view what) {
    return fail(error::invalid_value(fmt::format("{} is not supported for alarms by this server.", what)));
  };
  if (request.metrics) return unsupported("Metrics (metric math)");
  if (request.threshold_metric_id) return unsupported("ThresholdMetricId (anomaly detection)");
  if (request.evaluation_window) return unsupported("EvaluationWindow");
  if (request.evaluation_criteria) return unsupported("EvaluationCriteria");
  if (request.warm_up_configuration) return unsupported("WarmUpConfiguration");
  if (request.action_configuration) return unsupported("ActionConfiguration");
  const auto& comparison = request.comparison_operator;
  if (!comparison) return fail(error::missing("The parameter ComparisonOperator is required."));
  if (comparison->find("UpperThreshold") != std::string::npos || comparison->starts_with("LessThanLowerThreshold")) {
    return unsupported(*comparison + " (anomaly detection)");
  }
  if (!request.metric_name || !request.namespace_ || !request.period || !request.threshold || !request.evaluation_periods) {
    return fail(error::missing("The parameters MetricName, Namespace, Period, EvaluationPeriods and Threshold are required."));
  }
  if (request.statistic.has_value() == request.extended_statistic.has_value()) {
    return fail(error::invalid_combination("Exactly one of the parameters Statistic and ExtendedStatistic must be specified."));
  }
  TRY_DO(Statistic::parse(request.statistic ? *request.statistic : *request.extended_statistic));
  const int64_t period = *request.period;
  if (period != 10 && period != 20 && period != 30 && period % 60 != 0) {
    return fail(error::invalid_value("The parameter Period must be 10, 20, 30 or a multiple of 60."));
  }
  if (period * *request.evaluation_periods > evaluated_seconds_max) {
    return fail(error::invalid_combination(
        "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."));
  }
  if (request.datapoints_to_alarm.value_or(1) > *request.evaluation_periods) {
    return fail(error::invalid_combination("The parameter DatapointsToAlarm must not be greater than EvaluationPeriods."));
  }
  if (const auto missing = request.treat_missing_data.value_or("missing");
      missing != "missing" && missing != "ignore" && missing != "breaching" && missing != "notBreaching") {
    return fail(error::invalid_value(fmt::format("The value {} for parameter TreatMissingData is not supported.", missing)));
  }
  return {};
}

Result<wire::PutMetricAlarmResponse> put(const wire::PutMetricAlarmRequest& request, const Context& context, Alarms& alarms) {
  TRY_DO(check(request));
  TRY(dimensions, read_dimensions(request.dimensions));
  TRY_DO(alarms.put(
      {.alarm_name = request.alarm_name,
       .alarm_arn = fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", context.region, context.account_id, request.alarm_name),
       .alarm_description = request.alarm_description,
       .actions_enabled = request.actions_enabled.value_or(true),
       .ok_actions = request.ok_actions.value_or(std::vector<std::string>{}),
       .alarm_actions = request.alarm_actions.value_or(std::vector<std::string>{}),
       .insufficient_data_actions = request.insufficient_data_actions.value_or(std::vector<std::string>{}),
       .metric_name = request.metric_name,
       .namespace_ = request.namespace_,
       .statistic = request.statistic,
       .extended_statistic = request.extended_statistic,
       .dimensions = write_dimensions(dimensions),
       .period = request.period,
       .unit = request.unit,
       .evaluation_periods = request.evaluation_periods,
       .datapoints_to_alarm = request.datapoints_to_alarm,
       .threshold = request.threshold,
       .comparison_operator = request.comparison_operator,
       .treat_missing_data = request.treat_missing_data}));
  return wire::PutMetricAlarmResponse{};
}

bool has_action(const Alarm& alarm, std::string_view prefix) {
  for (const auto* actions : {&alarm.ok_actions, &alarm.alarm_actions, &alarm.insufficient_data_actions}) {
    if (*actions && std::ranges::any_of(**actions, [&](const auto& action) { return action.starts_with(prefix); })) return true;
  }
  return false;
}

Result<wire::DescribeAlarmsResponse> describe(const wire::DescribeAlarmsRequest& request, Alarms& alarms) {
  wire::DescribeAlarmsResponse response{.composite_alarms = {{}}, .metric_alarms = {{}}};
  const auto types = request.alarm_types.value_or(std::vector<std::string>{"MetricAlarm"});
  if (std::ranges::find(types, "MetricAlarm") == types.end()) return response;
  const auto limit = static_cast<std::size_t>(request.max_records.value_or(50));
  TRY(all, alarms.list(request.next_token.value_or("")));
  for (auto& alarm : all) {
    const auto& name = *alarm.alarm_name;
    if (request.alarm_names && std::ranges::find(*request.alarm_names, name) == request.alarm_names->end()) continue;
    if (request.alarm_name_prefix && !name.starts_with(*request.alarm_name_prefix)) continue;
    if (request.state_value && alarm.state_value != request.state_value) continue;
    if (request.action_prefix && !has_action(alarm, *request.action_prefix)) continue;
    if (response.metric_alarms->size() == limit) {
      response.next_token = response.metric_alarms->back().alarm_name;
      break;
    }
    response.metric_alarms->push_back(std::move(alarm));
  }
  return response;
}

Result<wire::DescribeAlarmsForMetricResponse> describe_for_metric(const wire::DescribeAlarmsForMetricRequest& request,
                                                                  Alarms& alarms) {
  TRY(dimensions, read_dimensions(request.dimensions));
  wire::DescribeAlarmsForMetricResponse response{.metric_alarms = {{}}};
  TRY(all, alarms.list());
  for (auto& alarm : all) {
    TRY(of_alarm, read_dimensions(alarm.dimensions));
    if (alarm.metric_name != request.metric_name || alarm.namespace_ != request.namespace_ || of_alarm != dimensions) continue;
    if (request.statistic && alarm.statistic != request.statistic) continue;
    if (request.period && alarm.period != request.period) continue;
    if (request.unit && alarm.unit != request.unit) continue;
    response.metric_alarms->push_back(std::move(alarm));
  }
  return response;
}

Error not_found(std::string_view what) { return {"ResourceNotFound", std::string(what), 404}; }

}  // namespace

void add_alarm_operations(aws::Service& service, Alarms& alarms) {
  service.on<wire::PutMetricAlarm>([&](const auto& request, const Context& context) { return put(request, context, alarms); });
  service.on<wire::DescribeAlarms>([&](const auto& request, const Context&) { return describe(request, alarms); });
  service.on<wire::DescribeAlarmsForMetric>(
      [&](const auto& request, const Context&) { return describe_for_metric(request, alarms); });
  service.on<wire::DeleteAlarms>([&](const auto& request, const Context&) -> Result<wire::DeleteAlarmsResponse> {
    TRY(removed, alarms.remove(request.alarm_names));
    if (!removed) return fail(not_found("One or more alarms do not exist; none was deleted."));
    return wire::DeleteAlarmsResponse{};
  });
  service.on<wire::SetAlarmState>([&](const auto& request, const Context&) -> Result<wire::SetAlarmStateResponse> {
    TRY(found, alarms.set_state(request.alarm_name, request.state_value, request.state_reason, request.state_reason_data));
    if (!found) return fail(not_found(fmt::format("The alarm {} does not exist.", request.alarm_name)));
    return wire::SetAlarmStateResponse{};
  });
  service.on<wire::EnableAlarmActions>([&](const auto& request, const Context&) -> Result<wire::EnableAlarmActionsResponse> {
    TRY_DO(alarms.set_actions(request.alarm_names, true));
    return wire::EnableAlarmActionsResponse{};
  });
  service.on<wire::DisableAlarmActions>([&](const auto& request, const Context&) -> Result<wire::DisableAlarmActionsResponse> {
    TRY_DO(alarms.set_actions(request.alarm_names, false));
    return wire::DisableAlarmActionsResponse{};
  });
}

}  // namespace mastic::cloudwatch
