// Binary strings, and text as the bytes it is.
//   spark_bytes_contains, _starts_with, _ends_with (BLOB, BLOB); spark_bytes_substring(BLOB, INTEGER, INTEGER)
//   spark_bytes_pad_left, _pad_right (BLOB, INTEGER, BLOB); spark_bytes_reverse(BLOB)
//   spark_utf8_is_valid(BLOB), spark_utf8_validate(BLOB), spark_utf8_try_validate(BLOB)
//   spark_bitmap_count(BLOB); spark_luhn_check(VARCHAR); spark_quote(VARCHAR); spark_sentences(VARCHAR)
//   spark_unbase64(VARCHAR), spark_try_unbase64(VARCHAR), spark_unhex_exact(VARCHAR): to_binary's errors
#include <algorithm>
#include <array>
#include <bit>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// The size of the character at the front, or 0 when it is malformed.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) >= 0xA0)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto size = character_size(text.substr(i));
    if (size == 0) return false;
    i += size;
  }
  return true;
}

template <typename Test>
void predicate(DataChunk& input, Vector& result, Test test) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, bool>(input.data[0], input.data[1], result, input.size(),
                                                            [&](string_t a, string_t b) { return test(view(a), view(b)); });
}
void contains(DataChunk& input, ExpressionState&, Vector& result) {
  predicate(input, result, [](std::string_view a, std::string_view b) { return a.find(b) != std::string_view::npos; });
}
void starts_with(DataChunk& input, ExpressionState&, Vector& result) {
  predicate(input, result, [](std::string_view a, std::string_view b) { return a.starts_with(b); });
}
void ends_with(DataChunk& input, ExpressionState&, Vector& result) {
  predicate(input, result, [](std::string_view a, std::string_view b) { return a.ends_with(b); });
}

/// ByteArray.subStringSQL: 0 counts as 1, negative counts from the end.
void substring(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<string_t, int32_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t bytes, int32_t position, int32_t length) {
        const auto all = view(bytes);
        const auto size = static_cast<int64_t>(all.size());
        const int64_t start = position > 0 ? position - 1 : position < 0 ? size + position : 0;
        const int64_t end = std::min(start + length, size);
        const int64_t from = std::max<int64_t>(start, 0);
        if (from >= end) return add_string(result, {});
        return add_string(result, all.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from)));
      });
}

template <bool left>
void pad(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<string_t, int32_t, string_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t bytes, int32_t wanted, string_t with) {
        const auto all = view(bytes);
        const auto filler = view(with);
        const auto size = static_cast<std::size_t>(std::max(wanted, 0));
        if (all.size() >= size || filler.empty()) return add_string(result, all.substr(0, size));
        std::string padding;
        while (padding.size() < size - all.size()) padding += filler;
        padding.resize(size - all.size());
        return add_string(result, left ? padding + std::string(all) : std::string(all) + padding);
      });
}

void reverse(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t bytes) {
    return add_string(result, std::string(view(bytes).rbegin(), view(bytes).rend()));
  });
}

void utf8_is_valid(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, bool>(input.data[0], result, input.size(),
                                                 [](string_t bytes) { return is_valid_utf8(view(bytes)); });
}

std::string escaped(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const unsigned char byte : bytes) text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  return text;
}

template <OnFailure on_failure>
void utf8_validate(DataChunk& input, ExpressionState&, Vector& result) {
  convert_vector<string_t, string_t>(
      input.data[0], result, input.size(),
      [&](string_t bytes) -> std::optional<string_t> {
        if (!is_valid_utf8(view(bytes))) return std::nullopt;
        return add_string(result, view(bytes));
      },
      [](string_t bytes) {
        if (on_failure == OnFailure::error) throw_spark_error("INVALID_UTF8_STRING", {{"str", escaped(view(bytes))}});
      });
}

