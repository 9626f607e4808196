// Operators, by their symbols: arithmetic, comparison, logic, bits, text matching, null tests.
#include <fmt/format.h>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

SparkError bad_operands(const CallSite& call, std::string_view required) {
  return analysis_error("DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                         {"inputType", std::string(required)},
                         {"actualDataType", fmt::format("\"{}\"", sql_string(call.arguments[0].type))}});
}

SparkError differing_operands(const CallSite& call) {
  return analysis_error("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                         {"left", fmt::format("\"{}\"", sql_string(call.arguments[0].type))},
                         {"right", fmt::format("\"{}\"", sql_string(call.arguments[1].type))}});
}

// A literal's own digits: 5 is decimal(1,0), not decimal(10,0), beside a decimal.
DataType decimal_of(const Argument& argument) {
  if (argument.literal != nullptr && argument.type.is_integral()) {
    if (const auto* value = std::get_if<int64_t>(&argument.literal->value)) {
      const auto digits = std::to_string(*value < 0 ? 0 - static_cast<uint64_t>(*value) : static_cast<uint64_t>(*value));
      return types::decimal(static_cast<int>(digits.size()), 0);
    }
  }
  return decimal_for(argument.type);
}

bool is_ansi_interval(const DataType& type) {
  return type.is(TypeKind::day_time_interval) || type.is(TypeKind::year_month_interval);
}

// Dates, timestamps and intervals; nothing when neither operand is one.
std::optional<TypedCall> datetime_arithmetic(char operation, const DataType& left, const DataType& right, bool nullable) {
  const auto typed = [&](DataType a, DataType b, DataType result) {
    return TypedCall{{std::move(a), std::move(b)}, std::move(result), nullable};
  };
  if (operation == '+' && left.is_interval() && (right.is_datetime() || right.is_textual())) {
    auto swapped = datetime_arithmetic(operation, right, left, nullable);
    if (swapped) std::swap(swapped->arguments[0], swapped->arguments[1]);
    return swapped;
  }
  if ((operation == '+' || operation == '-') && right.is_interval()) {
    if (left.is(TypeKind::date)) {
      if (right.is(TypeKind::year_month_interval)) return typed(left, right, types::date());
      if (right.is(TypeKind::day_time_interval) && right.end_field == 0) return typed(left, right, types::date());
      if (right.is(TypeKind::calendar_interval)) return typed(left, right, types::date());
      return typed(types::timestamp(), right, types::timestamp());
    }
    if (left.is(TypeKind::timestamp) || left.is(TypeKind::timestamp_ntz)) return typed(left, right, left);
    if (left.is_textual()) return typed(types::timestamp(), right, types::timestamp());
    if (left.kind == right.kind || left.is(TypeKind::null_)) {
      auto common = left.is(TypeKind::null_) ? std::optional(right) : tightest_common_type(left, right, true);
      if (common) return typed(*common, *common, *common);
    }
  }
  if (operation == '-' && (left.is_datetime() || right.is_datetime())) {
    const bool text = left.is_textual() || right.is_textual();
    if (left.is(TypeKind::date) && right.is(TypeKind::date)) return typed(left, right, types::day_time_interval(0, 0));
    if (left.is_datetime() && right.is_datetime()) {
      const auto common = *tightest_common_type(left, right, true);
      return typed(common, common, types::day_time_interval());
    }
    if (text && !left.is_numeric() && !right.is_numeric()) {
      const auto& other = left.is_textual() ? right : left;
      return typed(other, other, other.is(TypeKind::date) ? types::day_time_interval(0, 0) : types::day_time_interval());
    }
  }
  if ((operation == '*' || operation == '/') && left.is(TypeKind::calendar_interval) && right.is_numeric())
    return typed(left, types::double_type(), left);
  if (operation == '*' && right.is(TypeKind::calendar_interval) && left.is_numeric())
    return typed(types::double_type(), right, right);
  const auto widened = [](const DataType& interval) {
    return interval.is(TypeKind::day_time_interval) ? types::day_time_interval() : types::year_month_interval();
  };
  if ((operation == '*' || operation == '/') && is_ansi_interval(left) && (right.is_numeric() || right.is_textual()))
    return typed(left, right.is_textual() ? types::double_type() : right, widened(left));
  if (operation == '*' && is_ansi_interval(right) && (left.is_numeric() || left.is_textual()))
    return typed(left.is_textual() ? types::double_type() : left, right, widened(right));
  return std::nullopt;
}

