#include "spark/functions/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mastic::spark::rules {

struct Row::Parts {
  std::vector<Accepts> takes;
  int common_first = -1;
  int common_step = 1;
  bool promote_strings = true;
  ResultRule result;
  Nulls nulls = Nulls::any;
  NullRule null_rule;
  Check check;
};

namespace {

std::string_view ordinal(std::size_t index) {
  static constexpr std::array<std::string_view, 10> words{"first", "second",  "third",  "fourth", "fifth",
                                                          "sixth", "seventh", "eighth", "ninth",  "tenth"};
  return index < words.size() ? words[index] : "last";
}

bool is_nullable(Nulls nulls, std::span<const Argument> arguments, bool ansi) {
  const auto nullable = [](const Argument& argument) { return argument.nullable; };
  switch (nulls) {
    case Nulls::any: return std::ranges::any_of(arguments, nullable);
    case Nulls::all: return std::ranges::all_of(arguments, nullable);
    case Nulls::always: return true;
    case Nulls::never: return false;
    case Nulls::unless_ansi: return !ansi || std::ranges::any_of(arguments, nullable);
  }
  return true;
}

// The arguments from `first`, each `step`-th, take their common type.
SparkResult<void> widen(std::vector<Argument>& arguments, int first, int step, bool promote_strings, const CallSite& call) {
  std::vector<DataType> types;
  for (std::size_t i = first; i < arguments.size(); i += step) types.push_back(arguments[i].type);
  if (types.empty()) return {};
  auto common = promote_strings ? wider_type_of(types, call.ansi) : wider_type_without_strings(types, call.ansi);
  if (!common) return fail(different_types(call));
  for (std::size_t i = first; i < arguments.size(); i += step) {
    if (!same_type(arguments[i].type, *common)) arguments[i].nullable |= cast_may_null(arguments[i].type, *common, call.ansi);
    arguments[i].type = *common;
  }
  return {};
}

}  // namespace

Row::Row(FunctionKind kind, std::string_view name, std::initializer_list<std::string_view> aliases)
    : parts_(std::make_shared<Parts>()) {
  row_.name = name;
  row_.aliases = aliases;
  row_.kind = kind;
}

Row& Row::takes(std::vector<Accepts> positions) {
  row_.min_arguments = row_.max_arguments = static_cast<int>(positions.size());
  parts_->takes = std::move(positions);
  return *this;
}
Row& Row::optional(int count) {
  row_.min_arguments -= count;
  return *this;
}
Row& Row::repeats(int min) {
  row_.min_arguments = min;
  row_.max_arguments = -1;
  return *this;
}
Row& Row::at_most(int max) {
  row_.max_arguments = max;
  return *this;
}
Row& Row::common(int first, int step) {
  parts_->common_first = first;
  parts_->common_step = step;
  return *this;
}
Row& Row::common_without_strings() {
  parts_->common_first = 0;
  parts_->promote_strings = false;
  return *this;
}
Row& Row::gives(DataType type) {
  parts_->result = [type = std::move(type)](std::span<const Argument>) { return type; };
  return *this;
}
Row& Row::gives(ResultRule rule) {
  parts_->result = std::move(rule);
  return *this;
}
Row& Row::nulls(Nulls nulls) {
  parts_->nulls = nulls;
  return *this;
}
Row& Row::nulls(NullRule rule) {
  parts_->null_rule = std::move(rule);
  return *this;
}
Row& Row::check(Check check) {
  parts_->check = std::move(check);
  return *this;
}
Row& Row::typed_by(TypingRule rule) {
  row_.type = std::move(rule);
  return *this;
}
Row& Row::lambda(LambdaRule rule) {
  row_.lambda = std::move(rule);
  return *this;
}
Row& Row::defaults(std::vector<ExpressionPtr> values) {
  row_.defaults = std::move(values);
  return *this;
}
Row& Row::named(std::vector<std::string_view> parameters) {
  row_.parameter_names = std::move(parameters);
  return *this;
}
Row& Row::random() {
  row_.deterministic = false;
  return *this;
}
Row& Row::shows_alias() {
  row_.shows_alias = true;
  return *this;
}
Row& Row::not_yet() {
  row_.supported = false;
  return *this;
}

