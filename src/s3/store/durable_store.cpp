#include "s3/store/durable_store.h"

#include "base/files.h"
#include "base/log.h"
#include "s3/store/index_keys.h"
#include "s3/store/lifecycle.h"

namespace mastic::s3 {
namespace {

const std::vector<std::string> families = {"buckets", "objects", "versions", "uploads",
                                           "parts",   "inlined", "blobs",    "condemned"};
constexpr std::string_view epoch_key = "epoch";        // Of the store's last opening.
constexpr std::string_view swept_key = "swept_until";  // Earlier epochs hold no unnamed blobs.

Result<uint64_t> read_number(const rocks::Database& index, std::string_view key) {
  TRY(bytes, index.get(index.family("default"), key));
  return bytes ? keys::from_big_endian(*bytes) : 0;
}

Result<void> write_number(rocks::Database& index, std::string_view key, uint64_t number) {
  rocks::Batch batch;
  batch.put(index.family("default"), key, keys::big_endian(number));
  return index.write(batch);
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_store(const StoreOptions& options, const Clock& clock) {
  TRY(store, DurableStore::open(options, clock));
  return std::unique_ptr<ObjectStore>(std::move(store));
}

Result<std::unique_ptr<DurableStore>> DurableStore::open(const StoreOptions& options, const Clock& clock) {
  std::unique_ptr<DurableStore> store(new DurableStore(options, clock));
  TRY_DO(store->load());
  if (options.cleaning_interval.count() > 0) store->cleaner_ = std::thread([raw = store.get()] { raw->clean_in_background(); });
  return store;
}

Result<void> DurableStore::load() {
  TRY_DO(make_folder(options_.folder));
  TRY_DO(sync_folder(std::filesystem::absolute(options_.folder).parent_path()));
  TRY(index, rocks::Database::open(options_.folder / "index", families));
  index_ = std::move(index);
  TRY(last_epoch, read_number(*index_, epoch_key));
  epoch_ = last_epoch + 1;
  TRY_DO(write_number(*index_, epoch_key, epoch_));  // Before the first blob gets a number out of it.
  TRY(blobs, BlobFolder::open(options_.folder, epoch_));
  bodies_ = std::make_unique<Bodies>(*index_, std::move(blobs));
  buckets_ = std::make_unique<BucketTable>(*index_);
  objects_ = index_->family("objects");
  versions_ = index_->family("versions");
  uploads_ = index_->family("uploads");
  parts_ = index_->family("parts");
  return buckets_->load();
}

DurableStore::~DurableStore() {
  {
    const std::scoped_lock lock(stop_mutex_);
    stopping_ = true;
  }
  stop_asked_.notify_all();
  if (cleaner_.joinable()) cleaner_.join();
}

Result<void> DurableStore::sweep() {
  TRY(swept_until, read_number(*index_, swept_key));
  TRY_DO(bodies_->sweep(swept_until, stopping_));
  if (stopping_) return {};
  return write_number(*index_, swept_key, epoch_);
}

Result<void> DurableStore::remove_expired_blobs() {
  return bodies_->remove_condemned(clock_.now() - options_.blob_grace, stopping_);
}

void DurableStore::clean_in_background() {
  if (const auto swept = sweep(); !swept) log::warn("s3", "cannot sweep the blobs: {}", swept.error().message);
  for (std::optional<Instant> applied; !stopping_;) {
    // S3 looks once a day; rules count in days.
    if (!applied || clock_.now() - *applied >= std::chrono::hours{1} || clock_.now() < *applied) {
      applied = clock_.now();
      if (const auto done = apply_lifecycle_rules(); !done)
        log::warn("s3", "cannot apply the lifecycle rules: {}", done.error().message);
    }
    if (const auto removed = remove_expired_blobs(); !removed)
      log::warn("s3", "cannot remove replaced bodies: {}", removed.error().message);
    std::unique_lock lock(stop_mutex_);
    stop_asked_.wait_for(lock, options_.cleaning_interval, [this] { return stopping_.load(); });
  }
}

Result<void> DurableStore::create_bucket(Bucket bucket) { return buckets_->create(std::move(bucket)); }
Result<Bucket> DurableStore::find_bucket(std::string_view name) const { return buckets_->find(name); }
Result<std::vector<Bucket>> DurableStore::list_buckets() const { return buckets_->all(); }
Result<void> DurableStore::update_bucket(std::string_view name, const std::function<Result<void>(Bucket&)>& change) {
  return buckets_->update(name, change);
}

Result<void> DurableStore::apply_lifecycle_rules() { return apply_lifecycle(*this, clock_.now(), stopping_); }

std::filesystem::path DurableStore::incoming_folder() const { return bodies_->incoming_folder(); }
Result<Body> DurableStore::duplicate(const Body& body) const { return bodies_->duplicate(body); }
Result<Body> DurableStore::duplicate_range(const Body& body, int64_t offset, int64_t length) const {
  return bodies_->duplicate_range(body, offset, length);
}

}  // namespace mastic::s3
