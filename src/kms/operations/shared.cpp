#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/identifiers.h"
#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr std::size_t tag_limit = 50;
constexpr int32_t managed_rotation_days = 365;

constexpr auto managed = std::to_array<std::string_view>({
    "alias/aws/acm",      "alias/aws/backup", "alias/aws/dynamodb",
    "alias/aws/ebs",      "alias/aws/ecr",    "alias/aws/elasticfilesystem",
    "alias/aws/es",       "alias/aws/glue",   "alias/aws/kafka",
    "alias/aws/kinesis",  "alias/aws/lambda", "alias/aws/rds",
    "alias/aws/redshift", "alias/aws/s3",     "alias/aws/secretsmanager",
    "alias/aws/sns",      "alias/aws/sqs",    "alias/aws/ssm",
    "alias/aws/xray",
});

bool is_id(std::string_view text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

/// What an ARN of this account and Region names: `key/…` or `alias/…`.
Result<std::string> resource_of(const aws::CallContext& context, const std::string& arn) {
  const auto prefix = fmt::format("arn:aws:kms:{}:{}:", context.region, context.account_id);
  if (arn.starts_with(prefix)) return arn.substr(prefix.size());
  if (!arn.starts_with("arn:aws:kms:") || std::ranges::count(arn, ':') < 5) return fail(error::invalid_arn(arn));
  return fail(error::no_key(arn));  // of another account or Region
}

/// The managed key of an alias comes into being when it is first named.
Result<std::string> managed_key(const Desk& desk, const aws::CallContext& context, const std::string& alias) {
  const auto now = desk.clock.now();
  const auto service = alias.substr(alias.rfind('/') + 1);
  Key key{
      .id = random_uuid(),
      .description = fmt::format("Default key that protects my {} data when no other key is defined", service),
      .policy = fmt::format(
          R"({{"Version":"2012-10-17","Id":"auto-{0}","Statement":[{{"Sid":"Allow the account's principals","Effect":"Allow",)"
          R"("Principal":{{"AWS":"arn:aws:iam::{1}:root"}},"Action":"kms:*","Resource":"*"}}]}})",
          service, context.account_id),
      .managed_by_aws = true,
      .created = now,
      .deletion = std::nullopt,
      .rotation_days = managed_rotation_days,
      .next_rotation = now + std::chrono::days(managed_rotation_days),
      .tags = {}};
  return desk.store.find_or_insert(key, alias);
}

Result<std::string> alias_target(const Desk& desk, const aws::CallContext& context, const std::string& name) {
  TRY(alias, desk.store.find_alias(name));
  if (alias) return alias->key_id;
  if (is_managed_alias(name)) return managed_key(desk, context, name);
  return fail(error::no_alias(alias_arn(context, name)));
}

/// The id that a key's name of any form stands for; that key need not exist.
Result<std::string> id_of(const Desk& desk, const aws::CallContext& context, const std::string& given, bool aliases) {
  std::string name = given;
  if (given.starts_with("arn:")) {
    TRY(resource, resource_of(context, given));
    name = resource.starts_with("key/") ? resource.substr(4) : resource;
  }
  if (name.starts_with("alias/")) {
    if (!aliases) return fail(error::invalid_key_id(given));
    return alias_target(desk, context, name);
  }
  if (!is_id(name)) return fail(error::invalid_key_id(given));
  return name;
}

}  // namespace

std::string key_arn(const aws::CallContext& context, std::string_view id) {
  return fmt::format("arn:aws:kms:{}:{}:key/{}", context.region, context.account_id, id);
}

std::string alias_arn(const aws::CallContext& context, std::string_view name) {
  return fmt::format("arn:aws:kms:{}:{}:{}", context.region, context.account_id, name);
}

std::span<const std::string_view> managed_aliases() { return managed; }
bool is_managed_alias(std::string_view name) { return std::ranges::find(managed, name) != managed.end(); }

Result<Key> find_key(const Desk& desk, const aws::CallContext& context, const std::string& given, bool aliases) {
  TRY(id, id_of(desk, context, given, aliases));
  TRY(key, desk.store.find(id));
  if (!key) return fail(error::no_key(key_arn(context, id)));
  return std::move(*key);
}

Result<void> check_usable(const Key& key, const aws::CallContext& context) {
  if (key.deletion) return fail(error::pending_deletion(key_arn(context, key.id)));
  if (!key.enabled) return fail(error::disabled(key_arn(context, key.id)));
  return {};
}

Result<Key> find_usable_key(const Desk& desk, const aws::CallContext& context, const std::string& given) {
  TRY(key, find_key(desk, context, given, /*aliases=*/true));
  TRY_DO(check_usable(key, context));
  return std::move(key);
}

Result<Key> change_key(const Desk& desk, const aws::CallContext& context, const std::string& given,
                       const std::function<Result<void>(Key&)>& change, bool pending) {
  TRY(id, id_of(desk, context, given, /*aliases=*/false));
  const auto arn = key_arn(context, id);
  TRY(changed, desk.store.change(id, [&](Key& key) -> Result<void> {
    if (key.managed_by_aws) return fail(error::managed_by_aws(arn));
    if (key.deletion && !pending) return fail(error::pending_deletion(arn));
    return change(key);
  }));
  if (!changed) return fail(error::no_key(arn));
  return std::move(*changed);
}

Result<void> add_tags(Tags& tags, const std::vector<wire::Tag>& given) {
  for (const auto& tag : given) {
    if (tag.tag_key.starts_with("aws:")) return fail(error::tag("Tag keys that begin with aws: belong to AWS: " + tag.tag_key));
    tags[tag.tag_key] = tag.tag_value;
  }
  if (tags.size() > tag_limit) return fail(error::limit("A key has at most 50 tags."));
  return {};
}

Result<std::string> encrypt_under(const Desk& desk, const Key& key, std::string_view plain,
                                  const std::optional<EncryptionContext>& context) {
  TRY(material, desk.store.material(key.id, key.material));
  if (!material) return fail(Error::internal("a key has no material: " + key.id));
  return encrypt({.key_id = key.id, .material = key.material}, *material, plain, context.value_or(EncryptionContext{}));
}

Result<void> check_tokens(const std::optional<std::vector<std::string>>& tokens) {
  if (tokens && !tokens->empty()) return fail(error::invalid_grant_token());
  return {};
}

}  // namespace mastic::kms
