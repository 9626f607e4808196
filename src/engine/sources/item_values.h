// One attribute value of an encoded item into a DuckDB vector.
#pragma once

#include <duckdb/common/types/vector.hpp>
#include <string>

#include "dynamodb/item_codec.h"  // Header only: the encoding's one definition.

namespace mastic::engine {

/// Writes the value to `row`, or NULL when it does not fit the vector's type.
void decode_item_value(const dynamodb::codec::EncodedValue& value, duckdb::Vector& vector, duckdb::idx_t row);

/// The text of a value: what a string column shows. Scalars as they are, documents as JSON.
std::string item_value_text(const dynamodb::codec::EncodedValue& value);

/// Appends a DuckDB value as an attribute value (numbers → N, lists → L, structs and maps → M, …). NULL → NULL.
void encode_item_value(std::string& out, const duckdb::Value& value);

}  // namespace mastic::engine
