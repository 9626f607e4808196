#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr int32_t default_page = 50;
constexpr std::string_view prefix = "alias/";

Result<void> check_name(const std::string& name) {
  if (!name.starts_with(prefix) || name.size() == prefix.size()) return fail(Error::invalid("Invalid identifier"));
  if (name.find(':') != std::string::npos) return fail(Error::invalid(name + " contains invalid characters for an alias"));
  if (name.starts_with("alias/aws/")) return fail(error::reserved_alias());
  return {};
}

/// The key that an alias is to name: the customer's own, not about to go.
Result<Key> target(const Desk& desk, const aws::CallContext& context, const std::string& given) {
  TRY(key, find_key(desk, context, given, /*aliases=*/false));
  if (key.managed_by_aws) return fail(error::managed_by_aws(key_arn(context, key.id)));
  if (key.deletion) return fail(error::pending_deletion(key_arn(context, key.id)));
  return std::move(key);
}

Result<wire::CreateAlias::Response> create(const wire::CreateAliasRequest& request, const aws::CallContext& context,
                                           const Desk& desk) {
  TRY_DO(check_name(request.alias_name));
  TRY(key, target(desk, context, request.target_key_id));
  const auto now = desk.clock.now();
  TRY(added, desk.store.insert_alias({.name = request.alias_name, .key_id = key.id, .created = now, .updated = now}));
  if (!added) return fail(error::alias_exists(alias_arn(context, request.alias_name)));
  return wire::CreateAlias::Response{};
}

Result<wire::UpdateAlias::Response> update(const wire::UpdateAliasRequest& request, const aws::CallContext& context,
                                           const Desk& desk) {
  TRY_DO(check_name(request.alias_name));
  TRY(key, target(desk, context, request.target_key_id));
  TRY(moved, desk.store.move_alias(request.alias_name, key.id, desk.clock.now()));
  if (!moved) return fail(error::no_alias(alias_arn(context, request.alias_name)));
  return wire::UpdateAlias::Response{};
}

Result<wire::DeleteAlias::Response> erase(const wire::DeleteAliasRequest& request, const aws::CallContext& context,
                                          const Desk& desk) {
  TRY_DO(check_name(request.alias_name));
  TRY(erased, desk.store.erase_alias(request.alias_name));
  if (!erased) return fail(error::no_alias(alias_arn(context, request.alias_name)));
  return wire::DeleteAlias::Response{};
}

wire::AliasListEntry shown(const Alias& alias, const aws::CallContext& context) {
  wire::AliasListEntry entry;
  entry.alias_name = alias.name;
  entry.alias_arn = alias_arn(context, alias.name);
  if (alias.key_id.empty()) return entry;  // AWS's own, which no one has named yet
  entry.target_key_id = alias.key_id;
  entry.creation_date = alias.created;
  entry.last_updated_date = alias.updated;
  return entry;
}

Result<wire::ListAliasesResponse> list(const wire::ListAliasesRequest& request, const aws::CallContext& context,
                                       const Desk& desk) {
  std::map<std::string, Alias> all;
  if (!request.key_id) {
    for (const auto name : managed_aliases()) {
      all[std::string(name)] = {.name = std::string(name), .key_id = "", .created = {}, .updated = {}};
    }
  }
  std::optional<Key> key;
  if (request.key_id) {
    TRY(found, find_key(desk, context, *request.key_id, /*aliases=*/false));
    key = std::move(found);
  }
  TRY(made, desk.store.aliases());
  for (auto& alias : made) {
    if (!key || alias.key_id == key->id) all[alias.name] = alias;
  }
  std::vector<Alias> sorted;
  for (auto& [name, alias] : all) sorted.push_back(std::move(alias));
  auto [page, next] =
      page_of(sorted, [](const Alias& alias) { return alias.name; }, request.marker, request.limit.value_or(default_page));
  wire::ListAliasesResponse answer{
      .aliases = std::vector<wire::AliasListEntry>{}, .next_marker = next, .truncated = next.has_value()};
  for (const auto& alias : page) answer.aliases->push_back(shown(alias, context));
  return answer;
}

}  // namespace

void add_alias_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::CreateAlias>([desk](const auto& request, const auto& context) { return create(request, context, desk); });
  service.on<wire::UpdateAlias>([desk](const auto& request, const auto& context) { return update(request, context, desk); });
  service.on<wire::DeleteAlias>([desk](const auto& request, const auto& context) { return erase(request, context, desk); });
  service.on<wire::ListAliases>([desk](const auto& request, const auto& context) { return list(request, context, desk); });
}

}  // namespace mastic::kms
