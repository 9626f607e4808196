// Digests and checksums, computed piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mastic::aws {

enum class DigestKind : uint8_t { md5, sha1, sha256, crc32, crc32c, crc64nvme };

/// S3's spelling ("CRC32C", "sha256", …) to a kind; nothing when it is not one of the five checksums.
std::optional<DigestKind> checksum_kind(std::string_view algorithm);
/// "CRC32C": how S3 spells it.
std::string_view checksum_name(DigestKind kind);

class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  [[nodiscard]] DigestKind kind() const { return kind_; }
  void add(std::string_view bytes);
  /// The raw digest, big-endian for the CRCs as S3 has them. Call once.
  [[nodiscard]] std::string finish();

  /// The digest of bytes that are all there.
  static std::string of(DigestKind kind, std::string_view bytes);

 private:
  struct Context;
  DigestKind kind_;
  uint64_t crc_ = 0;
  std::unique_ptr<Context> context_;
};

/// HMAC-SHA-256, raw.
std::string hmac_sha256(std::string_view key, std::string_view message);

// The CRCs' running values: start with 0, feed piece after piece.
uint32_t crc32_add(uint32_t crc, std::string_view bytes);
uint32_t crc32c_add(uint32_t crc, std::string_view bytes);
uint64_t crc64nvme_add(uint64_t crc, std::string_view bytes);

}  // namespace mastic::aws
