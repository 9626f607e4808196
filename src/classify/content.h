// Bounded reads of a file, or of bytes in memory that stand for one. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::classify {

class Content {
 public:
  static Result<Content> of_file(const std::string& path);
  static Content of_bytes(std::string bytes);
  Content(Content&& other) noexcept;
  Content& operator=(Content&&) = delete;
  ~Content();

  [[nodiscard]] uint64_t size() const { return size_; }
  /// Exactly these bytes; fails when the file has no such place or `count` is more than 64 MiB.
  [[nodiscard]] Result<std::string> read(uint64_t offset, uint64_t count) const;
  /// At most so many, from the beginning.
  [[nodiscard]] Result<std::string> head(uint64_t count) const;

 private:
  Content(int file, uint64_t size, std::string bytes) : file_(file), size_(size), bytes_(std::move(bytes)) {}
  int file_ = -1;
  uint64_t size_ = 0;
  std::string bytes_;
};

/// The code of failures whose message says what is wrong with a file.
inline constexpr const char* unreadable_code = "Unreadable";
inline Error unreadable(std::string message) { return {unreadable_code, std::move(message)}; }

}  // namespace mastic::classify
