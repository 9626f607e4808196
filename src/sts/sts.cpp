#include "sts/sts.h"

#include <fmt/format.h>

#include "aws/models/sts.h"
#include "aws/service.h"
#include "iam/iam.h"

namespace mastic::sts {
namespace {

namespace wire = aws::sts;
using Context = aws::CallContext;

wire::Credentials describe(const iam::SessionCredentials& session) {
  wire::Credentials credentials;
  credentials.access_key_id = session.access_key;
  credentials.secret_access_key = session.secret;
  credentials.session_token = session.token;
  credentials.expiration = session.expires_at;
  return credentials;
}

Result<wire::GetCallerIdentityResponse> get_identity(const Context& context, const iam::Iam& iam) {
  const auto caller = iam.caller(context.access_key, context.account_id);
  wire::GetCallerIdentityResponse response;
  response.user_id = caller.id;
  response.account = context.account_id;
  response.arn = caller.arn;
  return response;
}

Error not_allowed(const iam::Caller& caller, std::string_view role_arn) {
  return {"AccessDenied",
          fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}", caller.arn, role_arn), 403};
}

Result<wire::AssumeRoleResponse> assume_role(const wire::AssumeRoleRequest& request, const Context& context, iam::Iam& iam,
                                             Options options) {
  const auto caller = iam.caller(context.access_key, context.account_id);
  // The name stands behind the path: arn:aws:iam::ACCOUNT:role/some/path/NAME. AWS tells nobody whether a role exists.
  const auto role = iam.find_role(request.role_arn.substr(request.role_arn.rfind('/') + 1));
  if (!role || role->arn != request.role_arn) return fail(not_allowed(caller, request.role_arn));
  if (options.enforcing && !iam.may_assume(caller, *role, request.external_id)) {
    return fail(not_allowed(caller, request.role_arn));
  }
  const std::chrono::seconds duration{request.duration_seconds.value_or(3600)};
  if (duration > role->session_max) {
    return fail(
        Error{"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400});
  }
  TRY(session,
      iam.start_session(
          {.role = role->name, .name = request.role_session_name, .user = {}, .policy = request.policy, .duration = duration}));
  wire::AssumeRoleResponse response;
  response.credentials = describe(session);
  auto& assumed = response.assumed_role_user.emplace();
  assumed.assumed_role_id = fmt::format("{}:{}", role->id, request.role_session_name);
  assumed.arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", context.account_id, role->name, request.role_session_name);
  if (request.policy) response.packed_policy_size = static_cast<int32_t>(request.policy->size() * 100 / 2048);
  response.source_identity = request.source_identity;
  return response;
}

Result<wire::GetSessionTokenResponse> get_token(const wire::GetSessionTokenRequest& request, const Context& context,
                                                iam::Iam& iam) {
  const auto caller = iam.caller(context.access_key, context.account_id);
  if (caller.kind == iam::Caller::Kind::role) {
    return fail(Error{"AccessDenied", "Cannot call GetSessionToken with session credentials", 403});
  }
  const std::chrono::seconds duration{request.duration_seconds.value_or(43'200)};
  TRY(session, iam.start_session({.role = {}, .name = {}, .user = caller.principal, .policy = {}, .duration = duration}));
  wire::GetSessionTokenResponse response;
  response.credentials = describe(session);
  return response;
}

}  // namespace

aws::Service make_service(iam::Iam& iam, Options options) {
  aws::Service service("sts");
  service.on<wire::GetCallerIdentity>([&iam](const auto&, const Context& context) { return get_identity(context, iam); });
  service.on<wire::AssumeRole>(
      [&iam, options](const auto& request, const Context& context) { return assume_role(request, context, iam, options); });
  service.on<wire::GetSessionToken>(
      [&iam](const auto& request, const Context& context) { return get_token(request, context, iam); });
  service.on<wire::GetAccessKeyInfo>([](const auto&, const Context& context) -> Result<wire::GetAccessKeyInfoResponse> {
    wire::GetAccessKeyInfoResponse response;
    response.account = context.account_id;
    return response;
  });
  return service;
}

}  // namespace mastic::sts
