// A file descriptor with an owner, and copying between files inside the kernel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace mastic::s3 {

class Descriptor {
 public:
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int get() const { return value_; }

  static Result<Descriptor> open_to_read(const std::filesystem::path& file);
  static Result<Descriptor> create(const std::filesystem::path& file);

 private:
  explicit Descriptor(int value) : value_(value) {}
  int value_;
};

/// Appends `length` bytes of `from`, beginning at `offset`, at the position of `to`. A file system that can share blocks
/// shares them; else the kernel copies.
Result<void> append_range(const Descriptor& from, int64_t offset, int64_t length, const Descriptor& to);
Result<void> append_bytes(std::string_view bytes, const Descriptor& to);
Result<std::string> read_range(const Descriptor& from, int64_t offset, int64_t length);

}  // namespace mastic::s3
