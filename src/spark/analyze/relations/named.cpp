// Names for relations: aliases, WITH, SQL text, table functions.
#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/table_function.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/analyze/sql_functions.h"
#include "spark/functions/registry.h"
#include "spark/plan/sql_place.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

RelationPtr qualified(const RelationPtr& plan, const std::vector<std::string>& qualifier) {
  auto output = plan->output;
  for (auto& column : output) column.qualifier = qualifier;
  return make_relation(std::move(output), Alias{plan});
}

}  // namespace

SparkResult<Resolved> resolve_subquery_alias(AnalyzerState& state, const proto::Relation& relation) {
  const auto& alias = relation.subquery_alias();
  TRY(input, state.resolve(alias.input()));
  std::vector<std::string> qualifier(alias.qualifier().begin(), alias.qualifier().end());
  qualifier.push_back(alias.alias());
  // What a file or a table hides stays there under the alias; what a join hides does not.
  std::vector<HiddenColumn> hidden;
  for (auto column : input.node->hidden) {
    if (column.qualified_only) continue;
    column.column.qualifier = qualifier;
    hidden.push_back(std::move(column));
  }
  return with_children(qualified(input.plan, qualifier), {input.node}, std::move(hidden));
}

SparkResult<Resolved> resolve_sql(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.sql();
  sql::Parameters parameters;
  for (const auto& [name, value] : request.named_arguments()) parameters.named.emplace(name, value);
  for (const auto& value : request.pos_arguments()) parameters.positional.push_back(value);
  for (const auto& [name, value] : request.args()) *parameters.named[name].mutable_literal() = value;
  for (const auto& value : request.pos_args()) *parameters.positional.emplace_back().mutable_literal() = value;
  auto query = std::make_unique<proto::Relation>();
  TRY(parsed, sql::parse_query(request.query(), parameters));
  *query = std::move(parsed);
  auto input = state.resolve(*query);
  if (!input) return fail(in_sql_text(std::move(input).error(), request.query()));
  return with_children(input->plan, {input->node});
}

// References are common tables (SubqueryAlias: visible by name inside the root, and in the references after them) or the
// plans of subqueries, found by plan id.
SparkResult<Resolved> resolve_with_relations(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.with_relations();
  const auto tables_before = state.common_tables.size();
  const auto references_before = state.references.size();
  for (const auto& referenced : request.references()) {
    if (referenced.common().has_plan_id()) state.references.emplace_back(referenced.common().plan_id(), &referenced);
    if (referenced.has_subquery_alias())
      state.common_tables.push_back({.name = referenced.subquery_alias().alias(),
                                     .relation = &referenced,
                                     .visible = state.common_tables.size(),
                                     .outer_scopes = state.outer_scopes.size()});
  }
  auto input = state.resolve(request.root());
  state.common_tables.resize(tables_before);
  state.references.resize(references_before);
  if (!input) return input;
  return with_children(input->plan, {input->node});
}

