// AWS::Logs::MetricFilter
#include <array>

#include "cloudformation/resources/monitoring_types.h"
#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"ApplyOnTransformedLogs"},
    {"EmitSystemFieldDimensions"},
    {"FieldSelectionCriteria"},
    {"FilterName", On::replace},
    {"FilterPattern", On::update, true},
    {"LogGroupName", On::replace, true},
    {"MetricTransformations", On::update, true},
});
constexpr auto kinds = std::to_array<MemberKind>({{"DefaultValue", Kind::number}, {"ApplyOnTransformedLogs", Kind::boolean}});
constexpr TypeTable table{
    "AWS::Logs::MetricFilter", properties, kinds,
    "MetricTransformations{DefaultValue,Dimensions{Key,Value},MetricName,MetricNamespace,MetricValue,Unit}"};

std::string lower_first(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

class MetricFilter final : public TabledType {
 public:
  MetricFilter() : TabledType(table) {}

 private:
  /// As the service spells it: small first letters, dimensions as an object.
  static Json request_of(const std::string& name, const Json& given) {
    Json request = {{"filterName", name}};
    for (const auto& [key, value] : given.items()) {
      if (key != "MetricTransformations" && key != "FilterName") request[lower_first(key)] = value;
    }
    auto& transformations = request["metricTransformations"] = Json::array();
    for (const auto& given_one : as_list(member_of(given, "MetricTransformations"))) {
      auto one = Json::object();
      for (const auto& [key, value] : given_one.items()) {
        if (key != "Dimensions") one[lower_first(key)] = value;
      }
      for (const auto& dimension : as_list(member_of(given_one, "Dimensions"))) {
        one["dimensions"][text_of(dimension, "Key")] = text_of(dimension, "Value");
      }
      transformations.push_back(std::move(one));
    }
    return request;
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "FilterName", generated_name(context, 512));
    TRY_DO(call_json(context, "logs", "PutMetricFilter", request_of(name, given)));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    TRY_DO(call_json(context, "logs", "PutMetricFilter", request_of(id, after)));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const Json request = {{"logGroupName", text_of(given, "LogGroupName")}, {"filterName", id}};
    return unless_gone(call_json(context, "logs", "DeleteMetricFilter", request), {"ResourceNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const Json request = {{"logGroupName", text_of(given, "LogGroupName")}, {"filterNamePrefix", id}};
    const auto answer = call_json(context, "logs", "DescribeMetricFilters", request);
    if (!answer) {
      if (answer.error().code == "ResourceNotFoundException") return std::nullopt;
      return fail(Error(answer.error()));
    }
    for (const auto& filter : as_list(member_of(*answer, "metricFilters"))) {
      if (text_of(filter, "filterName") != id) continue;
      auto found = given;
      found["FilterPattern"] = text_of(filter, "filterPattern");
      if (filter["metricTransformations"] != request_of(id, given)["metricTransformations"]) {
        found["MetricTransformations"] = filter["metricTransformations"];
      }
      return std::optional<Json>(std::move(found));
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<ResourceType> metric_filter_type() { return std::make_unique<MetricFilter>(); }

}  // namespace mastic::cloudformation
