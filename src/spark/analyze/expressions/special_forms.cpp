// Functions whose rules the registry cannot say: CASE, struct names, schemas as arguments, casts by type name, and the
// marks that SQL text puts around aggregates.
#include <fmt/format.h>

#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

// int(x), string(x), …: a cast by the type's name.
std::optional<DataType> cast_function(std::string_view name) {
  static const std::array<std::pair<std::string_view, DataType>, 15> casts{{{"boolean", types::boolean()},
                                                                            {"tinyint", types::byte()},
                                                                            {"smallint", types::short_type()},
                                                                            {"int", types::integer()},
                                                                            {"bigint", types::long_type()},
                                                                            {"float", types::float_type()},
                                                                            {"double", types::double_type()},
                                                                            {"decimal", types::decimal(10, 0)},
                                                                            {"date", types::date()},
                                                                            {"timestamp", types::timestamp()},
                                                                            {"binary", types::binary()},
                                                                            {"string", types::string()},
                                                                            {"integer", types::integer()},
                                                                            {"long", types::long_type()},
                                                                            {"short", types::short_type()}}};
  for (const auto& [word, type] : casts)
    if (word == name) return type;
  return std::nullopt;
}

// A struct field's name: the alias, the column's, or colN.
std::string field_name(const proto::Expression& argument, const ExpressionPtr& value, std::size_t index) {
  if (argument.has_alias() && argument.alias().name_size() == 1) return argument.alias().name(0);
  if (argument.has_named_argument_expression()) return argument.named_argument_expression().key();
  if (const auto* column = std::get_if<ColumnReference>(&value->node)) return column->name;
  if (const auto* column = std::get_if<OuterReference>(&value->node)) return column->name;
  if (const auto* variable = std::get_if<LambdaVariable>(&value->node)) {
    const auto number = variable->name.rfind('_');  // the client numbers its variables: x_1
    return number == std::string::npos ? variable->name : variable->name.substr(0, number);
  }
  if (const auto* field = std::get_if<FieldAccess>(&value->node))
    return field->child->type.fields.at(static_cast<std::size_t>(field->field)).name;
  return fmt::format("col{}", index + 1);
}

}  // namespace

SparkResult<ExpressionPtr> build_case(AnalyzerState& state, CaseWhen node) {
  std::vector<DataType> types;
  for (auto& [condition, value] : node.branches) {
    if (condition->type.is(TypeKind::null_)) condition = cast_to(state, condition, types::boolean());
    if (!condition->type.is(TypeKind::boolean)) {
      auto shown = make_expression(types::null(), true, node);
      return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", quoted_text(*shown)},
                                                                             {"paramIndex", "first"},
                                                                             {"requiredType", "\"BOOLEAN\""},
                                                                             {"inputSql", quoted_text(*condition)},
                                                                             {"inputType", quoted_type(condition->type)}}));
    }
    types.push_back(value->type);
  }
  if (node.otherwise) types.push_back(node.otherwise->type);
  auto common = wider_type_of(types, state.ansi);
  if (!common) {
    std::string list;
    for (const auto& type : types) list += (list.empty() ? "" : ", ") + quoted_type(type);
    auto shown = make_expression(types::null(), true, node);
    return fail(
        analysis_error("DATATYPE_MISMATCH.DATA_DIFF_TYPES", {{"sqlExpr", quoted_text(*shown)},
                                                             {"functionName", node.written_as_if ? "`if`" : "`casewhen`"},
                                                             {"dataType", "[" + list + "]"}}));
  }
  bool nullable = !node.otherwise;
  for (auto& [condition, value] : node.branches) {
    value = cast_to(state, value, *common);
    nullable |= value->nullable;
  }
  if (node.otherwise) {
    node.otherwise = cast_to(state, node.otherwise, *common);
    nullable |= node.otherwise->nullable;
  }
  return make_expression(*common, nullable, std::move(node));
}

