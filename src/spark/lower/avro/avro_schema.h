// Avro's schemas: parsed from a file's header, made of Spark's types for a file to be, and what they are to Arrow and Spark.
// Specification 1.11. Schemas that contain themselves are refused, as Spark does by default.
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/data_type.h"
#include "spark/plan/relation.h"

namespace mastic::spark::avro {

struct Type;
using TypePtr = std::shared_ptr<const Type>;

struct Field {
  std::string name;
  TypePtr type;
  std::vector<std::string> aliases = {};
  std::optional<std::string> default_json = {};
};

struct Type {
  enum class Kind : uint8_t {
    null_,
    boolean,
    int_,
    long_,
    float_,
    double_,
    bytes,
    string,
    fixed,
    enumeration,
    array,
    map,
    record,
    union_
  };
  Kind kind = Kind::null_;
  std::string name;                                // of a record, an enumeration or a fixed, with its namespace
  std::vector<std::string> aliases;                // with their namespaces
  std::optional<std::string> default_symbol = {};  // enumeration
  std::string logical;                             // "date", "timestamp-micros", "decimal", …
  int precision = 0;
  int scale = 0;
  std::size_t size_bytes = 0;        // fixed
  std::vector<std::string> symbols;  // enumeration
  std::vector<Field> fields;         // record; array and map: one; union: its branches
};

arrow::Result<TypePtr> parse_schema(std::string_view json);
/// The schema that Spark writes for these columns.
arrow::Result<std::string> schema_text(const std::vector<Attribute>& columns, const std::string& record_name,
                                       const std::string& record_namespace);

/// Whether values of a Spark type can be written as an Avro type, by Spark's rules. `place`: the field, for the message.
arrow::Status check_writable(const DataType& from, const Type& to, const std::string& place);

/// A union with null and one other type is that type; others are structures of their branches.
std::shared_ptr<arrow::DataType> arrow_type(const Type& type);
DataType spark_type(const Type& type);
/// The union's only branch that is not null; null: no such union.
const Type* nullable_branch(const Type& type);
/// Unions of int and long, and of float and double, are read as the wider one.
bool is_numeric_union(const Type& type);

}  // namespace mastic::spark::avro
