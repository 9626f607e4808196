#include "spark/analyze/sql_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/plan/sql_place.h"
#include "spark/sql/parser.h"
#include "spark/sql/statement.h"

namespace mastic::spark {
namespace {

using Arguments = google::protobuf::RepeatedPtrField<proto::Expression>;
using Values = std::vector<std::pair<std::string, ExpressionPtr>>;

constexpr std::size_t deepest = 40;

std::string shown_name(const SqlFunction& function) {
  std::string text = function.name.size() > 1 ? "spark_catalog" : "";
  for (const auto& part : function.name) text += (text.empty() ? "" : ".") + part;
  return text;
}

/// A function's body sees its parameters, and of the query that calls it nothing.
class InBody {
 public:
  InBody(AnalyzerState& state, const SqlFunction& function, Values values)
      : state_(state),
        database_(state.view_database),
        tables_(std::exchange(state.common_tables, {})),
        scopes_(std::exchange(state.outer_scopes, {})),
        references_(std::exchange(state.references, {})) {
    if (function.name.size() > 1) state.view_database = function.name[0];
    state.function_bodies.push_back({function.name.back(), std::move(values)});
  }
  ~InBody() {
    state_.function_bodies.pop_back();
    state_.view_database = std::move(database_);
    state_.common_tables = std::move(tables_);
    state_.outer_scopes = std::move(scopes_);
    state_.references = std::move(references_);
  }
  InBody(const InBody&) = delete;
  InBody& operator=(const InBody&) = delete;

 private:
  AnalyzerState& state_;
  std::optional<std::string> database_;
  std::vector<AnalyzerState::CommonTable> tables_;
  std::vector<const Scope*> scopes_;
  std::vector<std::pair<int64_t, const proto::Relation*>> references_;
};

/// An error points into the body's own text, which was read with `ahead` in front of it.
SparkError in_body(SparkError error, const SqlFunction& function, std::string_view ahead) {
  for (auto& context : error.contexts) {
    if (context.is_dataframe || !context.sql_text.empty()) continue;
    context.start_index -= static_cast<int>(ahead.size());
    context.stop_index -= static_cast<int>(ahead.size());
  }
  return in_sql_text(std::move(error), function.definition->body);
}

SparkError wrong_count(const SqlFunction& function, int given) {
  const auto& parameters = function.definition->parameters;
  std::vector<std::string> full = function.name;
  if (full.size() > 1) full.insert(full.begin(), "spark_catalog");
  return analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", quoted_parts(full)},
                                                              {"expectedNum", std::to_string(parameters.size())},
                                                              {"actualNum", std::to_string(given)},
                                                              {"docroot", "https://spark.apache.org/docs/latest"}});
}

/// The parameters' values: given by place, by name, or by default; each of its parameter's type.
using Resolve = std::function<SparkResult<ExpressionPtr>(const proto::Expression&)>;
SparkResult<Values> bound(AnalyzerState& state, const SqlFunction& function, const Arguments& arguments,
                          const Resolve& resolve) {
  const auto& parameters = function.definition->parameters;
  if (static_cast<std::size_t>(arguments.size()) > parameters.size()) return fail(wrong_count(function, arguments.size()));
  if (state.function_bodies.size() > deepest) return fail(unsupported("SQL functions that call each other so deeply"));
  std::vector<ExpressionPtr> given(parameters.size());
  for (int i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments.Get(i);
    auto at = static_cast<std::size_t>(i);
    const proto::Expression* value = &argument;
    if (argument.has_named_argument_expression()) {
      const auto& key = argument.named_argument_expression().key();
      value = &argument.named_argument_expression().value();
      at = 0;
      while (at < parameters.size() && !equal_names(parameters[at].name, key, false)) ++at;
      if (at == parameters.size())
        return fail(analysis_error("UNRECOGNIZED_PARAMETER_NAME",
                                   {{"routineName", quoted_name(function.name.back())},
                                    {"argumentName", quoted_name(key)},
                                    {"proposal", quoted_name(parameters.empty() ? std::string() : parameters[0].name)}}));
    }
    TRY(resolved, resolve(*value));
    given[at] = resolved;
  }
  Values values;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    if (!given[i]) {
      if (parameter.default_text.empty()) return fail(wrong_count(function, arguments.size()));
      TRY(parsed, sql::parse_expression(parameter.default_text));
      const Scope nothing;
      auto standing_in = resolve_expression(state, nothing, parsed);
      if (!standing_in) return fail(in_sql_text(std::move(standing_in).error(), parameter.default_text));
      given[i] = *standing_in;
    }
    values.emplace_back(parameter.name, cast_to(state, given[i], parameter.type));
  }
  return values;
}

std::string call_text(const SqlFunction& function, const Values& values, std::size_t given) {
  std::string text = shown_name(function) + "(";
  for (std::size_t i = 0; i < std::min(given, values.size()); ++i) {  // defaults do not show
    // The cast to the parameter's type does not show.
    const auto* cast = std::get_if<Cast>(&values[i].second->node);
    text += (i > 0 ? ", " : "") + text_of(cast != nullptr && cast->implicit ? *cast->child : *values[i].second);
  }
  return text + ")";
}

