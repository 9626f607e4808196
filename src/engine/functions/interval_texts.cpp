// Texts read as intervals, as CAST does; and the levels of WITH RECURSIVE, which are counted where they are read.
#include "engine/functions/interval_texts.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "engine/functions/kernel.h"

namespace mastic::engine {
namespace {

constexpr std::string_view day_time_words[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
constexpr std::string_view year_month_words[] = {"YEAR", "MONTH"};
constexpr int64_t day_time_units[] = {86'400'000'000, 3'600'000'000, 60'000'000, 1'000'000};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Which fields: of DAY TO SECOND 0 to 3, of YEAR TO MONTH 0 to 1.
struct Fields {
  bool year_month = false;
  int start = 0;
  int end = 0;
  [[nodiscard]] std::string_view word(int field) const { return year_month ? year_month_words[field] : day_time_words[field]; }
  /// `DAY TO SECOND`
  [[nodiscard]] std::string words() const {
    std::string text(word(start));
    return start == end ? text : text + " TO " + std::string(word(end));
  }
  /// `d h:m:s.n`
  [[nodiscard]] std::string shape() const {
    if (year_month) return start == end ? (start == 0 ? "y" : "m") : "y-m";
    constexpr std::string_view letters[] = {"d", "h", "m", "s.n"};
    std::string text;
    for (int field = start; field <= end; ++field) {
      if (field > start) text += field == 1 ? " " : ":";
      text += letters[field];
    }
    return text;
  }
};

[[noreturn]] void fail_to_match(const Fields& fields, std::string_view input) {
  const std::string family = fields.year_month ? "year-month" : "day-time";
  const auto shape = "[+|-]" + fields.shape();
  throw_spark_error(fields.year_month ? "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING"
                                      : "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
                    {{"intervalStr", family},
                     {"supportedFormat", "`" + shape + "`, `INTERVAL [+|-]'" + shape + "' " + fields.words() + "`"},
                     {"typeName", "interval " + lower(fields.words())},
                     {"input", std::string(input)}});
}

/// Digits at the front; at most `most`. nullopt: none.
std::optional<int64_t> take_digits(std::string_view& text, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && count < most && std::isdigit(static_cast<unsigned char>(text[count])) != 0) ++count;
  if (count == 0) return std::nullopt;
  int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + count, value).ec != std::errc{}) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

/// `INTERVAL '…' DAY TO SECOND` as what is in its quotes; anything else as it is.
std::string_view inner_text(std::string_view text, const Fields& fields, bool& negative) {
  if (text.size() < 9 || lower(text.substr(0, 8)) != "interval") return text;
  auto rest = trimmed(text.substr(8));
  bool minus = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    minus = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const auto close = rest.rfind('\'');
  if (rest.empty() || rest.front() != '\'' || close == 0) return text;
  std::string words;
  for (const char c : trimmed(rest.substr(close + 1))) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank || words.back() != ' ') words += blank ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (words != fields.words()) return text;
  negative = minus;
  return rest.substr(1, close - 1);
}

