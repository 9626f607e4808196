#include "iam/authorize/authorizer.h"

#include <fmt/format.h>

#include "aws/call_origin.h"
#include "aws/encoding.h"
#include "iam/authorize/needs.h"
#include "iam/authorize/request_texts.h"
#include "iam/iam.h"

namespace mastic::iam {
namespace {

/// The ARN that a role has, which may hold a path that its name does not tell.
void complete_role(const Iam& iam, Need& need) {
  constexpr std::string_view mark = ":role/";
  const auto at = need.resource.find(mark);
  if (!need.action.starts_with("iam:") || at == std::string::npos) return;
  const auto name = std::string_view(need.resource).substr(need.resource.rfind('/') + 1);
  if (const auto role = iam.find_role(name)) need.resource = role->arn;
}

Error denied(bool json, const Caller& caller, std::string_view action, std::string_view resource, std::string_view reason) {
  if (caller.kind == Caller::Kind::anonymous) return {"AccessDenied", "Access Denied", 403};
  return {json ? "AccessDeniedException" : "AccessDenied",
          fmt::format("User: {} is not authorized to perform: {} on resource: {} {}", caller.arn, action, resource, reason),
          json ? 400 : 403};
}

Caller caller_of(const Iam& iam, const aws::CallContext& context, const aws::CallOrigin& origin) {
  if (!origin.anonymous) return iam.caller(context.access_key, context.account_id);
  Caller nobody;
  nobody.kind = Caller::Kind::anonymous;
  return nobody;
}

/// IAM's own keys: what a role or user is limited to, and what is attached.
void add_iam_keys(RequestTexts& texts, policy::Keys& keys) {
  if (auto boundary = texts.at("PermissionsBoundary"); !boundary.empty()) keys["iam:permissionsboundary"] = std::move(boundary);
  if (auto policy = texts.at("PolicyArn"); !policy.empty()) keys["iam:policyarn"] = std::move(policy);
}

}  // namespace

policy::Keys Authorizer::common_keys(const aws::CallContext& context, const aws::CallOrigin& origin) const {
  const auto now = clock_.now();
  policy::Keys keys;
  keys["aws:requestedregion"] = {context.region};
  // There is but one account here.
  for (const auto* key : {"aws:resourceaccount", "s3:resourceaccount", "kms:calleraccount"}) keys[key] = {context.account_id};
  keys["aws:currenttime"] = {aws::to_iso_time(now, false)};
  keys["aws:epochtime"] = {fmt::format("{}", to_microseconds(now) / 1'000'000)};
  keys["aws:securetransport"] = {origin.is_private ? "true" : "false"};
  if (!origin.address.empty()) keys["aws:sourceip"] = {origin.address};
  if (!origin.called_via.empty()) {
    keys["aws:calledvia"] = {origin.called_via};
    keys["aws:calledviafirst"] = {origin.called_via};
    keys["aws:calledvialast"] = {origin.called_via};
  }
  keys["aws:viaawsservice"] = {origin.called_via.empty() ? "false" : "true"};
  return keys;
}

Result<void> Authorizer::authorise(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                                   const aws::CallContext& context, const aws::CallOrigin& origin) const {
  const auto caller = caller_of(iam_, context, origin);
  const bool json = service.model()->protocol == aws::Protocol::json;
  // Nothing but a resource's own policy can keep the account from anything.
  if (caller.kind == Caller::Kind::account && !iam_.consults(service.name())) return {};
  RequestTexts texts(service, call);
  auto needs = needs_of(service, operation, call, context, texts);
  if (needs.empty()) return {};
  auto common = common_keys(context, origin);
  if (const auto agent = call.header("user-agent")) common["aws:useragent"] = {std::string(*agent)};
  if (const auto referer = call.header("referer")) common["aws:referer"] = {std::string(*referer)};
  texts.add_tags(common);
  if (service.name() == "iam") add_iam_keys(texts, common);
  for (auto& need : needs) {
    complete_role(iam_, need);
    if (iam_.resources() != nullptr) iam_.resources()->complete(need.resource);
    need.keys.insert(common.begin(), common.end());
    const auto reason = iam_.refusal(caller, need.action, need.resource, std::move(need.keys));
    if (reason) return fail(denied(json, caller, need.action, need.resource, *reason));
  }
  return {};
}

Result<void> Authorizer::permit(const aws::CallContext& context, std::string_view action, std::string_view resource,
                                policy::Keys keys) const {
  const aws::CallOrigin within;
  const auto caller = caller_of(iam_, context, within);
  const auto service = action.substr(0, action.find(':'));
  if (caller.kind == Caller::Kind::account && !iam_.consults(service)) return {};
  keys.merge(common_keys(context, within));
  const auto reason = iam_.refusal(caller, action, resource, std::move(keys));
  if (reason) return fail(denied(service != "s3", caller, action, resource, *reason));
  return {};
}

}  // namespace mastic::iam
