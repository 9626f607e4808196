#include "engine/local_catalog.h"

#include <algorithm>
#include <cctype>
#include <mutex>

namespace mastic::engine {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

Error not_found(std::string_view what, std::string_view name) {
  return {"EntityNotFoundException", std::string(what) + " " + std::string(name) + " not found.", 400};
}
Error already_exists(std::string_view what, std::string_view name) {
  return {"AlreadyExistsException", std::string(what) + " already exists: " + std::string(name), 400};
}

class LocalCatalog final : public Catalog {
 public:
  explicit LocalCatalog(const std::string& warehouse) {
    databases_["default"].database = {
        .name = "default", .description = "default database", .location = warehouse, .parameters = {}};
  }

  Result<std::vector<CatalogDatabase>> list_databases() override {
    const std::scoped_lock lock(mutex_);
    std::vector<CatalogDatabase> result;
    for (const auto& [name, entry] : databases_) result.push_back(entry.database);
    return result;
  }
  Result<std::optional<CatalogDatabase>> find_database(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    const auto found = databases_.find(lower(name));
    if (found == databases_.end()) return std::optional<CatalogDatabase>();
    return std::optional(found->second.database);
  }
  Result<void> create_database(const CatalogDatabase& database) override {
    const std::scoped_lock lock(mutex_);
    auto [place, fresh] = databases_.try_emplace(lower(database.name));
    if (!fresh) return fail(already_exists("Database", database.name));
    place->second.database = database;
    place->second.database.name = lower(database.name);
    return {};
  }
  Result<void> update_database(const CatalogDatabase& database) override {
    const std::scoped_lock lock(mutex_);
    const auto found = databases_.find(lower(database.name));
    if (found == databases_.end()) return fail(not_found("Database", database.name));
    found->second.database = database;
    found->second.database.name = lower(database.name);
    return {};
  }
  Result<void> drop_database(std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    if (databases_.erase(lower(name)) == 0) return fail(not_found("Database", name));
    return {};
  }

  Result<std::vector<CatalogTable>> list_tables(std::string_view database) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(database));
    std::vector<CatalogTable> result;
    for (const auto& [name, table] : entry->tables) result.push_back(table.table);
    return result;
  }
  Result<std::optional<CatalogTable>> find_table(std::string_view database, std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    const auto entry = databases_.find(lower(database));
    if (entry == databases_.end()) return std::optional<CatalogTable>();
    const auto table = entry->second.tables.find(lower(name));
    if (table == entry->second.tables.end()) return std::optional<CatalogTable>();
    return std::optional(table->second.table);
  }
  Result<void> create_table(const CatalogTable& table) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(table.database));
    auto [place, fresh] = entry->tables.try_emplace(lower(table.name));
    if (!fresh) return fail(already_exists("Table", table.name));
    place->second.table = with_lower_names(table);
    return {};
  }
  Result<void> update_table(const CatalogTable& table) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find_entry(table.database, table.name));
    entry->table = with_lower_names(table);
    return {};
  }
  Result<void> drop_table(std::string_view database, std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(database));
    if (entry->tables.erase(lower(name)) == 0) return fail(not_found("Table", name));
    return {};
  }

  Result<std::vector<CatalogPartition>> list_partitions(std::string_view database, std::string_view table,
                                                        std::string_view expression) override {
    if (!expression.empty()) return fail(Error::invalid("the local catalog does not filter partitions by an expression"));
    const std::scoped_lock lock(mutex_);
    TRY(entry, find_entry(database, table));
    std::vector<CatalogPartition> result;
    for (const auto& [values, partition] : entry->partitions) result.push_back(partition);
    return result;
  }
  Result<void> put_partitions(std::string_view database, std::string_view table,
                              std::vector<CatalogPartition> partitions) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find_entry(database, table));
    for (auto& partition : partitions) entry->partitions.insert_or_assign(partition.values, std::move(partition));
    return {};
  }
  Result<void> drop_partitions(std::string_view database, std::string_view table,
                               const std::vector<std::vector<std::string>>& values) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find_entry(database, table));
    for (const auto& of_one : values) entry->partitions.erase(of_one);
    return {};
  }

  Result<std::vector<CatalogFunction>> list_functions(std::string_view database) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(database));
    std::vector<CatalogFunction> result;
    for (const auto& [name, function] : entry->functions) result.push_back(function);
    return result;
  }
  Result<void> put_function(const CatalogFunction& function) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(function.database));
    entry->functions.insert_or_assign(lower(function.name), function);
    return {};
  }
  Result<void> drop_function(std::string_view database, std::string_view name) override {
    const std::scoped_lock lock(mutex_);
    TRY(entry, find(database));
    if (entry->functions.erase(lower(name)) == 0) return fail(not_found("Function", name));
    return {};
  }

 private:
  struct TableEntry {
    CatalogTable table;
    std::map<std::vector<std::string>, CatalogPartition> partitions;
  };
  struct DatabaseEntry {
    CatalogDatabase database;
    std::map<std::string, TableEntry> tables;
    std::map<std::string, CatalogFunction> functions;
  };

  static CatalogTable with_lower_names(CatalogTable table) {
    table.database = lower(table.database);
    table.name = lower(table.name);
    return table;
  }
  Result<DatabaseEntry*> find(std::string_view database) {
    const auto found = databases_.find(lower(database));
    if (found == databases_.end()) return fail(not_found("Database", database));
    return &found->second;
  }
  Result<TableEntry*> find_entry(std::string_view database, std::string_view table) {
    TRY(entry, find(database));
    const auto found = entry->tables.find(lower(table));
    if (found == entry->tables.end()) return fail(not_found("Table", table));
    return &found->second;
  }

  std::mutex mutex_;
  std::map<std::string, DatabaseEntry> databases_;  // names in lower case
};

}  // namespace

std::shared_ptr<Catalog> make_local_catalog(const std::string& warehouse) { return std::make_shared<LocalCatalog>(warehouse); }

}  // namespace mastic::engine
