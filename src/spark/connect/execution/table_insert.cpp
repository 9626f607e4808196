#include "spark/connect/execution/table_insert.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/buckets.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/functions/coercion.h"
#include "spark/lower/folders.h"
#include "spark/lower/partition_values.h"
#include "spark/lower/write.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::Attribute;
using spark::DataType;
using spark::ExpressionPtr;

/// Ids of the new columns: far above those that analysis gives, which counts from 1.
constexpr spark::ColumnId first_new_id = 1ULL << 40U;

std::string column_list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    out += quoted({name});
  }
  return out;
}

bool may_assign(const DataType& from, const DataType& to);

bool may_assign_nested(const DataType& from, const DataType& to) {
  if (from.kind != to.kind) return false;
  if (from.is(spark::TypeKind::struct_)) {
    return std::ranges::equal(from.fields, to.fields,
                              [](const auto& left, const auto& right) { return may_assign(left.type, right.type); });
  }
  return std::ranges::equal(from.children, to.children, may_assign);
}

/// Store assignment of Spark's ANSI policy: what may be put into a column without an explicit cast.
bool may_assign(const DataType& from, const DataType& to) {
  using spark::TypeKind;
  if (from == to || from.is(TypeKind::null_)) return true;
  if (from.is_nested() || to.is_nested()) return may_assign_nested(from, to);
  if (to.is_textual()) return !from.is(TypeKind::binary);
  if (from.is_numeric()) return to.is_numeric() || (to.is_interval() && from.is_integral());
  if (from.is_datetime()) return to.is_datetime();
  if (from.is(TypeKind::day_time_interval) && to.is_integral()) return true;
  if (from.is(TypeKind::year_month_interval) && to.is_integral()) return true;
  return from.kind == to.kind;
}

/// The STRICT policy: only what loses nothing (Spark's Cast.canUpCast).
bool may_assign_strictly(const DataType& from, const DataType& to) {
  using spark::TypeKind;
  if (from == to || from.is(TypeKind::null_)) return true;
  if (from.is_nested() || to.is_nested()) {
    if (from.kind != to.kind) return false;
    if (from.is(TypeKind::struct_))
      return std::ranges::equal(from.fields, to.fields,
                                [](const auto& left, const auto& right) { return may_assign_strictly(left.type, right.type); });
    return std::ranges::equal(from.children, to.children, may_assign_strictly);
  }
  if (to.is_textual()) return !from.is(TypeKind::binary);
  const auto whole_digits = [](const DataType& type) {
    return type.is(TypeKind::byte_) ? 3 : type.is(TypeKind::short_) ? 5 : type.is(TypeKind::integer) ? 10 : 20;
  };
  if (from.is_integral() && to.is(TypeKind::decimal)) return to.precision - to.scale >= whole_digits(from);
  if (from.is(TypeKind::decimal) && to.is(TypeKind::decimal))
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
  if (from.is(TypeKind::decimal) || to.is(TypeKind::decimal)) return false;
  if (from.is_numeric() && to.is_numeric()) return from.kind < to.kind;
  if (from.is(TypeKind::date)) return to.is(TypeKind::timestamp) || to.is(TypeKind::timestamp_ntz);
  if (from.is_datetime() && to.is_datetime()) return !to.is(TypeKind::date);
  return from.kind == to.kind;
}

struct Target {
  std::string name;
  DataType type;
  std::string metadata_json;
};

class Fitting {
 public:
  Fitting(Execution& execution, const engine::CatalogTable& table, const TableInsert& insert)
      : execution_(execution),
        insert_(insert),
        full_name_(quoted_full(table)),
        policy_(execution.session->configuration.find("spark.sql.storeAssignmentPolicy").value_or("ANSI")) {}

  spark::SparkResult<spark::RelationPtr> run(const spark::TableSchema& schema) {
    std::vector<Target> from_input;
    for (const auto& field : schema.all())
      if (!insert_.static_partitions.contains(to_lower(field.name)))
        from_input.push_back({field.name, field.type, field.metadata_json});
    TRY(sources, insert_.columns.empty() ? whole_rows(from_input) : listed_columns(from_input));
    std::vector<Attribute> output;
    std::vector<spark::NamedExpression> expressions;
    std::size_t at = 0;
    for (const auto& field : schema.all()) {
      ExpressionPtr value;
      if (const auto fixed = insert_.static_partitions.find(to_lower(field.name)); fixed != insert_.static_partitions.end()) {
        TRY(constant, static_value(field, fixed->second));
        value = constant;
      } else {
        value = sources[at++];
      }
      const spark::ColumnId id = first_new_id + output.size();
      output.push_back({.id = id,
                        .name = field.name,
                        .type = field.type,
                        .nullable = value->nullable,
                        .qualifier = {},
                        .metadata_json = {}});
      expressions.push_back({.id = id, .name = field.name, .expression = value, .metadata_json = {}});
    }
    return spark::make_relation(std::move(output),
                                spark::Project{.input = insert_.input, .expressions = std::move(expressions)});
  }

