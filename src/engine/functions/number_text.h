// Numbers and text by Java's and Spark's rules. Nothing here knows DuckDB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/int128.h"

namespace mastic::engine {

/// Without blanks and control characters at both ends: UTF8String.trimAll.
std::string_view trim_all(std::string_view text);

/// A whole number with sign; with `allow_fraction` "12.7" counts as 12. nullopt: not a number, or beyond 64 bits.
std::optional<int64_t> parse_integer(std::string_view text, bool allow_fraction);

/// Double.valueOf, plus Spark's case-insensitive inf, infinity, nan.
std::optional<double> parse_double(std::string_view text);

/// true/t/yes/y/1, false/f/no/n/0.
std::optional<bool> parse_boolean(std::string_view text);

/// Double.toString (JDK 19+: shortest digits): 1.0E10, 1.0E-5, 0.001, NaN, Infinity. Appends to `out`, which has room for
/// `java_double_size_max` characters; gives the end.
constexpr int java_double_size_max = 32;
char* write_java_double(char* out, double value);
char* write_java_float(char* out, float value);
std::string java_double(double value);

/// The unscaled value of a number text at `scale`, rounded half up; nullopt: not a number, or more than `precision` digits.
std::optional<int128> parse_decimal(std::string_view text, int precision, int scale);

/// `-12.30`: an unscaled value as plain digits.
std::string decimal_text(int128 unscaled, int scale);

}  // namespace mastic::engine
