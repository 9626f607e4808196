// CreateColumnStatisticsTaskSettings, Get…, Update…, Delete…, StartColumnStatisticsTaskRunSchedule, Stop….
#include <fmt/format.h>

#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/statistics/task_settings.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;
using orchestrate::Orchestrator;
using Entry = StatisticsSettings::Entry;

struct House {
  StatisticsSettings& settings;
  Orchestrator& orchestrator;
  Catalog& catalog;
};

Result<void> begin_schedule(House house, const std::string& database, const std::string& table, const std::string& expression,
                            const Context& context) {
  return house.orchestrator.schedule_crawler(StatisticsSettings::schedule_name(database, table), expression,
                                             {context.region, context.account_id});
}

Result<void> end_schedule(House house, const std::string& database, const std::string& table) {
  return house.orchestrator.unschedule_crawler(StatisticsSettings::schedule_name(database, table));
}

wire::Schedule schedule_of(const std::string& expression) {
  wire::Schedule schedule;
  schedule.schedule_expression = expression;
  schedule.state = "SCHEDULED";
  return schedule;
}

template <typename Request>
Result<void> check(const Request& request, const Context& context, House house) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, house.catalog.find_table(request.database_name, request.table_name));
  if (!table) return fail(error::table_not_found(request.table_name));
  return {};
}

Result<wire::CreateColumnStatisticsTaskSettingsResponse> create(const wire::CreateColumnStatisticsTaskSettingsRequest& request,
                                                                const Context& context, House house) {
  TRY_DO(check(request, context, house));
  if (request.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  if (request.tags && !request.tags->empty()) return fail(error::unsupported("Tags"));
  Entry entry;
  entry.database_name = request.database_name;
  entry.table_name = request.table_name;
  entry.catalog_id = context.account_id;
  entry.role = request.role;
  entry.column_name_list = request.column_name_list;
  entry.sample_size = request.sample_size;
  entry.setting_source = "TABLE";
  const auto expression = request.schedule.value_or("");
  if (!expression.empty()) {
    entry.schedule = schedule_of(expression);
    entry.schedule_type = "CRON";
  }
  TRY_DO(house.settings.add(entry));
  if (expression.empty()) return wire::CreateColumnStatisticsTaskSettingsResponse{};
  if (auto begun = begin_schedule(house, request.database_name, request.table_name, expression, context); !begun) {
    (void)house.settings.remove(request.database_name, request.table_name);
    return fail(std::move(begun).error());
  }
  return wire::CreateColumnStatisticsTaskSettingsResponse{};
}

Result<wire::UpdateColumnStatisticsTaskSettingsResponse> update(const wire::UpdateColumnStatisticsTaskSettingsRequest& request,
                                                                const Context& context, House house) {
  TRY_DO(check(request, context, house));
  if (request.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  TRY_DO(house.settings.find(request.database_name, request.table_name));
  if (request.schedule) TRY_DO(begin_schedule(house, request.database_name, request.table_name, *request.schedule, context));
  TRY_DO(house.settings.change(request.database_name, request.table_name, [&](Entry& entry) {
    if (request.role) entry.role = request.role;
    if (request.column_name_list) entry.column_name_list = request.column_name_list;
    if (request.sample_size) entry.sample_size = request.sample_size;
    if (!request.schedule) return;
    entry.schedule = schedule_of(*request.schedule);
    entry.schedule_type = "CRON";
  }));
  return wire::UpdateColumnStatisticsTaskSettingsResponse{};
}

Result<wire::GetColumnStatisticsTaskSettingsResponse> get(const wire::GetColumnStatisticsTaskSettingsRequest& request,
                                                          const Context& context, House house) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(entry, house.settings.find(request.database_name, request.table_name));
  wire::GetColumnStatisticsTaskSettingsResponse response;
  response.column_statistics_task_settings = std::move(entry);
  return response;
}

Result<wire::DeleteColumnStatisticsTaskSettingsResponse> remove(const wire::DeleteColumnStatisticsTaskSettingsRequest& request,
                                                                const Context& context, House house) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(house.settings.remove(request.database_name, request.table_name));
  TRY_DO(end_schedule(house, request.database_name, request.table_name));
  return wire::DeleteColumnStatisticsTaskSettingsResponse{};
}

Result<wire::StartColumnStatisticsTaskRunScheduleResponse> start(
    const wire::StartColumnStatisticsTaskRunScheduleRequest& request, const Context& context, House house) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(entry, house.settings.find(request.database_name, request.table_name));
  if (!entry.schedule) return fail(error::invalid_input("The column statistics task settings have no schedule."));
  TRY_DO(begin_schedule(house, request.database_name, request.table_name, entry.schedule->schedule_expression.value_or(""),
                        context));
  TRY_DO(house.settings.change(request.database_name, request.table_name,
                               [](Entry& kept) { kept.schedule->state = "SCHEDULED"; }));
  return wire::StartColumnStatisticsTaskRunScheduleResponse{};
}

Result<wire::StopColumnStatisticsTaskRunScheduleResponse> stop(const wire::StopColumnStatisticsTaskRunScheduleRequest& request,
                                                               const Context& context, House house) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(entry, house.settings.find(request.database_name, request.table_name));
  if (!entry.schedule) return fail(error::invalid_input("The column statistics task settings have no schedule."));
  TRY_DO(end_schedule(house, request.database_name, request.table_name));
  TRY_DO(house.settings.change(request.database_name, request.table_name,
                               [](Entry& kept) { kept.schedule->state = "NOT_SCHEDULED"; }));
  return wire::StopColumnStatisticsTaskRunScheduleResponse{};
}

}  // namespace

void add_statistics_settings_operations(aws::Service& service, StatisticsSettings& settings, Orchestrator& orchestrator,
                                        Catalog& catalog) {
  const House house{settings, orchestrator, catalog};
  service.on<wire::CreateColumnStatisticsTaskSettings>(
      [=](const auto& request, const Context& context) { return create(request, context, house); });
  service.on<wire::UpdateColumnStatisticsTaskSettings>(
      [=](const auto& request, const Context& context) { return update(request, context, house); });
  service.on<wire::GetColumnStatisticsTaskSettings>(
      [=](const auto& request, const Context& context) { return get(request, context, house); });
  service.on<wire::DeleteColumnStatisticsTaskSettings>(
      [=](const auto& request, const Context& context) { return remove(request, context, house); });
  service.on<wire::StartColumnStatisticsTaskRunSchedule>(
      [=](const auto& request, const Context& context) { return start(request, context, house); });
  service.on<wire::StopColumnStatisticsTaskRunSchedule>(
      [=](const auto& request, const Context& context) { return stop(request, context, house); });
}

}  // namespace mastic::glue
