#include "aws/chunked.h"

#include <doctest/doctest.h>

#include <string>

using namespace mastic::aws;

namespace {

struct Decoded {
  std::string content;
  std::size_t used = 0;
  bool done = false;
  bool broken = false;
};

/// Feeds `bytes` in pieces of at most `step`.
Decoded decode(std::string_view bytes, std::size_t step) {
  Decoded result;
  ChunkedDecoder decoder;
  while (result.used < bytes.size() && !decoder.done()) {
    std::string_view piece;
    const auto taken = decoder.take(bytes.substr(result.used, step), piece);
    if (taken == 0) break;
    result.content += piece;
    result.used += taken;
  }
  result.done = decoder.done();
  result.broken = decoder.broken();
  return result;
}

}  // namespace

TEST_CASE("chunks are joined, however they arrive, and what follows is left") {
  const std::string bytes = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\nGET";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const auto result = decode(bytes, step);
    CHECK(result.content == "hello world");
    CHECK(result.done);
    CHECK(result.used == bytes.size() - 3);
  }
}

TEST_CASE("malformed chunks are refused") {
  for (const char* bytes : {"\r\n", "g\r\n", "5\nhello\r\n", "5\r\nhelloX\r\n", "5\r\nhello\n0\r\n\r\n",
                            "fffffffffffffffff\r\n", "0\r\n\n", "-1\r\n", "5 \n", "0x5\r\nhello\r\n"}) {
    CAPTURE(bytes);
    CHECK(decode(bytes, 100).broken);
  }
  CHECK_FALSE(decode("5\r\nhel", 100).done);
}
