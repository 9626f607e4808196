// SQL statements that are no queries. Each runs at once and yields the rows that Spark's command yields.
#pragma once

#include "spark/connect/execution/execution.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {

[[nodiscard]] spark::SparkResult<Rows> run_statement(Execution& execution, const spark::sql::Statement& statement);

/// The text that EXPLAIN and df.explain() show.
[[nodiscard]] spark::SparkResult<std::string> explain(Session& session, engine::Connection& connection,
                                                      const proto::Relation& relation, std::string_view mode);

/// col_name, data_type, comment of a view's or a table's columns; partition columns again at the end, as Spark lists them.
[[nodiscard]] spark::SparkResult<Rows> describe_table(Session& session, const std::vector<std::string>& name, bool extended);

}  // namespace mastic::spark_connect
