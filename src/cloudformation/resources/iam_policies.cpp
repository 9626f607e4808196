#include "cloudformation/resources/iam_policies.h"

#include <fmt/format.h>

#include <set>

#include "aws/node.h"

namespace mastic::cloudformation {
namespace {

Json with(Json request, std::string_view member, const Json& value) {
  request[std::string(member)] = value;
  return request;
}

std::map<std::string, std::string> inline_policies(const Json& properties) {
  std::map<std::string, std::string> policies;
  for (const auto& policy : as_list(member_of(properties, "Policies"))) {
    policies[text_of(policy, "PolicyName")] = text_of(policy, "PolicyDocument");
  }
  return policies;
}

std::set<std::string> attached_arns(const Json& properties) {
  std::set<std::string> arns;
  for (const auto& arn : as_list(member_of(properties, "ManagedPolicyArns"))) arns.insert(text_of(arn));
  return arns;
}

}  // namespace

std::string Principal::operation(std::string_view verb, std::string_view noun) const {
  return fmt::format("{}{}{}", verb, kind, noun);
}

Result<void> apply_policies(const ResourceContext& context, const Principal& principal, const Json& before, const Json& after) {
  const auto held = inline_policies(before);
  const auto wanted = inline_policies(after);
  for (const auto& [name, document] : wanted) {
    if (const auto found = held.find(name); found != held.end() && found->second == document) continue;
    TRY_DO(call_query(context, "iam", principal.operation("Put", "Policy"),
                      with(with(principal.member(), "PolicyName", name), "PolicyDocument", document)));
  }
  for (const auto& [name, document] : held) {
    if (wanted.contains(name)) continue;
    TRY_DO(unless_gone(
        call_query(context, "iam", principal.operation("Delete", "Policy"), with(principal.member(), "PolicyName", name)),
        {"NoSuchEntity"}));
  }
  const auto held_arns = attached_arns(before);
  const auto wanted_arns = attached_arns(after);
  for (const auto& arn : wanted_arns) {
    if (held_arns.contains(arn)) continue;
    TRY_DO(call_query(context, "iam", principal.operation("Attach", "Policy"), with(principal.member(), "PolicyArn", arn)));
  }
  for (const auto& arn : held_arns) {
    if (wanted_arns.contains(arn)) continue;
    TRY_DO(unless_gone(
        call_query(context, "iam", principal.operation("Detach", "Policy"), with(principal.member(), "PolicyArn", arn)),
        {"NoSuchEntity"}));
  }
  return {};
}

Result<void> apply_principal_tags(const ResourceContext& context, const Principal& principal, const Json& before,
                                  const Json& after) {
  const auto tags = tags_of(context, member_of(after, "Tags"));
  const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
  if (!gone.empty()) {
    TRY_DO(call_query(context, "iam", principal.operation("Untag", ""), with(principal.member(), "TagKeys", gone)));
  }
  if (!tags.empty()) {
    TRY_DO(call_query(context, "iam", principal.operation("Tag", ""), with(principal.member(), "Tags", tag_list(tags))));
  }
  return {};
}

Result<void> take_policies_off(const ResourceContext& context, const Principal& principal, const Json& given) {
  // Only what the template put on: a policy that somebody else attached makes IAM refuse the deletion (DeleteConflict).
  const auto off = apply_policies(context, principal, given, Json::object());
  return unless_gone(off, {"NoSuchEntity"});
}

Json decoded_document(const Json& text) {
  auto parsed = Json::parse(aws::percent_decode(text_of(text), false), nullptr, false);
  return parsed.is_discarded() ? text : parsed;
}

Result<void> read_policies(const ResourceContext& context, const Principal& principal, const Json& given, Json& into) {
  if (given.contains("ManagedPolicyArns")) {
    TRY(answer, call_query(context, "iam", fmt::format("ListAttached{}Policies", principal.kind), principal.member()));
    auto arns = Json::array();
    for (const auto& one : as_list(member_of(answer, "AttachedPolicies"))) arns.push_back(text_of(one, "PolicyArn"));
    into["ManagedPolicyArns"] = arns;
  }
  if (!given.contains("Policies")) return {};
  auto policies = Json::array();
  // Policies that other resources (AWS::IAM::Policy) put on the principal are not this one's.
  for (const auto& [name, document] : inline_policies(given)) {
    const auto answer =
        call_query(context, "iam", principal.operation("Get", "Policy"), with(principal.member(), "PolicyName", name));
    if (failed_with(answer, "NoSuchEntity")) continue;
    if (!answer) return fail(Error(answer.error()));
    policies.push_back({{"PolicyName", name}, {"PolicyDocument", decoded_document(member_of(*answer, "PolicyDocument"))}});
  }
  into["Policies"] = policies;
  return {};
}

}  // namespace mastic::cloudformation
