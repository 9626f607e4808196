#include "dynamodb/number.h"

#include <algorithm>
#include <vector>

namespace mastic::dynamodb {
namespace {

auto not_numeric(std::string_view text) {
  if (text.empty()) return fail(Error::invalid("The parameter cannot be converted to a numeric value"));
  return fail(Error::invalid("The parameter cannot be converted to a numeric value: " + std::string(text)));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<Number> Number::from_digits(bool negative, int exponent, const uint8_t* digits, std::size_t count) {
  while (count > 0 && digits[0] == 0) ++digits, --count, --exponent;
  while (count > 0 && digits[count - 1] == 0) --count;
  Number number;
  if (count == 0) return number;
  if (exponent > exponent_max)
    return fail(Error::invalid("Number overflow. Attempting to store a number with magnitude larger than supported range"));
  if (exponent < exponent_min)
    return fail(Error::invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range"));
  if (count > digits_max) return fail(Error::invalid("Attempting to store more than 38 significant digits in a Number"));
  number.negative_ = negative;
  number.exponent_ = static_cast<int16_t>(exponent);
  number.count_ = static_cast<uint8_t>(count);
  std::copy_n(digits, count, number.digits_.begin());
  return number;
}

Result<Number> Number::parse(std::string_view text) {
  std::size_t at = 0;
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;

  // Every digit comes from one character, and nearly every number is short.
  std::array<uint8_t, 64> few;
  std::vector<uint8_t> many(text.size() > few.size() ? text.size() : 0);
  uint8_t* const digits = many.empty() ? few.data() : many.data();
  std::size_t count = 0;
  int whole_digits = 0;
  while (at < text.size() && is_digit(text[at])) {
    digits[count++] = static_cast<uint8_t>(text[at++] - '0');
    ++whole_digits;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && is_digit(text[at])) digits[count++] = static_cast<uint8_t>(text[at++] - '0');
  }
  if (count == 0) return not_numeric(text);

  int exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative_exponent = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size()) return not_numeric(text);
    while (at < text.size() && is_digit(text[at])) exponent = std::min(exponent * 10 + (text[at++] - '0'), 1'000'000);
    if (negative_exponent) exponent = -exponent;
  }
  if (at != text.size()) return not_numeric(text);
  return from_digits(negative, exponent + whole_digits - 1, digits, count);
}

Number Number::from_integer(int64_t integer) { return *parse(std::to_string(integer)); }

std::string Number::text() const {
  if (count_ == 0) return "0";
  std::string out;
  if (negative_) out += '-';
  if (exponent_ < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-exponent_ - 1), '0');
  }
  for (int i = 0; i < count_; ++i) {
    if (i == exponent_ + 1 && exponent_ >= 0) out += '.';
    out += static_cast<char>('0' + digits_[static_cast<std::size_t>(i)]);
  }
  if (exponent_ + 1 > count_) out.append(static_cast<std::size_t>(exponent_ + 1 - count_), '0');
  return out;
}

// sign: 1 negative, 2 zero, 3 positive
// then, for a positive number:  exponent + 130 in one byte, then two digits a byte as 1…100
// for a negative number:        the same bytes complemented, and FF so that a longer (smaller) number sorts first
void Number::append_ordered(std::string& out) const {
  if (count_ == 0) {
    out += '\2';
    return;
  }
  out += negative_ ? '\1' : '\3';
  const auto flip = static_cast<uint8_t>(negative_ ? 0xFF : 0);
  out += static_cast<char>(static_cast<uint8_t>(exponent_ - exponent_min) ^ flip);
  for (std::size_t i = 0; i < count_; i += 2) {
    const int pair = digits_[i] * 10 + (i + 1 < count_ ? digits_[i + 1] : 0) + 1;
    out += static_cast<char>(static_cast<uint8_t>(pair) ^ flip);
  }
  if (negative_) out += static_cast<char>(0xFF);
}

// DynamoDB keeps two digits a byte, aligned to even powers of ten, and one byte for the exponent; a minus sign takes one more.
std::size_t Number::size_bytes() const {
  if (count_ == 0) return 1;
  const std::size_t pairs = (static_cast<std::size_t>(count_) + 1) / 2;
  const bool straddles = count_ % 2 == 0 && exponent_ % 2 == 0;
  return 1 + pairs + (straddles ? 1 : 0) + (negative_ ? 1 : 0);
}

std::strong_ordering Number::compare_magnitude(const Number& left, const Number& right) {
  if (left.count_ == 0 || right.count_ == 0) return left.count_ <=> right.count_;
  if (left.exponent_ != right.exponent_) return left.exponent_ <=> right.exponent_;
  return std::lexicographical_compare_three_way(left.digits_.begin(), left.digits_.begin() + left.count_, right.digits_.begin(),
                                                right.digits_.begin() + right.count_);
}

std::strong_ordering operator<=>(const Number& left, const Number& right) {
  const bool left_negative = left.negative_;
  if (left_negative != right.negative_) return left_negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return left_negative ? Number::compare_magnitude(right, left) : Number::compare_magnitude(left, right);
}

Result<Number> add(const Number& left, const Number& right) {
  if (left.is_zero()) return right;
  if (right.is_zero()) return left;
  const bool same_sign = left.negative_ == right.negative_;
  const bool left_larger = Number::compare_magnitude(left, right) >= 0;
  const Number& large = left_larger ? left : right;
  const Number& small = left_larger ? right : left;

  // Both written out over the powers of ten from `top` down to `bottom`; `top` leaves room for a carry.
  const int top = large.exponent_ + 1;
  const int bottom = std::min(large.exponent_ - large.count_, small.exponent_ - small.count_) + 1;
  std::vector<uint8_t> sum(static_cast<std::size_t>(top - bottom + 1), 0);
  const auto place = [&](int power) -> uint8_t& { return sum[static_cast<std::size_t>(top - power)]; };
  for (int i = 0; i < large.count_; ++i) place(large.exponent_ - i) = large.digits_[static_cast<std::size_t>(i)];

  int carry = 0;
  for (int power = bottom; power <= top; ++power) {
    const int offset = small.exponent_ - power;
    const int digit = offset >= 0 && offset < small.count_ ? small.digits_[static_cast<std::size_t>(offset)] : 0;
    int value = place(power) + carry + (same_sign ? digit : -digit);
    carry = value > 9 ? 1 : value < 0 ? -1 : 0;
    value -= 10 * carry;
    place(power) = static_cast<uint8_t>(value);
  }
  return Number::from_digits(large.negative_, top, sum.data(), sum.size());
}

Result<Number> subtract(const Number& left, const Number& right) {
  Number negated = right;
  if (!negated.is_zero()) negated.negative_ = !negated.negative_;
  return add(left, negated);
}

}  // namespace mastic::dynamodb
