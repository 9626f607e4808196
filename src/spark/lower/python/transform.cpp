// mapInPandas, mapInArrow, applyInPandas, applyInArrow, cogroup.
#include <arrow/util/key_value_metadata.h>

#include "spark/lower/arrow_types.h"
#include "spark/lower/python/job.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

struct Kind {
  int evaluation_type;
  const char* operation;
  bool sent_as_structure;  // the worker takes the structure apart
};

// What Spark's own operators send, by PythonEvalType.
constexpr Kind kinds[] = {
    {201, "applyInPandas", false},         {205, "mapInPandas", true},    {206, "cogroup.applyInPandas", false},
    {207, "SQL_MAP_ARROW_ITER_UDF", true}, {209, "applyInArrow", true},   {210, "cogroup.applyInArrow", false},
    {215, "applyInArrow", true},           {216, "applyInPandas", false},
};

const Kind& kind_of(const PythonCall& function) {
  for (const auto& kind : kinds) {
    if (kind.evaluation_type == function.evaluation_type) return kind;
  }
  not_lowered("Python functions of evaluation type " + std::to_string(function.evaluation_type));
}

/// One side's columns and keys, and where the worker finds both: length, number of keys, keys, values.
engine::PythonInput group_input(Lowering& lowering, const Relation& input, const std::vector<Attribute>& columns,
                                const std::vector<ExpressionPtr>& grouping, const std::vector<SortOrder>& sorting,
                                std::vector<engine::PythonFunction::Argument>& offsets) {
  auto block = open_block(lowering, input);
  SentColumns sent(lowering);
  std::vector<int32_t> values;
  for (const auto& column : columns) {
    values.push_back(
        sent.add(make_expression(column.type, column.nullable, ColumnReference{column.id, column.name}), column.name));
  }
  std::vector<int32_t> places;
  std::vector<PythonColumn> keys;
  duckdb::vector<duckdb::OrderByNode> orders;
  for (const auto& key : grouping) {
    const auto* reference = std::get_if<ColumnReference>(&key->node);
    int32_t place = -1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (reference != nullptr && columns[i].id == reference->id) place = values[i];
    }
    places.push_back(place >= 0 ? place : sent.add(key, "key" + std::to_string(places.size())));
    keys.push_back({lowering.expression(key), key->type});
    orders.push_back(lowering.order(SortOrder{key, true, true}));
  }
  for (const auto& order : sorting) orders.push_back(lowering.order(order));
  offsets.push_back({static_cast<int32_t>(1 + places.size() + values.size()), {}});
  offsets.push_back({static_cast<int32_t>(places.size()), {}});
  for (const auto place : places) offsets.push_back({place, {}});
  for (const auto place : values) offsets.push_back({place, {}});
  auto schema = sent.schema();
  return make_python_input(lowering, std::move(block), {}, std::move(keys), sent.take(), std::move(schema), std::move(orders));
}

/// JSON without blanks between its parts, as Spark writes it.
std::string compact(std::string_view json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!quoted && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) continue;
    out += c;
    if (quoted && c == '\\' && i + 1 < json.size()) {
      out += json[++i];
    } else if (c == '"') {
      quoted = !quoted;
    }
  }
  return out;
}

/// What the columns' metadata say, where a function over Arrow batches finds it.
std::shared_ptr<arrow::Schema> with_metadata(std::shared_ptr<arrow::Schema> schema, const std::vector<Attribute>& columns) {
  arrow::FieldVector fields = schema->fields();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].metadata_json.empty() || columns[i].metadata_json == "{}") continue;
    fields[i] =
        fields[i]->WithMetadata(arrow::key_value_metadata({"SPARK::metadata::json"}, {compact(columns[i].metadata_json)}));
  }
  return arrow::schema(std::move(fields));
}

engine::PythonInput map_input(Lowering& lowering, const Relation& input, const std::vector<Attribute>& columns) {
  auto block = open_block(lowering, input);
  std::vector<PythonColumn> sent;
  for (const auto& column : columns) sent.push_back({ast::column(column.id), column.type});
  return make_python_input(lowering, std::move(block), {}, {}, std::move(sent),
                           with_metadata(to_arrow_schema(columns, lowering.options().session_time_zone), columns), {});
}

}  // namespace

Block lower_python_transform(Lowering& lowering, const Relation& relation, const PythonTransform& node) {
  const auto& kind = kind_of(node.function);
  const auto shape = node.other     ? engine::PythonShape::cogroup_map
                     : node.grouped ? engine::PythonShape::group_map
                                    : engine::PythonShape::map;
  auto job = make_python_job(lowering, node.function, shape);
  job->operation = kind.operation;
  job->sent_as_structure = kind.sent_as_structure;
  job->result_is_structure = true;
  // A function over the rows of a partition is called once, and their order is its result's.
  job->parallel = node.grouped || node.each_row_alone;
  job->each_piece_alone = node.each_row_alone;
  job->barrier = node.barrier;
  if (node.each_row_alone) job->batch_rows = 1;
  engine::PythonFunction function;
  function.commands.push_back(node.function.command);
  function.result_id = node.function.result_id;
  job->cpus = node.cpus;
  if (!node.grouped) {
    function.arguments.push_back({0, {}});
    if (!node.each_row_alone) job->task_rows = rows_of_tasks(*node.input);
    job->inputs.push_back(map_input(lowering, *node.input, node.columns));
  } else {
    job->inputs.push_back(group_input(lowering, *node.input, node.columns, node.grouping, node.orders, function.arguments));
    if (node.other) {
      job->inputs.push_back(
          group_input(lowering, *node.other, node.other_columns, node.other_grouping, node.other_orders, function.arguments));
    }
  }
  job->functions.push_back(std::move(function));
  for (const auto& attribute : relation.output) job->result_types.push_back(to_duckdb_type(attribute.type));
  job->result = to_arrow_schema(relation.output, "UTC");
  return python_scan(lowering, relation, std::move(job));
}

}  // namespace mastic::spark