namespace {

// An argument of range(): a constant expression, as a long.
SparkResult<int64_t> range_argument(AnalyzerState& state, const ExpressionPtr& argument, std::size_t index, std::size_t count) {
  static constexpr std::array<std::string_view, 4> places{"first", "second", "third", "fourth"};
  const auto place = places[count == 1 ? 1 : std::min<std::size_t>(index, 3)];  // range(end) is range(0, end)
  const auto unexpected = [&] {
    return analysis_error("UNEXPECTED_INPUT_TYPE", {{"functionName", "`range`"},
                                                    {"paramIndex", std::string(place)},
                                                    {"requiredType", "\"BIGINT\""},
                                                    {"inputSql", quoted_text(*argument)},
                                                    {"inputType", quoted_type(argument->type)}});
  };
  if (argument->type.is(TypeKind::null_) || !is_foldable(argument)) return fail(unexpected());
  if (!argument->type.is_integral() && !argument->type.is_textual()) return fail(unexpected());
  auto value = cast_to(state, argument, types::long_type());
  if (!std::holds_alternative<Literal>(value->node)) {
    const auto id = state.next_id();
    std::vector<Attribute> output{{id, "value", types::long_type(), true, {}, {}}};
    TRY(rows,
        state.context.collect(make_relation(output, Project{make_relation({}, OneRow{}), {{id, "value", value, {}}}}), 1));
    if (!rows.empty()) value = rows[0].at(0);
  }
  const auto* literal = std::get_if<Literal>(&value->node);
  const auto* number = literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
  if (number == nullptr) return fail(unexpected());
  return *number;
}

SparkResult<RelationPtr> range_function(AnalyzerState& state, const std::vector<ExpressionPtr>& arguments) {
  if (arguments.empty() || arguments.size() > 4)
    return fail(analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`range`"},
                                                                     {"expectedNum", "[1, 2, 3, 4]"},
                                                                     {"actualNum", std::to_string(arguments.size())},
                                                                     {"docroot", "https://spark.apache.org/docs/latest"}}));
  std::vector<int64_t> values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    TRY(value, range_argument(state, arguments[i], i, arguments.size()));
    values.push_back(value);
  }
  RangeRows node;
  if (values.size() == 1) node.end = values[0];
  if (values.size() >= 2) {
    node.start = values[0];
    node.end = values[1];
  }
  if (values.size() >= 3) node.step = values[2];
  if (values.size() >= 4) node.partitions = static_cast<int>(values[3]);
  return make_relation({{state.next_id(), "id", types::long_type(), false, {}, {}}}, node);
}

}  // namespace

SparkResult<Resolved> resolve_table_function(AnalyzerState& state, const proto::Relation& relation) {
  const auto& function = relation.unresolved_table_valued_function();
  const Scope nothing;
  if (equal_names(function.function_name(), "range", false)) {
    std::vector<ExpressionPtr> arguments;
    for (const auto& argument : function.arguments()) {
      TRY(value, resolve_expression(state, nothing, argument));
      arguments.push_back(value);
    }
    TRY(plan, range_function(state, arguments));
    return with_children(plan, {});
  }
  if (const auto query = system_function_query(function.function_name())) {
    if (function.arguments_size() > 0)
      return fail(analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", quoted_name(function.function_name())},
                                                                       {"expectedNum", "0"},
                                                                       {"actualNum", std::to_string(function.arguments_size())},
                                                                       {"docroot", "https://spark.apache.org/docs/latest"}}));
    auto parsed = std::make_unique<proto::Relation>();
    TRY(relation_of_query, sql::parse_query(*query));
    *parsed = std::move(relation_of_query);
    TRY(plan, state.resolve(*parsed));
    return with_children(plan.plan, {});
  }
  if (auto parts = split_name(function.function_name())) {
    if (const auto sql = state.context.find_sql_function(*parts))
      return resolve_sql_table_function(state, *sql, function.arguments());
  }
  const auto* row = find_function(function.function_name());
  if (row == nullptr) {
    if (const auto* user = state.context.find_user_table_function(function.function_name()))
      return resolve_python_table_function(state, *user, function.arguments());
    if (auto parts = split_name(function.function_name())) {
      if (const auto sql = state.context.find_catalog_sql_function(*parts))
        return resolve_sql_table_function(state, *sql, function.arguments());
    }
  }
  if (row == nullptr || row->kind != FunctionKind::generator)
    return fail(analysis_error("UNRESOLVABLE_TABLE_VALUED_FUNCTION", {{"name", quoted_name(function.function_name())}}));
  proto::Expression call;
  call.mutable_unresolved_function()->set_function_name(function.function_name());
  *call.mutable_unresolved_function()->mutable_arguments() = function.arguments();
  TRY(generator, resolve_expression(state, nothing, call));
  TRY(plan, generate(state, make_relation({}, OneRow{}), generator, {}, {}));
  return with_children(plan, {});
}

}  // namespace mastic::spark
