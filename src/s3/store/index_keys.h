// The keys of the index. Within a bucket, byte order of index keys is byte order of object keys, which is S3's order.
//
//   buckets    name                                  → Bucket
//   objects    bucket \0 key                         → ObjectRecord
//   versions   bucket \0 key \0 order (9 bytes)        → ObjectRecord: noncurrent versions, and delete markers
//   uploads    bucket \0 key \0 upload id            → Upload        (ids have one length and sort by initiation)
//   parts      upload id, part number (2 bytes)      → PartRecord
//   inlined    number (8 bytes)                      → the bytes of a small body
//   blobs      number (8 bytes)                      → nothing: this blob file belongs to the index
//   condemned  instant, number (8 bytes each)        → nothing: this blob file may be removed some time after the instant
//
// Bucket names hold no zero byte. `objects` is the current state: a key whose newest version is a delete marker is not in it,
// and what is in it is the newest version of its key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mastic::s3::keys {

constexpr std::size_t upload_id_length = 32;

inline std::string big_endian(uint64_t number) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<char>(number);
  return bytes;
}

inline uint64_t from_big_endian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

inline std::string bucket_prefix(std::string_view bucket) {
  std::string key(bucket);
  key += '\0';
  return key;
}

inline std::string object(std::string_view bucket, std::string_view key) { return bucket_prefix(bucket).append(key); }

inline std::string upload(std::string_view bucket, std::string_view key, std::string_view upload_id) {
  std::string bytes = object(bucket, key);
  bytes += '\0';
  return bytes.append(upload_id);
}

inline std::string part(std::string_view upload_id, int number) {
  std::string bytes(upload_id);
  bytes += static_cast<char>(number >> 8);
  bytes += static_cast<char>(number);
  return bytes;
}

inline int part_number(std::string_view part_key) {
  const auto tail = part_key.substr(part_key.size() - 2);
  return static_cast<unsigned char>(tail[0]) << 8 | static_cast<unsigned char>(tail[1]);
}

constexpr std::size_t version_order_length = 9;
constexpr std::size_t version_tail_length = 1 + version_order_length;

/// Newer versions come first. The null version has no number: it takes that of the version that displaced it, and comes
/// right behind that one.
inline std::string version_order(uint64_t number, bool is_null) {
  std::string bytes = big_endian(~number);
  bytes += is_null ? '\1' : '\0';
  return bytes;
}

/// Of what `object_key` (an index key of `objects`) stands for.
inline std::string versions_prefix(std::string_view object_key) {
  std::string bytes(object_key);
  bytes += '\0';
  return bytes;
}

inline std::string version(std::string_view object_key, uint64_t number, bool is_null) {
  return versions_prefix(object_key) + version_order(number, is_null);
}

/// The first byte string behind all those that begin with `prefix`; empty: there is none.
inline std::string successor(std::string_view prefix) {
  std::string bytes(prefix);
  while (!bytes.empty() && static_cast<unsigned char>(bytes.back()) == 0xff) bytes.pop_back();
  if (!bytes.empty()) bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) + 1);
  return bytes;
}

}  // namespace mastic::s3::keys
