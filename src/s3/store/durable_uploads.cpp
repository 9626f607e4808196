// The part of the store that deals with multipart uploads.
#include <rocksdb/iterator.h>

#include "s3/errors.h"
#include "s3/store/durable_store.h"
#include "s3/store/incoming_file.h"
#include "s3/store/index_keys.h"
#include "s3/store/listing.h"

namespace mastic::s3 {

Result<void> DurableStore::create_upload(std::string_view bucket, Upload upload) {
  const auto use = buckets_->use(bucket);
  if (!use) return fail(use.error());
  rocks::Batch batch;
  batch.put(uploads_, keys::upload(bucket, upload.key, upload.id), encode(upload));
  return index_->write(batch);
}

Result<Upload> DurableStore::read_upload(const ObjectName& name, std::string_view upload_id) const {
  if (upload_id.size() != keys::upload_id_length) return fail(errors::no_such_upload(upload_id));
  TRY(bytes, index_->get(uploads_, keys::upload(name.bucket, name.key, upload_id)));
  if (!bytes) return fail(errors::no_such_upload(upload_id));
  return decode_upload(name.key, upload_id, *bytes);
}

Result<Upload> DurableStore::find_upload(const ObjectName& name, std::string_view upload_id) const {
  TRY_DO(buckets_->check(name.bucket));
  return read_upload(name, upload_id);
}

Result<std::vector<PartRecord>> DurableStore::read_parts(std::string_view upload_id, int after, std::size_t limit) const {
  std::vector<PartRecord> parts;
  const auto cursor = index_->cursor(parts_);
  for (cursor->Seek(keys::part(upload_id, after + 1)); cursor->Valid() && parts.size() < limit; cursor->Next()) {
    const auto key = cursor->key().ToStringView();
    if (!key.starts_with(upload_id)) break;
    TRY(part, decode_part(keys::part_number(key), cursor->value().ToStringView()));
    parts.push_back(std::move(part));
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot list parts", cursor->status().ToString()));
  return parts;
}

Result<void> DurableStore::put_part(const ObjectName& name, std::string_view upload_id, Part part, Body body) {
  const IncomingFile removed_on_failure(body.file);
  TRY_DO(find_upload(name, upload_id));
  part.size = body.size;
  rocks::Batch batch;
  TRY(location, bodies_->keep(std::move(body), batch));
  auto committed = [&]() -> Result<void> {
    const auto use = buckets_->use(name.bucket);
    if (!use) return fail(use.error());
    const auto lock = upload_locks_.lock(upload_id);
    TRY_DO(read_upload(name, upload_id));
    TRY(replaced, index_->get(parts_, keys::part(upload_id, part.number)));
    if (replaced) {
      TRY(old, decode_part(part.number, *replaced));
      bodies_->release(old.location, Instant{}, batch);
    }
    batch.put(parts_, keys::part(upload_id, part.number), encode(PartRecord{part, location}));
    return index_->write(batch);
  }();
  if (!committed) bodies_->discard_after(committed.error(), {location});
  return committed;
}

Result<std::vector<Part>> DurableStore::list_parts(const ObjectName& name, std::string_view upload_id, int after,
                                                   std::size_t limit) const {
  TRY_DO(find_upload(name, upload_id));
  TRY(records, read_parts(upload_id, after, limit));
  std::vector<Part> parts;
  for (auto& record : records) parts.push_back(std::move(record.part));
  return parts;
}

// Parts are read by nobody but the store, so their files need no grace: they go with the next round of cleaning.
void DurableStore::remove_upload(const ObjectName& name, std::string_view upload_id, const std::vector<PartRecord>& parts,
                                 rocks::Batch& batch) const {
  batch.remove(uploads_, keys::upload(name.bucket, name.key, upload_id));
  for (const auto& record : parts) {
    batch.remove(parts_, keys::part(upload_id, record.part.number));
    bodies_->release(record.location, Instant{}, batch);
  }
}

Result<std::vector<PartRecord>> DurableStore::chosen_parts(std::string_view upload_id, const Completion& completion) const {
  std::vector<PartRecord> parts;
  for (std::size_t i = 0; i < completion.numbers.size(); ++i) {
    const int number = completion.numbers[i];
    TRY(bytes, index_->get(parts_, keys::part(upload_id, number)));
    if (!bytes) return fail(errors::invalid_part(upload_id, number, completion.etags[i]));
    TRY(record, decode_part(number, *bytes));
    if (record.part.etag != completion.etags[i]) return fail(errors::invalid_part(upload_id, number, completion.etags[i]));
    parts.push_back(std::move(record));
  }
  return parts;
}

Result<Body> DurableStore::join_parts(const std::vector<PartRecord>& parts) const {
  std::vector<Body> bodies;
  for (const auto& record : parts) {
    TRY(body, bodies_->open(record.location, record.part.size));
    if (!body) return fail(Error::io("cannot join parts", "a part is gone"));
    bodies.push_back(std::move(*body));
  }
  return bodies_->join(bodies);
}

Result<Written> DurableStore::complete_upload(const ObjectName& name, std::string_view upload_id, Completion completion,
                                              const Precondition& precondition) {
  TRY_DO(find_upload(name, upload_id));
  TRY(parts, chosen_parts(upload_id, completion));
  TRY_DO(check_early(name, precondition));

  // The long work, without a lock. Whether the parts are still the same is asked again below.
  auto joined = join_parts(parts);
  if (!joined) {
    TRY_DO(find_upload(name, upload_id));  // Completed or aborted meanwhile: that is the better answer.
    return fail(joined.error());
  }
  const IncomingFile removed_on_failure(joined->file);
  completion.object.size = joined->size;
  rocks::Batch batch;
  TRY(location, bodies_->keep(std::move(*joined), batch));

  auto committed = [&]() -> Result<Written> {
    const auto lock = upload_locks_.lock(upload_id);
    TRY_DO(read_upload(name, upload_id));
    TRY(parts_now, chosen_parts(upload_id, completion));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts_now[i].location != parts[i].location)
        return fail(errors::invalid_part(upload_id, completion.numbers[i], completion.etags[i]));
    }
    TRY(all_parts, read_parts(upload_id, 0, SIZE_MAX));
    remove_upload(name, upload_id, all_parts, batch);
    completion.object.made_by = "CompleteMultipartUpload";
    return commit(name, {std::move(completion.object), location}, batch, precondition);
  }();
  if (!committed) bodies_->discard_after(committed.error(), {location});
  return committed;
}

