// Events that are still to be delivered, oldest first. Thread-safe; what `add` returned for is durable.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::announce {

struct Waiting {
  int64_t number = 0;
  std::string body;
  int64_t attempts = 0;
};

class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(const std::filesystem::path& folder);

  /// Gives how many old events had to go for it.
  Result<int64_t> add(std::string_view body);
  Result<std::optional<Waiting>> first();
  Result<void> note_attempt(int64_t number);
  Result<void> remove(int64_t number);
  Result<int64_t> count();

 private:
  explicit Outbox(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::announce