 private:
  [[nodiscard]] spark::SparkError arity_error(const std::vector<Target>& targets) const {
    std::vector<std::string> have;
    std::vector<std::string> want;
    for (const Attribute& attribute : insert_.input->output) have.push_back(attribute.name);
    for (const Target& target : targets) want.push_back(target.name);
    return spark::analysis_error(
        have.size() < want.size() ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                  : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        {{"tableName", full_name_}, {"tableColumns", column_list(want)}, {"dataColumns", column_list(have)}});
  }

  spark::SparkResult<std::vector<ExpressionPtr>> whole_rows(const std::vector<Target>& targets) {
    const auto& input = insert_.input->output;
    if (input.size() > targets.size() || (input.size() < targets.size() && !(insert_.by_name && insert_.fill_missing)))
      return fail(arity_error(targets));
    std::vector<ExpressionPtr> sources;
    std::size_t used = 0;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (!insert_.by_name) {
        TRY(value, assigned(input[i], targets[i]));
        sources.push_back(value);
        continue;
      }
      const auto found = std::ranges::find_if(
          input, [&](const Attribute& attribute) { return to_lower(attribute.name) == to_lower(targets[i].name); });
      if (found != input.end()) {
        ++used;
        TRY(value, assigned(*found, targets[i]));
        sources.push_back(value);
      } else if (insert_.fill_missing) {
        TRY(value, default_value(targets[i]));
        sources.push_back(value);
      } else {
        return fail(spark::analysis_error("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA",
                                          {{"tableName", full_name_}, {"colName", quoted({targets[i].name})}}));
      }
    }
    if (insert_.by_name && used < input.size()) {
      std::vector<std::string> extra;
      for (const auto& attribute : input)
        if (std::ranges::none_of(targets,
                                 [&](const Target& target) { return to_lower(target.name) == to_lower(attribute.name); }))
          extra.push_back(attribute.name);
      return fail(spark::analysis_error("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS",
                                        {{"tableName", full_name_}, {"extraColumns", column_list(extra)}}));
    }
    return sources;
  }

  /// INSERT INTO t (b, a): the query's columns in the order of the list; what is not listed gets its default.
  spark::SparkResult<std::vector<ExpressionPtr>> listed_columns(const std::vector<Target>& targets) {
    const auto& input = insert_.input->output;
    for (std::size_t i = 0; i < insert_.columns.size(); ++i) {
      const auto& name = insert_.columns[i];
      const auto same = [&](const std::string& other) { return to_lower(other) == to_lower(name); };
      if (std::any_of(insert_.columns.begin(), insert_.columns.begin() + static_cast<std::ptrdiff_t>(i), same))
        return fail(spark::analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({to_lower(name)})}}));
      if (std::ranges::none_of(targets, [&](const Target& target) { return same(target.name); })) {
        std::vector<std::string> known;
        for (const Target& target : targets) known.push_back(target.name);
        return fail(spark::analysis_error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                                          {{"objectName", quoted({name})}, {"proposal", column_list(known)}}));
      }
    }
    if (insert_.columns.size() != input.size()) {
      std::vector<Target> listed;
      for (const auto& name : insert_.columns) listed.push_back({name, {}, {}});
      return fail(arity_error(listed));
    }
    std::vector<ExpressionPtr> sources;
    for (const Target& target : targets) {
      const auto found =
          std::ranges::find_if(insert_.columns, [&](const auto& name) { return to_lower(name) == to_lower(target.name); });
      if (found == insert_.columns.end()) {
        TRY(value, default_value(target));
        sources.push_back(value);
      } else {
        TRY(value, assigned(input[static_cast<std::size_t>(found - insert_.columns.begin())], target));
        sources.push_back(value);
      }
    }
    return sources;
  }

  spark::SparkResult<ExpressionPtr> assigned(const Attribute& from, const Target& to) {
    return cast_for(spark::make_expression(from.type, from.nullable, spark::ColumnReference{from.id, from.name}), to);
  }

  spark::SparkResult<ExpressionPtr> cast_for(ExpressionPtr value, const Target& to) {
    if (value->type == to.type) return value;
    const bool legacy = policy_ == "LEGACY";
    const bool allowed = legacy                ? spark::can_cast(value->type, to.type, false)
                         : policy_ == "STRICT" ? may_assign_strictly(value->type, to.type)
                                               : may_assign(value->type, to.type);
    if (!allowed) {
      return fail(spark::analysis_error("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                                        {{"tableName", full_name_},
                                         {"colName", quoted({to.name})},
                                         {"srcType", fmt::format("\"{}\"", spark::sql_string(value->type))},
                                         {"targetType", fmt::format("\"{}\"", spark::sql_string(to.type))}}));
    }
    return spark::make_expression(
        to.type, true,
        spark::Cast{
            .child = std::move(value), .mode = legacy ? spark::EvalMode::legacy : spark::EvalMode::ansi, .implicit = true});
  }

  /// What a column gets that the INSERT does not name: DEFAULT of its definition, else NULL.
  spark::SparkResult<ExpressionPtr> default_value(const Target& target) {
    const auto text = spark::metadata_text(target.metadata_json, "CURRENT_DEFAULT");
    if (!text) return spark::make_expression(target.type, true, spark::Literal{});
    TRY(expression, spark::sql::parse_expression(*text));
    proto::Relation query;
    *query.mutable_project()->add_expressions() = expression;
    RequestContext context(*execution_.session, execution_.operation.connection());
    TRY(plan, spark::Analyzer(context).resolve(query));
    const auto* project = std::get_if<spark::Project>(&plan->node);
    if (project == nullptr || project->expressions.size() != 1)
      return fail(spark::unsupported("the default value " + *text + " of a column"));
    return cast_for(project->expressions.front().expression, target);
  }

  static spark::SparkResult<ExpressionPtr> static_value(const spark::StructField& field,
                                                        const std::optional<std::string>& text) {
    if (!text) return spark::make_expression(field.type, true, spark::Literal{});
    auto literal = spark::make_expression(spark::types::string(), false, spark::Literal{*text});
    if (field.type == spark::types::string()) return literal;
    return spark::make_expression(field.type, true,
                                  spark::Cast{.child = std::move(literal), .mode = spark::EvalMode::ansi, .implicit = true});
  }

  Execution& execution_;
  const TableInsert& insert_;
  std::string full_name_;
  std::string policy_;
};

