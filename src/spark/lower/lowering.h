// One lowering in progress: what the files of this room share.
//
// Failures travel as exceptions of type Unlowered inside the room and become a SparkError in lower(): the trees are deep
// and every step may fail.
#pragma once

#include <duckdb/parser/parsed_expression.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/result_modifier.hpp>
#include <duckdb/parser/tableref.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "spark/lower/ast.h"
#include "spark/lower/block.h"
#include "spark/lower/lower.h"
#include "spark/lower/required_columns.h"
#include "spark/plan/relation.h"

namespace mastic::spark {

struct Unlowered {
  SparkError error;
};

/// Ends the lowering with the error that names what is missing.
[[noreturn]] inline void not_lowered(std::string_view what) { throw Unlowered{unsupported(what)}; }

class Lowering {
 public:
  explicit Lowering(const LowerOptions& options);

  // relations/*.cpp, one function each
  Block relation(const Relation& relation);

  // expressions.cpp
  ast::Expr expression(const Expression& expression);
  ast::Expr expression(const ExpressionPtr& pointer) { return expression(*pointer); }
  ast::Exprs expressions(const std::vector<ExpressionPtr>& list);
  duckdb::OrderByNode order(const SortOrder& order);
  duckdb::OrderByNode order_by(ast::Expr key, bool ascending, bool nulls_first) const;

  // casts.cpp
  ast::Expr cast(ast::Expr child, const DataType& from, const DataType& to, EvalMode mode);
  ast::Expr to_negative_scale(ast::Expr child, const DataType& from, const DataType& to, EvalMode mode);
  /// The wall-clock TIMESTAMP of a date, timestamp or timestamp_ntz.
  ast::Expr local_time(ast::Expr child, const DataType& type);
  /// The instant of a wall-clock TIMESTAMP.
  ast::Expr instant(ast::Expr local);
  /// CAST(child AS STRING); `show` in Dataset.show's form.
  ast::Expr to_text(ast::Expr child, const DataType& type, bool show = false);

  /// Strings of a collation compare by its rules, which are not here: what compares them is refused. calls.cpp
  static void refuse_collation(const DataType& type, std::string_view what);

  // calls.cpp, aggregates.cpp, windows.cpp
  ast::Expr call(const Call& call, const Expression& whole);
  ast::Expr aggregate(const AggregateCall& call, const DataType& type);
  ast::Expr window(const WindowCall& call, const DataType& type);
  ast::Expr subquery(const SubqueryExpression& subquery);

  [[nodiscard]] const LowerOptions& options() const { return options_; }
  [[nodiscard]] int64_t now_microseconds() const { return now_; }
  /// A name that nothing else in this query bears.
  std::string fresh_name(std::string_view stem) { return std::string(stem) + std::to_string(++fresh_); }
  void keep(std::shared_ptr<const void> kept) { kept_.push_back(std::move(kept)); }
  std::vector<std::shared_ptr<const void>> take_kept() { return std::move(kept_); }

  /// Whether anything above a ReadFiles wants the column of its output.
  [[nodiscard]] bool is_required(const Relation& files, ColumnId column) const;

  /// Inside of a subquery, whose order of rows nobody sees and which may refer to columns outside.
  int subqueries = 0;
  /// While an aggregate's output is lowered: what stands for a grouping's column.
  std::unordered_map<ColumnId, ColumnId> grouping_columns;
  /// While a window's functions are lowered over few rows: the column that numbers these as they arrived, which orders
  /// rows of equal keys; empty otherwise.
  std::string window_arrival = {};

 private:
  const LowerOptions& options_;
  int64_t now_;
  int fresh_ = 0;
  std::optional<std::unordered_map<const Relation*, ColumnSet>> required_;  // of the first relation that was lowered
  std::vector<std::shared_ptr<const void>> kept_;
};

// relations/
/// The relation's columns and no rows.
Block no_rows(const Relation& relation);
Block lower_local_data(Lowering& lowering, const Relation& relation, const LocalData& node);
Block lower_range(Lowering& lowering, const Relation& relation, const RangeRows& node);
Block lower_read_files(Lowering& lowering, const Relation& relation, const ReadFiles& node);
Block lower_read_items(Lowering& lowering, const Relation& relation, const ReadItems& node);
Block lower_read_cached(Lowering& lowering, const Relation& relation, const ReadCached& node);
Block lower_project(Lowering& lowering, const Relation& relation, const Project& node);
Block lower_filter(Lowering& lowering, const Relation& relation, const Filter& node);
Block lower_sort(Lowering& lowering, const Relation& relation, const Sort& node);
Block lower_limit(Lowering& lowering, const Relation& relation, const Limit& node);
Block lower_tail(Lowering& lowering, const Relation& relation, const Tail& node);
Block lower_aggregate(Lowering& lowering, const Relation& relation, const Aggregate& node);
Block lower_join(Lowering& lowering, const Relation& relation, const Join& node);
Block lower_set_operation(Lowering& lowering, const Relation& relation, const SetOp& node);
Block lower_deduplicate(Lowering& lowering, const Relation& relation, const Deduplicate& node);
Block lower_window(Lowering& lowering, const Relation& relation, const Window& node);
Block lower_generate(Lowering& lowering, const Relation& relation, const Generate& node);
Block lower_python_transform(Lowering& lowering, const Relation& relation, const PythonTransform& node);
Block lower_python_evaluate(Lowering& lowering, const Relation& relation, const PythonEvaluate& node);
Block lower_python_aggregate(Lowering& lowering, const Relation& relation, const PythonAggregate& node);
Block lower_python_table(Lowering& lowering, const Relation& relation, const PythonTable& node);
Block lower_python_window(Lowering& lowering, const Relation& relation, const PythonWindow& node);
Block lower_sample(Lowering& lowering, const Relation& relation, const Sample& node);

}  // namespace mastic::spark
