// What JSON's values look like: JsonInferSchema's types.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/functions/json_text.h"
#include "engine/sources/named_options.h"

namespace mastic::engine {

struct JsonShape {
  enum class Kind : uint8_t { none, boolean, integer, decimal, real, text, object, array };
  Kind kind = Kind::none;
  int precision = 0;
  int scale = 0;
  std::vector<std::pair<std::string, JsonShape>> members;

  [[nodiscard]] std::string ddl() const;
};

JsonShape merged_shape(const JsonShape& left, const JsonShape& right);
/// With the options prefersDecimal and primitivesAsString.
JsonShape json_shape_of(const Json& json, const NamedOptions& options);
/// How texts are to be read, by the options allow….
JsonReading json_reading_of(const NamedOptions& options);

}  // namespace mastic::engine
