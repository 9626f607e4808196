#include "aws/aws_chunked.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "aws/encoding.h"
#include "aws/sigv4.h"

namespace mastic::aws {
namespace {

constexpr std::size_t line_bytes_max = 1024;
constexpr std::size_t trailer_bytes_max = 8 * 1024;
constexpr std::string_view hash_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view signature_mark = ";chunk-signature=";

}  // namespace

AwsChunkedDecoder::AwsChunkedDecoder(std::optional<ChunkSigning> signing) : signing_(std::move(signing)) {}

bool AwsChunkedDecoder::forged_signature() {
  forged_ = true;
  return false;
}

bool AwsChunkedDecoder::size_line(std::string_view text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), left_, 16);
  if (error != std::errc{} || left_ > (uint64_t{1} << 60U)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(signature_mark)) {
    signature_ = text.substr(signature_mark.size());
  } else if (text.empty() || text.starts_with(';')) {
    if (signing_) return forged_signature();
  } else {
    return false;
  }
  if (signing_) digest_.emplace(DigestKind::sha256);
  if (left_ > 0) {
    state_ = State::data;
    return true;
  }
  last_seen_ = true;
  state_ = State::trailer;
  return end_of_chunk();
}

bool AwsChunkedDecoder::end_of_chunk() {
  if (!signing_) return true;
  const auto expected = to_hex(
      hmac_sha256(signing_->key, fmt::format("AWS4-HMAC-SHA256-PAYLOAD\n{}\n{}\n{}\n{}\n{}", signing_->time, signing_->scope,
                                             signing_->seed, hash_of_nothing, to_hex(digest_->finish()))));
  if (!equal_in_constant_time(expected, signature_)) return forged_signature();
  signing_->seed = expected;
  return true;
}

bool AwsChunkedDecoder::trailer_line(std::string_view text) {
  trailer_bytes_ += text.size() + 2;
  if (trailer_bytes_ > trailer_bytes_max) return false;
  if (text.empty()) {
    // Signed trailers: an empty line may stand between the checksums and their signature.
    state_ = State::done;
    return true;
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  std::string name(text.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  auto value = text.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  if (name == "x-amz-trailer-signature") {
    signature_ = value;
    return end_of_trailers();
  }
  signed_trailers_ += fmt::format("{}:{}\n", name, value);
  trailers_.emplace_back(std::move(name), value);
  return true;
}

bool AwsChunkedDecoder::end_of_trailers() {
  if (!signing_) return true;
  const auto hash = to_hex(Digest::of(DigestKind::sha256, signed_trailers_));
  const auto expected = to_hex(hmac_sha256(signing_->key, fmt::format("AWS4-HMAC-SHA256-TRAILER\n{}\n{}\n{}\n{}",
                                                                      signing_->time, signing_->scope, signing_->seed, hash)));
  if (!equal_in_constant_time(expected, signature_)) return forged_signature();
  signed_trailers_.clear();  // they are covered now
  return true;
}

bool AwsChunkedDecoder::line(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  switch (state_) {
    case State::size_line: return size_line(text);
    case State::data_end: state_ = State::size_line; return text.empty();
    case State::trailer:
    case State::done: return trailer_line(text);
    default: return false;
  }
}

std::size_t AwsChunkedDecoder::take(std::string_view input, std::string_view& piece) {
  piece = {};
  std::size_t used = 0;
  while (used < input.size() && state_ != State::data) {
    const char c = input[used++];
    if (c != '\n') {
      line_ += c;
      if (line_.size() <= line_bytes_max) continue;
    }
    const bool fine = c == '\n' && line(line_);
    line_.clear();
    if (!fine) {
      state_ = State::broken;
      return 0;
    }
  }
  if (state_ == State::data && used < input.size()) {
    piece = input.substr(used, static_cast<std::size_t>(std::min<uint64_t>(left_, input.size() - used)));
    left_ -= piece.size();
    used += piece.size();
    if (digest_) digest_->add(piece);
    if (left_ == 0) {
      state_ = State::data_end;
      if (!end_of_chunk()) {
        state_ = State::broken;
        return 0;
      }
    }
  }
  return used;
}

bool AwsChunkedDecoder::may_end() {
  if (!last_seen_ || state_ == State::broken) return false;
  // A last trailer without a line's end.
  if (!line_.empty() && line_ != "\r") {
    if (!line(line_)) return false;
    line_.clear();
  }
  // Trailers that came without the signature that should cover them.
  if (signing_ && !signed_trailers_.empty()) return forged_signature();
  return true;
}

}  // namespace mastic::aws
