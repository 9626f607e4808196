// Session variables and EXECUTE IMMEDIATE.
#include <fmt/format.h>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/execution/statement_runs.h"
#include "spark/connect/request_context.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::ExpressionPtr;
using spark::SparkResult;

/// The one row of a query as constants; NULLs when there is none. Errors: ROW_SUBQUERY_TOO_MANY_ROWS.
SparkResult<std::vector<ExpressionPtr>> one_row(Execution& execution, const proto::Relation& query,
                                                const std::vector<std::optional<spark::DataType>>& wanted = {}) {
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(plan, spark::Analyzer(context).resolve(query));
  if (!wanted.empty()) {
    std::vector<spark::Attribute> output;
    std::vector<spark::NamedExpression> expressions;
    for (std::size_t i = 0; i < plan->output.size() && i < wanted.size(); ++i) {
      const auto& column = plan->output[i];
      auto value = spark::make_expression(column.type, column.nullable, spark::ColumnReference{column.id, column.name});
      if (wanted[i] && column.type != *wanted[i])
        value = spark::make_expression(*wanted[i], true,
                                       spark::Cast{.child = value, .mode = spark::EvalMode::ansi, .implicit = true});
      const spark::ColumnId id = (1ULL << 40U) + i;
      output.push_back({id, column.name, value->type, value->nullable, {}, {}});
      expressions.push_back({.id = id, .name = column.name, .expression = value, .metadata_json = {}});
    }
    plan = spark::make_relation(std::move(output), spark::Project{.input = plan, .expressions = std::move(expressions)});
  }
  TRY(rows, context.collect(plan, 2));
  if (rows.size() > 1) return fail(spark::runtime_error("ROW_SUBQUERY_TOO_MANY_ROWS", {}, "org.apache.spark.SparkException"));
  if (!rows.empty()) return rows.front();
  std::vector<ExpressionPtr> nothing;
  for (const auto& column : plan->output) nothing.push_back(spark::make_expression(column.type, true, spark::Literal{}));
  return nothing;
}

spark::SparkError no_variable(const std::string& name) {
  return spark::analysis_error("UNRESOLVED_VARIABLE",
                               {{"variableName", quoted({name})}, {"searchPath", quoted({"SYSTEM", "SESSION"})}});
}

SparkResult<void> assign(Execution& execution, const std::vector<std::string>& names, const proto::Relation& query) {
  auto& variables = execution.session->variables;
  std::vector<std::optional<spark::DataType>> types;
  for (const auto& name : names) {
    const auto variable = variables.find(name);
    if (variable == nullptr) return fail(no_variable(name));
    types.emplace_back(variable->type);
  }
  TRY(values, one_row(execution, query, types));
  if (values.size() != names.size())
    return fail(spark::analysis_error("ASSIGNMENT_ARITY_MISMATCH", {{"numTarget", std::to_string(names.size())},
                                                                    {"numExpr", std::to_string(values.size())}}));
  for (std::size_t i = 0; i < names.size(); ++i) variables.set(names[i], values[i]);
  return {};
}

}  // namespace

StatementResult run(Execution& execution, const sql::DeclareStatement& statement) {
  ExpressionPtr initial;
  if (statement.initial) {
    TRY(values, one_row(execution, *statement.initial, {statement.type}));
    initial = values.front();
  } else {
    initial = spark::make_expression(*statement.type, true, spark::Literal{});
  }
  for (const auto& name : statement.names) {
    if (execution.session->variables.declare(name, initial, statement.replace)) continue;
    return fail(spark::analysis_error("VARIABLE_ALREADY_EXISTS", {{"variableName", quoted({"system", "session", name})}}));
  }
  return Rows{};
}

StatementResult run(Execution& execution, const sql::SetVariableStatement& statement) {
  if (statement.query) {
    TRY_DO(assign(execution, statement.targets, *statement.query));
    return Rows{};
  }
  for (const auto& [name, value] : statement.values) {
    if (value) {
      TRY_DO(assign(execution, {name}, *value));
    } else if (!execution.session->variables.set(name, nullptr)) {
      return fail(no_variable(name));
    }
  }
  return Rows{};
}

SparkResult<proto::Relation> immediate_query(Execution& execution, const sql::ExecuteImmediateStatement& statement) {
  TRY(values, one_row(execution, statement.text, {spark::types::string()}));
  const auto* literal = std::get_if<spark::Literal>(&values.front()->node);
  const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value);
  if (text == nullptr) return fail(spark::analysis_error("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", {{"varName", "`sql`"}}));
  proto::Relation relation;
  auto& query = *relation.mutable_sql();
  query.set_query(*text);
  for (const auto& [name, value] : statement.arguments) {
    if (!value.has_project() || value.project().expressions_size() != 1)
      return fail(spark::unsupported("EXECUTE IMMEDIATE … USING a subquery"));
    if (name.empty()) {
      *query.add_pos_arguments() = value.project().expressions(0);
    } else {
      (*query.mutable_named_arguments())[name] = value.project().expressions(0);
    }
  }
  return relation;
}

Done assign_variables(Execution& execution, const std::vector<std::string>& names, const proto::Relation& query) {
  return assign(execution, names, query);
}

StatementResult run(Execution&, const sql::ExecuteImmediateStatement&) {
  // sql_command.cpp takes its text apart before it comes here; only a nested one does come.
  return fail(spark::analysis_error("NESTED_EXECUTE_IMMEDIATE", {{"sqlString", "EXECUTE IMMEDIATE"}}));
}

}  // namespace mastic::spark_connect