void bitmap_count(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, int64_t>(input.data[0], result, input.size(), [](string_t bytes) {
    int64_t bits = 0;
    for (const unsigned char byte : view(bytes)) bits += std::popcount(byte);
    return bits;
  });
}

void luhn_check(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, bool>(input.data[0], result, input.size(), [](string_t text) {
    int sum = 0;
    bool twice = false;
    for (auto digit = view(text).rbegin(); digit != view(text).rend(); ++digit, twice = !twice) {
      if (*digit < '0' || *digit > '9') return false;
      const int value = (*digit - '0') * (twice ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    }
    return !view(text).empty() && sum % 10 == 0;
  });
}

void quote(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
    std::string quoted = "'";
    for (const char c : view(text)) {
      if (c == '\'') quoted += '\\';
      quoted += c;
    }
    return add_string(result, quoted + "'");
  });
}

/// Sentences end at . ! ? before a blank; words are runs of letters and digits, with ' - . inside.
std::vector<std::vector<std::string>> sentences_of(std::string_view text) {
  std::vector<std::vector<std::string>> sentences(1);
  std::string word;
  const auto is_letter = [](char c) {
    return (static_cast<unsigned char>(c) & 0x80) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  const auto end_word = [&] {
    if (!word.empty()) sentences.back().push_back(std::exchange(word, {}));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool inside = !word.empty() && i + 1 < text.size() && is_letter(text[i + 1]);
    if (is_letter(c) || c == '_' || ((c == '\'' || c == '.') && inside)) {
      word += c;
      continue;
    }
    end_word();
    const bool ends = (c == '.' || c == '!' || c == '?') &&
                      (i + 1 == text.size() || std::isspace(static_cast<unsigned char>(text[i + 1])) != 0);
    if (ends && !sentences.back().empty()) sentences.emplace_back();
  }
  end_word();
  if (sentences.back().empty()) sentences.pop_back();
  return sentences;
}

void sentences(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto words = LogicalType::LIST(LogicalType::VARCHAR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto text = input.data[0].GetValue(row);
    if (text.IsNull()) {
      result.SetValue(row, Value(LogicalType::LIST(words)));
      continue;
    }
    duckdb::vector<Value> list;
    for (const auto& sentence : sentences_of(duckdb::StringValue::Get(text))) {
      duckdb::vector<Value> one;
      for (const auto& word : sentence) one.emplace_back(word);
      list.push_back(Value::LIST(LogicalType::VARCHAR, std::move(one)));
    }
    result.SetValue(row, Value::LIST(words, std::move(list)));
  }
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    if (c >= '0' && c <= '9') value = c - '0' + 52;
    if (c == '+') value = 62;
    if (c == '/') value = 63;
    if (value < 0) continue;  // the MIME decoder skips what is not of its alphabet
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (++count == 4) {
      bytes += {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
      bits = 0;
      count = 0;
    }
  }
  if (count == 1) return std::nullopt;
  if (count == 2) bytes += static_cast<char>(bits >> 4);
  if (count == 3) bytes += {static_cast<char>(bits >> 10), static_cast<char>(bits >> 2)};
  return bytes;
}

/// What to_binary(…, 'base64') takes: groups of four, padded, nothing else.
bool is_strict_base64(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0) kept += c;
  const auto end = kept.find('=');
  const std::string_view digits = std::string_view(kept).substr(0, end);
  const auto padding = kept.size() - digits.size();
  return std::ranges::all_of(digits,
                             [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/'; }) &&
         kept.find_first_not_of('=', digits.size()) == std::string::npos &&
         (padding == 0 ? digits.size() % 4 != 1 : padding <= 2 && kept.size() % 4 == 0);
}

void unbase64(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
    const auto bytes = decode_base64(view(text));
    if (!bytes) {
      throw_spark_error("CONVERSION_INVALID_INPUT", {{"str", "'" + text.GetString() + "'"},
                                                     {"fmt", "'BASE64'"},
                                                     {"targetType", "\"BINARY\""},
                                                     {"suggestion", "`try_to_binary`"}});
    }
    return add_string(result, *bytes);
  });
}

