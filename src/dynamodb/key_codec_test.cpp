#include "dynamodb/key_codec.h"

#include <doctest/doctest.h>

#include <array>

#include "dynamodb/random_item.h"

using namespace mastic::dynamodb;

namespace {

std::string sort_key(const Value& value, std::string_view behind) {
  std::string key = "p";
  key_codec::append_sort(key, key_codec::ordered(value));
  return key.append(behind);
}

}  // namespace

TEST_CASE("sort keys order as their values do, whatever follows them") {
  testing::Random random(21);
  const auto value_of = [&](Type type) {
    if (type == Type::number) return Value::number(testing::random_number(random));
    auto text = testing::random_text(random, 4);
    return type == Type::string ? Value::string(std::move(text)) : Value::binary(std::move(text));
  };
  for (const Type type : {Type::string, Type::number, Type::binary}) {
    for (int i = 0; i < 5000; ++i) {
      const auto left = value_of(type);
      const auto right = value_of(type);
      const auto order = compare(left, right);
      const auto left_key = sort_key(left, testing::random_text(random, 3));
      const auto right_key = sort_key(right, testing::random_text(random, 3));
      if (order != 0) REQUIRE((left_key <=> right_key) == order);
    }
  }
}

TEST_CASE("the keys that start with something are one range") {
  testing::Random random(22);
  for (int i = 0; i < 5000; ++i) {
    const auto start = testing::random_text(random, 3);
    const auto text = testing::random_text(random, 5);
    std::string prefix = "p";
    key_codec::append_sort_start(prefix, start);
    const auto range = key_codec::starting_with(prefix);
    const auto key = sort_key(Value::string(text), "");
    REQUIRE((key >= range.begin && key < range.end) == text.starts_with(start));
  }
}

TEST_CASE("segments cut a table's hash space without gap or overlap") {
  for (const uint32_t segments : {1U, 2U, 3U, 7U, 16U, 1000000U}) {
    const auto whole = key_codec::whole(5);
    CHECK(key_codec::segment(5, 0, segments).begin == whole.begin);
    CHECK(key_codec::segment(5, segments - 1, segments).end == whole.end);
    for (uint32_t i = 1; i < std::min(segments, 50U); ++i)
      CHECK(key_codec::segment(5, i - 1, segments).end == key_codec::segment(5, i, segments).begin);
  }
}

TEST_CASE("the hash of a partition never changes") {
  // These are on users' disks.
  CHECK(key_codec::partition_hash("") == key_codec::partition_hash(std::string_view()));
  std::array<int, 16> counts{};
  for (int i = 0; i < 16'000; ++i) ++counts[key_codec::partition_hash("item-" + std::to_string(i)) >> 60];
  for (const int count : counts) CHECK((count > 800 && count < 1200));
}
