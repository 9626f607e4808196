// What the records of the index have in common, and its bytes.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "s3/object.h"
#include "s3/store/fields.h"

namespace mastic::s3 {

inline Error damaged(std::string_view what) { return Error::io("the object index is damaged", what); }

std::string encode_pair(std::string_view first, std::string_view second);
std::pair<std::string, std::string> decode_pair(std::string_view bytes);

std::string encode_checksum(const Checksum& checksum);
Checksum decode_checksum(std::string_view bytes);

std::string encode_encryption(const Encryption& encryption);
Encryption decode_encryption(std::string_view bytes);

inline Instant instant(const fields::Field& field) { return from_microseconds(static_cast<int64_t>(field.number())); }
inline uint64_t bits(Instant instant) { return static_cast<uint64_t>(to_microseconds(instant)); }

}  // namespace mastic::s3