SparkResult<ExpressionPtr> ExpressionResolver::case_when(const Arguments& arguments) {
  CaseWhen node;
  int i = 0;
  for (; i + 1 < arguments.size(); i += 2) {
    TRY(condition, resolve(arguments.Get(i)));
    TRY(value, resolve(arguments.Get(i + 1)));
    node.branches.emplace_back(condition, value);
  }
  if (i < arguments.size()) {
    TRY(otherwise, resolve(arguments.Get(i)));
    node.otherwise = otherwise;
  }
  return build_case(state_, std::move(node));
}

SparkResult<ExpressionPtr> ExpressionResolver::if_else(const Arguments& arguments) {
  if (arguments.size() != 3)
    return fail(analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`if`"},
                                                                     {"expectedNum", "3"},
                                                                     {"actualNum", std::to_string(arguments.size())},
                                                                     {"docroot", "https://spark.apache.org/docs/latest"}}));
  TRY(condition, resolve(arguments.Get(0)));
  TRY(yes, resolve(arguments.Get(1)));
  TRY(no, resolve(arguments.Get(2)));
  CaseWhen node;
  node.branches.emplace_back(condition, yes);
  node.otherwise = no;
  node.written_as_if = true;
  return build_case(state_, std::move(node));
}

SparkResult<ExpressionPtr> ExpressionResolver::make_struct(const Arguments& arguments) {
  std::vector<ExpressionPtr> pairs;
  std::size_t index = 0;
  for (const auto& argument : arguments) {
    if (argument.has_unresolved_star()) {
      TRY(columns, star(argument.unresolved_star()));
      for (auto& column : columns) {
        pairs.push_back(string_constant(column.names.front()));
        pairs.push_back(column.expression);
        ++index;
      }
      continue;
    }
    TRY(value, resolve(argument));
    pairs.push_back(string_constant(field_name(argument, value, index++)));
    pairs.push_back(value);
  }
  TRY(built, call_function(state_, "named_struct", std::move(pairs)));
  auto call = std::get<Call>(built->node);
  call.spelled = "struct";
  return make_expression(built->type, false, std::move(call));
}

namespace {

DataType all_nullable(const DataType& type) {
  DataType copy = type;
  if (type.is(TypeKind::array) || type.is(TypeKind::map)) copy.contains_null = true;
  for (auto& child : copy.children) child = all_nullable(child);
  for (auto& field : copy.fields) {
    field.type = all_nullable(field.type);
    field.nullable = true;
  }
  return copy;
}

SparkError wrong_number(const std::string& name, std::string_view expected, int actual) {
  return analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", quoted_name(name)},
                                                              {"expectedNum", std::string(expected)},
                                                              {"actualNum", std::to_string(actual)},
                                                              {"docroot", "https://spark.apache.org/docs/latest"}});
}

/// A constant's text: a literal, or what a constant expression such as schema_of_json('…') gives.
SparkResult<std::optional<std::string>> constant_text(AnalyzerState& state, const ExpressionPtr& expression) {
  ExpressionPtr value = expression;
  if (!std::holds_alternative<Literal>(value->node) && is_foldable(value)) {
    const auto id = state.next_id();
    std::vector<Attribute> output{{id, "value", value->type, value->nullable, {}, {}}};
    TRY(rows,
        state.context.collect(make_relation(output, Project{make_relation({}, OneRow{}), {{id, "value", value, {}}}}), 1));
    if (!rows.empty()) value = rows[0].at(0);
  }
  const auto* literal = std::get_if<Literal>(&value->node);
  const auto* text = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  return text == nullptr ? std::nullopt : std::optional(*text);
}

