#include "glue/crawler/dynamodb_source.h"

namespace mastic::glue::crawler {

Result<std::optional<SourceTable>> DynamodbSource::find_table(std::string_view name) {
  TRY(table, database_.find_table(name));
  if (!table) return std::nullopt;
  return SourceTable{table->name, table->item_count, table->size_bytes};
}

Result<void> DynamodbSource::scan(std::string_view name, const std::function<bool(std::string_view item)>& receive) {
  bool well_formed = true;
  TRY_DO(database_.scan_items(name, {}, [&](std::string_view batch) {
    dynamodb::codec::BatchReader items(batch);
    for (std::string_view item; items.next(item);) {
      if (!receive(item)) return false;
    }
    well_formed = !items.failed();
    return well_formed;
  }));
  if (!well_formed) return fail(Error::internal("A batch of items is cut short in DynamoDB table " + std::string(name)));
  return {};
}

}  // namespace mastic::glue::crawler
