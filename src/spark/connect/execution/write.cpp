// df.write: files or items by spark/lower, and for tables the catalog's entry, after the files are there.
#include "spark/lower/write.h"

#include <fmt/format.h>
#include <spark/connect/commands.pb.h>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/table_entry.h"
#include "spark/connect/execution/table_insert.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

Done done(const Result<void>& result) {
  if (!result) return fail(spark::from_store_error(result.error()));
  return {};
}

/// Where a new table's files go when the user names no path.
spark::SparkResult<std::string> default_location(const Session& session, const spark::WriteFiles& write) {
  std::string folder;
  if (const auto& catalog = session.shared().engine.stores().catalog; catalog != nullptr) {
    auto database = catalog->find_database(write.database);
    if (!database) return fail(spark::from_store_error(database.error()));
    if (database->has_value()) folder = (*database)->location;
  }
  if (folder.empty()) {
    folder = session.configuration.find("spark.sql.warehouse.dir").value_or("spark-warehouse");
    if (to_lower(write.database) != "default") folder += "/" + write.database + ".db";
  }
  while (folder.ends_with('/')) folder.pop_back();
  return fmt::format("{}/{}", folder, write.table);
}

/// saveAsTable and insertInto.
Done write_table(Execution& execution, spark::WriteFiles write) {
  Session& session = *execution.session;
  if (write.database.empty()) write.database = session.current_database();
  const TableName name{write.database, write.table};
  TRY(catalog, catalog_of(session));
  TRY(table, find_table(session, name));
  if (table && write.mode == spark::SaveMode::error_if_exists) {
    return fail(spark::analysis_error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted(name.parts())}}));
  }
  if (table && write.mode == spark::SaveMode::ignore) return {};
  if (!table && write.by_position) return fail(table_not_found(name.parts()));
  // Overwriting by name replaces the table, schema and all; everything else obeys the table that is there.
  const bool replaces = write.mode == spark::SaveMode::overwrite && !write.by_position && !write.dynamic_overwrite;
  if (table && !replaces) TRY_DO(fit_to_table(write, *table));
  if (write.path.empty()) {
    if (table) {
      write.path = table->location;
    } else {
      TRY(location, default_location(session, write));
      write.path = location;
    }
  }
  // A new table takes its folder over; what an earlier table left there must not mix with it.
  if (!table && write.mode != spark::SaveMode::append) write.mode = spark::SaveMode::overwrite;
  const spark::LowerOptions options = lower_options(session);
  TRY(summary, spark::write(execution.operation.connection(), spark::Command{write}, options));
  if (!table) {
    TRY_DO(done(catalog->create_table(make_table_entry(write, write.path))));
  } else if (replaces) {
    TRY_DO(done(catalog->update_table(make_table_entry(write, write.path))));
  }
  if (!summary.partitions.empty()) {
    TRY_DO(done(catalog->put_partitions(write.database, write.table, written_partitions(summary))));
  }
  return {};
}

/// format("noop"): everything is computed and nothing kept.
Done run_only(Execution& execution, const spark::Relation& input) {
  TRY_DO(spark::execute(execution.operation.connection(), input, lower_options(*execution.session), {},
                        [](const spark::ArrowBatch&) { return true; }));
  return {};
}

Done run(Execution& execution, spark::Command command) {
  if (const auto* files = std::get_if<spark::WriteFiles>(&command); files != nullptr && to_lower(files->format) == "noop") {
    return run_only(execution, *files->input);
  }
  if (auto* files = std::get_if<spark::WriteFiles>(&command); files != nullptr && !files->table.empty()) {
    return write_table(execution, std::move(*files));
  }
  TRY_DO(spark::write(execution.operation.connection(), command, lower_options(*execution.session)));
  return {};
}

template <typename Write>
Done resolve_and_run(Execution& execution, const Write& write) {
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(command, spark::Analyzer(context).resolve_write(write));
  if constexpr (std::is_same_v<Write, proto::WriteOperation>) {
    // saveAsTable replaces whole tables, whatever spark.sql.sources.partitionOverwriteMode says of files.
    auto* files = std::get_if<spark::WriteFiles>(&command);
    if (files != nullptr && !files->table.empty() && !files->by_position) files->dynamic_overwrite = false;
  }
  auto* const input = std::visit([](auto& kind) { return &kind.input; }, command);
  TRY(settled, observed(execution, *input));
  *input = std::move(settled);
  return run(execution, std::move(command));
}

}  // namespace

Done run_write(Execution& execution, const proto::WriteOperation& write) { return resolve_and_run(execution, write); }
Done run_write(Execution& execution, const proto::WriteOperationV2& write) {
  const bool needs_table = write.mode() == proto::WriteOperationV2::MODE_APPEND ||
                           write.mode() == proto::WriteOperationV2::MODE_OVERWRITE_PARTITIONS ||
                           write.mode() == proto::WriteOperationV2::MODE_REPLACE;
  if (needs_table) {
    TRY(parts, spark::sql::parse_identifier(write.table_name()));
    TRY(name, table_name(*execution.session, parts));
    TRY(table, find_table(*execution.session, name));
    if (!table) return fail(table_not_found(name.parts()));
  }
  return resolve_and_run(execution, write);
}

}  // namespace mastic::spark_connect
