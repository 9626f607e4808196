// spark_to_json(value, zone, keep_nulls): to_json by Spark's rules: NULL fields are left out, timestamps are ISO 8601 in the
// session's zone, doubles are Java's.
#include <fmt/format.h>

#include <cmath>
#include <duckdb/common/types/blob.hpp>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct Style {
  const TimeZone* zone = nullptr;
  bool keep_nulls = false;
};

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

std::string timestamp_json(int64_t local, const TimeZone* zone) {
  static const auto with_zone = *DateTimePattern::compile("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  static const auto without = *DateTimePattern::compile("yyyy-MM-dd'T'HH:mm:ss.SSS");
  if (zone == nullptr) return without.format(local, 0, "");
  return with_zone.format(local, static_cast<int>((local - zone->to_utc(local)) / microseconds_per_second), zone->name());
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
      append_text(out, timestamp_json(value.GetValueUnsafe<duckdb::timestamp_t>().value, nullptr));
      return;
    case LogicalTypeId::TIMESTAMP_TZ:
      append_text(out, timestamp_json(style.zone->to_local(value.GetValueUnsafe<duckdb::timestamp_t>().value), style.zone));
      return;
    case LogicalTypeId::BLOB:
      append_text(out, duckdb::Blob::ToBase64(duckdb::string_t(duckdb::StringValue::Get(value))));
      return;
    case LogicalTypeId::LIST: {
      out += '[';
      bool first = true;
      for (const auto& child : duckdb::ListValue::GetChildren(value)) {
        if (!first) out += ',';
        first = false;
        append_json(out, child, style);
      }
      out += ']';
      return;
    }
    case LogicalTypeId::STRUCT: {
      const auto& children = duckdb::StructValue::GetChildren(value);
      out += '{';
      bool first = true;
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (children[i].IsNull() && !style.keep_nulls) continue;
        if (!first) out += ',';
        first = false;
        append_text(out, duckdb::StructType::GetChildName(value.type(), i));
        out += ':';
        append_json(out, children[i], style);
      }
      out += '}';
      return;
    }
    case LogicalTypeId::MAP: {
      out += '{';
      bool first = true;
      for (const auto& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        if (!first) out += ',';
        first = false;
        append_text(out, pair[0].ToString());
        out += ':';
        append_json(out, pair[1], style);
      }
      out += '}';
      return;
    }
    default: append_text(out, value.ToString());
  }
}

BindResult bind_to_json(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Style style;
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
  loader.RegisterFunction(kernel("spark_to_json", {LogicalType::ANY, LogicalType::VARCHAR, LogicalType::BOOLEAN},
                                 LogicalType::VARCHAR, nullptr, bind_to_json));
}

}  // namespace mastic::engine
