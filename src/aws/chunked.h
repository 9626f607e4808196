// HTTP's own chunked transfer coding (RFC 9112, 7.1), decoded as it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mastic::aws {

/// `take` consumes a front part of the bytes and yields at most one piece of the body, a view into them:
///
///   while (!input.empty() && !decoder.done()) {
///     std::string_view piece;
///     const auto used = decoder.take(input, piece);   // 0 and not done: broken
///     …
///   }
///
/// Trailer fields are skipped.
class ChunkedDecoder {
 public:
  std::size_t take(std::string_view input, std::string_view& piece);
  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] bool broken() const { return state_ == State::broken; }

 private:
  enum class State : uint8_t {
    size_start,
    size,
    extension,
    size_feed,
    data,
    data_return,
    data_feed,
    trailer_start,
    trailer,
    trailer_feed,
    end_feed,
    done,
    broken
  };
  bool step(char c);
  State state_ = State::size_start;
  uint64_t left_ = 0;
  std::size_t line_bytes_ = 0;  // of size lines and trailers together
};

}  // namespace mastic::aws
