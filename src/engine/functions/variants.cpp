// VARIANT functions. A variant is variant_type.h's struct.
//   spark_parse_json(text, tries)                            MALFORMED_RECORD_IN_PARSING, or NULL with `tries`
//   spark_variant_get(variant, path, witness, zone, tries)   NULL where nothing is; INVALID_VARIANT_CAST, or NULL
//   spark_to_variant(value), spark_variant_json(variant, zone)
//   spark_is_variant_null(variant), spark_is_valid_variant(variant), spark_schema_of_variant(variant)
//   spark_variant_shapes(list of variants)                   schema_of_variant_agg
//   spark_variant_members(variant)                           variant_explode's rows: [{pos, key, value}]
#include <functional>

#include "engine/functions/register.h"
#include "engine/functions/variant_type.h"

namespace mastic::engine {
namespace {

using RowFunction = std::function<Value(const std::vector<Value>&)>;

/// A kernel that is called with a row's values and gives one.
duckdb::scalar_function_t by_row(RowFunction function) {
  return [function = std::move(function)](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    std::vector<Value> row(input.ColumnCount());
    for (idx_t i = 0; i < input.size(); ++i) {
      for (idx_t column = 0; column < input.ColumnCount(); ++column) row[column] = input.data[column].GetValue(i);
      result.SetValue(i, function(row));
    }
  };
}

const TimeZone* zone_named(const Value& name) {
  const auto* zone = TimeZone::find(name.ToString());
  return zone == nullptr ? TimeZone::find("UTC") : zone;
}

BindResult bind_parse(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool tries = take_constant(context, function, arguments, 1).GetValue<bool>();
  function.function = by_row([tries](const std::vector<Value>& row) {
    if (row[0].IsNull()) return Value(variant_type());
    const auto& text = duckdb::StringValue::Get(row[0]);
    JsonReading strict;
    strict.single_quotes = false;
    strict.non_numbers = false;
    const auto json = read_json(text, strict);  // what follows the value is not looked at
    VariantBuilder builder;
    if (json && builder.json(*json)) return to_value(std::move(builder).finish());
    if (tries) return Value(variant_type());
    throw_spark_error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", {{"badRecord", text}, {"failFastMode", "FAILFAST"}});
  });
  return nullptr;
}

/// INT, ARRAY<STRING>: a type as Spark's messages write it.
std::string type_text(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::INTEGER: return "INT";
    case LogicalTypeId::VARCHAR: return "STRING";
    case LogicalTypeId::BLOB: return "BINARY";
    case LogicalTypeId::TIMESTAMP_TZ: return "TIMESTAMP";
    case LogicalTypeId::TIMESTAMP: return "TIMESTAMP_NTZ";
    case LogicalTypeId::LIST: return "ARRAY<" + type_text(duckdb::ListType::GetChildType(type)) + ">";
    case LogicalTypeId::MAP:
      return "MAP<" + type_text(duckdb::MapType::KeyType(type)) + ", " + type_text(duckdb::MapType::ValueType(type)) + ">";
    case LogicalTypeId::STRUCT: {
      if (is_variant_type(type)) return "VARIANT";
      std::string text;
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type))
        text += (text.empty() ? "" : ", ") + name + ": " + type_text(child);
      return "STRUCT<" + text + ">";
    }
    default: return type.ToString();
  }
}

BindResult bind_get(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool tries = take_constant(context, function, arguments, 4).GetValue<bool>();
  const auto* zone = zone_named(take_constant(context, function, arguments, 3));
  const auto type = take_witness(function, arguments, 2);
  function.return_type = type;
  function.function = by_row([tries, zone, type](const std::vector<Value>& row) {
    if (row[0].IsNull() || row[1].IsNull()) return Value(type);
    const auto& text = duckdb::StringValue::Get(row[1]);
    const auto path = parse_variant_path(text);
    if (!path)
      throw_spark_error("INVALID_VARIANT_GET_PATH",
                        {{"path", text}, {"functionName", tries ? "`try_variant_get`" : "`variant_get`"}});
    const auto found = variant_at(variant_view(row[0]), *path);
    if (!found) return Value(type);
    auto value = from_variant(*found, type, zone);
    if (value) return *std::move(value);
    if (tries) return Value(type);
    std::string json;
    append_variant_json(json, *found, zone);
    throw_spark_error("INVALID_VARIANT_CAST", {{"value", json}, {"dataType", "\"" + type_text(type) + "\""}});
  });
  return nullptr;
}

