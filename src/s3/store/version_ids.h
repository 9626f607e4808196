// What a version is called outside: 32 hexadecimal digits made of its number, so that an id leads to its record, and one
// that was made up is known as such. The null version is "null".
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mastic::s3 {

inline constexpr std::string_view null_version_id = "null";

namespace version_ids {

/// splitmix64's finish: a permutation that looks random.
inline uint64_t scramble(uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9ULL;
  value ^= value >> 27;
  value *= 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

}  // namespace version_ids

inline std::string version_id_of(uint64_t number) {
  if (number == 0) return std::string(null_version_id);
  return fmt::format("{:016x}{:016x}", version_ids::scramble(number), number);
}

/// None: no version was ever called so.
inline std::optional<uint64_t> version_number(std::string_view id) {
  if (id == null_version_id) return 0;
  if (id.size() != 32) return std::nullopt;
  uint64_t number = 0;
  const auto tail = id.substr(16);
  if (std::from_chars(tail.data(), tail.data() + tail.size(), number, 16).ptr != tail.data() + tail.size()) return std::nullopt;
  if (number == 0 || version_id_of(number) != id) return std::nullopt;
  return number;
}

}  // namespace mastic::s3
