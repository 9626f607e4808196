#include "dynamodb/operations/table_lookup.h"

#include <algorithm>

#include "dynamodb/errors.h"

namespace mastic::dynamodb {

Result<std::string> table_name_of(std::string_view name_or_arn, std::string_view member) {
  std::string_view name = name_or_arn;
  if (name.starts_with("arn:")) {
    const auto at = name.find(":table/");
    if (at == std::string_view::npos) return fail(errors::validation("Invalid table ARN: " + std::string(name_or_arn)));
    name = name.substr(at + 7);
    name = name.substr(0, name.find('/'));
  }
  const bool spelled = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
  if (!spelled)
    return fail(errors::validation("1 validation error detected: Value '" + std::string(name) + "' at '" + std::string(member) +
                                   "' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                                   "[a-zA-Z0-9_.-]+"));
  if (name.size() < 3 || name.size() > 255)
    return fail(
        errors::validation("Invalid table/index name.  Table/index names must be between 3 and 255 characters long, "
                           "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"));
  return std::string(name);
}

Result<TablePtr> find_table(const Store& store, std::string_view name_or_arn) {
  TRY(name, table_name_of(name_or_arn));
  auto table = store.find_table(name);
  if (!table) return fail(errors::no_such_table());
  return table;
}

std::string table_arn(const TableDefinition& definition) {
  return "arn:aws:dynamodb:" + definition.region + ":000000000000:table/" + definition.name;
}

}  // namespace mastic::dynamodb