BindResult bind_to_variant(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  return nullptr;
}

BindResult bind_json(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto* zone = zone_named(take_constant(context, function, arguments, 1));
  function.function = by_row([zone](const std::vector<Value>& row) {
    if (row[0].IsNull()) return Value(LogicalType::VARCHAR);
    std::string text;
    append_variant_json(text, variant_view(row[0]), zone);
    return Value(text);
  });
  return nullptr;
}

LogicalType member_type() {
  return LogicalType::STRUCT({{"pos", LogicalType::INTEGER}, {"key", LogicalType::VARCHAR}, {"value", variant_type()}});
}

Value members(const std::vector<Value>& row) {
  duckdb::vector<Value> rows;
  if (!row[0].IsNull()) {
    const auto variant = variant_view(row[0]);
    const bool object = variant.kind() == VariantView::Kind::object;
    const auto count = object || variant.kind() == VariantView::Kind::array ? variant.size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
      Value key(LogicalType::VARCHAR);
      auto value = variant.element(i);
      if (object) key = Value(std::string(variant.member(i).first));
      rows.push_back(Value::STRUCT(member_type(), {Value::INTEGER(static_cast<int32_t>(i)), key, to_value(value.copy())}));
    }
  }
  return Value::LIST(member_type(), std::move(rows));
}

Value shapes(const std::vector<Value>& row) {
  VariantShape shape;
  if (!row[0].IsNull())
    for (const auto& child : duckdb::ListValue::GetChildren(row[0]))
      if (!child.IsNull()) shape = merge_shapes(shape, shape_of(variant_view(child)));
  return Value(shape.text());
}

bool is_valid(const VariantView& variant, int depth = 0) {
  if (depth > variant_depth_max) return false;
  switch (variant.kind()) {
    case VariantView::Kind::invalid: return false;
    case VariantView::Kind::array:
      for (std::size_t i = 0; i < variant.size(); ++i)
        if (!is_valid(variant.element(i), depth + 1)) return false;
      return true;
    case VariantView::Kind::object:
      for (std::size_t i = 0; i < variant.size(); ++i)
        if (!is_valid(variant.member(i).second, depth + 1)) return false;
      return true;
    default: return true;
  }
}

}  // namespace

void register_variant_functions(duckdb::ExtensionLoader& loader) {
  const auto variant = variant_type();
  const auto text = LogicalType::VARCHAR;
  const auto truth = LogicalType::BOOLEAN;
  loader.RegisterFunction(kernel("spark_parse_json", {text, truth}, variant, nullptr, bind_parse));
  loader.RegisterFunction(
      kernel("spark_variant_get", {variant, text, LogicalType::ANY, text, truth}, LogicalType::ANY, nullptr, bind_get));
  loader.RegisterFunction(kernel("spark_to_variant", {LogicalType::ANY}, variant, by_row([](const std::vector<Value>& row) {
                                   if (row[0].IsNull()) return Value(variant_type());
                                   VariantBuilder builder;
                                   append_value(builder, row[0]);
                                   return to_value(std::move(builder).finish());
                                 }),
                                 bind_to_variant));
  loader.RegisterFunction(kernel("spark_variant_json", {variant, text}, text, nullptr, bind_json));
  loader.RegisterFunction(kernel("spark_is_variant_null", {variant}, truth, by_row([](const std::vector<Value>& row) {
                                   return Value::BOOLEAN(!row[0].IsNull() &&
                                                         variant_view(row[0]).kind() == VariantView::Kind::null);
                                 })));
  loader.RegisterFunction(kernel("spark_is_valid_variant", {variant}, truth, by_row([](const std::vector<Value>& row) {
                                   return Value::BOOLEAN(!row[0].IsNull() && is_valid(variant_view(row[0])));
                                 })));
  loader.RegisterFunction(kernel("spark_schema_of_variant", {variant}, text, by_row([](const std::vector<Value>& row) {
                                   if (row[0].IsNull()) return Value(LogicalType::VARCHAR);
                                   return Value(shape_of(variant_view(row[0])).text());
                                 })));
  loader.RegisterFunction(kernel("spark_variant_shapes", {LogicalType::LIST(variant)}, text, by_row(shapes)));
  loader.RegisterFunction(kernel("spark_variant_members", {variant}, LogicalType::LIST(member_type()), by_row(members)));
}

}  // namespace mastic::engine
