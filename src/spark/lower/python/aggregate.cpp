// Python functions that aggregate: over groups, and over windows.
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/arrow_types.h"
#include "spark/lower/python/job.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

void add_function(engine::PythonJob& job, const PythonCall& python, const std::vector<ExpressionPtr>& arguments,
                  SentColumns& sent, std::vector<engine::PythonFunction::Argument> before = {}) {
  engine::PythonFunction function;
  function.commands.push_back(python.command);
  function.result_id = python.result_id;
  function.arguments = std::move(before);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    function.arguments.push_back({sent.add(arguments[i]), i < python.argument_names.size() ? python.argument_names[i] : ""});
  }
  job.functions.push_back(std::move(function));
}

void set_results(engine::PythonJob& job, const std::vector<NamedExpression>& calls) {
  std::vector<Attribute> results;
  for (const auto& call : calls) {
    job.result_types.push_back(to_duckdb_type(call.expression->type));
    results.push_back({call.id, "_" + std::to_string(results.size()), call.expression->type, true, {}, {}});
  }
  job.result = to_arrow_schema(results, "UTC");
}

bool is_unbounded(const WindowCall& call) {
  return call.lower.kind == FrameBound::Kind::unbounded_preceding && call.upper.kind == FrameBound::Kind::unbounded_following;
}

/// first and last row of each row's frame, as numbers of rows of its partition: [begin, end).
ast::Expr frame_edge(Lowering& lowering, const WindowCall& call, const std::string& row_number, bool begin) {
  WindowCall edge = call;
  edge.python = nullptr;
  edge.function = begin ? "min" : "max";
  edge.spelled.clear();
  edge.arguments = {make_expression(types::integer(), true, Literal{int64_t{0}})};
  auto lowered = lowering.window(edge, types::integer());
  // The argument is a column that the plan does not know.
  auto* window = dynamic_cast<duckdb::WindowExpression*>(lowered.get());
  if (window == nullptr) not_lowered("this window frame of a Python function");
  window->children.clear();
  window->children.push_back(ast::column(row_number));
  ast::Exprs arguments;
  arguments.push_back(std::move(lowered));
  return ast::fill(begin ? "coalesce($1, 1) - 1" : "coalesce($1, 0)", arguments);
}

}  // namespace

Block lower_python_aggregate(Lowering& lowering, const Relation& relation, const PythonAggregate& node) {
  const auto& first = *std::get<AggregateCall>(node.calls.at(0).expression->node).python;
  auto job = make_python_job(lowering, first, engine::PythonShape::group_aggregate);
  job->operation = "the function " + first.name;
  auto block = open_block(lowering, *node.input);
  SentColumns sent(lowering);
  for (const auto& named : node.calls) {
    const auto& call = std::get<AggregateCall>(named.expression->node);
    if (call.filter || call.distinct) not_lowered("FILTER or DISTINCT with an aggregate function in Python");
    add_function(*job, *call.python, call.arguments, sent);
  }
  std::vector<PythonColumn> kept;
  std::vector<PythonColumn> keys;
  duckdb::vector<duckdb::OrderByNode> orders;
  for (const auto& grouping : node.groupings) {
    const auto& type = grouping.expression->type;
    kept.push_back({lowering.expression(grouping.expression), type});
    keys.push_back({lowering.expression(grouping.expression), type});
    orders.push_back(lowering.order(SortOrder{grouping.expression, true, true}));
    job->kept_types.push_back(to_duckdb_type(type));
  }
  set_results(*job, node.calls);
  auto schema = sent.schema();
  job->inputs.push_back(make_python_input(lowering, std::move(block), std::move(kept), std::move(keys), sent.take(),
                                          std::move(schema), std::move(orders)));
  return python_scan(lowering, relation, std::move(job));
}

Block lower_python_window(Lowering& lowering, const Relation& relation, const PythonWindow& node) {
  const auto& window = std::get<WindowCall>(node.calls.at(0).expression->node);
  auto job = make_python_job(lowering, *window.python, engine::PythonShape::window);
  job->operation = "the function " + window.python->name;
  switch (window.python->evaluation_type) {
    case 202: job->evaluation_type = 203; break;
    case 252: job->evaluation_type = 253; break;
    default: not_lowered("aggregate functions over iterators as window functions");
  }
  const auto columns = column_ids(*node.input);
  auto block = open_block(lowering, *node.input);
  // The rows of a partition in one order, which frames are counted in and in which the worker gets them.
  const auto row_number = lowering.fresh_name("r");
  WindowCall numbering = window;
  numbering.python = nullptr;
  numbering.function = "row_number";
  numbering.spelled.clear();
  numbering.arguments.clear();
  numbering.frame = FrameType::rows;
  numbering.lower = {FrameBound::Kind::unbounded_preceding, nullptr};
  numbering.upper = {FrameBound::Kind::current_row, nullptr};
  for (const auto id : columns) block.select.push_back(ast::column(id));
  auto number = lowering.window(numbering, types::integer());
  number->SetAlias(row_number);
  block.select.push_back(std::move(number));
  block.projected = true;
  block = std::move(block).wrapped(columns);

  SentColumns sent(lowering);
  std::string bounds;
  for (const auto& named : node.calls) {
    const auto& call = std::get<WindowCall>(named.expression->node);
    std::vector<engine::PythonFunction::Argument> edges;
    if (!is_unbounded(call)) {
      edges.push_back({sent.add(frame_edge(lowering, call, row_number, true), types::integer()), {}});
      edges.push_back({sent.add(frame_edge(lowering, call, row_number, false), types::integer()), {}});
    }
    bounds += (bounds.empty() ? "" : ",") + std::string(is_unbounded(call) ? "unbounded" : "bounded");
    add_function(*job, *call.python, call.arguments, sent, std::move(edges));
  }
  job->settings["window_bound_types"] = bounds;
  std::vector<PythonColumn> kept;
  for (const auto& attribute : node.input->output) {
    kept.push_back({ast::column(attribute.id), attribute.type});
    job->kept_types.push_back(to_duckdb_type(attribute.type));
  }
  std::vector<PythonColumn> keys;
  duckdb::vector<duckdb::OrderByNode> orders;
  for (const auto& key : window.partition_by) {
    keys.push_back({lowering.expression(key), key->type});
    orders.push_back(lowering.order(SortOrder{key, true, true}));
  }
  orders.push_back(lowering.order_by(ast::column(row_number), true, true));
  set_results(*job, node.calls);
  auto schema = sent.schema();
  job->inputs.push_back(make_python_input(lowering, std::move(block), std::move(kept), std::move(keys), sent.take(),
                                          std::move(schema), std::move(orders)));
  return python_scan(lowering, relation, std::move(job));
}

}  // namespace mastic::spark
