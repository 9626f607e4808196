// The texts that the program prints about itself.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "command_line/commands.h"

namespace mastic::command_line {

std::string general_help();
std::string command_help(const CommandEntry& command);

/// `; did you mean --data?`, when one of the candidates is near enough.
std::string suggestion(std::string_view typed, std::span<const std::string_view> candidates);

}  // namespace mastic::command_line
