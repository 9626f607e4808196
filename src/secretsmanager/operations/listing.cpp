#include <algorithm>

#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

constexpr int32_t default_page = 100;

/// What a filter looks at; each value is a prefix, `!` before it turns it round.
std::vector<std::string> looked_at(const Secret& secret, std::string_view key) {
  std::vector<std::string> texts;
  const bool all = key == "all";
  if (all || key == "name") texts.push_back(secret.name);
  if (all || key == "description") texts.push_back(secret.description);
  for (const auto& [name, value] : secret.tags) {
    if (all || key == "tag-key") texts.push_back(name);
    if (all || key == "tag-value") texts.push_back(value);
  }
  return texts;
}

bool passes(const Secret& secret, const wire::Filter& filter) {
  const auto texts = looked_at(secret, filter.key.value_or("all"));
  return std::ranges::any_of(filter.values.value_or(std::vector<std::string>{}), [&](std::string_view value) {
    const bool negated = value.starts_with("!");
    if (negated) value.remove_prefix(1);
    return std::ranges::any_of(texts, [&](const auto& text) { return text.starts_with(value); }) != negated;
  });
}

Result<wire::SecretListEntry> shown(const Secret& secret, Store& store) {
  wire::SecretListEntry entry;
  entry.arn = secret.arn;
  entry.name = secret.name;
  if (!secret.description.empty()) entry.description = secret.description;
  if (!secret.kms_key_id.empty()) entry.kms_key_id = secret.kms_key_id;
  entry.last_changed_date = secret.changed;
  entry.created_date = secret.created;
  entry.deleted_date = secret.deletion;
  entry.tags = shown_tags(secret.tags);
  TRY(versions, store.versions(secret.name));
  entry.secret_versions_to_stages.emplace();
  for (const auto& version : versions) {
    if (!version.stages.empty()) {
      entry.secret_versions_to_stages->emplace(version.id, std::vector(version.stages.begin(), version.stages.end()));
    }
  }
  return entry;
}

Result<wire::ListSecretsResponse> list(const wire::ListSecretsRequest& request, Store& store) {
  TRY(secrets, store.all());
  const auto limit = static_cast<size_t>(request.max_results.value_or(default_page));
  const auto after = request.next_token.value_or("");
  wire::ListSecretsResponse answer{.secret_list = std::vector<wire::SecretListEntry>{}};
  for (const auto& secret : secrets) {
    if (secret.name <= after || (secret.deletion && !request.include_planned_deletion.value_or(false))) continue;
    if (request.filters && !std::ranges::all_of(*request.filters, [&](const auto& each) { return passes(secret, each); }))
      continue;
    if (answer.secret_list->size() == limit) {
      answer.next_token = answer.secret_list->back().name;
      break;
    }
    TRY(entry, shown(secret, store));
    answer.secret_list->push_back(std::move(entry));
  }
  return answer;
}

Result<wire::ListSecretVersionIdsResponse> list_versions(const wire::ListSecretVersionIdsRequest& request, Store& store) {
  TRY(secret, find_secret(store, request.secret_id, /*deleted_too=*/true));
  TRY(versions, store.versions(secret.name));
  wire::ListSecretVersionIdsResponse answer{
      .versions = std::vector<wire::SecretVersionsListEntry>{}, .arn = secret.arn, .name = secret.name};
  for (const auto& version : versions) {
    if (version.stages.empty() && !request.include_deprecated.value_or(false)) continue;
    wire::SecretVersionsListEntry entry;
    entry.version_id = version.id;
    entry.version_stages = std::vector(version.stages.begin(), version.stages.end());
    entry.created_date = version.created;
    answer.versions->push_back(std::move(entry));
  }
  return answer;
}

}  // namespace

void add_listing_operations(aws::Service& service, Store& store) {
  service.on<wire::ListSecrets>([&store](const auto& request, const auto&) { return list(request, store); });
  service.on<wire::ListSecretVersionIds>([&store](const auto& request, const auto&) { return list_versions(request, store); });
}

}  // namespace mastic::secretsmanager
