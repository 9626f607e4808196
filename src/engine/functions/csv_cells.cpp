// Cells of CSV files.
//   spark_csv_value(text, witness, strict): a cell as UnivocityParser reads it, which is not what CAST does: whole numbers
//     bear no blanks and no fraction, booleans are true or false. What does not fit is NULL, or with `strict` (mode FAILFAST)
//     MALFORMED_RECORD_IN_PARSING. Witness: TINYINT … BIGINT, FLOAT, DOUBLE, BOOLEAN.
//   spark_sound_record(malformed, path): true; FAILED_READ_FILE when a record is malformed (mode FAILFAST).
//   spark_csv_trim(text, left, right): without blanks and control characters, as readers and writers trim. Nothing is copied.
#include <array>
#include <limits>

#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Integer.parseInt and its kin.
template <typename T>
bool parse_whole(std::string_view text, T& value) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  int64_t sum = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, c - '0', &sum)) return false;  // downwards
  }
  if (!negative && sum == std::numeric_limits<int64_t>::min()) return false;
  if (!negative) sum = -sum;
  if (sum < std::numeric_limits<T>::min() || sum > std::numeric_limits<T>::max()) return false;
  value = static_cast<T>(sum);
  return true;
}

/// Up to 15 digits and a point: the quotient of two exact doubles is the nearest double.
bool parse_plain_double(std::string_view text, double& value) {
  static constexpr std::array<double, 16> powers = {1.0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 16) return false;
  int64_t digits = 0;
  std::size_t count = 0;
  std::size_t fraction = 0;
  bool point = false;
  for (const char c : text) {
    if (is_digit(c)) {
      digits = digits * 10 + (c - '0');
      ++count;
      fraction += point ? 1 : 0;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return false;
    }
  }
  if (count == 0 || count > 15) return false;
  value = static_cast<double>(digits) / powers[fraction];
  if (negative) value = -value;
  return true;
}

/// Double.parseDouble, and nanValue, positiveInf and negativeInf by their defaults.
bool parse_fraction(std::string_view text, double& value) {
  if (parse_plain_double(text, value)) return true;
  const auto parsed = parse_double(text);
  if (!parsed) return false;
  value = *parsed;
  const auto trimmed = trim_all(text);
  const auto name = trimmed.substr(trimmed[0] == '-' || trimmed[0] == '+' ? 1 : 0);
  if (is_digit(name[0]) || name[0] == '.') return true;
  return name == "NaN" || name == "Infinity" || text == "Inf" || text == "-Inf";  // no others, unlike in a cast
}

bool equals_in_any_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

template <typename T>
bool parse_cell(std::string_view text, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = equals_in_any_case(text, "true");
    return value || equals_in_any_case(text, "false");
  } else if constexpr (std::is_same_v<T, double>) {
    return parse_fraction(text, value);
  } else if constexpr (std::is_same_v<T, float>) {
    // Through double: rounded twice, as a cast does here.
    double wide = 0;
    const bool parsed = parse_fraction(text, wide);
    value = static_cast<float>(wide);
    return parsed;
  } else {
    return parse_whole(text, value);
  }
}

template <typename T, bool strict>
void read_cells(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  duckdb::UnifiedVectorFormat cells;
  input.data[0].ToUnifiedFormat(count, cells);
  const auto* texts = duckdb::UnifiedVectorFormat::GetData<string_t>(cells);
  const bool constant = input.data[0].GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* values = duckdb::FlatVector::GetData<T>(result);
  auto& mask = duckdb::FlatVector::Validity(result);
  for (idx_t row = 0; row < (constant && count > 0 ? 1 : count); ++row) {
    const auto place = cells.sel->get_index(row);
    if (!cells.validity.RowIsValid(place)) {
      mask.SetInvalid(row);
    } else if (!parse_cell(view(texts[place]), values[row])) {
      if (strict) {
        throw_spark_error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", "[" + std::string(view(texts[place])) + "]"}, {"failFastMode", "FAILFAST"}});
      }
      mask.SetInvalid(row);
    }
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

template <typename T>
duckdb::scalar_function_t reader_of(bool strict) {
  return strict ? duckdb::scalar_function_t(read_cells<T, true>) : duckdb::scalar_function_t(read_cells<T, false>);
}

BindResult bind_value(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool strict = take_constant(context, function, arguments, 2).GetValue<bool>();
  const auto type = take_witness(function, arguments, 1);
  switch (type.id()) {
    case LogicalTypeId::TINYINT: function.function = reader_of<int8_t>(strict); break;
    case LogicalTypeId::SMALLINT: function.function = reader_of<int16_t>(strict); break;
    case LogicalTypeId::INTEGER: function.function = reader_of<int32_t>(strict); break;
    case LogicalTypeId::BIGINT: function.function = reader_of<int64_t>(strict); break;
    case LogicalTypeId::FLOAT: function.function = reader_of<float>(strict); break;
    case LogicalTypeId::DOUBLE: function.function = reader_of<double>(strict); break;
    case LogicalTypeId::BOOLEAN: function.function = reader_of<bool>(strict); break;
    default: throw duckdb::BinderException("spark_csv_value cannot read %s", type.ToString());
  }
  function.return_type = type;
  return nullptr;
}

template <bool left, bool right>
void trim_cells(DataChunk& input, ExpressionState&, Vector& result) {
  // The result's text lies in the argument's.
  duckdb::StringVector::AddHeapReference(result, input.data[0]);
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [](string_t text) {
    const char* begin = text.GetData();
    const char* end = begin + text.GetSize();
    if (begin == end) return text;
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    if (!(left && blank(*begin)) && !(right && blank(end[-1]))) return text;
    while (left && begin < end && blank(*begin)) ++begin;
    while (right && begin < end && blank(end[-1])) --end;
    return string_t(begin, static_cast<uint32_t>(end - begin));
  });
}

BindResult bind_trim(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool right = take_constant(context, function, arguments, 2).GetValue<bool>();
  const bool left = take_constant(context, function, arguments, 1).GetValue<bool>();
  function.function = left ? (right ? trim_cells<true, true> : trim_cells<true, false>)
                           : (right ? trim_cells<false, true> : trim_cells<false, false>);
  return nullptr;
}

/// FAILFAST: true, or an error for a malformed record.
void sound_record(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<bool, string_t, bool>(
      input.data[0], input.data[1], result, input.size(), [](bool malformed, string_t path, ValidityMask&, idx_t) {
        if (malformed) throw_spark_error("FAILED_READ_FILE.NO_HINT", {{"path", std::string(view(path))}});
        return true;
      });
}

}  // namespace

void register_csv_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(kernel("spark_csv_value", {LogicalType::VARCHAR, LogicalType::ANY, LogicalType::BOOLEAN},
                                 LogicalType::ANY, nullptr, bind_value));
  loader.RegisterFunction(
      kernel("spark_sound_record", {LogicalType::BOOLEAN, LogicalType::VARCHAR}, LogicalType::BOOLEAN, sound_record));
  loader.RegisterFunction(kernel("spark_csv_trim", {LogicalType::VARCHAR, LogicalType::BOOLEAN, LogicalType::BOOLEAN},
                                 LogicalType::VARCHAR, nullptr, bind_trim));
}

}  // namespace mastic::engine
