// Strings where Spark differs from DuckDB. Positions count characters (code points), from 1.
#include <openssl/evp.h>

#include <cmath>

#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

bool is_lead(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

int64_t character_count(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) count += is_lead(c) ? 1 : 0;
  return count;
}

/// The byte at which character `index` (from 0) begins; the end when there are fewer.
std::size_t byte_of(std::string_view text, int64_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (is_lead(text[at]) && index-- == 0) break;
  }
  return at;
}

/// UTF8String.substringSQL: 0 counts as 1, negative counts from the end.
std::string_view substring(std::string_view text, int64_t position, int64_t length) {
  const int64_t count = character_count(text);
  if (position > count) return {};
  const int64_t start = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  const int64_t end = length > INT32_MAX ? INT64_MAX : start + length;
  if (end <= start || end <= 0) return {};
  const std::size_t from = byte_of(text, std::max<int64_t>(start, 0));
  const auto rest = text.substr(from);
  return rest.substr(0, byte_of(rest, std::min(end, count) - std::max<int64_t>(start, 0)));
}

void substring_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<string_t, int32_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t text, int32_t position, int32_t length) {
        return add_string(result, substring(view(text), position, length));
      });
}

/// Upper case after each blank. The lowering has made the rest lower case.
void initcap(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
    auto copy = text.GetString();
    for (std::size_t i = 0; i < copy.size(); ++i) {
      if (i == 0 || copy[i - 1] == ' ') copy[i] = to_upper(copy[i]);
    }
    return add_string(result, copy);
  });
}

std::string substring_index(std::string_view text, std::string_view delimiter, int32_t count) {
  if (delimiter.empty() || count == 0) return "";
  if (count > 0) {
    std::size_t at = 0;
    for (; count > 0; --count) {
      const auto found = text.find(delimiter, at);
      if (found == std::string_view::npos) return std::string(text);
      at = found + delimiter.size();
    }
    return std::string(text.substr(0, at - delimiter.size()));
  }
  std::size_t end = text.size();
  std::size_t found = std::string_view::npos;
  for (; count < 0; ++count) {
    if (end < delimiter.size()) return std::string(text);
    found = text.rfind(delimiter, end - delimiter.size());
    if (found == std::string_view::npos) return std::string(text);
    end = found;
  }
  return std::string(text.substr(found + delimiter.size()));
}

void substring_index_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<string_t, string_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t text, string_t delimiter, int32_t count) {
        return add_string(result, substring_index(view(text), view(delimiter), count));
      });
}

std::string soundex(std::string_view text) {
  constexpr std::string_view codes = "01230120022455012623010202";  // A…Z; H and W (marked below) do not separate
  if (text.empty() || !(is_upper(to_upper(text[0])))) return std::string(text);
  std::string out(1, to_upper(text[0]));
  char last = codes[static_cast<std::size_t>(out[0] - 'A')];
  for (std::size_t i = 1; i < text.size() && out.size() < 4; ++i) {
    const char letter = to_upper(text[i]);
    if (!is_upper(letter)) {
      last = '0';
      continue;
    }
    const char code = codes[static_cast<std::size_t>(letter - 'A')];
    if (letter == 'H' || letter == 'W') continue;
    if (code != '0' && code != last) out += code;
    last = code;
  }
  out.resize(4, '0');
  return out;
}

/// Java's NumberConverter: unsigned 64 bits; a negative `to` base gives a signed text.
template <bool exact>
std::optional<std::string> convert_base(std::string_view text, int from, int to) {
  text = trim_all(text);
  if (from < 2 || from > 36 || std::abs(to) < 2 || std::abs(to) > 36 || text.empty()) return std::nullopt;
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  uint64_t value = 0;
  bool overflow = false;
  for (const char c : text) {
    const int digit = is_digit(c) ? c - '0' : is_upper(to_upper(c)) ? to_upper(c) - 'A' + 10 : 99;
    if (digit >= from) break;
    overflow = overflow || __builtin_mul_overflow(value, static_cast<uint64_t>(from), &value) ||
               __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value);
  }
  if (overflow && exact) {
    throw_spark_error(
        "ARITHMETIC_OVERFLOW",
        {{"message", "Overflow in function conv()"}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}});
  }
  if (overflow) value = UINT64_MAX;
  if (negative && to > 0) value = overflow ? UINT64_MAX : 0 - value;
  bool sign = negative && to < 0;
  if (to < 0 && !negative && static_cast<int64_t>(value) < 0) {
    value = 0 - value;
    sign = true;
  }
  const auto base = static_cast<uint64_t>(std::abs(to));
  std::string out;
  do {
    out += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % base];
    value /= base;
  } while (value > 0);
  if (sign) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

template <bool exact>
void conv(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::ExecuteWithNulls<string_t, int32_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(),
      [&](string_t text, int32_t from, int32_t to, ValidityMask& mask, idx_t row) {
        const auto converted = convert_base<exact>(view(text), from, to);
        if (!converted) mask.SetInvalid(row);
        return converted ? add_string(result, *converted) : string_t();
      });
}

/// `1,234,567.89`: digits of an unscaled decimal, grouped.
std::string format_number(double value, int32_t digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value < 0 ? "-∞" : "∞";
  std::string text;
  const auto exact = std::abs(value) < 1e18 && digits <= 18 ? parse_decimal(java_double(value), 38, digits) : std::nullopt;
  text = exact ? decimal_text(*exact, digits) : duckdb::StringUtil::Format("%.*f", digits, value);
  auto point = text.find('.');
  if (point == std::string::npos) point = text.size();
  for (auto at = static_cast<int64_t>(point) - 3; at > (text[0] == '-' ? 1 : 0); at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

void format_number_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<double, int32_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](double value, int32_t digits, ValidityMask& mask, idx_t row) {
        if (digits < 0) {
          mask.SetInvalid(row);
          return string_t();
        }
        return add_string(result, format_number(value, digits));
      });
}

