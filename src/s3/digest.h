// Digests over bodies, wherever they lie.
#pragma once

#include <string>
#include <string_view>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "base/result.h"
#include "s3/object.h"

namespace mastic::s3 {

using aws::to_hex;

inline std::string md5(std::string_view bytes) { return aws::Digest::of(aws::DigestKind::md5, bytes); }  // Raw, 16 bytes.

/// Raw. Reads a file piece by piece.
Result<std::string> digest_of(const Body& body, aws::DigestKind kind);
inline Result<std::string> md5_of(const Body& body) { return digest_of(body, aws::DigestKind::md5); }

/// Empty when the text is no hexadecimal digits.
std::string from_hex(std::string_view text);

}  // namespace mastic::s3
