// Random identifiers, from the operating system's generator. Thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace mastic {

/// A version-4 UUID (RFC 9562), lower-case, with hyphens.
std::string random_uuid();

/// `length` lower-case hexadecimal digits.
std::string random_hex(std::size_t length);

}  // namespace mastic
