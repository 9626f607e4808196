#include "aws/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace mastic::aws {
namespace {

struct ChecksumName {
  std::string_view name;
  DigestKind kind;
};
constexpr auto checksum_names = std::to_array<ChecksumName>({
    {"CRC32", DigestKind::crc32},
    {"CRC32C", DigestKind::crc32c},
    {"CRC64NVME", DigestKind::crc64nvme},
    {"SHA1", DigestKind::sha1},
    {"SHA256", DigestKind::sha256},
});

const EVP_MD* openssl_digest(DigestKind kind) {
  // Fetched once: EVP_md5() and the like look the algorithm up again at each use.
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  switch (kind) {
    case DigestKind::md5: return md5;
    case DigestKind::sha1: return sha1;
    case DigestKind::sha256: return sha256;
    default: return nullptr;
  }
}

std::string big_endian(uint64_t value, int bytes) {
  std::string text;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    text += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
  return text;
}

}  // namespace

std::optional<DigestKind> checksum_kind(std::string_view algorithm) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  for (const auto& [name, kind] : checksum_names) {
    if (std::ranges::equal(algorithm, name, {}, upper)) return kind;
  }
  return {};
}

std::string_view checksum_name(DigestKind kind) {
  const auto found = std::ranges::find(checksum_names, kind, &ChecksumName::kind);
  return found == checksum_names.end() ? std::string_view{} : found->name;
}

struct Digest::Context {
  explicit Context(const EVP_MD* algorithm) : evp(EVP_MD_CTX_new()) { EVP_DigestInit_ex(evp, algorithm, nullptr); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(evp); }
  EVP_MD_CTX* evp;
};

Digest::Digest(DigestKind kind) : kind_(kind) {
  if (const auto* algorithm = openssl_digest(kind); algorithm != nullptr) context_ = std::make_unique<Context>(algorithm);
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(std::string_view bytes) {
  switch (kind_) {
    case DigestKind::crc32: crc_ = crc32_add(static_cast<uint32_t>(crc_), bytes); break;
    case DigestKind::crc32c: crc_ = crc32c_add(static_cast<uint32_t>(crc_), bytes); break;
    case DigestKind::crc64nvme: crc_ = crc64nvme_add(crc_, bytes); break;
    default: EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
  }
}

std::string Digest::finish() {
  if (kind_ == DigestKind::crc64nvme) return big_endian(crc_, 8);
  if (!context_) return big_endian(crc_, 4);
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context_->evp, raw.data(), &length);
  return {reinterpret_cast<const char*>(raw.data()), length};
}

std::string Digest::of(DigestKind kind, std::string_view bytes) {
  Digest digest(kind);
  digest.add(bytes);
  return digest.finish();
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, 32> raw{};
  unsigned length = raw.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), raw.data(), &length);
  return {reinterpret_cast<const char*>(raw.data()), length};
}

}  // namespace mastic::aws
