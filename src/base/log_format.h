// How the log's lines look, and lines with members of their own.
//
//   text   2026-11-24T16:00:00.000+00:00 info [aws] a message member=value
//   json   {"time":"2026-11-24T16:00:00.000Z","level":"info","room":"aws","message":"…","member":…}
//
// Set once, before threads start.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.h"

namespace mastic::log {

enum class Format { text, json };
void set_format(Format format);
[[nodiscard]] Format format();
/// trace, debug, info, warn, error, off. False when it is none of them.
bool set_level(std::string_view level);
/// Whether lines of this level are written.
[[nodiscard]] bool writes(Level level);

using Member = std::pair<std::string_view, std::variant<std::string_view, int64_t>>;
void write(Level level, std::string_view room, std::string_view message, const std::vector<Member>& members);

}  // namespace mastic::log
