// Random items for tests. Header-only, used by *_test.cpp alone.
#pragma once

#include <random>
#include <set>
#include <string>

#include "dynamodb/value.h"

namespace mastic::dynamodb::testing {

using Random = std::mt19937_64;

inline std::string random_text(Random& random, std::size_t length_max) {
  std::string text;
  const auto length = random() % (length_max + 1);
  // Few different characters, and those that matter to escaping and to key order.
  constexpr std::string_view alphabet("\0\1ab\"\\\n\x7f", 8);
  for (std::size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

inline Number random_number(Random& random) {
  std::string text = std::to_string(static_cast<int64_t>(random()) >> (random() % 60));
  text += "e" + std::to_string(static_cast<int>(random() % 80) - 40);
  return Number::parse(text).value();
}

inline Value random_value(Random& random, int depth = 0) {
  switch (random() % (depth < 3 ? 10 : 5)) {
    case 0: return Value::string(random_text(random, 12));
    case 1: return Value::number(random_number(random));
    case 2: return Value::binary(random_text(random, 12));
    case 3: return Value::truth(random() % 2 == 0);
    case 4: return {};
    case 5: {
      std::set<std::string> members{"x"};
      for (int i = 0; i < 3; ++i) members.insert("m" + random_text(random, 3));
      return Value::set(random() % 2 ? Type::string_set : Type::binary_set, {members.begin(), members.end()}).value();
    }
    case 6: {
      std::set<std::string> members;
      for (int i = 0; i < 3; ++i) members.insert(random_number(random).text());
      return Value::set(Type::number_set, {members.begin(), members.end()}).value();
    }
    case 7: {
      std::vector<Value> elements;
      for (auto i = random() % 4; i > 0; --i) elements.push_back(random_value(random, depth + 1));
      return Value::list(std::move(elements));
    }
    default: {
      Item attributes;
      for (auto i = random() % 4; i > 0; --i) attributes.set(random_text(random, 5), random_value(random, depth + 1));
      return Value::map(std::move(attributes));
    }
  }
}

inline Item random_item(Random& random) {
  Item item;
  for (auto i = random() % 6; i > 0; --i) item.set("n" + random_text(random, 4), random_value(random));
  return item;
}

}  // namespace mastic::dynamodb::testing
