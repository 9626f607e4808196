// CACHE TABLE and its like: what is kept is in the session's CachedTables.
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/statement.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

using spark::SparkResult;

/// The name under which a table or temporary view is kept. Errors: TABLE_OR_VIEW_NOT_FOUND.
SparkResult<std::string> cached_name(const Session& session, const std::vector<std::string>& name) {
  if (name.size() == 1 && session.views.find(name[0]) != nullptr) return to_lower(name[0]);
  if (name.size() == 2 && to_lower(name[0]) == "global_temp" && session.shared().global_views.find(name[1]) != nullptr)
    return "global_temp." + to_lower(name[1]);
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  return full_name.database + "." + full_name.table;
}

}  // namespace

Done cache_table(Execution& execution, const std::vector<std::string>& name, bool lazy) {
  TRY(key, cached_name(*execution.session, name));
  execution.session->cached_tables.mark(key);
  if (lazy) return {};
  proto::Relation relation;
  relation.mutable_read()->mutable_named_table()->set_unparsed_identifier(quoted(name));
  auto kept = resolve(execution, relation);
  if (kept) return {};
  (void)execution.session->cached_tables.unmark(key);
  return fail(std::move(kept).error());
}

Done uncache_table(Execution& execution, const std::vector<std::string>& name, bool if_exists) {
  auto key = cached_name(*execution.session, name);
  if (!key) {
    if (if_exists && key.error().condition == "TABLE_OR_VIEW_NOT_FOUND") return {};
    return fail(std::move(key).error());
  }
  TRY_DO(uncache(*execution.session, *key));
  return {};
}

SparkResult<bool> is_cached(const Session& session, const std::vector<std::string>& name) {
  TRY(key, cached_name(session, name));
  return session.cached_tables.find(key) != nullptr;
}

Done clear_cache(Execution& execution) {
  Session& session = *execution.session;
  for (const auto& name : session.cached_tables.names()) TRY_DO(uncache(session, name));
  for (const auto& entry : session.persisted.unmark_all()) {
    const std::scoped_lock lock(entry->filling);
    if (entry->stored == nullptr) continue;
    (void)session.persisted.forget(entry->id);
    TRY_DO(spark::drop_cached(execution.operation.connection(), entry->id));
  }
  return {};
}

Done refresh_table(Execution& execution, const std::vector<std::string>& name) {
  TRY(key, cached_name(*execution.session, name));
  return forget_rows(*execution.session, key);
}

Done refresh_path(Execution& execution, const std::string&) {
  // What is kept does not say from which files it came: all of it is kept anew.
  for (const auto& name : execution.session->cached_tables.names()) TRY_DO(forget_rows(*execution.session, name));
  return {};
}

}  // namespace mastic::spark_connect
