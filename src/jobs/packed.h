// A list of strings in one string: each behind its size, four bytes, little-endian. How lists are kept in columns, and
// the messages to the zygote (`python/mastic/messages.py` is the other side).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::jobs {

std::string pack(const std::vector<std::string>& strings);
Result<std::vector<std::string>> unpack(std::string_view packed);

/// Four bytes, little-endian.
void append_size(std::string& into, std::size_t size);
std::size_t read_size(std::string_view bytes);

}  // namespace mastic::jobs
