#include "aws/cbor.h"

#include <doctest/doctest.h>

using mastic::aws::cbor_to_json;
using mastic::aws::json_to_cbor;
using namespace std::string_literals;

namespace {
std::string json_of(const std::string& cbor) { return cbor_to_json(cbor).value(); }
bool is_time(std::string_view member) { return member == "T"; }
std::string cbor_of(const std::string& json) { return json_to_cbor(json, is_time); }
}  // namespace

TEST_CASE("cbor becomes json") {
  CHECK(json_of("\xa2\x61"
                "a\x18\x64\x61"
                "b\x83\x01\x20\xf5"s) == R"({"a":100,"b":[1,-1,true]})");
  CHECK(json_of("\xbf\x61"
                "a\x9f\xf6\xff\xff"s) == R"({"a":[null]})");
  CHECK(json_of("\x7f\x61x\x62yz\xff"s) == R"("xyz")");
  CHECK(json_of("\xc1\xfb\x41\xd4\x52\xd9\xe0\x00\x00\x00"s) == "1363896192.0");
  CHECK(json_of("\xf9\x3e\x00"s) == "1.5");
  CHECK(json_of("\xfa\x40\x20\x00\x00"s) == "2.5");
  CHECK(json_of("\x43\x01\x02\x03"s) == R"("AQID")");
  CHECK(json_of("") == "");
}

TEST_CASE("what is no cbor of ours is refused") {
  for (const auto& wrong : {"\xa1"s, "\x9b\xff\xff\xff\xff\xff\xff\xff\xff"s, "\xa1\x01\x02"s, "\x01\x02"s, "\x1f"s,
                            "\xc2\x41\x01"s, "\x1b\xff\xff\xff\xff\xff\xff\xff\xff"s, "\x7f\x01\xff"s}) {
    CHECK_FALSE(cbor_to_json(wrong).has_value());
  }
  CHECK_FALSE(cbor_to_json(std::string(100, '\x81')).has_value());
}

TEST_CASE("json becomes cbor: doubles stay doubles, times are tagged") {
  CHECK(cbor_of("") == "\xa0");
  CHECK(cbor_of(R"({"a":1.0,"n":-2})") ==
        "\xa2\x61"
        "a\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00\x61n\x21"s);
  CHECK(cbor_of(R"({"T":[1]})") == "\xa1\x61T\x81\xc1\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00"s);
  CHECK(json_of(cbor_of(R"({"T":1700000000.5,"s":"ü","l":[{},300,70000]})")) ==
        R"({"T":1700000000.5,"s":"ü","l":[{},300,70000]})");
}
