#include "aws/chunked.h"

#include <algorithm>

namespace mastic::aws {
namespace {

constexpr std::size_t line_bytes_max = 16 * 1024;  // of one size line, or of all trailers
constexpr uint64_t chunk_bytes_max = uint64_t{1} << 60U;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

/// One byte outside of data. False: it may not stand there.
bool ChunkedDecoder::step(char c) {
  if (++line_bytes_ > line_bytes_max) return false;
  const int digit = hex_value(c);
  switch (state_) {
    case State::size_start:
      if (digit < 0) return false;
      left_ = static_cast<uint64_t>(digit);
      state_ = State::size;
      return true;
    case State::size:
      if (digit >= 0) {
        if (left_ >= chunk_bytes_max / 16) return false;
        left_ = left_ * 16 + static_cast<uint64_t>(digit);
      } else if (c == '\r') {
        state_ = State::size_feed;
      } else if (c == ';' || c == ' ' || c == '\t') {
        state_ = State::extension;
      } else {
        return false;
      }
      return true;
    case State::extension:
      if (c == '\n') return false;
      if (c == '\r') state_ = State::size_feed;
      return true;
    case State::size_feed:
      if (c != '\n') return false;
      state_ = left_ == 0 ? State::trailer_start : State::data;
      line_bytes_ = 0;
      return true;
    case State::data_return: state_ = State::data_feed; return c == '\r';
    case State::data_feed:
      state_ = State::size_start;
      line_bytes_ = 0;
      return c == '\n';
    case State::trailer_start: state_ = c == '\r' ? State::end_feed : State::trailer; return c != '\n';
    case State::trailer:
      if (c == '\r') state_ = State::trailer_feed;
      return c != '\n';
    case State::trailer_feed: state_ = State::trailer_start; return c == '\n';
    case State::end_feed: state_ = State::done; return c == '\n';
    case State::data:
    case State::done:
    case State::broken: break;
  }
  return false;
}

std::size_t ChunkedDecoder::take(std::string_view input, std::string_view& piece) {
  piece = {};
  std::size_t used = 0;
  while (used < input.size() && state_ != State::data && state_ != State::done) {
    if (!step(input[used++])) {
      state_ = State::broken;
      return 0;
    }
  }
  if (state_ == State::data && used < input.size()) {
    piece = input.substr(used, static_cast<std::size_t>(std::min<uint64_t>(left_, input.size() - used)));
    left_ -= piece.size();
    used += piece.size();
    if (left_ == 0) state_ = State::data_return;
  }
  return used;
}

}  // namespace mastic::aws