std::optional<std::string> decode_hexadecimal(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string even = text.size() % 2 == 1 ? "0" + std::string(text) : std::string(text);
  std::string bytes;
  for (std::size_t i = 0; i < even.size(); i += 2) {
    if (digit(even[i]) < 0 || digit(even[i + 1]) < 0) return std::nullopt;
    bytes += static_cast<char>(digit(even[i]) * 16 + digit(even[i + 1]));
  }
  return bytes;
}

/// to_binary and try_to_binary by 'base64' or 'hex'.
template <bool base64, OnFailure on_failure>
void to_binary(DataChunk& input, ExpressionState&, Vector& result) {
  convert_vector<string_t, string_t>(
      input.data[0], result, input.size(),
      [&](string_t text) -> std::optional<string_t> {
        if (base64 && !is_strict_base64(view(text))) return std::nullopt;
        const auto bytes = base64 ? decode_base64(view(text)) : decode_hexadecimal(view(text));
        if (!bytes) return std::nullopt;
        return add_string(result, *bytes);
      },
      [](string_t text) {
        if (on_failure == OnFailure::null) return;
        throw_spark_error("CONVERSION_INVALID_INPUT", {{"str", "'" + text.GetString() + "'"},
                                                       {"fmt", base64 ? "'BASE64'" : "'HEX'"},
                                                       {"targetType", "\"BINARY\""},
                                                       {"suggestion", "`try_to_binary`"}});
      });
}

}  // namespace

void register_byte_functions(duckdb::ExtensionLoader& loader) {
  const auto bytes = LogicalType::BLOB;
  const auto text = LogicalType::VARCHAR;
  const auto integer = LogicalType::INTEGER;
  const auto boolean = LogicalType::BOOLEAN;
  loader.RegisterFunction(kernel("spark_bytes_contains", {bytes, bytes}, boolean, contains));
  loader.RegisterFunction(kernel("spark_bytes_starts_with", {bytes, bytes}, boolean, starts_with));
  loader.RegisterFunction(kernel("spark_bytes_ends_with", {bytes, bytes}, boolean, ends_with));
  loader.RegisterFunction(kernel("spark_bytes_substring", {bytes, integer, integer}, bytes, substring));
  loader.RegisterFunction(kernel("spark_bytes_pad_left", {bytes, integer, bytes}, bytes, pad<true>));
  loader.RegisterFunction(kernel("spark_bytes_pad_right", {bytes, integer, bytes}, bytes, pad<false>));
  loader.RegisterFunction(kernel("spark_bytes_reverse", {bytes}, bytes, reverse));
  loader.RegisterFunction(kernel("spark_utf8_is_valid", {bytes}, boolean, utf8_is_valid));
  loader.RegisterFunction(kernel("spark_utf8_validate", {bytes}, text, utf8_validate<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_utf8_try_validate", {bytes}, text, utf8_validate<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_bitmap_count", {bytes}, LogicalType::BIGINT, bitmap_count));
  loader.RegisterFunction(kernel("spark_luhn_check", {text}, boolean, luhn_check));
  loader.RegisterFunction(kernel("spark_quote", {text}, text, quote));
  loader.RegisterFunction(kernel("spark_sentences", {text}, LogicalType::LIST(LogicalType::LIST(text)), sentences));
  loader.RegisterFunction(kernel("spark_unbase64", {text}, bytes, unbase64));
  loader.RegisterFunction(kernel("spark_binary_of_base64", {text}, bytes, to_binary<true, OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_binary_of_base64", {text}, bytes, to_binary<true, OnFailure::null>));
  loader.RegisterFunction(kernel("spark_binary_of_hex", {text}, bytes, to_binary<false, OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_binary_of_hex", {text}, bytes, to_binary<false, OnFailure::null>));
}

}  // namespace mastic::engine
