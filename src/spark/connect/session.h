// One session: settings, views, functions, cached relations, artifacts, operations, the last errors.
//
// Shared by the requests that it serves; each member is thread-safe by itself. What lives beyond a session (the engine, the
// global temporary views) is in SharedState.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "spark/connect/artifacts.h"
#include "spark/connect/cached_tables.h"
#include "spark/connect/configuration.h"
#include "spark/connect/error_status.h"
#include "spark/connect/operation.h"
#include "spark/connect/persisted.h"
#include "spark/connect/python_profiles.h"
#include "spark/connect/variables.h"
#include "spark/connect/views.h"

namespace spark::connect {
class CommonInlineUserDefinedFunction;
class CommonInlineUserDefinedTableFunction;
class CommonInlineUserDefinedDataSource;
}  // namespace spark::connect

namespace mastic::spark::sql {
struct SqlFunctionDefinition;
}

namespace mastic::spark_connect {

using UserFunction = std::shared_ptr<const ::spark::connect::CommonInlineUserDefinedFunction>;
using UserDataSource = std::shared_ptr<const ::spark::connect::CommonInlineUserDefinedDataSource>;
using UserTableFunction = std::shared_ptr<const ::spark::connect::CommonInlineUserDefinedTableFunction>;

using SqlFunctionDefinition = std::shared_ptr<const spark::sql::SqlFunctionDefinition>;

/// What all sessions of a server share.
struct SharedState {
  engine::Engine& engine;
  const Clock& clock;
  std::string token;  // what clients must show; empty: nothing
  std::string spark_version;
  std::map<std::string, std::string> configuration;
  std::filesystem::path scratch_folder;
  Views global_views;
  RunningThreads threads;
};

class Session {
 public:
  Session(SharedState& shared, std::string user, std::string id);
  /// A copy of `other` under another id: settings, views, functions, database; not operations.
  Session(const Session& other, std::string id);
  ~Session();
  Session& operator=(const Session&) = delete;

  [[nodiscard]] SharedState& shared() const { return shared_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& server_side_id() const { return server_side_id_; }

  Configuration configuration;
  Views views;
  ArtifactStore artifacts;
  ErrorStore errors;
  Persisted persisted;
  std::shared_ptr<PythonProfiles> python_profiles = std::make_shared<PythonProfiles>();
  CachedTables cached_tables;
  Variables variables;

  [[nodiscard]] std::string current_database() const;
  void set_current_database(std::string name);

  void add_function(const std::string& name, UserFunction function);
  [[nodiscard]] UserFunction find_function(std::string_view name) const;  // names without case
  void add_table_function(const std::string& name, UserTableFunction function);
  [[nodiscard]] UserTableFunction find_table_function(std::string_view name) const;
  void add_data_source(const std::string& name, UserDataSource source);
  [[nodiscard]] UserDataSource find_data_source(std::string_view name) const;

  void add_sql_function(const std::string& name, SqlFunctionDefinition function);
  [[nodiscard]] SqlFunctionDefinition find_sql_function(std::string_view name) const;
  /// Also one whose body is SQL.
  bool remove_function(std::string_view name);
  [[nodiscard]] std::vector<std::string> function_names() const;

  /// A resource profile by its number: the processors of each task. Numbers begin with 1; 0 is the default one.
  int add_profile(int cpus);
  [[nodiscard]] std::optional<int> profile_cpus(int profile) const;

  /// SET PATH; empty: the default one.
  [[nodiscard]] std::string path() const;
  void set_path(std::string path);

  // Operations by id. Ids of finished and released ones are remembered for a while, so that a repeated request is known.
  [[nodiscard]] std::shared_ptr<Operation> find_operation(const std::string& id) const;
  [[nodiscard]] std::vector<std::shared_ptr<Operation>> operations() const;
  /// False: one of that id is there.
  bool add_operation(const std::shared_ptr<Operation>& operation);
  void remove_operation(const std::string& id);
  [[nodiscard]] bool was_removed(const std::string& id) const;
  void cancel_operations();

  void touch();
  [[nodiscard]] Instant last_used() const;

 private:
  SharedState& shared_;
  const std::string user_;
  const std::string id_;
  const std::string server_side_id_;
  std::atomic<Instant> last_used_;

  mutable std::mutex mutex_;
  std::string current_database_ = "default";
  std::string path_;
  std::vector<int> profiles_;
  std::map<std::string, UserFunction> functions_;
  std::map<std::string, SqlFunctionDefinition> sql_functions_;
  std::map<std::string, UserTableFunction> table_functions_;
  std::map<std::string, UserDataSource> data_sources_;
  std::map<std::string, std::shared_ptr<Operation>> operations_;
  std::vector<std::string> removed_operations_;
};

}  // namespace mastic::spark_connect
