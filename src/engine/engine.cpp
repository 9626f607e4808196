#include "engine/engine.h"

#include <chrono>
#include <duckdb.hpp>
#include <duckdb/main/client_config.hpp>
#include <duckdb/main/config.hpp>
#include <duckdb/main/connection.hpp>
#include <duckdb/main/database.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/main/materialized_query_result.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/main/valid_checker.hpp>
#include <duckdb/parser/parsed_data/create_table_info.hpp>
#include <duckdb/parser/parsed_data/drop_info.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/create_statement.hpp>
#include <duckdb/parser/statement/drop_statement.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <filesystem>
#include <thread>

#include "base/identifiers.h"
#include "base/log.h"
#include "engine/duckdb_failure.h"
#include "engine/functions/register.h"
#include "engine/nested_connections.h"
#include "engine/profile.h"
#include "engine/python/python_rows.h"
#include "engine/python/worker.h"
#include "engine/sources/kept_rows.h"
#include "engine/sources/register.h"

namespace mastic::engine {

struct Engine::State {
  std::unique_ptr<WorkerPool> python_workers;  // outlives the instances whose queries use it
  Stores stores;
  EngineOptions options;
  std::filesystem::path own_temporary_folder;  // removed at the end; empty when the caller named one
  std::shared_ptr<KeptRows> kept = std::make_shared<KeptRows>();