/// A value that does not fit its column is told so by the column's name.
spark::SparkError with_column(spark::SparkError error, const spark::RelationPtr& fitted) {
  const auto* project = std::get_if<spark::Project>(&fitted->node);
  if (error.condition != "CAST_OVERFLOW" || project == nullptr) return error;
  for (const auto& item : project->expressions) {
    const auto* cast = std::get_if<spark::Cast>(&item.expression->node);
    if (cast == nullptr || !cast->implicit) continue;
    const auto from = fmt::format("\"{}\"", spark::sql_string(cast->child->type));
    const auto to = fmt::format("\"{}\"", spark::sql_string(item.expression->type));
    if (error.parameters["sourceType"] != from || error.parameters["targetType"] != to) continue;
    return spark::runtime_error("CAST_OVERFLOW_IN_TABLE_INSERT",
                                {{"sourceType", from}, {"targetType", to}, {"columnName", quoted({item.name})}},
                                "org.apache.spark.SparkArithmeticException");
  }
  return error;
}

/// Which folders of the table an overwrite of these partitions empties. None given: all of it.
std::vector<std::string> replaced_folders(const spark::TableSchema& schema,
                                          const std::map<std::string, std::optional<std::string>>& fixed) {
  std::string folder;
  for (const auto& key : schema.partitions) {
    const auto found = fixed.find(to_lower(key.name));
    if (found == fixed.end()) break;
    const bool empty = !found->second || found->second->empty();
    folder += (folder.empty() ? "" : "/") + spark::escape_partition_text(key.name) + "=" +
              (empty ? std::string(spark::hive_default_partition) : spark::escape_partition_text(*found->second));
  }
  return {folder};
}

/// The folder below the table's in which a partition lies unless it says otherwise.
std::string usual_folder(const spark::TableSchema& schema, const engine::CatalogPartition& partition) {
  std::string folder;
  for (std::size_t i = 0; i < schema.partitions.size() && i < partition.values.size(); ++i) {
    const auto& value = partition.values[i];
    folder += (folder.empty() ? "" : "/") + spark::escape_partition_text(schema.partitions[i].name) + "=" +
              (value == spark::hive_default_partition ? value : spark::escape_partition_text(value));
  }
  return folder;
}

