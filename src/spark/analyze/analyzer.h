// Unresolved plans, as the client sends them or sql/ parses them → the resolved, typed plan of spark/plan.
//
//   Analyzer analyzer(session);
//   TRY(plan, analyzer.resolve(relation));      // names, types, coercion, Spark's errors
//
// An Analyzer serves one request: it numbers columns from 1, so that equal requests give equal plans. It executes
// nothing itself; what needs data (a pivot without values) asks the context. Not thread-safe; make one per request.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stores.h"
#include "spark/plan/command.h"
#include "spark/plan/relation.h"
#include "spark/plan/spark_error.h"

namespace spark::connect {
class CommonInlineUserDefinedFunction;
class CommonInlineUserDefinedTableFunction;
class CommonInlineUserDefinedDataSource;
class Expression;
class Relation;
class WriteOperation;
class WriteOperationV2;
}  // namespace spark::connect

namespace mastic::spark {

namespace sql {
struct SqlFunctionDefinition;
}
/// A function whose body is SQL.
struct SqlFunction {
  std::vector<std::string> name;  // one part: temporary
  std::shared_ptr<const sql::SqlFunctionDefinition> definition;
};

/// What analysis asks of the session. Implemented by spark/connect's Session, and in memory by tests.
class AnalysisContext {
 public:
  virtual ~AnalysisContext() = default;

  /// A configuration's value: the session's, else its default; nothing when neither exists.
  [[nodiscard]] virtual std::optional<std::string> configuration(std::string_view key) const = 0;
  [[nodiscard]] virtual std::string current_database() const = 0;
  /// The stores behind the engine: catalog, items, objects. Members may be null.
  [[nodiscard]] virtual const engine::Stores& stores() const = 0;

  /// A temporary view's plan by its name (one part, or `global_temp` and one part), compared without case; null: none.
  /// The analyzer gives the plan fresh column ids on each use.
  [[nodiscard]] virtual RelationPtr find_view(const std::vector<std::string>& name) const = 0;
  /// The rows of a catalog table that CACHE TABLE keeps; nothing: it is not cached.
  [[nodiscard]] virtual std::optional<SparkResult<RelationPtr>> cached_table(const std::string&, const std::string&) {
    return std::nullopt;
  }
  /// A session variable (DECLARE) as a constant; null: none of that name.
  [[nodiscard]] virtual ExpressionPtr find_variable(std::string_view) const { return nullptr; }
  /// An artifact `cache/<hash>`: an Arrow IPC stream or a schema's text; null: the client has not sent it.
  [[nodiscard]] virtual std::shared_ptr<const std::string> cached_local_data(std::string_view hash) const = 0;
  /// What CachedRemoteRelation names (checkpoint, DataFrame kept by the server); null: none.
  [[nodiscard]] virtual RelationPtr cached_relation(std::string_view relation_id) const = 0;
  /// A function that the client registered (spark.udf.register); null: none.
  [[nodiscard]] virtual const ::spark::connect::CommonInlineUserDefinedFunction* find_user_function(
      std::string_view name) const = 0;

  /// CREATE TEMPORARY FUNCTION … RETURN …; nothing: none of that name.
  [[nodiscard]] virtual std::optional<SqlFunction> find_sql_function(const std::vector<std::string>&) const {
    return std::nullopt;
  }
  /// CREATE FUNCTION … RETURN …: the catalog's. Its name has two parts, the database first.
  [[nodiscard]] virtual std::optional<SqlFunction> find_catalog_sql_function(const std::vector<std::string>&) const {
    return std::nullopt;
  }

  /// A table function that the client registered (spark.udtf.register); null: none.
  [[nodiscard]] virtual const ::spark::connect::CommonInlineUserDefinedTableFunction* find_user_table_function(
      std::string_view) const {
    return nullptr;
  }
  /// A data source that the client registered (spark.dataSource.register); null: none.
  [[nodiscard]] virtual const ::spark::connect::CommonInlineUserDefinedDataSource* find_user_data_source(
      std::string_view) const {
    return nullptr;
  }
  /// Has one of PySpark's planning helpers (`pyspark.sql.worker.…`) run in a Python worker; gives what it writes.
  [[nodiscard]] virtual SparkResult<std::string> ask_python(const std::string& module, const std::string& python_version,
                                                            const std::string& request);

  /// The bytes behind a helper's answer: what its accumulators hold, profiles of the helper among them.
  virtual void python_ended(std::string_view /*rest*/) {}
  /// The number that the profile of a Python function is called by: one a call site of a DataFrame, or, without Spark's plan
  /// cache, one an execution. 0: nothing is profiled.
  [[nodiscard]] virtual int64_t python_result_id(const std::string& /*call_site*/) { return 0; }
  /// The processors that a resource profile gives to a task.
  [[nodiscard]] virtual SparkResult<int> profile_cpus(int /*profile*/) { return 1; }

  /// Finds files and their schema (spark/lower's resolve_files). `schema`: the user's, then nothing is inferred but
  /// partition columns that it does not name. Option names are lower case.
  struct FileRequest {
    std::string format;
    std::vector<std::string> paths;
    std::map<std::string, std::string> options;
    std::optional<DataType> schema;
  };
  [[nodiscard]] virtual SparkResult<ReadFiles> infer_file_schema(const FileRequest& request) = 0;
  /// The files below the paths, without partition values: a catalog table's or a partition's location.
  [[nodiscard]] virtual SparkResult<std::vector<ReadFiles::PartitionedFile>> list_files(
      const std::vector<std::string>& paths, const std::map<std::string, std::string>& options) = 0;

  /// The fields of the texts, `json` or `xml`, that a plan's one column holds.
  [[nodiscard]] virtual SparkResult<std::vector<StructField>> infer_rows(const RelationPtr&, const std::string& format,
                                                                         const std::map<std::string, std::string>&) {
    return fail(unsupported("reading " + format + " out of a DataFrame of strings without a schema"));
  }

  /// Runs a plan and gives its rows as literals, at most `limit` of them: the values of a pivot or a crosstab.
  [[nodiscard]] virtual SparkResult<std::vector<std::vector<ExpressionPtr>>> collect(const RelationPtr& plan,
                                                                                     int64_t limit) = 0;
};

class AnalyzerState;

class Analyzer {
 public:
  explicit Analyzer(AnalysisContext& context);
  ~Analyzer();
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;

  /// A relation of any kind that yields rows. ShowString and HtmlString are connect's business: pass their input.
  [[nodiscard]] SparkResult<RelationPtr> resolve(const ::spark::connect::Relation& relation);
  /// df.write.…save(), saveAsTable(), insertInto().
  [[nodiscard]] SparkResult<Command> resolve_write(const ::spark::connect::WriteOperation& write);
  /// df.writeTo(…).
  [[nodiscard]] SparkResult<Command> resolve_write(const ::spark::connect::WriteOperationV2& write);

 private:
  std::unique_ptr<AnalyzerState> state_;
};

/// A relation's columns as a struct type: df.schema.
[[nodiscard]] DataType schema_of(const Relation& relation);

}  // namespace mastic::spark
