// The type of a column as a crawler finds it, and how the types of two files become one.
//
//   merge(int, bigint) = bigint        merge(int, double) = double      merge(date, timestamp) = timestamp
//   merge(unknown, x) = x              merge(decimal, int) = decimal that holds both
//   merge(struct, struct) = struct of all fields, in the order in which they were seen
//   everything else that differs = string
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::classify {

enum class Kind : uint8_t {
  unknown,  // only NULLs were seen
  boolean,
  tinyint,
  smallint,
  int_,
  bigint,
  float_,
  double_,
  decimal,
  string,
  binary,
  date,
  timestamp,
  array,   // one field without a name: the element
  map,     // two fields without names: key and value
  struct_  // fields by name
};

struct Field;

struct Type {
  Kind kind = Kind::unknown;
  uint8_t precision = 0;
  uint8_t scale = 0;
  std::vector<Field> fields = {};

  friend bool operator==(const Type&, const Type&);
};

struct Field {
  std::string name;
  Type type;
  friend bool operator==(const Field&, const Field&) = default;
};

/// How deep a type may nest; what is deeper is a string.
inline constexpr int type_depth_max = 32;

Type array_of(Type element);
Type map_of(Type key, Type value);
Type decimal_of(int precision, int scale);

Type merge(const Type& left, const Type& right);
/// Whether the merged type says more than "string" of either, or both are scalars that a string can hold.
bool mergeable(const Type& left, const Type& right);

/// The type as the catalog writes it: `array<struct<id:int,name:string>>`. Unknown is `string`.
std::string catalog_text(const Type& type);

/// The smallest of Glue's types for text that stands in a row: bigint, double, boolean or string; unknown when empty.
Type type_of_text(std::string_view text);

/// Out of the type names of classifiers: `INT`, `long`, `timestamp`; unknown for any other.
Type type_of_name(std::string_view name);

}  // namespace mastic::classify
