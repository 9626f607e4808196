// df.write: files or items by spark/lower, and for tables the catalog's entry, after the files are there.
#include "spark/lower/write.h"

#include <fmt/format.h>
#include <spark/connect/commands.pb.h>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/python_write.h"
#include "spark/connect/execution/table_create.h"
#include "spark/connect/execution/table_insert.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

NewTable new_table(const spark::WriteFiles& write) {
  NewTable table;
  table.name = {write.database, write.table};
  table.format = write.format;
  table.options = write.options;
  table.options.erase("path");
  table.location = write.path;
  table.properties = write.table_properties;
  table.partitioned_by = write.partition_columns;
  table.clustered_by = write.clustering_columns;
  if (write.buckets > 0) table.buckets = spark::TableBuckets{write.buckets, write.bucket_columns, write.sort_columns};
  return table;
}

/// saveAsTable and insertInto.
Done write_table(Execution& execution, const spark::WriteFiles& write) {
  Session& session = *execution.session;
  const TableName name{to_lower(write.database.empty() ? session.current_database() : write.database), to_lower(write.table)};
  TRY(table, find_table(session, name));
  if (!table) {
    if (write.by_position || write.existing_only) return fail(table_not_found(name.parts()));
    auto made = new_table(write);
    made.name = name;
    return create_table_from(execution, made, write.input, false);
  }
  if (table->table_type == "VIRTUAL_VIEW") {
    return fail(spark::analysis_error("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                                      {{"viewName", quoted_full(*table)}, {"operation", "insert into"}}));
  }
  if (write.mode == spark::SaveMode::error_if_exists) return fail(table_already_exists(name));
  if (write.mode == spark::SaveMode::ignore) return {};
  // Overwriting by name replaces the table, schema and all; everything else obeys the table that is there.
  if (write.mode == spark::SaveMode::overwrite && !write.by_position && !write.dynamic_overwrite && !write.existing_rows) {
    auto made = new_table(write);
    made.name = name;
    return create_table_from(execution, made, write.input, true);
  }
  TableInsert insert;
  insert.input = write.input;
  insert.overwrite = write.mode == spark::SaveMode::overwrite;
  insert.dynamic = write.dynamic_overwrite;
  insert.by_name = !write.by_position;
  insert.options = write.options;
  insert.options.erase("path");
  return insert_into_table(execution, *table, std::move(insert));
}

/// format("noop"): everything is computed and nothing kept.
Done run_only(Execution& execution, const spark::RelationPtr& input) {
  tell_fetched(*execution.session, input);
  TRY_DO(spark::execute(execution.operation.connection(), *input, lower_options(*execution.session), {},
                        [](const spark::ArrowBatch&) { return true; }));
  return {};
}

Done run(Execution& execution, spark::Command command) {
  // What the input is observed for is measured first; the rows that passed are what is written.
  auto* const input = std::visit([](auto& kind) { return &kind.input; }, command);
  TRY(settled, observed(execution, *input));
  *input = std::move(settled);
  if (const auto* files = std::get_if<spark::WriteFiles>(&command); files != nullptr && to_lower(files->format) == "noop")
    return run_only(execution, files->input);
  if (const auto* files = std::get_if<spark::WriteFiles>(&command); files != nullptr && !files->table.empty())
    return write_table(execution, *files);
  tell_writing(*execution.session, command);
  TRY(summary, spark::write(execution.operation.connection(), command, lower_options(*execution.session)));
  tell_written(*execution.session, command, summary);
  return {};
}

}  // namespace

Done run_write(Execution& execution, const proto::WriteOperation& write) {
  if (const auto source = execution.session->find_data_source(write.source()); source != nullptr && !write.has_table())
    return run_python_write(execution, source, write);
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(command, spark::Analyzer(context).resolve_write(write));
  // saveAsTable replaces whole tables, whatever spark.sql.sources.partitionOverwriteMode says of files.
  auto* files = std::get_if<spark::WriteFiles>(&command);
  if (files != nullptr && !files->table.empty() && !files->by_position) files->dynamic_overwrite = false;
  return run(execution, command);
}

Done run_write(Execution& execution, const proto::WriteOperationV2& write) {
  using Mode = proto::WriteOperationV2;
  if (write.mode() != Mode::MODE_CREATE && write.mode() != Mode::MODE_CREATE_OR_REPLACE) {
    TRY(parts, spark::sql::parse_identifier(write.table_name()));
    TRY(name, table_name(*execution.session, parts));
    TRY(table, find_table(*execution.session, name));
    if (!table) return fail(table_not_found(write.mode() == Mode::MODE_REPLACE ? name.parts() : parts));
  }
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(command, spark::Analyzer(context).resolve_write(write));
  return run(execution, command);
}

}  // namespace mastic::spark_connect
