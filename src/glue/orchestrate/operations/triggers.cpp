// CreateTrigger, GetTrigger, GetTriggers, ListTriggers, BatchGetTriggers, UpdateTrigger, DeleteTrigger, StartTrigger,
// StopTrigger.
#include <algorithm>

#include "aws/service.h"
#include "glue/catalog/catalog.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/paging.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using orchestrate::Orchestrator;
using Context = aws::CallContext;

Result<wire::CreateTriggerResponse> create_trigger(const wire::CreateTriggerRequest& request, const Context& context,
                                                   Orchestrator& orchestrator, Tags& tags) {
  wire::Trigger trigger;
  trigger.name = request.name;
  trigger.workflow_name = request.workflow_name;
  trigger.type = request.type;
  trigger.schedule = request.schedule;
  trigger.predicate = request.predicate;
  trigger.actions = request.actions;
  trigger.description = request.description;
  trigger.event_batching_condition = request.event_batching_condition;
  TRY_DO(orchestrator.create_trigger(std::move(trigger), request.start_on_creation.value_or(false),
                                     {context.region, context.account_id}));
  if (request.tags) TRY_DO(tags.add("trigger/" + request.name, *request.tags));
  wire::CreateTriggerResponse response;
  response.name = request.name;
  return response;
}

Result<wire::GetTriggerResponse> get_trigger(const wire::GetTriggerRequest& request, Orchestrator& orchestrator) {
  TRY(trigger, orchestrator.find_trigger(request.name));
  if (!trigger) return fail(Error{"EntityNotFoundException", "Trigger " + request.name + " not found."});
  wire::GetTriggerResponse response;
  response.trigger = std::move(trigger);
  return response;
}

bool starts(const wire::Trigger& trigger, const std::string& job) {
  const auto actions = trigger.actions.value_or(std::vector<wire::Action>{});
  return std::ranges::any_of(actions, [&](const wire::Action& action) { return action.job_name == job; });
}

/// A page of triggers; those that start a job, or all when none does, as Glue has it.
Result<catalog::Page<wire::Trigger>> page_of(const std::optional<std::string>& token, const std::optional<int32_t>& limit,
                                             const std::optional<std::string>& dependent_job, Orchestrator& orchestrator) {
  TRY(after, page_key(token));
  const auto size = static_cast<std::size_t>(limit.value_or(200));
  catalog::Page<wire::Trigger> page;
  if (dependent_job) {
    TRY(all, orchestrator.triggers("", "", 1'000'000));
    std::vector<wire::Trigger> dependent;
    std::ranges::copy_if(all, std::back_inserter(dependent),
                         [&](const auto& trigger) { return starts(trigger, *dependent_job); });
    auto& shown = dependent.empty() ? all : dependent;
    for (auto& trigger : shown)
      if (trigger.name.value_or("") > after && page.entries.size() <= size) page.entries.push_back(std::move(trigger));
  } else {
    TRY(found, orchestrator.triggers("", after, size + 1));
    page.entries = std::move(found);
  }
  if (page.entries.size() > size) {
    page.entries.resize(size);
    page.last_key = page.entries.back().name.value_or("");
  }
  return page;
}

Result<wire::GetTriggersResponse> get_triggers(const wire::GetTriggersRequest& request, Orchestrator& orchestrator) {
  TRY(page, page_of(request.next_token, request.max_results, request.dependent_job_name, orchestrator));
  wire::GetTriggersResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.triggers = std::move(page.entries);
  return response;
}

Result<wire::ListTriggersResponse> list_triggers(const wire::ListTriggersRequest& request, Orchestrator& orchestrator,
                                                 Tags& tags) {
  TRY(page, page_of(request.next_token, request.max_results, request.dependent_job_name, orchestrator));
  wire::ListTriggersResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.trigger_names.emplace();
  for (const auto& trigger : page.entries) {
    const auto name = trigger.name.value_or("");
    TRY(wanted, tags.has("trigger/" + name, request.tags));
    if (wanted) response.trigger_names->push_back(name);
  }
  return response;
}

Result<wire::BatchGetTriggersResponse> batch_get_triggers(const wire::BatchGetTriggersRequest& request,
                                                          Orchestrator& orchestrator) {
  wire::BatchGetTriggersResponse response;
  response.triggers.emplace();
  response.triggers_not_found.emplace();
  for (const auto& name : request.trigger_names) {
    TRY(trigger, orchestrator.find_trigger(name));
    if (trigger) {
      response.triggers->push_back(std::move(*trigger));
    } else {
      response.triggers_not_found->push_back(name);
    }
  }
  return response;
}

Result<wire::UpdateTriggerResponse> update_trigger(const wire::UpdateTriggerRequest& request, Orchestrator& orchestrator) {
  TRY(trigger, orchestrator.update_trigger(request.name, request.trigger_update));
  wire::UpdateTriggerResponse response;
  response.trigger = std::move(trigger);
  return response;
}

template <typename Response>
Response named(const std::string& name) {
  Response response;
  response.name = name;
  return response;
}

Result<wire::DeleteTriggerResponse> delete_trigger(const wire::DeleteTriggerRequest& request, Orchestrator& orchestrator) {
  TRY_DO(orchestrator.remove_trigger(request.name));
  return named<wire::DeleteTriggerResponse>(request.name);
}

Result<wire::StartTriggerResponse> start_trigger(const wire::StartTriggerRequest& request, Orchestrator& orchestrator) {
  TRY_DO(orchestrator.start_trigger(request.name));
  return named<wire::StartTriggerResponse>(request.name);
}

Result<wire::StopTriggerResponse> stop_trigger(const wire::StopTriggerRequest& request, Orchestrator& orchestrator) {
  TRY_DO(orchestrator.stop_trigger(request.name));
  return named<wire::StopTriggerResponse>(request.name);
}

}  // namespace

void add_trigger_operations(aws::Service& service, Orchestrator& o, Tags& tags) {
  service.on<wire::CreateTrigger>(
      [&](const auto& request, const Context& context) { return create_trigger(request, context, o, tags); });
  service.on<wire::GetTrigger>([&](const auto& request, const Context&) { return get_trigger(request, o); });
  service.on<wire::GetTriggers>([&](const auto& request, const Context&) { return get_triggers(request, o); });
  service.on<wire::ListTriggers>([&](const auto& request, const Context&) { return list_triggers(request, o, tags); });
  service.on<wire::BatchGetTriggers>([&](const auto& request, const Context&) { return batch_get_triggers(request, o); });
  service.on<wire::UpdateTrigger>([&](const auto& request, const Context&) { return update_trigger(request, o); });
  service.on<wire::DeleteTrigger>([&](const auto& request, const Context&) { return delete_trigger(request, o); });
  service.on<wire::StartTrigger>([&](const auto& request, const Context&) { return start_trigger(request, o); });
  service.on<wire::StopTrigger>([&](const auto& request, const Context&) { return stop_trigger(request, o); });
}

}  // namespace mastic::glue
