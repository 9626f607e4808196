#include "iam/iam.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/encoding.h"
#include "aws/service.h"
#include "iam/decider.h"
#include "iam/operations/operations.h"
#include "iam/store.h"

namespace mastic::iam {

using Kind = Store::Kind;

namespace {

constexpr std::string_view session_prefix = "ASIA";
constexpr std::size_t key_length = 20;

bool is_session_key(std::string_view access_key) {
  return access_key.size() == key_length && access_key.starts_with(session_prefix);
}

}  // namespace

Iam::Iam(std::unique_ptr<Store> store, const Clock& clock)
    : store_(std::move(store)), decider_(std::make_unique<Decider>(*store_)), clock_(clock) {}
Iam::~Iam() = default;

Result<std::unique_ptr<Iam>> Iam::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder));
  TRY_DO(store->remove_sessions_before(clock.now()));
  return std::unique_ptr<Iam>(new Iam(std::move(store), clock));
}

aws::Service Iam::make_service() {
  aws::Service service("iam");
  const House house{*store_, clock_, *decider_};
  add_user_operations(service, house);
  add_access_key_operations(service, house);
  add_group_operations(service, house);
  add_role_operations(service, house);
  add_instance_profile_operations(service, house);
  add_simulation_operations(service, house);
  add_tag_operations(service, house);
  add_inline_policy_operations(service, house);
  add_attachment_operations(service, house);
  add_policy_operations(service, house);
  add_policy_version_operations(service, house);
  add_account_operations(service, house);
  return service;
}

std::optional<aws::SecretKey> Iam::find(std::string_view access_key) const {
  if (const auto key = store_->find<AccessKey>(Kind::access_key, access_key)) {
    if (!key->active) return std::nullopt;
    return aws::SecretKey{.secret = key->secret, .session_token = {}, .expires_at = {}, .account_id = {}};
  }
  if (const auto session = store_->find<Session>(Kind::session, access_key)) {
    return aws::SecretKey{
        .secret = session->secret, .session_token = session->token, .expires_at = session->expires_at, .account_id = {}};
  }
  return std::nullopt;
}

Caller Iam::caller(std::string_view access_key, std::string_view account_id) const {
  std::string user;
  std::optional<std::string> limit;
  if (const auto key = store_->find<AccessKey>(Kind::access_key, access_key)) user = key->user;
  if (const auto session = store_->find<Session>(Kind::session, access_key)) {
    user = session->user;
    limit = session->policy;
    if (!session->role.empty()) {
      const auto role = store_->find<Principal>(Kind::role, lower_case(session->role));
      return {.kind = Caller::Kind::role,
              .arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account_id, session->role, session->name),
              .id = fmt::format("{}:{}", role ? role->id : "AROA", session->name),
              .principal = session->role,
              .session = session->name,
              .role_arn = role ? role->arn : fmt::format("arn:aws:iam::{}:role/{}", account_id, session->role),
              .account_id = std::string(account_id),
              .session_policy = session->policy};
    }
  } else if (is_session_key(access_key)) {
    // It has ended. Who asks in its name (a stack's operation that went on for long) must not become the account.
    return {.kind = Caller::Kind::role,
            .arn = fmt::format("arn:aws:sts::{}:assumed-role/-/{}", account_id, access_key),
            .id = "AROA",
            .principal = {},
            .session = std::string(access_key),
            .role_arn = {},
            .account_id = std::string(account_id),
            .session_policy = {}};
  }
  if (!user.empty()) {
    const auto found = store_->find<Principal>(Kind::user, lower_case(user));
    // A session outlives its user; it must not turn into the account's.
    return {.kind = Caller::Kind::user,
            .arn = found ? found->arn : fmt::format("arn:aws:iam::{}:user/{}", account_id, user),
            .id = found ? found->id : "AIDA",
            .principal = found ? found->name : user,
            .session = {},
            .role_arn = {},
            .account_id = std::string(account_id),
            .session_policy = std::move(limit)};
  }
  return {.kind = Caller::Kind::account,
          .arn = fmt::format("arn:aws:iam::{}:root", account_id),
          .id = std::string(account_id),
          .principal = {},
          .session = {},
          .role_arn = {},
          .account_id = std::string(account_id),
          .session_policy = {}};
}

