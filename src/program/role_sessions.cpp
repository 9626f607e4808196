#include "program/role_sessions.h"

#include <fmt/format.h>

#include "base/log.h"

namespace mastic::program {
namespace {

/// How long a stack's operation may take; a session that is left over goes then.
constexpr std::chrono::hours stack_lifetime{12};

std::string_view name_of(std::string_view role) { return role.substr(role.rfind('/') + 1); }

}  // namespace

std::string RoleSessions::arn_of(std::string_view role) const {
  if (role.starts_with("arn:")) return std::string(role);
  if (const auto found = iam_.find_role(name_of(role))) return found->arn;
  return fmt::format("arn:aws:iam::{}:role/{}", aws::CallContext{}.account_id, role);
}

bool RoleSessions::may_run_as(std::string_view role) const {
  const auto found = iam_.find_role(name_of(role));
  if (!found || (role.starts_with("arn:") && found->arn != role)) return false;
  return iam_.trusts_service(*found, "glue.amazonaws.com");
}

Result<glue::Roles::Session> RoleSessions::start(std::string_view role, std::string_view session_name,
                                                 std::chrono::seconds lifetime, const std::optional<std::string>& policy) {
  const auto found = iam_.find_role(name_of(role));
  if (!found) return fail(Error::internal(fmt::format("A session was asked for of a role that is not there: {}", role)));
  TRY(session,
      iam_.start_session(
          {.role = found->name, .name = std::string(session_name), .user = {}, .policy = policy, .duration = lifetime}));
  return Session{.access_key = session.access_key, .secret = session.secret, .token = session.token};
}

void RoleSessions::end(std::string_view access_key) {
  if (access_key.empty()) return;
  if (const auto ended = iam_.end_session(access_key); !ended) {
    log::warn("iam", "a session could not be ended; it expires: {}", ended.error().message);
  }
}

Result<void> RoleSessions::permit(std::string_view access_key, std::string_view action, std::string_view resource) const {
  aws::CallContext context;
  context.access_key = access_key;
  return authorizer_.permit(context, action, resource);
}

Result<std::string> RoleSessions::act_for_stack(const aws::CallContext& caller, const std::string& role_arn) {
  iam::SessionRequest request{.role = {}, .name = {}, .user = {}, .policy = {}, .duration = stack_lifetime};
  if (role_arn.empty()) {
    const auto known = iam_.caller(caller.access_key, caller.account_id);
    if (known.kind == iam::Caller::Kind::account) return std::string();
    (known.kind == iam::Caller::Kind::role ? request.role : request.user) = known.principal;
    request.name = known.session;
    request.policy = known.session_policy;
  } else {
    const auto role = iam_.find_role(name_of(role_arn));
    if (!role || role->arn != role_arn || !iam_.trusts_service(*role, "cloudformation.amazonaws.com")) {
      return fail(Error{"ValidationError", fmt::format("Role {} is invalid or cannot be assumed", role_arn), 400});
    }
    request.role = role->name;
    request.name = "AWSCloudFormation";
  }
  TRY(session, iam_.start_session(request));
  return session.access_key;
}

}  // namespace mastic::program
