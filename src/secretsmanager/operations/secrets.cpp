#include <string_view>

#include "base/identifiers.h"
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

Result<void> check_supported(const wire::CreateSecretRequest& request) {
  if (request.add_replica_regions && !request.add_replica_regions->empty()) {
    return fail(error::invalid_parameter("Replication to other Regions is not supported: AddReplicaRegions."));
  }
  if (request.force_overwrite_replica_secret.value_or(false)) {
    return fail(error::invalid_parameter("Replication to other Regions is not supported: ForceOverwriteReplicaSecret."));
  }
  if (request.type) return fail(error::invalid_parameter("Managed external secrets are not supported: Type."));
  if (request.cross_account_primary_arn) {
    return fail(error::invalid_parameter("Secrets of other accounts are not supported: CrossAccountPrimaryARN."));
  }
  return {};
}

/// The secret that the same request made before, as a client repeats it; else ResourceExistsException.
Result<wire::CreateSecretResponse> repeated(const Secret& before, const std::optional<GivenValue>& value,
                                            const std::string& token, Store& store) {
  if (before.deletion) return fail(error::name_in_deletion());
  if (!value || token.empty()) return fail(error::exists(before.name));
  TRY(versions, store.versions(before.name));
  for (const auto& version : versions) {
    if (version.id == token && version.value == value->value && version.binary == value->binary) {
      return wire::CreateSecretResponse{.arn = before.arn, .name = before.name, .version_id = token};
    }
  }
  return fail(error::exists(before.name));
}

Result<wire::CreateSecretResponse> create(const wire::CreateSecretRequest& request, const aws::CallContext& context,
                                          Store& store, const Clock& clock) {
  TRY_DO(check_supported(request));
  TRY(value, given_value(request.secret_string, request.secret_binary));
  const auto token = request.client_request_token.value_or("");
  TRY(before, store.find(request.name));
  if (before) return repeated(*before, value, token, store);
  TRY(suffix, arn_suffix());
  const auto now = clock.now();
  const Secret secret{
      .name = request.name,
      .arn = "arn:aws:secretsmanager:" + context.region + ":" + context.account_id + ":secret:" + request.name + "-" + suffix,
      .description = request.description.value_or(""),
      .kms_key_id = request.kms_key_id.value_or(""),
      .policy = "",
      .created = now,
      .changed = now,
      .deletion = std::nullopt,
      .tags = tags_of(request.tags)};
  std::optional<Version> version;
  if (value) {
    version = Version{.id = token.empty() ? random_uuid() : token,
                      .binary = value->binary,
                      .value = std::move(value->value),
                      .created = now,
                      .stages = {}};
  }
  if (auto inserted = store.insert(secret, version); !inserted) {
    // Somebody was quicker, perhaps the same client: its repeated request is no other secret.
    TRY(winner, store.find(request.name));
    if (!winner) return fail(std::move(inserted).error());
    const auto repeated_value = version ? std::optional(GivenValue{version->binary, version->value}) : std::nullopt;
    return repeated(*winner, repeated_value, token, store);
  }
  wire::CreateSecretResponse answer{.arn = secret.arn, .name = secret.name};
  if (version) answer.version_id = version->id;
  return answer;
}

Result<wire::UpdateSecretResponse> update(const wire::UpdateSecretRequest& request, Store& store, const Clock& clock) {
  if (request.type) return fail(error::invalid_parameter("Managed external secrets are not supported: Type."));
  TRY(value, given_value(request.secret_string, request.secret_binary));
  wire::UpdateSecretResponse answer;
  TRY(entry, change_secret(store, request.secret_id, [&](Entry& changed) -> Result<void> {
        auto& secret = changed.secret;
        if (request.description) secret.description = *request.description;
        if (request.kms_key_id) secret.kms_key_id = *request.kms_key_id;
        secret.changed = clock.now();
        if (!value) return {};
        TRY(id, put_version(changed, *value, request.client_request_token.value_or(""), {"AWSCURRENT"}, clock.now()));
        answer.version_id = id;
        return {};
      }));
  answer.arn = entry.secret.arn;
  answer.name = entry.secret.name;
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
  TRY(stages, store.stages(secret.name));
  answer.version_ids_to_stages = labels_of(stages);
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
