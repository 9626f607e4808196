#include "spark/analyze/python/table_function.h"

#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/analysis_answer.h"
#include "spark/analyze/python/pickle.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

using Arguments = google::protobuf::RepeatedPtrField<proto::Expression>;
using TableOptions = proto::SubqueryExpression::TableArgOptions;

/// A call's argument: a value, or the rows of a table.
struct Argument {
  std::string name;  // empty: by position
  ExpressionPtr value;
  std::optional<Resolved> table;
  const TableOptions* options = nullptr;
};

SparkResult<Argument> read_argument(AnalyzerState& state, const proto::Expression& written) {
  Argument argument;
  const auto* inner = &written;
  if (written.has_named_argument_expression()) {
    argument.name = written.named_argument_expression().key();
    inner = &written.named_argument_expression().value();
  }
  if (inner->has_subquery_expression() &&
      inner->subquery_expression().subquery_type() == proto::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG) {
    const auto& subquery = inner->subquery_expression();
    for (auto known = state.references.rbegin(); known != state.references.rend(); ++known) {
      if (known->first != subquery.plan_id()) continue;
      TRY(table, state.resolve(*known->second));
      argument.table = table;
      break;
    }
    if (!argument.table) return fail(internal_error("a table argument whose plan was not sent"));
    if (subquery.has_table_arg_options()) argument.options = &subquery.table_arg_options();
    return argument;
  }
  const Scope nothing;
  TRY(value, resolve_expression(state, nothing, *inner));
  argument.value = value;
  return argument;
}

SparkResult<std::vector<Argument>> read_arguments(AnalyzerState& state, const std::string& function, const Arguments& written) {
  std::vector<Argument> arguments;
  int tables = 0;
  for (const auto& one : written) {
    TRY(argument, read_argument(state, one));
    if (argument.name.empty() && !arguments.empty() && !arguments.back().name.empty())
      return fail(analysis_error("UNEXPECTED_POSITIONAL_ARGUMENT", {{"routineName", quoted_name(function)},
                                                                    {"parameterName", quoted_name(arguments.back().name)}}));
    if (!argument.name.empty() && std::ranges::any_of(arguments, [&](const Argument& a) { return a.name == argument.name; }))
      return fail(analysis_error("DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE",
                                 {{"routineName", quoted_name(function)}, {"parameterName", quoted_name(argument.name)}}));
    tables += argument.table ? 1 : 0;
    arguments.push_back(std::move(argument));
  }
  if (tables > 1 && !state.setting("spark.sql.tvf.allowMultipleTableArguments.enabled", false))
    return fail(analysis_error("TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS", {{"num", std::to_string(tables)}}));
  return arguments;
}

DataType table_type(const Relation& table) { return schema_of(table); }

/// The client sends DDL as it was written.
SparkResult<DataType> read_return_type(const proto::DataType& type) {
  return type.has_unparsed() ? parse_schema_text(type.unparsed().data_type_string()) : resolve_type(type);
}

/// What analyze() is told about an argument, and asks for.
SparkResult<AnalysisAnswer> analyze(AnalyzerState& state, const std::string& name, const proto::PythonUDTF& function,
                                    const std::vector<Argument>& arguments) {
  PythonRequest request;
  request.add_text(name);
  request.add_text(function.command());
  request.add_number(static_cast<int32_t>(arguments.size()));
  for (const auto& argument : arguments) {
    request.add_text(json_string(argument.table ? table_type(*argument.table->plan) : argument.value->type));
    std::optional<std::string> pickle;
    if (!argument.table && is_foldable(argument.value)) {
      pickle = to_pickle(argument.value);
      if (!pickle) {
        // An expression: its value is computed.
        const auto id = state.next_id();
        std::vector<Attribute> output{{id, "value", argument.value->type, true, {}, {}}};
        auto row = make_relation({}, OneRow{});
        auto plan = make_relation(std::move(output), Project{row, {{id, "value", argument.value, {}}}});
        TRY(rows, state.context.collect(plan, 1));
        if (!rows.empty()) pickle = to_pickle(rows[0].at(0));
      }
    }
    request.add_flag(pickle.has_value());
    if (pickle) request.add_text(*pickle);
    request.add_flag(argument.table.has_value());
    request.add_flag(!argument.name.empty());
    if (!argument.name.empty()) request.add_text(argument.name);
  }
  auto answer = state.context.ask_python("pyspark.sql.worker.analyze_udtf", function.python_ver(), request.bytes());
  if (!answer) {
    // A worker that crashed or was given up is told of as Spark tells: the analysis failed.
    const auto& error = answer.error();
    const bool crashed =
        error.condition.empty() && !error.classes.empty() && error.classes[0] == "org.apache.spark.SparkException";
    if (!crashed) return fail(std::move(answer).error());
    return fail(analysis_error("TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON", {{"msg", error.message}}));
  }
  auto read = read_analysis_answer(*answer);
  if (!read) return fail(analysis_error("TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON", {{"msg", read.error()}}));
  return *read;
}

