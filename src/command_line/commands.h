// The table of commands and their options. Parsing, help and suggestions read it; nothing else names an option.
#pragma once

#include <span>
#include <string_view>

namespace mastic::command_line {

struct OptionEntry {
  std::string_view name;        // "--data"
  std::string_view value_name;  // "DIR"; empty: a flag
  std::string_view help;
};

struct CommandEntry {
  std::string_view name;
  std::string_view operands;  // Behind the options in the usage line.
  std::string_view summary;
  std::string_view description;
  std::span<const OptionEntry> options;
  bool takes_script = false;  // What follows the first operand belongs to the script.
  std::size_t operands_max = 0;
};

std::span<const CommandEntry> commands();
const CommandEntry* find_command(std::string_view name);

}  // namespace mastic::command_line
