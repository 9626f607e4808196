// Lists versions: the current objects and the other versions, merged by key.
#include <rocksdb/iterator.h>

#include "s3/errors.h"
#include "s3/store/durable_store.h"
#include "s3/store/index_keys.h"
#include "s3/store/listing.h"
#include "s3/store/version_ids.h"

namespace mastic::s3 {
namespace {

/// One of the two families, positioned at an entry of the bucket and prefix or at the end.
class Side {
 public:
  Side(std::unique_ptr<rocksdb::Iterator> cursor, std::string_view bucket_prefix, const std::string& prefix, std::size_t tail)
      : cursor_(std::move(cursor)),
        begins_with_(std::string(bucket_prefix) + prefix),
        bucket_length_(bucket_prefix.size()),
        tail_(tail) {}

  void seek(const std::string& index_key) { cursor_->Seek(std::max(index_key, begins_with_)); }
  void next() { cursor_->Next(); }
  /// None at the end.
  [[nodiscard]] std::optional<std::string_view> key() const {
    if (!cursor_->Valid() || !cursor_->key().starts_with(begins_with_)) return std::nullopt;
    const auto index_key = cursor_->key().ToStringView();
    if (index_key.size() < bucket_length_ + tail_) return std::nullopt;
    return index_key.substr(bucket_length_, index_key.size() - bucket_length_ - tail_);
  }
  [[nodiscard]] std::string_view index_key() const { return cursor_->key().ToStringView(); }
  [[nodiscard]] Result<ObjectRecord> record() const { return decode_object(cursor_->value().ToStringView()); }
  [[nodiscard]] Result<void> status() const {
    if (cursor_->status().ok()) return {};
    return fail(Error::io("cannot list versions", cursor_->status().ToString()));
  }

 private:
  std::unique_ptr<rocksdb::Iterator> cursor_;
  std::string begins_with_;
  std::size_t bucket_length_;
  std::size_t tail_;
};

}  // namespace

Result<VersionPage> DurableStore::list_versions(std::string_view bucket, const ListQuery& query,
                                                std::string_view version_id_marker) const {
  TRY_DO(buckets_->check(bucket));
  const std::string bucket_prefix = keys::bucket_prefix(bucket);
  const auto snapshot = index_->snapshot();  // A version moves between the families when it is displaced.
  Side objects(index_->cursor(objects_, snapshot.get()), bucket_prefix, query.prefix, 0);
  Side versions(index_->cursor(versions_, snapshot.get()), bucket_prefix, query.prefix, keys::version_tail_length);

  const std::string first = first_index_key(bucket_prefix, query);
  const std::string& marker = query.start_after;
  const std::string marker_key = keys::object(bucket, marker);
  objects.seek(first);
  // A key's versions follow the key and a zero byte, so 0x01 is behind all of them.
  versions.seek(marker.empty() ? first : std::max(first, marker_key + '\1'));
  bool newest_is_before = false;  // The newest version of the marker's key was on an earlier page.
  if (!marker.empty() && !version_id_marker.empty()) {
    // Goes on within the marker's key, behind the marker's version.
    const auto number = version_number(version_id_marker);
    if (!number) return fail(errors::invalid_version_id(version_id_marker));
    TRY(current, read_object(marker_key));
    TRY(held, find_held(marker_key, *number));
    newest_is_before = true;
    if (held) {
      versions.seek(held->index_key + '\0');
    } else if (current && current->object.version == *number) {
      versions.seek(keys::versions_prefix(marker_key));
    } else {
      // It was deleted meanwhile. What was older may have become the current one; where the null version stood is not known.
      const bool all = *number == 0;
      versions.seek(all ? keys::versions_prefix(marker_key) : keys::version(marker_key, *number, false) + '\0');
      if (current && (all || current->object.version < *number)) {
        objects.seek(marker_key);
        newest_is_before = false;
      }
    }
  }

  VersionPage page;
  std::size_t count = 0;
  std::string key_before;  // Whose first entry was its newest version.
  bool any_before = newest_is_before;
  if (any_before) key_before = marker;
  for (;;) {
    const auto of_objects = objects.key();
    const auto of_versions = versions.key();
    if (!of_objects && !of_versions) break;
    const bool takes_object = of_objects && (!of_versions || *of_objects <= *of_versions);
    Side& side = takes_object ? objects : versions;
    const std::string key(takes_object ? *of_objects : *of_versions);
    if (count == query.limit) {
      page.truncated = query.limit > 0;
      break;
    }
    ++count;
    const auto cut = query.delimiter.empty() ? std::string::npos : key.find(query.delimiter, query.prefix.size());
    if (cut != std::string::npos) {
      page.last_key = key.substr(0, cut + query.delimiter.size());
      page.last_version_id.clear();
      page.common_prefixes.push_back(page.last_key);
      const std::string behind = keys::successor(bucket_prefix + page.last_key);
      objects.seek(behind);
      versions.seek(behind);
      continue;
    }
    TRY(record, side.record());
    record.object.version_id = version_id_of(record.object.version);
    page.last_key = key;
    page.last_version_id = record.object.version_id;
    page.versions.push_back({key, std::move(record.object), !any_before || key != key_before});
    any_before = true;
    key_before = key;
    side.next();
  }
  TRY_DO(objects.status());
  TRY_DO(versions.status());
  return page;
}

}  // namespace mastic::s3
