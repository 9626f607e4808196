// Function calls through the registry.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/python/python.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

// The client's and SQL's spellings of operators and functions that have another name in the plan.
std::string_view canonical_spelling(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> spellings{
      {{"==", "="}, {"!", "not"}, {"bitwise_not", "~"}, {"bitwisenot", "~"}, {"||", "concat"}, {"iff", "if"}}};
  for (const auto& [from, to] : spellings)
    if (from == name) return to;
  return name;
}

SparkError wrong_count(const FunctionRow& row, std::string_view name, std::size_t actual) {
  std::string expected;
  if (row.max_arguments < 0) {
    expected = fmt::format("> {}", row.min_arguments - 1);
  } else if (row.min_arguments == row.max_arguments) {
    expected = std::to_string(row.min_arguments);
  } else {
    for (int count = row.min_arguments; count <= row.max_arguments; ++count)
      expected += (expected.empty() ? "[" : ", ") + std::to_string(count);
    expected += "]";
  }
  return analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", quoted_name(name)},
                                                              {"expectedNum", expected},
                                                              {"actualNum", std::to_string(actual)},
                                                              {"docroot", "https://spark.apache.org/docs/latest"}});
}

std::vector<Argument> describe(const std::vector<ExpressionPtr>& arguments) {
  std::vector<Argument> described;
  for (const auto& argument : arguments) {
    Argument one;
    one.type = argument->type;
    one.nullable = argument->nullable;
    one.literal = std::get_if<Literal>(&argument->node);
    one.text = text_of(*argument);
    one.foldable = is_foldable(argument);
    one.expression = argument.get();
    one.lambda = std::holds_alternative<Lambda>(argument->node);
    described.push_back(std::move(one));
  }
  return described;
}

// The argument in the type that the function wants; a lambda's body takes it.
ExpressionPtr coerce(const AnalyzerState& state, const ExpressionPtr& argument, const DataType& type) {
  const auto* lambda = std::get_if<Lambda>(&argument->node);
  if (lambda == nullptr) return cast_to(state, argument, type);
  if (same_type(argument->type, type)) return argument;
  Lambda copy = *lambda;
  copy.body = cast_to(state, copy.body, type);
  const bool nullable = copy.body->nullable;
  return make_expression(type, nullable, std::move(copy));
}

// A literal TRUE as `ignore nulls` argument: first(x, true).
bool takes_ignore_nulls(std::string_view name) {
  return name == "first" || name == "last" || name == "any_value" || name == "nth_value";
}

bool is_true(const ExpressionPtr& expression) {
  const auto* literal = std::get_if<Literal>(&expression->node);
  const auto* flag = literal != nullptr ? std::get_if<bool>(&literal->value) : nullptr;
  return flag != nullptr && *flag;
}

// An integral value beside a decimal constant compares with the whole number next to it: a > 1.1 is a > 1.
std::vector<ExpressionPtr> whole_bound(std::string_view name, std::vector<ExpressionPtr> arguments) {
  const bool constant_first = arguments[0]->type.is(TypeKind::decimal);
  auto& constant = arguments[constant_first ? 0 : 1];
  if (!constant->type.is(TypeKind::decimal) || !arguments[constant_first ? 1 : 0]->type.is_integral()) return arguments;
  const auto* literal = std::get_if<Literal>(&constant->node);
  const auto* text = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  if (text == nullptr || constant->type.precision - constant->type.scale > 9) return arguments;
  const auto point = std::min(text->find('.'), text->size());
  int64_t whole = std::atoll(text->substr(0, point).c_str());
  const bool has_fraction = text->find_first_not_of('0', std::min(point + 1, text->size())) != std::string::npos;
  const bool negative = text->starts_with('-');
  // x > c and x <= c look down, x < c and x >= c look up; with the constant in front the other way round.
  const bool down = ((name == ">" || name == "<=") != constant_first);
  if (has_fraction && down && negative) --whole;
  if (has_fraction && !down && !negative) ++whole;
  constant = long_constant(whole);
  return arguments;
}

