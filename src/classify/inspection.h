// What a look into one file found.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "classify/schema.h"

namespace mastic::classify {

using Texts = std::map<std::string, std::string>;

struct Inspection {
  std::string classification = "UNKNOWN";  // Glue's word for the format: csv, json, parquet, …
  std::string compression = "none";        // none, gzip, bzip2, zstd, snappy
  std::string problem = {};                // Set when the file is recognised, or not, and cannot be read: why.
  Schema columns = {};
  std::string input_format = {};  // Hive's classes
  std::string output_format = {};
  std::string serialization_library = {};
  Texts serde_parameters = {};
  Texts table_parameters = {};  // what the format adds to a table's: delimiter, skip.header.line.count, …
  uint64_t records = 0;         // of the whole file; an estimate when only its beginning was read

  [[nodiscard]] bool is_known() const { return classification != "UNKNOWN"; }
};

inline constexpr const char* text_input = "org.apache.hadoop.mapred.TextInputFormat";
inline constexpr const char* text_output = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

}  // namespace mastic::classify
