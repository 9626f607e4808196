#include "dynamodb/number.h"

#include <doctest/doctest.h>

#include <random>

using namespace mastic;
using dynamodb::Number;

namespace {

std::string normalised(std::string_view text) {
  const auto number = Number::parse(text);
  return number ? number->text() : number.error().message;
}
std::string sum(std::string_view left, std::string_view right) {
  const auto result = add(Number::parse(left).value(), Number::parse(right).value());
  return result ? result->text() : result.error().message;
}
std::string difference(std::string_view left, std::string_view right) {
  const auto result = subtract(Number::parse(left).value(), Number::parse(right).value());
  return result ? result->text() : result.error().message;
}
std::string ordered(const Number& number) {
  std::string out;
  number.append_ordered(out);
  return out;
}

constexpr std::string_view too_large =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr std::string_view too_small =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
constexpr std::string_view too_long = "Attempting to store more than 38 significant digits in a Number";

}  // namespace

TEST_CASE("numbers are printed as DynamoDB prints them") {
  CHECK(normalised("0") == "0");
  CHECK(normalised("-0.00") == "0");
  CHECK(normalised("0e200") == "0");
  CHECK(normalised("007") == "7");
  CHECK(normalised("+1.50") == "1.5");
  CHECK(normalised(".5") == "0.5");
  CHECK(normalised("5.") == "5");
  CHECK(normalised("-12.340e2") == "-1234");
  CHECK(normalised("1e3") == "1000");
  CHECK(normalised("1.2E-3") == "0.0012");
  CHECK(normalised("123456789012345678901234567890.12345678") == "123456789012345678901234567890.12345678");
  CHECK(normalised("1e-130") == "0." + std::string(129, '0') + "1");
  CHECK(normalised("9.99e125") == "999" + std::string(123, '0'));
}

TEST_CASE("what is no number is refused in DynamoDB's words") {
  CHECK(normalised("") == "The parameter cannot be converted to a numeric value");
  for (const std::string_view text : {"a", "1a", "1 ", " 1", "--1", "1e", "1e+", "e5", ".", "NaN", "0x10", "1,5"})
    CHECK(normalised(text) == "The parameter cannot be converted to a numeric value: " + std::string(text));
  CHECK(normalised("1e126") == too_large);
  CHECK(normalised("-1e999999999999") == too_large);
  CHECK(normalised("9.9e-131") == too_small);
  CHECK(normalised("1e-99999999999") == too_small);
  CHECK(normalised(std::string(39, '1')) == too_long);
  CHECK(normalised(std::string(38, '1') + std::string(20, '0')) == std::string(38, '1') + std::string(20, '0'));
}

TEST_CASE("arithmetic is exact or fails") {
  CHECK(sum("0.1", "0.2") == "0.3");
  CHECK(sum("99", "1") == "100");
  CHECK(sum("-5", "5") == "0");
  CHECK(sum("1e37", "1") == "1" + std::string(36, '0') + "1");
  CHECK(sum("1e38", "1") == too_long);
  CHECK(difference("1e38", "1") == std::string(38, '9'));
  CHECK(difference("1e100", "1e-100") == too_long);
  CHECK(difference("3", "5") == "-2");
  CHECK(sum(std::string(38, '9'), "1") == "1" + std::string(38, '0'));
  CHECK(sum("9e125", "1e125") == too_large);
  CHECK(difference("1.5e-130", "1e-130") == too_small);
}

TEST_CASE("sizes follow DynamoDB's pairs of digits") {
  const auto size = [](std::string_view text) { return Number::parse(text).value().size_bytes(); };
  CHECK(size("0") == 1);
  CHECK(size("1") == 2);
  CHECK(size("12") == 2);
  CHECK(size("123") == 3);
  CHECK(size("1.2") == 3);
  CHECK(size("-1") == 3);
}

TEST_CASE("order, encoded order and arithmetic agree with integers") {
  std::mt19937_64 random(7);
  const auto number = [&](int64_t& model) {
    model = static_cast<int64_t>(random() >> (random() % 60 + 3));
    if (random() % 2) model = -model;
    return Number::from_integer(model);
  };
  for (int i = 0; i < 20'000; ++i) {
    int64_t left_model = 0;
    int64_t right_model = 0;
    const auto left = number(left_model);
    const auto right = number(right_model);
    REQUIRE((left <=> right) == (left_model <=> right_model));
    REQUIRE((ordered(left) <=> ordered(right)) == (left_model <=> right_model));
    REQUIRE(add(left, right).value().text() == std::to_string(left_model + right_model));
    REQUIRE(subtract(left, right).value().text() == std::to_string(left_model - right_model));
  }
}

TEST_CASE("encoded order holds across magnitudes and fractions") {
  const std::string_view ascending[] = {"-9e125", "-123", "-12.5", "-12", "-1",   "-0.5", "-1e-130", "0",
                                        "1e-130", "0.5",  "1",     "12",  "12.5", "123",  "1e38",    "9e125"};
  for (std::size_t i = 1; i < std::size(ascending); ++i)
    CHECK(ordered(Number::parse(ascending[i - 1]).value()) < ordered(Number::parse(ascending[i]).value()));
}
