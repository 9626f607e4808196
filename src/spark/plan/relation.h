// Resolved relations. Each knows the columns that it yields; order matters, names may repeat.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "spark/plan/expression.h"

namespace mastic::spark {

/// A column that a relation yields. `name` may repeat among siblings; `id` may not.
struct Attribute {
  ColumnId id = 0;
  std::string name;
  DataType type;
  bool nullable = true;
  std::vector<std::string> qualifier;  // table alias, or catalog.database.table
  std::string metadata_json;
};

/// Rows that the client sent: one Arrow IPC stream whose fields correspond, by position, to the output.
struct LocalData {
  std::shared_ptr<const std::string> arrow_stream;  // null: no rows
};

/// No columns, one row: SELECT without FROM.
struct OneRow {};

/// start, start + step, …: spark.range. One column, bigint.
struct RangeRows {
  int64_t start = 0;
  int64_t end = 0;
  int64_t step = 1;
  int partitions = 1;
};

/// Files of one format. `data_columns` are read from the files by name (csv: by position), `partition_columns` come from
/// the paths (`k=v` folders). The output is data columns, then partition columns, then `metadata` ones.
struct ReadFiles {
  struct PartitionedFile {
    std::string path;  // s3://… or a local path, one file
    std::vector<std::optional<std::string>>
        partition_values;  // text as in the path, unescaped; nullopt: __HIVE_DEFAULT_PARTITION__
    uint64_t size_bytes = 0;
  };
  std::string format;  // csv, json, parquet, text, orc, avro, binaryfile
  std::vector<PartitionedFile> files;
  std::map<std::string, std::string> options;  // Spark's names, lower case
  std::vector<StructField> data_columns;
  std::vector<StructField> partition_columns;
  bool may_lack_columns = false;  // the columns are a user's or a catalog's: a file may be older than they
  std::string table;              // the catalog table, if it was read through one: `db.table`; for lineage and messages
};

/// A DynamoDB table's items. The output's names are the attributes wanted.
struct ReadItems {
  std::string table;
  std::map<std::string, std::string> options;
  std::string catalog_table;
};

/// Rows that were materialised before, by name: cache(), checkpoint, CachedRemoteRelation.
struct ReadCached {
  std::string name;  // the engine's name for it
};

/// A column that is passed on unchanged keeps its id: its expression is a ColumnReference to the same id. Everything else
/// gets a fresh one (also the second copy of a column that is passed on twice).
struct Project {
  RelationPtr input;
  std::vector<NamedExpression> expressions;
};
struct Filter {
  RelationPtr input;
  ExpressionPtr condition;
};
struct Sort {
  RelationPtr input;
  std::vector<SortOrder> orders;
  bool global = true;  // false: sortWithinPartitions
};
struct Limit {
  RelationPtr input;
  std::optional<int64_t> limit;
  int64_t offset = 0;
};
struct Tail {
  RelationPtr input;
  int64_t limit = 0;
};

/// Groups by `groupings` and yields `aggregates`, whose expressions refer to grouping columns through ColumnReference to
/// the grouping's id and hold AggregateCall nodes anywhere inside. `grouping_sets`, if any, are indexes into groupings.
struct Aggregate {
  RelationPtr input;
  std::vector<NamedExpression> groupings;
  std::vector<NamedExpression> aggregates;  // the output
  std::vector<std::vector<int>> grouping_sets;
  bool has_grouping_sets = false;
};

enum class JoinType : uint8_t { inner, left, right, full, semi, anti, cross };
/// The output is the left's columns, then (not for semi and anti) the right's.
struct Join {
  RelationPtr left;
  RelationPtr right;
  JoinType type = JoinType::inner;
  ExpressionPtr condition;  // may be null: every pair
  bool lateral = false;     // the right side holds OuterReference nodes to the left's columns
};

enum class SetOperation : uint8_t { union_, intersect, except };
/// By position, operands of equal types (analyze has put casts in). A union's output has fresh ids, the others keep the
/// left side's.
struct SetOp {
  RelationPtr left;
  RelationPtr right;
  SetOperation operation = SetOperation::union_;
  bool all = true;
};

/// Keeps the first row of each group of equal `keys` (ids of the input's columns); empty: all columns.
struct Deduplicate {
  RelationPtr input;
  std::vector<ColumnId> keys;
};

/// Adds window expressions' columns to the input's.
struct Window {
  RelationPtr input;
  std::vector<NamedExpression> expressions;  // each holds WindowCall nodes
};

/// explode, posexplode, inline, stack, json_tuple …: for each input row, the generator's rows beside it.
struct Generate {
  RelationPtr input;
  std::string generator;
  std::vector<ExpressionPtr> arguments;
  bool outer = false;
  std::vector<Attribute> generated;  // the columns that the generator yields
};

struct Sample {
  RelationPtr input;
  double lower_bound = 0;
  double upper_bound = 0;
  bool with_replacement = false;
  std::optional<int64_t> seed;
};

/// How Repartition chooses a row's partition: in turn, by a hash of `by`, by ranges of `by`, or `by` itself.
enum class Partitioning : uint8_t { round_robin, hash, range, by_id };

/// Spark's partitioning, as far as it shows: the number of output files, spark_partition_id.
struct Repartition {
  RelationPtr input;
  int partitions = 0;  // 0: not said
  bool shuffle = true;
  std::vector<ExpressionPtr> by;
  Partitioning partitioning = Partitioning::round_robin;
  std::vector<SortOrder> ranges = {};  // range: what orders the rows, instead of `by`
};

/// mapInPandas, mapInArrow; with `grouping` applyInPandas, applyInArrow; with `other` as well cogroup: rows through a Python
/// function in a worker process. `orders` sort its groups.
struct PythonTransform {
  RelationPtr input;
  PythonCall function;             // without arguments
  std::vector<Attribute> columns;  // of the input that the function sees
  bool each_row_alone = false;     // a task of its own for each row: the partitions of a data source
  std::vector<ExpressionPtr> grouping;
  bool grouped = false;
  bool barrier = false;  // the function is told that its task is one of a barrier stage
  int cpus = 1;          // what its resource profile gives each task
  std::vector<SortOrder> orders;
  RelationPtr other;
  std::vector<Attribute> other_columns;
  std::vector<ExpressionPtr> other_grouping;
  std::vector<SortOrder> other_orders;
};

/// Adds the results of Python functions over rows to the input's columns. Each is a PythonCall, all of one evaluation type;
/// its arguments hold no PythonCall, but for one that is the only argument: then the functions are chained.
struct PythonEvaluate {
  RelationPtr input;
  std::vector<NamedExpression> calls;
};

/// Groups by `groupings` and aggregates with Python functions: AggregateCalls with `python`. Yields groupings, then calls.
struct PythonAggregate {
  RelationPtr input;
  std::vector<NamedExpression> groupings;
  std::vector<NamedExpression> calls;
};

/// Adds window functions in Python to the input's columns: WindowCalls with `python`, all over the same partitions and order.
struct PythonWindow {
  RelationPtr input;
  std::vector<NamedExpression> calls;
};

/// A table function in Python, called for each row of the input: its rows beside the input's columns `kept`. With a table
/// argument, which is a structure of the input's columns, it is one call over all rows in `orders`, or one for each
/// partition: for each new combination of the structure's `partition_columns`.
struct PythonTable {
  RelationPtr input;
  std::vector<Attribute> kept;
  std::string name;
  std::string command;
  std::string python_version;
  int evaluation_type = 0;
  DataType type;  // a struct: what it yields
  std::vector<ExpressionPtr> arguments;
  std::vector<std::string> argument_names;  // empty text: positional
  bool analyzed = false;                    // its own analyze() said the type; `analysis` is what else it said, pickled
  std::string analysis;
  std::vector<int> table_arguments;  // their places among the arguments
  std::vector<int> partition_columns;
  std::vector<SortOrder> orders;
  std::vector<Attribute> generated;
};

/// df.observe(): the input's rows, and on the side aggregates over all of them. `metrics` reads the rows as
/// ReadCached{rows_name}, under which whoever runs the plan keeps the input.
struct Observe {
  RelationPtr input;
  std::string name;
  std::string rows_name;
  RelationPtr metrics;
  int64_t plan_id = 0;
};

/// A relation under another name for each of its columns, ids kept. Its only effect is on names; lower skips it.
struct Alias {
  RelationPtr input;
  std::string hint = {};  // not a name at all but a hint for EXPLAIN: `broadcast`
  std::vector<std::string> hint_arguments = {};
};

struct Relation {
  std::vector<Attribute> output;
  std::variant<OneRow, LocalData, RangeRows, ReadFiles, ReadItems, ReadCached, Project, Filter, Sort, Limit, Tail, Aggregate,
               Join, SetOp, Deduplicate, Window, Generate, Sample, Repartition, PythonTransform, PythonEvaluate,
               PythonAggregate, PythonWindow, PythonTable, Alias, Observe>
      node;
  std::optional<int64_t> plan_id = std::nullopt;  // the client's DataFrame that this is, for names through it
};

template <typename Node>
RelationPtr make_relation(std::vector<Attribute> output, Node node) {
  return std::make_shared<const Relation>(Relation{std::move(output), std::move(node)});
}

}  // namespace mastic::spark
