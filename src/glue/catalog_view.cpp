#include "glue/catalog_view.h"

#include <algorithm>

#include "glue/catalog/catalog.h"
#include "glue/crawler/table_definition.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using Parameters = std::map<std::string, std::string>;

constexpr std::size_t page_entries = 1000;

std::optional<std::string> unless_empty(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

DatabaseView view_of(const wire::Database& database) {
  return {database.name, database.description.value_or(""), database.location_uri.value_or(""),
          database.parameters.value_or(Parameters{})};
}

std::vector<ColumnView> view_of(const std::optional<std::vector<wire::Column>>& columns) {
  std::vector<ColumnView> view;
  if (!columns) return view;
  for (const auto& column : *columns)
    view.push_back({column.name, column.type.value_or("string"), column.comment.value_or("")});
  return view;
}

TableView view_of(const wire::Table& table) {
  TableView view;
  view.database = table.database_name.value_or("");
  view.name = table.name;
  view.table_type = table.table_type.value_or("");
  view.description = table.description.value_or("");
  view.owner = table.owner.value_or("");
  view.partition_keys = view_of(table.partition_keys);
  view.parameters = table.parameters.value_or(Parameters{});
  view.view_text = table.view_expanded_text.value_or(table.view_original_text.value_or(""));
  if (!table.storage_descriptor) return view;
  const auto& storage = *table.storage_descriptor;
  view.columns = view_of(storage.columns);
  view.location = storage.location.value_or("");
  view.input_format = storage.input_format.value_or("");
  view.output_format = storage.output_format.value_or("");
  if (!storage.serde_info) return view;
  view.serialization_library = storage.serde_info->serialization_library.value_or("");
  view.serde_parameters = storage.serde_info->parameters.value_or(Parameters{});
  return view;
}

std::vector<wire::Column> columns_from(const std::vector<ColumnView>& view) {
  std::vector<wire::Column> columns;
  for (const auto& column : view) {
    wire::Column wire_column;
    wire_column.name = column.name;
    wire_column.type = column.type;
    wire_column.comment = unless_empty(column.comment);
    columns.push_back(std::move(wire_column));
  }
  return columns;
}

/// Writes the view over a definition, leaving what the view does not know.
void write_over(wire::TableInput& input, const TableView& view) {
  input.name = view.name;
  input.table_type = unless_empty(view.table_type);
  input.description = unless_empty(view.description);
  input.owner = unless_empty(view.owner);
  input.partition_keys = columns_from(view.partition_keys);
  input.parameters = view.parameters;
  if (!view.view_text.empty()) {
    input.view_expanded_text = view.view_text;
    if (!input.view_original_text) input.view_original_text = view.view_text;
  }
  if (!input.storage_descriptor) input.storage_descriptor.emplace();
  auto& storage = *input.storage_descriptor;
  storage.columns = columns_from(view.columns);
  storage.location = unless_empty(view.location);
  storage.input_format = unless_empty(view.input_format);
  storage.output_format = unless_empty(view.output_format);
  if (!storage.serde_info) storage.serde_info.emplace();
  storage.serde_info->serialization_library = unless_empty(view.serialization_library);
  storage.serde_info->parameters = view.serde_parameters;
}

/// The first failure of a batch, unless it is one to be passed over.
Result<void> first_failure(const std::vector<catalog::PartitionFailure>& failures, std::string_view passed_over) {
  for (const auto& failure : failures) {
    if (failure.error.code != passed_over) return fail(failure.error);
  }
  return {};
}

}  // namespace

Result<std::vector<DatabaseView>> CatalogView::list_databases() {
  std::vector<DatabaseView> all;
  catalog::PageRequest page{"", page_entries};
  do {
    TRY(databases, catalog_.list_databases(page));
    for (const auto& database : databases.entries) all.push_back(view_of(database));
    page.after = databases.last_key;
  } while (!page.after.empty());
  return all;
}

Result<std::optional<DatabaseView>> CatalogView::find_database(std::string_view name) {
  TRY(database, catalog_.find_database(name));
  if (!database) return std::nullopt;
  return view_of(*database);
}

