// Values as Python source. What comes from a request stands in a script only through these, so that no name or path ends a
// literal or a comment early.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::glue::codegen {

/// A string literal in double quotes.
std::string python_string(std::string_view text);
/// `["a", "b"]`
std::string python_list(const std::vector<std::string>& texts);
/// `{"key": value, …}`; the values are Python source already.
std::string python_dictionary(const std::vector<std::pair<std::string, std::string>>& entries);
std::string python_boolean(bool value);
/// On one line, without control characters: what may stand behind `#`.
std::string python_comment(std::string_view text);
bool is_python_identifier(std::string_view text);
/// Letters, digits and underscores of `text`, fit to begin a name; may be empty.
std::string python_name_part(std::string_view text);

/// A field's path as awsglue writes it: `a.b`; a name with a dot in it stands in backquotes.
std::string field_path(const std::vector<std::string>& path);
/// The same for Spark's `col`: every name in backquotes.
std::string column_path(const std::vector<std::string>& path);

}  // namespace mastic::glue::codegen
