// The lowering tables: one row a function (and, where it matters, a number of arguments).
//
// A row is either a text (a DuckDB function's name that takes the same arguments, or an expression with $1, $2…) or a
// function that builds the expression. Rows of one name are tried in order; arity -1 takes any number.
#pragma once

#include <span>
#include <string_view>

#include "spark/lower/lowering.h"

namespace mastic::spark {

/// A call on its way: arguments lowered already, their Spark types still at hand in `call`.
struct CallInProgress {
  Lowering& lowering;
  const Call& call;
  const DataType& result;
  ast::Exprs arguments;

  [[nodiscard]] const DataType& type(std::size_t argument) const { return call.arguments.at(argument)->type; }
  [[nodiscard]] bool exact() const { return call.mode == EvalMode::ansi; }
  [[nodiscard]] std::size_t count() const { return call.arguments.size(); }
  ast::Expr take(std::size_t argument) { return std::move(arguments.at(argument)); }
  /// A constant argument's text, or nothing.
  [[nodiscard]] std::optional<std::string> literal_text(std::size_t argument) const;
};

using LowerCall = ast::Expr (*)(CallInProgress&);

struct FunctionLowering {
  std::string_view name;
  int arity = -1;
  std::string_view text;
  LowerCall build = nullptr;
};

std::span<const FunctionLowering> operator_lowerings();
std::span<const FunctionLowering> math_lowerings();
std::span<const FunctionLowering> string_lowerings();
std::span<const FunctionLowering> datetime_lowerings();
std::span<const FunctionLowering> collection_lowerings();
std::span<const FunctionLowering> map_lowerings();
std::span<const FunctionLowering> lambda_lowerings();
std::span<const FunctionLowering> json_lowerings();
std::span<const FunctionLowering> sketch_lowerings();
std::span<const FunctionLowering> misc_lowerings();
std::span<const FunctionLowering> csv_lowerings();
std::span<const FunctionLowering> random_lowerings();

/// Whether a scalar, an aggregate or a window function of this canonical name can be lowered.
bool is_scalar_lowered(std::string_view name);
bool is_aggregate_lowered(std::string_view name);
bool is_window_lowered(std::string_view name);

}  // namespace mastic::spark
