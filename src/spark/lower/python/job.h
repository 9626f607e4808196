// What the Python steps share: an engine::PythonJob in the making, and the scan of its results.
#pragma once

#include "engine/python/python_job.h"
#include "spark/lower/lowering.h"

namespace mastic::spark {

/// A job of this kind with the session's settings; the caller adds functions, inputs and types.
std::shared_ptr<engine::PythonJob> make_python_job(const Lowering& lowering, const PythonCall& function,
                                                   engine::PythonShape shape);

/// The rows of each task over this input, where Spark cuts it where the user can see: a range with a number of partitions.
std::vector<int64_t> rows_of_tasks(const Relation& input);

/// The function with those that it is chained to; gives the innermost's arguments.
const PythonCall& add_commands(const PythonCall& call, std::vector<std::string>& commands);

/// The query of an input: `kept`, `keys` and `sent` expressions over `block`, each of exactly its Spark type.
struct PythonColumn {
  ast::Expr expression;
  DataType type;
};
engine::PythonInput make_python_input(const Lowering& lowering, Block block, std::vector<PythonColumn> kept,
                                      std::vector<PythonColumn> keys, std::vector<PythonColumn> sent,
                                      std::shared_ptr<arrow::Schema> schema, duckdb::vector<duckdb::OrderByNode> orders);

/// An unprojected block over the relation, so that its columns can be named in a select list.
Block open_block(Lowering& lowering, const Relation& relation);

/// Expressions that are sent, each once.
class SentColumns {
 public:
  explicit SentColumns(Lowering& lowering) : lowering_(lowering) {}
  /// The column's place.
  int32_t add(const ExpressionPtr& expression, const std::string& name = {});
  /// A number that is made in the query's text.
  int32_t add(ast::Expr expression, const DataType& type);
  [[nodiscard]] std::vector<PythonColumn> take();
  /// Under the names `_0`, `_1` …, or those that were given.
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const;
  /// The columns as a Spark struct, as JSON: what the worker calls the input type.
  [[nodiscard]] std::string type_json() const;

 private:
  Lowering& lowering_;
  std::vector<ExpressionPtr> known_;
  std::vector<PythonColumn> columns_;
  std::vector<StructField> fields_;
};

/// The block that reads the job's rows as `relation`'s columns. Keeps the job with the query.
Block python_scan(Lowering& lowering, const Relation& relation, std::shared_ptr<engine::PythonJob> job);

}  // namespace mastic::spark
