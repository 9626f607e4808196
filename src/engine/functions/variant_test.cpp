#include "engine/functions/variant.h"

#include <doctest/doctest.h>

#include <string>

namespace mastic::engine {
namespace {

Variant of_json(std::string_view text) {
  const auto json = read_json(text);
  REQUIRE(json.has_value());
  VariantBuilder builder;
  REQUIRE(builder.json(*json));
  return std::move(builder).finish();
}

std::string to_json(const Variant& variant) {
  std::string out;
  append_variant_json(out, VariantView(variant.value, variant.metadata), TimeZone::find("UTC"));
  return out;
}

using namespace std::string_literals;

TEST_CASE("a variant has the bytes that Spark writes") {
  CHECK(of_json("null").value == "\x00"s);
  CHECK(of_json("null").metadata == "\x01\x00\x00"s);
  CHECK(of_json("3.14").value == "\x20\x02\x3A\x01\x00\x00"s);
  CHECK(of_json("\"hello\"").value == "\x15hello"s);
  const auto object = of_json(R"({"b":1,"a":[2]})");
  CHECK(object.metadata == "\x01\x02\x00\x01\x02"s + "ba");
  CHECK(to_json(object) == R"({"a":[2],"b":1})");
}

TEST_CASE("numbers keep what they can") {
  CHECK(to_json(of_json("[1.0, 2.50, 1e-7, 12345678901234567890]")) == "[1,2.5,1.0E-7,12345678901234567890]");
}

TEST_CASE("a key that comes twice is refused by name") {
  VariantBuilder builder;
  CHECK_FALSE(builder.json(*read_json(R"({"a":1,"a":2})")));
  CHECK(builder.duplicate() == "a");
}

TEST_CASE("paths lead into objects and arrays") {
  const auto variant = of_json(R"({"a b":{"c":[1,2]}})");
  const auto path = parse_variant_path("$[\"a b\"].c[1]");
  REQUIRE(path.has_value());
  const auto found = variant_at(VariantView(variant.value, variant.metadata), *path);
  REQUIRE(found.has_value());
  CHECK(found->integer() == 2);
  CHECK_FALSE(parse_variant_path("a").has_value());
}

TEST_CASE("bytes that are no variant are invalid, wherever they are cut") {
  const auto variant = of_json(R"({"a":[1,"x",{"b":null}],"c":2.5})");
  for (std::size_t size = 0; size < variant.value.size(); ++size) {
    const VariantView view(std::string_view(variant.value).substr(0, size), variant.metadata);
    CHECK(view.kind() == VariantView::Kind::invalid);
  }
}

TEST_CASE("shapes merge") {
  const auto shape = [](std::string_view text) {
    const auto variant = of_json(text);
    return shape_of(VariantView(variant.value, variant.metadata)).text();
  };
  CHECK(shape(R"({"b":1,"a":[1,2.5],"c":null})") == "OBJECT<a: ARRAY<DECIMAL(21,1)>, b: BIGINT, c: VOID>");
  CHECK(shape(R"([1,"x"])") == "ARRAY<VARIANT>");
}

}  // namespace
}  // namespace mastic::engine