/// The table's rows, as the function wants them: columns chosen, partitioning columns added behind, sorted.
class TableArgument {
 public:
  TableArgument(AnalyzerState& state, PythonTable& node, const Resolved& table) : state_(state), node_(node), table_(table) {}

  SparkResult<void> prepare(const TableOptions* options, const std::optional<AnalysisAnswer>& answer) {
    const bool asked = options != nullptr && (options->partition_spec_size() > 0 || options->order_spec_size() > 0 ||
                                              options->with_single_partition());
    if (asked && answer && (answer->single_partition || !answer->partition_by.empty()))
      return fail(analysis_error(
          "TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INCOMPATIBLE_WITH_CALL",
          {{"functionName", quoted_name(node_.name)},
           {"requestedMetadata", answer->single_partition ? "specified its own required single partition"
                                                          : "specified its own required partitioning of the input table"},
           {"invalidFunctionCallProperty", answer->single_partition
                                               ? "specified the WITH SINGLE PARTITION clause"
                                               : "specified the WITH SINGLE PARTITION or PARTITION BY clause"}}));
    if (answer && answer->single_partition && !answer->partition_by.empty())
      return fail(
          invalid("the 'with_single_partition' field cannot be assigned to true if the 'partition_by' list is non-empty"));
    if (answer && !answer->order_by.empty() && answer->partition_by.empty() && !answer->single_partition)
      return fail(
          invalid("the 'order_by' field cannot be non-empty unless the 'with_single_partition' field is set to true or "
                  "the 'partition_by' list is non-empty"));
    const Scope scope = scope_of(table_);
    std::vector<ExpressionPtr> partitions;
    std::vector<SortOrder> orders;
    if (options != nullptr) {
      for (const auto& key : options->partition_spec()) {
        TRY(value, resolve_expression(state_, scope, key));
        partitions.push_back(value);
      }
      for (const auto& written : options->order_spec()) {
        TRY(order, sort_order(scope, written));
        orders.push_back(order);
      }
    }
    if (answer) {
      for (const auto& key : answer->partition_by) {
        TRY(value, parsed(scope, key));
        partitions.push_back(value);
      }
      for (const auto& order : answer->order_by) {
        TRY(value, parsed(scope, order.expression));
        orders.push_back({value, order.ascending, order.nulls_first.value_or(order.ascending)});
      }
    }
    TRY_DO(project(partitions, answer));
    for (const auto& key : partitions) node_.orders.push_back({key, true, true});
    for (const auto& order : orders) node_.orders.push_back(order);
    return {};
  }

  /// The structure of the table's columns.
  ExpressionPtr structure;

 private:
  SparkError invalid(const std::string& reason) const {
    return analysis_error("TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INVALID",
                          {{"functionName", quoted_name(node_.name)}, {"reason", reason}});
  }

  SparkResult<SortOrder> sort_order(const Scope& scope, const proto::Expression::SortOrder& written) {
    TRY(child, resolve_expression(state_, scope, written.child()));
    SortOrder order{child};
    order.ascending = written.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
    order.nulls_first = written.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_UNSPECIFIED
                            ? order.ascending
                            : written.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST;
    return order;
  }

  SparkResult<ExpressionPtr> parsed(const Scope& scope, const std::string& text) {
    proto::Expression expression;
    expression.mutable_expression_string()->set_expression(text);
    return resolve_expression(state_, scope, expression);
  }

