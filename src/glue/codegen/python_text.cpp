#include "glue/codegen/python_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mastic::glue::codegen {
namespace {

// Python 3.11's keywords (keyword.kwlist).
constexpr auto keywords = std::to_array<std::string_view>(
    {"False",  "None",     "True", "and",    "as",      "assert", "async",  "await",  "break", "class",  "continue", "def",
     "del",    "elif",     "else", "except", "finally", "for",    "from",   "global", "if",    "import", "in",       "is",
     "lambda", "nonlocal", "not",  "or",     "pass",    "raise",  "return", "try",    "while", "with",   "yield"});

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }

std::string backquoted(std::string_view name) {
  std::string quoted = "`";
  for (const char letter : name) {
    if (letter == '`') quoted += '`';
    quoted += letter;
  }
  return quoted + "`";
}

}  // namespace

std::string python_string(std::string_view text) {
  std::string literal = "\"";
  for (const char letter : text) {
    switch (letter) {
      case '"': literal += "\\\""; break;
      case '\\': literal += "\\\\"; break;
      case '\n': literal += "\\n"; break;
      case '\r': literal += "\\r"; break;
      case '\t': literal += "\\t"; break;
      default:
        if (is_control(letter)) {
          literal += fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
        } else {
          literal += letter;
        }
    }
  }
  return literal + "\"";
}

std::string python_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + python_string(text);
  return "[" + list + "]";
}

std::string python_dictionary(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string dictionary;
  for (const auto& [key, value] : entries) dictionary += (dictionary.empty() ? "" : ", ") + python_string(key) + ": " + value;
  return "{" + dictionary + "}";
}

std::string python_boolean(bool value) { return value ? "True" : "False"; }

std::string python_comment(std::string_view text) {
  std::string line;
  for (const char letter : text) line += is_control(letter) ? ' ' : letter;
  return line;
}

bool is_python_identifier(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) &&
         std::ranges::all_of(text, [](char letter) { return is_letter(letter) || is_digit(letter); }) &&
         std::ranges::find(keywords, text) == keywords.end();
}

std::string python_name_part(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    if (is_letter(letter) || is_digit(letter)) name += letter;
  }
  if (!name.empty() && is_digit(name.front())) name.insert(0, 1, '_');
  return name;
}

std::string field_path(const std::vector<std::string>& path) {
  std::string joined;
  for (const auto& name : path) {
    if (!joined.empty()) joined += '.';
    joined += name.find('.') == std::string::npos ? name : backquoted(name);
  }
  return joined;
}

std::string column_path(const std::vector<std::string>& path) {
  std::string joined;
  for (const auto& name : path) joined += (joined.empty() ? "" : ".") + backquoted(name);
  return joined;
}

}  // namespace mastic::glue::codegen
