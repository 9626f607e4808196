// What the store keeps, as plain structs: buckets, objects and where an object's bytes are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace mastic::s3 {

using Tags = std::vector<std::pair<std::string, std::string>>;  // In the order in which they were given.

/// How an object is to be encrypted, as its owner said. Kept and shown; the bytes on disk are not encrypted.
struct Encryption {
  std::string algorithm;  // AES256, aws:kms, aws:kms:dsse; empty: nothing was said
  std::string kms_key_id = {};
  bool bucket_key_enabled = false;
  friend bool operator==(const Encryption&, const Encryption&) = default;
};

enum class Versioning : uint8_t { off = 0, enabled = 1, suspended = 2 };

struct PublicAccessBlock {
  bool block_public_acls = false;
  bool ignore_public_acls = false;
  bool block_public_policy = false;
  bool restrict_public_buckets = false;
};

/// An enabled rule of a lifecycle configuration, as far as it is carried out. Zero days: this rule does no such thing.
struct LifecycleRule {
  std::string prefix = {};
  Tags tags = {};
  std::optional<int64_t> size_greater_than = {};
  std::optional<int64_t> size_less_than = {};
  std::optional<Instant> expiration_date = {};
  int64_t expiration_days = 0;
  bool expires_lone_delete_markers = false;
  int64_t noncurrent_days = 0;
  int64_t noncurrent_kept = 0;  // So many of the newest noncurrent versions stay.
  int64_t abort_upload_days = 0;
};

struct Bucket {
  std::string name;
  std::string region;
  Instant created;
  Tags tags = {};
  Versioning versioning = Versioning::off;
  Encryption encryption = {};  // Of objects that say nothing themselves.
  std::optional<PublicAccessBlock> public_access_block = {};
  std::string object_ownership = {};                // Empty: there are no ownership controls.
  std::string policy = {};                          // As it was given; empty: none.
  bool event_bridge = false;                        // New objects are announced as EventBridge events.
  std::string lifecycle = {};                       // As XML; empty: none.
  std::string lifecycle_size_rule = {};             // x-amz-transition-default-minimum-object-size
  std::vector<LifecycleRule> lifecycle_rules = {};  // What is carried out of it.
};

/// A checksum that the client asked for. `value` is base64, for a composite one followed by "-" and the number of parts.
struct Checksum {
  std::string algorithm;  // CRC32, CRC32C, CRC64NVME, SHA1, SHA256
  std::string value;
  bool composite = false;  // Of the parts' checksums, not of the whole object.
};

/// One part of an object that a multipart upload made.
struct PartSummary {
  int64_t size = 0;
  std::optional<Checksum> checksum = {};
};

/// The headers that S3 keeps with an object and gives back with it.
struct ObjectHeaders {
  std::string content_type;
  std::string content_encoding;
  std::string content_disposition;
  std::string content_language;
  std::string cache_control;
  std::optional<Instant> expires;
  std::string website_redirect_location;
  std::map<std::string, std::string> user_metadata;  // Names without the prefix x-amz-meta-, in lower case.
};

struct Object {
  int64_t size = 0;
  Instant last_modified;
  std::string etag;  // Without the quotation marks.
  ObjectHeaders headers = {};
  std::string storage_class;  // Empty: STANDARD.
  Tags tags = {};
  std::optional<Checksum> checksum = {};
  std::vector<PartSummary> parts = {};  // Empty unless a multipart upload made the object.
  Encryption encryption = {};
  uint64_t version = 0;  // The store's number of the version; 0: the null version.
  std::optional<Instant> noncurrent_since = {};
  bool delete_marker = false;   // Not an object: it says that there is none since.
  std::string version_id = {};  // What the store calls the version to the outside; empty in a bucket that never had any.
  std::string_view made_by = "PutObject";  // The operation that writes it. Not kept.
};

/// An object's bytes: in memory, or a file that holds exactly them. On the way in, the file lies in the store's incoming
/// folder and the store takes it over; on the way out, it stays readable for at least ObjectStore's grace period.
struct Body {
  int64_t size = 0;
  std::string bytes;           // When `file` is empty.
  std::filesystem::path file;  // Else the bytes are here.

  static Body of_bytes(std::string bytes) { return {static_cast<int64_t>(bytes.size()), std::move(bytes), {}}; }
  static Body of_file(std::filesystem::path file, int64_t size) { return {size, {}, std::move(file)}; }
  [[nodiscard]] bool in_file() const { return !file.empty(); }
};

struct StoredObject {
  Object object;
  Body body;
};

struct ObjectName {
  std::string bucket;
  std::string key;
  std::string version_id = {};  // Empty: the current version.
};

/// An object that has just come to be: what an event tells of it.
struct CreatedObject {
  std::string bucket;
  std::string key;
  std::string version_id;
  std::string etag;
  int64_t size = 0;
  std::string region;
  std::string reason;  // the operation's name
};

/// What became of a write.
struct Written {
  std::string version_id;  // Empty in a bucket that never had versions.
  Encryption encryption;   // With the bucket's default.
};

/// What became of a delete.
struct Removal {
  bool existed = false;
  bool delete_marker = false;  // One was made; of a delete by version id: one was removed.
  std::string version_id = {};
};

/// A listing's entry: an object, or a prefix that stands for all keys which begin with it.
struct ListedObject {
  std::string key;
  Object object;
};

struct ListedVersion {
  std::string key;
  Object object;
  bool latest = false;
};

struct VersionPage {
  std::vector<ListedVersion> versions;  // By key, then newest first; delete markers are among them.
  std::vector<std::string> common_prefixes;
  std::string last_key;         // Or common prefix.
  std::string last_version_id;  // Empty when the page ends with a common prefix.
  bool truncated = false;
};

/// What to list. Keys come in the byte order of UTF-8; objects and common prefixes count alike towards `limit`.
struct ListQuery {
  std::string prefix;
  std::string delimiter;    // Empty: no common prefixes.
  std::string start_after;  // Keys and common prefixes up to and including this one are left out.
  std::size_t limit = 1000;
};

struct ListPage {
  std::vector<ListedObject> objects;
  std::vector<std::string> common_prefixes;
  std::string last;  // The last key or common prefix of this page: the next page's `start_after`.
  bool truncated = false;
};

/// A multipart upload in progress.
struct Upload {
  std::string id;
  std::string key;
  Instant initiated;
  ObjectHeaders headers = {};
  std::string storage_class;
  Tags tags = {};
  Encryption encryption = {};
  std::string checksum_algorithm;   // Empty: none was asked for.
  bool composite_checksum = false;  // Of the parts' checksums, else of the whole object.
};

struct Part {
  int number = 0;
  int64_t size = 0;
  Instant last_modified;
  std::string etag;
  std::optional<Checksum> checksum = {};
};

}  // namespace mastic::s3
