#include "ssm/secure_text.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "aws/encoding.h"
#include "base/files.h"

namespace mastic::ssm {
namespace {

constexpr size_t key_size = 32;
constexpr size_t nonce_size = 12;
constexpr size_t tag_size = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Result<std::string> random_bytes(size_t size) {
  std::string made(size, '\0');
  if (RAND_bytes(bytes(made), static_cast<int>(size)) != 1) return fail(Error::internal("no random bytes can be had"));
  return made;
}

Error broken() {
  return Error::internal("a SecureString's value cannot be decrypted: its bytes or the key of the data folder changed");
}

}  // namespace

Result<SecureText> SecureText::open(const std::filesystem::path& folder) {
  const auto path = folder / "secure-strings.key";
  if (std::filesystem::exists(path)) {
    TRY(key, read_file(path));
    if (key.size() != key_size) return fail(Error::internal("the key file has the wrong size: " + path.string()));
    return SecureText(std::move(key));
  }
  TRY(key, random_bytes(key_size));
  TRY_DO(write_file_durably(path, key));
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return SecureText(std::move(key));
}

Result<std::string> SecureText::seal(std::string_view plain, std::string_view about) const {
  TRY(nonce, random_bytes(nonce_size));
  const auto cipher = new_cipher();
  std::string sealed(plain.size(), '\0');
  std::string tag(tag_size, '\0');
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes(sealed), &length, bytes(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data()) == 1;
  if (!done) return fail(Error::internal("a SecureString's value cannot be encrypted"));
  return aws::to_base64(nonce + tag + sealed);
}

Result<std::string> SecureText::unseal(std::string_view sealed, std::string_view about) const {
  auto raw = aws::from_base64(sealed);
  if (!raw || raw->size() < nonce_size + tag_size) return fail(broken());
  const std::string nonce = raw->substr(0, nonce_size);
  std::string tag = raw->substr(nonce_size, tag_size);
  const std::string body = raw->substr(nonce_size + tag_size);
  std::string plain(body.size(), '\0');
  const auto cipher = new_cipher();
  int length = 0;
  const bool done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(about), static_cast<int>(about.size())) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), bytes(plain), &length, bytes(body), static_cast<int>(body.size())) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) == 1;
  if (!done) return fail(broken());
  return plain;
}

}  // namespace mastic::ssm
