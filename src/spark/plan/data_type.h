// Spark's data types (org.apache.spark.sql.types), as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::spark {

enum class TypeKind : uint8_t {
  null_,
  boolean,
  byte_,
  short_,
  integer,
  long_,
  float_,
  double_,
  decimal,
  string,
  char_,
  varchar,
  binary,
  date,
  timestamp,
  timestamp_ntz,
  time,
  year_month_interval,
  day_time_interval,
  calendar_interval,
  array,
  map,
  struct_,
  variant,
  user_defined
};

struct StructField;

/// A type. Copyable; equality is structural and includes field names and nullability.
struct DataType {
  TypeKind kind = TypeKind::null_;
  int precision = 0;                 // decimal (1…38); time (0…6)
  int scale = 0;                     // decimal
  int length = 0;                    // char, varchar
  int start_field = 0;               // intervals: day-time 0 day 1 hour 2 minute 3 second; year-month 0 year 1 month
  int end_field = 0;                 // intervals
  bool contains_null = true;         // array elements, map values
  std::vector<DataType> children;    // array: element; map: key, value; user_defined: its SQL type
  std::vector<StructField> fields;   // struct
  std::string collation;             // string: `UTF8_LCASE`; empty: UTF8_BINARY
  std::vector<std::string> classes;  // user_defined: the JVM's class, Python's class, Python's class pickled; "" where none

  [[nodiscard]] const DataType& element() const { return children.at(0); }
  [[nodiscard]] const DataType& key() const { return children.at(0); }
  [[nodiscard]] const DataType& value() const { return children.at(1); }
  [[nodiscard]] bool is(TypeKind other) const { return kind == other; }
  [[nodiscard]] bool is_integral() const { return kind >= TypeKind::byte_ && kind <= TypeKind::long_; }
  [[nodiscard]] bool is_fractional() const { return kind == TypeKind::float_ || kind == TypeKind::double_; }
  [[nodiscard]] bool is_numeric() const { return is_integral() || is_fractional() || kind == TypeKind::decimal; }
  [[nodiscard]] bool is_textual() const {
    return kind == TypeKind::string || kind == TypeKind::char_ || kind == TypeKind::varchar;
  }
  [[nodiscard]] bool is_datetime() const {
    return kind == TypeKind::date || kind == TypeKind::timestamp || kind == TypeKind::timestamp_ntz;
  }
  [[nodiscard]] bool is_interval() const {
    return kind == TypeKind::year_month_interval || kind == TypeKind::day_time_interval || kind == TypeKind::calendar_interval;
  }
  [[nodiscard]] bool is_nested() const { return kind == TypeKind::array || kind == TypeKind::map || kind == TypeKind::struct_; }

  bool operator==(const DataType&) const = default;
};

struct StructField {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string metadata_json;  // empty: none
  bool operator==(const StructField&) const = default;
};

namespace types {
inline DataType of(TypeKind kind) { return DataType{.kind = kind}; }
inline DataType null() { return of(TypeKind::null_); }
inline DataType boolean() { return of(TypeKind::boolean); }
inline DataType byte() { return of(TypeKind::byte_); }
inline DataType short_type() { return of(TypeKind::short_); }
inline DataType integer() { return of(TypeKind::integer); }
inline DataType long_type() { return of(TypeKind::long_); }
inline DataType float_type() { return of(TypeKind::float_); }
inline DataType double_type() { return of(TypeKind::double_); }
inline DataType decimal(int precision, int scale) {
  return DataType{.kind = TypeKind::decimal, .precision = precision, .scale = scale};
}
inline DataType string() { return of(TypeKind::string); }
inline DataType binary() { return of(TypeKind::binary); }
inline DataType date() { return of(TypeKind::date); }
inline DataType timestamp() { return of(TypeKind::timestamp); }
inline DataType timestamp_ntz() { return of(TypeKind::timestamp_ntz); }
inline DataType day_time_interval(int start = 0, int end = 3) {
  return DataType{.kind = TypeKind::day_time_interval, .start_field = start, .end_field = end};
}
inline DataType year_month_interval(int start = 0, int end = 1) {
  return DataType{.kind = TypeKind::year_month_interval, .start_field = start, .end_field = end};
}
DataType array(DataType element, bool contains_null = true);
DataType map(DataType key, DataType value, bool value_contains_null = true);
DataType structure(std::vector<StructField> fields);
DataType user_defined(DataType sql_type, std::string jvm_class, std::string python_class, std::string serialized_class);
}  // namespace types

/// `int`, `decimal(10,2)`, `array<struct<a:int,b:string>>`: DataType.simpleString.
std::string simple_string(const DataType& type);
/// `INT`, `DECIMAL(10,2)`, `ARRAY<STRUCT<a: INT, b: STRING>>`: DataType.sql, what error messages quote.
std::string sql_string(const DataType& type);
/// DataType.json, the client's and Parquet metadata's form.
std::string json_string(const DataType& type);
/// StructType.treeString: ` |-- a: integer (nullable = true)` lines under `root`. `level` 0: everything.
std::string tree_string(const DataType& type, int level = 0);
/// The word that tree_string and json use: `integer`, `long`, `decimal(10,2)`, `struct`.
std::string type_name(const DataType& type);

}  // namespace mastic::spark
