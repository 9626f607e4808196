// AWS::IAM::User and AWS::IAM::AccessKey
#include <array>

#include "cloudformation/resources/iam_policies.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto user_properties = std::to_array<Property>({
    {"Groups", On::ignored},
    {"LoginProfile", On::ignored},
    {"ManagedPolicyArns"},
    {"Path"},
    {"PermissionsBoundary", On::ignored},
    {"Policies"},
    {"Tags"},
    {"UserName", On::replace},
});
constexpr auto user_kinds = std::to_array<MemberKind>({{"PolicyDocument", Kind::document}});
constexpr TypeTable user_table{"AWS::IAM::User", user_properties, user_kinds,
                               "Policies{PolicyDocument,PolicyName},Tags{Key,Value}"};

class User final : public TabledType {
 public:
  User() : TabledType(user_table) {}

 private:
  static Result<Json> get(const ResourceContext& context, const std::string& name) {
    TRY(answer, call_query(context, "iam", "GetUser", {{"UserName", name}}));
    return Json(member_of(answer, "User"));
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "UserName", generated_name(context, 64));
    auto request = members_of(given, {"Path"});
    request["UserName"] = name;
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tag_list(tags);
    TRY(answer, call_query(context, "iam", "CreateUser", request));
    if (auto applied = apply_policies(context, {"User", name}, Json::object(), given); !applied) {
      (void)erase(context, name, given);
      return fail(std::move(applied).error());
    }
    return Made{.physical_id = name, .attributes = {{"Arn", text_of(member_of(answer, "User"), "Arn")}}};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"Path"})) {
      TRY_DO(call_query(context, "iam", "UpdateUser", {{"UserName", id}, {"NewPath", text_of(after, "Path", "/")}}));
    }
    const Principal principal{"User", id};
    TRY_DO(apply_policies(context, principal, before, after));
    TRY_DO(apply_principal_tags(context, principal, before, after));
    TRY(user, get(context, id));
    return Made{.physical_id = id, .attributes = {{"Arn", text_of(user, "Arn")}}};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY_DO(take_policies_off(context, {"User", id}, given));
    return unless_gone(call_query(context, "iam", "DeleteUser", {{"UserName", id}}), {"NoSuchEntity"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto user = get(context, id);
    if (failed_with(user, "NoSuchEntity")) return std::nullopt;
    if (!user) return fail(Error(user.error()));
    auto found = Json::object();
    if (given.contains("UserName")) found["UserName"] = id;
    if (given.contains("Path")) found["Path"] = text_of(*user, "Path");
    TRY_DO(read_policies(context, {"User", id}, given, found));
    return std::optional<Json>(std::move(found));
  }
};

constexpr auto key_properties = std::to_array<Property>({
    {"Serial", On::replace},
    {"Status"},
    {"UserName", On::replace, true},
});
constexpr TypeTable key_table{"AWS::IAM::AccessKey", key_properties, {}};

class AccessKey final : public TabledType {
 public:
  AccessKey() : TabledType(key_table) {}

 private:
  static Result<void> set_status(const ResourceContext& context, const std::string& id, const Json& given) {
    TRY_DO(call_query(
        context, "iam", "UpdateAccessKey",
        {{"UserName", text_of(given, "UserName")}, {"AccessKeyId", id}, {"Status", text_of(given, "Status", "Active")}}));
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    TRY(answer, call_query(context, "iam", "CreateAccessKey", {{"UserName", text_of(given, "UserName")}}));
    const auto& key = member_of(answer, "AccessKey");
    const auto id = text_of(key, "AccessKeyId");
    if (given.contains("Status")) {
      if (auto set = set_status(context, id, given); !set) {
        (void)erase(context, id, given);
        return fail(std::move(set).error());
      }
    }
    return Made{.physical_id = id, .attributes = {{"SecretAccessKey", text_of(key, "SecretAccessKey")}}};
  }

  // The secret is told once: whoever keeps the attributes keeps the earlier ones where an update gives none.
  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    TRY_DO(set_status(context, id, after));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    return unless_gone(
        call_query(context, "iam", "DeleteAccessKey", {{"UserName", text_of(given, "UserName")}, {"AccessKeyId", id}}),
        {"NoSuchEntity"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_query(context, "iam", "ListAccessKeys", {{"UserName", text_of(given, "UserName")}});
    if (failed_with(answer, "NoSuchEntity")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    for (const auto& key : as_list(member_of(*answer, "AccessKeyMetadata"))) {
      if (text_of(key, "AccessKeyId") != id) continue;
      auto found = members_of(given, {"Serial", "UserName"});
      if (given.contains("Status")) found["Status"] = text_of(key, "Status");
      return std::optional<Json>(std::move(found));
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_user_type() { return std::make_unique<User>(); }
std::unique_ptr<ResourceType> iam_access_key_type() { return std::make_unique<AccessKey>(); }

}  // namespace mastic::cloudformation
