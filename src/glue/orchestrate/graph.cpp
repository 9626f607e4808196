#include "glue/orchestrate/graph.h"

#include <set>

#include "glue/orchestrate/chain.h"

namespace mastic::glue::orchestrate {
namespace {

class Builder {
 public:
  explicit Builder(const RunDetails* details) : details_(details) {}

  Result<void> add(const wire::Trigger& trigger) {
    const auto name = trigger.name.value_or("");
    wire::Node node;
    node.type = "TRIGGER";
    node.name = name;
    node.unique_id = node_id("TRIGGER", name);
    node.trigger_details.emplace().trigger = trigger;
    graph_.nodes->push_back(node);
    if (trigger.predicate)
      for (const auto& condition : trigger.predicate->conditions.value_or(std::vector<wire::Condition>{})) {
        TRY(from, job_or_crawler(condition.job_name, condition.crawler_name));
        connect(from, *node.unique_id);
      }
    for (const auto& action : trigger.actions.value_or(std::vector<wire::Action>{})) {
      TRY(to, job_or_crawler(action.job_name, action.crawler_name));
      connect(*node.unique_id, to);
    }
    return {};
  }

  wire::WorkflowGraph take() { return std::move(graph_); }

 private:
  void connect(const std::string& from, const std::string& to) {
    wire::Edge edge;
    edge.source_id = from;
    edge.destination_id = to;
    graph_.edges->push_back(std::move(edge));
  }

  Result<std::string> job_or_crawler(const std::optional<std::string>& job, const std::optional<std::string>& crawler) {
    const std::string kind = job ? "JOB" : "CRAWLER";
    const auto name = job ? *job : crawler.value_or("");
    const auto id = node_id(kind, name);
    if (!known_.insert(id).second) return id;
    wire::Node node;
    node.type = kind;
    node.name = name;
    node.unique_id = id;
    if (details_ != nullptr) TRY_DO(add_details(node, kind, name));
    graph_.nodes->push_back(std::move(node));
    return id;
  }

  Result<void> add_details(wire::Node& node, const std::string& kind, const std::string& name) {
    for (const auto& action : details_->actions) {
      if (action.kind != kind || action.name != name) continue;
      if (kind == "JOB") {
        if (!node.job_details) node.job_details.emplace().job_runs.emplace();
        if (!action.message.empty()) {  // what could not be started says why, as a run in the state ERROR
          wire::JobRun refused;
          refused.id = action.id;
          refused.job_name = name;
          refused.trigger_name = action.trigger;
          refused.job_run_state = "ERROR";
          refused.error_message = action.message;
          node.job_details->job_runs->push_back(std::move(refused));
          continue;
        }
        const auto run = details_->job_run(name, action.id);
        if (run) node.job_details->job_runs->push_back(*run);
        continue;
      }
      if (!node.crawler_details) node.crawler_details.emplace().crawls.emplace();
      if (!action.message.empty()) {
        wire::Crawl refused;
        refused.state = "ERROR";
        refused.error_message = action.message;
        node.crawler_details->crawls->push_back(std::move(refused));
        continue;
      }
      TRY(crawl, details_->crawl(name, action.id));
      if (crawl) node.crawler_details->crawls->push_back(std::move(*crawl));
    }
    return {};
  }

  const RunDetails* details_;
  wire::WorkflowGraph graph_{.nodes = std::vector<wire::Node>{}, .edges = std::vector<wire::Edge>{}};
  std::set<std::string> known_;
};

}  // namespace

Result<wire::WorkflowGraph> graph_of(const std::vector<wire::Trigger>& triggers, const RunDetails* details) {
  Builder builder(details);
  for (const auto& trigger : triggers) TRY_DO(builder.add(trigger));
  return builder.take();
}

}  // namespace mastic::glue::orchestrate
