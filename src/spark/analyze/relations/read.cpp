// spark.read and tables: temporary views, common tables, catalog tables, files of a format, DynamoDB tables.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/file_metadata.h"
#include "spark/analyze/python/data_source.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/relations/source_options.h"
#include "spark/analyze/rewrite.h"
#include "spark/analyze/table_entry.h"
#include "spark/plan/sql_place.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

using Options = std::map<std::string, std::string>;

struct CatalogColumnType {
  std::string name;
  DataType type;
};

std::string lower(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

template <typename Map>
Options lower_keys(const Map& options) {
  Options result;
  for (const auto& [key, value] : options) result[lower(key)] = value;
  return result;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

SparkError not_found(const AnalyzerState& state, const std::vector<std::string>& name) {
  return analysis_error("TABLE_OR_VIEW_NOT_FOUND",
                        {{"relationName", quoted_parts(name)},
                         {"searchPath", fmt::format("[`system`.`builtin`, `system`.`session`, `spark_catalog`.{}]",
                                                    quoted_name(state.current_database()))}});
}

std::vector<Attribute> columns_of_files(AnalyzerState& state, const ReadFiles& files,
                                        const std::vector<std::string>& qualifier) {
  std::vector<Attribute> output;
  for (const auto* part : {&files.data_columns, &files.partition_columns})
    for (const auto& field : *part)
      output.push_back({state.next_id(), field.name, field.type, field.nullable, qualifier, field.metadata_json});
  return output;
}

// Names in JSON mind case, and the catalog's are in lower case: Hive's serializer, and so a crawler, keeps beside them how
// the files spell them.
void spell_as_files(const engine::CatalogTable& table, std::vector<StructField>& columns) {
  const auto paths = table.serde_parameters.find("paths");
  if (paths == table.serde_parameters.end()) return;
  std::map<std::string, std::string> spellings;
  for (std::string_view rest = paths->second; !rest.empty();) {
    const auto comma = rest.find(',');
    const auto name = rest.substr(0, comma);
    spellings.emplace(lower(std::string(name)), name);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  for (auto& column : columns) {
    const auto known = spellings.find(lower(column.name));
    if (known != spellings.end()) column.name = known->second;
  }
}

SparkResult<RelationPtr> read_items(AnalyzerState& state, const std::string& table, Options options,
                                    const std::vector<CatalogColumnType>& columns, const std::string& catalog_table,
                                    const std::vector<std::string>& qualifier) {
  std::vector<Attribute> output;
  for (const auto& column : columns) output.push_back({state.next_id(), column.name, column.type, true, qualifier, {}});
  return make_relation(std::move(output), ReadItems{table, std::move(options), catalog_table});
}

std::string table_of_location(const engine::CatalogTable& table) {
  // arn:aws:dynamodb:region:account:table/NAME, or the bare name.
  const auto slash = table.location.rfind('/');
  if (slash != std::string::npos) return table.location.substr(slash + 1);
  return table.location.empty() ? table.name : table.location;
}

// A view's text means what it meant where it was made: its database, no common tables of the query around it.
SparkResult<RelationPtr> read_catalog_view(AnalyzerState& state, const engine::CatalogTable& table,
                                           const std::vector<std::string>& qualifier) {
  if (table.view_text.starts_with("/* Presto View"))
    return fail(unsupported("views that Athena made (" + table.database + "." + table.name + ")"));
  const auto database = table.parameters.find("view.catalogAndNamespace.part.1");
  auto outer_database =
      std::exchange(state.view_database, database == table.parameters.end() ? table.database : database->second);
  const auto outer_tables = std::exchange(state.common_tables, {});
  auto resolved = [&]() -> SparkResult<Resolved> {
    TRY(query, sql::parse_query(table.view_text));
    return state.resolve(query);
  }();
  state.view_database = std::move(outer_database);
  state.common_tables = outer_tables;
  if (!resolved) return fail(in_sql_text(std::move(resolved).error(), table.view_text));
  auto output = resolved->plan->output;
  TRY(schema, schema_of_table(table));
  if (!schema.data.empty()) {
    if (schema.data.size() != output.size())
      return fail(
          analysis_error("INCOMPATIBLE_VIEW_SCHEMA_CHANGE",
                         {{"viewName", quoted_parts(qualifier)},
                          {"colName", quoted_name(schema.data.back().name)},
                          {"expectedNum", std::to_string(schema.data.size())},
                          {"actualCols", std::to_string(output.size())},
                          {"suggestion", "CREATE OR REPLACE VIEW " + quoted_parts(qualifier) + " AS " + table.view_text}}));
    for (std::size_t i = 0; i < output.size(); ++i) {
      output[i].name = schema.data[i].name;
      if (!schema.data[i].metadata_json.empty()) output[i].metadata_json = schema.data[i].metadata_json;
    }
  }
  for (auto& column : output) column.qualifier = qualifier;
  return make_relation(std::move(output), Alias{resolved->plan});
}

SparkResult<RelationPtr> read_catalog_table(AnalyzerState& state, const engine::CatalogTable& table) {
  const std::vector<std::string> qualifier{"spark_catalog", table.database, table.name};
  const auto full_name = table.database + "." + table.name;
  if (table.table_type == "VIRTUAL_VIEW") return read_catalog_view(state, table, qualifier);
  TRY(schema, schema_of_table(table));
  const auto format = format_of(table);
  if (format == "dynamodb") {
    std::vector<CatalogColumnType> columns;
    for (const auto& field : schema.data) columns.push_back({field.name, field.type});
    return read_items(state, table_of_location(table), {}, columns, full_name, qualifier);
  }
  ReadFiles files;
  files.format = format;
  files.options = file_options_of(table);
  files.data_columns = schema.data;
  files.partition_columns = schema.partitions;
  files.may_lack_columns = true;
  files.table = full_name;
  if (!table.location.empty()) files.options["path"] = table.location;
  if (schema.partitions.empty()) {
    if (!table.location.empty()) {
      auto found = state.context.list_files({table.location}, files.options);
      // A table whose folder is not there yet has no rows.
      if (!found && found.error().condition != "PATH_NOT_FOUND") return fail(std::move(found).error());
      if (found) files.files = std::move(*found);
    }
  } else {
    auto listed = state.context.stores().catalog->list_partitions(table.database, table.name, "");
    if (!listed) return fail(from_store_error(listed.error()));
    for (const auto& partition : *listed) {
      auto found = state.context.list_files({partition.location}, files.options);
      if (!found) {
        if (found.error().condition == "PATH_NOT_FOUND") continue;
        return fail(std::move(found).error());
      }
      for (auto& file : *found) {
        file.partition_values.clear();
        for (const auto& value : partition.values)
          file.partition_values.push_back(value == "__HIVE_DEFAULT_PARTITION__" ? std::nullopt : std::optional(value));
        files.files.push_back(std::move(file));
      }
    }
  }
  auto output = columns_of_files(state, files, qualifier);
  if (format == "json") spell_as_files(table, files.data_columns);
  return make_relation(std::move(output), std::move(files));
}

SparkResult<RelationPtr> read_source(AnalyzerState& state, const proto::Read::DataSource& source) {
  auto format = source.format();
  if (format.empty()) format = state.context.configuration("spark.sql.sources.default").value_or("parquet");
  format = lower(format);
  if (const auto dot = format.rfind('.'); format.starts_with("org.apache.spark.sql.") && dot != std::string::npos)
    format.erase(0, dot + 1);
  auto options = lower_keys(source.options());
  std::vector<std::string> paths(source.paths().begin(), source.paths().end());
  if (paths.empty() && options.contains("path")) paths.push_back(options["path"]);
  std::optional<DataType> schema;
  if (!source.schema().empty()) {
    TRY(parsed, parse_schema_text(source.schema()));
    schema = parsed;
  }
  if (const auto* user = state.context.find_user_data_source(format)) {
    const Options written(source.options().begin(), source.options().end());
    const std::vector<std::string> given(source.paths().begin(), source.paths().end());
    return read_python_data_source(state, *user, source.format(), written, given, schema);
  }
  if (format == "dynamodb") {
    auto table = options["dynamodb.input.tablename"];
    if (table.empty()) table = options["tablename"];
    if (table.empty()) return fail(unsupported("format(\"dynamodb\") without the option tableName"));
    if (!schema) return fail(unsupported("format(\"dynamodb\") without a schema: give one with .schema(…)"));
    std::vector<CatalogColumnType> columns;
    for (const auto& field : schema->fields) columns.push_back({field.name, field.type});
    return read_items(state, table, options, columns, {}, {});
  }
  static constexpr std::array<std::string_view, 8> formats{"csv", "json", "parquet",    "text",
                                                           "orc", "avro", "binaryfile", "xml"};
  if (std::ranges::find(formats, format) == formats.end()) {
    if (format == "jdbc" || format == "delta" || format == "iceberg" || format == "hudi")
      return fail(unsupported("reading format " + format));
    return fail(analysis_error("DATA_SOURCE_NOT_FOUND", {{"provider", source.format()}}));
  }
  if (paths.empty()) return fail(analysis_error("UNABLE_TO_INFER_SCHEMA", {{"format", source.format()}}));
  const auto session_default = [&](const char* name, const char* setting, std::string_view usual) {
    const auto value = state.context.configuration(setting);
    if (value && *value != usual) options.try_emplace(name, *value);
  };
  if (format == "csv" || format == "json" || format == "xml")
    session_default("columnnameofcorruptrecord", "spark.sql.columnNameOfCorruptRecord", "_corrupt_record");
  if (const auto lines = options.find("multiline");
      format == "csv" && (lines == options.end() || lower(lines->second) != "true"))
    session_default("columnpruning", "spark.sql.csv.parser.columnPruning.enabled", "true");
  TRY_DO(check_read_options(format, options, state.context.configuration("spark.sql.session.timeZone").value_or("UTC")));
  TRY(files, state.context.infer_file_schema({format, paths, options, schema}));
  files.may_lack_columns = schema.has_value();
  // For lineage: the places that were named, a line each.
  files.options["path"] = joined_lines(paths);
  if (format == "csv" || format == "json" || format == "xml") {
    const auto corrupt =
        options.contains("columnnameofcorruptrecord") ? options["columnnameofcorruptrecord"] : "_corrupt_record";
    for (const auto& field : files.data_columns)
      if (field.name == corrupt && !field.type.is(TypeKind::string))
        return fail(analysis_error("INVALID_CORRUPT_RECORD_TYPE",
                                   {{"columnName", quoted_name(corrupt)}, {"actualType", quoted_type(field.type)}}));
  }
  auto output = columns_of_files(state, files, {});
  // Files may lack any value: Spark reads every column as nullable.
  for (auto& column : output) column.nullable = true;
  return make_relation(std::move(output), std::move(files));
}

}  // namespace

namespace {

// The DataFrames that a view was made of.
PlanNodePtr nodes_of(const RelationPtr& plan) {
  auto node = std::make_shared<PlanNode>();
  node->plan = plan;
  node->plan_id = plan->plan_id;
  const auto* set = std::get_if<SetOp>(&plan->node);
  if (set == nullptr || set->operation != SetOperation::union_)
    for (const auto& input : inputs_of(*plan)) node->children.push_back(nodes_of(input));
  return node;
}

}  // namespace

SparkResult<Resolved> resolve_table(AnalyzerState& state, const std::vector<std::string>& name) {
  if (name.size() == 1) {
    for (auto table = state.common_tables.rbegin(); table != state.common_tables.rend(); ++table) {
      if (!equal_names(table->name, name[0], state.case_sensitive)) continue;
      if (table->recursion != nullptr) return read_recursion(state, *table->recursion, table->name);
      // A common table sees those before it, and resolves afresh for each use: its columns are new each time.
      const auto hidden =
          std::vector(state.common_tables.begin() + static_cast<std::ptrdiff_t>(table->visible), state.common_tables.end());
      const auto* relation = table->relation;
      const auto visible = table->visible;
      const std::string table_name = table->name;
      const auto outer_visible = table->outer_scopes;
      state.common_tables.resize(visible);
      // Nor does it see the query around the place where it is used: only what stood around its definition.
      auto outer_scopes = state.outer_scopes;
      state.outer_scopes.resize(std::min(outer_visible, state.outer_scopes.size()));
      auto resolved = sql::mark_of(*relation).starts_with("recursive") ? resolve_recursion(state, *relation, table_name)
                                                                       : state.resolve(*relation);
      state.outer_scopes = std::move(outer_scopes);
      state.common_tables.insert(state.common_tables.end(), hidden.begin(), hidden.end());
      return resolved;
    }
  }
  if (auto view = state.context.find_view(name)) {
    auto fresh = with_fresh_ids(view, [&] { return state.next_id(); });
    auto output = fresh->output;
    for (auto& column : output) column.qualifier = name;
    return with_children(make_relation(std::move(output), Alias{fresh}), {nodes_of(fresh)}, std::vector<HiddenColumn>{});
  }
  auto parts = name;
  if (parts.size() == 3 && equal_names(parts[0], "spark_catalog", false)) parts.erase(parts.begin());
  if (parts.size() == 3 && equal_names(parts[0], "glue_catalog", false)) parts.erase(parts.begin());
  // csv.`path`: files read directly.
  static constexpr std::array<std::string_view, 7> formats{"csv", "json", "parquet", "text", "orc", "avro", "binaryfile"};
  if (parts.size() == 2 && std::ranges::find(formats, lower(parts[0])) != formats.end() &&
      parts[1].find('/') != std::string::npos) {
    TRY(files, state.context.infer_file_schema({lower(parts[0]), {parts[1]}, {}, std::nullopt}));
    auto output = columns_of_files(state, files, {});
    const auto plan = make_relation(std::move(output), std::move(files));
    return with_children(plan, {}, metadata_of(plan));
  }
  const auto& catalog = state.context.stores().catalog;
  if (!catalog || parts.size() > 2) return fail(not_found(state, name));
  const auto database = parts.size() == 2 ? parts[0] : state.current_database();
  auto table = catalog->find_table(lower(database), lower(parts.back()));
  if (!table) return fail(from_store_error(table.error()));
  if (!*table) return fail(not_found(state, name));
  if (auto cached = state.context.cached_table((*table)->database, (*table)->name)) {
    TRY(kept, std::move(*cached));
    auto fresh = with_fresh_ids(kept, [&] { return state.next_id(); });
    auto output = fresh->output;
    for (auto& column : output) column.qualifier = {"spark_catalog", (*table)->database, (*table)->name};
    return with_children(make_relation(std::move(output), Alias{fresh}), {});
  }
  TRY(plan, read_catalog_table(state, **table));
  return with_children(plan, {}, metadata_of(plan));
}

namespace {

// Neither files nor views keep what they were. Spark checks the table and the time first.
SparkResult<Resolved> travel_in_time(AnalyzerState& state, const proto::Relation& relation) {
  const auto& table = relation.filter().input();
  TRY(name, sql::parse_identifier(table.read().named_table().unparsed_identifier()));
  TRY(resolved, state.resolve(table));
  if (sql::mark_of(relation) == "timestamp") {
    const Scope nothing;
    TRY(time, resolve_expression(state, nothing, relation.filter().condition()));
    const auto shown = quoted_text(*time);
    const auto invalid = [&](std::string_view why) {
      return analysis_error("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR." + std::string(why), {{"expr", shown}});
    };
    if (!is_deterministic(time)) return fail(invalid("NON_DETERMINISTIC"));
    if (!time->type.is_datetime() && !time->type.is_textual()) return fail(invalid("INPUT"));
    auto value = make_expression(types::timestamp(), true, Cast{time, EvalMode::try_});
    const auto id = state.next_id();
    std::vector<Attribute> output{{id, "value", value->type, true, {}, {}}};
    TRY(rows,
        state.context.collect(make_relation(output, Project{make_relation({}, OneRow{}), {{id, "value", value, {}}}}), 1));
    const auto* literal = rows.empty() ? nullptr : std::get_if<Literal>(&rows[0].at(0)->node);
    if (literal == nullptr || std::holds_alternative<std::monostate>(literal->value)) return fail(invalid("INPUT"));
  }
  auto shown = name;
  const auto& output = resolved.plan->output;
  if (!output.empty() && output.front().qualifier.size() == 3) shown = output.front().qualifier;
  return fail(analysis_error("UNSUPPORTED_FEATURE.TIME_TRAVEL", {{"relationId", quoted_parts(shown)}}));
}

}  // namespace

SparkResult<Resolved> resolve_time_travel(AnalyzerState& state, const proto::Relation& relation) {
  return travel_in_time(state, relation);
}

SparkResult<Resolved> resolve_read(AnalyzerState& state, const proto::Relation& relation) {
  const auto& read = relation.read();
  if (read.is_streaming()) return fail(unsupported("readStream"));
  if (read.has_named_table()) {
    TRY(name, sql::parse_identifier(read.named_table().unparsed_identifier()));
    return resolve_table(state, name);
  }
  TRY(plan, read_source(state, read.data_source()));
  return with_children(plan, {}, metadata_of(plan));
}

}  // namespace mastic::spark
