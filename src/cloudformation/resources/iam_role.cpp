// AWS::IAM::Role
#include <array>

#include "cloudformation/resources/iam_policies.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"AssumeRolePolicyDocument", On::update, true},
    {"Description"},
    {"ManagedPolicyArns"},
    {"MaxSessionDuration"},
    {"Path", On::replace},
    {"PermissionsBoundary"},
    {"Policies"},
    {"RoleName", On::replace},
    {"Tags"},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"AssumeRolePolicyDocument", Kind::document},
    {"PolicyDocument", Kind::document},
    {"MaxSessionDuration", Kind::integer},
});
constexpr TypeTable table{"AWS::IAM::Role", properties, kinds, "Policies{PolicyDocument,PolicyName},Tags{Key,Value}"};

class Role final : public TabledType {
 public:
  Role() : TabledType(table) {}

 private:
  static Made made(const std::string& name, const Json& role) {
    return {.physical_id = name, .attributes = {{"Arn", text_of(role, "Arn")}, {"RoleId", text_of(role, "RoleId")}}};
  }

  static Result<Json> get(const ResourceContext& context, const std::string& name) {
    TRY(answer, call_query(context, "iam", "GetRole", {{"RoleName", name}}));
    return Json(member_of(answer, "Role"));
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "RoleName", generated_name(context, 64));
    auto request =
        members_of(given, {"AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Path", "PermissionsBoundary"});
    request["RoleName"] = name;
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tag_list(tags);
    TRY(answer, call_query(context, "iam", "CreateRole", request));
    const Principal principal{"Role", name};
    if (auto applied = apply_policies(context, principal, Json::object(), given); !applied) {
      (void)erase(context, name, given);
      return fail(std::move(applied).error());
    }
    return made(name, member_of(answer, "Role"));
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"AssumeRolePolicyDocument"})) {
      TRY_DO(call_query(context, "iam", "UpdateAssumeRolePolicy",
                        {{"RoleName", id}, {"PolicyDocument", member_of(after, "AssumeRolePolicyDocument")}}));
    }
    if (differ(before, after, {"Description", "MaxSessionDuration"})) {
      TRY_DO(call_query(context, "iam", "UpdateRole",
                        {{"RoleName", id},
                         {"Description", text_of(after, "Description")},
                         {"MaxSessionDuration", text_of(after, "MaxSessionDuration", "3600")}}));
    }
    if (differ(before, after, {"PermissionsBoundary"})) {
      const auto boundary = text_of(after, "PermissionsBoundary");
      if (boundary.empty()) {
        TRY_DO(call_query(context, "iam", "DeleteRolePermissionsBoundary", {{"RoleName", id}}));
      } else {
        TRY_DO(call_query(context, "iam", "PutRolePermissionsBoundary", {{"RoleName", id}, {"PermissionsBoundary", boundary}}));
      }
    }
    const Principal principal{"Role", id};
    TRY_DO(apply_policies(context, principal, before, after));
    TRY_DO(apply_principal_tags(context, principal, before, after));
    TRY(role, get(context, id));
    return made(id, role);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY_DO(take_policies_off(context, {"Role", id}, given));
    return unless_gone(call_query(context, "iam", "DeleteRole", {{"RoleName", id}}), {"NoSuchEntity"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto role = get(context, id);
    if (failed_with(role, "NoSuchEntity")) return std::nullopt;
    if (!role) return fail(Error(role.error()));
    auto found = Json::object();
    for (const auto* name : {"Description", "Path", "RoleName", "MaxSessionDuration"}) {
      if (given.contains(name) && role->contains(name)) found[name] = (*role)[name];
    }
    found["AssumeRolePolicyDocument"] = decoded_document(member_of(*role, "AssumeRolePolicyDocument"));
    TRY_DO(read_policies(context, {"Role", id}, given, found));
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_role_type() { return std::make_unique<Role>(); }

}  // namespace mastic::cloudformation
