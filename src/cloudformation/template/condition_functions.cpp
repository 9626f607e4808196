// The functions of conditions and rules: true or false.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cloudformation/template/functions.h"

namespace mastic::cloudformation {
namespace {

Answer equals(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) return wrong_argument("Fn::Equals", "a list of two string parameters");
  TRY(left, evaluation.required(argument[0], depth, "Fn::Equals"));
  TRY(right, evaluation.required(argument[1], depth, "Fn::Equals"));
  const auto left_text = scalar_text(left);
  const auto right_text = scalar_text(right);
  return std::optional<Json>(left_text && right_text ? *left_text == *right_text : left == right);
}

Answer all_or_any(const Evaluation& evaluation, const Json& argument, size_t depth, bool all) {
  if (!argument.is_array() || argument.empty() || argument.size() > 10) {
    return wrong_argument(all ? "Fn::And" : "Fn::Or", "a list of at least 2 and at most 10 parameters");
  }
  bool holds = all;
  for (const auto& each : argument) {
    TRY(one, evaluation.condition(each, depth + 1));
    holds = all ? (holds && one) : (holds || one);
  }
  return std::optional<Json>(holds);
}

Answer and_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return all_or_any(evaluation, argument, depth, true);
}
Answer or_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return all_or_any(evaluation, argument, depth, false);
}

Answer not_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 1) return wrong_argument("Fn::Not", "a list of exactly one parameter");
  TRY(holds, evaluation.condition(argument[0], depth + 1));
  return std::optional<Json>(!holds);
}

Answer contains(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) return wrong_argument("Fn::Contains", "a list of strings and a string");
  TRY(list, evaluation.required(argument[0], depth, "Fn::Contains"));
  TRY(item, evaluation.text(argument[1], depth, "Fn::Contains"));
  if (!list.is_array()) return wrong_argument("Fn::Contains", "a list of strings and a string");
  return std::optional<Json>(std::ranges::any_of(list, [&](const Json& each) { return scalar_text(each) == item; }));
}

/// Fn::EachMemberIn: every text of the first list is in the second; Fn::EachMemberEquals: every text is the given one.
Answer each_member(const Evaluation& evaluation, const Json& argument, size_t depth, std::string_view name, bool in_list) {
  if (!argument.is_array() || argument.size() != 2) return wrong_argument(name, "a list of strings and what to compare with");
  TRY(list, evaluation.required(argument[0], depth, name));
  TRY(with, evaluation.required(argument[1], depth, name));
  if (!list.is_array() || with.is_array() != in_list) return wrong_argument(name, "a list of strings and what to compare with");
  return std::optional<Json>(std::ranges::all_of(list, [&](const Json& each) {
    if (!in_list) return scalar_text(each) == scalar_text(with);
    return std::ranges::any_of(with, [&](const Json& one) { return scalar_text(one) == scalar_text(each); });
  }));
}

Answer each_member_in(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return each_member(evaluation, argument, depth, "Fn::EachMemberIn", true);
}

Answer each_member_equals(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return each_member(evaluation, argument, depth, "Fn::EachMemberEquals", false);
}

constexpr std::array<std::pair<std::string_view, Function>, 7> functions{{{"Fn::Equals", equals},
                                                                          {"Fn::And", and_},
                                                                          {"Fn::Or", or_},
                                                                          {"Fn::Not", not_},
                                                                          {"Fn::Contains", contains},
                                                                          {"Fn::EachMemberIn", each_member_in},
                                                                          {"Fn::EachMemberEquals", each_member_equals}}};

}  // namespace

Function find_condition_function(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &std::pair<std::string_view, Function>::first);
  return found == functions.end() ? nullptr : found->second;
}

}  // namespace mastic::cloudformation
