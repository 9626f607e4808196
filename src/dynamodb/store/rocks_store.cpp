#include "dynamodb/store/rocks_store.h"

#include <algorithm>
#include <functional>

#include "base/rocks.h"
#include "dynamodb/errors.h"
#include "dynamodb/store/definition_codec.h"
#include "dynamodb/store/expiry.h"

namespace mastic::dynamodb {
namespace {

constexpr char record_version = 1;
constexpr std::chrono::minutes token_lifetime{10};
constexpr std::size_t fill_batch_bytes = 4 << 20;

std::string to_record(std::string_view encoded, std::size_t size_bytes) {
  std::string record(1, record_version);
  record.reserve(encoded.size() + 6);
  codec::append_varint(record, size_bytes);
  return record += encoded;
}

/// The item's bytes in a record and the size it counts.
std::pair<std::string_view, std::size_t> from_record(std::string_view record) {
  if (record.empty() || record.front() != record_version) return {};
  codec::Reader reader(record.substr(1));
  const auto size = static_cast<std::size_t>(reader.varint());
  return {reader.rest(), size};
}

std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

class RocksCursor final : public Cursor {
 public:
  RocksCursor(std::unique_ptr<rocksdb::Iterator> iterator, key_codec::Range range, bool forward)
      : iterator_(std::move(iterator)), range_(std::move(range)), forward_(forward) {}

  void seek(const std::optional<std::string>& start) {
    if (forward_) {
      iterator_->Seek(start && *start > range_.begin ? *start : range_.begin);
      if (start && iterator_->Valid() && view(iterator_->key()) == *start) iterator_->Next();
    } else {
      const std::string& from = start && *start < range_.end ? *start : range_.end;
      iterator_->SeekForPrev(from);
      if (iterator_->Valid() && view(iterator_->key()) == from) iterator_->Prev();
    }
    load();
  }
  [[nodiscard]] bool valid() const override { return valid_; }
  void next() override {
    forward_ ? iterator_->Next() : iterator_->Prev();
    load();
  }
  [[nodiscard]] std::string_view key() const override { return view(iterator_->key()); }
  [[nodiscard]] std::string_view encoded() const override { return item_.first; }
  [[nodiscard]] std::size_t size_bytes() const override { return item_.second; }
  [[nodiscard]] Result<void> status() const override {
    if (!iterator_->status().ok()) return fail(Error::io("cannot read from the store", iterator_->status().ToString()));
    return {};
  }

