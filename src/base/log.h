// The log of this process: lines on standard error, `time level [room] message`.
//
//   log::info("jobs", "run {} started", run_id);
//
// Levels come from MASTIC_LOG (trace, debug, info, warn, error, off); the default is info. Thread-safe.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace mastic::log {

enum class Level { debug, info, warn, error };

void write(Level level, std::string_view room, std::string_view message);

template <typename... Arguments>
void debug(std::string_view room, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write(Level::debug, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void info(std::string_view room, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write(Level::info, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void warn(std::string_view room, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write(Level::warn, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void error(std::string_view room, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write(Level::error, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace mastic::log
