// What the index keeps, and its bytes. Decoders fail on damaged bytes only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "s3/object.h"

namespace mastic::s3 {

/// Where the store keeps a body: in the index or in a blob file, under a number that is never used again.
struct Location {
  enum class Kind : uint8_t { inlined = 1, file = 2 };
  Kind kind = Kind::inlined;
  uint64_t id = 0;
  friend bool operator==(const Location&, const Location&) = default;
};

struct ObjectRecord {
  Object object;
  Location location;
};

struct PartRecord {
  Part part;
  Location location;
};

std::string encode(const Bucket& bucket);  // without the name, which is the key
std::string encode(const ObjectRecord& record);
std::string encode(const Upload& upload);      // without id and key
std::string encode(const PartRecord& record);  // without the number

Result<Bucket> decode_bucket(std::string_view name, std::string_view bytes);
Result<ObjectRecord> decode_object(std::string_view bytes);
Result<Upload> decode_upload(std::string_view key, std::string_view id, std::string_view bytes);
Result<PartRecord> decode_part(int number, std::string_view bytes);

}  // namespace mastic::s3