void find_in_set(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, int32_t>(input.data[0], input.data[1], result, input.size(),
                                                               [](string_t wanted, string_t set) {
                                                                 if (view(wanted).find(',') != std::string_view::npos) return 0;
                                                                 int32_t index = 1;
                                                                 for (auto rest = view(set);; ++index) {
                                                                   const auto comma = rest.find(',');
                                                                   if (rest.substr(0, comma) == view(wanted)) return index;
                                                                   if (comma == std::string_view::npos) return 0;
                                                                   rest.remove_prefix(comma + 1);
                                                                 }
                                                               });
}

void sha2(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, int32_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](string_t bytes, int32_t bits, ValidityMask& mask, idx_t row) {
        const EVP_MD* digest = bits == 224                ? EVP_sha224()
                               : bits == 256 || bits == 0 ? EVP_sha256()
                               : bits == 384              ? EVP_sha384()
                               : bits == 512              ? EVP_sha512()
                                                          : nullptr;
        if (digest == nullptr) {
          mask.SetInvalid(row);
          return string_t();
        }
        unsigned char sum[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_Digest(bytes.GetData(), bytes.GetSize(), sum, &size, digest, nullptr);
        std::string hex;
        for (unsigned i = 0; i < size; ++i) {
          hex += "0123456789abcdef"[sum[i] >> 4];
          hex += "0123456789abcdef"[sum[i] & 15];
        }
        return add_string(result, hex);
      });
}

void mask_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  // mask(text, upper, lower, digit, other): one replacement character each; NULL keeps the class as it is.
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto text = input.data[0].GetValue(row);
    duckdb::FlatVector::SetNull(result, row, text.IsNull());
    if (text.IsNull()) continue;
    const auto replacement = [&](idx_t index) -> std::optional<std::string> {
      const auto value = input.data[index].GetValue(row);
      return value.IsNull() ? std::nullopt : std::optional(value.ToString());
    };
    const auto upper = replacement(1);
    const auto lower = replacement(2);
    const auto digit = replacement(3);
    const auto other = replacement(4);
    std::string out;
    for (const char c : duckdb::StringValue::Get(text)) {
      const auto& chosen = is_upper(c) ? upper : is_lower(c) ? lower : is_digit(c) ? digit : other;
      if (chosen && is_lead(c)) {
        out += *chosen;
      } else if (!chosen) {
        out += c;
      }
    }
    duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, out);
  }
}

/// unhex: NULL for anything that is not hexadecimal; an odd count gets a 0 in front.
void unhex(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, string_t>(
      input.data[0], result, input.size(), [&](string_t text, ValidityMask& mask, idx_t row) {
        std::string digits = text.GetString();
        if (digits.size() % 2 == 1) digits.insert(0, "0");
        std::string bytes;
        for (std::size_t i = 0; i < digits.size(); i += 2) {
          const auto nibble = [](char c) {
            return is_digit(c) ? c - '0' : to_upper(c) >= 'A' && to_upper(c) <= 'F' ? to_upper(c) - 'A' + 10 : -1;
          };
          const int high = nibble(digits[i]);
          const int low = nibble(digits[i + 1]);
          if (high < 0 || low < 0) {
            mask.SetInvalid(row);
            return string_t();
          }
          bytes += static_cast<char>(high << 4 | low);
        }
        return add_string(result, bytes);
      });
}

template <typename Convert>
duckdb::scalar_function_t text_to_text(Convert convert) {
  return [convert](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(),
                                                       [&](string_t text) { return add_string(result, convert(view(text))); });
  };
}

[[noreturn]] void raise(std::string_view text) {
  throw_spark_error("USER_RAISED_EXCEPTION", {{"errorMessage", std::string(text)}});
}

/// NULL raises too, as the text `null`.
void raise_error(DataChunk& input, ExpressionState&, Vector& result) {
  if (input.size() > 0) {
    const auto value = input.data[0].GetValue(0);
    raise(value.IsNull() ? "null" : value.ToString());
  }
  result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  duckdb::ConstantVector::SetNull(result, true);
}

}  // namespace

void register_string_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto integer = LogicalType::INTEGER;
  const auto blob = LogicalType::BLOB;
  loader.RegisterFunction(kernel("spark_substring", {text, integer, integer}, text, substring_kernel));
  loader.RegisterFunction(kernel("spark_initcap", {text}, text, initcap));
  loader.RegisterFunction(kernel("spark_substring_index", {text, text, integer}, text, substring_index_kernel));
  loader.RegisterFunction(kernel("spark_soundex", {text}, text, text_to_text(soundex)));
  loader.RegisterFunction(kernel("spark_conv", {text, integer, integer}, text, conv<false>));
  loader.RegisterFunction(kernel("spark_conv_exact", {text, integer, integer}, text, conv<true>));
  loader.RegisterFunction(kernel("spark_format_number", {LogicalType::DOUBLE, integer}, text, format_number_kernel));
  loader.RegisterFunction(kernel("spark_find_in_set", {text, text}, integer, find_in_set));
  loader.RegisterFunction(kernel("spark_sha2", {blob, integer}, text, sha2));
  loader.RegisterFunction(kernel("spark_mask", {text, text, text, text, text}, text, mask_kernel));
  loader.RegisterFunction(kernel("spark_unhex", {text}, blob, unhex));
  auto raise = kernel("spark_raise_error", {text}, integer, raise_error);
  raise.stability = duckdb::FunctionStability::VOLATILE;  // never evaluated ahead of time
  loader.RegisterFunction(std::move(raise));
}

}  // namespace mastic::engine
