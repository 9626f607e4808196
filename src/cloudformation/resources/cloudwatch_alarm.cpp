// AWS::CloudWatch::Alarm
#include <array>

#include "cloudformation/resources/monitoring_types.h"
#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"ActionsEnabled"},
    {"AlarmActions"},
    {"AlarmDescription"},
    {"AlarmName", On::replace},
    {"ComparisonOperator", On::update, true},
    {"DatapointsToAlarm"},
    {"Dimensions"},
    {"EvaluateLowSampleCountPercentile", On::ignored},
    {"EvaluationPeriods", On::update, true},
    {"ExtendedStatistic"},
    {"InsufficientDataActions"},
    {"MetricName"},
    {"Metrics"},
    {"Namespace"},
    {"OKActions"},
    {"Period"},
    {"Statistic"},
    {"Tags", On::ignored},
    {"Threshold"},
    {"ThresholdMetricId"},
    {"TreatMissingData"},
    {"Unit"},
});
constexpr auto kinds = std::to_array<MemberKind>({{"ActionsEnabled", Kind::boolean},
                                                  {"DatapointsToAlarm", Kind::integer},
                                                  {"EvaluationPeriods", Kind::integer},
                                                  {"Period", Kind::integer},
                                                  {"Threshold", Kind::number}});
constexpr TypeTable table{"AWS::CloudWatch::Alarm", properties, kinds, "Dimensions{Name,Value}"};

class CloudWatchAlarm final : public TabledType {
 public:
  CloudWatchAlarm() : TabledType(table) {}

 private:
  static Result<Made> put(const ResourceContext& context, const std::string& name, const Json& given) {
    auto request = given;
    request["AlarmName"] = name;
    TRY_DO(call_json(context, "cloudwatch", "PutMetricAlarm", request));
    return Made{.physical_id = name, .attributes = {{"Arn", arn_of(context, "cloudwatch", "alarm:" + name)}}};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    return put(context, text_of(given, "AlarmName", generated_name(context, 255)), given);
  }
  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    return put(context, id, after);
  }
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "cloudwatch", "DeleteAlarms", {{"AlarmNames", {id}}}), {"ResourceNotFound"});
  }
  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY(answer, call_json(context, "cloudwatch", "DescribeAlarms", {{"AlarmNames", {id}}}));
    const auto alarms = as_list(member_of(answer, "MetricAlarms"));
    if (alarms.empty()) return std::nullopt;
    auto found = Json::object();
    for (const auto& [name, value] : given.items()) {
      if (alarms.front().contains(name)) found[name] = alarms.front()[name];
    }
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> cloudwatch_alarm_type() { return std::make_unique<CloudWatchAlarm>(); }

}  // namespace mastic::cloudformation
