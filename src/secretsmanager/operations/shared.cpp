#include <algorithm>

#include "base/identifiers.h"
#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {

Result<Secret> find_secret(Store& store, std::string_view id, bool deleted_too) {
  TRY(secret, store.find(id));
  if (!secret) return fail(error::no_secret());
  if (secret->deletion && !deleted_too) return fail(error::marked_for_deletion());
  return std::move(*secret);
}

Result<std::optional<GivenValue>> given_value(const std::optional<std::string>& text, const std::optional<std::string>& bytes) {
  if (text && bytes)
    return fail(error::invalid_parameter("You can't specify both a binary secret value and a string secret value."));
  if (text) return std::optional(GivenValue{false, *text});
  if (bytes) return std::optional(GivenValue{true, *bytes});
  return std::optional<GivenValue>();
}

Result<Entry> change_secret(Store& store, std::string_view id, const std::function<Result<void>(Entry&)>& change,
                            bool deleted_too) {
  TRY(named, find_secret(store, id, deleted_too));
  return store.change(named.name, [&](Entry& entry) -> Result<void> {
    if (entry.secret.deletion && !deleted_too) return fail(error::marked_for_deletion());
    return change(entry);
  });
}

void move_stage(Stages& stages, const std::string& stage, const std::string& id) {
  const auto before = stages.find(stage);
  if (stage == "AWSCURRENT" && before != stages.end() && before->second != id) stages["AWSPREVIOUS"] = before->second;
  stages[stage] = id;
}

std::map<std::string, std::vector<std::string>> labels_of(const Stages& stages) {
  std::map<std::string, std::vector<std::string>> labels;
  for (const auto& [stage, id] : stages) labels[id].push_back(stage);
  return labels;
}

Result<std::string> put_version(Entry& entry, const GivenValue& value, const std::string& token,
                                const std::vector<std::string>& stages, Instant now) {
  const auto id = token.empty() ? random_uuid() : token;
  const auto same = std::ranges::find(entry.versions, id, &Version::id);
  if (same != entry.versions.end()) {
    if (same->value != value.value || same->binary != value.binary) return fail(error::token_in_use(id, entry.secret.arn));
    return id;
  }
  entry.versions.push_back({.id = id, .binary = value.binary, .value = value.value, .created = now, .stages = {}});
  for (const auto& stage : stages) move_stage(entry.stages, stage, id);
  if (!entry.stages.contains("AWSCURRENT")) entry.stages["AWSCURRENT"] = id;
  entry.secret.changed = now;
  return id;
}

Tags tags_of(const std::optional<std::vector<wire::Tag>>& tags) {
  Tags found;
  if (!tags) return found;
  for (const auto& tag : *tags) found[tag.key.value_or("")] = tag.value.value_or("");
  return found;
}

std::vector<wire::Tag> shown_tags(const Tags& tags) {
  std::vector<wire::Tag> shown;
  for (const auto& [key, value] : tags) shown.push_back({.key = key, .value = value});
  return shown;
}

}  // namespace mastic::secretsmanager
