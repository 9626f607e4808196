#include <string_view>

#include "base/sealing.h"
#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

/// Six random letters and digits, so that a new secret of an old name has an ARN of its own.
Result<std::string> arn_suffix() {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  TRY(random, random_bytes(6));
  std::string suffix;
  for (const char each : random) suffix += letters[static_cast<unsigned char>(each) % letters.size()];
  return suffix;
}

Result<wire::CreateSecretResponse> create(const wire::CreateSecretRequest& request, const aws::CallContext& context,
                                          Store& store, const Clock& clock) {
  if (request.add_replica_regions && !request.add_replica_regions->empty()) {
    return fail(error::invalid_parameter("Replication to other Regions is not supported."));
  }
  TRY(value, given_value(request.secret_string, request.secret_binary));
  TRY(before, store.find(request.name));
  if (before && before->deletion) return fail(error::name_in_deletion());
  const auto token = request.client_request_token.value_or("");
  if (before) {
    // The same request again, as a client repeats it: the secret that it made.
    if (!value || token.empty()) return fail(error::exists(request.name));
    TRY(versions, store.versions(request.name));
    for (const auto& version : versions) {
      if (version.id == token && version.value == value->value && version.binary == value->binary) {
        return wire::CreateSecretResponse{.arn = before->arn, .name = before->name, .version_id = token};
      }
    }
    return fail(error::exists(request.name));
  }
  TRY(suffix, arn_suffix());
  const Secret secret{
      .name = request.name,
      .arn = "arn:aws:secretsmanager:" + context.region + ":" + context.account_id + ":secret:" + request.name + "-" + suffix,
      .description = request.description.value_or(""),
      .kms_key_id = request.kms_key_id.value_or(""),
      .policy = "",
      .created = clock.now(),
      .changed = clock.now(),
      .deletion = std::nullopt,
      .tags = tags_of(request.tags)};
  TRY_DO(store.insert(secret));
  wire::CreateSecretResponse answer{.arn = secret.arn, .name = secret.name};
  if (value) {
    TRY(id, put_version(store, secret, *value, token, {"AWSCURRENT"}, clock.now()));
    answer.version_id = id;
  }
  return answer;
}

Result<wire::UpdateSecretResponse> update(const wire::UpdateSecretRequest& request, Store& store, const Clock& clock) {
  TRY(value, given_value(request.secret_string, request.secret_binary));
  TRY(secret, find_secret(store, request.secret_id));
  if (request.description) secret.description = *request.description;
  if (request.kms_key_id) secret.kms_key_id = *request.kms_key_id;
  secret.changed = clock.now();
  TRY_DO(store.update(secret));
  wire::UpdateSecretResponse answer{.arn = secret.arn, .name = secret.name};
  if (value) {
    TRY(id, put_version(store, secret, *value, request.client_request_token.value_or(""), {"AWSCURRENT"}, clock.now()));
    answer.version_id = id;
  }
  return answer;
}

Result<wire::DescribeSecretResponse> describe(const wire::DescribeSecretRequest& request, Store& store) {
  TRY(secret, find_secret(store, request.secret_id, /*deleted_too=*/true));
  wire::DescribeSecretResponse answer;
  answer.arn = secret.arn;
  answer.name = secret.name;
  if (!secret.description.empty()) answer.description = secret.description;
  if (!secret.kms_key_id.empty()) answer.kms_key_id = secret.kms_key_id;
  answer.last_changed_date = secret.changed;
  answer.created_date = secret.created;
  answer.deleted_date = secret.deletion;
  answer.tags = shown_tags(secret.tags);
  TRY(versions, store.versions(secret.name));
  answer.version_ids_to_stages.emplace();
  for (const auto& version : versions) {
    if (!version.stages.empty())
      answer.version_ids_to_stages->emplace(version.id, std::vector(version.stages.begin(), version.stages.end()));
  }
  return answer;
}

}  // namespace

void add_secret_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::CreateSecret>(
      [&store, &clock](const auto& request, const auto& context) { return create(request, context, store, clock); });
  service.on<wire::UpdateSecret>([&store, &clock](const auto& request, const auto&) { return update(request, store, clock); });
  service.on<wire::DescribeSecret>([&store](const auto& request, const auto&) { return describe(request, store); });
}

}  // namespace mastic::secretsmanager