// date + 1 and date - 1 are date_add and date_sub.
std::string_view date_shift(std::string_view name, const std::vector<ExpressionPtr>& arguments) {
  if (arguments.size() != 2 || (name != "+" && name != "-")) return {};
  const auto days = [](const DataType& type) { return type.kind >= TypeKind::byte_ && type.kind <= TypeKind::integer; };
  if (arguments[0]->type.is(TypeKind::date) && days(arguments[1]->type)) return name == "+" ? "date_add" : "date_sub";
  if (name == "+" && arguments[1]->type.is(TypeKind::date) && days(arguments[0]->type)) return "date_add";
  return {};
}

// x → x
ExpressionPtr identity(AnalyzerState& state, const DataType& type) {
  const auto id = state.next_id();
  auto variable = make_expression(type, true, LambdaVariable{id, "id"});
  return make_expression(type, true, Lambda{{id}, {"id"}, {type}, variable});
}

bool is_generator_call(const ExpressionPtr& expression) {
  const auto* call = std::get_if<Call>(&expression->node);
  const auto* row = call == nullptr ? nullptr : find_function(call->function);
  return row != nullptr && row->kind == FunctionKind::generator;
}

// Texts of one call have one collation: an explicit one (COLLATE) before a column's, that before a constant's.
SparkResult<std::string> common_collation(const std::string& shown, std::vector<ExpressionPtr>& arguments) {
  const auto is_explicit = [](const ExpressionPtr& argument) {
    const auto* call = std::get_if<Call>(&argument->node);
    return call != nullptr && call->function == "collate";
  };
  if (std::ranges::all_of(arguments, [](const auto& argument) { return argument->type.collation.empty(); }))
    return std::string();
  std::vector<std::string> explicits;
  std::vector<std::string> implicits;
  for (const auto& argument : arguments) {
    if (!argument->type.is_textual() || is_foldable(argument)) {
      if (!is_explicit(argument)) continue;
    }
    auto& known = is_explicit(argument) ? explicits : implicits;
    if (std::ranges::find(known, argument->type.collation) == known.end()) known.push_back(argument->type.collation);
  }
  if (explicits.size() > 1) {
    std::string types;
    for (const auto& collation : explicits)
      types += fmt::format("{}\"STRING{}\"", types.empty() ? "" : ", ", collation.empty() ? "" : " COLLATE " + collation);
    return fail(analysis_error("COLLATION_MISMATCH.EXPLICIT", {{"explicitTypes", types}}));
  }
  if (explicits.empty() && implicits.size() > 1)
    return fail(analysis_error("INDETERMINATE_COLLATION_IN_EXPRESSION", {{"expr", fmt::format("\"{}\"", shown)}}));
  std::string chosen;
  if (!explicits.empty())
    chosen = explicits.front();
  else if (!implicits.empty())
    chosen = implicits.front();
  else
    for (const auto& argument : arguments)
      if (chosen.empty()) chosen = argument->type.collation;
  for (auto& argument : arguments) {
    if (!argument->type.is(TypeKind::string) || argument->type.collation == chosen) continue;
    auto type = argument->type;
    type.collation = chosen;
    const auto* literal = std::get_if<Literal>(&argument->node);
    argument = literal != nullptr ? make_expression(type, argument->nullable, *literal)
                                  : make_expression(type, argument->nullable, Cast{argument, EvalMode::legacy, true});
  }
  return chosen;
}

// Functions whose text is their argument's, or a part of it.
bool keeps_collation(std::string_view function) {
  static constexpr std::array<std::string_view, 12> names{"concat",  "upper",  "lower",   "substring", "left",   "right",
                                                          "reverse", "repeat", "initcap", "coalesce",  "nullif", "nvl"};
  return std::ranges::find(names, function) != names.end();
}

}  // namespace

