#include "dynamodb/value.h"

#include <doctest/doctest.h>

#include "aws/json.h"
#include "dynamodb/random_item.h"
#include "dynamodb/wire_item.h"

using namespace mastic;
using namespace mastic::dynamodb;

TEST_CASE("items survive encoding") {
  testing::Random random(11);
  for (int i = 0; i < 2000; ++i) {
    const auto item = testing::random_item(random);
    const auto encoded = encode_item(item);
    const auto decoded = decode_item(encoded);
    REQUIRE(decoded);
    REQUIRE(*decoded == item);
  }
}

TEST_CASE("items survive the wire") {
  testing::Random random(12);
  for (int i = 0; i < 500; ++i) {
    const auto item = testing::random_item(random);
    const auto read = aws::from_json<Item>(WireItem::of(item).json);
    REQUIRE(read);
    REQUIRE(*read == item);
    REQUIRE(aws::to_json(item) == WireItem::of(item).json);
  }
}

TEST_CASE("bytes that are cut short or damaged never decode beyond their end") {
  testing::Random random(13);
  for (int i = 0; i < 500; ++i) {
    auto encoded = encode_item(testing::random_item(random));
    if (encoded.size() > 1) CHECK_FALSE(decode_item(encoded.substr(0, random() % encoded.size())).has_value());
    for (auto& byte : encoded)
      if (random() % 8 == 0) byte = static_cast<char>(random());
    static_cast<void>(decode_item(encoded));
    std::string json;
    append_json(json, encoded);
  }
}

TEST_CASE("the wire's text of every kind") {
  const std::string_view json =
      R"({"b":{"B":"AAE="},"f":{"BOOL":false},"l":{"L":[{"S":"x"},{"N":"1"}]},"m":{"M":{"k":{"S":"v"}}},"n":{"N":"1.5"},)"
      R"("ns":{"NS":["2","10"]},"nu":{"NULL":true},"s":{"S":"a\"b\u0001"},"ss":{"SS":["a","b"]}})";
  CHECK(aws::to_json(aws::from_json<Item>(json).value()) == json);
}

TEST_CASE("sets compare as sets and refuse what DynamoDB refuses") {
  const auto set = [](Type type, std::vector<std::string> members) { return Value::set(type, std::move(members)); };
  CHECK(set(Type::string_set, {"b", "a"}).value() == set(Type::string_set, {"a", "b"}).value());
  CHECK(set(Type::number_set, {"10", "9", "1.0"}).value().members == std::vector<std::string>{"1", "9", "10"});
  CHECK(set(Type::string_set, {}).error().message ==
        "One or more parameter values were invalid: An string set  may not be empty");
  CHECK(set(Type::string_set, {"a", "a"}).error().message ==
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  CHECK(set(Type::number_set, {"1", "1.0"}).error().message == "Input collection contains duplicates");
}

TEST_CASE("sizes are what DynamoDB counts") {
  Item item;
  item.set("id", Value::string("ab"));                        // 2 + 2
  item.set("n", Value::number(Number::from_integer(100)));    // 1 + 2
  item.set("l", Value::list({Value::truth(true), Value()}));  // 1 + 3 + (1 + 1) + (1 + 1)
  Item inner;
  inner.set("k", Value::string("v"));
  item.set("m", Value::map(std::move(inner)));  // 1 + 3 + 1 + (1 + 1)
  CHECK(size_bytes(item) == 4 + 3 + 8 + 7);
}

TEST_CASE("documents may nest 32 levels") {
  const auto nested = [](int depth) {
    Value value = Value::string("x");
    for (int i = 1; i < depth; ++i) value = Value::list({value});
    Item item;
    item.set("a", value);
    return decode_item(encode_item(item)).has_value();
  };
  CHECK(nested(32));
  CHECK_FALSE(nested(33));
}
