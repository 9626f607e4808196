#include "spark/connect/execution/table_insert.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/connect/execution/names.h"
#include "spark/connect/execution/table_entry.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::Attribute;
using spark::DataType;

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

/// Store assignment of Spark's ANSI policy: what may be put into a column without an explicit cast.
bool may_assign(const DataType& from, const DataType& to) {
  if (from == to || from.is(spark::TypeKind::null_)) return true;
  if (from.is_nested() || to.is_nested()) return from.kind == to.kind;
  if (to.is_textual()) return !from.is(spark::TypeKind::binary);
  if (from.is_numeric()) return to.is_numeric();
  if (from.is_datetime()) return to.is_datetime();
  return from.kind == to.kind;
}

struct Target {
  std::string name;
  DataType type;
};

spark::SparkResult<std::vector<Target>> targets_of(const engine::CatalogTable& table) {
  std::vector<Target> targets;
  for (const auto* columns : {&table.columns, &table.partition_keys}) {
    for (const engine::CatalogColumn& column : *columns) {
      TRY(type, spark::sql::parse_data_type(column.type));
      targets.push_back({column.name, std::move(type)});
    }
  }
  return targets;
}

spark::SparkResult<spark::ExpressionPtr> assigned(const Attribute& from, const Target& to, const std::string& table) {
  auto reference = spark::make_expression(from.type, from.nullable, spark::ColumnReference{from.id, from.name});
  if (from.type == to.type) return reference;
  if (!may_assign(from.type, to.type)) {
    return fail(spark::analysis_error("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                                      {{"tableName", table},
                                       {"colName", quoted({to.name})},
                                       {"srcType", fmt::format("\"{}\"", spark::sql_string(from.type))},
                                       {"targetType", fmt::format("\"{}\"", spark::sql_string(to.type))}}));
  }
  return spark::make_expression(to.type, true,
                                spark::Cast{.child = std::move(reference), .mode = spark::EvalMode::ansi, .implicit = true});
}

}  // namespace

spark::SparkResult<void> fit_to_table(spark::WriteFiles& write, const engine::CatalogTable& table) {
  TRY(targets, targets_of(table));
  const auto& input = write.input->output;
  const std::string full_name = quoted({std::string(session_catalog), table.database, table.name});
  if (input.size() != targets.size()) {
    std::vector<std::string> have;
    std::vector<std::string> want;
    for (const Attribute& attribute : input) have.push_back(attribute.name);
    for (const Target& target : targets) want.push_back(target.name);
    return fail(spark::analysis_error(
        input.size() < targets.size() ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                      : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        {{"tableName", full_name}, {"tableColumns", column_list(want)}, {"dataColumns", column_list(have)}}));
  }
  std::vector<Attribute> output;
  std::vector<spark::NamedExpression> expressions;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& target = targets[i];
    const auto* found = &input[i];
    if (!write.by_position) {
      const auto by_name = std::ranges::find_if(
          input, [&](const Attribute& attribute) { return to_lower(attribute.name) == to_lower(target.name); });
      if (by_name == input.end()) {
        return fail(spark::analysis_error("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA",
                                          {{"tableName", full_name}, {"colName", quoted({target.name})}}));
      }
      found = &*by_name;
    }
    TRY(expression, assigned(*found, target, full_name));
    const spark::ColumnId id = first_new_id + i;
    output.push_back({.id = id,
                      .name = target.name,
                      .type = target.type,
                      .nullable = expression->nullable,
                      .qualifier = {},
                      .metadata_json = {}});
    expressions.push_back({.id = id, .name = target.name, .expression = expression, .metadata_json = {}});
  }
  write.input =
      spark::make_relation(std::move(output), spark::Project{.input = write.input, .expressions = std::move(expressions)});
  write.partition_columns.clear();
  for (const auto& key : table.partition_keys) write.partition_columns.push_back(key.name);
  if (const std::string format = format_of(table); !format.empty()) write.format = format;
  if (const auto delimiter = table.serde_parameters.find("field.delim"); delimiter != table.serde_parameters.end()) {
    write.options.insert_or_assign("sep", delimiter->second);
  }
  if (const auto header = table.parameters.find("skip.header.line.count"); header != table.parameters.end()) {
    write.options.insert_or_assign("header", header->second == "1" ? "true" : "false");
  }
  return {};
}

}  // namespace mastic::spark_connect
