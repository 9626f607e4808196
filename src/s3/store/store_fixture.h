// For tests: a store in a folder of its own, with a clock that stands and a cleaner that does not run by itself.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/identifiers.h"
#include "s3/store/durable_store.h"

namespace mastic::s3 {

class StoreFixture {
 public:
  StoreFixture() : folder_(std::filesystem::temp_directory_path() / ("mastic-s3-" + random_hex(12))) { reopen(); }
  StoreFixture(const StoreFixture&) = delete;
  StoreFixture& operator=(const StoreFixture&) = delete;
  ~StoreFixture() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void reopen() {
    store_.reset();
    auto opened = DurableStore::open({.folder = folder_, .cleaning_interval = std::chrono::seconds{0}}, clock_);
    REQUIRE(opened);
    store_ = std::move(*opened);
  }

  [[nodiscard]] DurableStore& store() const { return *store_; }
  [[nodiscard]] ManualClock& clock() const { return clock_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// A file in the incoming folder, as the wire or the engine would have written it.
  [[nodiscard]] std::filesystem::path incoming(const std::string& content) const {
    const auto file = store_->incoming_folder() / random_hex(12);
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

  [[nodiscard]] std::size_t count_files(const std::string& under) const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / under))
      count += entry.is_regular_file() ? 1 : 0;
    return count;
  }

 private:
  std::filesystem::path folder_;
  mutable ManualClock clock_;
  std::unique_ptr<DurableStore> store_;
};

/// The bytes of a body, wherever they are.
inline std::string bytes_of(const Body& body) {
  if (!body.in_file()) return body.bytes;
  std::ifstream stream(body.file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace mastic::s3
