#include "spark/connect/session.h"

#include <spark/connect/expressions.pb.h>

#include <algorithm>

#include "base/identifiers.h"
#include "engine/python/worker.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

constexpr std::size_t removed_operations_max = 1000;

std::map<std::string, std::string> initial_configuration(const SharedState& shared) {
  auto configuration = shared.configuration;
  configuration.emplace("spark.remote.version", shared.spark_version);
  configuration.emplace("spark.app.name", "Mastic");
  configuration.emplace("spark.app.id", "mastic");
  configuration.emplace("spark.master", "local[*]");
  return configuration;
}

}  // namespace

Session::Session(SharedState& shared, std::string user, std::string id)
    : configuration(shared.spark_version, initial_configuration(shared)),
      artifacts(shared.scratch_folder / random_hex(16)),
      shared_(shared),
      user_(std::move(user)),
      id_(std::move(id)),
      server_side_id_(random_uuid()),
      last_used_(shared.clock.now()) {}

Session::Session(const Session& other, std::string id)
    : configuration(other.configuration),
      views(other.views),
      artifacts(other.shared_.scratch_folder / random_hex(16)),
      variables(other.variables),
      shared_(other.shared_),
      user_(other.user_),
      id_(std::move(id)),
      server_side_id_(random_uuid()),
      last_used_(other.shared_.clock.now()) {
  artifacts.copy_cached_from(other.artifacts);
  const std::scoped_lock lock(other.mutex_);
  current_database_ = other.current_database_;
  functions_ = other.functions_;
  sql_functions_ = other.sql_functions_;
  table_functions_ = other.table_functions_;
  data_sources_ = other.data_sources_;
}

int Session::add_profile(int cpus) {
  const std::scoped_lock lock(mutex_);
  profiles_.push_back(cpus);
  return static_cast<int>(profiles_.size());
}

std::optional<int> Session::profile_cpus(int profile) const {
  const std::scoped_lock lock(mutex_);
  if (profile == 0) return 1;
  if (profile < 0 || profile > static_cast<int>(profiles_.size())) return std::nullopt;
  return profiles_[static_cast<std::size_t>(profile - 1)];
}

Session::~Session() {
  shared_.engine.python_workers().forget(server_side_id_);
  const auto connection = shared_.engine.connect();
  for (const auto& relation : persisted.all_kept()) {
    if (const auto* cached = std::get_if<spark::ReadCached>(&relation->node)) {
      (void)spark::drop_cached(*connection, cached->name);
    }
  }
  for (const auto& entry : cached_tables.unmark_all()) {
    const std::scoped_lock lock(entry->filling);
    if (entry->stored != nullptr) (void)spark::drop_cached(*connection, entry->id);
  }
  for (const auto& entry : persisted.unmark_all()) {
    const std::scoped_lock lock(entry->filling);
    if (entry->stored != nullptr) (void)spark::drop_cached(*connection, entry->id);
  }
}

std::string Session::current_database() const {
  const std::scoped_lock lock(mutex_);
  return current_database_;
}

void Session::set_current_database(std::string name) {
  const std::scoped_lock lock(mutex_);
  current_database_ = std::move(name);
}

void Session::add_function(const std::string& name, UserFunction function) {
  const std::scoped_lock lock(mutex_);
  functions_.insert_or_assign(to_lower(name), std::move(function));
}

UserFunction Session::find_function(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = functions_.find(to_lower(name));
  return found == functions_.end() ? nullptr : found->second;
}

void Session::add_sql_function(const std::string& name, SqlFunctionDefinition function) {
  const std::scoped_lock lock(mutex_);
  sql_functions_.insert_or_assign(to_lower(name), std::move(function));
}

SqlFunctionDefinition Session::find_sql_function(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  if (sql_functions_.empty()) return nullptr;
  const auto found = sql_functions_.find(to_lower(name));
  return found == sql_functions_.end() ? nullptr : found->second;
}

bool Session::remove_function(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  return functions_.erase(to_lower(name)) + sql_functions_.erase(to_lower(name)) > 0;
}

std::vector<std::string> Session::function_names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, function] : functions_) names.push_back(name);
  for (const auto& [name, function] : sql_functions_) names.push_back(name);
  return names;
}

std::string Session::path() const {
  const std::scoped_lock lock(mutex_);
  return path_;
}

void Session::set_path(std::string path) {
  const std::scoped_lock lock(mutex_);
  path_ = std::move(path);
}

void Session::add_table_function(const std::string& name, UserTableFunction function) {
  const std::scoped_lock lock(mutex_);
  table_functions_.insert_or_assign(to_lower(name), std::move(function));
}

UserTableFunction Session::find_table_function(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = table_functions_.find(to_lower(name));
  return found == table_functions_.end() ? nullptr : found->second;
}

void Session::add_data_source(const std::string& name, UserDataSource source) {
  const std::scoped_lock lock(mutex_);
  data_sources_.insert_or_assign(to_lower(name), std::move(source));
}

UserDataSource Session::find_data_source(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = data_sources_.find(to_lower(name));
  return found == data_sources_.end() ? nullptr : found->second;
}

std::shared_ptr<Operation> Session::find_operation(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = operations_.find(id);
  return found == operations_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Operation>> Session::operations() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Operation>> result;
  for (const auto& [id, operation] : operations_) result.push_back(operation);
  return result;
}

bool Session::add_operation(const std::shared_ptr<Operation>& operation) {
  const std::scoped_lock lock(mutex_);
  return operations_.emplace(operation->identity().operation_id, operation).second;
}

void Session::remove_operation(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (operations_.erase(id) == 0) return;
  removed_operations_.push_back(id);
  if (removed_operations_.size() > removed_operations_max) {
    removed_operations_.erase(removed_operations_.begin(), removed_operations_.begin() + removed_operations_max / 2);
  }
}

bool Session::was_removed(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  return std::ranges::find(removed_operations_, id) != removed_operations_.end();
}

void Session::cancel_operations() {
  for (const auto& operation : operations()) operation->cancel();
}

void Session::touch() { last_used_.store(shared_.clock.now()); }
Instant Session::last_used() const { return last_used_.load(); }

}  // namespace mastic::spark_connect
