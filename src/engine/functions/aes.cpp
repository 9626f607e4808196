// spark_aes_encrypt(data, key, mode, padding, iv, aad), spark_aes_decrypt(data, key, mode, padding, aad) and
// spark_try_aes_decrypt(…): AES as Spark frames it: CBC is IV (16 bytes) and text, GCM is IV (12), text, tag (16).
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

enum class AesMode : uint8_t { ecb, cbc, gcm };
constexpr std::size_t tag_size = 16;

std::size_t iv_size(AesMode mode) { return mode == AesMode::cbc ? 16 : mode == AesMode::gcm ? 12 : 0; }

struct Request {
  std::string data, key, mode, padding, iv, aad;
  bool encrypt = false;
  static std::string function() { return "`aes_encrypt`/`aes_decrypt`"; }
};

AesMode mode_of(const Request& request) {
  const auto mode = duckdb::StringUtil::Upper(request.mode);
  const auto padding = duckdb::StringUtil::Upper(request.padding);
  if (mode == "ECB" && (padding == "PKCS" || padding == "DEFAULT")) return AesMode::ecb;
  if (mode == "CBC" && (padding == "PKCS" || padding == "DEFAULT")) return AesMode::cbc;
  if (mode == "GCM" && (padding == "NONE" || padding == "DEFAULT")) return AesMode::gcm;
  throw_spark_error("UNSUPPORTED_FEATURE.AES_MODE",
                    {{"mode", request.mode}, {"padding", request.padding}, {"functionName", request.function()}});
}

const EVP_CIPHER* cipher_of(AesMode mode, std::size_t key_size) {
  switch (mode) {
    case AesMode::ecb: return key_size == 16 ? EVP_aes_128_ecb() : key_size == 24 ? EVP_aes_192_ecb() : EVP_aes_256_ecb();
    case AesMode::cbc: return key_size == 16 ? EVP_aes_128_cbc() : key_size == 24 ? EVP_aes_192_cbc() : EVP_aes_256_cbc();
    default: return key_size == 16 ? EVP_aes_128_gcm() : key_size == 24 ? EVP_aes_192_gcm() : EVP_aes_256_gcm();
  }
}

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// nullopt: the data is not what this key made.
std::optional<std::string> run(const Request& request) {
  const auto mode = mode_of(request);
  if (request.key.size() != 16 && request.key.size() != 24 && request.key.size() != 32) {
    throw_spark_error(
        "INVALID_PARAMETER_VALUE.AES_KEY_LENGTH",
        {{"parameter", "`key`"}, {"functionName", request.function()}, {"actualLength", std::to_string(request.key.size())}});
  }
  if (!request.iv.empty() && mode == AesMode::ecb)
    throw_spark_error("UNSUPPORTED_FEATURE.AES_MODE_IV", {{"mode", request.mode}, {"functionName", request.function()}});
  if (!request.aad.empty() && mode != AesMode::gcm)
    throw_spark_error("UNSUPPORTED_FEATURE.AES_MODE_AAD", {{"mode", request.mode}, {"functionName", request.function()}});
  if (!request.iv.empty() && request.iv.size() != iv_size(mode)) {
    throw_spark_error("INVALID_PARAMETER_VALUE.AES_IV_LENGTH", {{"mode", request.mode},
                                                                {"parameter", "`iv`"},
                                                                {"functionName", request.function()},
                                                                {"actualLength", std::to_string(request.iv.size())}});
  }
  std::string iv = request.iv;
  std::string_view data = request.data;
  std::string tag;
  if (request.encrypt && iv.empty() && iv_size(mode) > 0) {
    iv.resize(iv_size(mode));
    RAND_bytes(octets(iv), static_cast<int>(iv.size()));
  }
  if (!request.encrypt) {
    if (data.size() < iv_size(mode) + (mode == AesMode::gcm ? tag_size : 0)) return std::nullopt;
    iv = data.substr(0, iv_size(mode));
    data.remove_prefix(iv_size(mode));
    if (mode == AesMode::gcm) {
      tag = data.substr(data.size() - tag_size);
      data.remove_suffix(tag_size);
    }
  }
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const int encrypt = request.encrypt ? 1 : 0;
  if (EVP_CipherInit_ex(context.get(), cipher_of(mode, request.key.size()), nullptr, octets(std::string_view(request.key)),
                        iv.empty() ? nullptr : octets(std::string_view(iv)), encrypt) != 1)
    return std::nullopt;
  int written = 0;
  if (!request.aad.empty() && EVP_CipherUpdate(context.get(), nullptr, &written, octets(std::string_view(request.aad)),
                                               static_cast<int>(request.aad.size())) != 1)
    return std::nullopt;
  if (!tag.empty() && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) != 1) return std::nullopt;
  std::string out(data.size() + 32, '\0');
  if (EVP_CipherUpdate(context.get(), octets(out), &written, octets(data), static_cast<int>(data.size())) != 1)
    return std::nullopt;
  int last = 0;
  if (EVP_CipherFinal_ex(context.get(), octets(out) + written, &last) != 1) return std::nullopt;
  out.resize(static_cast<std::size_t>(written + last));
  if (!request.encrypt) return out;
  if (mode == AesMode::gcm) {
    tag.resize(tag_size);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data());
  }
  return iv + out + tag;
}

template <bool encrypt, OnFailure on_failure>
void cipher(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    Request request;
    request.encrypt = encrypt;
    std::string* const members[] = {
        &request.data, &request.key, &request.mode, &request.padding, encrypt ? &request.iv : &request.aad, &request.aad};
    bool valid = true;
    for (idx_t column = 0; column < input.ColumnCount(); ++column) {
      const auto value = input.data[column].GetValue(row);
      valid = valid && !value.IsNull();
      if (!value.IsNull()) *members[column] = duckdb::StringValue::Get(value);
    }
    std::optional<std::string> out;
    if (valid && on_failure == OnFailure::null) {
      try {
        out = run(request);
      } catch (const duckdb::Exception&) {  // every failure of try_aes_decrypt is NULL
      }
    } else if (valid) {
      out = run(request);
      if (!out) {
        throw_spark_error(
            "INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR",
            {{"parameter", "`expr`, `key`"},
             {"functionName", request.function()},
             {"detailMessage", request.mode == "GCM" ? "Tag mismatch"
                                                     : "Given final block not properly padded. "
                                                       "Such issues can arise if a bad key is used during decryption."}});
      }
    }
    duckdb::FlatVector::SetNull(result, row, !out);
    if (out) duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, *out);
  }
}

}  // namespace

void register_aes_functions(duckdb::ExtensionLoader& loader) {
  const auto bytes = LogicalType::BLOB;
  const auto text = LogicalType::VARCHAR;
  auto encrypt = kernel("spark_aes_encrypt", {bytes, bytes, text, text, bytes, bytes}, bytes, cipher<true, OnFailure::error>);
  encrypt.stability = duckdb::FunctionStability::VOLATILE;  // a new IV each time
  loader.RegisterFunction(std::move(encrypt));
  loader.RegisterFunction(
      kernel("spark_aes_decrypt", {bytes, bytes, text, text, bytes}, bytes, cipher<false, OnFailure::error>));
  loader.RegisterFunction(
      kernel("spark_try_aes_decrypt", {bytes, bytes, text, text, bytes}, bytes, cipher<false, OnFailure::null>));
}

}  // namespace mastic::engine
