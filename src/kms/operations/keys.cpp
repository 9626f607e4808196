#include <fmt/format.h>

#include "base/identifiers.h"
#include "kms/errors.h"
#include "kms/operations/operations.h"
#include "kms/policy_text.h"

namespace mastic::kms {
namespace {

constexpr int32_t default_page = 100;
constexpr std::string_view symmetric = "SYMMETRIC_DEFAULT";

std::string state_of(const Key& key) {
  if (key.deletion) return "PendingDeletion";
  return key.enabled ? "Enabled" : "Disabled";
}

wire::KeyMetadata metadata_of(const Key& key, const aws::CallContext& context) {
  wire::KeyMetadata metadata;
  metadata.aws_account_id = context.account_id;
  metadata.key_id = key.id;
  metadata.arn = key_arn(context, key.id);
  metadata.creation_date = key.created;
  metadata.enabled = key.enabled && !key.deletion;
  metadata.description = key.description;
  metadata.key_usage = "ENCRYPT_DECRYPT";
  metadata.key_state = state_of(key);
  metadata.deletion_date = key.deletion;
  metadata.origin = "AWS_KMS";
  metadata.key_manager = key.managed_by_aws ? "AWS" : "CUSTOMER";
  metadata.customer_master_key_spec = std::string(symmetric);
  metadata.key_spec = std::string(symmetric);
  metadata.encryption_algorithms = std::vector<std::string>{std::string(symmetric)};
  metadata.multi_region = false;
  return metadata;
}

Result<void> check_kind(const wire::CreateKeyRequest& request) {
  if (request.key_spec && request.customer_master_key_spec) {
    return fail(Error::invalid("You cannot specify KeySpec and CustomerMasterKeySpec in the same request."));
  }
  const auto spec = request.key_spec ? *request.key_spec : request.customer_master_key_spec.value_or(std::string(symmetric));
  if (spec != symmetric) return fail(error::unsupported("KeySpec " + spec));
  const auto usage = request.key_usage.value_or("ENCRYPT_DECRYPT");
  if (usage != "ENCRYPT_DECRYPT") {
    return fail(Error::invalid(fmt::format("KeyUsage {} is not compatible with KeySpec {}", usage, spec)));
  }
  const auto origin = request.origin.value_or("AWS_KMS");
  if (origin != "AWS_KMS") return fail(error::unsupported("Origin " + origin));
  if (request.custom_key_store_id) return fail(error::unsupported("CustomKeyStoreId"));
  if (request.xks_key_id) return fail(error::unsupported("XksKeyId"));
  if (request.multi_region.value_or(false)) return fail(error::unsupported("MultiRegion"));
  return {};
}

Result<wire::CreateKeyResponse> create(const wire::CreateKeyRequest& request, const aws::CallContext& context,
                                       const Desk& desk) {
  TRY_DO(check_kind(request));
  if (request.policy) TRY_DO(check_key_policy(*request.policy));
  Key key{.id = random_uuid(),
          .description = request.description.value_or(""),
          .policy = request.policy.value_or(default_key_policy(context.account_id)),
          .created = desk.clock.now(),
          .deletion = std::nullopt,
          .next_rotation = std::nullopt,
          .tags = {}};
  TRY_DO(add_tags(key.tags, request.tags.value_or(std::vector<wire::Tag>{})));
  TRY_DO(desk.store.insert(key));
  return wire::CreateKeyResponse{.key_metadata = metadata_of(key, context)};
}

Result<wire::DescribeKeyResponse> describe(const wire::DescribeKeyRequest& request, const aws::CallContext& context,
                                           const Desk& desk) {
  TRY_DO(check_tokens(request.grant_tokens));
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/true));
  return wire::DescribeKeyResponse{.key_metadata = metadata_of(key, context)};
}

Result<wire::ListKeysResponse> list(const wire::ListKeysRequest& request, const aws::CallContext& context, const Desk& desk) {
  TRY(keys, desk.store.all());
  auto [page, next] =
      page_of(keys, [](const Key& key) { return key.id; }, request.marker, request.limit.value_or(default_page));
  wire::ListKeysResponse answer{.keys = std::vector<wire::KeyListEntry>{}, .next_marker = next, .truncated = next.has_value()};
  for (const auto& key : page) answer.keys->push_back({.key_id = key.id, .key_arn = key_arn(context, key.id)});
  return answer;
}

}  // namespace

void add_key_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::CreateKey>([desk](const auto& request, const auto& context) { return create(request, context, desk); });
  service.on<wire::DescribeKey>([desk](const auto& request, const auto& context) { return describe(request, context, desk); });
  service.on<wire::ListKeys>([desk](const auto& request, const auto& context) { return list(request, context, desk); });
}

}  // namespace mastic::kms
