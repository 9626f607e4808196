// Walks a bucket's range of the index as S3 lists it: by prefix, in key order, rolling keys up into common prefixes. Behind a
// common prefix it seeks past all its keys, so a page costs its own length, however many keys a prefix stands for.
#pragma once

#include <rocksdb/iterator.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "s3/object.h"
#include "s3/store/index_keys.h"

namespace mastic::s3 {

struct Range {
  std::string_view bucket_prefix;  // Of every index key of this bucket.
  std::size_t tail_length = 0;     // What follows the object's key within an index key.
  std::string first;               // Where to begin: an index key.
};

/// The index key at which a listing of objects begins.
inline std::string first_index_key(std::string_view bucket_prefix, const ListQuery& query) {
  std::string begin = std::string(bucket_prefix) + query.prefix;
  if (query.start_after.empty()) return begin;
  // A marker that is a common prefix itself stands for all of its keys: they have been listed.
  const std::string& marker = query.start_after;
  const bool under_prefix = marker.starts_with(query.prefix) && !query.delimiter.empty();
  const auto cut = under_prefix ? marker.find(query.delimiter, query.prefix.size()) : std::string::npos;
  const bool is_common_prefix = cut != std::string::npos && cut + query.delimiter.size() == marker.size();
  // Byte strings: the next one after the marker is the marker and a zero byte.
  std::string after = std::string(bucket_prefix) + (is_common_prefix ? keys::successor(marker) : marker + '\0');
  return std::max(std::move(begin), std::move(after));
}

/// Calls `on_entry(key, index_key, value)` for each entry that is not rolled up; it returns a Result<void>. Gives whether
/// there is more behind the page; `last` is set to the page's last key or common prefix.
template <typename OnEntry>
Result<bool> walk(rocksdb::Iterator& cursor, const Range& range, const ListQuery& query, OnEntry on_entry,
                  std::vector<std::string>& common_prefixes, std::string& last) {
  const std::string begins_with = std::string(range.bucket_prefix) + query.prefix;
  std::size_t count = 0;
  for (cursor.Seek(range.first); cursor.Valid() && cursor.key().starts_with(begins_with);) {
    if (count == query.limit) return query.limit > 0;  // AWS calls an empty page of max-keys=0 complete.
    const std::string_view index_key = cursor.key().ToStringView();
    const auto key =
        index_key.substr(range.bucket_prefix.size(), index_key.size() - range.bucket_prefix.size() - range.tail_length);
    ++count;
    const auto cut = query.delimiter.empty() ? std::string_view::npos : key.find(query.delimiter, query.prefix.size());
    if (cut == std::string_view::npos) {
      TRY_DO(on_entry(key, index_key, cursor.value().ToStringView()));
      last = key;
      cursor.Next();
      continue;
    }
    last = key.substr(0, cut + query.delimiter.size());
    common_prefixes.push_back(last);
    const std::string behind = keys::successor(std::string(range.bucket_prefix) + last);
    cursor.Seek(behind);
  }
  if (!cursor.status().ok()) return fail(Error::io("cannot list the store", cursor.status().ToString()));
  return false;
}

}  // namespace mastic::s3
