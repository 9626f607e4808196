// Glue's catalog behind the engine's interface. The two rooms may not know each other, so their structures of the same
// members are copied into one another here.
#include "engine/stores.h"
#include "glue/glue.h"

namespace mastic::access {

std::shared_ptr<engine::Catalog> owned_catalog(glue::CatalogView& catalog);

namespace {

engine::CatalogDatabase from_view(glue::DatabaseView&& view) {
  return {std::move(view.name), std::move(view.description), std::move(view.location), std::move(view.parameters)};
}

std::vector<engine::CatalogColumn> from_view(std::vector<glue::ColumnView>&& views) {
  std::vector<engine::CatalogColumn> columns;
  for (auto& view : views) columns.push_back({std::move(view.name), std::move(view.type), std::move(view.comment)});
  return columns;
}

engine::CatalogTable from_view(glue::TableView&& view) {
  return {.database = std::move(view.database),
          .name = std::move(view.name),
          .table_type = std::move(view.table_type),
          .description = std::move(view.description),
          .owner = std::move(view.owner),
          .columns = from_view(std::move(view.columns)),
          .partition_keys = from_view(std::move(view.partition_keys)),
          .location = std::move(view.location),
          .input_format = std::move(view.input_format),
          .output_format = std::move(view.output_format),
          .serialization_library = std::move(view.serialization_library),
          .serde_parameters = std::move(view.serde_parameters),
          .parameters = std::move(view.parameters),
          .view_text = std::move(view.view_text)};
}

engine::CatalogPartition from_view(glue::PartitionView&& view) {
  return {std::move(view.values), std::move(view.location), std::move(view.parameters)};
}

std::vector<glue::ColumnView> to_view(const std::vector<engine::CatalogColumn>& columns) {
  std::vector<glue::ColumnView> views;
  for (const auto& column : columns) views.push_back({column.name, column.type, column.comment});
  return views;
}

glue::TableView to_view(const engine::CatalogTable& table) {
  return {.database = table.database,
          .name = table.name,
          .table_type = table.table_type,
          .description = table.description,
          .owner = table.owner,
          .columns = to_view(table.columns),
          .partition_keys = to_view(table.partition_keys),
          .location = table.location,
          .input_format = table.input_format,
          .output_format = table.output_format,
          .serialization_library = table.serialization_library,
          .serde_parameters = table.serde_parameters,
          .parameters = table.parameters,
          .view_text = table.view_text};
}

template <typename To, typename Views>
Result<std::vector<To>> all_from_view(Result<Views>&& views) {
  if (!views) return fail(std::move(views.error()));
  std::vector<To> values;
  for (auto& view : *views) values.push_back(from_view(std::move(view)));
  return values;
}

template <typename To, typename View>
Result<std::optional<To>> one_from_view(Result<std::optional<View>>&& view) {
  if (!view) return fail(std::move(view.error()));
  if (!*view) return std::optional<To>{};
  return std::optional<To>(from_view(std::move(**view)));
}

class OwnedCatalog final : public engine::Catalog {
 public:
  explicit OwnedCatalog(glue::CatalogView& catalog) : catalog_(catalog) {}

  Result<std::vector<engine::CatalogDatabase>> list_databases() override {
    return all_from_view<engine::CatalogDatabase>(catalog_.list_databases());
  }
  Result<std::optional<engine::CatalogDatabase>> find_database(std::string_view name) override {
    return one_from_view<engine::CatalogDatabase>(catalog_.find_database(name));
  }
  Result<void> create_database(const engine::CatalogDatabase& database) override {
    return catalog_.create_database({database.name, database.description, database.location, database.parameters});
  }
  Result<void> drop_database(std::string_view name) override { return catalog_.drop_database(name); }
  Result<std::vector<engine::CatalogTable>> list_tables(std::string_view database) override {
    return all_from_view<engine::CatalogTable>(catalog_.list_tables(database));
  }
  Result<std::optional<engine::CatalogTable>> find_table(std::string_view database, std::string_view name) override {
    return one_from_view<engine::CatalogTable>(catalog_.find_table(database, name));
  }
  Result<void> create_table(const engine::CatalogTable& table) override { return catalog_.create_table(to_view(table)); }
  Result<void> update_table(const engine::CatalogTable& table) override { return catalog_.update_table(to_view(table)); }
  Result<void> drop_table(std::string_view database, std::string_view name) override {
    return catalog_.drop_table(database, name);
  }
  Result<std::vector<engine::CatalogPartition>> list_partitions(std::string_view database, std::string_view table,
                                                                std::string_view expression) override {
    return all_from_view<engine::CatalogPartition>(catalog_.list_partitions(database, table, expression));
  }
  Result<void> put_partitions(std::string_view database, std::string_view table,
                              std::vector<engine::CatalogPartition> partitions) override {
    std::vector<glue::PartitionView> views;
    for (auto& partition : partitions) {
      views.push_back({std::move(partition.values), std::move(partition.location), std::move(partition.parameters)});
    }
    return catalog_.put_partitions(database, table, views);
  }
  Result<void> drop_partitions(std::string_view database, std::string_view table,
                               const std::vector<std::vector<std::string>>& values) override {
    return catalog_.drop_partitions(database, table, values);
  }

 private:
  glue::CatalogView& catalog_;
};

}  // namespace

std::shared_ptr<engine::Catalog> owned_catalog(glue::CatalogView& catalog) { return std::make_shared<OwnedCatalog>(catalog); }

}  // namespace mastic::access
