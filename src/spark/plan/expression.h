// Resolved expressions: typed trees in which every column is an opaque id.
//
//   Expression        one node: its type, whether it can be NULL, and a variant of plain structs
//   ExpressionPtr     shared and immutable, so that a tree can be reused without copying
//
// Operators are calls by Spark's function name ("+", "and", "=", "<=>", "like", …), resolved to a row of the function
// registry. Nothing here evaluates.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "spark/plan/data_type.h"

namespace mastic::spark {

struct Expression;
struct PythonCall;
struct Relation;
using ExpressionPtr = std::shared_ptr<const Expression>;
using RelationPtr = std::shared_ptr<const Relation>;
using ColumnId = uint64_t;

/// How failures of a cast or an arithmetic operation show: Spark's EvalMode.
enum class EvalMode : uint8_t { legacy, ansi, try_ };

/// A constant. Nested constants (array, map, struct literals) are Calls of array(), map(), named_struct().
struct Literal {
  // monostate: NULL. bool: boolean. int64_t: byte…long, date (days), timestamp(_ntz) (microseconds since 1970 UTC),
  // time (microseconds), year-month interval (months), day-time interval (microseconds). double: float, double.
  // string: string, binary (raw bytes), decimal (plain digits such as "-12.30").
  struct Interval {
    int32_t months = 0;
    int32_t days = 0;
    int64_t microseconds = 0;
  };
  std::variant<std::monostate, bool, int64_t, double, std::string, Interval> value;
};

/// A column of the input.
struct ColumnReference {
  ColumnId id = 0;
  std::string name;  // as the user would say it; for messages and EXPLAIN only
};

/// A column of an outer query, inside a correlated subquery.
struct OuterReference {
  ColumnId id = 0;
  std::string name;
};

/// A scalar function or operator, by the registry's canonical name (lower case).
struct Call {
  std::string function;
  std::vector<ExpressionPtr> arguments;
  EvalMode mode = EvalMode::legacy;  // what overflow, bad input or out-of-range does, where the function cares
  std::string spelled = {};          // the alias that Spark shows (`mean`, `ifnull`); empty: `function`. For names only
};

/// CASE WHEN … THEN … ELSE … END. Without `otherwise`: NULL.
struct CaseWhen {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> branches;
  ExpressionPtr otherwise;
  bool written_as_if = false;  // if(condition, a, b); for names only
};

struct Cast {
  ExpressionPtr child;  // target: the Expression's own type
  EvalMode mode = EvalMode::legacy;
  bool implicit = false;  // made by the analyzer's coercion, not written by the user
};

/// struct.field, by position.
struct FieldAccess {
  ExpressionPtr child;
  int field = 0;
};

/// An argument of a higher-order function. Variables are LambdaVariable nodes inside the body.
struct Lambda {
  std::vector<ColumnId> parameters;
  std::vector<std::string> names;
  std::vector<DataType> types;
  ExpressionPtr body;
};
struct LambdaVariable {
  ColumnId id = 0;
  std::string name;
};

struct SortOrder {
  ExpressionPtr child;
  bool ascending = true;
  bool nulls_first = true;
};

/// An aggregate function; stands only in Aggregate's `aggregates` and inside WindowCall.
struct AggregateCall {
  std::string function;
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
  ExpressionPtr filter;  // may be null
  bool ignore_nulls = false;
  std::vector<SortOrder> within_group;  // percentile_cont … WITHIN GROUP (ORDER BY …), listagg
  EvalMode mode = EvalMode::legacy;
  std::string spelled = {};                       // as Call's
  std::shared_ptr<const PythonCall> python = {};  // a user's function (`function` is its name); its arguments are these
};

enum class FrameType : uint8_t { rows, range };
struct FrameBound {
  enum class Kind : uint8_t { unbounded_preceding, preceding, current_row, following, unbounded_following };
  Kind kind = Kind::unbounded_preceding;
  ExpressionPtr offset;  // non-negative, for preceding and following
};

/// function OVER (PARTITION BY … ORDER BY … frame). Stands only in Window's expressions.
struct WindowCall {
  std::string function;  // row_number, lag, … or an aggregate
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
  bool ignore_nulls = false;
  ExpressionPtr filter;
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortOrder> order_by;
  FrameType frame = FrameType::range;
  FrameBound lower;
  FrameBound upper;
  std::string spelled = {};                       // as Call's
  std::shared_ptr<const PythonCall> python = {};  // as AggregateCall's
};

/// A subquery as an expression. Correlated ones hold OuterReference nodes inside `plan`.
struct SubqueryExpression {
  enum class Kind : uint8_t { scalar, in, exists };
  Kind kind = Kind::scalar;
  RelationPtr plan;
  std::vector<ExpressionPtr> values;  // in: the left-hand side
  bool negated = false;
};

/// A user's Python function: evaluated in a worker process, never here. `command` is the client's pickled payload.
struct PythonCall {
  std::string name;
  std::string command;
  std::string python_version;
  int evaluation_type = 0;
  bool deterministic = true;
  std::vector<ExpressionPtr> arguments;
  std::vector<std::string> argument_names;  // empty text: positional
  int64_t result_id = 0;                    // what a profile of the function is called by; 0: nobody profiles
};

struct Expression {
  DataType type;
  bool nullable = true;
  std::variant<Literal, ColumnReference, OuterReference, Call, CaseWhen, Cast, FieldAccess, Lambda, LambdaVariable,
               AggregateCall, WindowCall, SubqueryExpression, PythonCall>
      node;
};

template <typename Node>
ExpressionPtr make_expression(DataType type, bool nullable, Node node) {
  return std::make_shared<const Expression>(Expression{std::move(type), nullable, std::move(node)});
}

/// An expression with the column that it becomes.
struct NamedExpression {
  ColumnId id = 0;
  std::string name;  // the user-visible name: `(a + 1)`
  ExpressionPtr expression;
  std::string metadata_json;
};

}  // namespace mastic::spark
