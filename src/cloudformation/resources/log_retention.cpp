// Custom::LogRetention, which CDK's `logRetention` puts beside a function: sets the retention of a log group that the
// function's own runs make, and makes it when it is not there.
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"LogGroupName", On::update, true},
    {"LogGroupRegion"},
    {"RemovalPolicy"},
    {"RetentionInDays"},
    {"SdkRetry", On::ignored},
    {"ServiceToken", On::replace, true},
    {"Tags", On::ignored},
});
constexpr auto kinds = std::to_array<MemberKind>({{"RetentionInDays", Kind::integer}});
constexpr TypeTable table{"Custom::LogRetention", properties, kinds};

class LogRetention final : public TabledType {
 public:
  LogRetention() : TabledType(table) {}

 private:
  /// Creation and update are the same: the group is there, with this retention or none.
  static Result<Made> set(const ResourceContext& context, const Json& given) {
    const auto name = text_of(given, "LogGroupName");
    if (const auto region = text_of(given, "LogGroupRegion", context.region); region != context.region) {
      return fail(Error{"ValidationError", "LogGroupRegion must be the stack's own Region, not " + region});
    }
    TRY_DO(unless_gone(call_json(context, "logs", "CreateLogGroup", {{"logGroupName", name}}),
                       {"ResourceAlreadyExistsException"}));
    if (given.contains("RetentionInDays")) {
      TRY_DO(call_json(context, "logs", "PutRetentionPolicy",
                       {{"logGroupName", name}, {"retentionInDays", given["RetentionInDays"]}}));
    } else {
      TRY_DO(call_json(context, "logs", "DeleteRetentionPolicy", {{"logGroupName", name}}));
    }
    return Made{.physical_id = name, .attributes = {{"LogGroupName", name}}};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override { return set(context, given); }

  // The group of another name stays, as CDK's own provider leaves it.
  Result<Made> change(const ResourceContext& context, const std::string&, const Json&, const Json& after) const override {
    return set(context, after);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    if (text_of(given, "RemovalPolicy") != "destroy") return {};
    return unless_gone(call_json(context, "logs", "DeleteLogGroup", {{"logGroupName", id}}), {"ResourceNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY(answer, call_json(context, "logs", "DescribeLogGroups", {{"logGroupNamePrefix", id}}));
    for (const auto& group : as_list(member_of(answer, "logGroups"))) {
      if (text_of(group, "logGroupName") != id) continue;
      auto found = members_of(given, {"LogGroupName", "LogGroupRegion", "RemovalPolicy", "ServiceToken"});
      if (group.contains("retentionInDays")) found["RetentionInDays"] = group["retentionInDays"];
      return std::optional<Json>(std::move(found));
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<ResourceType> log_retention_type() { return std::make_unique<LogRetention>(); }

}  // namespace mastic::cloudformation
