// Functions whose rules the registry cannot say: CASE, struct names, schemas as arguments, casts by type name, and the
// marks that SQL text puts around aggregates.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "engine/functions/datetime_text.h"
#include "engine/functions/number_text.h"
#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

// int(x), string(x), …: a cast by the type's name.
std::optional<DataType> cast_function(std::string_view name) {
  static const std::array<std::pair<std::string_view, DataType>, 16> casts{
      {{"boolean", types::boolean()},
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
       {"short", types::short_type()},
       {"time", DataType{.kind = TypeKind::time, .precision = 6}}}};
  for (const auto& [word, type] : casts)
    if (word == name) return type;
  return std::nullopt;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

// The same call under the name that the user wrote, for printing.
ExpressionPtr spelled_as(const ExpressionPtr& expression, std::string spelled) {
  const auto* call = std::get_if<Call>(&expression->node);
  if (call == nullptr) return expression;
  Call copy = *call;
  copy.spelled = std::move(spelled);
  return make_expression(expression->type, expression->nullable, std::move(copy));
}

const std::string* constant_text(const ExpressionPtr& expression) {
  const auto* literal = std::get_if<Literal>(&expression->node);
  return literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
}

// DATE '…', TIMESTAMP '…', TIMESTAMP_NTZ '…', TIME '…': constants, read in the session's zone. `today` and its kin are
// constants too.
SparkResult<ExpressionPtr> typed_literal(const AnalyzerState& state, const std::string& type, const std::string& text) {
  const auto zone_name = state.context.configuration("spark.sql.session.timeZone").value_or("UTC");
  const auto* session = engine::TimeZone::find(zone_name);
  const auto constant = [](DataType of, int64_t value) { return make_expression(std::move(of), false, Literal{value}); };
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  const int64_t local_now = session != nullptr ? session->to_local(now.count()) : now.count();
  const int64_t midnight = engine::floor_divide(local_now, engine::microseconds_per_day) * engine::microseconds_per_day;
  std::optional<int64_t> special;  // local microseconds
  const auto word = lower_case(engine::trim_all(text));
  if (word == "epoch") special = 0;
  if (word == "now") special = local_now;
  if (word == "today") special = midnight;
  if (word == "tomorrow") special = midnight + engine::microseconds_per_day;
  if (word == "yesterday") special = midnight - engine::microseconds_per_day;
  if (type == "date") {
    if (special) return constant(types::date(), engine::floor_divide(*special, engine::microseconds_per_day));
    if (const auto days = engine::parse_date(text)) return constant(types::date(), *days);
  } else if (type == "time") {
    const auto parsed = engine::parse_timestamp(text);
    if (parsed && !parsed->has_date && parsed->zone == nullptr)
      return constant(DataType{.kind = TypeKind::time, .precision = 6}, parsed->local_microseconds);
  } else if (special) {
    const bool epoch = word == "epoch";
    if (type == "timestamp_ntz") return constant(types::timestamp_ntz(), *special);
    return constant(types::timestamp(), epoch || session == nullptr ? *special : session->to_utc(*special));
  } else if (const auto parsed = engine::parse_timestamp(text); parsed && parsed->has_date) {
    if (type == "timestamp_ntz") return constant(types::timestamp_ntz(), parsed->local_microseconds);
    const auto* zone = parsed->zone != nullptr ? parsed->zone : session;
    return constant(types::timestamp(),
                    zone != nullptr ? zone->to_utc(parsed->local_microseconds) : parsed->local_microseconds);
  }
  std::string upper = type;
  for (auto& letter : upper) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return fail(parse_error("INVALID_TYPED_LITERAL", {{"valueType", "\"" + upper + "\""}, {"value", "'" + text + "'"}}));
}

// A window's duration in microseconds: an interval constant, or a text such as `1 day 12 hours`. Months have no length.
SparkResult<int64_t> duration_of(const ExpressionPtr& expression) {
  const auto* literal = std::get_if<Literal>(&expression->node);
  if (literal != nullptr && expression->type.is(TypeKind::day_time_interval)) return std::get<int64_t>(literal->value);
  const auto* text = constant_text(expression);
  const auto invalid = [&] {
    return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", quoted_text(*expression)},
                                                                           {"paramIndex", "second"},
                                                                           {"requiredType", "\"INTERVAL\""},
                                                                           {"inputSql", quoted_text(*expression)},
                                                                           {"inputType", quoted_type(expression->type)}}));
  };
  if (text == nullptr) return invalid();
  auto parsed = sql::parse_expression("INTERVAL '" + *text + "'");
  if (!parsed || !parsed->has_literal()) return invalid();
  if (parsed->literal().has_day_time_interval()) return parsed->literal().day_time_interval();
  if (parsed->literal().has_calendar_interval() && parsed->literal().calendar_interval().months() == 0) {
    const auto& interval = parsed->literal().calendar_interval();
    return interval.days() * engine::microseconds_per_day + interval.microseconds();
  }
  return invalid();
}

