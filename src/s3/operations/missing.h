// Why an object that a request names cannot be had.
#pragma once

#include "base/result.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {

/// There is no such version, or no such key; the current version may be a delete marker, which the answer tells.
Error missing(Room room, const ObjectName& name);

/// Fails when the version that was named is a delete marker, which has neither a body nor tags.
Result<void> check_is_object(const Object& object, std::string_view method);

/// The object's record, or the errors above.
Result<Object> find_object(Room room, const ObjectName& name, std::string_view method);

}  // namespace mastic::s3