SparkResult<ExpressionPtr> body_value(AnalyzerState& state, const SqlFunction& function, Values values) {
  const InBody body(state, function, std::move(values));
  constexpr std::string_view ahead = "SELECT ";
  TRY(query, sql::parse_query(std::string(ahead) + function.definition->body));
  const auto* select = &query;
  while (select->has_with_relations()) {
    for (const auto& referenced : select->with_relations().references())
      state.references.emplace_back(referenced.common().plan_id(), &referenced);
    select = &select->with_relations().root();
  }
  if (!select->has_project() || select->project().has_input() || select->project().expressions_size() != 1)
    return fail(unsupported("the body of the SQL function " + function.name.back()));
  const Scope nothing;
  auto value = resolve_expression(state, nothing, select->project().expressions(0));
  if (!value) return fail(in_body(std::move(value).error(), function, ahead));
  // A value may stand at several places of the body: there it must mean the same.
  for (const auto& [name, given] : state.function_bodies.back().parameters) {
    if (is_deterministic(given)) continue;
    int places = 0;
    walk(*value, [&](const ExpressionPtr& part) {
      places += part.get() == given.get() ? 1 : 0;
      return true;
    });
    if (places > 1)
      return fail(unsupported("an argument of the SQL function " + function.name.back() + " that is not deterministic"));
  }
  if (!function.definition->returns) return value;
  return cast_to(state, *value, *function.definition->returns);
}

SparkResult<RelationPtr> body_rows(AnalyzerState& state, const SqlFunction& function, Values values) {
  const InBody body(state, function, std::move(values));
  TRY(query, sql::parse_query(function.definition->body));
  auto resolved = state.resolve(query);
  if (!resolved) return fail(in_body(std::move(resolved).error(), function, {}));
  auto plan = resolved->plan;
  const auto& wanted = function.definition->returns->fields;
  if (wanted.empty()) return plan;
  if (wanted.size() != plan->output.size())
    return fail(analysis_error("USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH",
                               {{"outputSize", std::to_string(plan->output.size())},
                                {"returnParamSize", std::to_string(wanted.size())},
                                {"name", shown_name(function)}}));
  Project project{plan, {}};
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto value = cast_to(state, reference(plan->output[i]), wanted[i].type);
    const auto id = state.next_id();
    project.expressions.push_back({id, wanted[i].name, value, {}});
    output.push_back({id, wanted[i].name, wanted[i].type, value->nullable, {}, {}});
  }
  return make_relation(std::move(output), std::move(project));
}

}  // namespace

SparkResult<ExpressionPtr> ExpressionResolver::sql_function(const SqlFunction& function, const Arguments& arguments) {
  if (function.definition->returns_table)
    return fail(analysis_error("NOT_A_SCALAR_FUNCTION", {{"functionName", quoted_parts(function.name)}}));
  if (!variables_.empty())
    return fail(analysis_error("UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_SQL_UDF", {{"funcName", function.name.back()}}));
  // The arguments are the caller's: they see its lambda variables, aggregates and columns.
  TRY(values, bound(state_, function, arguments, [&](const proto::Expression& argument) { return resolve(argument); }));
  auto spelled = call_text(function, values, static_cast<std::size_t>(arguments.size()));
  TRY(value, body_value(state_, function, std::move(values)));
  return make_expression(value->type, value->nullable, Call{"sql_function", {value}, EvalMode::legacy, std::move(spelled)});
}

// Inside a function's body: what was given for a parameter. Below it, in a subquery, the caller's columns are outer ones.
SparkResult<std::optional<ExpressionResolver::Named>> ExpressionResolver::function_parameter(
    const std::vector<std::string>& parts) {
  if (state_.function_bodies.empty()) return std::nullopt;
  const auto& body = state_.function_bodies.back();
  const std::size_t first = parts.size() > 1 && equal_names(parts[0], body.name, false) ? 1 : 0;
  for (const auto& [name, given] : body.parameters) {
    if (!equal_names(name, parts[first], false)) continue;
    auto value = given;
    if (!state_.outer_scopes.empty()) {
      value = rewrite(value, [](const ExpressionPtr& part) -> ExpressionPtr {
        const auto* column = std::get_if<ColumnReference>(&part->node);
        return column == nullptr ? nullptr
                                 : make_expression(part->type, part->nullable, OuterReference{column->id, column->name});
      });
    }
    Named named{value, name, nullptr};
    for (std::size_t i = first + 1; i < parts.size(); ++i) {
      TRY(part, extract_value(state_, named.expression, string_constant(parts[i])));
      named.expression = part;
      named.name = parts[i];
    }
    return named;
  }
  return std::nullopt;
}

SparkResult<Resolved> resolve_sql_table_function(AnalyzerState& state, const SqlFunction& function,
                                                 const Arguments& arguments) {
  if (!function.definition->returns_table)
    return fail(analysis_error("NOT_A_TABLE_FUNCTION", {{"functionName", quoted_parts(function.name)}}));
  const Scope nothing;
  TRY(values, bound(state, function, arguments,
                    [&](const proto::Expression& argument) { return resolve_expression(state, nothing, argument); }));
  TRY(plan, body_rows(state, function, std::move(values)));
  auto output = plan->output;
  for (auto& column : output) column.qualifier = {function.name.back()};
  return with_children(make_relation(std::move(output), Alias{plan}), {}, std::vector<HiddenColumn>{});
}

SparkResult<DataType> check_sql_function(AnalysisContext& context, const SqlFunction& function) {
  AnalyzerState state(context);
  Values values;
  // Columns of a caller that is not there yet.
  for (const auto& parameter : function.definition->parameters)
    values.emplace_back(parameter.name, make_expression(parameter.type, true, OuterReference{state.next_id(), parameter.name}));
  if (function.definition->returns_table) {
    TRY(plan, body_rows(state, function, std::move(values)));
    std::vector<StructField> fields;
    for (const auto& column : plan->output) fields.push_back({column.name, column.type, column.nullable, {}});
    return types::structure(std::move(fields));
  }
  TRY(value, body_value(state, function, std::move(values)));
  if (contains_aggregate(value) || contains_window(value))
    return fail(
        analysis_error("USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", {{"queryText", function.definition->body}}));
  return value->type;
}

}  // namespace mastic::spark
