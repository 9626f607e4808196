// spark_to_string(value, zone): CAST(value AS STRING) by Spark's rules, for the types whose text is not DuckDB's.
// spark_utf8(binary): the bytes taken as text.
//
// The zone argument may carry a prefix: "show|Europe/Paris" gives Dataset.show's form (binary as [68 69]).
#include <fmt/format.h>

#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// Seconds without zeros at the end: `-1.5`.
std::string seconds_text(int64_t microseconds) {
  auto text = decimal_text(microseconds, 6);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

struct Style {
  const TimeZone* zone = nullptr;
  bool show = false;
};

void append_value(std::string& out, const Value& value, const Style& style);

/// CalendarInterval.toString: `1 years 2 months -3 days 4 hours 5.5 seconds`; what is zero is left out.
std::string interval_text(const duckdb::interval_t& interval) {
  std::string text;
  const auto add = [&](int64_t count, const char* unit) {
    if (count != 0) text += (text.empty() ? "" : " ") + std::to_string(count) + " " + unit;
  };
  add(interval.months / 12, "years");
  add(interval.months % 12, "months");
  add(interval.days, "days");
  add(interval.micros / 3'600'000'000, "hours");
  add(interval.micros / 60'000'000 % 60, "minutes");
  if (const int64_t rest = interval.micros % 60'000'000; rest != 0)
    text += (text.empty() ? "" : " ") + seconds_text(rest) + " seconds";
  return text.empty() ? "0 seconds" : text;
}

void append_joined(std::string& out, const duckdb::vector<Value>& values, const Style& style, char open, char close) {
  out += open;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    append_value(out, values[i], style);
  }
  out += close;
}

void append_map(std::string& out, const Value& map, const Style& style) {
  out += '{';
  bool first = true;
  for (const auto& entry : duckdb::MapValue::GetChildren(map)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    if (!first) out += ", ";
    first = false;
    append_value(out, pair[0], style);
    out += " -> ";
    append_value(out, pair[1], style);
  }
  out += '}';
}

void append_binary(std::string& out, std::string_view bytes, const Style& style) {
  if (!style.show) {
    out += bytes;
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    fmt::format_to(std::back_inserter(out), "{}{:02X}", i > 0 ? " " : "", static_cast<unsigned char>(bytes[i]));
  }
  out += ']';
}

void append_value(std::string& out, const Value& value, const Style& style) {
  if (value.IsNull()) {
    out += style.show ? "NULL" : "null";
    return;
  }
  char text[java_double_size_max];
  switch (value.type().id()) {
    case LogicalTypeId::FLOAT: out.append(text, write_java_float(text, value.GetValueUnsafe<float>())); return;
    case LogicalTypeId::DOUBLE: out.append(text, write_java_double(text, value.GetValueUnsafe<double>())); return;
    case LogicalTypeId::DATE: out += date_text(value.GetValueUnsafe<duckdb::date_t>().days); return;
    case LogicalTypeId::TIMESTAMP: out += timestamp_text(value.GetValueUnsafe<duckdb::timestamp_t>().value); return;
    case LogicalTypeId::TIMESTAMP_TZ:
      out += timestamp_text(style.zone->to_local(value.GetValueUnsafe<duckdb::timestamp_t>().value));
      return;
    case LogicalTypeId::INTERVAL: out += interval_text(value.GetValueUnsafe<duckdb::interval_t>()); return;
    case LogicalTypeId::DECIMAL: {
      auto digits = value.ToString();
      if (const auto point = digits.find('.'); point == 0 || (point == 1 && digits[0] == '-')) digits.insert(point, "0");
      out += digits;
      return;
    }
    case LogicalTypeId::BLOB: append_binary(out, duckdb::StringValue::Get(value), style); return;
    case LogicalTypeId::LIST: append_joined(out, duckdb::ListValue::GetChildren(value), style, '[', ']'); return;
    case LogicalTypeId::STRUCT: append_joined(out, duckdb::StructValue::GetChildren(value), style, '{', '}'); return;
    case LogicalTypeId::MAP: append_map(out, value, style); return;
    default: out += value.ToString();
  }
}

template <typename S, typename Write>
duckdb::scalar_function_t writer(Write write) {
  return [write](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<S, string_t>(input.data[0], result, input.size(),
                                                [&](S value) { return write(value, result); });
  };
}

duckdb::scalar_function_t choose(const LogicalType& type, const Style& style) {
  switch (type.id()) {
    case LogicalTypeId::FLOAT:
      return writer<float>([](float value, Vector& result) {
        char text[java_double_size_max];
        return add_string(result, {text, static_cast<std::size_t>(write_java_float(text, value) - text)});
      });
    case LogicalTypeId::DOUBLE:
      return writer<double>([](double value, Vector& result) {
        char text[java_double_size_max];
        return add_string(result, {text, static_cast<std::size_t>(write_java_double(text, value) - text)});
      });
    case LogicalTypeId::DATE:
      return writer<duckdb::date_t>(
          [](duckdb::date_t value, Vector& result) { return add_string(result, date_text(value.days)); });
    case LogicalTypeId::TIMESTAMP:
      return writer<duckdb::timestamp_t>(
          [](duckdb::timestamp_t value, Vector& result) { return add_string(result, timestamp_text(value.value)); });
    case LogicalTypeId::TIMESTAMP_TZ:
      return writer<duckdb::timestamp_t>([zone = style.zone](duckdb::timestamp_t value, Vector& result) {
        return add_string(result, timestamp_text(zone->to_local(value.value)));
      });
    default:
      return [style](DataChunk& input, ExpressionState&, Vector& result) {
        result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
        for (idx_t row = 0; row < input.size(); ++row) {
          const auto value = input.data[0].GetValue(row);
          duckdb::FlatVector::SetNull(result, row, value.IsNull());
          if (value.IsNull()) continue;
          std::string text;
          append_value(text, value, style);
          duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, text);
        }
      };
  }
}

