// How a VARIANT column looks to DuckDB: a struct of two byte strings, under names that no user gives.
#pragma once

#include "engine/functions/kernel.h"
#include "engine/functions/variant.h"

namespace mastic::engine {

inline LogicalType variant_type() {
  return LogicalType::STRUCT({{"__variant_value", LogicalType::BLOB}, {"__variant_metadata", LogicalType::BLOB}});
}
inline bool is_variant_type(const LogicalType& type) { return type == variant_type(); }
inline Value blob_value(std::string_view bytes) { return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()); }
inline Value to_value(const Variant& variant) {
  return Value::STRUCT(variant_type(), {blob_value(variant.value), blob_value(variant.metadata)});
}
/// Points into the value, which must not be NULL.
inline VariantView variant_view(const Value& value) {
  const auto& children = duckdb::StructValue::GetChildren(value);
  return {duckdb::StringValue::Get(children[0]), duckdb::StringValue::Get(children[1])};
}

/// The variant as a value of the type; nullopt: it has no such form. A variant null is NULL.
std::optional<Value> from_variant(const VariantView& variant, const LogicalType& type, const TimeZone* zone);
/// Writes any value: structs and maps as objects.
void append_value(VariantBuilder& builder, const Value& value);

}  // namespace mastic::engine
