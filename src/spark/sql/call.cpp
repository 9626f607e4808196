// Function calls with all that may follow them, and the forms with a syntax of their own.
#include <algorithm>
#include <array>
#include <functional>

#include "spark/sql/grammar.h"
#include "spark/sql/literal.h"

namespace mastic::spark::sql {
namespace {

// Functions that SQL writes without parentheses.
constexpr auto bare_functions =
    std::to_array<std::string_view>({"CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_TIME", "LOCALTIMESTAMP", "CURRENT_USER",
                                     "USER", "SESSION_USER", "CURRENT_CATALOG", "CURRENT_DATABASE", "CURRENT_SCHEMA"});

// The fields of an interval type, by unit: YEAR 0, MONTH 1; DAY and WEEK 0, HOUR 1, MINUTE 2, SECOND and below 3.
int field_of(std::string_view unit) {
  if (unit.starts_with("HOUR") || unit.starts_with("MONTH")) return 1;
  if (unit.starts_with("MINUTE")) return 2;
  return unit.starts_with("YEAR") || unit.starts_with("DAY") || unit.starts_with("WEEK") ? 0 : 3;
}

struct IntervalFields {
  int first = 3;
  int last = 0;
  void add(std::string_view unit) {
    first = std::min(first, field_of(unit));
    last = std::max(last, field_of(unit));
  }
};

Expression interval_literal(const IntervalParts& parts, bool year_month, bool day_time, const IntervalFields& fields) {
  Expression expression;
  auto* literal = expression.mutable_literal();
  if (year_month) {
    literal->set_year_month_interval(static_cast<int32_t>(parts.months));
    *literal->mutable_data_type() = to_proto(types::year_month_interval(fields.first, fields.last));
  } else if (day_time) {
    literal->set_day_time_interval(parts.days * 86'400'000'000 + parts.microseconds);
    *literal->mutable_data_type() = to_proto(types::day_time_interval(fields.first, fields.last));
  } else {
    auto* interval = literal->mutable_calendar_interval();
    interval->set_months(static_cast<int32_t>(parts.months));
    interval->set_days(static_cast<int32_t>(parts.days));
    interval->set_microseconds(parts.microseconds);
  }
  return expression;
}

constexpr bool is_year_month(std::string_view unit) {
  return unit == "YEAR" || unit == "YEARS" || unit == "MONTH" || unit == "MONTHS";
}

std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

}  // namespace

SparkResult<std::optional<Expression>> Grammar::special_form() {
  Expression literal;
  if (take_word("NULL")) {
    *literal.mutable_literal()->mutable_null() = to_proto(types::null());
    return literal;
  }
  if (at_any_word({"TRUE", "FALSE"})) {
    literal.mutable_literal()->set_boolean(take_word("TRUE") || !take_word("FALSE"));
    return literal;
  }
  if (peek(1).kind == TokenKind::string && at_any_word({"DATE", "TIME", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "X"})) {
    TRY(type, name());
    return typed_literal(type);
  }
  if (take_word("CASE")) return case_expression();
  if (at_word("INTERVAL") && !at_symbol(",", 1) && !at_symbol(")", 1) && !at_symbol(".", 1) && peek(1).kind != TokenKind::end) {
    ++at_;
    return interval();
  }
  if (at_symbol("(", 1)) {
    struct Form {
      std::string_view word;
      std::function<SparkResult<Expression>()> read;
    };
    using Cast = proto::Expression::Cast;
    const auto forms = std::to_array<Form>({
        {"CAST", [&] { return cast_expression(Cast::EVAL_MODE_UNSPECIFIED); }},
        {"TRY_CAST", [&] { return cast_expression(Cast::EVAL_MODE_TRY); }},
        {"EXTRACT", [&] { return extract_form(); }},
        {"TRIM", [&] { return trim_form(); }},
        {"OVERLAY", [&] { return overlay_form(); }},
        {"SUBSTRING", [&] { return substring_form("substring"); }},
        {"SUBSTR", [&] { return substring_form("substr"); }},
        {"POSITION", [&] { return position_form(); }},
        {"TIMESTAMPADD", [&] { return unit_form("timestampadd"); }},
        {"DATEADD", [&] { return unit_form("timestampadd"); }},
        {"DATE_ADD", [&] { return unit_form("timestampadd"); }},
        {"TIMESTAMPDIFF", [&] { return unit_form("timestampdiff"); }},
        {"DATEDIFF", [&] { return unit_form("timestampdiff"); }},
        {"DATE_DIFF", [&] { return unit_form("timestampdiff"); }},
        {"TIMEDIFF", [&] { return unit_form("timestampdiff"); }},
    });
    for (const auto& form : forms) {
      if (!at_word(form.word)) continue;
      ++at_;
      return form.read();
    }
    return std::nullopt;
  }
  for (const auto function : bare_functions)
    if (at_word(function) && !at_symbol(".", 1)) {
      ++at_;
      return call(to_lower(function), {});
    }
  return std::nullopt;
}

SparkResult<Expression> Grammar::typed_literal(const std::string& type) {
  const Token token = peek();
  TRY(text, string_text());
  auto literal = make_typed_literal(type, text);
  if (!literal) return fail(locate(std::move(literal).error(), text_, token.begin, token.end));
  return literal;
}

// INTERVAL '1-2' YEAR TO MONTH · INTERVAL 3 DAYS 2 HOURS · INTERVAL '1 day 2 hours' · INTERVAL (a + 1) DAY
SparkResult<Expression> Grammar::interval() {
  const Token start = peek();
  IntervalParts sum;
  bool all_year_month = true;
  bool all_day_time = true;
  bool any = false;
  IntervalFields fields;
  const auto invalid = [&] {
    return fail(locate(parse_error("INVALID_INTERVAL_FORMAT.INVALID_UNIT", {{"input", start.text}, {"unit", peek().text}}),
                       text_, start.begin, start.end));
  };
  const auto add = [&](const IntervalParts& parts, std::string_view unit) {
    const std::string upper = to_upper(unit);
    all_year_month = all_year_month && is_year_month(upper);
    all_day_time = all_day_time && !is_year_month(upper);
    fields.add(upper);
    sum.months += parts.months;
    sum.days += parts.days;
    sum.microseconds += parts.microseconds;
    any = true;
  };
  if (peek().kind == TokenKind::string && peek(1).kind != TokenKind::word) {  // INTERVAL '1 day 2 hours'
    TRY(text, string_text());
    TRY(tokens, tokenize(text));
    std::size_t at = 0;
    if (tokens[at].kind == TokenKind::word && equal_ignoring_case(tokens[at].text, "interval")) ++at;
    while (tokens[at].kind != TokenKind::end) {
      std::string quantity;
      while (tokens[at].kind == TokenKind::symbol) quantity += tokens[at++].text;
      quantity += tokens[at].text;
      if (tokens[at].kind == TokenKind::end || tokens[at + 1].kind != TokenKind::word) return invalid();
      const auto parts = interval_of(quantity, tokens[at + 1].text);
      if (!parts) return invalid();
      add(*parts, tokens[at + 1].text);
      at += 2;
    }
    if (!any) return invalid();
    return interval_literal(sum, all_year_month, all_day_time, fields);
  }
  for (;;) {
    std::string quantity;
    std::size_t ahead = 0;
    if (at_symbol("-") || at_symbol("+")) quantity = peek(ahead++).text;
    const auto kind = peek(ahead).kind;
    const bool is_constant = kind == TokenKind::string || kind == TokenKind::integer || kind == TokenKind::decimal;
    if (!is_constant || peek(ahead + 1).kind != TokenKind::word) break;
    quantity += peek(ahead).text;
    const std::string unit = peek(ahead + 1).text;
    if (at_word("TO", ahead + 2)) {
      const auto parts = interval_range(quantity, unit, peek(ahead + 3).text);
      if (!parts) return invalid();
      add(*parts, unit);
      fields.add(to_upper(peek(ahead + 3).text));
      at_ += ahead + 4;
      return interval_literal(sum, all_year_month, all_day_time, fields);
    }
    const auto parts = interval_of(quantity, unit);
    if (!parts) break;
    add(*parts, unit);
    at_ += ahead + 2;
  }
  if (any) return interval_literal(sum, all_year_month, all_day_time, fields);
  // A computed quantity: make_interval-like, by unit.
  TRY(quantity, primary());
  TRY(unit, name());
  if (!interval_of("1", unit)) return invalid();
  std::vector<Expression> arguments;
  arguments.push_back(string_literal(to_upper(unit)));
  arguments.push_back(std::move(quantity));
  return call("interval_of_unit", std::move(arguments));
}

SparkResult<Expression> Grammar::extract_form() {
  TRY_DO(expect_symbol("("));
  std::string field;
  if (peek().kind == TokenKind::string) {
    TRY(text, string_text());
    field = std::move(text);
  } else {
    TRY(word, name());
    field = std::move(word);
  }
  TRY_DO(expect_word("FROM"));
  TRY(source, expression());
  TRY_DO(expect_symbol(")"));
  std::vector<Expression> arguments;
  arguments.push_back(string_literal(field));
  arguments.push_back(std::move(source));
  return call("extract", std::move(arguments));
}

// overlay(text PLACING with FROM position [FOR length]) · overlay(text, with, position[, length])
SparkResult<Expression> Grammar::overlay_form() {
  TRY_DO(expect_symbol("("));
  std::vector<Expression> arguments;
  do {
    TRY(argument_value, expression());
    arguments.push_back(std::move(argument_value));
  } while (take_symbol(",") || take_word("PLACING") || take_word("FROM") || take_word("FOR"));
  TRY_DO(expect_symbol(")"));
  return call("overlay", std::move(arguments));
}

// trim([BOTH|LEADING|TRAILING] [characters] FROM text) · trim([characters, ]text): the characters stand first.
SparkResult<Expression> Grammar::trim_form() {
  TRY_DO(expect_symbol("("));
  std::string_view function = "trim";
  if (at_any_word({"BOTH", "LEADING", "TRAILING"}) && !at_symbol(",", 1) && !at_symbol(")", 1)) {
    function = at_word("LEADING") ? "ltrim" : at_word("TRAILING") ? "rtrim" : "trim";
    ++at_;
  }
  std::vector<Expression> arguments;
  if (take_word("FROM")) {
    TRY(text, expression());
    arguments.push_back(std::move(text));
  } else {
    TRY(first, expression());
    arguments.push_back(std::move(first));
    if (take_word("FROM")) {
      TRY(text, expression());
      arguments.push_back(std::move(text));
    } else if (take_symbol(",")) {
      TRY(second, expression());
      arguments.push_back(std::move(second));
    }
  }
  TRY_DO(expect_symbol(")"));
  return call(function, std::move(arguments));
}

SparkResult<Expression> Grammar::substring_form(std::string_view function) {
  TRY_DO(expect_symbol("("));
  std::vector<Expression> arguments;
  bool is_standard = false;
  do {
    is_standard = is_standard || (at_ > 0 && equal_ignoring_case(tokens_[at_ - 1].text, "from"));
    TRY(argument_value, expression());
    arguments.push_back(std::move(argument_value));
  } while (take_symbol(",") || take_word("FROM") || take_word("FOR"));
  TRY_DO(expect_symbol(")"));
  return call(is_standard ? "substring" : function, std::move(arguments));
}

// timestampadd(MONTH, 1, t): the unit is a word. Without one it is the plain function of that name.
SparkResult<Expression> Grammar::unit_form(std::string_view function) {
  static constexpr auto units = std::to_array<std::string_view>(
      {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"});
  const std::string written = to_lower(tokens_[at_ - 1].text);
  // With two arguments, as in date_add(day, 3), the word is a column and this the plain function of the name.
  std::size_t commas = 0;
  int depth = 0;
  for (std::size_t at = at_; at < tokens_.size(); ++at) {
    const auto& text = tokens_[at].text;
    if (tokens_[at].kind != TokenKind::symbol) continue;
    depth += text == "(" ? 1 : text == ")" ? -1 : 0;
    if (depth == 0) break;
    commas += depth == 1 && text == "," ? 1 : 0;
  }
  const bool has_unit =
      commas == 2 && at_symbol(",", 2) && std::ranges::any_of(units, [&](std::string_view unit) { return at_word(unit, 1); });
  if (!has_unit) {
    if (peek(1).kind == TokenKind::string && at_symbol(",", 2) && written.starts_with("timestamp"))
      return fail(locate(parse_error("INVALID_PARAMETER_VALUE.DATETIME_UNIT", {{"functionName", "`" + written + "`"},
                                                                               {"parameter", "`unit`"},
                                                                               {"invalidValue", "'" + peek(1).text + "'"}}),
                         text_, peek(1).begin, peek(1).end));
    return function_call(written);
  }
  TRY_DO(expect_symbol("("));
  std::vector<Expression> arguments;
  TRY(unit, name());
  arguments.push_back(string_literal(to_upper(unit)));
  while (take_symbol(",")) {
    TRY(value, expression());
    arguments.push_back(std::move(value));
  }
  TRY_DO(expect_symbol(")"));
  return call(function, std::move(arguments));
}

SparkResult<Expression> Grammar::position_form() {
  TRY_DO(expect_symbol("("));
  std::vector<Expression> arguments;
  TRY(needle, additive());  // not an expression: IN would be read as a predicate
  arguments.push_back(std::move(needle));
  const bool is_in = at_word("IN");
  while (take_symbol(",") || take_word("IN")) {
    TRY(next, expression());
    arguments.push_back(std::move(next));
  }
  TRY_DO(expect_symbol(")"));
  return call(is_in ? "locate" : "position", std::move(arguments));
}

SparkResult<Expression> Grammar::argument() {
  if ((peek().kind == TokenKind::word || peek().kind == TokenKind::quoted) && at_symbol("=>", 1)) {
    TRY(key, name());
    ++at_;
    TRY(value, expression());
    Expression named;
    named.mutable_named_argument_expression()->set_key(std::move(key));
    *named.mutable_named_argument_expression()->mutable_value() = std::move(value);
    return named;
  }
  return named_expression();  // struct(a AS x)
}

SparkResult<Expression> Grammar::function_call(std::string function_name) {
  TRY_DO(expect_symbol("("));
  Expression result;
  auto* function = result.mutable_unresolved_function();
  function->set_function_name(function_name);
  bool ignore_nulls = false;
  if (at_symbol("*") && equal_ignoring_case(function_name, "count")) {
    ++at_;
    *function->add_arguments() = integer_literal(1);  // count(*) is count(1), and is named so
  } else if (!at_symbol(")")) {
    if (take_word("DISTINCT")) function->set_is_distinct(true);
    take_word("ALL");
    do {
      TRY(value, argument());
      *function->add_arguments() = std::move(value);
      if (take_words({"IGNORE", "NULLS"})) ignore_nulls = true;
      take_words({"RESPECT", "NULLS"});
    } while (take_symbol(","));
  }
  TRY_DO(expect_symbol(")"));
  if (ignore_nulls) {
    std::vector<Expression> arguments;
    arguments.push_back(std::move(result));
    result = call("ignore_nulls", std::move(arguments));
  }
  return function_tail(std::move(result));
}

SparkResult<Expression> Grammar::function_tail(Expression function) {
  if (take_words({"WITHIN", "GROUP"})) {
    TRY_DO(expect_symbol("("));
    TRY_DO(expect_word("ORDER"));
    TRY_DO(expect_word("BY"));
    TRY(orders, sort_list());
    TRY_DO(expect_symbol(")"));
    std::vector<Expression> arguments;
    arguments.push_back(std::move(function));
    for (auto& order : orders) *arguments.emplace_back().mutable_sort_order() = std::move(order);
    function = call("within_group", std::move(arguments));
  }
  if (at_word("FILTER") && at_symbol("(", 1)) {
    at_ += 2;
    TRY_DO(expect_word("WHERE"));
    TRY(condition, expression());
    TRY_DO(expect_symbol(")"));
    std::vector<Expression> arguments;
    arguments.push_back(std::move(function));
    arguments.push_back(std::move(condition));
    function = call("aggregate_filter", std::move(arguments));
  }
  if (take_words({"IGNORE", "NULLS"})) {
    std::vector<Expression> arguments;
    arguments.push_back(std::move(function));
    function = call("ignore_nulls", std::move(arguments));
  }
  take_words({"RESPECT", "NULLS"});
  if (take_word("OVER")) return window(std::move(function));
  return function;
}

SparkResult<Expression> Grammar::window(Expression function) {
  Expression result;
  auto* window = result.mutable_window();
  const bool parenthesised_name =
      at_symbol("(") && at_symbol(")", 2) && (peek(1).kind == TokenKind::word || peek(1).kind == TokenKind::quoted);
  if (!at_symbol("(") || parenthesised_name) {
    if (parenthesised_name) ++at_;
    const Token token = peek();
    TRY(window_name, name());
    if (parenthesised_name) ++at_;
    const auto found = named_windows_.find(to_lower(window_name));
    if (found == named_windows_.end())
      return fail(locate(parse_error("MISSING_WINDOW_SPECIFICATION", {{"windowName", window_name}, {"docroot", ""}}), text_,
                         token.begin, token.end));
    *window = found->second;
  } else {
    TRY_DO(window_specification(*window));
  }
  *window->mutable_window_function() = std::move(function);
  return result;
}

SparkResult<void> Grammar::window_specification(Expression::Window& window) {
  TRY_DO(expect_symbol("("));
  if (take_words({"PARTITION", "BY"}) || take_words({"DISTRIBUTE", "BY"}) || take_words({"CLUSTER", "BY"})) {
    TRY(keys, expression_list());
    for (auto& key : keys) *window.add_partition_spec() = std::move(key);
  }
  if (take_words({"ORDER", "BY"}) || take_words({"SORT", "BY"})) {
    TRY(orders, sort_list());
    for (auto& order : orders) *window.add_order_spec() = std::move(order);
  }
  if (at_any_word({"ROWS", "RANGE"})) TRY_DO(window_frame(window));
  return expect_symbol(")");
}

SparkResult<void> Grammar::window_frame(Expression::Window& window) {
  using Frame = Expression::Window::WindowFrame;
  auto* frame = window.mutable_frame_spec();
  frame->set_frame_type(take_word("ROWS") ? Frame::FRAME_TYPE_ROW : Frame::FRAME_TYPE_RANGE);
  if (frame->frame_type() == Frame::FRAME_TYPE_RANGE) ++at_;
  if (take_word("BETWEEN")) {
    TRY(lower, frame_boundary(true));
    TRY_DO(expect_word("AND"));
    TRY(upper, frame_boundary(false));
    *frame->mutable_lower() = std::move(lower);
    *frame->mutable_upper() = std::move(upper);
    return {};
  }
  TRY(lower, frame_boundary(true));
  *frame->mutable_lower() = std::move(lower);
  frame->mutable_upper()->set_current_row(true);
  return {};
}

// A preceding offset is a negative value, as the client sends it.
SparkResult<Expression::Window::WindowFrame::FrameBoundary> Grammar::frame_boundary(bool is_lower) {
  Expression::Window::WindowFrame::FrameBoundary boundary;
  if (take_words({"CURRENT", "ROW"})) {
    boundary.set_current_row(true);
  } else if (take_word("UNBOUNDED")) {
    TRY_DO(expect_word(is_lower ? "PRECEDING" : "FOLLOWING"));
    boundary.set_unbounded(true);
  } else {
    TRY(offset, expression());
    if (take_word("PRECEDING")) {
      std::vector<Expression> arguments;
      arguments.push_back(std::move(offset));
      *boundary.mutable_value() = call("-", std::move(arguments));
    } else {
      TRY_DO(expect_word("FOLLOWING"));
      *boundary.mutable_value() = std::move(offset);
    }
  }
  return boundary;
}

}  // namespace mastic::spark::sql
