// Relations through Python functions: mapInPandas, mapInArrow, applyInPandas, applyInArrow, cogroup.
#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/table_function.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

struct Function {
  PythonCall call;
  std::vector<Attribute> output;
};

SparkResult<Function> read_function(AnalyzerState& state, const proto::CommonInlineUserDefinedFunction& function) {
  if (!function.has_python_udf()) return fail(unsupported("functions over rows that are not Python"));
  const auto& udf = function.python_udf();
  TRY(type, resolve_type(udf.output_type()));
  Function result{{function.function_name(),
                   udf.command(),
                   udf.python_ver(),
                   udf.eval_type(),
                   function.deterministic(),
                   {},
                   {},
                   state.next_python_result_id()},
                  {}};
  for (const auto& field : type.fields)
    result.output.push_back({state.next_id(), field.name, field.type, field.nullable, {}, field.metadata_json});
  return result;
}

/// A plain IllegalArgumentException in Spark: no condition, no SQLSTATE.
SparkError different_keys(std::size_t ours, std::size_t theirs) {
  SparkError error;
  error.message =
      "requirement failed: Cogroup keys must have same size: " + std::to_string(ours) + " != " + std::to_string(theirs);
  error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                   "java.lang.Throwable", "java.lang.Object"};
  return error;
}

using Expressions = google::protobuf::RepeatedPtrField<proto::Expression>;

SparkResult<std::vector<ExpressionPtr>> read_keys(AnalyzerState& state, const Resolved& input, const Expressions& expressions) {
  std::vector<ExpressionPtr> keys;
  for (const auto& expression : expressions) {
    TRY(items, resolve_items(state, scope_of(input), expression));
    for (auto& item : items) keys.push_back(item.expression);
  }
  return keys;
}

SparkResult<std::vector<SortOrder>> read_orders(AnalyzerState& state, const Resolved& input, const Expressions& expressions) {
  std::vector<SortOrder> orders;
  for (const auto& expression : expressions) {
    if (!expression.has_sort_order()) {
      TRY(child, resolve_expression(state, scope_of(input), expression));
      orders.push_back({child});
      continue;
    }
    const auto& written = expression.sort_order();
    TRY(child, resolve_expression(state, scope_of(input), written.child()));
    SortOrder order{child};
    order.ascending = written.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
    order.nulls_first = written.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_UNSPECIFIED
                            ? order.ascending
                            : written.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST;
    orders.push_back(order);
  }
  return orders;
}

}  // namespace

SparkResult<Resolved> resolve_inline_table_function(AnalyzerState& state, const proto::Relation& relation) {
  const auto& function = relation.common_inline_user_defined_table_function();
  return resolve_python_table_function(state, function, function.arguments());
}

SparkResult<Resolved> resolve_map_partitions(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.map_partitions();
  TRY(input, state.resolve(request.input()));
  TRY(function, read_function(state, request.func()));
  PythonTransform node;
  node.input = input.plan;
  node.columns = input.plan->output;
  node.function = std::move(function.call);
  node.barrier = request.is_barrier();
  if (request.has_profile_id()) {
    TRY(cpus, state.context.profile_cpus(request.profile_id()));
    node.cpus = cpus;
  }
  return with_children(make_relation(std::move(function.output), std::move(node)), {input.node});
}

SparkResult<Resolved> resolve_group_map(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.group_map();
  if (request.has_transform_with_state_info() || request.has_initial_input()) return fail(unsupported("transformWithState"));
  TRY(input, state.resolve(request.input()));
  TRY(function, read_function(state, request.func()));
  PythonTransform node;
  node.input = input.plan;
  node.columns = input.plan->output;
  node.function = std::move(function.call);
  node.grouped = true;
  TRY(keys, read_keys(state, input, request.grouping_expressions()));
  TRY(orders, read_orders(state, input, request.sorting_expressions()));
  node.grouping = std::move(keys);
  node.orders = std::move(orders);
  return with_children(make_relation(std::move(function.output), std::move(node)), {input.node});
}

SparkResult<Resolved> resolve_co_group_map(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.co_group_map();
  TRY(input, state.resolve(request.input()));
  TRY(other, state.resolve(request.other()));
  TRY(function, read_function(state, request.func()));
  PythonTransform node;
  node.input = input.plan;
  node.columns = input.plan->output;
  node.other = other.plan;
  node.other_columns = other.plan->output;
  node.function = std::move(function.call);
  node.grouped = true;
  TRY(keys, read_keys(state, input, request.input_grouping_expressions()));
  TRY(orders, read_orders(state, input, request.input_sorting_expressions()));
  TRY(other_keys, read_keys(state, other, request.other_grouping_expressions()));
  TRY(other_orders, read_orders(state, other, request.other_sorting_expressions()));
  if (keys.size() != other_keys.size()) return fail(different_keys(keys.size(), other_keys.size()));
  node.grouping = std::move(keys);
  node.orders = std::move(orders);
  node.other_grouping = std::move(other_keys);
  node.other_orders = std::move(other_orders);
  return with_children(make_relation(std::move(function.output), std::move(node)), {input.node, other.node});
}

}  // namespace mastic::spark
