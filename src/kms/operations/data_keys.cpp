#include "base/sealing.h"
#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

/// A fresh data key and what it looks like to those who may not read it.
struct DataKey {
  std::string plain, blob, key_arn;
};

/// Of GenerateDataKey and GenerateDataKeyWithoutPlaintext: their requests have these members in common.
template <typename Request>
Result<DataKey> generate(const Request& request, const aws::CallContext& context, const Desk& desk) {
  if (request.key_spec.has_value() == request.number_of_bytes.has_value()) {
    return fail(Error::invalid("Please specify either number of bytes or key spec."));
  }
  TRY_DO(check_tokens(request.grant_tokens));
  TRY(key, find_usable_key(desk, context, request.key_id));
  if (request.dry_run.value_or(false)) return fail(error::dry_run());
  const int32_t size = request.number_of_bytes ? *request.number_of_bytes : *request.key_spec == "AES_128" ? 16 : 32;
  TRY(plain, random_bytes(static_cast<std::size_t>(size)));
  TRY(blob, encrypt_under(desk, key, plain, request.encryption_context));
  return DataKey{std::move(plain), std::move(blob), key_arn(context, key.id)};
}

Result<wire::GenerateDataKeyResponse> with_plaintext(const wire::GenerateDataKeyRequest& request,
                                                     const aws::CallContext& context, const Desk& desk) {
  if (request.recipient) return fail(error::unsupported("Recipient"));
  TRY(made, generate(request, context, desk));
  wire::GenerateDataKeyResponse answer;
  answer.ciphertext_blob = std::move(made.blob);
  answer.plaintext = std::move(made.plain);
  answer.key_id = std::move(made.key_arn);
  return answer;
}

Result<wire::GenerateDataKeyWithoutPlaintextResponse> without_plaintext(
    const wire::GenerateDataKeyWithoutPlaintextRequest& request, const aws::CallContext& context, const Desk& desk) {
  TRY(made, generate(request, context, desk));
  wire::GenerateDataKeyWithoutPlaintextResponse answer;
  answer.ciphertext_blob = std::move(made.blob);
  answer.key_id = std::move(made.key_arn);
  return answer;
}

Result<wire::GenerateRandomResponse> random(const wire::GenerateRandomRequest& request) {
  if (request.recipient) return fail(error::unsupported("Recipient"));
  if (request.custom_key_store_id) return fail(error::unsupported("CustomKeyStoreId"));
  if (!request.number_of_bytes) return fail(Error::invalid("NumberOfBytes is required."));
  TRY(bytes, random_bytes(static_cast<std::size_t>(*request.number_of_bytes)));
  return wire::GenerateRandomResponse{.plaintext = std::move(bytes)};
}

}  // namespace

void add_data_key_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::GenerateDataKey>(
      [desk](const auto& request, const auto& context) { return with_plaintext(request, context, desk); });
  service.on<wire::GenerateDataKeyWithoutPlaintext>(
      [desk](const auto& request, const auto& context) { return without_plaintext(request, context, desk); });
  service.on<wire::GenerateRandom>([](const auto& request, const auto&) { return random(request); });
}

}  // namespace mastic::kms
