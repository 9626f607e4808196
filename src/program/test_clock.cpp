#include "program/test_clock.h"

#include <fmt/format.h>

#include <charconv>

namespace mastic::program {

std::optional<aws::Page> test_clock_page(std::string_view path, ShiftedClock& clock, const std::function<void()>& moved) {
  constexpr std::string_view place = "/_mastic/clock";
  constexpr std::string_view advance = "/advance/";
  constexpr int64_t seconds_max = int64_t{100} * 366 * 24 * 3600;
  if (!path.starts_with(place)) return std::nullopt;
  path.remove_prefix(place.size());
  if (path.starts_with(advance)) {
    path.remove_prefix(advance.size());
    int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(path.data(), path.data() + path.size(), seconds);
    if (failure != std::errc() || end != path.data() + path.size() || seconds < 0 || seconds > seconds_max)
      return aws::Page{.status = 400, .body = "The clock is advanced by a number of whole seconds.\n"};
    clock.advance(std::chrono::seconds(seconds));
    moved();
  } else if (!path.empty()) {
    return std::nullopt;
  }
  const auto now = static_cast<double>(to_microseconds(clock.now())) / 1e6;
  return aws::Page{.content_type = "application/json", .body = fmt::format("{{\"now\": {:.6f}}}\n", now)};
}

}  // namespace mastic::program