SparkResult<void> check_reading_options(const std::string& name, const ExpressionPtr& options) {
  const auto* map = std::get_if<Call>(&options->node);
  if (map == nullptr || map->function != "map") return fail(analysis_error("INVALID_OPTIONS.NON_MAP_FUNCTION"));
  if (!options->type.key().is_textual() || !options->type.value().is_textual())
    return fail(analysis_error("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", quoted_type(options->type)}}));
  for (std::size_t i = 0; i + 1 < map->arguments.size(); i += 2) {
    const auto key = text_of(*map->arguments[i]);
    auto value = text_of(*map->arguments[i + 1]);
    for (auto& letter : value) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (equal_names(key, "mode", false) && value == "DROPMALFORMED")
      return fail(analysis_error("PARSE_MODE_UNSUPPORTED", {{"funcName", quoted_name(name)}, {"mode", value}}));
  }
  return {};
}

}  // namespace

// from_json(text, schema[, options]): the schema is a constant, DDL or JSON text, or schema_of_json(…).
SparkResult<ExpressionPtr> ExpressionResolver::with_schema(const std::string& name, const Arguments& arguments) {
  if (arguments.size() < 2 || arguments.size() > 3) return fail(wrong_number(name, "[2, 3]", arguments.size()));
  TRY(input, resolve(arguments.Get(0)));
  TRY(schema, resolve(arguments.Get(1)));
  TRY(text, constant_text(state_, schema));
  if (!text) return fail(analysis_error("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", quoted_text(*schema)}}));
  TRY(written, parse_schema_text(*text));
  const auto type = all_nullable(written);
  std::vector<ExpressionPtr> call_arguments{input, string_constant(json_string(type))};
  if (arguments.size() > 2) {
    TRY(options, resolve(arguments.Get(2)));
    TRY_DO(check_reading_options(name, options));
    call_arguments.push_back(options);
  }
  const EvalMode mode = state_.ansi ? EvalMode::ansi : EvalMode::legacy;
  const auto shown = quoted_text(Expression{type, true, Call{name, call_arguments, mode}});
  if (name == "from_json" && !type.is_nested() && !type.is(TypeKind::variant))
    return fail(analysis_error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"sqlExpr", shown}, {"schema", quoted_type(type)}}));
  if (!input->type.is_textual() && !input->type.is(TypeKind::null_))
    return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", shown},
                                                                           {"paramIndex", "first"},
                                                                           {"requiredType", "\"STRING\""},
                                                                           {"inputSql", quoted_text(*input)},
                                                                           {"inputType", quoted_type(input->type)}}));
  call_arguments[0] = cast_to(state_, input, types::string());
  return make_expression(type, true, Call{name, std::move(call_arguments), mode});
}

// variant_get(variant, path[, type]): the type is a constant text.
SparkResult<ExpressionPtr> ExpressionResolver::variant_get(const std::string& name, const Arguments& arguments) {
  if (arguments.size() < 2 || arguments.size() > 3) return fail(wrong_number(name, "[2, 3]", arguments.size()));
  TRY(variant, resolve(arguments.Get(0)));
  TRY(path, resolve(arguments.Get(1)));
  TRY(call, call_function(state_, name, {variant, path}));
  if (arguments.size() < 3) return call;
  TRY(wanted, resolve(arguments.Get(2)));
  TRY(text, constant_text(state_, wanted));
  if (!text) return fail(analysis_error("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", quoted_text(*wanted)}}));
  TRY(type, sql::parse_data_type(*text));
  return make_expression(all_nullable(type), true, std::get<Call>(call->node));
}

