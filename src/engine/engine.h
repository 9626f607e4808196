// One DuckDB instance with the stores that it reaches.
//
//   TRY(engine, Engine::open({.threads = 2}, stores));
//   auto connection = engine->connect();
//   auto rows = connection->stream(std::move(statement));      // rows come while the query runs
//   while (true) { auto chunk = (*rows)->next(); … }
//
// Engine: thread-safe. Connection: one statement at a time, from one thread; only interrupt() may come from another.
// DuckDB's exceptions end here: they come out as Failure. The instance is in memory, spills to the temporary folder, keeps
// insertion order, loads no extension and touches no network.
//
// After an internal error DuckDB refuses all further work of that instance. Then the failing statement fails alone: the next
// statement, of whatever connection, runs on a fresh instance with the same functions and settings. Kept rows stay.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "engine/failure.h"
#include "engine/stores.h"

namespace duckdb {
class Connection;
class DataChunk;
class DuckDB;
class QueryNode;
class SQLStatement;
}  // namespace duckdb

namespace mastic::engine {

struct EngineOptions {
  int threads = 0;                // 0: as many as the machine has
  uint64_t memory_bytes_max = 0;  // 0: DuckDB's default, 80 % of the machine
  std::string temporary_folder;   // for spilling; empty: a fresh one under the system's
  std::string python;             // the interpreter for users' functions; empty: none, they fail by name
  std::string python_path;        // where our own Python modules lie
};

class Connection;
class WorkerPool;

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> open(const EngineOptions& options, Stores stores);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Cheap (no I/O). The engine must outlive it.
  [[nodiscard]] std::unique_ptr<Connection> connect();
  [[nodiscard]] const Stores& stores() const;
  [[nodiscard]] int threads() const;
  /// Frees what Connection::keep kept.
  void drop_kept(const std::string& name);
  [[nodiscard]] WorkerPool& python_workers();

 private:
  friend class Connection;
  Engine();
  /// An instance that works: the current one, or a fresh one when that has been given up.
  [[nodiscard]] std::shared_ptr<duckdb::DuckDB> instance();
  /// Throws DuckDB's exceptions.
  [[nodiscard]] std::shared_ptr<duckdb::DuckDB> open_instance();
  struct State;
  std::unique_ptr<State> state_;
};

/// The rows of a running query. Ends when destroyed; must not outlive its Connection.
class RowStream {
 public:
  virtual ~RowStream() = default;
  /// The next rows; null at the end.
  [[nodiscard]] virtual EngineResult<std::unique_ptr<duckdb::DataChunk>> next() = 0;
};

class Connection {
 public:
  explicit Connection(Engine& engine);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] EngineResult<std::unique_ptr<RowStream>> stream(std::unique_ptr<duckdb::SQLStatement> statement);
  /// Runs to the end; the count is that of rows written (COPY, CREATE TABLE AS) or given.
  [[nodiscard]] EngineResult<uint64_t> run(std::unique_ptr<duckdb::SQLStatement> statement);
  /// Keeps the query's rows under `name` for the table function mastic_kept, in memory or spilled, until Engine::drop_kept.
  [[nodiscard]] EngineResult<uint64_t> keep(const std::string& name, std::unique_ptr<duckdb::QueryNode> query);
  /// Makes a table of the query's rows, for the length of an operation; `drop_cached` frees it.
  [[nodiscard]] EngineResult<uint64_t> cache(const std::string& name, std::unique_ptr<duckdb::QueryNode> query);
  [[nodiscard]] EngineResult<void> drop_cached(const std::string& name);
  /// How much of the running statement is done, 0 to 1, as DuckDB estimates it; negative: unknown. From any thread.
  [[nodiscard]] double progress();
  /// Ends the running statement with a Failure whose interrupted() is true. From any thread, any time.
  void interrupt();
  /// Whether interrupt() was called since the last statement began.
  [[nodiscard]] bool interrupted();

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] duckdb::Connection& duckdb() { return *connection_; }

 private:
  /// Before each statement: moves to a working instance.
  void renew();

  Engine& engine_;
  std::shared_ptr<duckdb::DuckDB> instance_;
  std::mutex mutex_;  // guards the pointer `connection_` against interrupt() from another thread
  std::unique_ptr<duckdb::Connection> connection_;
};

}  // namespace mastic::engine
