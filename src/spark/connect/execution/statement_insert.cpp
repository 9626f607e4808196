// INSERT INTO, INSERT OVERWRITE, INSERT OVERWRITE DIRECTORY.
#include "spark/analyze/relations/source_options.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/execution/statement_runs.h"
#include "spark/connect/execution/table_insert.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/write.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;

StatementResult insert_directory(Execution& execution, const sql::InsertStatement& statement) {
  spark::WriteFiles write;
  TRY(input, resolve(execution, statement.query));
  write.input = input;
  write.format = to_lower(statement.provider);
  write.path = statement.path;
  for (const auto& [key, value] : statement.options) write.options[to_lower(key)] = value;
  if (write.path.empty()) write.path = write.options["path"];
  write.options.erase("path");
  if (write.path.empty()) return fail(spark::unsupported("INSERT OVERWRITE DIRECTORY without a path"));
  const auto options = lower_options(*execution.session);
  TRY_DO(spark::check_write_options(write.format, write.options, options.session_time_zone));
  write.mode = spark::SaveMode::overwrite;
  const spark::Command command{std::move(write)};
  tell_writing(*execution.session, command);
  TRY(summary, spark::write(execution.operation.connection(), command, options));
  tell_written(*execution.session, command, summary);
  return Rows{};
}

}  // namespace

StatementResult run(Execution& execution, const sql::InsertStatement& statement) {
  if (statement.directory) return insert_directory(execution, statement);
  Session& session = *execution.session;
  if (statement.table.size() == 1 && session.views.find(statement.table[0]) != nullptr) {
    return fail(spark::analysis_error("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                                      {{"viewName", quoted(statement.table)}, {"operation", "insert into"}}));
  }
  TRY(table, existing_table(session, statement.table, "insert into"));
  TableInsert insert;
  TRY(input, resolve(execution, statement.query));
  insert.input = input;
  insert.overwrite = statement.overwrite;
  const auto mode = session.configuration.find("spark.sql.sources.partitionOverwriteMode").value_or("static");
  TRY(fixed, fixed_values(table, statement.partition, false));
  insert.static_partitions = fixed;
  insert.dynamic = to_lower(mode) == "dynamic" && fixed.size() < table.partition_keys.size();
  insert.by_name = statement.by_name;
  insert.fill_missing = true;
  insert.columns = statement.columns;
  insert.if_partition_not_exists = statement.if_not_exists;
  TRY_DO(insert_into_table(execution, table, std::move(insert)));
  return Rows{};
}

// Each INSERT on its own: Spark, too, runs them one by one.
StatementResult run(Execution& execution, const sql::MultiInsertStatement& statement) {
  for (const auto& insert : statement.inserts) TRY_DO(resolve(execution, insert.query));
  for (const auto& insert : statement.inserts) TRY_DO(run(execution, insert));
  return Rows{};
}

// Tables of files cannot be changed row by row; Spark finds what is wrong with the statement itself first.
StatementResult run(Execution& execution, const sql::ChangeRowsStatement& statement) {
  TRY_DO(resolve(execution, statement.reads));
  std::string shown = "`unknown`";
  const bool is_view = statement.table.size() == 1 && execution.session->views.find(statement.table[0]) != nullptr;
  if (!is_view) {
    if (auto name = table_name(*execution.session, statement.table)) shown = quoted(name->parts());
  }
  return fail(
      spark::analysis_error("UNSUPPORTED_FEATURE.TABLE_OPERATION", {{"tableName", shown}, {"operation", statement.operation}}));
}

}  // namespace mastic::spark_connect
