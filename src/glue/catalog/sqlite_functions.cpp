#include "aws/json.h"
#include "glue/catalog/name_pattern.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

wire::UserDefinedFunction function_from(const wire::UserDefinedFunctionInput& input, std::string name, std::string database,
                                        std::optional<Instant> created) {
  wire::UserDefinedFunction function;
  function.function_name = std::move(name);
  function.database_name = std::move(database);
  function.class_name = input.class_name;
  function.owner_name = input.owner_name;
  function.function_type = input.function_type;
  function.owner_type = input.owner_type;
  function.create_time = created;
  function.resource_uris = input.resource_uris;
  function.artifact_location = input.artifact_location;
  function.governance_mode = input.governance_mode;
  return function;
}

}  // namespace

Result<void> SqliteCatalog::create_function(std::string_view database, const wire::UserDefinedFunctionInput& input) {
  if (!input.function_name) return fail(error::invalid_input("FunctionInput.FunctionName is missing."));
  const auto lower_database = lower_name(database);
  const auto name = lower_name(*input.function_name);
  const auto body = aws::to_json(function_from(input, name, lower_database, clock_.now()));
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_database));
    TRY(added, t.run("INSERT INTO catalog_function(database_name, name, body) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
                     lower_database, name, body));
    if (added == 0) return fail(error::function_exists());
    return {};
  });
}

Result<std::optional<wire::UserDefinedFunction>> SqliteCatalog::find_function(std::string_view database,
                                                                              std::string_view name) {
  std::string body;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_name(database)));
    TRY(rows, t.query("SELECT body FROM catalog_function WHERE database_name = ? AND name = ?", lower_name(database),
                      lower_name(name)));
    if (!rows.empty()) body = rows[0].text(0);
    return {};
  }));
  if (body.empty()) return std::nullopt;
  return aws::from_json<wire::UserDefinedFunction>(body);
}

Result<Page<wire::UserDefinedFunction>> SqliteCatalog::list_functions(std::string_view database, std::string_view pattern,
                                                                      const PageRequest& page) {
  TRY(name_pattern, NamePattern::parse(pattern));
  const auto lower_database = lower_name(database);
  Page<wire::UserDefinedFunction> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    if (!database.empty()) TRY_DO(require_database(t, lower_database));
    TRY(rows, t.query("SELECT database_name || '/' || name AS key, name, body FROM catalog_function "
                      "WHERE (?1 = '' OR database_name = ?1) AND key > ?2 ORDER BY key",
                      lower_database, page.after));
    std::string last;
    for (const auto& row : rows) {
      if (!name_pattern.matches(row.text(1))) continue;
      if (answer.entries.size() == page.limit) {
        answer.last_key = last;
        return {};
      }
      TRY(function, aws::from_json<wire::UserDefinedFunction>(row.text(2)));
      answer.entries.push_back(std::move(function));
      last = row.text(0);
    }
    return {};
  }));
  return answer;
}

Result<void> SqliteCatalog::update_function(std::string_view database, std::string_view name,
                                            const wire::UserDefinedFunctionInput& input) {
  const auto lower_database = lower_name(database);
  const auto lowered = lower_name(name);
  if (input.function_name && lower_name(*input.function_name) != lowered) {
    return fail(error::invalid_input("A function cannot be renamed: FunctionInput.FunctionName must be the function's name."));
  }
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_database));
    TRY(rows, t.query("SELECT body FROM catalog_function WHERE database_name = ? AND name = ?", lower_database, lowered));
    if (rows.empty()) return fail(error::function_not_found(name));
    TRY(before, aws::from_json<wire::UserDefinedFunction>(rows[0].text(0)));
    const auto body = aws::to_json(function_from(input, lowered, lower_database, before.create_time));
    TRY_DO(t.run("UPDATE catalog_function SET body = ? WHERE database_name = ? AND name = ?", body, lower_database, lowered));
    return {};
  });
}

Result<void> SqliteCatalog::delete_function(std::string_view database, std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_name(database)));
    TRY(removed,
        t.run("DELETE FROM catalog_function WHERE database_name = ? AND name = ?", lower_name(database), lower_name(name)));
    if (removed == 0) return fail(error::function_not_found(name));
    return {};
  });
}

}  // namespace mastic::glue::catalog
