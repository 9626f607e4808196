// The store behind the S3 operations. An interface, so that operations know nothing of files or RocksDB.
//
// Thread-safe; calls block. What a call acknowledged is durable; what failed or was cut short by a crash is invisible.
// Failures carry S3's codes (errors.h): every call that names a bucket fails with NoSuchBucket when it does not exist,
// every call that names an upload with NoSuchUpload.
// It does not check what only the wire knows: names, sizes, permissions, digests.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "s3/object.h"

namespace mastic::s3 {

/// Decides, while nobody else can change the object, whether a write may go on. `current` is null when the key is free.
using Precondition = std::function<Result<void>(const Object* current)>;

/// A body that the engine has written into the incoming folder.
struct IncomingObject {
  std::string key;
  std::filesystem::path file;
  std::string md5;  // Raw, 16 bytes. Empty: the store finds an ETag (see commit_objects).
  std::string content_type;
};

/// Told of each object in a bucket with `event_bridge`, when it is durable and before the writer hears of it. Thread-safe; does
/// not call the store.
using ObjectObserver = std::function<void(const CreatedObject&)>;

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Before anything is written.
  virtual void observe(ObjectObserver observer) = 0;

  // Buckets
  virtual Result<void> create_bucket(Bucket bucket) = 0;  // BucketAlreadyOwnedByYou
  [[nodiscard]] virtual Result<Bucket> find_bucket(std::string_view name) const = 0;
  [[nodiscard]] virtual Result<std::vector<Bucket>> list_buckets() const = 0;
  /// Changes what is kept of a bucket: everything but its name. `change` may refuse. Nothing is written meanwhile.
  virtual Result<void> update_bucket(std::string_view name, const std::function<Result<void>(Bucket&)>& change) = 0;
  Result<void> set_bucket_tags(std::string_view name, Tags tags);
  /// Fails with BucketNotEmpty while it holds an object, a version or a delete marker. Uploads in progress are aborted.
  virtual Result<void> delete_bucket(std::string_view name) = 0;

  // Objects
  // In a bucket with versions, what is replaced or deleted becomes a noncurrent version. A name with a version id means
  // that version; ids that do not exist are versions that do not exist.
  /// Replaces or creates the object; `object.size` is taken from the body, what names its version from the bucket.
  virtual Result<Written> put(const ObjectName& name, Object object, Body body, const Precondition& precondition = {}) = 0;
  /// None when there is no such version, or when the current one is a delete marker. Named by its id, it is given.
  [[nodiscard]] virtual Result<std::optional<Object>> find(const ObjectName& name) const = 0;
  [[nodiscard]] virtual Result<std::optional<StoredObject>> open(const ObjectName& name) const = 0;
  /// Changes what is kept beside the body. `change` may refuse; it gets an object that exists, else NoSuchKey.
  virtual Result<void> update(const ObjectName& name, const std::function<Result<void>(Object&)>& change) = 0;
  /// Deletes the object, or one version for good. Without a version id, in a bucket with versions, a delete marker is made.
  virtual Result<Removal> remove(const ObjectName& name, const Precondition& precondition = {}) = 0;
  struct Deletion {
    ObjectName name;
    Precondition precondition = {};
  };
  /// The same for many, each by itself, with one fsync for all.
  virtual std::vector<Result<Removal>> remove_each(const std::vector<Deletion>& deletions) = 0;
  /// The delete marker that is the key's current version, if it is one.
  [[nodiscard]] virtual Result<std::optional<Object>> find_delete_marker(const ObjectName& name) const = 0;
  /// With `version_id_marker`, versions of `query.start_after` itself that come after that one are included.
  [[nodiscard]] virtual Result<VersionPage> list_versions(std::string_view bucket, const ListQuery& query,
                                                          std::string_view version_id_marker) const = 0;
  [[nodiscard]] virtual Result<ListPage> list(std::string_view bucket, const ListQuery& query) const = 0;

  // In bulk, for the engine
  /// All of it becomes visible at once and durably, or none of it. A key that is both added and deleted is added.
  /// Without `md5`, objects up to 8 MiB get the MD5 as ETag; larger ones an opaque ETag of the form that multipart
  /// uploads have, which no client takes for an MD5.
  virtual Result<void> commit_objects(std::string_view bucket, std::vector<IncomingObject> added,
                                      std::vector<std::string> deleted) = 0;
  /// As `list` without a delimiter, together with the bodies.
  [[nodiscard]] virtual Result<std::vector<std::pair<std::string, StoredObject>>> list_bodies(std::string_view bucket,
                                                                                              std::string_view prefix,
                                                                                              std::string_view start_after,
                                                                                              std::size_t limit) const = 0;

  // Bodies on their way in
  /// Files here are on the blobs' file system. What lies here after a restart is removed.
  [[nodiscard]] virtual std::filesystem::path incoming_folder() const = 0;
  /// A body that holds the same bytes and may be given to `put` or `put_part`; costs nothing for a file.
  [[nodiscard]] virtual Result<Body> duplicate(const Body& body) const = 0;
  /// The same for a range of it, which is copied.
  [[nodiscard]] virtual Result<Body> duplicate_range(const Body& body, int64_t offset, int64_t length) const = 0;

  // Multipart uploads
  virtual Result<void> create_upload(std::string_view bucket, Upload upload) = 0;
  [[nodiscard]] virtual Result<Upload> find_upload(const ObjectName& name, std::string_view upload_id) const = 0;
  /// Replaces a part of the same number.
  virtual Result<void> put_part(const ObjectName& name, std::string_view upload_id, Part part, Body body) = 0;
  /// In the order of their numbers, those above `after`.
  [[nodiscard]] virtual Result<std::vector<Part>> list_parts(const ObjectName& name, std::string_view upload_id, int after,
                                                             std::size_t limit) const = 0;
  /// Joins the parts into the object and ends the upload. `etags[i]` is what the caller saw of part `numbers[i]`; a part
  /// that was replaced or removed since fails with InvalidPart.
  struct Completion {
    std::vector<int> numbers;
    std::vector<std::string> etags;
    Object object;
  };
  virtual Result<Written> complete_upload(const ObjectName& name, std::string_view upload_id, Completion completion,
                                          const Precondition& precondition = {}) = 0;
  virtual Result<void> abort_upload(const ObjectName& name, std::string_view upload_id) = 0;
  struct UploadPage {
    std::vector<Upload> uploads;
    std::vector<std::string> common_prefixes;
    bool truncated = false;
    std::string next_key;
    std::string next_upload_id;
  };
  /// By key, then by the time of initiation. With `upload_id_marker`, uploads of `query.start_after` itself that come
  /// after the marker are included.
  [[nodiscard]] virtual Result<UploadPage> list_uploads(std::string_view bucket, const ListQuery& query,
                                                        std::string_view upload_id_marker) const = 0;
};

inline Result<void> ObjectStore::set_bucket_tags(std::string_view name, Tags tags) {
  return update_bucket(name, [&](Bucket& bucket) -> Result<void> {
    bucket.tags = std::move(tags);
    return {};
  });
}

}  // namespace mastic::s3
