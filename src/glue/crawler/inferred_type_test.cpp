#include "glue/crawler/inferred_type.h"

#include <doctest/doctest.h>

using namespace mastic::glue::crawler;
using mastic::dynamodb::Type;
namespace codec = mastic::dynamodb::codec;

namespace {

std::string scalar(Type type, std::string_view text) {
  std::string bytes;
  codec::append_scalar(bytes, type, text);
  return bytes;
}
std::string number(std::string_view text) { return scalar(Type::number, text); }
std::string string(std::string_view text) { return scalar(Type::string, text); }
std::string boolean(bool value) {
  std::string bytes;
  codec::append_boolean(bytes, value);
  return bytes;
}
std::string null() {
  std::string bytes;
  codec::append_null(bytes);
  return bytes;
}
std::string list(std::initializer_list<std::string> elements) {
  std::string members;
  for (const auto& element : elements) members += element;
  std::string bytes;
  codec::append_members(bytes, Type::list, elements.size(), members);
  return bytes;
}
std::string set(Type type, std::initializer_list<std::string_view> texts) {
  std::string members;
  for (const auto text : texts) codec::append_bytes(members, text);
  std::string bytes;
  codec::append_members(bytes, type, texts.size(), members);
  return bytes;
}
using Named = std::pair<std::string_view, std::string>;
std::string map(std::initializer_list<Named> attributes) {
  std::string members;
  for (const auto& [name, value] : attributes) {
    codec::append_bytes(members, name);
    members += value;
  }
  std::string bytes;
  codec::append_members(bytes, Type::map, attributes.size(), members);
  return bytes;
}

std::string type_of(std::initializer_list<std::string> values) {
  InferredType type;
  for (const auto& value : values) type.observe(codec::Reader(value).value());
  return type.text();
}

}  // namespace

TEST_CASE("scalars") {
  CHECK(type_of({string("x")}) == "string");
  CHECK(type_of({number("1"), number("-9223372036854775808")}) == "bigint");
  CHECK(type_of({number("9223372036854775808")}) == "double");
  CHECK(type_of({number("1"), number("0.5"), number("2")}) == "double");
  CHECK(type_of({boolean(true), null()}) == "boolean");
  CHECK(type_of({null()}) == "string");
  CHECK(type_of({scalar(Type::binary, "b")}) == "binary");
}

TEST_CASE("nested") {
  CHECK(type_of({list({number("1"), number("2")})}) == "array<bigint>");
  CHECK(type_of({list({}), list({number("1.5")})}) == "array<double>");
  CHECK(type_of({list({})}) == "array<string>");
  CHECK(type_of({set(Type::number_set, {"1", "2.5"})}) == "array<double>");
  CHECK(type_of({set(Type::string_set, {"a"})}) == "array<string>");
  CHECK(type_of({map({{"a", number("1")}}), map({{"b", list({string("x")})}})}) == "struct<a:bigint,b:array<string>>");
  CHECK(type_of({map({{"odd:name", number("1")}})}) == "struct<`odd:name`:bigint>");
}

TEST_CASE("mixtures are kept") {
  CHECK(type_of({number("1"), string("x")}) == "uniontype<string,bigint>");
  CHECK(type_of({boolean(true), list({number("1")})}) == "uniontype<boolean,array<bigint>>");
  CHECK(type_of({list({number("1"), string("x")})}) == "array<uniontype<string,bigint>>");
}

TEST_CASE("a schema is the union of the items' attributes, by name") {
  std::string item;
  codec::append_varint(item, 2);
  codec::append_bytes(item, "policy_id");
  item += string("ID00001");
  codec::append_bytes(item, "age");
  item += number("0.05");
  InferredSchema schema;
  CHECK(schema.observe(item));
  CHECK_FALSE(schema.observe(item.substr(0, item.size() - 2)));
  REQUIRE(schema.columns().size() == 2);
  CHECK(schema.columns().begin()->first == "age");
  CHECK(schema.columns().begin()->second.text() == "double");
}