std::optional<int64_t> months_of(std::string_view text, const Fields& fields, std::string_view input) {
  auto first = take_digits(text, 9);
  if (!first) return std::nullopt;
  if (fields.start == fields.end) {
    if (!text.empty()) return std::nullopt;
    return fields.start == 0 ? *first * 12 : *first;
  }
  if (text.empty() || text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto months = take_digits(text, 9);
  if (!months || !text.empty()) return std::nullopt;
  if (*months > 11)
    throw_spark_error("INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", {{"interval", "year-month"}, {"input", std::string(input)}});
  return *first * 12 + *months;
}

std::optional<int64_t> microseconds_of(std::string_view text, const Fields& fields, std::string_view input) {
  constexpr int64_t most[] = {0, 23, 59, 59};
  int64_t sum = 0;
  for (int field = fields.start; field <= fields.end; ++field) {
    if (field > fields.start) {
      if (text.empty() || text.front() != (field == 1 ? ' ' : ':')) return std::nullopt;
      text.remove_prefix(1);
    }
    // The first field may be as large as the whole allows.
    const auto value = take_digits(text, field > fields.start ? 2 : field == 0 ? 9 : field == 1 ? 10 : 12);
    if (!value) return std::nullopt;
    if (field > fields.start && *value > most[field])
      throw_spark_error("INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", {{"interval", "day-time"}, {"input", std::string(input)}});
    int64_t part = 0;
    if (__builtin_mul_overflow(*value, day_time_units[field], &part) || __builtin_add_overflow(sum, part, &sum))
      return std::nullopt;
    if (field == 3 && !text.empty() && text.front() == '.') {
      text.remove_prefix(1);
      const auto digits = text.size();
      auto fraction = take_digits(text, 9);
      if (!fraction) return std::nullopt;
      for (auto count = digits - text.size(); count < 9; ++count) *fraction *= 10;
      sum += *fraction / 1000;
    }
  }
  return text.empty() ? std::optional(sum) : std::nullopt;
}

std::optional<int64_t> ansi_interval(std::string_view input, const Fields& fields, bool tries) {
  bool negative = false;
  auto text = inner_text(trimmed(input), fields, negative);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = negative != (text.front() == '-');
    text.remove_prefix(1);
  }
  const auto value = fields.year_month ? months_of(text, fields, input) : microseconds_of(text, fields, input);
  const bool fits = value && (!fields.year_month || *value <= std::numeric_limits<int32_t>::max());
  if (fits) return negative ? -*value : *value;
  if (tries) return std::nullopt;
  fail_to_match(fields, input);
}

template <typename T>
void cast_ansi(DataChunk& input, Vector& result, const Fields& fields, bool tries) {
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, T>(input.data[0], result, input.size(),
                                                       [&](string_t text, ValidityMask& mask, idx_t row) -> T {
                                                         std::optional<int64_t> value;
                                                         try {
                                                           value = ansi_interval(view(text), fields, tries);
                                                         } catch (const duckdb::InvalidInputException&) {
                                                           if (!tries) throw;
                                                         }
                                                         if (!value) mask.SetInvalid(row);
                                                         return static_cast<T>(value.value_or(0));
                                                       });
}

// spark_cast_interval(text, year_month, start, end, tries)
BindResult bind_ansi(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool tries = take_constant(context, function, arguments, 4).GetValue<bool>();
  Fields fields;
  fields.end = take_constant(context, function, arguments, 3).GetValue<int32_t>();
  fields.start = take_constant(context, function, arguments, 2).GetValue<int32_t>();
  fields.year_month = take_constant(context, function, arguments, 1).GetValue<bool>();
  function.return_type = fields.year_month ? LogicalType::INTEGER : LogicalType::BIGINT;
  function.function = [fields, tries](DataChunk& input, ExpressionState&, Vector& result) {
    if (fields.year_month)
      cast_ansi<int32_t>(input, result, fields, tries);
    else
      cast_ansi<int64_t>(input, result, fields, tries);
  };
  return nullptr;
}

