#include "aws/encoding.h"

#include <doctest/doctest.h>

using namespace mastic;
using namespace mastic::aws;

TEST_CASE("base64 there and back") {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xff\x00\x10"}) CHECK(from_base64(to_base64(bytes)) == bytes);
  CHECK(to_base64("foob") == "Zm9vYg==");
  CHECK(from_base64("Zm9vYg") == "foob");
  CHECK_FALSE(from_base64("Zm9v*g=="));
  CHECK_FALSE(from_base64("A"));
}

TEST_CASE("times in all three forms") {
  const Instant instant{std::chrono::microseconds{1'700'000'000'123'456}};
  CHECK(to_iso_time(instant, true) == "2023-11-14T22:13:20.123Z");
  CHECK(to_iso_time(instant, false) == "2023-11-14T22:13:20Z");
  CHECK(to_http_time(instant) == "Tue, 14 Nov 2023 22:13:20 GMT");
  CHECK(to_epoch_time(instant) == "1700000000.123");
  CHECK(to_epoch_time(Instant{std::chrono::seconds{5}}) == "5");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  CHECK(parse_time("2023-11-14T22:13:20Z") == Instant{seconds});
  CHECK(parse_time("20231114T221320Z") == Instant{seconds});
  CHECK(parse_time("2023-11-14T23:13:20.5+01:00") == Instant{seconds} + std::chrono::milliseconds{500});
  CHECK(parse_time("Tue, 14 Nov 2023 22:13:20 GMT") == Instant{seconds});
  CHECK(parse_time("1700000000.123456") == instant);
  for (const char* text :
       {"", "yesterday", "2023-13-01", "2023-02-30T00:00:00Z", "2023-11-14T25:00:00Z", "Tue, 14 Now 2023 22:13:20 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("percent escapes as SigV4 wants them") {
  CHECK(percent_encode("a/b c~\xC3\xBC+", true) == "a/b%20c~%C3%BC%2B");
  CHECK(percent_encode("a/b", false) == "a%2Fb");
}