// to_char and to_varchar: a number's format, a date's pattern, or how to show bytes.
SparkResult<ExpressionPtr> to_char(AnalyzerState& state, const std::string& name, std::vector<ExpressionPtr> arguments) {
  const auto& type = arguments[0]->type;
  if (type.is_datetime()) return call_function(state, "date_format", std::move(arguments));
  if (!type.is(TypeKind::binary)) return call_function(state, "to_char", std::move(arguments));
  const auto* format = constant_text(arguments[1]);
  const auto kind = format == nullptr ? "" : lower_case(*format);
  const auto shown = [&](SparkResult<ExpressionPtr> result) -> SparkResult<ExpressionPtr> {
    if (!result || name == "to_char") return result;
    return spelled_as(*result, name);
  };
  if (kind == "base64" || kind == "hex") return shown(call_function(state, kind, {arguments[0]}));
  if (kind == "utf-8") return shown(call_function(state, "decode", std::move(arguments)));
  return fail(analysis_error("INVALID_PARAMETER_VALUE.BINARY_FORMAT",
                             {{"functionName", quoted_name(name)},
                              {"parameter", "`format`"},
                              {"invalidFormat", format == nullptr ? quoted_text(*arguments[1]) : "'" + *format + "'"}}));
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

// Functions that become another call, once their arguments are known. Nothing: the registry's rule holds.
using ResolvedForm = std::optional<SparkResult<ExpressionPtr>> (*)(AnalyzerState&, const std::string& name,
                                                                   std::vector<ExpressionPtr>& arguments);

ResolvedForm resolved_form(std::string_view name) {
  using Values = std::vector<ExpressionPtr>;
  using Rewritten = std::optional<SparkResult<ExpressionPtr>>;
  if (name == "to_char" || name == "to_varchar")
    return [](AnalyzerState& state, const std::string& written, Values& values) -> Rewritten {
      if (values.size() != 2) return std::nullopt;
      return to_char(state, written, values);
    };
  if (name == "log")  // log(x) is log(e(), x)
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.size() != 1) return std::nullopt;
      auto base = call_function(state, "e", {});
      if (!base) return base;
      return call_function(state, "log", {*base, values[0]});
    };
  if (name == "window")  // window(ts, width[, slide[, start]])
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.empty() || values.size() > 4) return std::nullopt;
      if (values.size() == 4 && std::get_if<Call>(&values[1]->node) == nullptr && values[1]->type.is(TypeKind::long_))
        return std::nullopt;
      std::vector<int64_t> durations;
      for (std::size_t i = 1; i < values.size(); ++i) {
        auto duration = duration_of(values[i]);
        if (!duration) return fail(std::move(duration).error());
        durations.push_back(*duration);
      }
      if (durations.empty()) return fail(unsupported("window_time's old form window(column)"));
      const auto slide = durations.size() > 1 ? durations[1] : durations[0];
      return call_function(state, "window",
                           {values[0], long_constant(durations[0]), long_constant(slide),
                            long_constant(durations.size() > 2 ? durations[2] : 0)});
    };
  if (name == "session_window")  // session_window(ts, gap)
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.size() != 2 || values[1]->type.is(TypeKind::day_time_interval)) return std::nullopt;
      if (constant_text(values[1]) == nullptr) return fail(unsupported("a gap of session_window() that is computed"));
      auto gap = duration_of(values[1]);
      if (!gap) return fail(std::move(gap).error());
      return call_function(state, "session_window",
                           {values[0], make_expression(types::day_time_interval(), false, Literal{*gap})});
    };
  if (name == "convert_timezone")  // from the session's zone
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.size() != 2) return std::nullopt;
      auto zone = call_function(state, "current_timezone", {});
      if (!zone) return zone;
      return call_function(state, "convert_timezone", {*zone, values[0], values[1]});
    };
  if (name == "time_bucket")  // from 1970-01-01
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.size() != 2) return std::nullopt;
      const bool plain = values[1]->type.is(TypeKind::timestamp_ntz);
      auto origin = typed_literal(state, plain ? "timestamp_ntz" : "timestamp", "1970-01-01 00:00:00");
      if (!origin) return origin;
      return call_function(state, "time_bucket", {values[0], values[1], *origin});
    };
  if (name == "assert_true")
    return [](AnalyzerState& state, const std::string&, Values& values) -> Rewritten {
      if (values.size() != 1) return std::nullopt;
      auto message = string_constant(fmt::format("'{}' is not true!", text_of(*values[0])));
      return call_function(state, "assert_true", {values[0], std::move(message)});
    };
  if (name == "lpad" || name == "rpad")  // a blank, or a zero byte
    return [](AnalyzerState& state, const std::string& written, Values& values) -> Rewritten {
      if (values.size() != 2) return std::nullopt;
      auto pad = values[0]->type.is(TypeKind::binary) ? make_expression(types::binary(), false, Literal{std::string(1, '\0')})
                                                      : string_constant(" ");
      return call_function(state, written, {values[0], values[1], std::move(pad)});
    };
  if (name == "try_add" || name == "try_subtract")  // a date moved by days keeps its name
    return [](AnalyzerState& state, const std::string& written, Values& values) -> Rewritten {
      if (values.size() != 2) return std::nullopt;
      const auto days = [](const DataType& type) { return type.kind >= TypeKind::byte_ && type.kind <= TypeKind::integer; };
      const bool swapped = written == "try_add" && values[1]->type.is(TypeKind::date) && days(values[0]->type);
      if (!swapped && !(values[0]->type.is(TypeKind::date) && days(values[1]->type))) return std::nullopt;
      auto shifted =
          call_function(state, written == "try_add" ? "date_add" : "date_sub", swapped ? Values{values[1], values[0]} : values);
      if (!shifted) return shifted;
      return make_expression((*shifted)->type, true, std::get<Call>(spelled_as(*shifted, written)->node));
    };
  return nullptr;
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
  return make_expression(type, name != "from_csv" || input->nullable, Call{name, std::move(call_arguments), mode});
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
  const auto& written = arguments.Get(0).unresolved_function();
  if (name == "within_group" && equal_names(written.function_name(), "mode", false) && written.arguments_size() == 0 &&
      arguments.size() == 2) {
    ++aggregate_depth_;
    auto order = sort_order(arguments.Get(1).sort_order());
    --aggregate_depth_;
    if (!order) return fail(std::move(order).error());
    TRY(mode, call_function(state_, "mode", {order->child}));
    auto ordered = std::get<AggregateCall>(mode->node);
    ordered.within_group = {*order};
    return make_expression(mode->type, mode->nullable, std::move(ordered));
  }
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
  if (name == "from_json" || name == "from_csv" || name == "from_xml") return done(with_schema(name, arguments));
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
  if (name == "typed_literal")
    return done(typed_literal(state_, arguments.Get(0).literal().string(), arguments.Get(1).literal().string()));
  if (const auto form = resolved_form(name); form != nullptr) {
    std::vector<ExpressionPtr> values;
    for (const auto& argument : arguments) {
      if (argument.has_unresolved_star() || argument.has_named_argument_expression()) return std::optional<ExpressionPtr>();
      TRY(value, resolve(argument));
      values.push_back(value);
    }
    if (auto rewritten = form(state_, name, values)) return done(std::move(*rewritten));
    const auto* row = find_function(name);
    return done(build_call(state_, *row, name, std::move(values), distinct));
  }
  if (name == "between" && arguments.size() == 3) {
    TRY(value, resolve(arguments.Get(0)));
    TRY(low, resolve(arguments.Get(1)));
    TRY(high, resolve(arguments.Get(2)));
    TRY(above, call_function(state_, ">=", {value, low}));
    TRY(below, call_function(state_, "<=", {value, high}));
    TRY(both, call_function(state_, "and", {above, below}));
    return std::optional(spelled_as(both, "between"));
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
  if (name == "-" && arguments.size() == 1) {
    if (arguments.Get(0).has_literal()) {
      // -x of a number stays a constant, so that positions and frames can read it.
      const auto& literal = arguments.Get(0).literal();
      if (literal.has_integer()) return std::optional(integer_constant(-int64_t{literal.integer()}));
      if (literal.has_long_()) return std::optional(long_constant(-literal.long_()));
    }
    TRY(operand, resolve(arguments.Get(0)));
    TRY(negated, call_function(state_, "negative", {operand}));
    return std::optional(spelled_as(negated, "-"));
  }
  if (arguments.size() == 1) {
    if (auto type = cast_function(name)) {
      TRY(value, resolve(arguments.Get(0)));
      TRY(converted, explicit_cast(state_, value, *type));
      // int(x) prints as x does.
      auto cast = std::get<Cast>(converted->node);
      cast.implicit = true;
      return std::optional(make_expression(converted->type, converted->nullable, std::move(cast)));
    }
  }
  return std::optional<ExpressionPtr>();
}

}  // namespace mastic::spark
