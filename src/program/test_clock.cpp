#include "program/test_clock.h"

#include <fmt/format.h>

#include <charconv>

namespace mastic::program {
namespace {

constexpr std::string_view advance = "/advance/";
constexpr int64_t seconds_max = int64_t{100} * 366 * 24 * 3600;

Result<void> move(std::string_view text, ShiftedClock& clock) {
  int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > seconds_max)
    return fail(Error{"ValidationException", "The clock is advanced by a number of whole seconds.", 400});
  clock.advance(std::chrono::seconds(seconds));
  return {};
}

}  // namespace

void add_test_clock_pages(aws::Pages& pages, ShiftedClock& clock, std::function<void()> moved) {
  pages.add({.prefix = "/_mastic/clock", .access = aws::PageAccess::everybody},
            [&clock, moved = std::move(moved)](const aws::PageRequest& request) -> Result<aws::PageAnswer> {
              const std::string_view rest = request.rest;
              if (rest.starts_with(advance)) {
                TRY_DO(move(rest.substr(advance.size()), clock));
                moved();
              } else if (!rest.empty()) {
                return fail(Error{"NotFound", "There is nothing at this path.", 404});
              }
              const auto now = static_cast<double>(to_microseconds(clock.now())) / 1e6;
              return aws::PageAnswer{.body = fmt::format("{{\"now\": {:.6f}}}\n", now)};
            });
}

}  // namespace mastic::program
