#include "iam/authorize/authorizer.h"

#include <fmt/format.h>

#include "aws/encoding.h"
#include "iam/authorize/needs.h"
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

Error denied(const aws::Service& service, std::string message) {
  const bool json = service.model()->protocol == aws::Protocol::json;
  return {json ? "AccessDeniedException" : "AccessDenied", std::move(message), json ? 400 : 403};
}

}  // namespace

Result<void> Authorizer::authorise(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                                   const aws::CallContext& context) const {
  const auto caller = iam_.caller(context.access_key, context.account_id);
  if (caller.kind == Caller::Kind::account) return {};
  for (auto& need : needs_of(service, operation, call, context)) {
    complete_role(iam_, need);
    need.keys["aws:requestedregion"] = {context.region};
    if (const auto agent = call.header("user-agent")) need.keys["aws:useragent"] = {std::string(*agent)};
    need.keys["aws:securetransport"] = {"false"};
    const auto reason = iam_.refusal(context.access_key, context.account_id, need.action, need.resource, need.keys);
    if (!reason) continue;
    return fail(denied(service, fmt::format("User: {} is not authorized to perform: {} on resource: {} {}", caller.arn,
                                            need.action, need.resource, *reason)));
  }
  return {};
}

}  // namespace mastic::iam
