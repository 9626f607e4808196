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
  return std::pair(lower(parts.size() == 2 ? parts[0] : state.current_database()), lower(parts.back()));
}

// spark.sql.sources.default, by its short name: org.apache.spark.sql.json is json.
std::string default_format(const AnalyzerState& state) {
  auto format = lower(state.context.configuration("spark.sql.sources.default").value_or("parquet"));
  if (const auto dot = format.rfind('.'); dot != std::string::npos) format.erase(0, dot + 1);
  return format;
}

// Spark's own words; it gives them no condition.
SparkError legacy_error(std::string message) {
  SparkError error = analysis_error("INTERNAL_ERROR", {{"message", ""}});
  error.condition.clear();
  error.sql_state.clear();
  error.parameters.clear();
  error.message = std::move(message);
  return error;
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
  TRY(input, state.resolve(write.input()));
  Options options;
  for (const auto& [key, value] : write.options()) options[lower(key)] = value;
  auto format = lower(write.source());
  if (format.empty()) format = default_format(state);
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
  if (write.has_bucket_by()) {
    if (!write.has_table() || write.table().save_method() == proto::WriteOperation::SaveTable::TABLE_SAVE_METHOD_INSERT_INTO)
      return fail(analysis_error("_LEGACY_ERROR_TEMP_1312", {{"operation", write.has_table() ? "insertInto" : "save"}}));
    command.buckets = write.bucket_by().num_buckets();
    if (command.buckets <= 0 || command.buckets > 100000)
      return fail(analysis_error("INVALID_BUCKET_COUNT",
                                 {{"bucketingMaxBuckets", "100000"}, {"numBuckets", std::to_string(command.buckets)}}));
    command.bucket_columns = {write.bucket_by().bucket_column_names().begin(), write.bucket_by().bucket_column_names().end()};
    command.sort_columns = {write.sort_column_names().begin(), write.sort_column_names().end()};
  } else if (write.sort_column_names_size() > 0) {
    return fail(analysis_error("SORT_BY_WITHOUT_BUCKETING", {}));
  }
  command.clustering_columns = {write.clustering_columns().begin(), write.clustering_columns().end()};
  if (!command.clustering_columns.empty() && (!command.partition_columns.empty() || command.buckets > 0))
    return fail(analysis_error(command.buckets > 0 ? "SPECIFY_CLUSTER_BY_WITH_BUCKETING_IS_NOT_ALLOWED"
                                                   : "SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED",
                               {}));
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
  if (command.path.empty() && format != "noop") return fail(legacy_error("'path' is not specified."));
  return Command(std::move(command));
}

SparkResult<Command> resolve_write(AnalyzerState& state, const proto::WriteOperationV2& write) {
  TRY(input, state.resolve(write.input()));
  TRY(name, table_name(state, write.table_name()));
  WriteFiles command;
  command.input = input.plan;
  command.format = write.provider().empty() ? default_format(state) : lower(write.provider());
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
  command.path = command.options.contains("path") ? command.options["path"] : "";
  for (const auto& [key, value] : write.table_properties()) command.table_properties[key] = value;
  command.clustering_columns = {write.clustering_columns().begin(), write.clustering_columns().end()};
  switch (write.mode()) {
    case proto::WriteOperationV2::MODE_CREATE: command.mode = SaveMode::error_if_exists; break;
    case proto::WriteOperationV2::MODE_APPEND:
      command.mode = SaveMode::append;
      command.existing_only = true;
      break;
    case proto::WriteOperationV2::MODE_OVERWRITE_PARTITIONS:
      command.existing_only = true;
      command.existing_rows = true;
      command.mode = SaveMode::overwrite;
      command.dynamic_overwrite = true;
      break;
    case proto::WriteOperationV2::MODE_REPLACE:
    case proto::WriteOperationV2::MODE_CREATE_OR_REPLACE: command.mode = SaveMode::overwrite; break;
    case proto::WriteOperationV2::MODE_OVERWRITE: {
      // Files cannot lose some of their rows: only a condition that is true for all of them is a whole overwrite.
      const auto& condition = write.overwrite_condition();
      if (!condition.has_literal() || !condition.literal().boolean())
        return fail(unsupported("writeTo().overwrite(condition) with a condition that is not constant"));
      command.mode = SaveMode::overwrite;
      command.existing_only = true;
      command.existing_rows = true;
      break;
    }
    default: return fail(unsupported("this mode of writeTo()"));
  }
  return Command(std::move(command));
}

}  // namespace mastic::spark
