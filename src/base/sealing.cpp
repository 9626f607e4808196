#include "base/sealing.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/files.h"

namespace mastic {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

Result<std::string> random_bytes(std::size_t size) {
  std::string made(size, '\0');
  if (RAND_bytes(bytes(made), static_cast<int>(size)) != 1) return fail(Error::internal("no random bytes can be had"));
  return made;
}

Result<std::string> read_or_make_key(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  if (fs::exists(path, failure)) {
    TRY(key, read_file(path));
    if (key.size() != sealing_key_size) return fail(Error::internal("the key file has the wrong size: " + path.string()));
    return std::move(key);
  }
  TRY(key, random_bytes(sealing_key_size));
  TRY_DO(write_file_durably(path, key));  // of mode 0600 from its first byte on
  return std::move(key);
}

Result<std::string> seal(std::string_view key, std::string_view plain, std::string_view about) {
  TRY(nonce, random_bytes(nonce_size));
  const auto cipher = new_cipher();
  std::string body(plain.size(), '\0');
  std::string tag(tag_size, '\0');
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(std::string_view(nonce))) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes(body), &length, bytes(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data()) == 1;
  if (!done) return fail(Error::internal("bytes cannot be encrypted"));
  return nonce + tag + body;
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view about) {
  if (key.size() != sealing_key_size || sealed.size() < nonce_size + tag_size) return std::nullopt;
  std::string tag(sealed.substr(nonce_size, tag_size));
  const auto body = sealed.substr(nonce_size + tag_size);
  std::string plain(body.size(), '\0');
  const auto cipher = new_cipher();
  int length = 0;
  const bool done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(sealed)) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(about), static_cast<int>(about.size())) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), bytes(plain), &length, bytes(body), static_cast<int>(body.size())) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) == 1;
  return done ? std::optional(std::move(plain)) : std::nullopt;
}

}  // namespace mastic
