// An owner for one RocksDB database with named column families.
//
//   rocks::Batch batch;
//   batch.put(items, key, value);
//   batch.remove(index, old_key);
//   TRY_DO(database->write(batch));            // all of it or none of it, and durable when it returns
//
// Thread-safe. Concurrent writers share one fsync (RocksDB's group commit).
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::rocks {

using Family = rocksdb::ColumnFamilyHandle*;

class Batch {
 public:
  void put(Family family, std::string_view key, std::string_view value);
  void remove(Family family, std::string_view key);
  void remove_range(Family family, std::string_view begin, std::string_view end);
  [[nodiscard]] rocksdb::WriteBatch& raw() { return batch_; }

 private:
  rocksdb::WriteBatch batch_;
};

class Database {
 public:
  /// Opens or creates the folder with these column families ("default" is always there too).
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, const std::vector<std::string>& families);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// The family of that name; it must have been named at open.
  [[nodiscard]] Family family(std::string_view name) const;

  [[nodiscard]] Result<std::optional<std::string>> get(Family family, std::string_view key) const;
  Result<void> write(Batch& batch);

  /// The two halves of `write`, for a caller that holds a lock and must not hold it while the disk works. What was
  /// appended is visible at once and durable after a sync(); nothing becomes durable before what was appended earlier.
  Result<void> append(Batch& batch);
  /// Makes durable all that was appended before the call. Concurrent callers share one fsync.
  Result<void> sync();

  /// Roughly how many bytes the keys of a range and their values take, files and memory together.
  [[nodiscard]] uint64_t approximate_size_bytes(Family family, std::string_view begin, std::string_view end) const;

  /// A consistent view; cursors made from it see nothing that is written later.
  [[nodiscard]] std::shared_ptr<const rocksdb::Snapshot> snapshot() const;

  /// A cursor over the family, not yet positioned. `snapshot` may be null (the state now).
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> cursor(Family family, const rocksdb::Snapshot* snapshot = nullptr) const;

 private:
  Database() = default;
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<std::pair<std::string, Family>> families_;

  std::mutex sync_mutex_;
  std::condition_variable synced_;
  uint64_t syncs_asked_ = 0;
  uint64_t syncs_done_ = 0;  // Every sync() up to this one may return.
  bool syncing_ = false;
};

}  // namespace mastic::rocks
