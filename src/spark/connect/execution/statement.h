// SQL statements that are no queries. Each runs at once and yields the rows that Spark's command yields.
#pragma once

#include "spark/connect/execution/execution.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {

[[nodiscard]] spark::SparkResult<Rows> run_statement(Execution& execution, const spark::sql::Statement& statement);

/// The text that EXPLAIN and df.explain() show.
[[nodiscard]] spark::SparkResult<std::string> explain(Session& session, engine::Connection& connection,
                                                      const proto::Relation& relation, std::string_view mode);

/// What EXECUTE IMMEDIATE is to execute, with its arguments.
[[nodiscard]] spark::SparkResult<proto::Relation> immediate_query(Execution& execution,
                                                                  const spark::sql::ExecuteImmediateStatement& statement);
/// Puts a query's one row into session variables.
[[nodiscard]] Done assign_variables(Execution& execution, const std::vector<std::string>& names, const proto::Relation& query);

// What both statements and catalog calls do.

/// The statement that would make the table or view again. Errors: TABLE_OR_VIEW_NOT_FOUND.
[[nodiscard]] spark::SparkResult<std::string> create_table_text(const Session& session, const std::vector<std::string>& name);
[[nodiscard]] Done truncate_table(Execution& execution, const std::vector<std::string>& name,
                                  const spark::sql::PartitionSpec& partition);
[[nodiscard]] Done analyze_table(Execution& execution, const std::vector<std::string>& name, bool no_scan);
[[nodiscard]] Done repair_table(Execution& execution, const std::vector<std::string>& name);
[[nodiscard]] spark::SparkResult<std::vector<std::string>> partition_texts(const Session& session,
                                                                           const std::vector<std::string>& name,
                                                                           const spark::sql::PartitionSpec& partition);
/// Marks a table or view; its rows are kept by their next use, or at once when not `lazy`.
[[nodiscard]] Done cache_table(Execution& execution, const std::vector<std::string>& name, bool lazy);
/// Errors: TABLE_OR_VIEW_NOT_FOUND when nothing of that name is there.
[[nodiscard]] Done uncache_table(Execution& execution, const std::vector<std::string>& name, bool if_exists);
[[nodiscard]] spark::SparkResult<bool> is_cached(const Session& session, const std::vector<std::string>& name);
[[nodiscard]] Done clear_cache(Execution& execution);
/// Forgets what was kept of a table or view; files are listed anew by every query anyway.
[[nodiscard]] Done refresh_table(Execution& execution, const std::vector<std::string>& name);
[[nodiscard]] Done refresh_path(Execution& execution, const std::string& path);

}  // namespace mastic::spark_connect
