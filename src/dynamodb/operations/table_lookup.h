// From what a request calls a table – a name or an ARN – to the table.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dynamodb/store/store.h"

namespace mastic::dynamodb {

/// The name out of a name or ARN. Fails when it cannot be a table's name; `member` is the request's member ("tableName").
Result<std::string> table_name_of(std::string_view name_or_arn, std::string_view member = "tableName");

/// Fails with the item operations' ResourceNotFoundException.
Result<TablePtr> find_table(const Store& store, std::string_view name_or_arn);

/// "arn:aws:dynamodb:<region>:000000000000:table/<name>"
std::string table_arn(const TableDefinition& definition);

}  // namespace mastic::dynamodb
