#include "s3/operations/ranges.h"

#include <fmt/format.h>

#include <charconv>

#include "s3/errors.h"

namespace mastic::s3 {
namespace {

struct Bounds {
  std::optional<int64_t> first;
  std::optional<int64_t> last;
};

bool parse_number(std::string_view text, std::optional<int64_t>& into) {
  if (text.empty()) return true;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || number < 0) return false;
  if (error == std::errc::result_out_of_range)
    number = INT64_MAX;
  else if (error != std::errc())
    return false;
  into = number;
  return true;
}

std::optional<Bounds> parse_bounds(std::string_view header) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return std::nullopt;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  Bounds bounds;
  if (!parse_number(header.substr(0, dash), bounds.first) || !parse_number(header.substr(dash + 1), bounds.last))
    return std::nullopt;
  if (!bounds.first && !bounds.last) return std::nullopt;
  if (bounds.first && bounds.last && *bounds.first > *bounds.last) return std::nullopt;
  return bounds;
}

}  // namespace

Result<std::optional<ByteRange>> parse_range(std::string_view header, int64_t size) {
  const auto bounds = parse_bounds(header);
  if (!bounds) return std::nullopt;
  if (!bounds->first) {
    const int64_t length = std::min(*bounds->last, size);
    if (length == 0) return fail(errors::invalid_range(header, size));
    return ByteRange{size - length, length};
  }
  if (*bounds->first >= size) return fail(errors::invalid_range(header, size));
  const int64_t last = std::min(bounds->last.value_or(size - 1), size - 1);
  return ByteRange{*bounds->first, last - *bounds->first + 1};
}

Result<ByteRange> parse_copy_range(std::string_view header, int64_t size) {
  const auto bounds = parse_bounds(header);
  if (!bounds || !bounds->first || !bounds->last) {
    return fail(errors::invalid_argument(
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based "
        "offsets of the first and last bytes to copy",
        "x-amz-copy-source-range", header));
  }
  if (*bounds->last >= size) {
    return fail(errors::invalid_argument(fmt::format("Range specified is not valid for source object of size: {}", size),
                                         "x-amz-copy-source-range", header));
  }
  return ByteRange{*bounds->first, *bounds->last - *bounds->first + 1};
}

}  // namespace mastic::s3
