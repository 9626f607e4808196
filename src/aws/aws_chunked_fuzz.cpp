// Any bytes as an aws-chunked body inside HTTP's chunks: the pieces may be cut anywhere without changing what comes out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/aws_chunked.h"
#include "aws/chunked.h"

namespace {

template <typename Decoder>
std::string decode(Decoder& decoder, std::string_view bytes, std::size_t step, const auto& done) {
  std::string content;
  for (std::size_t used = 0; used < bytes.size() && !done(decoder);) {
    std::string_view piece;
    const auto taken = decoder.take(bytes.substr(used, step), piece);
    if (taken == 0) return content + " broken";
    if (taken > step) std::abort();
    used += taken;
    content += piece;
  }
  return content;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto chunked_done = [](const mastic::aws::ChunkedDecoder& decoder) { return decoder.done(); };
  mastic::aws::ChunkedDecoder whole;
  mastic::aws::ChunkedDecoder cut;
  const auto content = decode(whole, bytes, bytes.size(), chunked_done);
  if (content != decode(cut, bytes, step, chunked_done)) std::abort();

  const auto never = [](const mastic::aws::AwsChunkedDecoder&) { return false; };
  mastic::aws::AwsChunkedDecoder aws_whole;
  mastic::aws::AwsChunkedDecoder aws_cut;
  if (decode(aws_whole, bytes, bytes.size() + 1, never) != decode(aws_cut, bytes, step, never)) std::abort();
  if (aws_whole.may_end() != aws_cut.may_end()) std::abort();
  mastic::aws::AwsChunkedDecoder is_signed(mastic::aws::ChunkSigning{.key = "k", .time = "t", .scope = "s", .seed = "e"});
  (void)decode(is_signed, bytes, step, never);
  (void)is_signed.may_end();
  return 0;
}
