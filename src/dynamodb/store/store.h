// The store of tables and items, as the operations see it.
//
// Thread-safe. What a method acknowledged is durable. Items are passed as bytes (item_codec.h); keys as key_codec.h makes
// them. The store does not validate items: operations do.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dynamodb/key_codec.h"
#include "dynamodb/schema.h"

namespace mastic::dynamodb {

/// A live table. Whoever holds one may find that the table was deleted meanwhile: writes then fail with
/// ResourceNotFoundException, reads find nothing.
class Table {
 public:
  explicit Table(TableDefinition definition) : definition_(std::make_shared<const TableDefinition>(std::move(definition))) {}

  [[nodiscard]] std::shared_ptr<const TableDefinition> definition() const {
    const std::scoped_lock lock(mutex_);
    return definition_;
  }

 private:
  friend class RocksStore;
  mutable std::mutex mutex_;
  std::shared_ptr<const TableDefinition> definition_;

  std::shared_mutex gate_;  // Shared by writers of items; whoever changes the table itself holds it alone.
  bool gone_ = false;       // Under gate_.
  std::atomic<uint64_t> writes_ = 0;

  // Statistics as last counted, by range number, and the number of writes then.
  struct Counted {
    uint32_t number;
    uint64_t writes;
    Statistics statistics;
  };
  std::vector<Counted> counted_;  // Under mutex_.
};
using TablePtr = std::shared_ptr<Table>;

/// An item as stored: its bytes, and the size that DynamoDB counts for it.
struct StoredItem {
  std::string encoded;
  std::size_t size_bytes = 0;
};

/// What shall become of an item.
struct Change {
  enum class Kind : uint8_t { keep, put, remove };
  Kind kind = Kind::keep;
  StoredItem item;  // put

  static Change put(StoredItem item) { return {Kind::put, std::move(item)}; }
  static Change remove() { return {Kind::remove, {}}; }
};

/// One item's part in a write. `decide` is called once, while the item cannot change; `old` is null when there is none.
struct Write {
  TablePtr table;
  std::string key;
  bool needs_old = false;  // False: `decide` does not look at `old`, which may be null even when there is an item.
  std::function<Result<Change>(const StoredItem* old)> decide;
};

/// Makes a write happen once: another with the same token within ten minutes changes nothing.
struct IdempotencyToken {
  std::string token;
  uint64_t fingerprint = 0;  // of what is asked: a token stands for one request
  Instant now;
};

/// Walks entries in key order, seeing the state of when it was made.
class Cursor {
 public:
  virtual ~Cursor() = default;
  [[nodiscard]] virtual bool valid() const = 0;
  virtual void next() = 0;
  [[nodiscard]] virtual std::string_view key() const = 0;
  /// Both live until next().
  [[nodiscard]] virtual std::string_view encoded() const = 0;
  [[nodiscard]] virtual std::size_t size_bytes() const = 0;
  /// To be asked when the cursor is no longer valid: fails when reading did, rather than the range ended.
  [[nodiscard]] virtual Result<void> status() const = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Null when there is none.
  [[nodiscard]] virtual TablePtr find_table(std::string_view name) const = 0;
  /// Up to `limit` names in byte order, from behind `after`.
  [[nodiscard]] virtual std::vector<std::string> table_names(std::string_view after, std::size_t limit) const = 0;

  /// Gives the table and its indexes their numbers. Fails (ResourceInUseException) when the name is taken.
  virtual Result<TablePtr> create_table(TableDefinition definition) = 0;
  /// Removes the table and all its items.
  virtual Result<void> delete_table(const TablePtr& table) = 0;
  /// Changes the definition; no item is written meanwhile. New indexes are filled, vanished ones emptied.
  virtual Result<void> change_table(const TablePtr& table, const std::function<Result<void>(TableDefinition&)>& change) = 0;
  /// Of the table, or of its index of that number.
  virtual Statistics statistics(Table& table, uint32_t number) = 0;

  /// Keys of items of a table with a time to live that expires from `from` on and before `until` (whole seconds since 1970),
  /// earliest first, at most `limit`. Reads no items.
  virtual Result<std::vector<std::string>> expiring(const Table& table, uint64_t from, uint64_t until,
                                                    std::size_t limit) const = 0;

  virtual Result<std::optional<StoredItem>> get(std::string_view key) const = 0;
  /// Several items as they were at one moment.
  virtual Result<std::vector<std::optional<StoredItem>>> get_together(const std::vector<std::string>& keys) const = 0;
  /// Decides all and writes all of it with the index entries, or – when a decision fails – nothing. Every decision is
  /// asked even after one failed; the first failure is returned. No two writes may have the same key.
  virtual Result<void> write(std::span<Write> writes) = 0;
  /// The same, once for each token, across restarts too. A token that came with another fingerprint fails
  /// (IdempotentParameterMismatchException).
  virtual Result<void> write_once(std::span<Write> writes, const IdempotencyToken& token) = 0;
  /// Entries of the range; behind (or, backward, before) `start` when it is given.
  virtual Result<std::unique_ptr<Cursor>> read(const key_codec::Range& range, bool forward,
                                               const std::optional<std::string>& start) const = 0;
};

/// The key of an item in its table; the item has the key attributes with the right types.
[[nodiscard]] std::string item_key(const TableDefinition& table, const Item& item);
/// The key of an item's entry in an index; nothing when the item lacks an index key, and so has no entry.
[[nodiscard]] std::optional<std::string> index_key(const Index& index, std::string_view encoded_item,
                                                   std::string_view item_key);
/// The part of an item that an index holds.
[[nodiscard]] std::string index_projection(const TableDefinition& table, const Index& index, std::string_view encoded_item);

}  // namespace mastic::dynamodb
