#include "base/log.h"

#include <fmt/chrono.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <string>

#include "base/log_format.h"

namespace mastic::log {
namespace {

constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v";

Format current_format = Format::text;

spdlog::logger& logger() {
  static const auto instance = [] {
    auto created = spdlog::stderr_color_mt("mastic");
    created->set_pattern(text_pattern);
    const char* level = std::getenv("MASTIC_LOG");
    created->set_level(level ? spdlog::level::from_str(level) : spdlog::level::info);
    return created;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warn: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};

/// A JSON string; bytes that are no printable ASCII and no UTF-8 of more bytes are escaped.
void append_quoted(std::string_view text, std::string& into) {
  into += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      into += '\\';
      into += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(into), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      into += c;
    }
  }
  into += '"';
}

std::string json_line(Level level, std::string_view room, std::string_view message, const std::vector<Member>& members) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = now.time_since_epoch().count() % 1000;
  auto line = fmt::format(R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","level":"{}","room":)",
                          fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds,
                          level_names[static_cast<std::size_t>(level)]);
  append_quoted(room, line);
  line += ",\"message\":";
  append_quoted(message, line);
  for (const auto& [name, value] : members) {
    line += ',';
    append_quoted(name, line);
    line += ':';
    if (const auto* number = std::get_if<int64_t>(&value)) {
      line += std::to_string(*number);
    } else {
      append_quoted(std::get<std::string_view>(value), line);
    }
  }
  line += '}';
  return line;
}

}  // namespace

void set_format(Format format) {
  current_format = format;
  logger().set_pattern(format == Format::json ? "%v" : text_pattern);
}

Format format() { return current_format; }

bool set_level(std::string_view level) {
  const auto found = spdlog::level::from_str(std::string(level));
  if (found == spdlog::level::off && level != "off") return false;
  logger().set_level(found);
  return true;
}

bool writes(Level level) { return logger().should_log(to_spdlog(level)); }

void write(Level level, std::string_view room, std::string_view message) { write(level, room, message, {}); }

void write(Level level, std::string_view room, std::string_view message, const std::vector<Member>& members) {
  if (!writes(level)) return;
  if (current_format == Format::json) {
    logger().log(to_spdlog(level), "{}", json_line(level, room, message, members));
    return;
  }
  auto line = fmt::format("[{}] {}", room, message);
  for (const auto& [name, value] : members) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      fmt::format_to(std::back_inserter(line), " {}={}", name, *number);
    } else {
      fmt::format_to(std::back_inserter(line), " {}={}", name, std::get<std::string_view>(value));
    }
  }
  logger().log(to_spdlog(level), "{}", line);
}

}  // namespace mastic::log
