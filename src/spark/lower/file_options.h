// Spark's data source options, read with their defaults.
#pragma once

#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::spark {

/// Under this key Spark writes the schema into a Parquet file's metadata.
inline constexpr std::string_view parquet_row_metadata_key = "org.apache.spark.sql.parquet.row.metadata";

using FileOptions = std::map<std::string, std::string>;

inline std::string lower_case(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The first of the names that is set, else the default. Names are lower case.
inline std::string option(const FileOptions& options, std::initializer_list<std::string_view> names, std::string fallback) {
  for (const auto name : names) {
    if (const auto found = options.find(std::string(name)); found != options.end()) return found->second;
  }
  return fallback;
}
inline bool option_is_true(const FileOptions& options, std::string_view name, bool fallback = false) {
  const auto found = options.find(std::string(name));
  return found == options.end() ? fallback : lower_case(found->second) == "true";
}

/// A separator as users write it: `\t` and `\001` are escapes.
inline std::string unescape_separator(std::string text) {
  if (text == "\\t") return "\t";
  if (text == "\\n") return "\n";
  if (text == "\\0" || text == "\\u0000" || text == "\u0000") return std::string(1, '\0');
  if (text.size() == 4 && text[0] == '\\' && std::isdigit(static_cast<unsigned char>(text[1]))) {
    return std::string(1, static_cast<char>(std::stoi(text.substr(1), nullptr, 8)));
  }
  if (text.size() == 6 && text.starts_with("\\u"))
    return std::string(1, static_cast<char>(std::stoi(text.substr(2), nullptr, 16)));
  return text;
}

inline std::string csv_separator(const FileOptions& options) {
  return unescape_separator(option(options, {"sep", "delimiter"}, ","));
}

}  // namespace mastic::spark
