#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr std::string_view symmetric = "SYMMETRIC_DEFAULT";

Result<void> check_algorithm(const std::optional<std::string>& algorithm, const Key& key, const aws::CallContext& context) {
  if (!algorithm || *algorithm == symmetric) return {};
  return fail(error::invalid_algorithm(*algorithm, key_arn(context, key.id)));
}

/// What a blob held, and the key that read it.
struct Opened {
  Key key;
  std::string plain;
};

Result<Opened> open(const Desk& desk, const aws::CallContext& context, const std::string& blob,
                    const std::optional<std::string>& expected, const std::optional<std::string>& algorithm,
                    const std::optional<EncryptionContext>& bound) {
  const auto head = read_head(blob);
  if (!head) return fail(error::invalid_ciphertext());
  if (expected) {
    TRY(named, find_key(desk, context, *expected, /*aliases=*/true));
    if (named.id != head->key_id) return fail(error::incorrect_key());
  }
  TRY(key, desk.store.find(head->key_id));
  // A key that is gone and bytes that never were a ciphertext cannot be told apart.
  if (!key) return fail(error::invalid_ciphertext());
  TRY_DO(check_usable(*key, context));
  TRY_DO(check_algorithm(algorithm, *key, context));
  TRY(material, desk.store.material(key->id, head->material));
  auto plain = material ? decrypt(blob, *material, bound.value_or(EncryptionContext{})) : std::nullopt;
  if (!plain) return fail(error::invalid_ciphertext());
  return Opened{std::move(*key), std::move(*plain)};
}

Result<wire::EncryptResponse> encrypt(const wire::EncryptRequest& request, const aws::CallContext& context, const Desk& desk) {
  TRY_DO(check_tokens(request.grant_tokens));
  TRY(key, find_usable_key(desk, context, request.key_id));
  TRY_DO(check_algorithm(request.encryption_algorithm, key, context));
  if (request.dry_run.value_or(false)) return fail(error::dry_run());
  TRY(blob, encrypt_under(desk, key, request.plaintext, request.encryption_context));
  return wire::EncryptResponse{
      .ciphertext_blob = std::move(blob), .key_id = key_arn(context, key.id), .encryption_algorithm = std::string(symmetric)};
}

Result<wire::DecryptResponse> decrypt(const wire::DecryptRequest& request, const aws::CallContext& context, const Desk& desk) {
  if (request.recipient) return fail(error::unsupported("Recipient"));
  if (request.dry_run_modifiers && !request.dry_run_modifiers->empty()) return fail(error::unsupported("DryRunModifiers"));
  if (!request.ciphertext_blob) return fail(Error::invalid("CiphertextBlob must be given."));
  TRY_DO(check_tokens(request.grant_tokens));
  TRY(opened,
      open(desk, context, *request.ciphertext_blob, request.key_id, request.encryption_algorithm, request.encryption_context));
  if (request.dry_run.value_or(false)) return fail(error::dry_run());
  return wire::DecryptResponse{.key_id = key_arn(context, opened.key.id),
                               .plaintext = std::move(opened.plain),
                               .encryption_algorithm = std::string(symmetric)};
}

Result<wire::ReEncryptResponse> re_encrypt(const wire::ReEncryptRequest& request, const aws::CallContext& context,
                                           const Desk& desk) {
  if (request.dry_run_modifiers && !request.dry_run_modifiers->empty()) return fail(error::unsupported("DryRunModifiers"));
  if (!request.ciphertext_blob) return fail(Error::invalid("CiphertextBlob must be given."));
  TRY_DO(check_tokens(request.grant_tokens));
  TRY(opened, open(desk, context, *request.ciphertext_blob, request.source_key_id, request.source_encryption_algorithm,
                   request.source_encryption_context));
  TRY(destination, find_usable_key(desk, context, request.destination_key_id));
  TRY_DO(check_algorithm(request.destination_encryption_algorithm, destination, context));
  if (request.dry_run.value_or(false)) return fail(error::dry_run());
  TRY(blob, encrypt_under(desk, destination, opened.plain, request.destination_encryption_context));
  wire::ReEncryptResponse answer;
  answer.ciphertext_blob = std::move(blob);
  answer.source_key_id = key_arn(context, opened.key.id);
  answer.key_id = key_arn(context, destination.id);
  answer.source_encryption_algorithm = std::string(symmetric);
  answer.destination_encryption_algorithm = std::string(symmetric);
  return answer;
}

}  // namespace

void add_cryptography_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::Encrypt>([desk](const auto& request, const auto& context) { return encrypt(request, context, desk); });
  service.on<wire::Decrypt>([desk](const auto& request, const auto& context) { return decrypt(request, context, desk); });
  service.on<wire::ReEncrypt>([desk](const auto& request, const auto& context) { return re_encrypt(request, context, desk); });
}

}  // namespace mastic::kms
