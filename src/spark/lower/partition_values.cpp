#include "spark/lower/partition_values.h"

#include <algorithm>
#include <cstdio>

#include "engine/functions/datetime_text.h"
#include "engine/functions/number_text.h"

namespace mastic::spark {

std::string escape_partition_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool special = code < 0x20 || code == 0x7F || std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos;
    if (!special) {
      out += c;
      continue;
    }
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", code);
    out += escaped;
  }
  return out;
}

std::string unescape_partition_text(std::string_view text) {
  std::string out;
  const auto nibble = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 && nibble(text[i + 2]) >= 0) {
      out += static_cast<char>(nibble(text[i + 1]) << 4 | nibble(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::optional<std::string>>>> partition_folders(std::string_view below) {
  std::vector<std::pair<std::string, std::optional<std::string>>> folders;
  for (auto slash = below.find('/'); slash != std::string_view::npos; slash = below.find('/')) {
    const auto folder = below.substr(0, slash);
    below.remove_prefix(slash + 1);
    const auto equals = folder.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    auto value = unescape_partition_text(folder.substr(equals + 1));
    folders.emplace_back(unescape_partition_text(folder.substr(0, equals)),
                         value == hive_default_partition ? std::nullopt : std::optional(std::move(value)));
  }
  return folders;
}

DataType infer_partition_type(const std::vector<std::optional<std::string>>& values) {
  int rank = 0;  // 0 nothing, 1 int, 2 long, 3 double
  int time = 0;  // 1 date, 2 timestamp
  bool other = false;
  for (const auto& value : values) {
    if (!value) continue;
    if (const auto number = engine::parse_integer(*value, false); number && engine::trim_all(*value) == *value) {
      rank = std::max(rank, *number >= INT32_MIN && *number <= INT32_MAX ? 1 : 2);
    } else if (engine::parse_double(*value)) {
      rank = std::max(rank, 3);
    } else if (value->size() >= 8 && engine::parse_date(*value) && value->find(' ') == std::string::npos) {
      time = std::max(time, 1);
    } else if (const auto at = engine::parse_timestamp(*value); at && at->has_date) {
      time = 2;
    } else {
      other = true;
    }
  }
  if (other || (rank > 0 && time > 0) || (rank == 0 && time == 0)) return types::string();
  if (time > 0) return time == 1 ? types::date() : types::timestamp();
  return rank == 1 ? types::integer() : rank == 2 ? types::long_type() : types::double_type();
}

}  // namespace mastic::spark
