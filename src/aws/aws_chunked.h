// AWS's own chunks inside a body (`Content-Encoding: aws-chunked`), decoded as they arrive.
//
//   chunk   := size-in-hex [ ";chunk-signature=" 64 hex digits ] CRLF data CRLF
//   last    := "0" [ ";chunk-signature=" … ] CRLF
//   trailer := name ":" value ( CRLF | LF )                        x-amz-checksum-crc32:… , x-amz-trailer-signature:…
//   body    := chunk* last trailer* CRLF
//
// A signed chunk's signature covers the one before it:
//   hmac(key, "AWS4-HMAC-SHA256-PAYLOAD" \n time \n scope \n previous signature \n sha256("") \n sha256(data))
// and the trailer's
//   hmac(key, "AWS4-HMAC-SHA256-TRAILER" \n time \n scope \n previous signature \n sha256(trailers without its own))
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/digest.h"

namespace mastic::aws {

/// What the signatures of the chunks are checked with; without it they are read and not checked.
struct ChunkSigning {
  std::string key;
  std::string time;   // of the request: 20261124T060824Z
  std::string scope;  // 20261124/us-east-1/s3/aws4_request
  std::string seed;   // the request's own signature
};

class AwsChunkedDecoder {
 public:
  explicit AwsChunkedDecoder(std::optional<ChunkSigning> signing = {});

  /// As ChunkedDecoder::take: consumes a front part and yields at most one piece of the content; 0 means broken.
  std::size_t take(std::string_view input, std::string_view& piece);
  [[nodiscard]] bool broken() const { return state_ == State::broken; }
  /// Whether the broken thing is a signature.
  [[nodiscard]] bool forged() const { return forged_; }
  /// Whether the body may end here: everything after the last chunk's line is optional, as some clients leave it out.
  [[nodiscard]] bool may_end();
  /// Names in lower case.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

 private:
  enum class State : uint8_t { size_line, data, data_end, trailer, done, broken };
  bool line(std::string_view text);
  bool size_line(std::string_view text);
  bool trailer_line(std::string_view text);
  bool end_of_chunk();
  bool end_of_trailers();
  bool forged_signature();

  std::optional<ChunkSigning> signing_;
  State state_ = State::size_line;
  std::string line_;
  uint64_t left_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string signature_;
  std::optional<Digest> digest_;
  std::string signed_trailers_;
  std::vector<std::pair<std::string, std::string>> trailers_;
  bool last_seen_ = false;
  bool forged_ = false;
};

}  // namespace mastic::aws
