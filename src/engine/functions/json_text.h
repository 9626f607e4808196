// JSON as Spark's parser (Jackson) reads and writes it. Nothing here knows DuckDB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::engine {

/// A value with the text that it was read from. `raw` and a number's `text` point into the parsed text.
struct Json {
  enum class Kind : uint8_t { null, boolean, integer, real, text, array, object };
  Kind kind = Kind::null;
  bool truth = false;
  std::string text;      // a string's characters; a number's digits as written
  std::string_view raw;  // the value as written
  std::vector<Json> items;
  std::vector<std::pair<std::string, Json>> members;

  /// The last member of that name wins; null: none.
  [[nodiscard]] const Json* find(std::string_view name) const;
};

/// What is allowed beyond the standard; the defaults are Spark's.
struct JsonReading {
  bool single_quotes = true;
  bool unquoted_names = false;
  bool comments = false;
  bool leading_zeros = false;
  bool non_numbers = true;  // NaN, Infinity, -Infinity
  bool any_escape = false;  // \x for any x
  bool control_characters = false;
};

/// The first value of the text. With `whole`, nothing but blanks may follow it. nullopt: malformed.
std::optional<Json> read_json(std::string_view text, const JsonReading& reading = {}, bool whole = false);

/// Appends a quoted string.
void append_json_text(std::string& out, std::string_view text);
/// Appends the value without blanks, as Jackson copies it: numbers with a fraction go through a double.
void append_json(std::string& out, const Json& value);

/// get_json_object's path: `$.a['b'][0][*].*`. nullopt: no such path.
struct JsonStep {
  enum class Kind : uint8_t { name, any_name, index, any_index };
  Kind kind = Kind::name;
  std::string name;
  int64_t index = 0;
};
std::optional<std::vector<JsonStep>> parse_json_path(std::string_view path);
/// nullopt: nothing is there.
std::optional<std::string> json_at(const Json& value, const std::vector<JsonStep>& path);

}  // namespace mastic::engine
