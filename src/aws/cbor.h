// CBOR (RFC 8949) as Smithy's rpc-v2-cbor uses it, turned into AWS's JSON and back, so that one set of generated readers
// and writers serves both. Blobs become base64, a tagged time its epoch seconds, NaN and the infinities their names.
//
// Not here: tags other than 1 (a time) and 6.21's decimal fractions; big numbers. They fail by name.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::aws {

/// Fails (SerializationException) when the bytes are not one well-formed item, nest deeper than 64, or hold what JSON cannot
/// say. Lengths that the bytes do not bear out are refused before memory is taken for them.
Result<std::string> cbor_to_json(std::string_view cbor);

/// `is_time` tells by a member's name whether the number (or the numbers of the list) under it are times. Numbers with a
/// point or an exponent become doubles. The text must be JSON that this process wrote.
std::string json_to_cbor(std::string_view json, bool (*is_time)(std::string_view member));

}  // namespace mastic::aws
