// spark_to_number(VARCHAR, format), spark_try_to_number(…) → DECIMAL; spark_to_char(VARCHAR digits, format): Spark's formats
// spark_format_pattern(VARCHAR digits | DOUBLE, pattern | INTEGER digits): format_number
// spark_format_string(VARCHAR, …): printf by java.util.Formatter
#include <fmt/format.h>

#include "engine/functions/kernel.h"
#include "engine/functions/number_format.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

NumberFormat format_of(const std::string& text) {
  const auto format = parse_number_format(text);
  if (!format) throw_spark_error("INVALID_FORMAT.WRONG_NUM_DIGIT", {{"format", "'" + duckdb::StringUtil::Upper(text) + "'"}});
  return *format;
}

template <OnFailure on_failure>
BindResult bind_to_number(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto constant = take_constant(context, function, arguments, 1);
  const auto type = take_witness(function, arguments, 1);
  function.return_type = type;
  const auto text = constant.IsNull() ? std::string() : constant.ToString();
  function.function = with_decimal_storage(type, [&]<typename T>() -> duckdb::scalar_function_t {
    return [text, null = constant.IsNull(), format = constant.IsNull() ? NumberFormat{} : format_of(text)](
               DataChunk& input, ExpressionState&, Vector& result) {
      convert_vector<string_t, T>(
          input.data[0], result, input.size(),
          [&](string_t value) -> std::optional<T> {
            const auto number = null ? std::nullopt : parse_formatted_number(view(value), format);
            if (!number) return std::nullopt;
            return to_storage<T>(*number);
          },
          [&](string_t value) {
            if (on_failure == OnFailure::null || null) return;
            throw_spark_error("INVALID_FORMAT.MISMATCH_INPUT",
                              {{"inputType", "\"STRING\""}, {"input", value.GetString()}, {"format", text}});
          });
    };
  });
  return nullptr;
}

BindResult bind_to_char(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto constant = take_constant(context, function, arguments, 1);
  function.function = [null = constant.IsNull(), format = constant.IsNull() ? NumberFormat{} : format_of(constant.ToString())](
                          DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<string_t, string_t>(
        input.data[0], result, input.size(),
        [&](string_t digits) -> std::optional<string_t> {
          if (null) return std::nullopt;
          return add_string(result, format_number(view(digits), format));
        },
        [](string_t) {});
  };
  return nullptr;
}

std::string digits_of(string_t text) { return text.GetString(); }
/// Every digit of the binary value, so that halves are seen to be halves.
std::string digits_of(double value) { return fmt::format("{:.60f}", value); }

template <typename T>
void by_pattern(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<T, string_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](T value, string_t pattern) {
        return add_string(
            result, format_decimal(digits_of(value), pattern.GetSize() == 0 ? "#,###,###,###,###,###,##0" : view(pattern)));
      });
}

template <typename T>
void by_digits(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<T, int32_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](T value, int32_t digits, ValidityMask& mask, idx_t row) {
        if (digits < 0) {
          mask.SetInvalid(row);
          return string_t();
        }
        std::string pattern = "#,###,###,###,###,###,##0";
        if (digits > 0) pattern += "." + std::string(static_cast<std::size_t>(digits), '0');
        return add_string(result, format_decimal(digits_of(value), pattern));
      });
}

FormatValue format_value(const Value& value) {
  if (value.IsNull()) return {};
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN: return {.value = value.GetValue<bool>()};
    case LogicalTypeId::TINYINT: return {.value = value.GetValue<int64_t>(), .bits = 8};
    case LogicalTypeId::SMALLINT: return {.value = value.GetValue<int64_t>(), .bits = 16};
    case LogicalTypeId::INTEGER: return {.value = value.GetValue<int64_t>(), .bits = 32};
    case LogicalTypeId::BIGINT: return {.value = value.GetValue<int64_t>()};
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE: return {.value = value.GetValue<double>()};
    // What Spark hands to Java is what it keeps inside: days and microseconds.
    case LogicalTypeId::DATE: return {.value = int64_t{value.GetValueUnsafe<duckdb::date_t>().days}, .bits = 32};
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: return {.value = value.GetValueUnsafe<duckdb::timestamp_t>().value};
    case LogicalTypeId::DECIMAL: return {.value = value.ToString(), .is_decimal = true};
    default: return {.value = value.ToString()};
  }
}

void format_string(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto format = input.data[0].GetValue(row);
    duckdb::FlatVector::SetNull(result, row, format.IsNull());
    if (format.IsNull()) continue;
    std::vector<FormatValue> values;
    for (idx_t column = 1; column < input.ColumnCount(); ++column)
      values.push_back(format_value(input.data[column].GetValue(row)));
    const auto text = format_text(duckdb::StringValue::Get(format), values);
    if (const auto* failure = std::get_if<FormatFailure>(&text))
      throw_spark_error("INTERNAL_ERROR", {{"message", "format_string: " + failure->message}});
    duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, std::get<std::string>(text));
  }
}

}  // namespace

void register_number_format_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto any = LogicalType::ANY;
  loader.RegisterFunction(kernel("spark_to_number", {text, text, any}, any, nullptr, bind_to_number<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_to_number", {text, text, any}, any, nullptr, bind_to_number<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_to_char", {text, text}, text, nullptr, bind_to_char));
  loader.RegisterFunction(kernel("spark_format_pattern", {text, text}, text, by_pattern<string_t>));
  loader.RegisterFunction(kernel("spark_format_pattern", {LogicalType::DOUBLE, text}, text, by_pattern<double>));
  loader.RegisterFunction(kernel("spark_format_pattern", {text, LogicalType::INTEGER}, text, by_digits<string_t>));
  loader.RegisterFunction(kernel("spark_format_pattern", {LogicalType::DOUBLE, LogicalType::INTEGER}, text, by_digits<double>));
  auto formatter = kernel("spark_format_string", {text}, text, format_string);
  formatter.varargs = any;
  loader.RegisterFunction(std::move(formatter));
}

}  // namespace mastic::engine
