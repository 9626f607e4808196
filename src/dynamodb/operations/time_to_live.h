// Items that expire: what UpdateTimeToLive turns on.
//
// DynamoDB's rules: an item has expired when its attribute is a number of epoch seconds in the past, but not by more than
// five years. Until it is removed, reads and writes see it like any other.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/store/store.h"

namespace mastic::dynamodb {

/// Removes what has expired from every table that says so; answers how many items that were. An item that is written
/// meanwhile is judged by what was written. Reads what has expired and nothing else.
Result<uint64_t> remove_expired_items(Store& store, Instant now);

}  // namespace mastic::dynamodb