  SparkResult<void> project(const std::vector<ExpressionPtr>& partitions, const std::optional<AnalysisAnswer>& answer) {
    const Scope scope = scope_of(table_);
    std::vector<std::pair<std::string, ExpressionPtr>> columns;
    if (answer && !answer->select.empty()) {
      for (const auto& [text, alias] : answer->select) {
        TRY(value, parsed(scope, text));
        columns.emplace_back(alias.empty() ? text_of(*value) : alias, value);
      }
    } else {
      for (const auto& column : table_.plan->output) columns.emplace_back(column.name, reference(column));
    }
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      node_.partition_columns.push_back(static_cast<int>(columns.size()));
      columns.emplace_back("partition_by_" + std::to_string(i), partitions[i]);
    }
    Call call{.function = "named_struct", .arguments = {}};
    std::vector<StructField> fields;
    for (const auto& [name, value] : columns) {
      call.arguments.push_back(string_constant(name));
      call.arguments.push_back(value);
      fields.push_back({name, value->type, value->nullable, {}});
    }
    structure = make_expression(types::structure(std::move(fields)), false, std::move(call));
    return {};
  }

  AnalyzerState& state_;
  PythonTable& node_;
  const Resolved& table_;
};

/// Several table arguments: the function sees each pairing of their rows.
RelationPtr cross_join(const RelationPtr& left, const RelationPtr& right) {
  Join join;
  join.left = left;
  join.right = right;
  join.type = JoinType::cross;
  auto output = left->output;
  output.insert(output.end(), right->output.begin(), right->output.end());
  return make_relation(std::move(output), std::move(join));
}

}  // namespace

SparkResult<Resolved> resolve_python_table_function(AnalyzerState& state,
                                                    const proto::CommonInlineUserDefinedTableFunction& function,
                                                    const Arguments& written) {
  if (!function.has_python_udtf()) return fail(unsupported("table functions that are not Python"));
  const auto& udtf = function.python_udtf();
  PythonTable node;
  node.name = function.function_name();
  node.command = udtf.command();
  node.python_version = udtf.python_ver();
  node.evaluation_type = udtf.eval_type();
  TRY(arguments, read_arguments(state, node.name, written));
  std::optional<AnalysisAnswer> answer;
  if (udtf.has_return_type()) {
    TRY(type, read_return_type(udtf.return_type()));
    node.type = type;
  } else {
    TRY(answered, analyze(state, node.name, udtf, arguments));
    TRY(type, parse_schema_text(answered.schema_json));
    node.type = type;
    node.analysis = answered.pickled;
    node.analyzed = true;
    answer = answered;
  }
  if (!node.type.is(TypeKind::struct_)) {
    // Connect's own complaint: an exception of the plan's reader, without a condition.
    SparkError error;
    error.message =
        "Invalid Python user-defined table function return type. Expect a struct type, but got " + type_name(node.type) + ".";
    error.classes = {"org.apache.spark.sql.connect.common.InvalidPlanInput", "java.lang.Exception", "java.lang.Throwable",
                     "java.lang.Object"};
    return fail(std::move(error));
  }
  node.input = nullptr;
  std::vector<PlanNodePtr> children;
  for (auto& argument : arguments) {
    node.argument_names.push_back(argument.name);
    if (!argument.table) {
      node.arguments.push_back(argument.value);
      continue;
    }
    TableArgument table(state, node, *argument.table);
    TRY_DO(table.prepare(argument.options, answer));
    node.table_arguments.push_back(static_cast<int>(node.arguments.size()));
    node.arguments.push_back(table.structure);
    node.input = node.input ? cross_join(argument.table->plan, node.input) : argument.table->plan;
    children.push_back(argument.table->node);
  }
  if (node.input == nullptr) node.input = make_relation({}, OneRow{});
  std::vector<Attribute> output;
  for (const auto& field : node.type.fields) {
    output.push_back({state.next_id(), field.name, field.type, field.nullable, {}, field.metadata_json});
  }
  node.generated = output;
  return with_children(make_relation(std::move(output), std::move(node)), std::move(children));
}

}  // namespace mastic::spark
