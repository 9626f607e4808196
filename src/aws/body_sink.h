// Where a request's body goes while it arrives: memory at first, a file beyond 64 KiB, and every digest it needs on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/body.h"
#include "aws/digest.h"
#include "aws/http_head.h"
#include "base/result.h"

namespace mastic::aws {

inline constexpr std::size_t body_in_memory_max = 64 * 1024;

/// What the head says the body must be.
struct BodyPromises {
  std::optional<std::string> md5;                             // Content-MD5, raw
  std::optional<std::string> sha256_hex;                      // x-amz-content-sha256, when it is a hash
  std::optional<uint64_t> decoded_length;                     // x-amz-decoded-content-length
  std::vector<std::pair<DigestKind, std::string>> checksums;  // x-amz-checksum-…: base64, empty while only announced by
                                                              // x-amz-trailer

  /// Fails (InvalidDigest, InvalidRequest) when a promise cannot be kept by any body.
  static Result<BodyPromises> read(const HttpHead& head);
  [[nodiscard]] bool empty() const { return !md5 && !sha256_hex && !decoded_length && checksums.empty(); }
  /// Takes a trailer's checksum over.
  void note_trailer(std::string_view name, std::string_view value);
};

class BodySink {
 public:
  /// `extra`: a checksum to compute even when nothing was promised.
  BodySink(std::filesystem::path folder, BodyPromises promises, std::optional<DigestKind> extra);
  ~BodySink();
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;

  /// Fails when the disk does.
  Result<void> add(std::string_view bytes);
  [[nodiscard]] BodyPromises& promises() { return promises_; }
  [[nodiscard]] uint64_t size() const { return body_.size; }
  /// The body. Fails when it is not what was promised: BadDigest, XAmzContentSHA256Mismatch, IncompleteBody.
  Result<IncomingBody> finish();

 private:
  Result<void> open_file();
  Result<void> write_out(std::string_view bytes);
  Digest& digest(DigestKind kind);

  std::filesystem::path folder_;
  BodyPromises promises_;
  std::vector<Digest> digests_;  // MD5 first
  IncomingBody body_;
  int file_ = -1;
};

/// Checks a body that is all in memory.
Result<void> check_promises(const BodyPromises& promises, std::string_view body);

}  // namespace mastic::aws
