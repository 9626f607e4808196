// The bodies of streaming members (S3's Body): bytes in memory when they are few, else a file.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::aws {

/// A checksum that the client announced, already compared with what it sent.
struct Checksum {
  std::string algorithm;  // "CRC32", "CRC32C", "CRC64NVME", "SHA1" or "SHA256"
  std::string value;      // base64, as S3 writes it
};

/// A request's body, whole and verified: length, Content-MD5, x-amz-content-sha256 and checksums agree with the bytes
/// (a body that disagrees is answered before the handler runs). Bodies above 64 KiB lie in a file of the folder that
/// Service::spool_into named, written but NOT fsynced: whoever keeps it syncs it. Move only. A file that nobody took
/// over is removed with this object.
class IncomingBody {
 public:
  IncomingBody() = default;
  IncomingBody(IncomingBody&& other) noexcept { *this = std::move(other); }
  IncomingBody& operator=(IncomingBody&& other) noexcept {
    discard();
    small = std::move(other.small);
    size = std::exchange(other.size, 0);
    md5 = other.md5;
    checksums = std::move(other.checksums);
    file_ = std::exchange(other.file_, {});
    return *this;
  }
  IncomingBody(const IncomingBody&) = delete;
  IncomingBody& operator=(const IncomingBody&) = delete;
  ~IncomingBody() { discard(); }

  std::string small;  // the bytes, when in_file() is false
  uint64_t size = 0;
  std::array<unsigned char, 16> md5{};  // of the bytes
  std::vector<Checksum> checksums;      // announced by header or trailer, and those that Service::checksum_with asked for

  [[nodiscard]] bool in_file() const { return !file_.empty(); }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// Hands the file to the caller, who now has to rename or remove it.
  [[nodiscard]] std::filesystem::path release_file() { return std::exchange(file_, {}); }
  /// Makes the body a file; the wire's business, and tests'.
  void keep_in(std::filesystem::path file) { file_ = std::move(file); }

 private:
  void discard() {
    if (std::error_code ignored; !file_.empty()) std::filesystem::remove(file_, ignored);
    file_.clear();
  }
  std::filesystem::path file_;
};

/// A response's body: bytes, or a part of a file that is sent from disk. The file is opened before the handler's answer
/// leaves the worker, so it may be unlinked afterwards.
struct OutgoingBody {
  std::string bytes;
  std::filesystem::path file;  // when not empty, `bytes` is ignored
  uint64_t offset = 0;
  uint64_t length = 0;
};

}  // namespace mastic::aws
