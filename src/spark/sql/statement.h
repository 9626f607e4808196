// SQL statements as the parser reads them: names, clauses and queries, nothing looked up.
//
// Names are lists of parts as written. Properties and options keep their keys as written; their values are text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "spark/connect/expressions.pb.h"
#include "spark/connect/relations.pb.h"
#include "spark/plan/data_type.h"

namespace mastic::spark::sql {

namespace proto = ::spark::connect;

using Name = std::vector<std::string>;
using Properties = std::map<std::string, std::string>;

/// A query as a statement: its result is a DataFrame.
struct QueryStatement {
  proto::Relation query;
};

// --- views -----------------------------------------------------------------------------------------------------------
struct CreateViewStatement {
  Name name;
  std::vector<std::string> columns;
  std::vector<std::string> column_comments;  // one a column, empty: none
  proto::Relation query;
  std::string query_text;
  std::string comment;
  Properties properties;
  bool temporary = false;
  bool global = false;
  bool replace = false;
  bool if_not_exists = false;
  /// CREATE TEMPORARY VIEW v USING csv OPTIONS (…): a source instead of a query.
  std::string provider;
  std::optional<DataType> schema;
  Properties options;
};
struct AlterViewStatement {  // ALTER VIEW v AS query
  Name name;
  proto::Relation query;
  std::string query_text;
};

struct DropStatement {
  enum class Kind : unsigned char { view, table, database, function, temporary_function, variable };
  Kind kind = Kind::view;
  Name name;
  bool if_exists = false;
  bool cascade = false;
};

// --- databases -------------------------------------------------------------------------------------------------------
struct CreateDatabaseStatement {
  Name name;
  bool if_not_exists = false;
  std::string comment;
  std::string location;
  Properties properties;
};
struct AlterDatabaseStatement {
  Name name;
  Properties set;
  std::vector<std::string> unset;
  std::string location;
};

// --- tables ----------------------------------------------------------------------------------------------------------
struct Buckets {
  int count = 0;
  std::vector<std::string> columns;
  std::vector<std::string> sorted_by;
};
struct CreateTableStatement {
  Name name;
  std::vector<StructField> columns;  // comments in their metadata
  std::string provider;              // USING; empty: none said
  Properties options;
  std::vector<std::string> partitioned_by;
  std::vector<StructField> partition_columns;  // PARTITIONED BY (p INT), the Hive form
  std::optional<Buckets> buckets;
  std::vector<std::string> clustered_by;
  std::string comment;
  std::string location;
  Properties properties;
  std::optional<proto::Relation> query;
  std::optional<Name> like;
  std::string stored_as;        // Hive's STORED AS, lower case
  Properties serde_properties;  // Hive's ROW FORMAT DELIMITED and SERDEPROPERTIES
  std::string serde_library;
  bool external = false;
  bool if_not_exists = false;
  bool replace = false;  // REPLACE TABLE, CREATE OR REPLACE TABLE
  bool or_create = false;
};

/// `PARTITION (a = 1, b)`: text of the value; none: a name alone; `is_null`: NULL.
struct PartitionValue {
  std::string name;
  std::optional<std::string> value;
  bool is_null = false;
  std::string comparison = "=";
};
using PartitionSpec = std::vector<PartitionValue>;

struct InsertStatement {
  Name table;
  bool overwrite = false;
  PartitionSpec partition;
  bool if_not_exists = false;
  std::vector<std::string> columns;
  bool by_name = false;
  proto::Relation query;
  /// INSERT OVERWRITE DIRECTORY
  bool directory = false;
  std::string path;
  std::string provider;
  Properties options;
};

/// FROM t INSERT INTO a SELECT … INSERT INTO b SELECT …
struct MultiInsertStatement {
  std::vector<InsertStatement> inserts;
};
/// DELETE, UPDATE, MERGE. `reads` is a query over all that the statement's expressions mean, for names to be checked.
struct ChangeRowsStatement {
  std::string operation;  // as Spark's message names it
  Name table;
  proto::Relation reads;
};

struct AddColumns {
  struct Column {
    StructField field;
    bool first = false;
    std::string after;
  };
  std::vector<Column> columns;
  bool replace = false;  // REPLACE COLUMNS
};
struct DropColumns {
  std::vector<Name> names;
  bool if_exists = false;
};
struct RenameColumn {
  Name from;
  std::string to;
};
struct AlterColumn {
  Name name;
  std::optional<DataType> type;
  std::optional<std::string> comment;
  std::optional<bool> nullable;
  bool first = false;
  std::string after;
};
struct RenameTable {
  Name to;
};
struct SetProperties {
  Properties set;
};
struct UnsetProperties {
  std::vector<std::string> keys;
  bool if_exists = false;
};
struct AddPartitions {
  struct Partition {
    PartitionSpec spec;
    std::string location;
  };
  std::vector<Partition> partitions;
  bool if_not_exists = false;
};
struct DropPartitions {
  std::vector<PartitionSpec> specs;
  bool if_exists = false;
};
struct RenamePartition {
  PartitionSpec from;
  PartitionSpec to;
};
struct SetLocation {
  PartitionSpec partition;
  std::string location;
};
struct RecoverPartitions {
  bool add = true;
  bool drop = false;
};
struct SetSerde {
  std::string library;
  Properties properties;
};
struct ClusterBy {
  std::vector<std::string> columns;  // empty: NONE
};

struct AlterTableStatement {
  Name name;
  bool is_view = false;
  std::variant<AddColumns, DropColumns, RenameColumn, std::vector<AlterColumn>, RenameTable, SetProperties, UnsetProperties,
               AddPartitions, DropPartitions, RenamePartition, SetLocation, RecoverPartitions, SetSerde, ClusterBy>
      action;
};
struct TruncateStatement {
  Name name;
  PartitionSpec partition;
};
struct AnalyzeStatement {
  Name name;  // empty: ANALYZE TABLES
  Name database;
  PartitionSpec partition;
  bool no_scan = false;
  bool all_columns = false;
  std::vector<std::string> columns;
};
struct CommentStatement {
  bool on_table = false;  // else on a database
  Name name;
  std::optional<std::string> comment;
};

// --- what is there ---------------------------------------------------------------------------------------------------
struct ShowStatement {
  enum class Kind : unsigned char {
    databases,
    tables,
    table_extended,
    views,
    columns,
    partitions,
    functions,
    properties,
    create_table,
    catalogs,
    current_database
  };
  Kind kind = Kind::tables;
  Name in;  // IN database, or the table
  std::string pattern;
  PartitionSpec partition;
  std::string key;                      // SHOW TBLPROPERTIES t (key)
  std::string functions_scope = "ALL";  // USER, SYSTEM, ALL
};
struct DescribeStatement {
  enum class Kind : unsigned char { table, database, function, query };
  Kind kind = Kind::table;
  Name name;
  bool extended = false;
  bool as_json = false;
  Name column;
  PartitionSpec partition;
  std::optional<proto::Relation> query;
};
struct ExplainStatement {
  std::optional<proto::Relation> query;  // none: a statement that is no query
  std::string mode;                      // SIMPLE, EXTENDED, CODEGEN, COST, FORMATTED
  std::string statement_text;
};

// --- the session -----------------------------------------------------------------------------------------------------
struct UseStatement {
  Name name;
  bool catalog = false;  // SET CATALOG
};
/// SET key=value · SET key · SET (all) · RESET [key].
struct SetStatement {
  std::string key;
  std::string value;
  bool has_value = false;
  bool reset = false;
};
struct SetPathStatement {
  std::vector<Name> path;  // one empty name: DEFAULT_PATH
};
struct CacheStatement {
  Name name;
  bool lazy = false;
  Properties options;
  std::optional<proto::Relation> query;
};
struct UncacheStatement {
  Name name;  // empty: CLEAR CACHE
  bool if_exists = false;
};
struct RefreshStatement {
  enum class Kind : unsigned char { table, path, function };
  Kind kind = Kind::table;
  Name name;
  std::string path;
};
/// CREATE FUNCTION f(x INT) RETURNS INT RETURN x + 1, as text: what it means is resolved at each call.
struct SqlFunctionDefinition {
  struct Parameter {
    std::string name;
    DataType type;
    std::string default_text;  // empty: none
    std::string comment;
  };
  std::vector<Parameter> parameters;
  std::optional<DataType> returns;  // none: what the body gives; of a table function a struct, without fields likewise
  bool returns_table = false;
  std::string body;  // an expression, or of a table function a query
  std::string text;  // all of it, as written after the name
  std::string comment;
  std::optional<bool> deterministic;
  bool reads_data = false;
};
struct CreateFunctionStatement {
  Name name;
  std::string class_name;
  std::optional<SqlFunctionDefinition> sql = std::nullopt;
  bool temporary = false;
  bool replace = false;
  bool if_not_exists = false;
};
struct DeclareStatement {
  std::vector<std::string> names;
  std::optional<DataType> type;
  std::optional<proto::Relation> initial;  // a query of one value
  std::string initial_text;
  bool replace = false;
};
/// SET VAR a = 1, b = DEFAULT · SET VAR (a, b) = (query). Values are queries of one row.
struct SetVariableStatement {
  std::vector<std::pair<std::string, std::optional<proto::Relation>>> values;
  std::vector<std::string> targets;
  std::optional<proto::Relation> query;
};
struct ExecuteImmediateStatement {
  proto::Relation text;
  std::vector<std::string> into;
  std::vector<std::pair<std::string, proto::Relation>> arguments;  // name (or empty) and a query of one value
};

using Statement =
    std::variant<QueryStatement, CreateViewStatement, AlterViewStatement, DropStatement, CreateDatabaseStatement,
                 AlterDatabaseStatement, CreateTableStatement, InsertStatement, MultiInsertStatement, ChangeRowsStatement,
                 AlterTableStatement, TruncateStatement, AnalyzeStatement, CommentStatement, ShowStatement, DescribeStatement,
                 ExplainStatement, UseStatement, SetStatement, SetPathStatement, CacheStatement, UncacheStatement,
                 RefreshStatement, CreateFunctionStatement, DeclareStatement, SetVariableStatement, ExecuteImmediateStatement>;

}  // namespace mastic::spark::sql
