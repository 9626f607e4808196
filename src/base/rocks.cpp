#include "base/rocks.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <cstdlib>

namespace mastic::rocks {
namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

rocksdb::Options database_options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_open_files = 512;
  options.keep_log_file_num = 2;
  options.bytes_per_sync = 1 << 20;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.IncreaseParallelism(2);
  return options;
}

rocksdb::ColumnFamilyOptions family_options() {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 32 << 20;
  return options;
}

}  // namespace

void Batch::put(Family family, std::string_view key, std::string_view value) { batch_.Put(family, slice(key), slice(value)); }
void Batch::remove(Family family, std::string_view key) { batch_.Delete(family, slice(key)); }
void Batch::remove_range(Family family, std::string_view begin, std::string_view end) {
  batch_.DeleteRange(family, slice(begin), slice(end));
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& folder,
                                                 const std::vector<std::string>& families) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors{{rocksdb::kDefaultColumnFamilyName, family_options()}};
  for (const auto& name : families) descriptors.emplace_back(name, family_options());
  std::vector<Family> handles;
  rocksdb::DB* raw = nullptr;
  const auto status = rocksdb::DB::Open(database_options(), folder.string(), descriptors, &handles, &raw);
  if (!status.ok()) return fail(Error::io("cannot open the store", folder.string() + ": " + status.ToString()));
  std::unique_ptr<Database> database(new Database());
  database->database_.reset(raw);
  for (std::size_t i = 0; i < handles.size(); ++i) database->families_.emplace_back(descriptors[i].name, handles[i]);
  return database;
}

Database::~Database() {
  for (const auto& [name, handle] : families_) static_cast<void>(database_->DestroyColumnFamilyHandle(handle));
}

Family Database::family(std::string_view name) const {
  for (const auto& [known, handle] : families_)
    if (known == name) return handle;
  std::abort();  // a name that open() was not given: our own mistake
}

Result<std::optional<std::string>> Database::get(Family family, std::string_view key) const {
  std::string value;
  const auto status = database_->Get(rocksdb::ReadOptions(), family, slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail(Error::io("cannot read from the store", status.ToString()));
  return value;
}

Result<void> Database::write(Batch& batch) {
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = database_->Write(options, &batch.raw());
  if (!status.ok()) return fail(Error::io("cannot write to the store", status.ToString()));
  return {};
}

Result<void> Database::append(Batch& batch) {
  const auto status = database_->Write(rocksdb::WriteOptions(), &batch.raw());
  if (!status.ok()) return fail(Error::io("cannot write to the store", status.ToString()));
  return {};
}

// One caller works for all that asked before it began; those that ask meanwhile wait for the next one.
Result<void> Database::sync() {
  std::unique_lock lock(sync_mutex_);
  const uint64_t mine = ++syncs_asked_;
  while (syncs_done_ < mine) {
    if (syncing_) {
      synced_.wait(lock);
      continue;
    }
    syncing_ = true;
    const uint64_t covered = syncs_asked_;
    lock.unlock();
    const auto status = database_->SyncWAL();
    lock.lock();
    syncing_ = false;
    if (status.ok()) syncs_done_ = covered;
    synced_.notify_all();
    if (!status.ok()) return fail(Error::io("cannot make the store's log durable", status.ToString()));
  }
  return {};
}

uint64_t Database::approximate_size_bytes(Family family, std::string_view begin, std::string_view end) const {
  const rocksdb::Range range(slice(begin), slice(end));
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  uint64_t size = 0;
  if (!database_->GetApproximateSizes(options, family, &range, 1, &size).ok()) return 0;
  return size;
}

std::shared_ptr<const rocksdb::Snapshot> Database::snapshot() const {
  rocksdb::DB* database = database_.get();
  return {database->GetSnapshot(), [database](const rocksdb::Snapshot* snapshot) { database->ReleaseSnapshot(snapshot); }};
}

std::unique_ptr<rocksdb::Iterator> Database::cursor(Family family, const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  return std::unique_ptr<rocksdb::Iterator>(database_->NewIterator(options, family));
}

}  // namespace mastic::rocks
