// The console's files, inside the program.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace mastic::console {

struct Asset {
  /// A range of the pack; empty when the file is not kept in this form.
  struct Part {
    std::size_t offset = 0;
    std::size_t length = 0;
  };
  std::string_view path;  // "/index.html"
  std::string_view content_type;
  std::string_view etag;
  Part plain, gzip, brotli;  // either the first or the other two
};

/// Ordered by path. Generated.
std::span<const Asset> assets();
std::string_view bytes_of(Asset::Part part);

}  // namespace mastic::console