  std::mutex mutex;
  std::shared_ptr<duckdb::DuckDB> instance;
  int instances = 0;  // each spills to a folder of its own
};

namespace {

/// What DuckDB adds to an internal error is for whoever debugs it, not for the user.
std::string without_stack(const std::string& message) {
  const auto stack = message.find("\n\nStack Trace:");
  return message.substr(0, stack);
}

}  // namespace

Engine::Engine() : state_(std::make_unique<State>()) {}

Engine::~Engine() {
  state_->kept->clear();  // its rows hold on to their instance, whose function holds on to them
  state_->instance.reset();
  if (state_->own_temporary_folder.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(state_->own_temporary_folder, ignored);
}

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options, Stores stores) {
  std::unique_ptr<Engine> engine(new Engine());
  State& state = *engine->state_;
  state.stores = std::move(stores);
  state.options = options;
  if (options.threads <= 0) state.options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (options.temporary_folder.empty()) {
    state.own_temporary_folder = std::filesystem::temp_directory_path() / ("mastic-engine-" + random_hex(12));
    state.options.temporary_folder = state.own_temporary_folder.string();
  }
  std::error_code error;
  std::filesystem::create_directories(state.options.temporary_folder, error);
  if (error) return fail(Error::internal("the engine's temporary folder cannot be made: " + error.message()));
  try {
    state.python_workers =
        std::make_unique<WorkerPool>(PythonOptions{.executable = options.python, .module_path = options.python_path});
    state.instance = engine->open_instance();
  } catch (const std::exception& exception) {
    return fail(Error::internal("the engine cannot be opened: " + to_failure(exception).message));
  }
  return engine;
}

std::shared_ptr<duckdb::DuckDB> Engine::open_instance() {
  const auto& options = state_->options;
  duckdb::DBConfig config;
  const auto set = [&](const char* name, duckdb::Value value) { config.SetOptionByName(name, value); };
  const auto folder = std::filesystem::path(options.temporary_folder) / std::to_string(state_->instances++);
  set("threads", duckdb::Value::BIGINT(options.threads));
  set("temp_directory", duckdb::Value(folder.string()));
  set("preserve_insertion_order", duckdb::Value::BOOLEAN(true));
  set("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
  set("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
  if (options.memory_bytes_max > 0) set("memory_limit", duckdb::Value(std::to_string(options.memory_bytes_max) + "B"));
  auto instance = std::make_shared<duckdb::DuckDB>(nullptr, &config);
  duckdb::ExtensionLoader loader(*instance->instance, "mastic");
  register_functions(loader);
  register_sources(loader, state_->stores, options.threads);
  register_kept_rows(loader, state_->kept);
  register_python_rows(loader, *this, *state_->python_workers);
  duckdb::Connection connection(*instance);
  // Kernels work with UTC instants and get the session's zone as an argument; so DuckDB itself always thinks in UTC.
  for (const char* setting : {"SET GLOBAL TimeZone='UTC'", "SET GLOBAL Calendar='gregorian'"}) {
    const auto result = connection.Query(setting);
    if (result->HasError()) throw duckdb::InvalidInputException("the engine cannot be set up: " + result->GetError());
  }
  return instance;
}

std::shared_ptr<duckdb::DuckDB> Engine::instance() {
  const std::scoped_lock lock(state_->mutex);
  if (duckdb::ValidChecker::IsInvalidated(*state_->instance->instance)) {
    log::warn("engine", "DuckDB gave up after an internal error; a fresh instance takes over: {}",
              duckdb::ValidChecker::InvalidatedMessage(*state_->instance->instance));
    state_->instance = open_instance();
  }
  return state_->instance;
}

std::unique_ptr<Connection> Engine::connect() { return std::make_unique<Connection>(*this); }
const Stores& Engine::stores() const { return state_->stores; }
int Engine::threads() const { return state_->options.threads; }
void Engine::drop_kept(const std::string& name) { state_->kept->remove(name); }
WorkerPool& Engine::python_workers() { return *state_->python_workers; }

Failure to_failure(const duckdb::ErrorData& error) {
  Failure failure{duckdb::Exception::ExceptionTypeToString(error.Type()), without_stack(error.RawMessage()), {}};
  for (const auto& [name, value] : error.ExtraInfo()) {
    if (name == "condition" || name == "java_class" || name.starts_with("parameter.")) failure.details[name] = value;
  }
  return failure;
}

Failure to_failure(const std::exception& exception) { return to_failure(duckdb::ErrorData(exception)); }

namespace {

class DuckRowStream final : public RowStream {
 public:
  DuckRowStream(duckdb::unique_ptr<duckdb::QueryResult> result, duckdb::shared_ptr<duckdb::ClientContext> context)
      : result_(std::move(result)), context_(std::move(context)) {}
  ~DuckRowStream() override {
    result_.reset();  // ends the query
    report_profile(*context_);
  }

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
  duckdb::shared_ptr<duckdb::ClientContext> context_;
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

std::unique_ptr<duckdb::Connection> connect_to(duckdb::DuckDB& instance) {
  auto connection = std::make_unique<duckdb::Connection>(instance);
  // Progress is counted, not printed.
  auto& settings = duckdb::ClientConfig::GetConfig(*connection->context);
  settings.enable_progress_bar = true;
  settings.print_progress_bar = false;
  set_profiling(*connection->context);
  return connection;
}

}  // namespace

Connection::Connection(Engine& engine) : engine_(engine), instance_(engine.instance()), connection_(connect_to(*instance_)) {}
Connection::~Connection() = default;

void Connection::renew() {
  if (!duckdb::ValidChecker::IsInvalidated(*instance_->instance)) return;
  auto instance = engine_.instance();
  auto connection = connect_to(*instance);
  const std::scoped_lock lock(mutex_);
  connection_ = std::move(connection);
  instance_ = std::move(instance);
}

EngineResult<std::unique_ptr<RowStream>> Connection::stream(std::unique_ptr<duckdb::SQLStatement> statement) {
  try {
    renew();
    auto result = connection_->SendQuery(adopt(std::move(statement)));
    if (result->HasError()) return fail(to_failure(result->GetErrorObject()));
    return std::make_unique<DuckRowStream>(std::move(result), connection_->context);
  } catch (const std::exception& exception) {
    return fail(to_failure(exception));
  }
}

namespace {

/// Runs a statement to its end, its rows kept by DuckDB's buffer manager, which may spill them. Throws DuckDB's exceptions.
duckdb::unique_ptr<duckdb::QueryResult> run_to_end(duckdb::Connection& connection,
                                                   std::unique_ptr<duckdb::SQLStatement> statement) {
  duckdb::QueryParameters parameters(duckdb::QueryResultOutputType::FORCE_MATERIALIZED);
  parameters.memory_type = duckdb::QueryResultMemoryType::BUFFER_MANAGED;
  auto pending = connection.PendingQuery(adopt(std::move(statement)), parameters);
  if (pending->HasError()) pending->ThrowError();
  work_on(*pending);
  if (pending->HasError()) pending->ThrowError();
  auto result = pending->Execute();
  report_profile(*connection.context);
  if (result->HasError()) result->ThrowError();
  return result;
}

}  // namespace

EngineResult<uint64_t> Connection::run(std::unique_ptr<duckdb::SQLStatement> statement) {
  try {
    renew();
    const auto executed = run_to_end(*connection_, std::move(statement));
    auto* const result = &executed->Cast<duckdb::MaterializedQueryResult>();
    // COPY, INSERT and CREATE TABLE AS answer one row of one column: the number of rows.
    const bool counts = result->names.size() == 1 && result->names[0] == "Count" && result->RowCount() == 1;
    if (!counts) return result->RowCount();
    return static_cast<uint64_t>(result->GetValue(0, 0).GetValue<int64_t>());
  } catch (const std::exception& exception) {
    return fail(to_failure(exception));
  }
}

EngineResult<uint64_t> Connection::keep(const std::string& name, std::unique_ptr<duckdb::QueryNode> query) {
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = duckdb::unique_ptr<duckdb::QueryNode>(query.release());
  try {
    renew();
    const auto executed = run_to_end(*connection_, std::move(statement));
    auto& result = executed->Cast<duckdb::MaterializedQueryResult>();
    auto table = std::make_shared<KeptTable>();
    table->instance = instance_;
    table->names = result.names;
    table->rows = result.TakeCollection();
    const uint64_t rows = table->rows->Count();
    engine_.state_->kept->put(name, std::move(table));
    return rows;
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

double Connection::progress() {
  const std::scoped_lock lock(mutex_);
  const auto percentage = connection_->context->GetQueryProgress().GetPercentage();
  return percentage < 0 ? -1 : percentage / 100;
}

bool Connection::interrupted() { return connection_->context->IsInterrupted(); }

void Connection::interrupt() {
  const std::scoped_lock lock(mutex_);
  connection_->Interrupt();
  NestedConnections::interrupt(*connection_->context);
}

}  // namespace mastic::engine
