#include "iam/errors.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

constexpr auto kind = Store::Kind::access_key;
constexpr std::size_t keys_a_user_max = 2;

/// The named user, else the caller; the account's own keys are the operator's business.
Result<std::string> user_of(const std::optional<std::string>& name, const Context& context, const Store& store) {
  const auto asked = name.value_or(calling_user(store, context));
  if (asked.empty()) return fail(error::validation("Must specify userName when calling with non-User credentials"));
  TRY(user, require_principal(store, Store::Kind::user, asked));
  return user->name;
}

std::vector<std::shared_ptr<const AccessKey>> keys_of(const Store& store, const std::string& user) {
  auto keys = store.list<AccessKey>(kind);
  std::erase_if(keys, [&](const auto& key) { return key->user != user; });
  return keys;
}

Result<wire::CreateAccessKeyResponse> create_key(const wire::CreateAccessKeyRequest& request, const Context& context,
                                                 House house) {
  TRY(user, user_of(request.user_name, context, house.store));
  if (keys_of(house.store, user).size() >= keys_a_user_max) {
    return fail(error::limit_exceeded("Cannot exceed quota for AccessKeysPerUser: 2"));
  }
  AccessKey key{.id = make_identifier("AKIA", 20), .secret = make_secret(), .user = user, .created_at = house.clock.now()};
  TRY_DO(house.store.create(kind, key));
  wire::CreateAccessKeyResponse response;
  response.access_key.user_name = user;
  response.access_key.access_key_id = key.id;
  response.access_key.secret_access_key = key.secret;
  response.access_key.status = "Active";
  response.access_key.create_date = key.created_at;
  return response;
}

Result<wire::DeleteAccessKeyResponse> delete_key(const wire::DeleteAccessKeyRequest& request, const Context& context,
                                                 House house) {
  TRY(user, user_of(request.user_name, context, house.store));
  const auto key = house.store.find<AccessKey>(kind, request.access_key_id);
  if (!key || key->user != user) return fail(error::no_such_access_key(request.access_key_id));
  TRY_DO(house.store.remove(kind, request.access_key_id));
  return wire::DeleteAccessKeyResponse{};
}

Result<wire::ListAccessKeysResponse> list_keys(const wire::ListAccessKeysRequest& request, const Context& context,
                                               House house) {
  TRY(user, user_of(request.user_name, context, house.store));
  wire::ListAccessKeysResponse response;
  for (const auto& key : take_page(keys_of(house.store, user), request.marker, request.max_items, response,
                                   [](const auto& one) { return one->id; })) {
    auto& described = response.access_key_metadata.emplace_back();
    described.user_name = key->user;
    described.access_key_id = key->id;
    described.status = key->active ? "Active" : "Inactive";
    described.create_date = key->created_at;
  }
  return response;
}

Result<wire::UpdateAccessKeyResponse> update_key(const wire::UpdateAccessKeyRequest& request, const Context& context,
                                                 House house) {
  TRY(user, user_of(request.user_name, context, house.store));
  TRY(changed, house.store.change<AccessKey>(kind, request.access_key_id, [&](AccessKey& key) -> Result<void> {
    if (key.user != user) return fail(error::no_such_access_key(request.access_key_id));
    key.active = request.status == "Active";
    return {};
  }));
  if (!changed) return fail(error::no_such_access_key(request.access_key_id));
  return wire::UpdateAccessKeyResponse{};
}

/// Uses are not written down: AWS's answer for a key that was never used.
Result<wire::GetAccessKeyLastUsedResponse> last_used(const wire::GetAccessKeyLastUsedRequest& request, const Context&,
                                                     House house) {
  const auto key = house.store.find<AccessKey>(kind, request.access_key_id);
  if (!key) return fail(error::no_such_access_key(request.access_key_id));
  wire::GetAccessKeyLastUsedResponse response;
  response.user_name = key->user;
  auto& used = response.access_key_last_used.emplace();
  used.service_name = "N/A";
  used.region = "N/A";
  return response;
}

}  // namespace

void add_access_key_operations(aws::Service& service, House house) {
  service.on<wire::CreateAccessKey>([=](const auto& request, const Context& c) { return create_key(request, c, house); });
  service.on<wire::DeleteAccessKey>([=](const auto& request, const Context& c) { return delete_key(request, c, house); });
  service.on<wire::ListAccessKeys>([=](const auto& request, const Context& c) { return list_keys(request, c, house); });
  service.on<wire::UpdateAccessKey>([=](const auto& request, const Context& c) { return update_key(request, c, house); });
  service.on<wire::GetAccessKeyLastUsed>([=](const auto& request, const Context& c) { return last_used(request, c, house); });
}

}  // namespace mastic::iam
