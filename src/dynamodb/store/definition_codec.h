// A table's definition as bytes: an item (item_codec.h), so that members can be added and old ones still read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dynamodb/schema.h"

namespace mastic::dynamodb {

[[nodiscard]] std::string encode_definition(const TableDefinition& definition);
[[nodiscard]] Result<TableDefinition> decode_definition(std::string_view bytes);

}  // namespace mastic::dynamodb
