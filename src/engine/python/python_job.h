// One evaluation of Python functions over the rows of a query: what spark/lower writes down and the table function
// `mastic_python` carries out.
//
// A worker takes rows and gives rows; what differs between the kinds of function is how both are cut and put together:
//
//   shape            sent to the worker                comes back              the operator yields
//   rows             batches of rows                   one row each            kept columns, results beside them
//   map              batches of rows                   any number of rows      results
//   table            batches of rows                   a batch for each row    kept columns of the row, results
//   group_map        one Arrow stream a group          any number of rows      results
//   cogroup_map      two Arrow streams a group         any number of rows      results
//   group_aggregate  one Arrow stream a group          one row a group         kept columns of its first row, results
//   window           one Arrow stream a partition      one row each            kept columns, results
//
// An input's columns are `kept`, then `keys` (whose changes mark a group's end; the rows come sorted by them), then what is
// sent. Plain data, owned by whoever lowered the query; `mastic_python` refers to it by address.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/python/python_environment.h"

namespace mastic::engine {

enum class PythonShape : uint8_t { rows, map, table, group_map, cogroup_map, group_aggregate, window };

/// A user's function, or several of which each takes the result of the one before.
struct PythonFunction {
  struct Argument {
    int32_t offset = 0;
    std::string name;  // empty: positional
  };
  std::vector<std::string> commands;  // pickled; the innermost first
  std::vector<Argument> arguments;
  int64_t result_id = 0;  // what its profile is called by
};

struct PythonInput {
  duckdb::unique_ptr<duckdb::SelectStatement> statement;
  std::size_t kept = 0;
  std::size_t keys = 0;
  std::shared_ptr<arrow::Schema> sent;  // of the columns behind
  /// DuckDB's array of a sent column under the type that `sent` gives it.
  std::function<std::shared_ptr<arrow::ArrayData>(const arrow::ArrayData&, int column)> layout;
};

struct PythonJob {
  PythonShape shape = PythonShape::rows;
  int evaluation_type = 0;
  std::string python_version;  // of the client that pickled the functions
  PythonEnvironment environment;
  std::map<std::string, std::string> settings;             // the worker's RunnerConf
  std::map<std::string, std::string> evaluation_settings;  // its EvalConf
  std::vector<PythonFunction> functions;
  std::string table_function;  // the worker's command for a table function, in place of `functions`
  std::vector<PythonInput> inputs;
  bool takes_iterator = false;     // may want all of its input before it gives anything
  bool sent_as_structure = false;  // all sent columns in one structure
  bool result_is_structure = false;
  std::shared_ptr<arrow::Schema> result;  // what the worker must give
  duckdb::vector<duckdb::LogicalType> kept_types;
  duckdb::vector<duckdb::LogicalType> result_types;
  std::string operation;  // for messages: "mapInArrow"
  int64_t batch_rows = 10'000;
  WorkerLimits limits;
  bool parallel = true;
  bool barrier = false;           // the task context says so
  bool each_piece_alone = false;  // a task of its own for each batch of rows
  int cpus = 1;                   // the task context says so
  /// How many rows of the input each task gets, one task after another; empty: all go to one. Not for shapes by groups.
  std::vector<int64_t> task_rows;
  std::function<void(std::string)> accumulated;  // gets what a task's accumulators hold; called by any thread
};

}  // namespace mastic::engine
