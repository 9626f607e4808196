#include "spark/connect/show_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mastic::spark_connect {
namespace {

constexpr std::size_t column_width_min = 3;

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  [[nodiscard]] std::size_t units() const { return code > 0xFFFF ? 2 : 1; }
  [[nodiscard]] bool wide() const {
    static constexpr std::array<std::pair<char32_t, char32_t>, 9> ranges{{{0x1100, 0x115F},
                                                                          {0x2E80, 0xA4CF},
                                                                          {0xAC00, 0xD7A3},
                                                                          {0xF900, 0xFAFF},
                                                                          {0xFE10, 0xFE19},
                                                                          {0xFE30, 0xFE6F},
                                                                          {0xFF00, 0xFF60},
                                                                          {0xFFE0, 0xFFE6},
                                                                          {0, 0}}};
    return std::ranges::any_of(ranges,
                               [&](const auto& range) { return code >= range.first && code <= range.second && code != 0; });
  }
};

/// The character at the text's start; a byte that is no UTF-8 stands for itself.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {lead, 1};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {code, bytes};
}

std::size_t length_in_units(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    units += c.units();
    text.remove_prefix(c.bytes);
  }
  return units;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += c.units() + (c.wide() ? 1 : 0);
    text.remove_prefix(c.bytes);
  }
  return width;
}

std::string first_units(std::string_view text, std::size_t units) {
  std::size_t bytes = 0;
  for (std::size_t taken = 0; bytes < text.size();) {
    const Character c = first_character(text.substr(bytes));
    if (taken + c.units() > units) break;
    taken += c.units();
    bytes += c.bytes;
  }
  return std::string(text.substr(0, bytes));
}

std::string escape_control_characters(std::string_view text) {
  static constexpr std::array<std::pair<char, std::string_view>, 7> escapes{
      {{'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {'\f', "\\f"}, {'\b', "\\b"}, {'\v', "\\v"}, {'\a', "\\a"}}};
  std::string out;
  for (const char c : text) {
    const auto* const found = std::ranges::find(escapes, c, [](const auto& escape) { return escape.first; });
    if (found == escapes.end()) {
      out += c;
    } else {
      out += found->second;
    }
  }
  return out;
}

std::string cell_text(const std::optional<std::string>& cell, int truncate) {
  std::string text = cell ? escape_control_characters(*cell) : "NULL";
  const auto limit = static_cast<std::size_t>(std::max(truncate, 0));
  if (limit == 0 || length_in_units(text) <= limit) return text;
  return limit < 4 ? first_units(text, limit) : first_units(text, limit - 3) + "...";
}

using Line = std::vector<std::string>;

struct Table {
  Line names;
  std::vector<Line> lines;
  bool more = false;
};

Table make_table(const ShowInput& input) {
  Table table;
  for (const std::string& name : input.names) table.names.push_back(escape_control_characters(name));
  for (const auto& row : input.rows) {
    if (std::cmp_greater_equal(table.lines.size(), input.rows_max)) {
      table.more = true;
      break;
    }
    Line& line = table.lines.emplace_back();
    for (const auto& cell : row) line.push_back(cell_text(cell, input.truncate));
  }
  return table;
}

std::string padding(std::string_view text, std::size_t width, char with = ' ') {
  const std::size_t own = width_of(text);
  return std::string(own < width ? width - own : 0, with);
}

std::string join(const Line& cells, std::string_view first, std::string_view between, std::string_view last) {
  return fmt::format("{}{}{}", first, fmt::join(cells, between), last);
}

std::string footer(const ShowInput& input) {
  return fmt::format("only showing top {} {}", input.rows_max, input.rows_max == 1 ? "row" : "rows");
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

std::string show_table(const ShowInput& input) {
  const Table table = make_table(input);
  std::vector<std::size_t> widths(table.names.size(), column_width_min);
  const auto widen = [&](const Line& line) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  };
  widen(table.names);
  std::ranges::for_each(table.lines, widen);

  const auto padded = [&](Line line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string pad = padding(line[i], widths[i]);
      line[i] = input.truncate > 0 ? pad + line[i] : line[i] + pad;
    }
    return line;
  };
  Line dashes;
  for (const std::size_t width : widths) dashes.emplace_back(width, '-');
  const std::string separator = join(dashes, "+", "+", "+\n");

  std::string out = separator + join(padded(table.names), "|", "|", "|\n") + separator;
  for (const Line& line : table.lines) out += join(padded(line), "|", "|", "|\n");
  out += separator;
  if (table.more) out += footer(input) + (input.ends_lines ? "\n" : "");
  return out;
}

std::string show_vertically(const ShowInput& input) {
  const Table table = make_table(input);
  std::size_t name_width = column_width_min;
  std::size_t data_width = column_width_min;
  for (const std::string& name : table.names) name_width = std::max(name_width, width_of(name));
  for (const Line& line : table.lines) {
    for (const std::string& cell : line) data_width = std::max(data_width, width_of(cell));
  }
  std::string out;
  for (std::size_t row = 0; row < table.lines.size(); ++row) {
    const std::string header = fmt::format("-RECORD {}", row);
    out += header + padding(header, name_width + data_width + 5, '-') + '\n';
    Line fields;
    for (std::size_t i = 0; i < table.names.size(); ++i) {
      const std::string& name = table.names[i];
      const std::string& cell = table.lines[row][i];
      fields.push_back(fmt::format(" {}{} | {}{} ", name, padding(name, name_width), cell, padding(cell, data_width)));
    }
    out += join(fields, "", "\n", "\n");
  }
  if (table.lines.empty()) {
    out += "(0 rows)\n";
  } else if (table.more) {
    out += footer(input) + (input.ends_lines ? "\n" : "");
  }
  return out;
}

std::string show_html(const ShowInput& input) {
  const Table table = make_table(input);
  const auto escaped = [](Line line) {
    for (std::string& cell : line) cell = escape_html(cell);
    return line;
  };
  std::string out = "<table border='1'>\n";
  out += join(escaped(table.names), "<tr><th>", "</th><th>", "</th></tr>\n");
  for (const Line& line : table.lines) out += join(escaped(line), "<tr><td>", "</td><td>", "</td></tr>\n");
  out += "</table>\n";
  if (table.more) out += footer(input) + "\n";
  return out;
}

}  // namespace mastic::spark_connect