SparkResult<ExpressionPtr> build_call(AnalyzerState& state, const FunctionRow& row, const std::string& name,
                                      std::vector<ExpressionPtr> arguments, bool distinct) {
  if (!row.supported) return fail(unsupported("the function " + name));
  const auto count = static_cast<int>(arguments.size());
  if (count < row.min_arguments || (row.max_arguments >= 0 && count > row.max_arguments))
    return fail(wrong_count(row, name, arguments.size()));
  for (const auto& argument : arguments)
    if (is_generator_call(argument))
      return fail(analysis_error(
          "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
          {{"expression", quoted_text(Expression{{}, true, Call{std::string(row.name), arguments, EvalMode::legacy, {}}})}}));
  if (const auto shift = date_shift(row.name, arguments); !shift.empty()) {
    if (!arguments[0]->type.is(TypeKind::date)) std::swap(arguments[0], arguments[1]);
    return call_function(state, shift, std::move(arguments));
  }

  if (row.name == "aggregate" && arguments.size() == 3) arguments.push_back(identity(state, arguments[1]->type));
  if (arguments.size() == 2 && (row.name == "<" || row.name == "<=" || row.name == ">" || row.name == ">="))
    arguments = whole_bound(row.name, std::move(arguments));

  bool ignore_nulls = false;
  if (takes_ignore_nulls(row.name) && arguments.size() == static_cast<std::size_t>(row.max_arguments)) {
    ignore_nulls = is_true(arguments.back());
    arguments.pop_back();
  }
  if (!takes_ignore_nulls(row.name))
    for (std::size_t i = arguments.size() - static_cast<std::size_t>(row.min_arguments); i < row.defaults.size(); ++i)
      arguments.push_back(row.defaults[i]);

  // `mean(x)` shows as written; the canonical name does not need to be remembered.
  const std::string spelled = row.shows_alias && name != row.name ? name : std::string();
  CallSite site;
  site.function = name;
  site.ansi = state.ansi;
  site.distinct = distinct;
  const auto described = describe(arguments);
  site.arguments = described;
  site.text =
      row.kind == FunctionKind::aggregate
          ? text_of(Expression{
                {},
                true,
                AggregateCall{
                    .function = std::string(row.name), .arguments = arguments, .distinct = distinct, .spelled = spelled}})
          : text_of(Expression{{}, true, Call{std::string(row.name), arguments, EvalMode::legacy, spelled}});
  std::string collation;
  static constexpr std::array<std::string_view, 8> apart{"collate", "collation", "named_struct", "struct",
                                                         "map",     "hash",      "xxhash64",     "typeof"};
  if (std::ranges::find(apart, row.name) == apart.end() &&
      std::ranges::any_of(arguments, [](const auto& argument) { return !argument->type.collation.empty(); })) {
    TRY(chosen, common_collation(site.text, arguments));
    collation = std::move(chosen);
  }
  const auto described_again = describe(arguments);
  site.arguments = described_again;
  TRY(typed, row.type(row, site));
  if (!collation.empty() && typed.result.is(TypeKind::string) && keeps_collation(row.name)) typed.result.collation = collation;
  for (auto& wanted : typed.arguments)
    if (!collation.empty() && wanted.is(TypeKind::string)) wanted.collation = collation;
  for (std::size_t i = 0; i < arguments.size() && i < typed.arguments.size(); ++i)
    arguments[i] = coerce(state, arguments[i], typed.arguments[i]);

  const bool tries = row.name.starts_with("try_");
  const EvalMode mode = tries ? EvalMode::try_ : state.ansi ? EvalMode::ansi : EvalMode::legacy;
  switch (row.kind) {
    case FunctionKind::scalar:
    case FunctionKind::generator:
      return make_expression(typed.result, typed.nullable, Call{std::string(row.name), std::move(arguments), mode, spelled});
    case FunctionKind::aggregate: {
      // mode(x, true): of the values that are as frequent the smallest.
      const bool smallest_mode = row.name == "mode" && arguments.size() == 2 && is_true(arguments[1]);
      if (row.name == "mode") arguments.resize(1);
      AggregateCall call{std::string(row.name), std::move(arguments), distinct};
      if (smallest_mode) call.within_group = {SortOrder{call.arguments[0]}};
      call.ignore_nulls = ignore_nulls;
      call.mode = mode;
      call.spelled = spelled;
      return make_expression(typed.result, typed.nullable, std::move(call));
    }
    case FunctionKind::window: {
      WindowCall call{std::string(row.name), std::move(arguments), distinct};
      call.ignore_nulls = ignore_nulls;
      call.spelled = spelled;
      return make_expression(typed.result, typed.nullable, std::move(call));
    }
  }
  return fail(internal_error("a function of no kind"));
}