Result<void> CatalogView::create_database(const DatabaseView& database) {
  wire::DatabaseInput input;
  input.name = database.name;
  input.description = unless_empty(database.description);
  input.location_uri = unless_empty(database.location);
  input.parameters = database.parameters;
  return catalog_.create_database(input);
}

Result<void> CatalogView::drop_database(std::string_view name) { return catalog_.delete_database(name); }

Result<std::vector<TableView>> CatalogView::list_tables(std::string_view database) {
  std::vector<TableView> all;
  catalog::PageRequest page{"", page_entries};
  do {
    TRY(tables, catalog_.list_tables(database, "", page));
    for (const auto& table : tables.entries) all.push_back(view_of(table));
    page.after = tables.last_key;
  } while (!page.after.empty());
  return all;
}

Result<std::optional<TableView>> CatalogView::find_table(std::string_view database, std::string_view name) {
  auto table = catalog_.find_table(database, name);
  if (!table && table.error().code == "EntityNotFoundException") return std::nullopt;
  if (!table) return fail(std::move(table).error());
  if (!*table) return std::nullopt;
  return view_of(**table);
}

Result<void> CatalogView::create_table(const TableView& table) {
  wire::TableInput input;
  write_over(input, table);
  return catalog_.create_table(table.database, input, "");
}

Result<void> CatalogView::update_table(const TableView& table) {
  TRY(existing, catalog_.find_table(table.database, table.name));
  auto input = existing ? crawler::unchanged_input(*existing) : wire::TableInput{};
  write_over(input, table);
  return catalog_.update_table(table.database, input, {});
}

Result<void> CatalogView::drop_table(std::string_view database, std::string_view name) {
  return catalog_.delete_table(database, name);
}

Result<std::vector<PartitionView>> CatalogView::list_partitions(std::string_view database, std::string_view table,
                                                                std::string_view expression) {
  std::vector<PartitionView> all;
  catalog::PartitionQuery query;
  query.expression = expression;
  query.page.limit = page_entries;
  do {
    TRY(partitions, catalog_.list_partitions(database, table, query));
    for (const auto& partition : partitions.entries) {
      std::string location;
      if (partition.storage_descriptor) location = partition.storage_descriptor->location.value_or("");
      all.push_back(
          {partition.values.value_or(catalog::Values{}), std::move(location), partition.parameters.value_or(Parameters{})});
    }
    query.page.after = partitions.last_key;
  } while (!query.page.after.empty());
  return all;
}

Result<void> CatalogView::put_partitions(std::string_view database, std::string_view table,
                                         const std::vector<PartitionView>& partitions) {
  TRY(owner, catalog_.find_table(database, table));
  std::vector<wire::PartitionInput> inputs;
  std::vector<catalog::PartitionChange> changes;
  for (const auto& partition : partitions) {
    wire::PartitionInput input;
    input.values = partition.values;
    input.parameters = partition.parameters;
    // A partition is stored as its table is, but for the place.
    input.storage_descriptor = owner ? owner->storage_descriptor : std::nullopt;
    if (!input.storage_descriptor) input.storage_descriptor.emplace();
    input.storage_descriptor->location = unless_empty(partition.location);
    changes.push_back({partition.values, input});
    inputs.push_back(std::move(input));
  }
  TRY(failures, catalog_.create_partitions(database, table, inputs));
  TRY_DO(first_failure(failures, "AlreadyExistsException"));
  std::erase_if(changes, [&](const catalog::PartitionChange& change) {
    return std::ranges::find(failures, change.values, &catalog::PartitionFailure::values) == failures.end();
  });
  if (changes.empty()) return {};
  TRY(not_replaced, catalog_.update_partitions(database, table, changes));
  return first_failure(not_replaced, "");
}

Result<void> CatalogView::drop_partitions(std::string_view database, std::string_view table,
                                          const std::vector<std::vector<std::string>>& values) {
  TRY(failures, catalog_.delete_partitions(database, table, values));
  return first_failure(failures, "EntityNotFoundException");
}

}  // namespace mastic::glue