// Only points of time are moved by intervals; Spark takes whatever stands beside one for such a point.
std::optional<SparkError> moved_by_interval(char operation, const CallSite& call) {
  const auto moves = [](const DataType& type) {
    return type.is(TypeKind::day_time_interval) || type.is(TypeKind::calendar_interval);
  };
  const bool second = moves(call.arguments[1].type);
  if (!second && (operation == '-' || !moves(call.arguments[0].type))) return std::nullopt;
  const auto& moved = call.arguments[second ? 0 : 1];
  const auto& by = call.arguments[second ? 1 : 0];
  const auto shown = operation == '-' ? fmt::format("(- {})", by.text) : by.text;
  return analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                        {{"sqlExpr", fmt::format("\"{} + {}\"", moved.text, shown)},
                         {"paramIndex", "first"},
                         {"requiredType", "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\""},
                         {"inputSql", fmt::format("\"{}\"", moved.text)},
                         {"inputType", fmt::format("\"{}\"", sql_string(moved.type))}});
}

// + - * / % div, pmod and their try_ forms.
TypingRule arithmetic(char operation, bool may_be_null = false) {
  return [operation, may_be_null](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& a = call.arguments[0];
    const auto& b = call.arguments[1];
    const bool divides = operation == '/' || operation == '%' || operation == 'd';
    // Spark calls every division nullable, ANSI or not.
    bool nullable = a.nullable || b.nullable || may_be_null || divides;
    if (operation == 'd' && is_ansi_interval(a.type) && a.type.kind == b.type.kind) {
      const auto common = *tightest_common_type(a.type, b.type, call.ansi);
      return TypedCall{{common, common}, types::long_type(), true};
    }
    if (auto typed = datetime_arithmetic(operation, a.type, b.type, a.nullable || b.nullable || may_be_null)) return *typed;

    DataType left = a.type;
    DataType right = b.type;
    const auto number_of_text = [&](const DataType& other) {
      if (!call.ansi) return types::double_type();
      if (other.is_integral()) return types::long_type();
      return types::double_type();
    };
    if (left.is_textual() && right.is_textual()) left = right = types::double_type();
    if (left.is_textual()) left = number_of_text(right);
    if (right.is_textual()) right = number_of_text(left);
    if (left.is(TypeKind::null_) && right.is(TypeKind::null_)) left = right = types::double_type();
    if (left.is(TypeKind::null_)) left = right;
    if (right.is(TypeKind::null_)) right = left;
    if (operation == '+' || operation == '-')
      if (auto error = moved_by_interval(operation, call)) return fail(*std::move(error));
    if (!left.is_numeric() || !right.is_numeric()) {
      if (!same_type(left, right)) return fail(differing_operands(call));
      return fail(bad_operands(call, operation == '/' ? "(\"DOUBLE\" or \"DECIMAL\")" : "\"NUMERIC\""));
    }

    const bool decimal = left.is(TypeKind::decimal) || right.is(TypeKind::decimal);
    if (decimal && !left.is_fractional() && !right.is_fractional()) {
      left = left.is(TypeKind::decimal) ? left : decimal_of(a);
      right = right.is(TypeKind::decimal) ? right : decimal_of(b);
      nullable |= cast_may_null(a.type, left, call.ansi) || cast_may_null(b.type, right, call.ansi);
      const auto result = operation == 'd' ? types::long_type() : decimal_arithmetic_type(operation, left, right);
      return TypedCall{{left, right}, result, nullable || !call.ansi};
    }
    if (a.type.is_textual() || b.type.is_textual()) nullable = true;
    if (decimal) left = right = types::double_type();
    if (operation == '/') return TypedCall{{types::double_type(), types::double_type()}, types::double_type(), nullable};
    if (operation == 'd') return TypedCall{{types::long_type(), types::long_type()}, types::long_type(), nullable};
    const auto common = *tightest_common_type(left, right, call.ansi);
    return TypedCall{{common, common}, common, nullable};
  };
}

SparkResult<TypedCall> compare(const FunctionRow& row, const CallSite& call) {
  const auto& left = call.arguments[0];
  const auto& right = call.arguments[1];
  auto common = comparison_type(left.type, right.type, call.ansi);
  if (!common) return fail(differing_operands(call));
  const bool orders = row.name.front() == '<' || row.name.front() == '>';
  if (!is_orderable(*common))
    return fail(
        analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                   {"functionName", fmt::format("`{}`", row.name)},
                                                                   {"dataType", fmt::format("\"{}\"", sql_string(*common))}}));
  (void)orders;
  const bool nullable = row.name != "<=>" && (left.nullable || right.nullable || cast_may_null(left.type, *common, call.ansi) ||
                                              cast_may_null(right.type, *common, call.ansi));
  return TypedCall{{*common, *common}, types::boolean(), nullable};
}

