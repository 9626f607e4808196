// The part of the store that deals with versions (index_keys.h tells where they are).
#include <rocksdb/iterator.h>

#include "s3/errors.h"
#include "s3/store/durable_store.h"
#include "s3/store/index_keys.h"
#include "s3/store/version_ids.h"

namespace mastic::s3 {

Result<void> DurableStore::each_held_version(std::string_view object_key, const VisitVersion& visit) const {
  const std::string prefix = keys::versions_prefix(object_key);
  const auto cursor = index_->cursor(versions_);
  for (cursor->Seek(prefix); cursor->Valid() && cursor->key().starts_with(prefix); cursor->Next()) {
    // A longer one belongs to an object whose key holds a zero byte.
    if (cursor->key().size() != prefix.size() + keys::version_order_length) continue;
    TRY(record, decode_object(cursor->value().ToStringView()));
    TRY(goes_on, visit({cursor->key().ToString(), std::move(record)}));
    if (!goes_on) break;
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot list versions", cursor->status().ToString()));
  return {};
}

Result<std::optional<DurableStore::HeldVersion>> DurableStore::find_held(std::string_view object_key, uint64_t number) const {
  if (number != 0) {
    std::string index_key = keys::version(object_key, number, false);
    TRY(bytes, index_->get(versions_, index_key));
    if (!bytes) return std::nullopt;
    TRY(record, decode_object(*bytes));
    return HeldVersion{std::move(index_key), std::move(record)};
  }
  std::optional<HeldVersion> found;
  TRY_DO(each_held_version(object_key, [&](HeldVersion held) -> Result<bool> {
    if (held.record.object.version == 0) found = std::move(held);
    return !found;
  }));
  return found;
}

Result<std::optional<ObjectRecord>> DurableStore::read_version(const ObjectName& name) const {
  TRY(versioned, buckets_->is_versioned(name.bucket));
  const std::string object_key = keys::object(name.bucket, name.key);
  std::optional<uint64_t> wanted;
  if (!name.version_id.empty()) {
    wanted = version_number(name.version_id);
    if (!wanted) return fail(errors::invalid_version_id(name.version_id));
  }
  TRY(record, read_object(object_key));
  if (wanted && !(record && record->object.version == *wanted)) {
    TRY(held, find_held(object_key, *wanted));
    record = std::nullopt;
    if (held) record = std::move(held->record);
    if (!record) {
      // It may have become the current one between the two reads.
      TRY(again, read_object(object_key));
      if (again && again->object.version == *wanted) record = std::move(again);
    }
  }
  if (record && (versioned || wanted)) record->object.version_id = version_id_of(record->object.version);
  return std::move(record);
}

Result<std::optional<Object>> DurableStore::find_delete_marker(const ObjectName& name) const {
  TRY(versioned, buckets_->is_versioned(name.bucket));
  if (!versioned) return std::nullopt;
  const std::string object_key = keys::object(name.bucket, name.key);
  std::optional<Object> newest;
  TRY_DO(each_held_version(object_key, [&](HeldVersion held) -> Result<bool> {
    newest = std::move(held.record.object);
    return false;
  }));
  if (!newest || !newest->delete_marker) return std::nullopt;
  newest->version_id = version_id_of(newest->version);
  return newest;
}

void DurableStore::drop_held(const HeldVersion& held, rocks::Batch& batch) const {
  batch.remove(versions_, held.index_key);
  if (!held.record.object.delete_marker) bodies_->release(held.record.location, clock_.now(), batch);
}

Result<void> DurableStore::make_way(const Bucket& bucket, const std::string& object_key,
                                    const std::optional<ObjectRecord>& current, uint64_t number, rocks::Batch& batch) const {
  const bool replaces_current = current && current->object.version == number;
  if (bucket.versioning == Versioning::off || replaces_current) {
    if (current) bodies_->release(current->location, clock_.now(), batch);
    return {};
  }
  // There is one null version at most.
  if (number == 0) {
    TRY(held, find_held(object_key, 0));
    if (held) drop_held(*held, batch);
  }
  if (current) {
    const uint64_t own = current->object.version;
    ObjectRecord noncurrent = *current;
    noncurrent.object.noncurrent_since = clock_.now();
    batch.put(versions_, keys::version(object_key, own != 0 ? own : number, own == 0), encode(noncurrent));
  }
  return {};
}

Result<Written> DurableStore::put_newest(const Bucket& bucket, const std::string& object_key,
                                         const std::optional<ObjectRecord>& current, ObjectRecord record, rocks::Batch& batch) {
  Object& object = record.object;
  if (object.encryption.algorithm.empty()) object.encryption = bucket.encryption;
  object.version = bucket.versioning == Versioning::enabled ? bodies_->next_number() : 0;
  TRY_DO(make_way(bucket, object_key, current, object.version, batch));
  batch.put(objects_, object_key, encode(record));
  return Written{bucket.versioning == Versioning::off ? std::string{} : version_id_of(object.version),
                 std::move(object.encryption)};
}

Result<Removal> DurableStore::remove_newest(const Bucket& bucket, const std::string& object_key,
                                            const std::optional<ObjectRecord>& current, rocks::Batch& batch) {
  if (current) batch.remove(objects_, object_key);
  if (bucket.versioning == Versioning::off) {
    if (current) bodies_->release(current->location, clock_.now(), batch);
    return Removal{.existed = current.has_value()};
  }
  const bool is_null = bucket.versioning == Versioning::suspended;
  const uint64_t number = bodies_->next_number();
  ObjectRecord marker;
  marker.object.last_modified = clock_.now();
  marker.object.delete_marker = true;
  marker.object.version = is_null ? 0 : number;
  TRY_DO(make_way(bucket, object_key, current, marker.object.version, batch));
  batch.put(versions_, keys::version(object_key, number, is_null), encode(marker));
  return Removal{.existed = current.has_value(), .delete_marker = true, .version_id = version_id_of(marker.object.version)};
}

Result<Removal> DurableStore::remove_version(const std::string& object_key, std::string_view version_id,
                                             const std::optional<ObjectRecord>& current, const Precondition& precondition,
                                             rocks::Batch& batch) {
  const auto number = version_number(version_id);
  if (!number) return fail(errors::invalid_version_id(version_id));
  Removal removal{.existed = true, .version_id = std::string(version_id)};
  std::string dropped;
  if (current && current->object.version == *number) {
    if (precondition) TRY_DO(precondition(&current->object));
    batch.remove(objects_, object_key);
    bodies_->release(current->location, clock_.now(), batch);
  } else {
    TRY(held, find_held(object_key, *number));
    if (precondition) TRY_DO(precondition(held ? &held->record.object : nullptr));
    removal.existed = held.has_value();
    if (!held) return removal;
    removal.delete_marker = held->record.object.delete_marker;
    drop_held(*held, batch);
    if (current) return removal;
    dropped = held->index_key;
  }
  // The newest of those that are left is the current one now.
  TRY_DO(each_held_version(object_key, [&](HeldVersion held) -> Result<bool> {
    if (held.index_key == dropped) return true;
    if (!held.record.object.delete_marker) {
      held.record.object.noncurrent_since = {};
      batch.remove(versions_, held.index_key);
      batch.put(objects_, object_key, encode(held.record));
    }
    return false;
  }));
  return removal;
}

Result<Removal> DurableStore::remove_with(const Deletion& deletion, Result<void> (rocks::Database::*write)(rocks::Batch&)) {
  const auto& name = deletion.name;
  const auto use = buckets_->use(name.bucket);
  if (!use) return fail(use.error());
  const std::string object_key = keys::object(name.bucket, name.key);
  const auto lock = object_locks_.lock(object_key);
  TRY(current, read_object(object_key));
  rocks::Batch batch;
  if (!name.version_id.empty()) {
    TRY(removal, remove_version(object_key, name.version_id, current, deletion.precondition, batch));
    if (removal.existed) TRY_DO((*index_.*write)(batch));
    return std::move(removal);
  }
  if (deletion.precondition) TRY_DO(deletion.precondition(current ? &current->object : nullptr));
  TRY(removal, remove_newest(use->state->bucket, object_key, current, batch));
  if (removal.existed || removal.delete_marker) TRY_DO((*index_.*write)(batch));
  return std::move(removal);
}

Result<Removal> DurableStore::remove(const ObjectName& name, const Precondition& precondition) {
  return remove_with({name, precondition}, &rocks::Database::write);
}

std::vector<Result<Removal>> DurableStore::remove_each(const std::vector<Deletion>& deletions) {
  std::vector<Result<Removal>> removals;
  for (const auto& deletion : deletions) removals.push_back(remove_with(deletion, &rocks::Database::append));
  if (const auto synced = index_->sync(); !synced) {
    for (auto& removal : removals)
      if (removal) removal = fail(synced.error());
  }
  return removals;
}

}  // namespace mastic::s3
