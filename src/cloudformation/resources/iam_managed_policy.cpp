// AWS::IAM::ManagedPolicy
#include <array>
#include <set>

#include "cloudformation/resources/iam_policies.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Description", On::replace},
    {"Groups", On::ignored},
    {"ManagedPolicyName", On::replace},
    {"Path", On::replace},
    {"PolicyDocument", On::update, true},
    {"Roles"},
    {"Users"},
});
constexpr auto kinds = std::to_array<MemberKind>({{"PolicyDocument", Kind::document}});
constexpr TypeTable table{"AWS::IAM::ManagedPolicy", properties, kinds};

/// IAM keeps five versions of a policy.
constexpr std::size_t versions_max = 5;

class ManagedPolicy final : public TabledType {
 public:
  ManagedPolicy() : TabledType(table) {}

 private:
  static Made made(const std::string& arn, const Json& policy) {
    return {.physical_id = arn, .attributes = {{"PolicyArn", arn}, {"PolicyId", text_of(policy, "PolicyId")}}};
  }

  static Result<void> attach(const ResourceContext& context, const std::string& arn, const Json& before, const Json& after) {
    constexpr std::pair<std::string_view, std::string_view> lists[] = {{"Roles", "Role"}, {"Users", "User"}};
    for (const auto& [list, kind] : lists) {
      const auto names = [&](const Json& properties) {
        std::set<std::string> all;
        for (const auto& name : as_list(member_of(properties, list))) all.insert(text_of(name));
        return all;
      };
      const auto held = names(before);
      const auto wanted = names(after);
      const auto call = [&](std::string_view verb, const std::string& name) {
        const Principal principal{kind, name};
        auto request = principal.member();
        request["PolicyArn"] = arn;
        return call_query(context, "iam", principal.operation(verb, "Policy"), request);
      };
      for (const auto& name : wanted) {
        if (!held.contains(name)) TRY_DO(call("Attach", name));
      }
      for (const auto& name : held) {
        if (!wanted.contains(name)) TRY_DO(unless_gone(call("Detach", name), {"NoSuchEntity"}));
      }
    }
    return {};
  }

  static Result<Json> versions(const ResourceContext& context, const std::string& arn) {
    TRY(answer, call_query(context, "iam", "ListPolicyVersions", {{"PolicyArn", arn}}));
    return as_list(member_of(answer, "Versions"));
  }

  static Result<void> delete_version(const ResourceContext& context, const std::string& arn, const Json& version) {
    TRY_DO(
        call_query(context, "iam", "DeletePolicyVersion", {{"PolicyArn", arn}, {"VersionId", text_of(version, "VersionId")}}));
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto request = members_of(given, {"Description", "Path", "PolicyDocument"});
    request["PolicyName"] = text_of(given, "ManagedPolicyName", generated_name(context, 128));
    TRY(answer, call_query(context, "iam", "CreatePolicy", request));
    const auto& policy = member_of(answer, "Policy");
    const auto arn = text_of(policy, "Arn");
    if (auto attached = attach(context, arn, Json::object(), given); !attached) {
      (void)erase(context, arn, given);
      return fail(std::move(attached).error());
    }
    return made(arn, policy);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"PolicyDocument"})) {
      TRY(held, versions(context, id));
      if (held.size() >= versions_max) {
        // The list begins with the newest.
        for (auto oldest = held.rbegin(); oldest != held.rend(); ++oldest) {
          if (is_true(*oldest, "IsDefaultVersion")) continue;
          TRY_DO(delete_version(context, id, *oldest));
          break;
        }
      }
      TRY_DO(call_query(context, "iam", "CreatePolicyVersion",
                        {{"PolicyArn", id}, {"PolicyDocument", text_of(after, "PolicyDocument")}, {"SetAsDefault", "true"}}));
    }
    TRY_DO(attach(context, id, before, after));
    TRY(answer, call_query(context, "iam", "GetPolicy", {{"PolicyArn", id}}));
    return made(id, member_of(answer, "Policy"));
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY_DO(unless_gone(attach(context, id, given, Json::object()), {"NoSuchEntity"}));
    const auto held = versions(context, id);
    if (failed_with(held, "NoSuchEntity")) return {};
    if (!held) return fail(Error(held.error()));
    for (const auto& version : *held) {
      if (!is_true(version, "IsDefaultVersion")) TRY_DO(unless_gone(delete_version(context, id, version), {"NoSuchEntity"}));
    }
    return unless_gone(call_query(context, "iam", "DeletePolicy", {{"PolicyArn", id}}), {"NoSuchEntity"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_query(context, "iam", "GetPolicy", {{"PolicyArn", id}});
    if (failed_with(answer, "NoSuchEntity")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    const auto& policy = member_of(*answer, "Policy");
    TRY(version, call_query(context, "iam", "GetPolicyVersion",
                            {{"PolicyArn", id}, {"VersionId", text_of(policy, "DefaultVersionId")}}));
    auto found = Json::object();
    found["PolicyDocument"] = decoded_document(member_of(member_of(version, "PolicyVersion"), "Document"));
    if (given.contains("ManagedPolicyName")) found["ManagedPolicyName"] = text_of(policy, "PolicyName");
    if (given.contains("Path")) found["Path"] = text_of(policy, "Path");
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_managed_policy_type() { return std::make_unique<ManagedPolicy>(); }

}  // namespace mastic::cloudformation
