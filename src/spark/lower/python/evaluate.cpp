// Python functions over rows: scalar ones, whatever they take (values, Arrow arrays, pandas Series, iterators of these).
#include "spark/lower/arrow_types.h"
#include "spark/lower/python/job.h"
#include "spark/lower/types.h"

namespace mastic::spark {

Block lower_python_evaluate(Lowering& lowering, const Relation& relation, const PythonEvaluate& node) {
  const auto& first = std::get<PythonCall>(node.calls.at(0).expression->node);
  auto job = make_python_job(lowering, first, engine::PythonShape::rows);
  job->takes_iterator = first.evaluation_type == 204 || first.evaluation_type == 251;
  job->parallel = !job->takes_iterator;  // what such a function keeps from batch to batch must not hang on threads
  job->task_rows = rows_of_tasks(*node.input);
  auto block = open_block(lowering, *node.input);
  std::vector<PythonColumn> kept;
  for (const auto& attribute : node.input->output) {
    kept.push_back({ast::column(attribute.id), attribute.type});
    job->kept_types.push_back(to_duckdb_type(attribute.type));
  }
  SentColumns sent(lowering);
  std::vector<Attribute> results;
  std::vector<StructField> result_fields;
  for (const auto& named : node.calls) {
    engine::PythonFunction function;
    function.result_id = std::get<PythonCall>(named.expression->node).result_id;
    const auto& innermost = add_commands(std::get<PythonCall>(named.expression->node), function.commands);
    for (std::size_t i = 0; i < innermost.arguments.size(); ++i) {
      function.arguments.push_back({sent.add(innermost.arguments[i]), innermost.argument_names[i]});
    }
    job->functions.push_back(std::move(function));
    const auto& type = named.expression->type;
    job->result_types.push_back(to_duckdb_type(type));
    const auto name = "_" + std::to_string(results.size());
    results.push_back({named.id, name, type, true, {}, {}});
    result_fields.push_back({name, type, true, {}});
  }
  job->result = to_arrow_schema(results, "UTC");
  job->operation = "the function " + first.name;
  job->evaluation_settings["input_type"] = sent.type_json();
  // Plain functions speak pickle with Spark; mastic.pickled_rows makes that of Arrow, for which it needs the types.
  if (first.evaluation_type == 100)
    job->evaluation_settings["mastic.result_type"] = json_string(types::structure(result_fields));
  auto schema = sent.schema();
  job->inputs.push_back(make_python_input(lowering, std::move(block), std::move(kept), {}, sent.take(), std::move(schema), {}));
  return python_scan(lowering, relation, std::move(job));
}

}  // namespace mastic::spark
