// AWS::Logs::LogGroup
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"BearerTokenAuthenticationEnabled", On::ignored},
    {"DataProtectionPolicy", On::ignored},
    {"DeletionProtectionEnabled", On::ignored},
    {"FieldIndexPolicies", On::ignored},
    {"KmsKeyId", On::ignored},
    {"LogGroupClass", On::ignored},
    {"LogGroupName", On::replace},
    {"ResourcePolicyDocument", On::ignored},
    {"RetentionInDays"},
    {"Tags"},
});
constexpr auto kinds = std::to_array<MemberKind>({{"RetentionInDays", Kind::integer}});
constexpr TypeTable table{"AWS::Logs::LogGroup", properties, kinds, "Tags{Key,Value}"};

class LogGroup final : public TabledType {
 public:
  LogGroup() : TabledType(table) {}

 private:
  static Made made(const ResourceContext& context, const std::string& name) {
    return {.physical_id = name, .attributes = {{"Arn", arn_of(context, "logs", "log-group:" + name + ":*")}}};
  }

  static Result<void> set_retention(const ResourceContext& context, const std::string& name, const Json& before,
                                    const Json& after) {
    if (!differ(before, after, {"RetentionInDays"})) return {};
    if (!after.contains("RetentionInDays")) {
      TRY_DO(call_json(context, "logs", "DeleteRetentionPolicy", {{"logGroupName", name}}));
      return {};
    }
    TRY_DO(call_json(context, "logs", "PutRetentionPolicy",
                     {{"logGroupName", name}, {"retentionInDays", after["RetentionInDays"]}}));
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "LogGroupName", generated_name(context, 512));
    Json request = {{"logGroupName", name}};
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["tags"] = tags;
    TRY_DO(call_json(context, "logs", "CreateLogGroup", request));
    if (auto set = set_retention(context, name, Json::object(), given); !set) {
      (void)call_json(context, "logs", "DeleteLogGroup", {{"logGroupName", name}});
      return fail(std::move(set).error());
    }
    return made(context, name);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    TRY_DO(set_retention(context, id, before, after));
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    const auto arn = arn_of(context, "logs", "log-group:" + id);
    if (!gone.empty()) TRY_DO(call_json(context, "logs", "UntagResource", {{"resourceArn", arn}, {"tagKeys", gone}}));
    if (!tags.empty()) TRY_DO(call_json(context, "logs", "TagResource", {{"resourceArn", arn}, {"tags", tags}}));
    return made(context, id);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "logs", "DeleteLogGroup", {{"logGroupName", id}}), {"ResourceNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY(answer, call_json(context, "logs", "DescribeLogGroups", {{"logGroupNamePrefix", id}}));
    for (const auto& group : as_list(member_of(answer, "logGroups"))) {
      if (text_of(group, "logGroupName") != id) continue;
      auto found = Json::object();
      if (given.contains("LogGroupName")) found["LogGroupName"] = id;
      if (group.contains("retentionInDays")) found["RetentionInDays"] = group["retentionInDays"];
      if (given.contains("Tags")) {
        const Json request = {{"resourceArn", arn_of(context, "logs", "log-group:" + id)}};
        TRY(listed, call_json(context, "logs", "ListTagsForResource", request));
        std::map<std::string, std::string> tags;
        for (const auto& [key, value] : member_of(listed, "tags").items()) tags[key] = text_of(value);
        found["Tags"] = tags_found(context, given["Tags"], tags);
      }
      return std::optional<Json>(std::move(found));
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<ResourceType> log_group_type() { return std::make_unique<LogGroup>(); }

}  // namespace mastic::cloudformation
