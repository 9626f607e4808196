// AWS::IAM::Policy: one inline policy on several roles and users.
#include <array>
#include <set>

#include "cloudformation/resources/iam_policies.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Groups", On::ignored},
    {"PolicyDocument", On::update, true},
    {"PolicyName", On::update, true},
    {"Roles"},
    {"Users"},
});
constexpr auto kinds = std::to_array<MemberKind>({{"PolicyDocument", Kind::document}});
constexpr TypeTable table{"AWS::IAM::Policy", properties, kinds};

using Holder = std::pair<std::string, std::string>;  // "Role" or "User", and its name

std::set<Holder> holders_of(const Json& properties) {
  std::set<Holder> holders;
  for (const auto& role : as_list(member_of(properties, "Roles"))) holders.emplace("Role", text_of(role));
  for (const auto& user : as_list(member_of(properties, "Users"))) holders.emplace("User", text_of(user));
  return holders;
}

class Policy final : public TabledType {
 public:
  Policy() : TabledType(table) {}

 private:
  static Result<void> put(const ResourceContext& context, const Holder& holder, const Json& given) {
    const Principal principal{holder.first, holder.second};
    auto request = principal.member();
    request["PolicyName"] = text_of(given, "PolicyName");
    request["PolicyDocument"] = text_of(given, "PolicyDocument");
    TRY_DO(call_query(context, "iam", principal.operation("Put", "Policy"), request));
    return {};
  }

  static Result<void> take(const ResourceContext& context, const Holder& holder, const std::string& policy) {
    const Principal principal{holder.first, holder.second};
    auto request = principal.member();
    request["PolicyName"] = policy;
    return unless_gone(call_query(context, "iam", principal.operation("Delete", "Policy"), request), {"NoSuchEntity"});
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto holders = holders_of(given);
    if (holders.empty() && as_list(member_of(given, "Groups")).empty()) {
      return fail(Error{"ValidationError", "At least one of [Groups,Roles,Users] must be non-empty."});
    }
    std::vector<Holder> done;
    for (const auto& holder : holders) {
      if (auto kept = put(context, holder, given); !kept) {
        for (const auto& earlier : done) (void)take(context, earlier, text_of(given, "PolicyName"));
        return fail(std::move(kept).error());
      }
      done.push_back(holder);
    }
    const auto id = generated_name(context, 128);
    return Made{.physical_id = id, .attributes = {{"Id", id}}};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    const auto held = holders_of(before);
    const auto wanted = holders_of(after);
    for (const auto& holder : wanted) TRY_DO(put(context, holder, after));
    const bool renamed = differ(before, after, {"PolicyName"});
    for (const auto& holder : held) {
      if (renamed || !wanted.contains(holder)) TRY_DO(take(context, holder, text_of(before, "PolicyName")));
    }
    return Made{.physical_id = id, .attributes = {{"Id", id}}};
  }

  Result<void> erase(const ResourceContext& context, const std::string&, const Json& given) const override {
    for (const auto& holder : holders_of(given)) TRY_DO(take(context, holder, text_of(given, "PolicyName")));
    return {};
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string&, const Json& given) const override {
    auto found = members_of(given, {"PolicyName"});
    std::map<std::string, Json> names{{"Role", Json::array()}, {"User", Json::array()}};
    for (const auto& holder : holders_of(given)) {
      const Principal principal{holder.first, holder.second};
      auto request = principal.member();
      request["PolicyName"] = text_of(given, "PolicyName");
      const auto answer = call_query(context, "iam", principal.operation("Get", "Policy"), request);
      if (failed_with(answer, "NoSuchEntity")) continue;
      if (!answer) return fail(Error(answer.error()));
      names[holder.first].push_back(holder.second);
      found["PolicyDocument"] = decoded_document(member_of(*answer, "PolicyDocument"));
    }
    if (!found.contains("PolicyDocument")) return std::nullopt;
    if (given.contains("Roles")) found["Roles"] = names["Role"];
    if (given.contains("Users")) found["Users"] = names["User"];
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_policy_type() { return std::make_unique<Policy>(); }

}  // namespace mastic::cloudformation