struct CalendarUnit {
  std::string_view word;
  int32_t months = 0;
  int32_t days = 0;
  int64_t microseconds = 0;
};
constexpr CalendarUnit calendar_units[] = {{"year", 12},
                                           {"month", 1},
                                           {"week", 0, 7},
                                           {"day", 0, 1},
                                           {"hour", 0, 0, 3'600'000'000},
                                           {"minute", 0, 0, 60'000'000},
                                           {"second", 0, 0, 1'000'000},
                                           {"millisecond", 0, 0, 1'000},
                                           {"microsecond", 0, 0, 1}};

/// `[interval] 1 year -2 hours 3.5 seconds`; only seconds take a fraction.
std::optional<duckdb::interval_t> calendar_interval(std::string_view input) {
  const std::string folded = lower(trimmed(input));
  std::string_view text = folded;
  if (text.starts_with("interval") && text.size() > 8 && std::isspace(static_cast<unsigned char>(text[8])) != 0)
    text = trimmed(text.substr(8));
  if (text.empty()) return std::nullopt;
  duckdb::interval_t sum{0, 0, 0};
  while (!text.empty()) {
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text = trimmed(text.substr(1));
    auto whole = take_digits(text, 18);
    std::optional<int64_t> fraction;
    if (!text.empty() && text.front() == '.') {
      text.remove_prefix(1);
      const auto digits = text.size();
      fraction = take_digits(text, 9).value_or(0);
      for (auto count = digits - text.size(); count < 9; ++count) *fraction *= 10;
    }
    if (!whole && !fraction) return std::nullopt;
    if (text.empty() || std::isspace(static_cast<unsigned char>(text.front())) == 0) return std::nullopt;
    text = trimmed(text);
    std::size_t length = 0;
    while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) ++length;
    auto word = text.substr(0, length);
    text = trimmed(text.substr(length));
    if (word.ends_with('s')) word.remove_suffix(1);
    const auto* unit = std::ranges::find(calendar_units, word, &CalendarUnit::word);
    if (unit == std::end(calendar_units) || (fraction && unit->word != "second")) return std::nullopt;
    const int64_t sign = negative ? -1 : 1;
    const int64_t count = sign * whole.value_or(0);
    int32_t months = 0;
    int32_t days = 0;
    int64_t microseconds = 0;
    if (__builtin_mul_overflow(count, int64_t{unit->months}, &months) ||
        __builtin_mul_overflow(count, int64_t{unit->days}, &days) ||
        __builtin_mul_overflow(count, unit->microseconds, &microseconds) ||
        __builtin_add_overflow(sum.months, months, &sum.months) || __builtin_add_overflow(sum.days, days, &sum.days) ||
        __builtin_add_overflow(sum.micros, microseconds, &sum.micros) ||
        __builtin_add_overflow(sum.micros, sign * fraction.value_or(0) / 1000, &sum.micros))
      return std::nullopt;
  }
  return sum;
}

// Of a text that is no interval Spark makes NULL, ANSI or not.
void cast_calendar(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, duckdb::interval_t>(input.data[0], result, input.size(),
                                                                        [](string_t text, ValidityMask& mask, idx_t row) {
                                                                          const auto value = calendar_interval(view(text));
                                                                          if (!value) mask.SetInvalid(row);
                                                                          return value.value_or(duckdb::interval_t{0, 0, 0});
                                                                        });
}

// spark_next_level(level, rows, levels at most, rows at most): the level of what a step of WITH RECURSIVE gives.
void next_level(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto level = input.data[0].GetValue(row);
    const auto rows = input.data[1].GetValue(row);
    const auto levels_max = input.data[2].GetValue(row).GetValue<int64_t>();
    const auto rows_max = input.data[3].GetValue(row).GetValue<int64_t>();
    const int64_t next = level.IsNull() ? 0 : level.GetValue<int64_t>() + 1;
    if (levels_max >= 0 && next >= levels_max)
      throw_spark_error("RECURSION_LEVEL_LIMIT_EXCEEDED", {{"levelLimit", std::to_string(levels_max)}});
    if (rows_max >= 0 && rows.GetValue<int64_t>() > rows_max)
      throw_spark_error("RECURSION_ROW_LIMIT_EXCEEDED", {{"rowLimit", std::to_string(rows_max)}});
    duckdb::FlatVector::GetData<int64_t>(result)[row] = next;
  }
  if (input.size() == 1 && input.AllConstant()) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

}  // namespace

void register_interval_text_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto boolean = LogicalType::BOOLEAN;
  const auto integer = LogicalType::INTEGER;
  const auto bigint = LogicalType::BIGINT;
  loader.RegisterFunction(
      kernel("spark_cast_interval", {text, boolean, integer, integer, boolean}, bigint, nullptr, bind_ansi));
  loader.RegisterFunction(kernel("spark_cast_calendar_interval", {text}, LogicalType::INTERVAL, cast_calendar));
  auto level = kernel("spark_next_level", {bigint, bigint, bigint, bigint}, bigint, next_level);
  level.stability = duckdb::FunctionStability::VOLATILE;  // it may fail: never evaluated ahead of time
  loader.RegisterFunction(std::move(level));
}

}  // namespace mastic::engine
