// Numbers and text through formats: Spark's to_number/to_char formats, Java's DecimalFormat and Formatter.
// Nothing here knows DuckDB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/functions/int128.h"

namespace mastic::engine {

/// to_number's and to_char's format: [MI|S][$] digits 0 and 9 with G or , and . or D [$][PR|MI|S].
struct NumberFormat {
  enum class Sign : uint8_t { none, leading_s, leading_mi, trailing_s, trailing_mi, angle };
  Sign sign = Sign::none;
  bool currency = false;
  bool sign_before_currency = true;
  std::string whole;     // 0 9 ,
  std::string fraction;  // 0 9
  bool point = false;
  [[nodiscard]] int scale() const { return static_cast<int>(fraction.size()); }
};
/// nullopt: no digits, or letters that no format has.
std::optional<NumberFormat> parse_number_format(std::string_view format);
/// The unscaled value at the format's scale; nullopt: the text does not match.
std::optional<int128> parse_formatted_number(std::string_view text, const NumberFormat& format);
/// `digits`: a number as plain digits (-12.30). Too many digits give # in their places.
std::string format_number(std::string_view digits, const NumberFormat& format);

/// java.text.DecimalFormat over plain digits, rounding half to even: `#,##0.00`, `0.###%`, `$#,##0`.
std::string format_decimal(std::string_view digits, std::string_view pattern);

/// java.util.Formatter's conversions d s S f e E g x X o c b B h n %, with flags, width, precision and argument index.
using FormatArgument = std::variant<std::monostate, bool, int64_t, double, std::string>;
struct FormatValue {
  FormatArgument value;
  int bits = 64;            // of an integer: negative %x shows this many
  bool is_decimal = false;  // text that only %s and %b take, as Spark's own Decimal
};
struct FormatFailure {
  std::string message;  // of Java's exception
};
/// Fails when the format or an argument does not fit.
std::variant<std::string, FormatFailure> format_text(std::string_view format, const std::vector<FormatValue>& values);

}  // namespace mastic::engine
