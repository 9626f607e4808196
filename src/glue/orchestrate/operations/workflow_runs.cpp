// StartWorkflowRun, StopWorkflowRun, ResumeWorkflowRun, GetWorkflowRun, GetWorkflowRuns, GetWorkflowRunProperties,
// PutWorkflowRunProperties.
#include "aws/service.h"
#include "glue/crawler/crawlers.h"
#include "glue/jobs/jobs.h"
#include "glue/operations.h"
#include "glue/orchestrate/glue_nodes.h"
#include "glue/orchestrate/graph.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/paging.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using orchestrate::GlueNodes;
using orchestrate::Orchestrator;
using Context = aws::CallContext;

Result<void> with_graph(wire::WorkflowRun& run, Orchestrator& orchestrator, GlueNodes& nodes) {
  TRY(actions, orchestrator.actions_of(run.workflow_run_id.value_or("")));
  TRY(triggers, orchestrator.triggers(run.name.value_or(""), "", 1000));
  const orchestrate::RunDetails details{
      actions, [&](const std::string& job, const std::string& id) { return nodes.job_run(job, id); },
      [&](const std::string& crawler, const std::string& id) { return nodes.crawl(crawler, id); }};
  TRY(graph, orchestrate::graph_of(triggers, &details));
  run.graph = std::move(graph);
  return {};
}

Result<wire::StartWorkflowRunResponse> start_run(const wire::StartWorkflowRunRequest& request, Orchestrator& orchestrator) {
  TRY(id, orchestrator.start_run(request.name, request.run_properties.value_or(std::map<std::string, std::string>{})));
  wire::StartWorkflowRunResponse response;
  response.run_id = id;
  return response;
}

Result<wire::ResumeWorkflowRunResponse> resume_run(const wire::ResumeWorkflowRunRequest& request, Orchestrator& orchestrator) {
  TRY(id, orchestrator.resume_run(request.name, request.run_id, request.node_ids));
  wire::ResumeWorkflowRunResponse response;
  response.run_id = id;
  response.node_ids = request.node_ids;
  return response;
}

Result<wire::GetWorkflowRunResponse> get_run(const wire::GetWorkflowRunRequest& request, Orchestrator& orchestrator,
                                             GlueNodes& nodes) {
  TRY(run, orchestrator.get_run(request.name, request.run_id));
  if (request.include_graph.value_or(false)) TRY_DO(with_graph(run, orchestrator, nodes));
  wire::GetWorkflowRunResponse response;
  response.run = std::move(run);
  return response;
}

Result<wire::GetWorkflowRunsResponse> get_runs(const wire::GetWorkflowRunsRequest& request, Orchestrator& orchestrator,
                                               GlueNodes& nodes) {
  TRY(before, page_key(request.next_token));
  const auto size = static_cast<std::size_t>(request.max_results.value_or(100));
  TRY(runs, orchestrator.runs(request.name, before, size + 1));
  wire::GetWorkflowRunsResponse response;
  if (runs.size() > size) {
    runs.resize(size);
    response.next_token = page_token(runs.back().workflow_run_id.value_or(""));
  }
  if (request.include_graph.value_or(false))
    for (auto& run : runs) TRY_DO(with_graph(run, orchestrator, nodes));
  response.runs = std::move(runs);
  return response;
}

}  // namespace

void add_workflow_run_operations(aws::Service& service, Orchestrator& o, GlueNodes& nodes) {
  service.on<wire::StartWorkflowRun>([&](const auto& request, const Context&) { return start_run(request, o); });
  service.on<wire::ResumeWorkflowRun>([&](const auto& request, const Context&) { return resume_run(request, o); });
  service.on<wire::GetWorkflowRun>([&](const auto& request, const Context&) { return get_run(request, o, nodes); });
  service.on<wire::GetWorkflowRuns>([&](const auto& request, const Context&) { return get_runs(request, o, nodes); });
  service.on<wire::StopWorkflowRun>(
      [&](const wire::StopWorkflowRunRequest& request, const Context&) -> Result<wire::StopWorkflowRunResponse> {
        TRY_DO(o.stop_run(request.name, request.run_id));
        return wire::StopWorkflowRunResponse{};
      });
  service.on<wire::GetWorkflowRunProperties>([&](const wire::GetWorkflowRunPropertiesRequest& request,
                                                 const Context&) -> Result<wire::GetWorkflowRunPropertiesResponse> {
    TRY(properties, o.run_properties(request.name, request.run_id));
    wire::GetWorkflowRunPropertiesResponse response;
    response.run_properties = std::move(properties);
    return response;
  });
  service.on<wire::PutWorkflowRunProperties>([&](const wire::PutWorkflowRunPropertiesRequest& request,
                                                 const Context&) -> Result<wire::PutWorkflowRunPropertiesResponse> {
    TRY_DO(o.put_run_properties(request.name, request.run_id, request.run_properties));
    return wire::PutWorkflowRunPropertiesResponse{};
  });
}

}  // namespace mastic::glue
