#include "engine/functions/json_text.h"

#include <doctest/doctest.h>

#include <string>

namespace mastic::engine {
namespace {

std::string at(std::string_view text, std::string_view path) {
  const auto json = read_json(text);
  const auto steps = parse_json_path(path);
  if (!json || !steps) return "(nothing)";
  return json_at(*json, *steps).value_or("(nothing)");
}

TEST_CASE("get_json_object's paths") {
  CHECK(at(R"({"a":{"b":[1,2,{"c":"x"}]}})", "$.a.b[2].c") == "x");
  CHECK(at(R"([{"f":1},{"f":2}])", "$[*].f") == "[1,2]");
  CHECK(at(R"([{"f":"a"},{"g":2}])", "$[*].f") == "\"a\"");
  CHECK(at(R"({"a":[[1,2],[3]]})", "$.a[*][*]") == "[1,2,3]");
  CHECK(at(R"({"a":{"b":1.10}})", "$.a") == R"({"b":1.1})");
  CHECK(at(R"({"a":null})", "$.a") == "(nothing)");
  CHECK(at(R"({"a":1})", "a") == "(nothing)");
}

TEST_CASE("what is no JSON is not read") {
  for (const auto* text : {"", "bad", "{\"a\":1", "[1,]", "{\"a\":01}", "\"\\x\"", "{a:1}", "1x"})
    CHECK_FALSE(read_json(text).has_value());
  JsonReading lenient;
  lenient.unquoted_names = lenient.leading_zeros = true;
  CHECK(read_json("{a:01}", lenient).has_value());
  CHECK(read_json("{'a':1}").has_value());
}

TEST_CASE("nesting has an end") { CHECK_FALSE(read_json(std::string(100'000, '[')).has_value()); }

}  // namespace
}  // namespace mastic::engine