std::optional<RoleFacts> Iam::find_role(std::string_view name) const {
  const auto role = store_->find<Principal>(Kind::role, lower_case(name));
  if (!role) return std::nullopt;
  return RoleFacts{.name = role->name,
                   .arn = role->arn,
                   .id = role->id,
                   .trust = role->trust,
                   .session_max = std::chrono::seconds{role->session_seconds_max}};
}

Result<SessionCredentials> Iam::start_session(const SessionRequest& request) {
  const auto now = clock_.now();
  TRY_DO(store_->remove_sessions_before(now));
  Session session{.key = make_identifier(session_prefix, key_length),
                  .secret = make_secret(),
                  .token = aws::to_base64(make_secret() + make_secret() + make_secret()),
                  .role = request.role,
                  .name = request.name,
                  .user = request.user,
                  .policy = request.policy,
                  .expires_at = now + request.duration};
  TRY_DO(store_->create(Kind::session, session));
  return SessionCredentials{
      .access_key = session.key, .secret = session.secret, .token = session.token, .expires_at = session.expires_at};
}

Result<void> Iam::end_session(std::string_view access_key) { return store_->remove(Kind::session, access_key); }

void Iam::consult(const Resources& resources) { decider_->consult(resources); }

const Resources* Iam::resources() const { return decider_->resources(); }

bool Iam::consults(std::string_view service) const {
  constexpr std::array<std::string_view, 5> with_policies{"s3", "glue", "secretsmanager", "kms", "ecr"};
  return decider_->resources() != nullptr && std::ranges::find(with_policies, service) != with_policies.end();
}

bool Iam::may_assume(const Caller& caller, const RoleFacts& role, const std::optional<std::string>& external_id) const {
  const auto trust = policy::parse_document(role.trust, policy::Kind::trust);
  if (!trust) return false;
  policy::Keys keys{{"aws:principalarn", {caller.role_arn.empty() ? caller.arn : caller.role_arn}},
                    {"aws:userid", {caller.id}}};
  if (external_id) keys["sts:externalid"] = {*external_id};
  if (caller.kind == Caller::Kind::user) keys["aws:username"] = {caller.principal};
  std::vector<std::string> arns{caller.arn};
  if (caller.kind == Caller::Kind::role) {
    if (const auto own = find_role(caller.principal)) arns.push_back(own->arn);
  }
  const auto account_id = std::string_view(role.arn).substr(13, 12);  // arn:aws:iam::ACCOUNT:role/…
  const policy::Asker asker{.arns = arns, .account_id = account_id, .service = {}};
  const policy::Question question{.action = "sts:assumerole", .resource = role.arn, .keys = keys, .asker = &asker};
  const auto outcome = policy::evaluate(*trust, question);
  if (outcome == policy::Outcome::allowed) return true;
  if (outcome != policy::Outcome::delegated) return false;
  return !decider_->refusal(caller, "sts:AssumeRole", role.arn, std::move(keys));
}

bool Iam::trusts_service(const RoleFacts& role, std::string_view service) const {
  const auto trust = policy::parse_document(role.trust, policy::Kind::trust);
  const policy::Keys keys;
  const policy::Asker asker{.arns = {}, .account_id = {}, .service = service};
  return trust && policy::evaluate(*trust, {.action = "sts:assumerole", .resource = role.arn, .keys = keys, .asker = &asker}) ==
                      policy::Outcome::allowed;
}

std::optional<std::string> Iam::refusal(const Caller& caller, std::string_view action, std::string_view resource,
                                        std::map<std::string, std::vector<std::string>, std::less<>> keys) const {
  return decider_->refusal(caller, action, resource, std::move(keys));
}

std::vector<TaggedResource> Iam::tagged_resources() const {
  std::vector<TaggedResource> resources;
  for (const auto kind : {Kind::user, Kind::role, Kind::instance_profile}) {
    for (const auto& one : store_->list<Principal>(kind)) resources.push_back({one->arn, one->tags});
  }
  for (const auto& one : store_->list<ManagedPolicy>(Kind::policy)) resources.push_back({one->arn, one->tags});
  return resources;
}

}  // namespace mastic::iam
