// The object store on disk: a RocksDB index and blob files (design: "Storage").
//
//   FOLDER/index             names, metadata, small bodies
//   FOLDER/blobs, incoming   large bodies (blob_folder.h)
//
// A write goes: body durable in its place → under the key's lock: precondition, then one index batch with fsync. The batch
// alone makes the write visible, so a crash leaves at most a blob that nothing names; the sweep after the next start
// removes it. A blob that was replaced is condemned in the same batch and removed after the grace period.
// Writers of one key wait for each other; writers of different keys share RocksDB's group commit.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/rocks.h"
#include "s3/s3.h"
#include "s3/store/bodies.h"
#include "s3/store/bucket_table.h"
#include "s3/store/key_locks.h"

namespace mastic::s3 {

class DurableStore final : public ObjectStore {
 public:
  static Result<std::unique_ptr<DurableStore>> open(const StoreOptions& options, const Clock& clock);
  ~DurableStore() override;

  Result<void> create_bucket(Bucket bucket) override;
  [[nodiscard]] Result<Bucket> find_bucket(std::string_view name) const override;
  [[nodiscard]] Result<std::vector<Bucket>> list_buckets() const override;
  Result<void> set_bucket_tags(std::string_view name, Tags tags) override;
  Result<void> delete_bucket(std::string_view name) override;

  Result<void> put(const ObjectName& name, Object object, Body body, const Precondition& precondition) override;
  [[nodiscard]] Result<std::optional<Object>> find(const ObjectName& name) const override;
  [[nodiscard]] Result<std::optional<StoredObject>> open(const ObjectName& name) const override;
  Result<void> update(const ObjectName& name, const std::function<Result<void>(Object&)>& change) override;
  Result<bool> remove(const ObjectName& name, const Precondition& precondition) override;
  [[nodiscard]] Result<ListPage> list(std::string_view bucket, const ListQuery& query) const override;

  Result<void> commit_objects(std::string_view bucket, std::vector<IncomingObject> added,
                              std::vector<std::string> deleted) override;
  [[nodiscard]] Result<std::vector<std::pair<std::string, StoredObject>>> list_bodies(std::string_view bucket,
                                                                                      std::string_view prefix,
                                                                                      std::string_view start_after,
                                                                                      std::size_t limit) const override;

  [[nodiscard]] std::filesystem::path incoming_folder() const override;
  [[nodiscard]] Result<Body> duplicate(const Body& body) const override;
  [[nodiscard]] Result<Body> duplicate_range(const Body& body, int64_t offset, int64_t length) const override;

  Result<void> create_upload(std::string_view bucket, Upload upload) override;
  [[nodiscard]] Result<Upload> find_upload(const ObjectName& name, std::string_view upload_id) const override;
  Result<void> put_part(const ObjectName& name, std::string_view upload_id, Part part, Body body) override;
  [[nodiscard]] Result<std::vector<Part>> list_parts(const ObjectName& name, std::string_view upload_id, int after,
                                                     std::size_t limit) const override;
  Result<void> complete_upload(const ObjectName& name, std::string_view upload_id, Completion completion,
                               const Precondition& precondition) override;
  Result<void> abort_upload(const ObjectName& name, std::string_view upload_id) override;
  [[nodiscard]] Result<UploadPage> list_uploads(std::string_view bucket, const ListQuery& query,
                                                std::string_view upload_id_marker) const override;

  /// What the background thread does, for tests: removes unnamed files of earlier runs, and blobs whose grace is over.
  Result<void> sweep();
  Result<void> remove_expired_blobs();

 private:
  DurableStore(const StoreOptions& options, const Clock& clock) : options_(options), clock_(clock) {}
  Result<void> load();
  void clean_in_background();

  [[nodiscard]] Result<std::optional<ObjectRecord>> read_object(std::string_view index_key) const;
  /// A write that is bound to be refused need not be made durable first. What counts is the check under the lock.
  [[nodiscard]] Result<void> check_early(const ObjectName& name, const Precondition& precondition) const;
  /// Puts the record into the index in place of what is there, with all that `batch` holds already.
  Result<void> commit(const ObjectName& name, ObjectRecord record, rocks::Batch& batch, const Precondition& precondition);

  [[nodiscard]] Result<std::vector<PartRecord>> read_parts(std::string_view upload_id, int after, std::size_t limit) const;
  [[nodiscard]] Result<Upload> read_upload(const ObjectName& name, std::string_view upload_id) const;
  void remove_upload(const ObjectName& name, std::string_view upload_id, const std::vector<PartRecord>& parts,
                     rocks::Batch& batch) const;
  [[nodiscard]] Result<std::vector<PartRecord>> chosen_parts(std::string_view upload_id, const Completion& completion) const;
  [[nodiscard]] Result<Body> join_parts(const std::vector<PartRecord>& parts) const;
  Result<void> remove_all_uploads(std::string_view bucket, rocks::Batch& batch) const;

  StoreOptions options_;
  const Clock& clock_;
  uint64_t epoch_ = 0;
  std::unique_ptr<rocks::Database> index_;
  rocks::Family objects_ = nullptr;
  rocks::Family uploads_ = nullptr;
  rocks::Family parts_ = nullptr;
  std::unique_ptr<BucketTable> buckets_;
  std::unique_ptr<Bodies> bodies_;
  KeyLocks object_locks_;
  KeyLocks upload_locks_;  // By upload id; taken before an object's lock.

  std::atomic<bool> stopping_{false};
  std::mutex stop_mutex_;
  std::condition_variable stop_asked_;
  std::thread cleaner_;
};

}  // namespace mastic::s3
