#include "spark/connect/execution/names.h"

#include <fmt/format.h>

#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

/// `*` matches any text; everything else stands for itself.
bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.size() && (pattern[at] == text[i] || pattern[at] == '.')) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

/// Glue's jobs know the catalog by either name.
bool is_session_catalog(const std::string& name) {
  return to_lower(name) == session_catalog || to_lower(name) == "glue_catalog";
}

}  // namespace

std::string quoted(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += '.';
    out += '`';
    for (const char c : part) {
      if (c == '`') out += '`';
      out += c;
    }
    out += '`';
  }
  return out;
}

spark::SparkResult<TableName> table_name(const Session& session, const std::vector<std::string>& parts) {
  switch (parts.size()) {
    case 1: return TableName{to_lower(session.current_database()), to_lower(parts[0])};
    case 2: return TableName{to_lower(parts[0]), to_lower(parts[1])};
    case 3:
      if (is_session_catalog(parts[0])) return TableName{to_lower(parts[1]), to_lower(parts[2])};
      return fail(table_not_found(parts));
    default:
      return fail(spark::analysis_error("IDENTIFIER_TOO_MANY_NAME_PARTS", {{"identifier", quoted(parts)}, {"limit", "2"}}));
  }
}

spark::SparkResult<std::string> database_name(const Session& session, const std::vector<std::string>& parts) {
  if (parts.empty()) return session.current_database();
  if (parts.size() == 1) return to_lower(parts[0]);
  if (parts.size() == 2 && is_session_catalog(parts[0])) return to_lower(parts[1]);
  return fail(spark::analysis_error("REQUIRES_SINGLE_PART_NAMESPACE",
                                    {{"sessionCatalog", std::string(session_catalog)}, {"namespace", quoted(parts)}}));
}

spark::SparkResult<std::string> database_name(const Session& session, const std::string& text) {
  TRY(parts, spark::sql::parse_identifier(text));
  return database_name(session, parts);
}

std::string quoted_full(const engine::CatalogTable& table) {
  return quoted({std::string(session_catalog), table.database, table.name});
}

std::string shown_location(const std::string& location) { return location.starts_with('/') ? "file:" + location : location; }

spark::SparkResult<void> done(const Result<void>& result) {
  if (!result) return fail(spark::from_store_error(result.error()));
  return {};
}

spark::SparkResult<engine::Catalog*> catalog_of(const Session& session) {
  const auto& catalog = session.shared().engine.stores().catalog;
  if (catalog == nullptr)
    return fail(spark::unsupported("tables of the catalog in an engine without a server (start `mastic serve`)"));
  return catalog.get();
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  const std::string lower = to_lower(text);
  while (true) {
    const auto bar = pattern.find('|');
    if (matches_glob(to_lower(pattern.substr(0, bar)), lower)) return true;
    if (bar == std::string_view::npos) return false;
    pattern.remove_prefix(bar + 1);
  }
}

spark::SparkError table_not_found(const std::vector<std::string>& name) {
  return spark::analysis_error("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", quoted(name)}});
}

spark::SparkError catalog_not_found(const std::string& name) {
  return spark::runtime_error("CATALOG_NOT_FOUND",
                              {{"catalogName", quoted({name})}, {"config", "\"spark.sql.catalog." + name + "\""}},
                              "org.apache.spark.sql.connector.catalog.CatalogNotFoundException");
}

spark::SparkError schema_not_found(const std::string& name) {
  return spark::analysis_error("SCHEMA_NOT_FOUND", {{"schemaName", quoted({std::string(session_catalog), name})}});
}

spark::SparkResult<engine::CatalogTable> existing_table(const Session& session, const std::vector<std::string>& name,
                                                        std::string_view operation) {
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  if (table->table_type == "VIRTUAL_VIEW")
    return fail(spark::analysis_error("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                                      {{"viewName", quoted_full(*table)}, {"operation", std::string(operation)}}));
  return *std::move(table);
}

spark::SparkResult<bool> database_exists(const Session& session, const std::string& name) {
  if (to_lower(name) == "default") return true;
  const auto& catalog = session.shared().engine.stores().catalog;
  if (catalog == nullptr) return false;
  auto found = catalog->find_database(name);
  if (!found) return fail(spark::from_store_error(found.error()));
  return found->has_value();
}

spark::SparkResult<std::optional<engine::CatalogTable>> find_table(const Session& session, const TableName& name) {
  const auto& catalog = session.shared().engine.stores().catalog;
  if (catalog == nullptr) return std::optional<engine::CatalogTable>();
  auto found = catalog->find_table(name.database, name.table);
  if (!found) return fail(spark::from_store_error(found.error()));
  return *std::move(found);
}

}  // namespace mastic::spark_connect
