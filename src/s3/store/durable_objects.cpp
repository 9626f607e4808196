// The part of the store that deals with objects.
#include <fmt/format.h>
#include <unistd.h>

#include <unordered_set>

#include "base/identifiers.h"
#include "s3/digest.h"
#include "s3/errors.h"
#include "s3/store/durable_store.h"
#include "s3/store/incoming_file.h"
#include "s3/store/index_keys.h"
#include "s3/store/listing.h"
#include "s3/store/version_ids.h"

namespace mastic::s3 {

Result<std::optional<ObjectRecord>> DurableStore::read_object(std::string_view index_key) const {
  TRY(bytes, index_->get(objects_, index_key));
  if (!bytes) return std::nullopt;
  TRY(record, decode_object(*bytes));
  return std::move(record);
}

Result<std::optional<Object>> DurableStore::find(const ObjectName& name) const {
  TRY(record, read_version(name));
  if (!record) return std::nullopt;
  return std::move(record->object);
}

Result<std::optional<StoredObject>> DurableStore::open(const ObjectName& name) const {
  // An inlined body goes when its object is replaced, perhaps between the two reads: then the record is a new one.
  for (std::optional<Location> missed;;) {
    TRY(record, read_version(name));
    if (!record) return std::nullopt;
    if (record->object.delete_marker) return StoredObject{std::move(record->object), {}};
    if (missed == record->location) return fail(Error::io("the object index is damaged", "a body is missing"));
    TRY(body, bodies_->open(record->location, record->object.size));
    if (body) return StoredObject{std::move(record->object), std::move(*body)};
    missed = record->location;
  }
}

std::optional<CreatedObject> DurableStore::announcement(const Bucket& bucket, std::string_view key,
                                                        const Object& object) const {
  if (!observer_ || !bucket.event_bridge) return std::nullopt;
  return CreatedObject{.bucket = bucket.name,
                       .key = std::string(key),
                       .version_id = {},
                       .etag = object.etag,
                       .size = object.size,
                       .region = bucket.region,
                       .reason = std::string(object.made_by)};
}

Result<Written> DurableStore::commit(const ObjectName& name, ObjectRecord record, rocks::Batch& batch,
                                     const Precondition& precondition) {
  const auto use = buckets_->use(name.bucket);
  if (!use) return fail(use.error());
  const std::string index_key = keys::object(name.bucket, name.key);
  const auto lock = object_locks_.lock(index_key);
  TRY(current, read_object(index_key));
  if (precondition) TRY_DO(precondition(current ? &current->object : nullptr));
  auto created = announcement(use->state->bucket, name.key, record.object);
  TRY(written, put_newest(use->state->bucket, index_key, current, std::move(record), batch));
  TRY_DO(index_->write(batch));
  if (created) {
    created->version_id = written.version_id;
    observer_(*created);
  }
  return std::move(written);
}

Result<void> DurableStore::check_early(const ObjectName& name, const Precondition& precondition) const {
  if (!precondition) return buckets_->check(name.bucket);
  TRY(current, find(name));
  return precondition(current ? &*current : nullptr);
}

Result<Written> DurableStore::put(const ObjectName& name, Object object, Body body, const Precondition& precondition) {
  const IncomingFile removed_on_failure(body.file);
  TRY_DO(check_early(name, precondition));
  object.size = body.size;
  rocks::Batch batch;
  TRY(location, bodies_->keep(std::move(body), batch));
  auto committed = commit(name, {std::move(object), location}, batch, precondition);
  if (!committed) bodies_->discard_after(committed.error(), {location});
  return committed;
}

Result<void> DurableStore::update(const ObjectName& name, const std::function<Result<void>(Object&)>& change) {
  const auto use = buckets_->use(name.bucket);
  if (!use) return fail(use.error());
  const std::string index_key = keys::object(name.bucket, name.key);
  const auto lock = object_locks_.lock(index_key);
  TRY(record, read_object(index_key));
  rocks::Batch batch;
  if (name.version_id.empty() || (record && version_id_of(record->object.version) == name.version_id)) {
    if (!record) return fail(errors::no_such_key(name.key));
    TRY_DO(change(record->object));
    batch.put(objects_, index_key, encode(*record));
    return index_->write(batch);
  }
  const auto number = version_number(name.version_id);
  if (!number) return fail(errors::invalid_version_id(name.version_id));
  TRY(held, find_held(index_key, *number));
  if (!held) return fail(errors::no_such_version(name.key, name.version_id));
  if (held->record.object.delete_marker) return fail(errors::no_such_method("PUT"));
  TRY_DO(change(held->record.object));
  batch.put(versions_, held->index_key, encode(held->record));
  return index_->write(batch);
}

Result<ListPage> DurableStore::list(std::string_view bucket, const ListQuery& query) const {
  TRY_DO(buckets_->check(bucket));
  ListPage page;
  const std::string bucket_prefix = keys::bucket_prefix(bucket);
  const auto on_entry = [&](std::string_view key, std::string_view, std::string_view value) -> Result<void> {
    TRY(record, decode_object(value));
    page.objects.push_back({std::string(key), std::move(record.object)});
    return {};
  };
  const auto cursor = index_->cursor(objects_);
  const Range range{bucket_prefix, 0, first_index_key(bucket_prefix, query)};
  TRY(truncated, walk(*cursor, range, query, on_entry, page.common_prefixes, page.last));
  page.truncated = truncated;
  return page;
}

Result<std::vector<std::pair<std::string, StoredObject>>> DurableStore::list_bodies(std::string_view bucket,
                                                                                    std::string_view prefix,
                                                                                    std::string_view start_after,
                                                                                    std::size_t limit) const {
  TRY(page, list(bucket, {std::string(prefix), {}, std::string(start_after), limit}));
  std::vector<std::pair<std::string, StoredObject>> objects;
  for (auto& entry : page.objects) {
    // Read once more, together with the body: it may have been replaced since.
    TRY(stored, open({std::string(bucket), entry.key}));
    if (stored) objects.emplace_back(std::move(entry.key), std::move(*stored));
  }
  return objects;
}

namespace {

constexpr int64_t largest_hashed = 8 << 20;

Result<std::string> etag_of(const IncomingObject& object, int64_t size) {
  if (!object.md5.empty()) return to_hex(object.md5);
  if (size > largest_hashed) return fmt::format("{}-{}", random_hex(32), (size + largest_hashed - 1) / largest_hashed);
  TRY(digest, md5_of(Body::of_file(object.file, size)));
  return to_hex(digest);
}

}  // namespace

Result<void> DurableStore::commit_objects(std::string_view bucket, std::vector<IncomingObject> added,
                                          std::vector<std::string> deleted) {
  std::vector<IncomingFile> removed_on_failure;
  for (const auto& object : added) removed_on_failure.emplace_back(object.file);
  TRY_DO(buckets_->check(bucket));

  std::vector<std::string> index_keys;
  std::unordered_set<std::string_view> added_keys;
  for (const auto& object : added) {
    if (!added_keys.insert(object.key).second) return fail(errors::invalid_request("the key is added twice: " + object.key));
    index_keys.push_back(keys::object(bucket, object.key));
  }
  for (const auto& key : deleted)
    if (added_keys.insert(key).second) index_keys.push_back(keys::object(bucket, key));

  std::vector<ObjectRecord> records;
  std::vector<Body> bodies;
  for (const auto& object : added) {
    std::error_code code;
    const auto size = static_cast<int64_t>(std::filesystem::file_size(object.file, code));
    if (code) return fail(Error::io("cannot read a body", object.file.string() + ": " + code.message()));
    TRY(etag, etag_of(object, size));
    records.push_back({.object = {.size = size,
                                  .last_modified = clock_.now(),
                                  .etag = etag,
                                  .headers = {.content_type = object.content_type},
                                  .storage_class = {}},
                       .location = {}});
    bodies.push_back(Body::of_file(object.file, size));
  }
  rocks::Batch batch;
  TRY(locations, bodies_->keep_all(bodies, batch));

  auto committed = [&]() -> Result<void> {
    const auto use = buckets_->use(bucket);
    if (!use) return fail(use.error());
    const auto locks = object_locks_.lock_all(index_keys);
    std::vector<CreatedObject> announced;
    for (std::size_t i = 0; i < index_keys.size(); ++i) {
      TRY(current, read_object(index_keys[i]));
      if (i < records.size()) {
        records[i].location = locations[i];
        auto created = announcement(use->state->bucket, added[i].key, records[i].object);
        TRY(written, put_newest(use->state->bucket, index_keys[i], current, std::move(records[i]), batch));
        if (created) {
          created->version_id = written.version_id;
          announced.push_back(std::move(*created));
        }
      } else {
        TRY_DO(remove_newest(use->state->bucket, index_keys[i], current, batch));
      }
    }
    TRY_DO(index_->write(batch));
    for (const auto& created : announced) observer_(created);
    return {};
  }();
  if (!committed) bodies_->discard_after(committed.error(), locations);
  return committed;
}

Result<void> DurableStore::delete_bucket(std::string_view name) {
  return buckets_->remove(name, [&](rocks::Batch& batch) -> Result<void> {
    const std::string bucket_prefix = keys::bucket_prefix(name);
    for (const auto family : {objects_, versions_}) {
      const auto cursor = index_->cursor(family);
      cursor->Seek(bucket_prefix);
      if (!cursor->status().ok()) return fail(Error::io("cannot list the store", cursor->status().ToString()));
      if (cursor->Valid() && cursor->key().starts_with(bucket_prefix)) return fail(errors::bucket_not_empty(name));
    }
    return remove_all_uploads(name, batch);
  });
}

}  // namespace mastic::s3
