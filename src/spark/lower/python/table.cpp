// Table functions in Python.
#include <algorithm>

#include "engine/python/wire.h"
#include "spark/lower/arrow_types.h"
#include "spark/lower/python/job.h"
#include "spark/lower/types.h"

namespace mastic::spark {

Block lower_python_table(Lowering& lowering, const Relation& relation, const PythonTable& node) {
  namespace wire = engine::wire;
  PythonCall function;
  function.name = node.name;
  function.python_version = node.python_version;
  function.evaluation_type = node.evaluation_type;
  auto job = make_python_job(lowering, function, node.kept.empty() ? engine::PythonShape::map : engine::PythonShape::table);
  job->operation = "the table function " + node.name;
  // With a table argument the function sees all rows in turn; its partitions it finds itself.
  job->parallel = false;
  job->result_is_structure = node.evaluation_type != 300;
  if (node.table_arguments.empty()) job->task_rows = rows_of_tasks(*node.input);
  auto block = open_block(lowering, *node.input);
  std::vector<PythonColumn> kept;
  for (const auto& attribute : node.kept) {
    kept.push_back({ast::column(attribute.id), attribute.type});
    job->kept_types.push_back(to_duckdb_type(attribute.type));
  }
  SentColumns sent(lowering);
  std::string command;
  wire::add_number(command, static_cast<int32_t>(node.arguments.size()));
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const auto place = sent.add(node.arguments[i]);
    wire::add_number(command, place);
    wire::add_flag(command, !node.argument_names[i].empty());
    if (!node.argument_names[i].empty()) wire::add_text(command, node.argument_names[i]);
    if (std::ranges::find(node.table_arguments, static_cast<int>(i)) == node.table_arguments.end()) continue;
    auto& offsets = job->evaluation_settings["table_arg_offsets"];
    offsets += (offsets.empty() ? "" : ",") + std::to_string(place);
  }
  wire::add_number(command, static_cast<int32_t>(node.partition_columns.size()));
  for (const int column : node.partition_columns) wire::add_number(command, column);
  wire::add_flag(command, node.analyzed);
  if (node.analyzed) wire::add_text(command, node.analysis);
  wire::add_text(command, node.command);
  wire::add_text(command, json_string(node.type));
  wire::add_text(command, node.name);
  job->table_function = std::move(command);
  job->evaluation_settings["input_type"] = sent.type_json();
  if (node.evaluation_type == 300) job->evaluation_settings["mastic.result_type"] = json_string(node.type);
  for (const auto& attribute : node.generated) job->result_types.push_back(to_duckdb_type(attribute.type));
  job->result = to_arrow_schema(node.generated, "UTC");
  duckdb::vector<duckdb::OrderByNode> orders;
  for (const auto& order : node.orders) orders.push_back(lowering.order(order));
  auto schema = sent.schema();
  job->inputs.push_back(
      make_python_input(lowering, std::move(block), std::move(kept), {}, sent.take(), std::move(schema), std::move(orders)));
  return python_scan(lowering, relation, std::move(job));
}

}  // namespace mastic::spark
