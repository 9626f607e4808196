#include "engine/engine.h"

#include <chrono>
#include <duckdb.hpp>
#include <duckdb/main/config.hpp>
#include <duckdb/main/connection.hpp>
#include <duckdb/main/database.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/parser/parsed_data/create_table_info.hpp>
#include <duckdb/parser/parsed_data/drop_info.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/create_statement.hpp>
#include <duckdb/parser/statement/drop_statement.hpp>
#include <filesystem>
#include <thread>

#include "base/identifiers.h"
#include "engine/duckdb_failure.h"
#include "engine/functions/register.h"
#include "engine/sources/register.h"

namespace mastic::engine {

struct Engine::State {
  std::unique_ptr<duckdb::DuckDB> database;
  Stores stores;
  int threads = 1;
  std::filesystem::path own_temporary_folder;  // removed at the end; empty when the caller named one
};

Engine::Engine() : state_(std::make_unique<State>()) {}

Engine::~Engine() {
  state_->database.reset();
  if (state_->own_temporary_folder.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(state_->own_temporary_folder, ignored);
}

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options, Stores stores) {
  std::unique_ptr<Engine> engine(new Engine());
  State& state = *engine->state_;
  state.stores = std::move(stores);
  state.threads = options.threads > 0 ? options.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::string temporary_folder = options.temporary_folder;
  if (temporary_folder.empty()) {
    state.own_temporary_folder = std::filesystem::temp_directory_path() / ("mastic-engine-" + random_hex(12));
    temporary_folder = state.own_temporary_folder.string();
  }
  try {
    duckdb::DBConfig config;
    const auto set = [&](const char* name, duckdb::Value value) { config.SetOptionByName(name, value); };
    set("threads", duckdb::Value::BIGINT(state.threads));
    set("temp_directory", duckdb::Value(temporary_folder));
    set("preserve_insertion_order", duckdb::Value::BOOLEAN(true));
    set("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
    set("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
    if (options.memory_bytes_max > 0) set("memory_limit", duckdb::Value(std::to_string(options.memory_bytes_max) + "B"));
    state.database = std::make_unique<duckdb::DuckDB>(nullptr, &config);
    duckdb::ExtensionLoader loader(*state.database->instance, "mastic");
    register_functions(loader);
    register_sources(loader, state.stores, state.threads);
    duckdb::Connection connection(*state.database);
    // Kernels work with UTC instants and get the session's zone as an argument; so DuckDB itself always thinks in UTC.
    for (const char* setting : {"SET GLOBAL TimeZone='UTC'", "SET GLOBAL Calendar='gregorian'"}) {
      const auto result = connection.Query(setting);
      if (result->HasError()) return fail(Error::internal("the engine cannot be set up: " + result->GetError()));
    }
  } catch (const std::exception& exception) {
    return fail(Error::internal("the engine cannot be opened: " + to_failure(exception).message));
  }
  return engine;
}

std::unique_ptr<Connection> Engine::connect() { return std::make_unique<Connection>(*this); }
const Stores& Engine::stores() const { return state_->stores; }
int Engine::threads() const { return state_->threads; }
duckdb::DatabaseInstance& Engine::database() { return *state_->database->instance; }

Failure to_failure(const duckdb::ErrorData& error) {
  Failure failure{duckdb::Exception::ExceptionTypeToString(error.Type()), error.RawMessage(), {}};
  for (const auto& [name, value] : error.ExtraInfo()) {
    if (name == "condition" || name == "java_class" || name.starts_with("parameter.")) failure.details[name] = value;
  }
  return failure;
}

Failure to_failure(const std::exception& exception) { return to_failure(duckdb::ErrorData(exception)); }

namespace {

class DuckRowStream final : public RowStream {
 public:
  explicit DuckRowStream(duckdb::unique_ptr<duckdb::QueryResult> result) : result_(std::move(result)) {}

  EngineResult<std::unique_ptr<duckdb::DataChunk>> next() override {
    try {
      duckdb::unique_ptr<duckdb::DataChunk> chunk;
      duckdb::ErrorData error;
      if (!result_->TryFetch(chunk, error)) return fail(to_failure(error));
      if (!chunk || chunk->size() == 0) return nullptr;
      return std::unique_ptr<duckdb::DataChunk>(chunk.release());
    } catch (const std::exception& exception) {
      return fail(to_failure(exception));
    }
  }

 private:
  duckdb::unique_ptr<duckdb::QueryResult> result_;
};

/// Takes part in a query until it has ended. DuckDB's own loop asks for tasks without a pause while other threads run the
/// last of them, which on few cores is time that they lack.
void work_on(duckdb::PendingQueryResult& query) {
  constexpr auto pause = std::chrono::microseconds(100);
  while (true) {
    const auto state = query.ExecuteTask();
    if (duckdb::PendingQueryResult::IsExecutionFinished(state)) return;
    if (state == duckdb::PendingExecutionResult::NO_TASKS_AVAILABLE || state == duckdb::PendingExecutionResult::BLOCKED) {
      std::this_thread::sleep_for(pause);
    }
  }
}

duckdb::unique_ptr<duckdb::SQLStatement> adopt(std::unique_ptr<duckdb::SQLStatement> statement) {
  return duckdb::unique_ptr<duckdb::SQLStatement>(statement.release());
}

}  // namespace

Connection::Connection(Engine& engine)
    : engine_(engine), connection_(std::make_unique<duckdb::Connection>(engine.database())) {}
Connection::~Connection() = default;

EngineResult<std::unique_ptr<RowStream>> Connection::stream(std::unique_ptr<duckdb::SQLStatement> statement) {
  try {
    auto result = connection_->SendQuery(adopt(std::move(statement)));
    if (result->HasError()) return fail(to_failure(result->GetErrorObject()));
    return std::make_unique<DuckRowStream>(std::move(result));
  } catch (const std::exception& exception) {
    return fail(to_failure(exception));
  }
}

EngineResult<uint64_t> Connection::run(std::unique_ptr<duckdb::SQLStatement> statement) {
  try {
    auto pending = connection_->PendingQuery(adopt(std::move(statement)));
    if (pending->HasError()) return fail(to_failure(pending->GetErrorObject()));
    work_on(*pending);
    if (pending->HasError()) return fail(to_failure(pending->GetErrorObject()));
    const auto executed = pending->Execute();
    if (executed->HasError()) return fail(to_failure(executed->GetErrorObject()));
    auto* const result = &executed->Cast<duckdb::MaterializedQueryResult>();
    // COPY, INSERT and CREATE TABLE AS answer one row of one column: the number of rows.
    const bool counts = result->names.size() == 1 && result->names[0] == "Count" && result->RowCount() == 1;
    if (!counts) return result->RowCount();
    return static_cast<uint64_t>(result->GetValue(0, 0).GetValue<int64_t>());
  } catch (const std::exception& exception) {
    return fail(to_failure(exception));
  }
}

EngineResult<uint64_t> Connection::cache(const std::string& name, std::unique_ptr<duckdb::QueryNode> query) {
  auto info = duckdb::make_uniq<duckdb::CreateTableInfo>("memory", "main", name);
  info->query = duckdb::make_uniq<duckdb::SelectStatement>();
  info->query->node = duckdb::unique_ptr<duckdb::QueryNode>(query.release());
  info->on_conflict = duckdb::OnCreateConflict::REPLACE_ON_CONFLICT;
  auto statement = std::make_unique<duckdb::CreateStatement>();
  statement->info = std::move(info);
  return run(std::move(statement));
}

EngineResult<void> Connection::drop_cached(const std::string& name) {
  auto statement = std::make_unique<duckdb::DropStatement>();
  statement->info->type = duckdb::CatalogType::TABLE_ENTRY;
  statement->info->name = name;
  statement->info->if_not_found = duckdb::OnEntryNotFound::RETURN_NULL;
  auto dropped = run(std::move(statement));
  if (!dropped) return fail(std::move(dropped).error());
  return {};
}

void Connection::interrupt() { connection_->Interrupt(); }

}  // namespace mastic::engine
