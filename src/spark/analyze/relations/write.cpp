// df.write and df.writeTo: what is to be written where, checked before anything runs.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/relations/source_options.h"
#include "spark/connect/commands.pb.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

using Options = std::map<std::string, std::string>;

std::string lower(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

SparkResult<std::vector<std::string>> partition_names(const AnalyzerState& state, const RelationPtr& input,
                                                      const std::vector<std::string>& names) {
  std::vector<std::string> columns;
  for (const auto& name : names) {
    TRY(parts, split_name(name));
    const auto found = find_columns(input->output, parts.back(), state.case_sensitive);
    if (found.empty()) return fail(unresolved_column({name}, input->output));
    const auto& type = found.front()->type;
    if (type.is_nested() || type.is(TypeKind::binary) || type.is_interval() || type.is(TypeKind::variant))
      return fail(analysis_error("INVALID_PARTITION_COLUMN_DATA_TYPE", {{"type", quoted_type(type)}}));
    columns.push_back(found.front()->name);
  }
  if (!columns.empty() && columns.size() == input->output.size())
    return fail(analysis_error("ALL_PARTITION_COLUMNS_NOT_ALLOWED", {}));
  return columns;
}

// Two columns of one name cannot both be written.
SparkResult<void> check_names(const AnalyzerState& state, const RelationPtr& input) {
  for (std::size_t i = 0; i < input->output.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (equal_names(input->output[i].name, input->output[j].name, state.case_sensitive))
        return fail(analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted_name(lower(input->output[i].name))}}));
  return {};
}

SparkResult<std::pair<std::string, std::string>> table_name(const AnalyzerState& state, const std::string& written) {
  TRY(parts, sql::parse_identifier(written));
  if (parts.size() == 3) parts.erase(parts.begin());
  if (parts.size() > 2)
    return fail(analysis_error("IDENTIFIER_TOO_MANY_NAME_PARTS", {{"identifier", quoted_parts(parts)}, {"limit", "2"}}));
  return std::pair(lower(parts.size() == 2 ? parts[0] : state.context.current_database()), lower(parts.back()));
}

SparkResult<SaveMode> save_mode(proto::WriteOperation::SaveMode mode) {
  switch (mode) {
    case proto::WriteOperation::SAVE_MODE_APPEND: return SaveMode::append;
    case proto::WriteOperation::SAVE_MODE_OVERWRITE: return SaveMode::overwrite;
    case proto::WriteOperation::SAVE_MODE_IGNORE: return SaveMode::ignore;
    default: return SaveMode::error_if_exists;
  }
}

}  // namespace

SparkResult<Command> resolve_write(AnalyzerState& state, const proto::WriteOperation& write) {
  if (write.has_bucket_by()) return fail(unsupported("bucketBy"));
  if (write.clustering_columns_size() > 0) return fail(unsupported("clusterBy"));
  TRY(input, state.resolve(write.input()));
  Options options;
  for (const auto& [key, value] : write.options()) options[lower(key)] = value;
  auto format = lower(write.source());
  if (format.empty()) format = lower(state.context.configuration("spark.sql.sources.default").value_or("parquet"));
  if (format == "dynamodb") {
    auto table = options["dynamodb.output.tablename"];
    if (table.empty()) table = options["tablename"];
    if (table.empty()) return fail(unsupported("format(\"dynamodb\") without the option tableName"));
    return Command(WriteItems{input.plan, table, std::move(options)});
  }
  TRY_DO(check_write_options(format, options, state.context.configuration("spark.sql.session.timeZone").value_or("UTC")));
  TRY(mode, save_mode(write.mode()));
  WriteFiles command;
  command.input = input.plan;
  command.format = format;
  command.mode = mode;
  command.options = options;
  TRY_DO(check_names(state, input.plan));
  TRY(partitions,
      partition_names(state, input.plan, {write.partitioning_columns().begin(), write.partitioning_columns().end()}));
  command.partition_columns = partitions;
  command.dynamic_overwrite =
      lower(state.context.configuration("spark.sql.sources.partitionOverwriteMode").value_or("static")) == "dynamic" ||
      (options.contains("partitionoverwritemode") && lower(options["partitionoverwritemode"]) == "dynamic");
  if (write.has_table()) {
    TRY(name, table_name(state, write.table().table_name()));
    command.database = name.first;
    command.table = name.second;
    command.by_position = write.table().save_method() == proto::WriteOperation::SaveTable::TABLE_SAVE_METHOD_INSERT_INTO;
    if (command.by_position && write.mode() != proto::WriteOperation::SAVE_MODE_OVERWRITE) command.mode = SaveMode::append;
    command.path = options.contains("path") ? options["path"] : "";
    return Command(std::move(command));
  }
  command.path = write.has_path() ? write.path() : options.contains("path") ? options["path"] : "";
  if (command.path.empty() && format != "noop") return fail(unsupported("save() without a path"));
  return Command(std::move(command));
}

SparkResult<Command> resolve_write(AnalyzerState& state, const proto::WriteOperationV2& write) {
  TRY(input, state.resolve(write.input()));
  TRY(name, table_name(state, write.table_name()));
  WriteFiles command;
  command.input = input.plan;
  command.format = lower(write.provider().empty() ? state.context.configuration("spark.sql.sources.default").value_or("parquet")
                                                  : write.provider());
  for (const auto& [key, value] : write.options()) command.options[lower(key)] = value;
  TRY_DO(check_write_options(command.format, command.options,
                             state.context.configuration("spark.sql.session.timeZone").value_or("UTC")));
  command.database = name.first;
  command.table = name.second;
  TRY_DO(check_names(state, input.plan));
  std::vector<std::string> keys;
  for (const auto& expression : write.partitioning_columns()) {
    if (!expression.has_unresolved_attribute()) return fail(unsupported("partitioning by a transform"));
    keys.push_back(expression.unresolved_attribute().unparsed_identifier());
  }
  TRY(partitions, partition_names(state, input.plan, keys));
  command.partition_columns = partitions;
  switch (write.mode()) {
    case proto::WriteOperationV2::MODE_CREATE: command.mode = SaveMode::error_if_exists; break;
    case proto::WriteOperationV2::MODE_APPEND: command.mode = SaveMode::append; break;
    case proto::WriteOperationV2::MODE_OVERWRITE_PARTITIONS:
      command.mode = SaveMode::overwrite;
      command.dynamic_overwrite = true;
      break;
    case proto::WriteOperationV2::MODE_REPLACE:
    case proto::WriteOperationV2::MODE_CREATE_OR_REPLACE: command.mode = SaveMode::overwrite; break;
    default: return fail(unsupported("writeTo().overwrite(condition)"));
  }
  return Command(std::move(command));
}

}  // namespace mastic::spark