BindResult bind_to_string(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  auto zone = take_constant(context, function, arguments, 1).ToString();
  Style style;
  if (zone.starts_with("show|")) {
    style.show = true;
    zone = zone.substr(5);
  }
  style.zone = TimeZone::find(zone);
  if (style.zone == nullptr) throw_spark_error("INVALID_TIMEZONE", {{"timeZone", zone}});
  function.arguments[0] = arguments[0]->return_type;
  function.function = choose(arguments[0]->return_type, style);
  return nullptr;
}

void utf8(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t bytes) {
    // DuckDB's text must be UTF-8: what is not becomes U+FFFD, as Java shows it.
    std::string text;
    const auto raw = view(bytes);
    for (std::size_t i = 0; i < raw.size();) {
      const auto lead = static_cast<unsigned char>(raw[i]);
      std::size_t length = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
      bool valid = length > 0 && i + length <= raw.size();
      for (std::size_t k = 1; valid && k < length; ++k) valid = (static_cast<unsigned char>(raw[i + k]) & 0xC0) == 0x80;
      if (valid && length == 3 &&
          ((lead == 0xE0 && static_cast<unsigned char>(raw[i + 1]) < 0xA0) ||
           (lead == 0xED && static_cast<unsigned char>(raw[i + 1]) >= 0xA0))) {
        valid = false;
      }
      if (valid && length == 4 &&
          ((lead == 0xF0 && static_cast<unsigned char>(raw[i + 1]) < 0x90) ||
           (lead == 0xF4 && static_cast<unsigned char>(raw[i + 1]) >= 0x90))) {
        valid = false;
      }
      if (valid) {
        text.append(raw.substr(i, length));
        i += length;
      } else {
        text += "\xEF\xBF\xBD";
        ++i;
      }
    }
    return add_string(result, text);
  });
}

}  // namespace

void register_to_string_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(
      kernel("spark_to_string", {LogicalType::ANY, LogicalType::VARCHAR}, LogicalType::VARCHAR, nullptr, bind_to_string));
  loader.RegisterFunction(kernel("spark_utf8", {LogicalType::BLOB}, LogicalType::VARCHAR, utf8));
}

}  // namespace mastic::engine
