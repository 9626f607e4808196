// How a family's table writes a row.
//
//   scalar("upper", {"ucase"}).takes({string()}).gives(types::string()),
//   scalar("coalesce").takes({any()}).repeats(1).common().gives(same_as(0)).nulls(Nulls::all),
//
// `takes` says what each position accepts, and so how many arguments there are; `optional(n)` lets the last n go;
// `repeats(min)` lets the last one come any number of times. `common` first widens arguments to one type.
#pragma once

#include <initializer_list>
#include <memory>

#include "spark/functions/coercion.h"
#include "spark/functions/registry.h"

namespace mastic::spark::rules {

/// When a call may be NULL.
enum class Nulls : uint8_t {
  any,     // when an argument may
  all,     // when all arguments may
  always,  // whatever the arguments
  never,
  unless_ansi,  // when an argument may; without ANSI always: bad input gives NULL instead of an error
};

/// The result's type from the coerced arguments.
using ResultRule = std::function<DataType(std::span<const Argument>)>;
/// A rule that the types alone cannot say; runs after coercion.
using Check = std::function<SparkResult<void>(const FunctionRow&, const CallSite&)>;
/// Another nullability than Nulls can say.
using NullRule = std::function<bool(std::span<const Argument>)>;

class Row {
 public:
  Row(FunctionKind kind, std::string_view name, std::initializer_list<std::string_view> aliases);
  Row& takes(std::vector<Accepts> positions);
  Row& optional(int count);
  Row& repeats(int min);
  /// No more than this many, after repeats.
  Row& at_most(int max);
  /// Widens the arguments from `first`, each `step`-th, to their common type.
  Row& common(int first = 0, int step = 1);
  Row& common_without_strings();
  Row& gives(DataType type);
  Row& gives(ResultRule rule);
  Row& nulls(Nulls nulls);
  Row& nulls(NullRule rule);
  Row& check(Check check);
  Row& typed_by(TypingRule rule);
  Row& lambda(LambdaRule rule);
  Row& defaults(std::vector<ExpressionPtr> values);
  Row& named(std::vector<std::string_view> parameters);
  Row& random();
  Row& shows_alias();
  Row& not_yet();

  operator FunctionRow() const;  // NOLINT(google-explicit-constructor): tables are lists of rows

 private:
  struct Parts;
  FunctionRow row_;
  std::shared_ptr<Parts> parts_;
};

inline Row scalar(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return Row(FunctionKind::scalar, name, aliases);
}
inline Row aggregate(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return Row(FunctionKind::aggregate, name, aliases);
}
inline Row window(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return Row(FunctionKind::window, name, aliases);
}
inline Row generator(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return Row(FunctionKind::generator, name, aliases);
}
/// A function that Spark has and Mastic does not run yet.
Row missing(std::string_view name);

// Result rules.
ResultRule same_as(std::size_t argument);
ResultRule array_of(std::size_t argument);
ResultRule element_of(std::size_t argument);
/// The argument's array type, its elements nullable.
ResultRule nullable_array(std::size_t argument);

// Constants for defaults.
ExpressionPtr constant(int32_t value);
ExpressionPtr constant(const char* text);
ExpressionPtr constant(bool value);
ExpressionPtr constant_null();

// Errors.
SparkError unexpected_type(const CallSite& call, std::size_t index, const std::string& required, const DataType& actual);
SparkError different_types(const CallSite& call);
SparkError non_foldable(const CallSite& call, std::size_t index, std::string_view name, const DataType& type);

using Table = std::vector<FunctionRow>;

}  // namespace mastic::spark::rules

namespace mastic::spark {
// The families; registry.cpp puts them together.
rules::Table operator_functions();
rules::Table math_functions();
rules::Table text_functions();
rules::Table datetime_functions();
rules::Table conditional_functions();
rules::Table collection_functions();
rules::Table map_functions();
rules::Table lambda_functions();
rules::Table json_functions();
rules::Table hash_functions();
rules::Table misc_functions();
rules::Table pandas_functions();
rules::Table aggregate_functions();
rules::Table sketch_functions();
rules::Table window_functions();
rules::Table generator_functions();
}  // namespace mastic::spark