Row::operator FunctionRow() const {
  FunctionRow row = row_;
  if (row.type || !row.supported) return row;
  row.type = [parts = parts_](const FunctionRow& self, const CallSite& call) -> SparkResult<TypedCall> {
    std::vector<Argument> arguments(call.arguments.begin(), call.arguments.end());
    if (parts->common_first >= 0)
      TRY_DO(widen(arguments, parts->common_first, parts->common_step, parts->promote_strings, call));
    for (std::size_t i = 0; i < arguments.size() && !parts->takes.empty(); ++i) {
      const auto& expected = parts->takes[std::min(i, parts->takes.size() - 1)];
      auto type = implicit_cast(arguments[i].type, expected, call.ansi);
      if (!type) return fail(unexpected_type(call, i, required_type_text(expected), arguments[i].type));
      arguments[i].nullable |= cast_may_null(arguments[i].type, *type, call.ansi);
      arguments[i].type = *type;
    }
    CallSite coerced = call;
    coerced.arguments = arguments;
    if (parts->check) TRY_DO(parts->check(self, coerced));
    TypedCall typed;
    for (const auto& argument : arguments) typed.arguments.push_back(argument.type);
    typed.result = parts->result(arguments);
    typed.nullable = parts->null_rule ? parts->null_rule(arguments) : is_nullable(parts->nulls, arguments, call.ansi);
    return typed;
  };
  return row;
}

Row missing(std::string_view name) { return Row(FunctionKind::scalar, name, {}).not_yet(); }

ResultRule same_as(std::size_t argument) {
  return [argument](std::span<const Argument> arguments) { return arguments[argument].type; };
}
ResultRule array_of(std::size_t argument) {
  return [argument](std::span<const Argument> arguments) {
    return types::array(arguments[argument].type, arguments[argument].nullable);
  };
}
ResultRule element_of(std::size_t argument) {
  return [argument](std::span<const Argument> arguments) {
    const auto& type = arguments[argument].type;
    return type.children.empty() ? types::null() : type.children.back();
  };
}
ResultRule nullable_array(std::size_t argument) {
  return [argument](std::span<const Argument> arguments) {
    auto type = arguments[argument].type;
    type.contains_null = true;
    return type;
  };
}

ExpressionPtr constant(int32_t value) { return make_expression(types::integer(), false, Literal{int64_t{value}}); }
ExpressionPtr constant(const char* text) { return make_expression(types::string(), false, Literal{std::string(text)}); }
ExpressionPtr constant(bool value) { return make_expression(types::boolean(), false, Literal{value}); }
ExpressionPtr constant_null() { return make_expression(types::null(), true, Literal{}); }

SparkError unexpected_type(const CallSite& call, std::size_t index, const std::string& required, const DataType& actual) {
  return analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                         {"paramIndex", std::string(ordinal(index))},
                         {"requiredType", required},
                         {"inputSql", fmt::format("\"{}\"", call.arguments[index].text)},
                         {"inputType", fmt::format("\"{}\"", sql_string(actual))}});
}

SparkError different_types(const CallSite& call) {
  std::string list;
  for (const auto& argument : call.arguments) {
    if (!list.empty()) list += " or ";
    list += fmt::format("\"{}\"", sql_string(argument.type));
  }
  return analysis_error("DATATYPE_MISMATCH.DATA_DIFF_TYPES", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                              {"functionName", fmt::format("`{}`", call.function)},
                                                              {"dataType", "(" + list + ")"}});
}

SparkError non_foldable(const CallSite& call, std::size_t index, std::string_view name, const DataType& type) {
  return analysis_error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                         {"inputName", fmt::format("`{}`", name)},
                         {"inputType", fmt::format("\"{}\"", sql_string(type))},
                         {"inputExpr", fmt::format("\"{}\"", call.arguments[index].text)}});
}

}  // namespace mastic::spark::rules
