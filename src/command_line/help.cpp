#include "command_line/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace mastic::command_line {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t name_column = 26;

/// The text in lines of at most `width`, all but the first behind `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (column > indent && column + 1 + word.size() > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

/// Levenshtein's distance.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const auto changed = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string general_help() {
  std::string text =
      "Mastic: AWS Glue on your own machine.\n\n"
      "Usage: mastic COMMAND [OPTIONS]\n\n"
      "Commands:\n";
  for (const auto& command : commands()) text += fmt::format("  {:<10}{}\n", command.name, command.summary);
  return text +
         "\nmastic COMMAND --help explains a command; mastic --version prints the version.\n"
         "MASTIC_LOG sets how much is logged: trace, debug, info, warn, error, off.\n";
}

std::string command_help(const CommandEntry& command) {
  auto text = fmt::format("Usage: mastic {} [OPTIONS]{}{}\n\n{}\n\nOptions:\n", command.name,
                          command.operands.empty() ? "" : " ", command.operands, command.description);
  for (const auto& option : command.options) {
    const auto name = fmt::format("  {}{}{}", option.name, option.value_name.empty() ? "" : " ", option.value_name);
    text += fmt::format("{:<{}}{}\n", name, name_column, wrapped(option.help, name_column));
  }
  return text;
}

std::string suggestion(std::string_view typed, std::span<const std::string_view> candidates) {
  constexpr std::size_t distance_maximum = 3;
  const auto* nearest =
      std::ranges::min_element(candidates, {}, [&](auto candidate) { return distance(typed, candidate); }).base();
  if (candidates.empty() || distance(typed, *nearest) > std::min(distance_maximum, typed.size() / 2)) return "";
  return fmt::format("; did you mean {}?", *nearest);
}

}  // namespace mastic::command_line