SparkResult<ExpressionPtr> call_function(AnalyzerState& state, std::string_view name, std::vector<ExpressionPtr> arguments,
                                         bool distinct) {
  const auto* row = find_function(name);
  if (row == nullptr) return fail(internal_error(fmt::format("no function {} in the registry", name)));
  return build_call(state, *row, std::string(name), std::move(arguments), distinct);
}

SparkResult<std::vector<ExpressionPtr>> ExpressionResolver::resolve_arguments(const Arguments& arguments,
                                                                              const FunctionRow* row) {
  std::vector<ExpressionPtr> resolved;
  std::vector<std::pair<std::string, ExpressionPtr>> named;
  for (const auto& argument : arguments) {
    if (argument.has_unresolved_star()) {
      TRY(columns, star(argument.unresolved_star()));
      for (auto& column : columns) resolved.push_back(column.expression);
      continue;
    }
    TRY(value, resolve(argument));
    if (argument.has_named_argument_expression())
      named.emplace_back(argument.named_argument_expression().key(), value);
    else
      resolved.push_back(value);
  }
  if (named.empty() || row == nullptr) return resolved;
  if (row->parameter_names.empty())
    return fail(analysis_error("NAMED_PARAMETERS_NOT_SUPPORTED", {{"functionName", quoted_name(row->name)}}));
  resolved.resize(row->parameter_names.size());
  for (auto& [key, value] : named) {
    const auto at =
        std::ranges::find_if(row->parameter_names, [&](auto parameter) { return equal_names(parameter, key, false); });
    if (at == row->parameter_names.end()) return fail(wrong_count(*row, row->name, named.size()));
    resolved[static_cast<std::size_t>(at - row->parameter_names.begin())] = value;
  }
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    if (resolved[i]) continue;
    const auto from = i - static_cast<std::size_t>(row->min_arguments);
    if (i < static_cast<std::size_t>(row->min_arguments) || from >= row->defaults.size())
      return fail(wrong_count(*row, row->name, named.size()));
    resolved[i] = row->defaults[from];
  }
  return resolved;
}

SparkResult<ExpressionPtr> ExpressionResolver::lambda(const proto::Expression::LambdaFunction& lambda,
                                                      const std::vector<LambdaParameter>& parameters) {
  if (static_cast<std::size_t>(lambda.arguments_size()) != parameters.size())
    return fail(analysis_error(
        "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
        {{"expectedNumArgs", std::to_string(lambda.arguments_size())}, {"actualNumArgs", std::to_string(parameters.size())}}));
  Lambda node;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& name = lambda.arguments(static_cast<int>(i)).name_parts(0);
    const auto id = state_.next_id();
    node.parameters.push_back(id);
    node.names.push_back(name);
    node.types.push_back(parameters[i].type);
    variables_.push_back({name, make_expression(parameters[i].type, parameters[i].nullable, LambdaVariable{id, name})});
  }
  auto body = resolve(lambda.function());
  variables_.resize(variables_.size() - parameters.size());
  if (!body) return body;
  node.body = *body;
  const auto result = node.body;
  return make_expression(result->type, result->nullable, std::move(node));
}

