#include "iam/entity_text.h"

#include <nlohmann/json.hpp>

namespace mastic::iam {
namespace {

using Json = nlohmann::json;

Result<Json> parse(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return fail(Error::io("reading IAM's store", "a row is no JSON object"));
  return json;
}

Instant instant(const Json& json, const char* name) { return from_microseconds(json.value(name, int64_t{0})); }

std::optional<std::string> optional_text(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

void put(Json& json, const char* name, const std::optional<std::string>& text) {
  if (text) json[name] = *text;
}

}  // namespace

std::string to_text(const Principal& principal) {
  Json json{{"name", principal.name},
            {"id", principal.id},
            {"path", principal.path},
            {"arn", principal.arn},
            {"created", to_microseconds(principal.created_at)},
            {"tags", principal.tags},
            {"inline", principal.inline_policies},
            {"attached", principal.attached},
            {"trust", principal.trust},
            {"session_seconds", principal.session_seconds_max}};
  if (!principal.groups.empty()) json["groups"] = principal.groups;
  if (!principal.role.empty()) json["role"] = principal.role;
  put(json, "boundary", principal.boundary);
  put(json, "description", principal.description);
  return json.dump();
}

Result<void> from_text(std::string_view text, Principal& principal) {
  TRY(json, parse(text));
  principal = {.name = json.value("name", ""),
               .id = json.value("id", ""),
               .path = json.value("path", ""),
               .arn = json.value("arn", ""),
               .created_at = instant(json, "created"),
               .tags = json.value("tags", Tags{}),
               .inline_policies = json.value("inline", Tags{}),
               .attached = json.value("attached", std::vector<std::string>{}),
               .boundary = optional_text(json, "boundary"),
               .groups = json.value("groups", std::vector<std::string>{}),
               .role = json.value("role", ""),
               .trust = json.value("trust", ""),
               .description = optional_text(json, "description"),
               .session_seconds_max = json.value("session_seconds", 3600)};
  return {};
}

std::string to_text(const ManagedPolicy& policy) {
  Json versions = Json::object();
  for (const auto& [number, version] : policy.versions) {
    versions[std::to_string(number)] = {{"document", version.document}, {"created", to_microseconds(version.created_at)}};
  }
  Json json{{"name", policy.name},
            {"id", policy.id},
            {"path", policy.path},
            {"arn", policy.arn},
            {"created", to_microseconds(policy.created_at)},
            {"updated", to_microseconds(policy.updated_at)},
            {"tags", policy.tags},
            {"default", policy.default_version},
            {"newest", policy.newest_version},
            {"versions", std::move(versions)}};
  put(json, "description", policy.description);
  return json.dump();
}

Result<void> from_text(std::string_view text, ManagedPolicy& policy) {
  TRY(json, parse(text));
  policy = {.name = json.value("name", ""),
            .id = json.value("id", ""),
            .path = json.value("path", ""),
            .arn = json.value("arn", ""),
            .description = optional_text(json, "description"),
            .created_at = instant(json, "created"),
            .updated_at = instant(json, "updated"),
            .tags = json.value("tags", Tags{}),
            .default_version = json.value("default", 1),
            .newest_version = json.value("newest", 1),
            .versions = {}};
  const auto versions = json.value("versions", Json::object());
  for (const auto& [number, version] : versions.items()) {
    policy.versions[std::atoi(number.c_str())] = {version.value("document", ""), instant(version, "created")};
  }
  if (!policy.versions.contains(policy.default_version)) {
    return fail(Error::io("reading IAM's store", "a policy lacks its default version: " + policy.arn));
  }
  return {};
}

std::string to_text(const AccessKey& key) {
  return Json{{"id", key.id},
              {"secret", key.secret},
              {"user", key.user},
              {"active", key.active},
              {"created", to_microseconds(key.created_at)}}
      .dump();
}

Result<void> from_text(std::string_view text, AccessKey& key) {
  TRY(json, parse(text));
  key = {.id = json.value("id", ""),
         .secret = json.value("secret", ""),
         .user = json.value("user", ""),
         .active = json.value("active", true),
         .created_at = instant(json, "created")};
  return {};
}

std::string to_text(const Session& session) {
  Json json{{"key", session.key},
            {"secret", session.secret},
            {"token", session.token},
            {"role", session.role},
            {"name", session.name},
            {"user", session.user},
            {"expires", to_microseconds(session.expires_at)}};
  put(json, "policy", session.policy);
  return json.dump();
}

Result<void> from_text(std::string_view text, Session& session) {
  TRY(json, parse(text));
  session = {.key = json.value("key", ""),
             .secret = json.value("secret", ""),
             .token = json.value("token", ""),
             .role = json.value("role", ""),
             .name = json.value("name", ""),
             .user = json.value("user", ""),
             .policy = optional_text(json, "policy"),
             .expires_at = instant(json, "expires")};
  return {};
}

}  // namespace mastic::iam