// aggregate_filter(f(x), c), ignore_nulls(f(x)), within_group(f(x), sort…): what SQL writes behind a call.
SparkResult<ExpressionPtr> ExpressionResolver::aggregate_modifier(const std::string& name, const Arguments& arguments) {
  TRY(inner, resolve(arguments.Get(0)));
  if (const auto* window = std::get_if<WindowCall>(&inner->node); window != nullptr && name == "ignore_nulls") {
    WindowCall copy = *window;
    copy.ignore_nulls = true;
    return make_expression(inner->type, inner->nullable, std::move(copy));
  }
  const auto* call = std::get_if<AggregateCall>(&inner->node);
  if (call == nullptr)
    return fail(analysis_error(
        "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
        {{"prettyName", quoted_text(*inner)}, {"syntax", name == "ignore_nulls" ? "IGNORE NULLS" : "FILTER CLAUSE"}}));
  AggregateCall copy = *call;
  if (name == "ignore_nulls") {
    copy.ignore_nulls = true;
    copy.spelled.clear();  // Spark prints first(x) for first_value(x) IGNORE NULLS
  } else if (name == "aggregate_filter") {
    ++aggregate_depth_;
    auto filter = resolve_condition(state_, scope_, arguments.Get(1));
    --aggregate_depth_;
    if (!filter) return filter;
    copy.filter = *filter;
  } else {
    ++aggregate_depth_;
    for (int i = 1; i < arguments.size(); ++i) {
      TRY(order, sort_order(arguments.Get(i).sort_order()));
      copy.within_group.push_back(order);
    }
    --aggregate_depth_;
  }
  return make_expression(inner->type, inner->nullable, std::move(copy));
}

SparkResult<std::optional<ExpressionPtr>> ExpressionResolver::special_form(const std::string& name, const Arguments& arguments,
                                                                           bool distinct) {
  const auto done = [](SparkResult<ExpressionPtr> result) -> SparkResult<std::optional<ExpressionPtr>> {
    if (!result) return fail(std::move(result).error());
    return std::optional(*result);
  };
  if (name == "when") return done(case_when(arguments));
  if (name == "if") return done(if_else(arguments));
  if (name == "struct") return done(make_struct(arguments));
  if (name == "from_json" || name == "from_csv") return done(with_schema(name, arguments));
  if (name == "variant_get" || name == "try_variant_get") return done(variant_get(name, arguments));
  if (name == "aggregate_filter" || name == "ignore_nulls" || name == "within_group")
    return done(aggregate_modifier(name, arguments));
  if (name == "count" && arguments.size() == 1 && arguments.Get(0).has_unresolved_star() && !distinct &&
      !arguments.Get(0).unresolved_star().has_unparsed_target())
    return done(call_function(state_, "count", {integer_constant(1)}));
  if (name == "count" && arguments.size() == 1 && !distinct && arguments.Get(0).has_expression_string() &&
      arguments.Get(0).expression_string().expression() == "*")
    return done(call_function(state_, "count", {integer_constant(1)}));
  if (name == "!=" || name == "<>") {
    TRY(equal, function("=", arguments, false));
    return done(call_function(state_, "not", {equal}));
  }
  if (name == "between" && arguments.size() == 3) {
    TRY(value, resolve(arguments.Get(0)));
    TRY(low, resolve(arguments.Get(1)));
    TRY(high, resolve(arguments.Get(2)));
    TRY(above, call_function(state_, ">=", {value, low}));
    TRY(below, call_function(state_, "<=", {value, high}));
    return done(call_function(state_, "and", {above, below}));
  }
  if (name == "unix_timestamp" || name == "to_unix_timestamp") {
    std::vector<ExpressionPtr> values;
    for (const auto& argument : arguments) {
      TRY(value, resolve(argument));
      values.push_back(value);
    }
    if (values.empty()) {
      TRY(now, call_function(state_, "current_timestamp", {}));
      values.push_back(now);
    }
    if (values.size() == 1) values.push_back(string_constant("yyyy-MM-dd HH:mm:ss"));
    return done(call_function(state_, name, std::move(values)));
  }
  if (name == "negative" && arguments.size() == 1 && arguments.Get(0).has_literal()) {
    // -x of a number stays a constant, so that positions and frames can read it.
    const auto& literal = arguments.Get(0).literal();
    if (literal.has_integer()) return std::optional(integer_constant(-int64_t{literal.integer()}));
    if (literal.has_long_()) return std::optional(long_constant(-literal.long_()));
  }
  if (arguments.size() == 1) {
    if (auto type = cast_function(name)) {
      TRY(value, resolve(arguments.Get(0)));
      return done(explicit_cast(state_, value, *type));
    }
  }
  return std::optional<ExpressionPtr>();
}

}  // namespace mastic::spark