// Lambdas are typed after the arguments that give their parameters' types.
SparkResult<ExpressionPtr> ExpressionResolver::higher_order(const FunctionRow& row, const std::string& name,
                                                            const Arguments& arguments) {
  std::vector<ExpressionPtr> resolved(static_cast<std::size_t>(arguments.size()));
  for (int i = 0; i < arguments.size(); ++i) {
    if (arguments.Get(i).has_lambda_function()) continue;
    TRY(value, resolve(arguments.Get(i)));
    resolved[static_cast<std::size_t>(i)] = value;
  }
  for (int i = 0; i < arguments.size(); ++i) {
    if (!arguments.Get(i).has_lambda_function()) continue;
    std::vector<ExpressionPtr> known = resolved;
    for (auto& argument : known)
      if (!argument) argument = null_constant();
    const auto described = describe(known);
    CallSite site;
    site.function = name;
    site.arguments = described;
    site.ansi = state_.ansi;
    const auto& function = arguments.Get(i).lambda_function();
    TRY(parameters, row.lambda(site, static_cast<std::size_t>(i), static_cast<std::size_t>(function.arguments_size())));
    TRY(value, lambda(function, parameters));
    resolved[static_cast<std::size_t>(i)] = value;
  }
  return build_call(state_, row, name, std::move(resolved), false);
}

SparkResult<std::vector<ExpressionPtr>> ExpressionResolver::python_arguments(const Arguments& arguments,
                                                                             std::vector<std::string>& names) {
  std::vector<ExpressionPtr> values;
  for (const auto& argument : arguments) {
    if (argument.has_named_argument_expression()) {
      const auto& named = argument.named_argument_expression();
      if (std::ranges::find(names, named.key()) != names.end())
        return fail(analysis_error("DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE",
                                   {{"routineName", quoted_name("")}, {"parameterName", quoted_name(named.key())}}));
      TRY(value, resolve(named.value()));
      values.push_back(value);
      names.push_back(named.key());
    } else if (!names.empty() && !names.back().empty()) {
      return fail(analysis_error("UNEXPECTED_POSITIONAL_ARGUMENT",
                                 {{"routineName", quoted_name("")}, {"parameterName", quoted_name(names.back())}}));
    } else if (argument.has_unresolved_star()) {
      TRY(columns, star(argument.unresolved_star()));
      for (auto& column : columns) {
        values.push_back(column.expression);
        names.emplace_back();
      }
    } else {
      TRY(value, resolve(argument));
      values.push_back(value);
      names.emplace_back();
    }
  }
  return values;
}

SparkResult<ExpressionPtr> ExpressionResolver::user_function(const proto::CommonInlineUserDefinedFunction& function,
                                                             const Arguments& arguments) {
  if (!function.has_python_udf())
    return fail(unsupported("user-defined functions that are not Python: " + function.function_name()));
  const auto& udf = function.python_udf();
  TRY(type, resolve_type(udf.output_type()));
  PythonCall call{
      function.function_name(),      udf.command(), udf.python_ver(), udf.eval_type(), function.deterministic(), {}, {},
      state_.next_python_result_id()};
  const bool aggregates = aggregates_in_python(udf.eval_type());
  if (aggregates) ++aggregate_depth_;
  SparkResult<std::vector<ExpressionPtr>> values = python_arguments(arguments, call.argument_names);
  if (aggregates) --aggregate_depth_;
  if (!values) return fail(std::move(values).error());
  if (!aggregates) {
    call.arguments = std::move(*values);
    return make_expression(type, true, std::move(call));
  }
  AggregateCall aggregate;
  aggregate.function = function.function_name();
  aggregate.arguments = std::move(*values);
  aggregate.python = std::make_shared<const PythonCall>(std::move(call));
  return make_expression(type, true, std::move(aggregate));
}

