// spark_to_json(value, zone, keep_nulls, pretty, date_format, timestamp_format): to_json by Spark's rules: NULL fields are left
// out, timestamps are ISO 8601 in the session's zone unless a pattern (not empty) says otherwise, doubles are Java's.
#include <fmt/format.h>

#include <cmath>
#include <duckdb/common/types/blob.hpp>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"
#include "engine/functions/variant_type.h"

namespace mastic::engine {
namespace {

struct Style {
  const TimeZone* zone = nullptr;
  bool keep_nulls = false;
  bool pretty = false;
  std::optional<DateTimePattern> date;
  std::optional<DateTimePattern> time;
  int depth = 0;

  [[nodiscard]] Style inner() const {
    Style copy = *this;
    ++copy.depth;
    return copy;
  }
};

void append_text(std::string& out, std::string_view text) { append_json_text(out, text); }

void new_line(std::string& out, int depth) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

/// Opens, parts and closes an object's members.
class Members {
 public:
  Members(std::string& out, const Style& style) : out_(out), style_(style) { out_ += '{'; }
  void name(std::string_view text) {
    if (!first_) out_ += ',';
    first_ = false;
    if (style_.pretty) new_line(out_, style_.depth + 1);
    append_text(out_, text);
    out_ += style_.pretty ? " : " : ":";
  }
  void close() {
    if (style_.pretty && first_) out_ += ' ';
    if (style_.pretty && !first_) new_line(out_, style_.depth);
    out_ += '}';
  }

 private:
  std::string& out_;
  const Style& style_;
  bool first_ = true;
};

std::string timestamp_json(int64_t local, const TimeZone* zone, const Style& style) {
  if (style.time) {
    const auto offset = zone == nullptr ? 0 : static_cast<int>((local - zone->to_utc(local)) / microseconds_per_second);
    return style.time->format(local, offset, zone == nullptr ? "" : zone->name());
  }
  static const auto with_zone = *DateTimePattern::compile("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  static const auto without = *DateTimePattern::compile("yyyy-MM-dd'T'HH:mm:ss.SSS");
  if (zone == nullptr) return without.format(local, 0, "");
  return with_zone.format(local, static_cast<int>((local - zone->to_utc(local)) / microseconds_per_second), zone->name());
}

/// A map's key, as Java prints the value that Spark holds inside: days for dates, [a,b] for structs.
std::string key_text(const Value& key) {
  switch (key.type().id()) {
    case LogicalTypeId::DATE: return std::to_string(key.GetValueUnsafe<duckdb::date_t>().days);
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: return std::to_string(key.GetValueUnsafe<duckdb::timestamp_t>().value);
    case LogicalTypeId::DOUBLE: return java_double(key.GetValueUnsafe<double>());
    case LogicalTypeId::STRUCT: {
      std::string text;
      for (const auto& child : duckdb::StructValue::GetChildren(key))
        text += (text.empty() ? "" : ",") + (child.IsNull() ? std::string("null") : key_text(child));
      return "[" + text + "]";
    }
    default: return key.ToString();
  }
}

void append_json(std::string& out, const Value& value, const Style& style) {
  if (value.IsNull()) {
    out += "null";
    return;
  }
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DECIMAL: out += value.ToString(); return;
    case LogicalTypeId::FLOAT: {
      char text[java_double_size_max];
      out.append(text, write_java_float(text, value.GetValueUnsafe<float>()));
      return;
    }
    case LogicalTypeId::DOUBLE: {
      const double number = value.GetValueUnsafe<double>();
      if (std::isfinite(number)) {
        out += java_double(number);
      } else {
        append_text(out, java_double(number));
      }
      return;
    }
    case LogicalTypeId::TIMESTAMP:
      append_text(out, timestamp_json(value.GetValueUnsafe<duckdb::timestamp_t>().value, nullptr, style));
      return;
    case LogicalTypeId::TIMESTAMP_TZ:
      append_text(out,
                  timestamp_json(style.zone->to_local(value.GetValueUnsafe<duckdb::timestamp_t>().value), style.zone, style));
      return;
    case LogicalTypeId::DATE: {
      const auto days = value.GetValueUnsafe<duckdb::date_t>().days;
      append_text(out, style.date ? style.date->format(days * microseconds_per_day, 0, "") : date_text(days));
      return;
    }
    case LogicalTypeId::BLOB:
      append_text(out, duckdb::Blob::ToBase64(duckdb::string_t(duckdb::StringValue::Get(value))));
      return;
    case LogicalTypeId::LIST: {
      out += style.pretty ? "[ " : "[";
      bool first = true;
      for (const auto& child : duckdb::ListValue::GetChildren(value)) {
        if (!first) out += style.pretty ? ", " : ",";
        first = false;
        append_json(out, child, style);
      }
      out += style.pretty && !first ? " ]" : "]";
      return;
    }
    case LogicalTypeId::STRUCT: {
      if (is_variant_type(value.type())) return append_variant_json(out, variant_view(value), style.zone);
      const auto& children = duckdb::StructValue::GetChildren(value);
      Members members(out, style);
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (children[i].IsNull() && !style.keep_nulls) continue;
        members.name(duckdb::StructType::GetChildName(value.type(), i));
        append_json(out, children[i], style.inner());
      }
      members.close();
      return;
    }
    case LogicalTypeId::MAP: {
      Members members(out, style);
      for (const auto& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        members.name(key_text(pair[0]));
        append_json(out, pair[1], style.inner());
      }
      members.close();
      return;
    }
    default: append_text(out, value.ToString());
  }
}

BindResult bind_to_json(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Style style;
  const auto time = take_constant(context, function, arguments, 5).ToString();
  const auto date = take_constant(context, function, arguments, 4).ToString();
  style.pretty = take_constant(context, function, arguments, 3).GetValue<bool>();
  const auto compiled = [](const std::string& text) -> std::optional<DateTimePattern> {
    if (text.empty()) return std::nullopt;
    auto pattern = DateTimePattern::compile(text);
    if (!pattern) throw duckdb::InvalidInputException("Pattern %s: %s", text, pattern.error());
    return *std::move(pattern);
  };
  style.time = compiled(time);
  style.date = compiled(date);
  style.keep_nulls = take_constant(context, function, arguments, 2).GetValue<bool>();
  style.zone = TimeZone::find(take_constant(context, function, arguments, 1).ToString());
  if (style.zone == nullptr) style.zone = TimeZone::find("UTC");
  function.arguments[0] = arguments[0]->return_type;
  function.function = [style](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto value = input.data[0].GetValue(row);
      duckdb::FlatVector::SetNull(result, row, value.IsNull());
      if (value.IsNull()) continue;
      std::string text;
      append_json(text, value, style);
      duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, text);
    }
  };
  return nullptr;
}

}  // namespace

void register_json_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(kernel("spark_to_json",
                                 {LogicalType::ANY, LogicalType::VARCHAR, LogicalType::BOOLEAN, LogicalType::BOOLEAN,
                                  LogicalType::VARCHAR, LogicalType::VARCHAR},
                                 LogicalType::VARCHAR, nullptr, bind_to_json));
}

}  // namespace mastic::engine
