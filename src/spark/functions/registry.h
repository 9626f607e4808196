// The function registry: what Spark's functions are called, how many arguments they take, and of which types.
//
//   const FunctionRow* row = find_function("ucase");   // → the row of "upper"
//   TypedCall typed = row->type(CallSite{…});          // coerced argument types, result type, nullability
//
// One row a function, in tables by family (`math.cpp`, `text.cpp`, …), collected by one explicit list in registry.cpp.
// The resolved plan holds canonical names only. A function that Spark has and Mastic does not run yet is a row too, with
// `supported == false`: analyze refuses it by its name. Read-only after start: safe from any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/data_type.h"
#include "spark/plan/expression.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

enum class FunctionKind : uint8_t {
  scalar,     // Call
  aggregate,  // AggregateCall, or WindowCall when OVER stands behind it
  window,     // WindowCall only: row_number, lag, …
  generator,  // Generate: explode, inline, …
};

/// An argument as the typing rule sees it.
struct Argument {
  DataType type;
  bool nullable = true;
  const Literal* literal = nullptr;        // the value, when the argument is a constant
  std::string text;                        // as Spark prints it; for messages
  bool foldable = false;                   // a constant expression, literal or not
  const Expression* expression = nullptr;  // the argument itself
  bool lambda = false;                     // `type` and `nullable` are the body's
};

/// A call before coercion.
struct CallSite {
  std::string_view function;  // as the user wrote it
  std::span<const Argument> arguments;
  std::string text;  // the whole call as Spark prints it; for messages
  bool ansi = false;
  bool distinct = false;
};

/// A call after coercion: analyze casts each argument to `arguments[i]`.
struct TypedCall {
  std::vector<DataType> arguments;
  DataType result;
  bool nullable = true;
};

struct FunctionRow;
using TypingRule = std::function<SparkResult<TypedCall>(const FunctionRow&, const CallSite&)>;
/// The types of a lambda argument's parameters, from the arguments before it (already coerced).
struct LambdaParameter {
  DataType type;
  bool nullable = true;
};
using LambdaRule =
    std::function<SparkResult<std::vector<LambdaParameter>>(const CallSite&, std::size_t argument, std::size_t parameters)>;

struct FunctionRow {
  std::string_view name;                  // canonical, lower case
  std::vector<std::string_view> aliases;  // further names
  int min_arguments = 0;
  int max_arguments = 0;  // -1: no limit
  FunctionKind kind = FunctionKind::scalar;
  TypingRule type;
  LambdaRule lambda;                              // set: a higher-order function
  std::vector<ExpressionPtr> defaults;            // fill arguments min_arguments… that the user left out
  std::vector<std::string_view> parameter_names;  // for f(name => value); empty: positional only
  bool deterministic = true;
  bool shows_alias = false;  // Spark prints the alias that was written: mean(x), std(x)
  bool supported = true;
};

/// The row of a function by any of its names, in any case; null when Spark has no such function.
[[nodiscard]] const FunctionRow* find_function(std::string_view name);

/// Every row, in the order of the families' tables.
[[nodiscard]] std::span<const FunctionRow> all_functions();

}  // namespace mastic::spark
