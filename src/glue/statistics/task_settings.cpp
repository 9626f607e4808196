#include "glue/statistics/task_settings.h"

#include <fmt/format.h>

#include "glue/names.h"

namespace mastic::glue {
namespace {

// Names of crawlers are printable.
constexpr std::string_view mark = "\x01statistics/";

std::string key_of(std::string_view database, std::string_view table) {
  return fmt::format("{}/{}", lower_name(database), lower_name(table));
}

Error not_found(std::string_view table) {
  return {"EntityNotFoundException", fmt::format("Column statistics task settings of table {} not found.", table)};
}

}  // namespace

std::string StatisticsSettings::schedule_name(std::string_view database, std::string_view table) {
  return std::string(mark) + key_of(database, table);
}

bool StatisticsSettings::is_schedule_name(std::string_view name) { return name.starts_with(mark); }

Result<void> StatisticsSettings::fire(std::string_view schedule_name, std::string_view account_id) {
  const auto key = std::string(schedule_name.substr(mark.size()));
  TRY(found, records_.find(key));
  if (!found) return {};
  wire::ColumnStatisticsTaskRun task;
  task.customer_id = std::string(account_id);
  task.catalog_id = std::string(account_id);
  task.database_name = found->database_name;
  task.table_name = found->table_name;
  task.column_name_list = found->column_name_list;
  task.role = found->role;
  task.sample_size = found->sample_size;
  const auto started = tasks_.start(std::move(task));
  wire::ExecutionAttempt attempt;
  attempt.execution_timestamp = clock_.now();
  attempt.status = started ? "STARTED" : "FAILED";
  if (started) attempt.column_statistics_task_run_id = *started;
  if (!started) attempt.error_message = started.error().message;
  TRY_DO(records_.change(key, [&](const std::optional<Entry>& before) -> Result<Entry> {
    auto after = before.value_or(*found);
    after.last_execution_attempt = attempt;
    return after;
  }));
  if (!started) return fail(started.error());
  return {};
}

Result<void> StatisticsSettings::add(const Entry& entry) {
  const auto table = entry.table_name.value_or("");
  TRY(added, records_.add(key_of(entry.database_name.value_or(""), table), entry));
  if (added) return {};
  return fail(Error{"AlreadyExistsException", fmt::format("Table {} has column statistics task settings already.", table)});
}

Result<StatisticsSettings::Entry> StatisticsSettings::find(std::string_view database, std::string_view table) {
  TRY(found, records_.find(key_of(database, table)));
  if (!found) return fail(not_found(table));
  return std::move(*found);
}

Result<void> StatisticsSettings::change(std::string_view database, std::string_view table,
                                        const std::function<void(Entry&)>& change) {
  return records_.change(key_of(database, table), [&](const std::optional<Entry>& before) -> Result<Entry> {
    if (!before) return fail(not_found(table));
    auto after = *before;
    change(after);
    return after;
  });
}

Result<void> StatisticsSettings::remove(std::string_view database, std::string_view table) {
  TRY(removed, records_.remove(key_of(database, table)));
  if (!removed) return fail(not_found(table));
  return {};
}

}  // namespace mastic::glue
