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

  void observe(ObjectObserver observer) override { observer_ = std::move(observer); }

  Result<void> create_bucket(Bucket bucket) override;
  [[nodiscard]] Result<Bucket> find_bucket(std::string_view name) const override;
  [[nodiscard]] Result<std::vector<Bucket>> list_buckets() const override;
  Result<void> update_bucket(std::string_view name, const std::function<Result<void>(Bucket&)>& change) override;
  Result<void> delete_bucket(std::string_view name) override;

  Result<Written> put(const ObjectName& name, Object object, Body body, const Precondition& precondition) override;
  [[nodiscard]] Result<std::optional<Object>> find(const ObjectName& name) const override;
  [[nodiscard]] Result<std::optional<StoredObject>> open(const ObjectName& name) const override;
  Result<void> update(const ObjectName& name, const std::function<Result<void>(Object&)>& change) override;
  Result<Removal> remove(const ObjectName& name, const Precondition& precondition) override;
  std::vector<Result<Removal>> remove_each(const std::vector<Deletion>& deletions) override;
  [[nodiscard]] Result<std::optional<Object>> find_delete_marker(const ObjectName& name) const override;
  [[nodiscard]] Result<VersionPage> list_versions(std::string_view bucket, const ListQuery& query,
                                                  std::string_view version_id_marker) const override;
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
  Result<Written> complete_upload(const ObjectName& name, std::string_view upload_id, Completion completion,
                                  const Precondition& precondition) override;
  Result<void> abort_upload(const ObjectName& name, std::string_view upload_id) override;
  [[nodiscard]] Result<UploadPage> list_uploads(std::string_view bucket, const ListQuery& query,
                                                std::string_view upload_id_marker) const override;

  /// What the background thread does, for tests: removes unnamed files of earlier runs, and blobs whose grace is over.
  Result<void> sweep();
  Result<void> remove_expired_blobs();
  Result<void> apply_lifecycle_rules();

 private:
  DurableStore(const StoreOptions& options, const Clock& clock) : options_(options), clock_(clock) {}
  Result<void> load();
  void clean_in_background();

  [[nodiscard]] Result<std::optional<ObjectRecord>> read_object(std::string_view index_key) const;

  // Versions (durable_versions.cpp). Those that change something are called under the key's lock.
  /// A version in the family `versions`: not the current object.
  struct HeldVersion {
    std::string index_key;
    ObjectRecord record;
  };
  using VisitVersion = std::function<Result<bool>(HeldVersion)>;  // Gives whether to go on.
  [[nodiscard]] Result<void> each_held_version(std::string_view object_key, const VisitVersion& visit) const;
  [[nodiscard]] Result<std::optional<HeldVersion>> find_held(std::string_view object_key, uint64_t number) const;
  /// The version that `name` means, with what it is called outside.
  [[nodiscard]] Result<std::optional<ObjectRecord>> read_version(const ObjectName& name) const;
  void drop_held(const HeldVersion& held, rocks::Batch& batch) const;
  /// Lets a version of that number (0: the null version) be the key's newest: what is there is kept or given up.
  [[nodiscard]] Result<void> make_way(const Bucket& bucket, const std::string& object_key,
                                      const std::optional<ObjectRecord>& current, uint64_t number, rocks::Batch& batch) const;
  [[nodiscard]] Result<Written> put_newest(const Bucket& bucket, const std::string& object_key,
                                           const std::optional<ObjectRecord>& current, ObjectRecord record,
                                           rocks::Batch& batch);
  [[nodiscard]] Result<Removal> remove_newest(const Bucket& bucket, const std::string& object_key,
                                              const std::optional<ObjectRecord>& current, rocks::Batch& batch);
  [[nodiscard]] Result<Removal> remove_version(const std::string& object_key, std::string_view version_id,
                                               const std::optional<ObjectRecord>& current, const Precondition& precondition,
                                               rocks::Batch& batch);
  [[nodiscard]] Result<Removal> remove_with(const Deletion& deletion, Result<void> (rocks::Database::*write)(rocks::Batch&));
  /// A write that is bound to be refused need not be made durable first. What counts is the check under the lock.
  [[nodiscard]] Result<void> check_early(const ObjectName& name, const Precondition& precondition) const;
  /// What is to be announced of an object; nothing when nobody asked for it.
  [[nodiscard]] std::optional<CreatedObject> announcement(const Bucket& bucket, std::string_view key,
                                                          const Object& object) const;
  /// Puts the record into the index in place of what is there, with all that `batch` holds already.
  Result<Written> commit(const ObjectName& name, ObjectRecord record, rocks::Batch& batch, const Precondition& precondition);

  [[nodiscard]] Result<std::vector<PartRecord>> read_parts(std::string_view upload_id, int after, std::size_t limit) const;
  [[nodiscard]] Result<Upload> read_upload(const ObjectName& name, std::string_view upload_id) const;
  void remove_upload(const ObjectName& name, std::string_view upload_id, const std::vector<PartRecord>& parts,
                     rocks::Batch& batch) const;
  [[nodiscard]] Result<std::vector<PartRecord>> chosen_parts(std::string_view upload_id, const Completion& completion) const;
  [[nodiscard]] Result<Body> join_parts(const std::vector<PartRecord>& parts) const;
  Result<void> remove_all_uploads(std::string_view bucket, rocks::Batch& batch) const;

  StoreOptions options_;
  ObjectObserver observer_;
  const Clock& clock_;
  uint64_t epoch_ = 0;
  std::unique_ptr<rocks::Database> index_;
  rocks::Family objects_ = nullptr;
  rocks::Family versions_ = nullptr;
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
