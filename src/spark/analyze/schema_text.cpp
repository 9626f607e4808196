// Schemas as text: DDL, or DataType's JSON as the client and Parquet metadata write it.
#include <simdjson.h>

#include "spark/analyze/state.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

SparkError malformed(std::string_view text) {
  return analysis_error("INVALID_SCHEMA.PARSE_ERROR",
                        {{"inputSchema", "\"" + std::string(text) + "\""}, {"reason", "not a schema"}});
}

SparkResult<DataType> type_of(const element& json);

SparkResult<DataType> named_type(std::string_view name) {
  if (name == "void" || name == "null") return types::null();
  if (name == "integer") return types::integer();
  if (name == "long") return types::long_type();
  if (name == "short") return types::short_type();
  if (name == "byte") return types::byte();
  return sql::parse_data_type(name);
}

// A string's collation is not in its type's JSON but in the field's metadata: {"__COLLATIONS": {"a.element": "icu.DE"}}.
constexpr std::string_view collations_key = "__COLLATIONS";

void set_collations(DataType& type, const std::string& path, const object& collations) {
  std::string_view value;
  if (type.is(TypeKind::string) && collations[path].get(value) == simdjson::SUCCESS) {
    type.collation = value.substr(value.find('.') + 1);
    if (type.collation == "UTF8_BINARY") type.collation.clear();
  } else if (type.is(TypeKind::array)) {
    set_collations(type.children[0], path + ".element", collations);
  } else if (type.is(TypeKind::map)) {
    set_collations(type.children[0], path + ".key", collations);
    set_collations(type.children[1], path + ".value", collations);
  }
}

std::string without_collations(const element& metadata) {
  object members;
  std::string text;
  if (metadata.get(members) != simdjson::SUCCESS) return {};
  for (const auto [key, value] : members) {
    if (key == collations_key) continue;
    text += std::string(text.empty() ? "\"" : ",\"") + std::string(key) + "\":" + simdjson::minify(value);
  }
  return "{" + text + "}";
}

SparkResult<DataType> struct_of(const object& json) {
  simdjson::dom::array list;
  if (json["fields"].get(list) != simdjson::SUCCESS) return fail(malformed("fields"));
  std::vector<StructField> fields;
  for (const element& field : list) {
    std::string_view name;
    bool nullable = true;
    element type;
    if (field["name"].get(name) != simdjson::SUCCESS || field["type"].get(type) != simdjson::SUCCESS)
      return fail(malformed("field"));
    if (field["nullable"].get(nullable) != simdjson::SUCCESS) nullable = true;
    TRY(resolved, type_of(type));
    StructField made{std::string(name), resolved, nullable, {}};
    element metadata;
    if (field["metadata"].get(metadata) == simdjson::SUCCESS) {
      object collations;
      const bool collated = metadata[collations_key].get(collations) == simdjson::SUCCESS;
      if (collated) set_collations(made.type, made.name, collations);
      made.metadata_json = collated ? without_collations(metadata) : std::string(simdjson::minify(metadata));
      if (made.metadata_json == "{}") made.metadata_json.clear();
    }
    fields.push_back(std::move(made));
  }
  return types::structure(std::move(fields));
}

SparkResult<DataType> type_of(const element& json) {
  std::string_view name;
  if (json.get(name) == simdjson::SUCCESS) return named_type(name);
  object details;
  if (json.get(details) != simdjson::SUCCESS || details["type"].get(name) != simdjson::SUCCESS) return fail(malformed("type"));
  if (name == "struct") return struct_of(details);
  if (name == "array") {
    element inner;
    bool contains_null = true;
    if (details["elementType"].get(inner) != simdjson::SUCCESS) return fail(malformed("array"));
    if (details["containsNull"].get(contains_null) != simdjson::SUCCESS) contains_null = true;
    TRY(type, type_of(inner));
    return types::array(type, contains_null);
  }
  if (name == "map") {
    element key;
    element value;
    bool contains_null = true;
    if (details["keyType"].get(key) != simdjson::SUCCESS || details["valueType"].get(value) != simdjson::SUCCESS)
      return fail(malformed("map"));
    if (details["valueContainsNull"].get(contains_null) != simdjson::SUCCESS) contains_null = true;
    TRY(key_type, type_of(key));
    TRY(value_type, type_of(value));
    return types::map(key_type, value_type, contains_null);
  }
  if (name == "udt") {
    element inner;
    if (details["sqlType"].get(inner) != simdjson::SUCCESS) return fail(malformed("udt"));
    TRY(type, type_of(inner));
    const auto text = [&](std::string_view member) {
      std::string_view value;
      return details[member].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
    };
    proto::DataType::UDT udt;
    udt.set_jvm_class(text("class"));
    udt.set_python_class(text("pyClass"));
    return types::user_defined(std::move(type), text("class"), python_class_of(udt), text("serializedClass"));
  }
  return fail(malformed(name));
}

}  // namespace

SparkResult<DataType> parse_schema_text(const std::string& text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos || (text[start] != '{' && text[start] != '"')) return sql::parse_table_schema(text);
  simdjson::dom::parser parser;
  element json;
  if (parser.parse(text).get(json) != simdjson::SUCCESS) return fail(malformed(text));
  return type_of(json);
}

}  // namespace mastic::spark
