// CreateWorkflow, GetWorkflow, ListWorkflows, BatchGetWorkflows, UpdateWorkflow, DeleteWorkflow.
#include "aws/service.h"
#include "glue/operations.h"
#include "glue/orchestrate/graph.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/paging.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using orchestrate::Orchestrator;
using Context = aws::CallContext;

Error not_found(const std::string& name) { return {"EntityNotFoundException", "Workflow " + name + " not found."}; }

Result<wire::CreateWorkflowResponse> create_workflow(const wire::CreateWorkflowRequest& request, Orchestrator& orchestrator,
                                                     Tags& tags) {
  wire::Workflow workflow;
  workflow.name = request.name;
  workflow.description = request.description;
  workflow.default_run_properties = request.default_run_properties;
  workflow.max_concurrent_runs = request.max_concurrent_runs;
  TRY_DO(orchestrator.create_workflow(std::move(workflow)));
  if (request.tags) TRY_DO(tags.add("workflow/" + request.name, *request.tags));
  wire::CreateWorkflowResponse response;
  response.name = request.name;
  return response;
}

Result<std::optional<wire::Workflow>> find_workflow(const std::string& name, bool with_graph, Orchestrator& orchestrator) {
  TRY(workflow, orchestrator.find_workflow(name));
  if (workflow && with_graph) {
    TRY(triggers, orchestrator.triggers(name, "", 1000));
    TRY(graph, orchestrate::graph_of(triggers, nullptr));
    workflow->graph = std::move(graph);
  }
  return std::move(workflow);
}

Result<wire::GetWorkflowResponse> get_workflow(const wire::GetWorkflowRequest& request, Orchestrator& orchestrator) {
  TRY(workflow, find_workflow(request.name, request.include_graph.value_or(false), orchestrator));
  if (!workflow) return fail(not_found(request.name));
  wire::GetWorkflowResponse response;
  response.workflow = std::move(workflow);
  return response;
}

Result<wire::ListWorkflowsResponse> list_workflows(const wire::ListWorkflowsRequest& request, Orchestrator& orchestrator) {
  TRY(after, page_key(request.next_token));
  const auto size = static_cast<std::size_t>(request.max_results.value_or(25));
  TRY(found, orchestrator.workflows(after, size + 1));
  wire::ListWorkflowsResponse response;
  response.workflows.emplace();
  for (const auto& workflow : found) {
    if (response.workflows->size() == size) {
      response.next_token = page_token(response.workflows->back());
      break;
    }
    response.workflows->push_back(workflow.name.value_or(""));
  }
  return response;
}

Result<wire::BatchGetWorkflowsResponse> batch_get_workflows(const wire::BatchGetWorkflowsRequest& request,
                                                            Orchestrator& orchestrator) {
  wire::BatchGetWorkflowsResponse response;
  response.workflows.emplace();
  response.missing_workflows.emplace();
  for (const auto& name : request.names) {
    TRY(workflow, find_workflow(name, request.include_graph.value_or(false), orchestrator));
    if (workflow) {
      response.workflows->push_back(std::move(*workflow));
    } else {
      response.missing_workflows->push_back(name);
    }
  }
  return response;
}

Result<wire::UpdateWorkflowResponse> update_workflow(const wire::UpdateWorkflowRequest& request, Orchestrator& orchestrator) {
  TRY_DO(orchestrator.update_workflow(request.name, [&](wire::Workflow& workflow) {
    if (request.description) workflow.description = request.description;
    if (request.default_run_properties) workflow.default_run_properties = request.default_run_properties;
    if (request.max_concurrent_runs) workflow.max_concurrent_runs = request.max_concurrent_runs;
  }));
  wire::UpdateWorkflowResponse response;
  response.name = request.name;
  return response;
}

Result<wire::DeleteWorkflowResponse> delete_workflow(const wire::DeleteWorkflowRequest& request, Orchestrator& orchestrator) {
  TRY_DO(orchestrator.remove_workflow(request.name));
  wire::DeleteWorkflowResponse response;
  response.name = request.name;
  return response;
}

}  // namespace

void add_workflow_operations(aws::Service& service, Orchestrator& o, Tags& tags) {
  service.on<wire::CreateWorkflow>([&](const auto& request, const Context&) { return create_workflow(request, o, tags); });
  service.on<wire::GetWorkflow>([&](const auto& request, const Context&) { return get_workflow(request, o); });
  service.on<wire::ListWorkflows>([&](const auto& request, const Context&) { return list_workflows(request, o); });
  service.on<wire::BatchGetWorkflows>([&](const auto& request, const Context&) { return batch_get_workflows(request, o); });
  service.on<wire::UpdateWorkflow>([&](const auto& request, const Context&) { return update_workflow(request, o); });
  service.on<wire::DeleteWorkflow>([&](const auto& request, const Context&) { return delete_workflow(request, o); });
}

}  // namespace mastic::glue