 private:
  void load() {
    valid_ = iterator_->Valid() && (forward_ ? key() < range_.end : key() >= range_.begin);
    if (valid_) item_ = from_record(view(iterator_->value()));
  }
  std::unique_ptr<rocksdb::Iterator> iterator_;
  key_codec::Range range_;
  bool forward_;
  bool valid_ = false;
  std::pair<std::string_view, std::size_t> item_;
};

}  // namespace

RocksStore::~RocksStore() = default;

Result<std::unique_ptr<RocksStore>> RocksStore::open(const std::filesystem::path& folder) {
  std::unique_ptr<RocksStore> store(new RocksStore());
  TRY(database, rocks::Database::open(folder, {"tables", "items", "tokens", "expiries"}));
  store->database_ = std::move(database);
  TRY_DO(store->load_tables());
  TRY_DO(store->fill_missing_expiries());
  return store;
}

Result<void> RocksStore::load_tables() {
  const auto cursor = database_->cursor(database_->family("tables"));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    TRY(definition, decode_definition(view(cursor->value())));
    next_number_ = std::max(next_number_.load(), definition.number + 1);
    for (const auto& index : definition.indexes) next_number_ = std::max(next_number_.load(), index.number + 1);
    auto name = definition.name;
    tables_.emplace(std::move(name), std::make_shared<Table>(std::move(definition)));
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot read the tables", cursor->status().ToString()));
  return {};
}

TablePtr RocksStore::find_table(std::string_view name) const {
  const std::shared_lock lock(tables_mutex_);
  const auto at = tables_.find(name);
  return at == tables_.end() ? nullptr : at->second;
}

std::vector<std::string> RocksStore::table_names(std::string_view after, std::size_t limit) const {
  const std::shared_lock lock(tables_mutex_);
  std::vector<std::string> names;
  for (auto at = tables_.upper_bound(after); at != tables_.end() && names.size() < limit; ++at) names.push_back(at->first);
  return names;
}

// A number may have been used by something that a crash left half-made: what lies there goes first.
void RocksStore::remove_range(rocks::Batch& batch, uint32_t number) {
  const auto range = key_codec::whole(number);
  batch.remove_range(database_->family("items"), range.begin, range.end);
}

Result<TablePtr> RocksStore::create_table(TableDefinition definition) {
  const std::unique_lock lock(tables_mutex_);
  if (tables_.contains(definition.name)) return fail(errors::table_in_use("Table already exists: " + definition.name));
  rocks::Batch batch;
  definition.number = next_number_++;
  remove_range(batch, definition.number);
  for (auto& index : definition.indexes) {
    index.number = next_number_++;
    remove_range(batch, index.number);
  }
  batch.put(database_->family("tables"), definition.name, encode_definition(definition));
  TRY_DO(database_->write(batch));
  auto name = definition.name;
  auto table = std::make_shared<Table>(std::move(definition));
  tables_.emplace(std::move(name), table);
  return table;
}

Result<void> RocksStore::delete_table(const TablePtr& table) {
  const std::unique_lock tables_lock(tables_mutex_);
  const std::unique_lock gate(table->gate_);
  if (table->gone_) return fail(errors::no_such_table());
  const auto definition = table->definition();
  rocks::Batch batch;
  remove_range(batch, definition->number);
  for (const auto& index : definition->indexes) remove_range(batch, index.number);
  batch.remove_range(database_->family("expiries"), expiry::mark_key(definition->number),
                     expiry::mark_key(definition->number + 1));
  batch.remove(database_->family("tables"), definition->name);
  TRY_DO(database_->write(batch));
  table->gone_ = true;
  tables_.erase(definition->name);
  return {};
}

Result<void> RocksStore::change_table(const TablePtr& table, const std::function<Result<void>(TableDefinition&)>& change) {
  const std::unique_lock gate(table->gate_);
  if (table->gone_) return fail(errors::no_such_table());
  const auto before = table->definition();
  TableDefinition after = *before;
  TRY_DO(change(after));

  rocks::Batch batch;
  for (const auto& index : before->indexes)
    if (!after.find_index(index.name)) remove_range(batch, index.number);
  for (auto& index : after.indexes) {
    if (before->find_index(index.name)) continue;
    index.number = next_number_++;
    TRY_DO(fill_index(after, index));
  }
  if (after.time_to_live != before->time_to_live) TRY_DO(fill_expiries(after));
  batch.put(database_->family("tables"), after.name, encode_definition(after));
  TRY_DO(database_->write(batch));
  const std::scoped_lock lock(table->mutex_);
  table->definition_ = std::make_shared<const TableDefinition>(std::move(after));
  return {};
}

Result<void> RocksStore::fill_expiries(const TableDefinition& definition) {
  const auto expiries = database_->family("expiries");
  rocks::Batch batch;
  batch.remove_range(expiries, expiry::mark_key(definition.number), expiry::mark_key(definition.number + 1));
  if (definition.time_to_live.empty()) return database_->append(batch);
  TRY(cursor, read(key_codec::whole(definition.number), true, std::nullopt));
  std::size_t bytes = 0;
  for (; cursor->valid(); cursor->next()) {
    const auto seconds = expiry::seconds_of(cursor->encoded(), definition.time_to_live);
    if (!seconds) continue;
    batch.put(expiries, expiry::entry_key(definition.number, *seconds, cursor->key()), "");
    bytes += cursor->key().size();
    if (bytes < fill_batch_bytes) continue;
    TRY_DO(database_->append(batch));
    batch = {};
    bytes = 0;
  }
  TRY_DO(cursor->status());
  batch.put(expiries, expiry::mark_key(definition.number), definition.time_to_live);
  return database_->append(batch);
}

Result<void> RocksStore::fill_missing_expiries() {
  for (const auto& [name, table] : tables_) {
    const auto definition = table->definition();
    if (definition->time_to_live.empty()) continue;
    TRY(mark, database_->get(database_->family("expiries"), expiry::mark_key(definition->number)));
    if (!mark || *mark != definition->time_to_live) TRY_DO(fill_expiries(*definition));
  }
  return {};
}

void RocksStore::put_expiry(rocks::Batch& batch, const TableDefinition& table, std::string_view key, const StoredItem* old,
                            const Change& change) {
  const auto expiries = database_->family("expiries");
  const auto before = old != nullptr ? expiry::seconds_of(old->encoded, table.time_to_live) : std::nullopt;
  const auto after =
      change.kind == Change::Kind::put ? expiry::seconds_of(change.item.encoded, table.time_to_live) : std::nullopt;
  if (before == after) return;
  if (before) batch.remove(expiries, expiry::entry_key(table.number, *before, key));
  if (after) batch.put(expiries, expiry::entry_key(table.number, *after, key), "");
}

Result<std::vector<std::string>> RocksStore::expiring(const Table& table, uint64_t from, uint64_t until,
                                                      std::size_t limit) const {
  const auto number = table.definition()->number;
  const auto end = expiry::entry_key(number, until);
  const auto cursor = database_->cursor(database_->family("expiries"));
  std::vector<std::string> keys;
  for (cursor->Seek(expiry::entry_key(number, from)); cursor->Valid() && keys.size() < limit; cursor->Next()) {
    if (view(cursor->key()) >= end) break;
    keys.emplace_back(expiry::item_key_of(view(cursor->key())));
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot read from the store", cursor->status().ToString()));
  return keys;
}

Result<void> RocksStore::fill_index(const TableDefinition& definition, const Index& index) {
  rocks::Batch batch;
  remove_range(batch, index.number);
  TRY(cursor, read(key_codec::whole(definition.number), true, std::nullopt));
  std::size_t bytes = 0;
  for (; cursor->valid(); cursor->next()) {
    const auto key = index_key(index, cursor->encoded(), cursor->key());
    if (!key) continue;
    const auto projected = index_projection(definition, index, cursor->encoded());
    const auto item = decode_item(projected);
    batch.put(database_->family("items"), *key, to_record(projected, item ? size_bytes(*item) : projected.size()));
    bytes += key->size() + projected.size();
    if (bytes < fill_batch_bytes) continue;
    TRY_DO(database_->append(batch));
    batch = {};
    bytes = 0;
  }
  TRY_DO(cursor->status());
  return database_->append(batch);
}

Result<std::optional<StoredItem>> RocksStore::get(std::string_view key) const {
  TRY(record, database_->get(database_->family("items"), key));
  if (!record) return std::nullopt;
  const auto [encoded, size] = from_record(*record);
  return StoredItem{std::string(encoded), size};
}

// A cursor sees one moment, whatever is written while it seeks.
Result<std::vector<std::optional<StoredItem>>> RocksStore::get_together(const std::vector<std::string>& keys) const {
  const auto cursor = database_->cursor(database_->family("items"));
  std::vector<std::optional<StoredItem>> items;
  for (const auto& key : keys) {
    cursor->Seek(key);
    auto& item = items.emplace_back();
    if (!cursor->Valid() || view(cursor->key()) != key) continue;
    const auto [encoded, size] = from_record(view(cursor->value()));
    item = StoredItem{std::string(encoded), size};
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot read from the store", cursor->status().ToString()));
  return items;
}

Result<void> RocksStore::decide(Write& write, rocks::Batch& batch) {
  const auto definition = write.table->definition();
  std::optional<StoredItem> old;
  if (write.needs_old || !definition->indexes.empty() || !definition->time_to_live.empty()) {
    TRY(found, get(write.key));
    old = std::move(found);
  }
  TRY(change, write.decide(old ? &*old : nullptr));
  if (change.kind == Change::Kind::keep) return {};
  const auto items = database_->family("items");
  if (!definition->indexes.empty()) put_index_entries(batch, *definition, write.key, old ? &*old : nullptr, change);
  if (!definition->time_to_live.empty()) put_expiry(batch, *definition, write.key, old ? &*old : nullptr, change);
  if (change.kind == Change::Kind::put)
    batch.put(items, write.key, to_record(change.item.encoded, change.item.size_bytes));
  else
    batch.remove(items, write.key);
  write.table->writes_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

void RocksStore::put_index_entries(rocks::Batch& batch, const TableDefinition& table, std::string_view key,
                                   const StoredItem* old, const Change& change) {
  const auto items = database_->family("items");
  for (const auto& index : table.indexes) {
    const auto old_key = old ? index_key(index, old->encoded, key) : std::nullopt;
    std::optional<std::string> new_key;
    if (change.kind == Change::Kind::put) new_key = index_key(index, change.item.encoded, key);
    if (old_key && old_key != new_key) batch.remove(items, *old_key);
    if (!new_key) continue;
    if (index.projection == Projection::all) {
      batch.put(items, *new_key, to_record(change.item.encoded, change.item.size_bytes));
      continue;
    }
    const auto projected = index_projection(table, index, change.item.encoded);
    const auto item = decode_item(projected);
    batch.put(items, *new_key, to_record(projected, item ? size_bytes(*item) : projected.size()));
  }
}

Result<void> RocksStore::write(std::span<Write> writes) { return write(writes, nullptr); }
Result<void> RocksStore::write_once(std::span<Write> writes, const IdempotencyToken& token) { return write(writes, &token); }

Result<bool> RocksStore::used(const IdempotencyToken& token, rocks::Batch& batch) {
  const auto tokens = database_->family("tokens");
  TRY(known, database_->get(tokens, token.token));
  if (known) {
    codec::Reader reader(*known);
    const uint64_t fingerprint = reader.varint();
    if (token.now - from_microseconds(static_cast<int64_t>(reader.varint())) < token_lifetime) {
      if (fingerprint == token.fingerprint) return true;
      return fail(Error{"IdempotentParameterMismatchException",
                        "The client token was used with another request within the last ten minutes"});
    }
  }
  std::string value;
  codec::append_varint(value, token.fingerprint);
  codec::append_varint(value, static_cast<uint64_t>(to_microseconds(token.now)));
  batch.put(tokens, token.token, value);
  constexpr uint32_t tokens_between_sweeps = 1000;
  if (tokens_taken_++ % tokens_between_sweeps == 0) forget_old_tokens(batch, token.now);
  return false;
}

void RocksStore::forget_old_tokens(rocks::Batch& batch, Instant now) {
  const auto tokens = database_->family("tokens");
  const auto cursor = database_->cursor(tokens);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    codec::Reader reader(view(cursor->value()));
    reader.varint();
    const auto taken = from_microseconds(static_cast<int64_t>(reader.varint()));
    if (now - taken >= 2 * token_lifetime) batch.remove(tokens, view(cursor->key()));
  }
}

Result<void> RocksStore::write(std::span<Write> writes, const IdempotencyToken* token) {
  // Locks are taken in one order – tables by address, then stripes by number – so that no two writers wait for each other.
  std::vector<Table*> tables;
  std::vector<std::size_t> numbers;
  for (const auto& write : writes) {
    tables.push_back(write.table.get());
    numbers.push_back(std::hash<std::string>()(write.key) % stripes);
  }
  const auto sort_unique = [](auto& list) {
    std::ranges::sort(list);
    const auto rest = std::ranges::unique(list);
    list.erase(rest.begin(), rest.end());
  };
  if (token) numbers.push_back(std::hash<std::string>()(token->token) % stripes);
  sort_unique(tables);
  sort_unique(numbers);

  {
    std::vector<std::shared_lock<std::shared_mutex>> gates;
    for (auto* table : tables) {
      gates.emplace_back(table->gate_);
      if (table->gone_) return fail(errors::no_such_table());
    }
    std::vector<std::unique_lock<std::mutex>> locks;
    locks.reserve(numbers.size());
    for (const auto number : numbers) locks.emplace_back(stripe_mutexes_[number]);

    rocks::Batch batch;
    bool repeated = false;
    if (token) {
      TRY(known, used(*token, batch));
      repeated = known;
    }
    Result<void> outcome;
    if (repeated) writes = {};
    for (auto& write : writes)
      if (auto decided = decide(write, batch); !decided && outcome) outcome = std::move(decided);
    if (!outcome) return outcome;
    if (batch.raw().Count() == 0 && !repeated) return {};
    if (!repeated) TRY_DO(database_->append(batch));
  }
  // A repeated request waits as well: the first may still be on its way to the disk.
  return database_->sync();
}

Result<std::unique_ptr<Cursor>> RocksStore::read(const key_codec::Range& range, bool forward,
                                                 const std::optional<std::string>& start) const {
  auto cursor = std::make_unique<RocksCursor>(database_->cursor(database_->family("items")), range, forward);
  cursor->seek(start);
  return cursor;
}

Statistics RocksStore::statistics(Table& table, uint32_t number) {
  const uint64_t writes = table.writes_.load(std::memory_order_relaxed);
  {
    const std::scoped_lock lock(table.mutex_);
    for (const auto& counted : table.counted_)
      if (counted.number == number && counted.writes == writes) return counted.statistics;
  }
  const Statistics statistics = count(number);
  const std::scoped_lock lock(table.mutex_);
  std::erase_if(table.counted_, [&](const auto& counted) { return counted.number == number; });
  table.counted_.push_back({number, writes, statistics});
  return statistics;
}

// Counting costs the write path nothing. Beyond a bound, the share of the bytes that was counted stands for the whole.
Statistics RocksStore::count(uint32_t number) const {
  constexpr uint64_t counted_max = 200'000;
  Statistics statistics;
  const auto range = key_codec::whole(number);
  const auto cursor = read(range, true, std::nullopt);
  if (!cursor) return statistics;
  auto& entries = **cursor;
  for (; entries.valid() && statistics.item_count < counted_max; entries.next()) {
    ++statistics.item_count;
    statistics.size_bytes += entries.size_bytes();
  }
  if (!entries.valid()) return statistics;
  const auto items = database_->family("items");
  const double counted = static_cast<double>(database_->approximate_size_bytes(items, range.begin, entries.key()));
  const double all = static_cast<double>(database_->approximate_size_bytes(items, range.begin, range.end));
  if (counted <= 0 || all <= counted) return statistics;
  statistics.item_count = static_cast<uint64_t>(static_cast<double>(statistics.item_count) * all / counted);
  statistics.size_bytes = static_cast<uint64_t>(static_cast<double>(statistics.size_bytes) * all / counted);
  return statistics;
}

}  // namespace mastic::dynamodb
