// The store in one RocksDB folder: family "tables" (name → definition), family "items" (key_codec.h → record), family
// "tokens" (idempotency token → fingerprint and time), family "expiries" (expiry.h: what expires when, of tables with a time
// to live).
//
//   record = version:u8 (1)  size:varint  item        `size` is what DynamoDB counts, so that pages need no decoding
//
// A write locks the stripes of its keys, reads what it must, decides, appends to the log, unlocks, and then waits until
// the log is on disk; concurrent writers share that wait. So a reader may see a write a moment before it is durable, but
// nothing that is acknowledged can depend on something that was lost: the log keeps order.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "dynamodb/store/store.h"

namespace mastic::rocks {
class Database;
class Batch;
}  // namespace mastic::rocks

namespace mastic::dynamodb {

class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<RocksStore>> open(const std::filesystem::path& folder);
  ~RocksStore() override;

  [[nodiscard]] TablePtr find_table(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> table_names(std::string_view after, std::size_t limit) const override;
  Result<TablePtr> create_table(TableDefinition definition) override;
  Result<void> delete_table(const TablePtr& table) override;
  Result<void> change_table(const TablePtr& table, const std::function<Result<void>(TableDefinition&)>& change) override;
  Statistics statistics(Table& table, uint32_t number) override;
  Result<std::vector<std::string>> expiring(const Table& table, uint64_t from, uint64_t until,
                                            std::size_t limit) const override;
  Result<std::optional<StoredItem>> get(std::string_view key) const override;
  Result<std::vector<std::optional<StoredItem>>> get_together(const std::vector<std::string>& keys) const override;
  Result<void> write(std::span<Write> writes) override;
  Result<void> write_once(std::span<Write> writes, const IdempotencyToken& token) override;
  Result<std::unique_ptr<Cursor>> read(const key_codec::Range& range, bool forward,
                                       const std::optional<std::string>& start) const override;

 private:
  RocksStore() = default;
  Result<void> load_tables();
  Result<void> fill_index(const TableDefinition& definition, const Index& index);
  void remove_range(rocks::Batch& batch, uint32_t number);
  /// Entries for all items of a table whose time to live was turned on, or none when it was turned off.
  Result<void> fill_expiries(const TableDefinition& definition);
  /// Those that were turned on by a version that kept no entries.
  Result<void> fill_missing_expiries();
  void put_expiry(rocks::Batch& batch, const TableDefinition& table, std::string_view key, const StoredItem* old,
                  const Change& change);
  Result<void> write(std::span<Write> writes, const IdempotencyToken* token);
  Result<void> decide(Write& write, rocks::Batch& batch);
  /// Whether the token was used for this already; if not, it joins the batch.
  Result<bool> used(const IdempotencyToken& token, rocks::Batch& batch);
  void forget_old_tokens(rocks::Batch& batch, Instant now);
  void put_index_entries(rocks::Batch& batch, const TableDefinition& table, std::string_view key, const StoredItem* old,
                         const Change& change);
  Statistics count(uint32_t number) const;

  static constexpr std::size_t stripes = 1024;
  std::unique_ptr<rocks::Database> database_;
  std::array<std::mutex, stripes> stripe_mutexes_;

  mutable std::shared_mutex tables_mutex_;
  std::map<std::string, TablePtr, std::less<>> tables_;
  std::atomic<uint32_t> next_number_ = 1;
  std::atomic<uint32_t> tokens_taken_ = 0;
};

}  // namespace mastic::dynamodb
