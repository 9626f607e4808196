#include "engine/functions/charset.h"

#include <doctest/doctest.h>

namespace mastic::engine {
namespace {

using namespace std::string_literals;

TEST_CASE("text goes into a character set and comes back") {
  const std::string text = "a\u00e9\u20ac\U0001F600";
  for (const auto charset : {Charset::utf_8, Charset::utf_16, Charset::utf_16be, Charset::utf_16le, Charset::utf_32}) {
    CHECK(decode_text(encode_text(text, charset).value(), charset) == text);
  }
  CHECK(encode_text("\u00e9", Charset::iso_8859_1) == "\xE9"s);
  CHECK(encode_text("a", Charset::utf_16) == "\xFE\xFF\0a"s);
  CHECK(encode_text("", Charset::utf_16) == "");
  CHECK(encode_text("a", Charset::utf_16le) == "a\0"s);
  CHECK(encode_text("a", Charset::utf_32) == "\0\0\0a"s);
}

TEST_CASE("what a character set cannot say is refused") {
  CHECK(encode_text("\u20ac", Charset::iso_8859_1) == std::nullopt);
  CHECK(encode_text("\u00e9", Charset::us_ascii) == std::nullopt);
  CHECK(decode_text("\xE9", Charset::us_ascii) == std::nullopt);
  CHECK(decode_text("\xED\xA0\x80", Charset::utf_8) == std::nullopt);  // a surrogate
  CHECK(decode_text("\xC0\x80", Charset::utf_8) == std::nullopt);      // longer than need be
  CHECK(decode_text("\xE2\x82", Charset::utf_8) == std::nullopt);
  CHECK(decode_text("\xDC\x00"s, Charset::utf_16be) == std::nullopt);
  CHECK(decode_text("a", Charset::utf_16le) == std::nullopt);
  CHECK(decode_text("\xFF\xFE"
                    "a\0"s,
                    Charset::utf_16) == "a");
}

TEST_CASE("names are those that Spark takes") {
  CHECK(find_charset("Utf-16LE") == Charset::utf_16le);
  CHECK(find_charset("latin1") == std::nullopt);
}

}  // namespace
}  // namespace mastic::engine
