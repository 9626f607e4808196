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

std::map<std::string, std::string> stages_of(const std::vector<Version>& versions) {
  std::map<std::string, std::string> stages;
  for (const auto& version : versions) {
    for (const auto& stage : version.stages) stages[stage] = version.id;
  }
  return stages;
}

void move_stage(std::map<std::string, std::string>& stages, const std::string& stage, const std::string& id) {
  const auto before = stages.find(stage);
  if (stage == "AWSCURRENT" && before != stages.end() && before->second != id) stages["AWSPREVIOUS"] = before->second;
  stages[stage] = id;
}

Result<std::string> put_version(Store& store, const Secret& secret, const GivenValue& value, const std::string& token,
                                const std::vector<std::string>& stages, Instant now) {
  const auto id = token.empty() ? random_uuid() : token;
  TRY(versions, store.versions(secret.name));
  const auto same = std::ranges::find(versions, id, &Version::id);
  if (same != versions.end()) {
    if (same->value != value.value || same->binary != value.binary) return fail(error::token_in_use(id, secret.arn));
    return id;
  }
  auto all = stages_of(versions);
  for (const auto& stage : stages) move_stage(all, stage, id);
  if (!all.contains("AWSCURRENT")) all["AWSCURRENT"] = id;
  TRY_DO(store.add_version(secret.name, {.id = id, .binary = value.binary, .value = value.value, .created = now, .stages = {}},
                           all));
  auto changed = secret;
  changed.changed = now;
  TRY_DO(store.update(changed));
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