Result<void> DurableStore::abort_upload(const ObjectName& name, std::string_view upload_id) {
  const auto use = buckets_->use(name.bucket);
  if (!use) return fail(use.error());
  const auto lock = upload_locks_.lock(upload_id);
  TRY_DO(read_upload(name, upload_id));
  TRY(parts, read_parts(upload_id, 0, SIZE_MAX));
  rocks::Batch batch;
  remove_upload(name, upload_id, parts, batch);
  return index_->write(batch);
}

namespace {

std::string_view upload_id_of(std::string_view index_key) {
  return index_key.substr(index_key.size() - keys::upload_id_length);
}
constexpr std::size_t upload_tail = 1 + keys::upload_id_length;

}  // namespace

Result<void> DurableStore::remove_all_uploads(std::string_view bucket, rocks::Batch& batch) const {
  const std::string bucket_prefix = keys::bucket_prefix(bucket);
  const auto cursor = index_->cursor(uploads_);
  for (cursor->Seek(bucket_prefix); cursor->Valid() && cursor->key().starts_with(bucket_prefix); cursor->Next()) {
    const std::string_view index_key = cursor->key().ToStringView();
    const std::string upload_id(upload_id_of(index_key));
    const auto key = index_key.substr(bucket_prefix.size(), index_key.size() - bucket_prefix.size() - upload_tail);
    TRY(parts, read_parts(upload_id, 0, SIZE_MAX));
    remove_upload({std::string(bucket), std::string(key)}, upload_id, parts, batch);
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot list uploads", cursor->status().ToString()));
  return {};
}

Result<ObjectStore::UploadPage> DurableStore::list_uploads(std::string_view bucket, const ListQuery& query,
                                                           std::string_view upload_id_marker) const {
  TRY_DO(buckets_->check(bucket));
  UploadPage page;
  const std::string bucket_prefix = keys::bucket_prefix(bucket);
  // A key's uploads follow the key and a zero byte, so 0x01 is behind all of them.
  std::string first = first_index_key(bucket_prefix, query);
  if (!query.start_after.empty() && !upload_id_marker.empty())
    first = keys::upload(bucket, query.start_after, upload_id_marker) + '\0';
  else if (!query.start_after.empty())
    first = std::max(first, keys::object(bucket, query.start_after) + '\x01');
  first = std::max(first, bucket_prefix + query.prefix);
  const auto on_entry = [&](std::string_view key, std::string_view index_key, std::string_view value) -> Result<void> {
    TRY(upload, decode_upload(key, upload_id_of(index_key), value));
    page.next_upload_id = upload.id;
    page.uploads.push_back(std::move(upload));
    return {};
  };
  const auto cursor = index_->cursor(uploads_);
  TRY(truncated, walk(*cursor, Range{bucket_prefix, upload_tail, first}, query, on_entry, page.common_prefixes, page.next_key));
  page.truncated = truncated;
  if (!page.common_prefixes.empty() && page.common_prefixes.back() == page.next_key) page.next_upload_id.clear();
  return page;
}

}  // namespace mastic::s3
