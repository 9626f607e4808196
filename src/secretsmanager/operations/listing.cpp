#include <algorithm>
#include <charconv>
#include <functional>

#include "secretsmanager/errors.h"
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
  TRY(stages, store.stages(secret.name));
  entry.secret_versions_to_stages = labels_of(stages);
  return entry;
}

/// What a list is sorted by: names, or dates with names where dates are the same.
using Place = std::pair<int64_t, std::string>;

Result<std::function<Place(const Secret&)>> place_of(const wire::ListSecretsRequest& request) {
  const auto by = request.sort_by.value_or("created-date");
  if (by == "name") return [](const Secret& secret) { return Place(0, secret.name); };
  if (by == "created-date") return [](const Secret& secret) { return Place(to_microseconds(secret.created), secret.name); };
  if (by == "last-changed-date")
    return [](const Secret& secret) { return Place(to_microseconds(secret.changed), secret.name); };
  return fail(error::invalid_parameter("When a secret was read last is not kept: SortBy " + by + " is not supported."));
}

/// A token is the place of the last one seen: `MICROSECONDS:NAME`.
Result<std::optional<Place>> place_in(const std::optional<std::string>& token) {
  if (!token) return std::optional<Place>();
  int64_t number = 0;
  const auto colon = token->find(':');
  const auto* const end = token->data() + std::min(colon, token->size());
  const auto [read, failure] = std::from_chars(token->data(), end, number);
  if (colon == std::string::npos || failure != std::errc() || read != end) {
    return fail(Error{"InvalidNextTokenException", "The NextToken value is invalid."});
  }
  return std::optional(Place(number, token->substr(colon + 1)));
}

Result<wire::ListSecretsResponse> list(const wire::ListSecretsRequest& request, Store& store) {
  TRY(place, place_of(request));
  TRY(after, place_in(request.next_token));
  TRY(secrets, store.all());
  const bool descending = request.sort_order.value_or("asc") == "desc";
  const auto before = [&](const Place& a, const Place& b) { return descending ? b < a : a < b; };
  std::ranges::sort(secrets, before, place);
  const auto limit = static_cast<size_t>(request.max_results.value_or(default_page));
  wire::ListSecretsResponse answer{.secret_list = std::vector<wire::SecretListEntry>{}};
  Place last;
  for (const auto& secret : secrets) {
    if (after && !before(*after, place(secret))) continue;
    if (secret.deletion && !request.include_planned_deletion.value_or(false)) continue;
    if (request.filters && !std::ranges::all_of(*request.filters, [&](const auto& each) { return passes(secret, each); }))
      continue;
    if (answer.secret_list->size() == limit) {
      answer.next_token = std::to_string(last.first) + ":" + last.second;
      break;
    }
    TRY(entry, shown(secret, store));
    answer.secret_list->push_back(std::move(entry));
    last = place(secret);
  }
  return answer;
}

Result<wire::ListSecretVersionIdsResponse> list_versions(const wire::ListSecretVersionIdsRequest& request, Store& store) {
  TRY(secret, find_secret(store, request.secret_id, /*deleted_too=*/true));
  TRY(versions, store.versions(secret.name));
  const auto limit = static_cast<size_t>(request.max_results.value_or(default_page));
  // A token is the last version seen.
  bool reached = !request.next_token;
  wire::ListSecretVersionIdsResponse answer{
      .versions = std::vector<wire::SecretVersionsListEntry>{}, .arn = secret.arn, .name = secret.name};
  for (const auto& version : versions) {
    if (!reached) {
      reached = version.id == *request.next_token;
      continue;
    }
    if (version.stages.empty() && !request.include_deprecated.value_or(false)) continue;
    if (answer.versions->size() == limit) {
      answer.next_token = answer.versions->back().version_id;
      break;
    }
    wire::SecretVersionsListEntry entry;
    entry.version_id = version.id;
    entry.version_stages = std::vector(version.stages.begin(), version.stages.end());
    entry.created_date = version.created;
    answer.versions->push_back(std::move(entry));
  }
  if (!reached) return fail(Error{"InvalidNextTokenException", "The NextToken value is invalid."});
  return answer;
}

}  // namespace

void add_listing_operations(aws::Service& service, Store& store) {
  service.on<wire::ListSecrets>([&store](const auto& request, const auto&) { return list(request, store); });
  service.on<wire::ListSecretVersionIds>([&store](const auto& request, const auto&) { return list_versions(request, store); });
}

}  // namespace mastic::secretsmanager
