// DynamoDB's number: a decimal of up to 38 significant digits, from 1E-130 to 9.99…E+125 in magnitude, and zero.
//
// Exact: nothing is ever rounded; a result that does not fit is an error with DynamoDB's text.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::dynamodb {

class Number {
 public:
  static constexpr int digits_max = 38;
  static constexpr int exponent_max = 125;
  static constexpr int exponent_min = -130;

  Number() = default;  // zero

  /// Reads decimal text: sign, digits, point, exponent. Fails with a ValidationException in DynamoDB's words.
  static Result<Number> parse(std::string_view text);
  static Number from_integer(int64_t integer);

  /// Plain digits as DynamoDB prints them: no exponent, no leading or trailing zeros, no minus zero.
  [[nodiscard]] std::string text() const;

  /// Appends bytes whose order is the numbers' order; no number's bytes are a prefix of another's with a different order.
  void append_ordered(std::string& out) const;

  /// What the number counts towards an item's size.
  [[nodiscard]] std::size_t size_bytes() const;

  [[nodiscard]] bool is_zero() const { return count_ == 0; }

  friend Result<Number> add(const Number& left, const Number& right);
  friend Result<Number> subtract(const Number& left, const Number& right);
  friend std::strong_ordering operator<=>(const Number& left, const Number& right);
  friend bool operator==(const Number& left, const Number& right) { return (left <=> right) == 0; }

 private:
  static Result<Number> from_digits(bool negative, int exponent, const uint8_t* digits, std::size_t count);
  static std::strong_ordering compare_magnitude(const Number& left, const Number& right);

  bool negative_ = false;
  int16_t exponent_ = 0;                      // Of the first digit: 12.5 has exponent 1.
  uint8_t count_ = 0;                         // Digits in use; neither the first nor the last of them is 0.
  std::array<uint8_t, digits_max> digits_{};  // Most significant first.
};

Result<Number> add(const Number& left, const Number& right);
Result<Number> subtract(const Number& left, const Number& right);

}  // namespace mastic::dynamodb
