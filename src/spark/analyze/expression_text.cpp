#include "spark/analyze/expression_text.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "engine/time_zone.h"
#include "spark/functions/registry.h"

namespace mastic::spark {
namespace {

std::string list_of(const std::vector<ExpressionPtr>& expressions, std::size_t first = 0) {
  std::string text;
  for (std::size_t i = first; i < expressions.size(); ++i) {
    if (i > first) text += ", ";
    text += text_of(*expressions[i]);
  }
  return text;
}

// Operators that stand between their operands, in parentheses.
bool is_infix(std::string_view name) {
  static constexpr std::array<std::string_view, 17> names{"+", "-",  "*",  "/", "%", "div", "=",   "<=>", "<",
                                                          ">", "<=", ">=", "&", "|", "^",   "and", "or"};
  for (const auto infix : names)
    if (infix == name) return true;
  return false;
}

// Functions of Java's Math, which Spark prints in capitals.
bool prints_capitals(std::string_view name) {
  static constexpr std::array<std::string_view, 32> names{"acos",
                                                          "acosh",
                                                          "asin",
                                                          "asinh",
                                                          "atan",
                                                          "atan2",
                                                          "atanh",
                                                          "cbrt",
                                                          "cos",
                                                          "cosh",
                                                          "cot",
                                                          "csc",
                                                          "degrees",
                                                          "e",
                                                          "exp",
                                                          "expm1",
                                                          "hypot",
                                                          "log10",
                                                          "log1p",
                                                          "log2",
                                                          "pi",
                                                          "radians",
                                                          "sec",
                                                          "signum",
                                                          "sin",
                                                          "sinh",
                                                          "sqrt",
                                                          "tan",
                                                          "tanh",
                                                          "rlike",
                                                          "spark_partition_id",
                                                          "log"};
  for (const auto capital : names)
    if (capital == name) return true;
  return false;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return result;
}

std::string date_text(int64_t days) {
  const std::chrono::sys_days day{std::chrono::days{days}};
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

// The zone in which TIMESTAMP constants print: the session's of the request that this thread analyzes.
thread_local const engine::TimeZone* text_zone = nullptr;

std::string local_text(int64_t microseconds) {
  constexpr int64_t day = 86'400'000'000;
  int64_t days = microseconds / day;
  int64_t rest = microseconds % day;
  if (rest < 0) {
    rest += day;
    --days;
  }
  auto text =
      fmt::format("{} {:02}:{:02}:{:02}", date_text(days), rest / 3'600'000'000, rest / 60'000'000 % 60, rest / 1'000'000 % 60);
  if (rest % 1'000'000 != 0) {
    auto fraction = fmt::format(".{:06}", rest % 1'000'000);
    while (fraction.back() == '0') fraction.pop_back();
    text += fraction;
  }
  return text;
}

std::string timestamp_text(int64_t microseconds) {
  return local_text(text_zone != nullptr ? text_zone->to_local(microseconds) : microseconds);
}

std::string time_text(int64_t microseconds) {
  auto text = local_text(microseconds);
  return text.substr(text.find(' ') + 1);
}

std::string day_time_text(int64_t microseconds, const DataType& type) {
  const bool negative = microseconds < 0;
  const uint64_t value = negative ? 0 - static_cast<uint64_t>(microseconds) : static_cast<uint64_t>(microseconds);
  static constexpr std::array<std::string_view, 4> fields{"DAY", "HOUR", "MINUTE", "SECOND"};
  const std::array<uint64_t, 4> units{86'400'000'000, 3'600'000'000, 60'000'000, 1'000'000};
  std::string text;
  uint64_t rest = value;
  for (int field = type.start_field; field <= type.end_field && field < 4; ++field) {
    const uint64_t count = rest / units[field];
    rest %= units[field];
    if (field > type.start_field) text += field == 1 ? " " : ":";
    text += field == type.start_field && field == 0 ? std::to_string(count) : fmt::format("{:02}", count);
    if (field == 3 && rest != 0) {
      auto fraction = fmt::format(".{:06}", rest);
      while (fraction.back() == '0') fraction.pop_back();
      text += fraction;
    }
  }
  const auto unit = type.start_field == type.end_field
                        ? std::string(fields[type.start_field % 4])
                        : fmt::format("{} TO {}", fields[type.start_field % 4], fields[type.end_field % 4]);
  return fmt::format("INTERVAL '{}{}' {}", negative ? "-" : "", text, unit);
}

std::string year_month_text(int64_t months, const DataType& type) {
  const auto sign = months < 0 ? "-" : "";
  const auto value = std::abs(months);
  if (type.start_field == 0 && type.end_field == 0) return fmt::format("INTERVAL '{}{}' YEAR", sign, value / 12);
  if (type.start_field == 1) return fmt::format("INTERVAL '{}{}' MONTH", sign, value);
  return fmt::format("INTERVAL '{}{}-{}' YEAR TO MONTH", sign, value / 12, value % 12);
}

std::string literal_text(const Literal& literal, const DataType& type) {
  if (std::holds_alternative<std::monostate>(literal.value)) return "NULL";
  if (const auto* flag = std::get_if<bool>(&literal.value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&literal.value)) return java_double_text(*number, type.is(TypeKind::float_));
  if (const auto* text = std::get_if<std::string>(&literal.value)) {
    if (!type.is(TypeKind::binary)) return *text;
    std::string hex = "X'";
    for (const unsigned char byte : *text) hex += fmt::format("{:02X}", byte);
    return hex + "'";
  }
  if (const auto* interval = std::get_if<Literal::Interval>(&literal.value))
    return fmt::format("INTERVAL '{} months {} days {} microseconds'", interval->months, interval->days,
                       interval->microseconds);
  const auto value = std::get<int64_t>(literal.value);
  switch (type.kind) {
    case TypeKind::date: return fmt::format("DATE '{}'", date_text(value));
    case TypeKind::timestamp: return fmt::format("TIMESTAMP '{}'", timestamp_text(value));
    case TypeKind::timestamp_ntz: return fmt::format("TIMESTAMP_NTZ '{}'", local_text(value));
    case TypeKind::time: return fmt::format("TIME '{}'", time_text(value));
    case TypeKind::day_time_interval: return day_time_text(value, type);
    case TypeKind::year_month_interval: return year_month_text(value, type);
    default: return std::to_string(value);
  }
}

std::string order_text(const SortOrder& order) {
  return fmt::format("{} {} NULLS {}", text_of(*order.child), order.ascending ? "ASC" : "DESC",
                     order.nulls_first ? "FIRST" : "LAST");
}

// struct(a, b + 1 AS c): whether the field's name was written, not taken from the value or its place.
bool is_alias(const Expression& value, const std::string& name, std::size_t index) {
  if (const auto* column = std::get_if<ColumnReference>(&value.node)) return column->name != name;
  if (const auto* column = std::get_if<OuterReference>(&value.node)) return column->name != name;
  if (const auto* variable = std::get_if<LambdaVariable>(&value.node)) return !variable->name.starts_with(name);
  if (const auto* field = std::get_if<FieldAccess>(&value.node))
    return field->child->type.fields.at(static_cast<std::size_t>(field->field)).name != name;
  return name != fmt::format("col{}", index + 1);
}

// What array_sort compares with when it is given no comparator.
std::string default_comparator() {
  const std::string variable = "namedlambdavariable()";
  const auto less = fmt::format("(IF(({0} < {0}), -1, (IF(({0} > {0}), 1, 0))))", variable);
  return fmt::format(
      "lambdafunction((IF((({0} IS NULL) AND ({0} IS NULL)), 0, (IF(({0} IS NULL), 1, (IF(({0} IS NULL), -1, {1})))))), {0}, "
      "{0})",
      variable, less);
}

std::string call_text(const Call& call) {
  const auto& name = call.function;
  const auto& arguments = call.arguments;
  const auto argument = [&](std::size_t i) { return text_of(*arguments[i]); };
  if (name == "sql_function") return call.spelled;
  // A date moved by whole days is moved by their number.
  if ((name == "+" || name == "-") && arguments.size() == 2 && arguments[0]->type.is(TypeKind::date) &&
      arguments[1]->type.is(TypeKind::day_time_interval) && arguments[1]->type.end_field == 0)
    return fmt::format("{}({}, extractansiintervaldays({}))", name == "+" ? "date_add" : "date_sub", argument(0), argument(1));
  // A date or timestamp moved by an interval prints bare.
  if ((name == "+" || name == "-") && arguments.size() == 2 &&
      arguments[0]->type.is_interval() != arguments[1]->type.is_interval() && !arguments[0]->type.is_numeric() &&
      !arguments[1]->type.is_numeric())
    return fmt::format("{} {} {}", argument(0), name, argument(1));
  if (call.spelled == "between") {  // a >= low AND a <= high, written as one
    const auto& low = std::get<Call>(arguments[0]->node).arguments;
    const auto& high = std::get<Call>(arguments[1]->node).arguments;
    return fmt::format("between({}, {}, {})", text_of(*low[0]), text_of(*low[1]), text_of(*high[1]));
  }
  if (call.spelled == "<<" || call.spelled == ">>" || call.spelled == ">>>")
    return fmt::format("({} {} {})", argument(0), call.spelled, argument(1));
  if (call.spelled.empty() && is_infix(name) && arguments.size() == 2)
    return fmt::format("({} {} {})", argument(0), name == "and" || name == "or" ? upper(name) : name, argument(1));
  if (name == "from_json" || name == "from_csv" || name == "to_json" || name == "to_csv" || name == "schema_of_json" ||
      name == "schema_of_csv")
    return fmt::format("{}({})", name, argument(0));
  if (name == "array_sort" && arguments.size() == 1)
    return fmt::format("array_sort({}, {})", argument(0), default_comparator());
  if (name == "shuffle") return fmt::format("shuffle({})", argument(0));
  if (name == "not") return fmt::format("(NOT {})", argument(0));
  if (name == "isnull") return fmt::format("({} IS NULL)", argument(0));
  if (name == "isnotnull") return fmt::format("({} IS NOT NULL)", argument(0));
  if (name == "in") return fmt::format("({} IN ({}))", argument(0), list_of(arguments, 1));
  if (name == "like" || name == "ilike") {
    if (name == "ilike") return fmt::format("ilike({}, {})", argument(0), argument(1));
    if (arguments.size() > 2 && argument(2) != "\\")
      return fmt::format("{} LIKE {} ESCAPE '{}'", argument(0), argument(1), argument(2));
    return fmt::format("{} LIKE {}", argument(0), argument(1));
  }
  if (name == "~") return "~" + argument(0);
  if (name == "negative" && call.spelled == "-") return fmt::format("(- {})", argument(0));
  if (name == "positive") return fmt::format("(+ {})", argument(0));
  if (name.starts_with("likea") || name.starts_with("notlikea")) return fmt::format("{}({})", name, argument(0));
  if ((name == "trim" || name == "ltrim" || name == "rtrim") && arguments.size() == 2)
    return fmt::format("TRIM({} {} FROM {})",
                       name == "trim"    ? "BOTH"
                       : name == "ltrim" ? "LEADING"
                                         : "TRAILING",
                       argument(0), argument(1));
  if (name == "date_part" && (call.spelled == "extract" || call.spelled == "datepart"))
    return fmt::format("{}({} FROM {})", call.spelled, argument(0), argument(1));
  if (name == "try_make_timestamp" && arguments.size() == 7)  // Spark's own name leaves the zone out
    return fmt::format("try_make_timestamp({}, {}, {}, {}, {}, {})", argument(0), argument(1), argument(2), argument(3),
                       argument(4), argument(5));
  if (name == "from_json" || name == "from_csv" || name == "from_xml" || name == "to_csv" || name == "to_xml" ||
      name == "to_json" || name == "schema_of_json" || name == "schema_of_csv" || name == "schema_of_xml")
    return fmt::format("{}({})", name, argument(0));
  if (name == "window" || name == "session_window") return name;
  if (name == "spark_partition_id") return "SPARK_PARTITION_ID()";
  if (name == "try_to_time") return fmt::format("try_to_time(to_time({}))", list_of(arguments));
  if (name == "make_timestamp_ltz" && arguments.size() < 6) return fmt::format("make_timestamp({})", list_of(arguments));
  if (name == "try_make_timestamp_ltz" && arguments.size() < 6) return fmt::format("make_timestamp({})", list_of(arguments));
  if (name == "try_make_timestamp_ntz" && arguments.size() < 6)
    return fmt::format("try_make_timestamp_ntz(make_timestamp_ntz({}))", list_of(arguments));
  if (name == "array_item" || name == "map_item") return fmt::format("{}[{}]", argument(0), argument(1));
  if (name == "array_field") {
    const auto field = static_cast<std::size_t>(std::get<int64_t>(std::get<Literal>(arguments[1]->node).value));
    return fmt::format("{}.{}", argument(0), arguments[0]->type.element().fields.at(field).name);
  }
  if (name == "named_struct" && call.spelled == "struct") {
    std::string text = "struct(";
    for (std::size_t i = 1; i < arguments.size(); i += 2) {
      text += (i > 1 ? ", " : "") + argument(i);
      if (const auto name = argument(i - 1); is_alias(*arguments[i], name, i / 2)) text += " AS " + name;
    }
    return text + ")";
  }
  if (!call.spelled.empty()) {
    // A few aliases are classes of their own in Spark and print in capitals.
    if (call.spelled == "regexp" || call.spelled == "regexp_like" || call.spelled == "signum")
      return fmt::format("{}({})", upper(call.spelled), list_of(arguments));
    return fmt::format("{}({})", call.spelled, list_of(arguments));
  }
  if ((name == "ceil" || name == "floor") && arguments.size() == 1)
    return fmt::format("{}({})", upper(name), list_of(arguments));
  if (name == "power") return fmt::format("POWER({})", list_of(arguments));
  if (prints_capitals(name)) return fmt::format("{}({})", upper(name), list_of(arguments));
  return fmt::format("{}({})", name, list_of(arguments));
}

std::string aggregate_text(std::string_view name, const std::vector<ExpressionPtr>& arguments, bool distinct, bool ignore_nulls,
                           const std::vector<SortOrder>& within_group = {}) {
  // Spark shows the order in which mode() would take the last of the values.
  if (name == "mode" && !within_group.empty())
    return fmt::format("mode() WITHIN GROUP (ORDER BY {}{})", text_of(*within_group[0].child),
                       within_group[0].ascending ? " DESC" : "");
  // approx_count_distinct shows its first argument alone.
  auto shown = name == "approx_count_distinct" && !arguments.empty() ? text_of(*arguments[0]) : list_of(arguments);
  auto text = fmt::format("{}({}{})", name, distinct ? "DISTINCT " : "", shown);
  if (ignore_nulls && name == "nth_value") text += " ignore nulls";
  if (!within_group.empty()) {
    const bool percentile = name.starts_with("percentile_");
    text += " WITHIN GROUP (ORDER BY ";
    for (std::size_t i = 0; i < within_group.size(); ++i) {
      const auto& order = within_group[i];
      if (i > 0) text += ", ";
      text += percentile ? text_of(*order.child) + (order.ascending ? "" : " DESC") : order_text(order);
    }
    text += ")";
  }
  return text;
}

std::string bound_text(const FrameBound& bound) {
  switch (bound.kind) {
    case FrameBound::Kind::unbounded_preceding: return "UNBOUNDED PRECEDING";
    case FrameBound::Kind::preceding: return text_of(*bound.offset) + " PRECEDING";
    case FrameBound::Kind::current_row: return "CURRENT ROW";
    case FrameBound::Kind::following: return text_of(*bound.offset) + " FOLLOWING";
    case FrameBound::Kind::unbounded_following: return "UNBOUNDED FOLLOWING";
  }
  return {};
}

// lag and lead have a frame of one row, which Spark prints as so many rows following.
std::string shift_frame(const WindowCall& call) {
  int64_t rows = 1;
  if (call.arguments.size() > 1) {
    const auto* literal = std::get_if<Literal>(&call.arguments[1]->node);
    const auto* number = literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
    if (number != nullptr) rows = *number;
  }
  if (call.function == "lag") rows = -rows;
  return fmt::format("ROWS BETWEEN {0} FOLLOWING AND {0} FOLLOWING", rows);
}

std::string window_text(const WindowCall& call) {
  std::string name = call.spelled.empty() ? call.function : call.spelled;
  if (name == "rank" || name == "dense_rank" || name == "percent_rank") name = upper(name);
  auto text = aggregate_text(name, call.arguments, call.distinct, call.ignore_nulls);
  if (call.filter) text += fmt::format(" FILTER (WHERE {})", text_of(*call.filter));
  text += " OVER (";
  if (!call.partition_by.empty()) text += fmt::format("PARTITION BY {} ", list_of(call.partition_by));
  if (!call.order_by.empty()) {
    text += "ORDER BY ";
    for (std::size_t i = 0; i < call.order_by.size(); ++i) text += (i > 0 ? ", " : "") + order_text(call.order_by[i]);
    text += " ";
  }
  if (call.function == "lag" || call.function == "lead") return text + shift_frame(call) + ")";
  const bool rows = call.frame == FrameType::rows && call.function != "cume_dist";
  return text + fmt::format("{} BETWEEN {} AND {})", rows ? "ROWS" : "RANGE", bound_text(call.lower), bound_text(call.upper));
}

std::string case_text(const CaseWhen& node) {
  if (node.written_as_if)
    return fmt::format("(IF({}, {}, {}))", text_of(*node.branches[0].first), text_of(*node.branches[0].second),
                       text_of(*node.otherwise));
  std::string text = "CASE";
  for (const auto& [condition, value] : node.branches)
    text += fmt::format(" WHEN {} THEN {}", text_of(*condition), text_of(*value));
  if (node.otherwise) text += " ELSE " + text_of(*node.otherwise);
  return text + " END";
}

struct Printer {
  const Expression& expression;

  std::string operator()(const Literal& node) const {
    if (!expression.type.collation.empty())
      return "'" + literal_text(node, expression.type) + "' collate " + expression.type.collation;
    return literal_text(node, expression.type);
  }
  std::string operator()(const ColumnReference& node) const { return node.name; }
  std::string operator()(const OuterReference& node) const { return fmt::format("outer({})", node.name); }
  std::string operator()(const Call& node) const {
    if (node.function == "from_json" && expression.type.is(TypeKind::map)) return "entries";
    return call_text(node);
  }
  std::string operator()(const CaseWhen& node) const { return case_text(node); }
  std::string operator()(const Cast& node) const {
    if (node.implicit || expression.type.is_nested()) return text_of(*node.child);
    return fmt::format("{}({} AS {})", node.mode == EvalMode::try_ ? "TRY_CAST" : "CAST", text_of(*node.child),
                       sql_string(expression.type));
  }
  std::string operator()(const FieldAccess& node) const {
    return fmt::format("{}.{}", text_of(*node.child), node.child->type.fields.at(node.field).name);
  }
  std::string operator()(const Lambda& node) const {
    std::string names;
    for (std::size_t i = 0; i < node.names.size(); ++i) names += fmt::format("{}namedlambdavariable()", i > 0 ? ", " : "");
    return fmt::format("lambdafunction({}, {})", text_of(*node.body), names);
  }
  std::string operator()(const LambdaVariable&) const { return "namedlambdavariable()"; }
  std::string operator()(const AggregateCall& node) const {
    return aggregate_text(node.spelled.empty() ? node.function : node.spelled, node.arguments, node.distinct, node.ignore_nulls,
                          node.within_group) +
           (node.filter ? fmt::format(" FILTER (WHERE {})", text_of(*node.filter)) : "");
  }
  std::string operator()(const WindowCall& node) const { return window_text(node); }
  std::string operator()(const SubqueryExpression& node) const {
    switch (node.kind) {
      case SubqueryExpression::Kind::scalar: return "scalarsubquery()";
      case SubqueryExpression::Kind::exists: return "exists()";
      case SubqueryExpression::Kind::in: return fmt::format("({} IN (listquery()))", list_of(node.values));
    }
    return {};
  }
  std::string operator()(const PythonCall& node) const {
    std::string list;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      if (i > 0) list += ", ";
      if (i < node.argument_names.size() && !node.argument_names[i].empty()) list += node.argument_names[i] + " => ";
      list += text_of(*node.arguments[i]);
    }
    return fmt::format("{}({})", node.name, list);
  }
};

}  // namespace

std::string java_double_text(double value, bool single) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  auto shortest = single ? fmt::format("{:e}", static_cast<float>(value)) : fmt::format("{:e}", value);
  // The shortest digits that read back to the same value.
  for (int digits = 0; digits < 17; ++digits) {
    auto candidate = fmt::format("{:.{}e}", value, digits);
    const bool same = single ? std::strtof(candidate.c_str(), nullptr) == static_cast<float>(value)
                             : std::strtod(candidate.c_str(), nullptr) == value;
    if (same) {
      shortest = candidate;
      break;
    }
  }
  const auto e = shortest.find('e');
  const int exponent = std::atoi(shortest.c_str() + e + 1);
  std::string digits;
  for (const char c : shortest.substr(0, e))
    if (c >= '0' && c <= '9') digits += c;
  const std::string sign = value < 0 ? "-" : "";
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    while (static_cast<int>(digits.size()) < exponent + 2) digits += '0';
    return sign + digits.substr(0, static_cast<std::size_t>(exponent + 1)) + "." +
           digits.substr(static_cast<std::size_t>(exponent + 1));
  }
  if (digits.size() == 1) digits += '0';
  return fmt::format("{}{}.{}E{}", sign, digits[0], digits.substr(1), exponent);
}

TextZone::TextZone(std::string_view name) : before_(text_zone) { text_zone = engine::TimeZone::find(name); }
TextZone::~TextZone() { text_zone = before_; }

std::string text_of(const Expression& expression) { return std::visit(Printer{expression}, expression.node); }
std::string quoted_text(const Expression& expression) { return fmt::format("\"{}\"", text_of(expression)); }
std::string quoted_type(const DataType& type) { return fmt::format("\"{}\"", sql_string(type)); }
std::string quoted_name(std::string_view name) {
  std::string text = "`";
  for (const char c : name) {
    text += c;
    if (c == '`') text += c;
  }
  return text + "`";
}

}  // namespace mastic::spark