/// Partitions that lie elsewhere keep their place.
spark::FolderPlaces places_elsewhere(const engine::CatalogTable& table, const spark::TableSchema& schema,
                                     const std::vector<engine::CatalogPartition>& known) {
  const auto plain = [](std::string location) {
    while (location.ends_with('/')) location.pop_back();
    return location.starts_with("file:") ? location.substr(std::min(location.find_first_not_of('/', 5), location.size()) - 1)
                                         : location;
  };
  spark::FolderPlaces places;
  for (const auto& partition : known) {
    const auto folder = usual_folder(schema, partition);
    if (!partition.location.empty() && plain(partition.location) != plain(spark::below_folder(table.location, folder)))
      places[folder] = partition.location;
  }
  return places;
}

}  // namespace

Done insert_into_table(Execution& execution, const engine::CatalogTable& table, TableInsert insert) {
  Session& session = *execution.session;
  TRY(catalog, catalog_of(session));
  TRY(schema, spark::schema_of_table(table));
  for (const auto& [name, value] : insert.static_partitions) {
    if (std::ranges::any_of(schema.partitions, [&](const auto& key) { return to_lower(key.name) == name; })) continue;
    return fail(spark::analysis_error("NON_PARTITION_COLUMN", {{"columnName", quoted({name})}}));
  }
  const bool partitioned = !schema.partitions.empty();
  std::vector<engine::CatalogPartition> known;
  if (partitioned) {
    auto listed = catalog->list_partitions(table.database, table.name, "");
    if (!listed) return fail(spark::from_store_error(listed.error()));
    known = *std::move(listed);
    std::erase_if(known, [&](const auto& partition) { return !partition_matches(table, partition, insert.static_partitions); });
  }
  if (insert.if_partition_not_exists && !known.empty()) return {};

  spark::WriteFiles write;
  TRY(fitted, Fitting(execution, table, insert).run(schema));
  write.input = fitted;
  write.format = spark::format_of(table);
  write.path = table.location;
  write.options = spark::file_options_of(table);
  for (const auto& [key, value] : insert.options) write.options.insert_or_assign(key, value);
  write.database = table.database;
  write.table = table.name;
  write.mode = insert.overwrite ? spark::SaveMode::overwrite : spark::SaveMode::append;
  for (const auto& key : schema.partitions) write.partition_columns.push_back(key.name);
  if (const auto buckets = spark::buckets_of(table)) {
    write.buckets = buckets->count;
    write.bucket_columns = buckets->columns;
    write.sort_columns = buckets->sorted_by;
    add_bucket_column(write);
  }
  write.dynamic_overwrite = insert.dynamic && partitioned;
  if (insert.overwrite && !write.dynamic_overwrite) write.replaced_folders = replaced_folders(schema, insert.static_partitions);
  const spark::Command command{write};
  tell_writing(session, command);
  auto written_files =
      spark::write(execution.operation.connection(), command, lower_options(session), places_elsewhere(table, schema, known));
  if (!written_files) return fail(with_column(std::move(written_files).error(), fitted));
  const auto& summary = *written_files;
  tell_written(session, command, summary);

  if (partitioned) {
    std::vector<engine::CatalogPartition> written;
    for (const auto& partition : summary.partitions) {
      written.push_back({.values = partition.values, .location = partition.location, .parameters = {}});
    }
    // A partition that is named whole is there afterwards, even without rows.
    if (written.empty() && insert.static_partitions.size() == schema.partitions.size()) {
      engine::CatalogPartition whole;
      for (const auto& key : schema.partitions)
        whole.values.push_back(
            insert.static_partitions[to_lower(key.name)].value_or(std::string(spark::hive_default_partition)));
      whole.location = spark::below_folder(table.location, replaced_folders(schema, insert.static_partitions).front());
      for (const auto& partition : known)
        if (partition.values == whole.values && !partition.location.empty()) whole.location = partition.location;
      written.push_back(std::move(whole));
    }
    if (insert.overwrite && !write.dynamic_overwrite) {
      std::vector<std::vector<std::string>> gone;
      for (const auto& partition : known) {
        if (std::ranges::none_of(written, [&](const auto& kept) { return kept.values == partition.values; }))
          gone.push_back(partition.values);
      }
      if (!gone.empty()) TRY_DO(done(catalog->drop_partitions(table.database, table.name, gone)));
    }
    if (!written.empty()) TRY_DO(done(catalog->put_partitions(table.database, table.name, std::move(written))));
  }
  // What ANALYZE TABLE counted is no longer so.
  auto current = table;
  if (std::erase_if(current.parameters, [](const auto& entry) { return entry.first.starts_with("spark.sql.statistics."); }) > 0)
    TRY_DO(done(catalog->update_table(current)));
  return forget_rows(session, table.database + "." + table.name);
}

}  // namespace mastic::spark_connect
