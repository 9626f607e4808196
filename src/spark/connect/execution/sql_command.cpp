// spark.sql(text): a query is analysed now and comes back as a relation to be run when it is used; any other statement runs
// at once, and its result comes back as local rows.
#include <spark/connect/base.pb.h>

#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/statement.h"
#include "spark/plan/sql_place.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

proto::Expression literal_expression(const proto::Expression::Literal& literal) {
  proto::Expression expression;
  *expression.mutable_literal() = literal;
  return expression;
}

/// Parameters in all the forms that clients of different versions send.
template <typename Message>
spark::sql::Parameters parameters_of(const Message& message) {
  spark::sql::Parameters parameters;
  for (const auto& [name, literal] : message.args()) parameters.named[name] = literal_expression(literal);
  for (const auto& literal : message.pos_args()) parameters.positional.push_back(literal_expression(literal));
  for (const auto& [name, expression] : message.named_arguments()) parameters.named[name] = expression;
  for (const auto& expression : message.pos_arguments()) parameters.positional.push_back(expression);
  return parameters;
}

/// The command's text as a relation: what newer clients send, made from what older ones do.
proto::Relation relation_of(const proto::SqlCommand& command) {
  if (command.has_input()) return command.input();
  proto::Relation relation;
  auto& sql = *relation.mutable_sql();
  sql.set_query(command.sql());
  *sql.mutable_args() = command.args();
  *sql.mutable_pos_args() = command.pos_args();
  *sql.mutable_named_arguments() = command.named_arguments();
  *sql.mutable_pos_arguments() = command.pos_arguments();
  return relation;
}

Done send_result(Execution& execution, proto::Relation relation) {
  Response response;
  *response.mutable_sql_command_result()->mutable_relation() = std::move(relation);
  execution.operation.send(std::move(response));
  return {};
}

Done send_rows_as_relation(Execution& execution, const Rows& rows) {
  TRY(stream, to_arrow_stream(rows));
  proto::Relation result;
  auto& local = *result.mutable_local_relation();
  local.set_data(stream);
  local.set_schema(spark::json_string(spark::types::structure(rows.columns)));
  return send_result(execution, std::move(result));
}

Done run_immediate(Execution& execution, const spark::sql::ExecuteImmediateStatement& immediate) {
  TRY(relation, immediate_query(execution, immediate));
  TRY(statement, spark::sql::parse_statement(relation.sql().query(), parameters_of(relation.sql())));
  const bool is_query = std::holds_alternative<spark::sql::QueryStatement>(statement);
  if (!immediate.into.empty()) {
    if (!is_query)
      return fail(spark::analysis_error("INVALID_STATEMENT_FOR_EXECUTE_INTO", {{"sqlString", relation.sql().query()}}));
    TRY_DO(assign_variables(execution, immediate.into, relation));
    return send_rows_as_relation(execution, {});
  }
  if (is_query) {
    TRY_DO(resolve(execution, relation));
    return send_result(execution, std::move(relation));
  }
  TRY(rows, run_statement(execution, statement));
  return send_rows_as_relation(execution, rows);
}

}  // namespace

Done run_sql_command(Execution& execution, const proto::SqlCommand& command) {
  proto::Relation relation = relation_of(command);
  const bool wrapped = relation.has_with_relations();
  const proto::Relation& root = wrapped ? relation.with_relations().root() : relation;
  // spark.sql("… {df} …", df=df) sends the frames beside the text; only queries can use them.
  if (!root.has_sql()) return fail(spark::internal_error("a SQL command without SQL text"));
  const proto::SQL& sql = root.sql();
  TRY(statement, spark::sql::parse_statement(sql.query(), parameters_of(sql)));
  if (std::holds_alternative<spark::sql::QueryStatement>(statement)) {
    TRY_DO(resolve(execution, relation));
    return send_result(execution, std::move(relation));
  }
  if (const auto* immediate = std::get_if<spark::sql::ExecuteImmediateStatement>(&statement))
    return run_immediate(execution, *immediate);
  auto rows = run_statement(execution, statement);
  if (!rows) return fail(spark::in_sql_text(std::move(rows).error(), sql.query()));
  return send_rows_as_relation(execution, *rows);
}

}  // namespace mastic::spark_connect
