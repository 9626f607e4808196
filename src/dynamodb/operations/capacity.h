// ConsumedCapacity, as far as one machine has such a thing: DynamoDB's arithmetic on item sizes. The shares of secondary
// indexes are not counted.
#pragma once

#include <optional>
#include <string>

#include "dynamodb/operations/operations.h"

namespace mastic::dynamodb {

/// Units for what one request read in all, or for one item of a write.
double read_units(std::size_t bytes, bool consistent);
double write_units(std::size_t bytes);

/// Nothing unless `asked` is TOTAL or INDEXES.
std::optional<wire::ConsumedCapacity> consumed_capacity(const std::optional<std::string>& asked, const std::string& table,
                                                        double units);

}  // namespace mastic::dynamodb