SparkResult<TypedCall> in_list(const FunctionRow&, const CallSite& call) {
  std::vector<DataType> types;
  bool nullable = false;
  for (const auto& argument : call.arguments) {
    types.push_back(argument.type);
    nullable |= argument.nullable;
  }
  auto common = wider_type_of(types, call.ansi);
  if (!common) return fail(different_types(call));
  for (const auto& type : types) nullable |= cast_may_null(type, *common, call.ansi);
  return TypedCall{std::vector<DataType>(types.size(), *common), types::boolean(), nullable};
}

// Both operands' common integral type, or boolean never: & | ^ take integers only.
SparkResult<TypedCall> bits(const FunctionRow&, const CallSite& call) {
  auto left = call.arguments[0].type;
  auto right = call.arguments[1].type;
  const bool nullable = call.arguments[0].nullable || call.arguments[1].nullable;
  if (left.is_textual() && right.is_integral()) left = call.ansi ? types::long_type() : right;
  if (right.is_textual() && left.is_integral()) right = call.ansi ? types::long_type() : left;
  if (left.is(TypeKind::null_)) left = right;
  if (right.is(TypeKind::null_)) right = left;
  if (left.is(TypeKind::null_)) left = right = types::integer();
  if (!left.is_integral() || !right.is_integral()) {
    if (!same_type(left, right)) return fail(differing_operands(call));
    return fail(bad_operands(call, "\"INTEGRAL\""));
  }
  const auto common = *tightest_common_type(left, right, call.ansi);
  return TypedCall{{common, common}, common, nullable};
}

Accepts signed_type() { return one_of({numeric(), of(Accepts::Kind::interval)}); }

}  // namespace

Table operator_functions() {
  const auto binary_operator = [](std::string_view name, TypingRule rule,
                                  std::initializer_list<std::string_view> aliases = {}) {
    return scalar(name, aliases).takes({any(), any()}).typed_by(std::move(rule));
  };
  return {
      binary_operator("+", arithmetic('+')),
      binary_operator("-", arithmetic('-')),
      binary_operator("*", arithmetic('*')),
      binary_operator("/", arithmetic('/')),
      binary_operator("%", arithmetic('%'), {"mod"}).shows_alias(),
      binary_operator("div", arithmetic('d')),
      binary_operator("pmod", arithmetic('%')),
      binary_operator("try_add", arithmetic('+', true)),
      binary_operator("try_subtract", arithmetic('-', true)),
      binary_operator("try_multiply", arithmetic('*', true)),
      binary_operator("try_divide", arithmetic('/', true)),
      binary_operator("try_mod", arithmetic('%', true)),
      binary_operator("=", compare, {"=="}),
      binary_operator("<=>", compare, {"equal_null"}).shows_alias(),
      binary_operator("<", compare),
      binary_operator("<=", compare),
      binary_operator(">", compare),
      binary_operator(">=", compare),
      scalar("and").takes({boolean(), boolean()}).gives(types::boolean()),
      scalar("or").takes({boolean(), boolean()}).gives(types::boolean()),
      scalar("not", {"!"}).takes({boolean()}).gives(types::boolean()),
      scalar("in").takes({any(), any()}).repeats(1).typed_by(in_list),
      binary_operator("&", bits),
      binary_operator("|", bits),
      binary_operator("^", bits),
      scalar("~").takes({integral()}).gives(same_as(0)),
      scalar("negative").takes({signed_type()}).gives(same_as(0)),
      scalar("positive").takes({signed_type()}).gives(same_as(0)),
      // x LIKE ANY (…) and its kin: NULL when undecided.
      scalar("likeany").takes({string(), string()}).repeats(2).gives(types::boolean()).nulls(Nulls::always),
      scalar("likeall").takes({string(), string()}).repeats(2).gives(types::boolean()).nulls(Nulls::always),
      scalar("notlikeany").takes({string(), string()}).repeats(2).gives(types::boolean()).nulls(Nulls::always),
      scalar("notlikeall").takes({string(), string()}).repeats(2).gives(types::boolean()).nulls(Nulls::always),
      scalar("like").takes({string(), string(), string()}).optional(1).gives(types::boolean()),
      scalar("ilike").takes({string(), string(), string()}).optional(1).gives(types::boolean()),
      scalar("rlike", {"regexp", "regexp_like"}).takes({string(), string()}).gives(types::boolean()).shows_alias(),
      scalar("isnull").takes({any()}).gives(types::boolean()).nulls(Nulls::never),
      scalar("isnotnull").takes({any()}).gives(types::boolean()).nulls(Nulls::never),
      scalar("isnan").takes({one_of({double_type(), exact(types::float_type())})}).gives(types::boolean()).nulls(Nulls::never),
  };
}

}  // namespace mastic::spark