namespace {

/// No function of this name: a transform that only partitionedBy() takes, a class of the JVM, or nothing that is known.
SparkError unknown_function(const AnalyzerState& state, const std::string& written) {
  static constexpr std::array<std::string_view, 5> transforms{"years", "months", "days", "hours", "bucket"};
  if (std::ranges::any_of(transforms, [&](auto name) { return equal_names(name, written, false); }))
    return analysis_error("PARTITION_TRANSFORM_EXPRESSION_NOT_IN_PARTITIONED_BY", {{"expression", "\"" + written + "\""}});
  auto parsed = split_name(written);
  auto parts = parsed ? *parsed : std::vector<std::string>{written};
  if (parts.size() == 3 && equal_names(parts[0], "spark_catalog", false)) parts.erase(parts.begin());
  const auto database = parts.size() == 2 ? parts[0] : state.current_database();
  if (const auto& catalog = state.context.stores().catalog; catalog != nullptr && parts.size() <= 2) {
    if (auto functions = catalog->list_functions(database)) {
      for (const auto& function : *functions)
        if (equal_names(function.name, parts.back(), false))
          return analysis_error(
              "CANNOT_LOAD_FUNCTION_CLASS",
              {{"className", function.class_name}, {"functionName", quoted_parts({"spark_catalog", database, function.name})}});
    }
  }
  return analysis_error("UNRESOLVED_ROUTINE",
                        {{"routineName", quoted_parts(parts)},
                         {"searchPath", fmt::format("[`system`.`builtin`, `system`.`session`, `spark_catalog`.{}]",
                                                    quoted_name(state.current_database()))}});
}

}  // namespace

SparkResult<ExpressionPtr> ExpressionResolver::function(const std::string& written, const Arguments& arguments, bool distinct) {
  // A registered function hides one of Spark's that has its name.
  if (const auto* udf = state_.context.find_user_function(written)) return user_function(*udf, arguments);
  if (auto parts = split_name(written)) {
    if (const auto sql = state_.context.find_sql_function(*parts)) return sql_function(*sql, arguments);
  }
  const std::string name(canonical_spelling(lower(written)));
  TRY(special, special_form(name, arguments, distinct));
  if (special) return *special;

  const auto* row = find_function(name);
  if (row == nullptr) {
    if (auto parts = split_name(written)) {
      if (const auto sql = state_.context.find_catalog_sql_function(*parts)) return sql_function(*sql, arguments);
    }
    return fail(unknown_function(state_, written));
  }
  if (distinct && row->kind != FunctionKind::aggregate)
    return fail(analysis_error("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                               {{"prettyName", quoted_name(name)}, {"syntax", "DISTINCT"}}));
  if (row->kind == FunctionKind::window && !before_over_) {
    TRY(values, resolve_arguments(arguments, row));
    TRY(call, build_call(state_, *row, name, std::move(values), distinct));
    const auto& window = std::get<WindowCall>(call->node);
    const Expression shown{call->type, true, Call{window.function, window.arguments, EvalMode::legacy, window.spelled}};
    return fail(analysis_error("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", {{"funcName", quoted_text(shown)}}));
  }
  if (row->lambda && std::ranges::any_of(arguments, [](const auto& argument) { return argument.has_lambda_function(); }))
    return higher_order(*row, name, arguments);

  const bool was_before_over = std::exchange(before_over_, false);
  if (row->kind == FunctionKind::aggregate) ++aggregate_depth_;
  auto resolved = resolve_arguments(arguments, row);
  if (row->kind == FunctionKind::aggregate) --aggregate_depth_;
  before_over_ = was_before_over;
  if (!resolved) return fail(std::move(resolved).error());
  return build_call(state_, *row, name, std::move(*resolved), distinct);
}

}  // namespace mastic::spark
