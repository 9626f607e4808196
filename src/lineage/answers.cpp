// The answers as JSON, and the lists.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "lineage/query.h"

namespace mastic::lineage {

using Json = nlohmann::json;

namespace {

Json name_json(const DatasetName& name) { return {{"namespace", name.name_space}, {"name", name.name}}; }

Json node_json(const Node& node, std::size_t index) {
  auto made = name_json(node.name);
  made["id"] = index;
  made["text"] = short_text_of(node.name);
  if (!node.column.empty()) {
    made["column"] = node.column;
    made["type"] = node.type;
  }
  made["otherNames"] = Json::array();
  for (const auto& other : node.other_names) made["otherNames"].push_back(name_json(other));
  return made;
}

Json link_json(const Link& link) {
  Json made{
      {"from", link.from},
      {"to", link.to},
      {"job", {{"namespace", link.job_namespace}, {"name", link.job_name}, {"type", link.job_type}}},
      {"run",
       {{"id", link.run_key}, {"runId", run_uuid(link.run_key)}, {"state", link.run_state}, {"time", iso_time(link.time)}}},
      {"transformations", Json::array()}};
  for (const auto& how : link.how)
    made["transformations"].push_back({{"type", type_name(kind_of(how.subtype))},
                                       {"subtype", how.subtype},
                                       {"description", how.description},
                                       {"masking", how.masking},
                                       {"allRows", how.all_rows}});
  if (link.via) {
    made["via"] = name_json(*link.via);
    if (!link.via_job.empty()) made["via"]["madeBy"] = link.via_job;
  }
  return made;
}

Error not_found(std::string message) { return {"NotFound", std::move(message), 404}; }

}  // namespace

Json to_json(const Graph& graph) {
  Json made{{"nodes", Json::array()}, {"edges", Json::array()}, {"cut", graph.cut}};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) made["nodes"].push_back(node_json(graph.nodes[i], i));
  for (const auto& link : graph.links) made["edges"].push_back(link_json(link));
  return made;
}

Json to_json(const RunRow& run) {
  Json made{{"id", run.facts.run_key},
            {"runId", run_uuid(run.facts.run_key)},
            {"job", {{"namespace", run.facts.job_namespace}, {"name", run.facts.job_name}, {"type", run.facts.job_type}}},
            {"state", run.state},
            {"started", iso_time(run.started)}};
  if (run.ended) made["ended"] = iso_time(*run.ended);
  if (!run.message.empty()) made["message"] = run.message;
  if (run.facts.parent)
    made["parent"] = {{"runId", run.facts.parent->run_id},
                      {"job", {{"namespace", run.facts.parent->job_namespace}, {"name", run.facts.parent->job_name}}}};
  return made;
}

Result<Json> list_datasets(Store& store, const std::string& containing, int64_t limit) {
  TRY(rows, store.database().query(
                "SELECT id, namespace, name, written, used FROM (SELECT d.id AS id, d.namespace AS namespace, d.name AS name, "
                "(SELECT max(r.started) FROM output o JOIN run r ON r.id = o.run WHERE o.dataset = d.id) AS written, "
                "(SELECT max(r.started) FROM input i JOIN run r ON r.id = i.run WHERE i.dataset = d.id) AS used "
                "FROM dataset d WHERE d.namespace || '/' || d.name LIKE '%' || ? || '%') "
                "ORDER BY max(coalesce(written, 0), coalesce(used, 0)) DESC, id DESC LIMIT ?",
                containing, limit));
  auto made = Json::array();
  for (const auto& row : rows) {
    const DatasetName name{row.text(1), row.text(2)};
    auto one = name_json(name);
    one["text"] = short_text_of(name);
    if (!row.is_null(3)) one["lastWritten"] = iso_time(from_microseconds(row.integer(3)));
    if (!row.is_null(4)) one["lastRead"] = iso_time(from_microseconds(row.integer(4)));
    one["columns"] = Json::array();
    TRY(fields, store.database().query("SELECT name, type FROM field WHERE dataset = ? ORDER BY id", row.integer(0)));
    for (const auto& field : fields) one["columns"].push_back({{"name", field.text(0)}, {"type", field.text(1)}});
    made.push_back(std::move(one));
  }
  return Json{{"datasets", std::move(made)}};
}

Result<Json> list_runs(Store& store, const std::string& job, const DatasetName& dataset, std::optional<Instant> since,
                       std::optional<Instant> until, int64_t limit) {
  TRY(rows,
      store.database().query(
          "SELECT r.run_key FROM run r WHERE (?1 = '' OR r.job_name = ?1) AND (?2 = '' OR EXISTS(SELECT 1 FROM dataset d "
          "WHERE d.namespace = ?2 AND d.name = ?3 AND (EXISTS(SELECT 1 FROM input i WHERE i.run = r.id AND i.dataset = d.id) "
          "OR EXISTS(SELECT 1 FROM output o WHERE o.run = r.id AND o.dataset = d.id)))) "
          "AND r.started >= ?4 AND r.started <= ?5 ORDER BY r.started DESC, r.id DESC LIMIT ?6",
          job, dataset.name_space, dataset.name, since ? to_microseconds(*since) : INT64_MIN,
          until ? to_microseconds(*until) : INT64_MAX, limit));
  auto made = Json::array();
  for (const auto& row : rows) {
    TRY(run, store.find(row.text(0)));
    if (run) made.push_back(to_json(*run));
  }
  return Json{{"runs", std::move(made)}};
}

Result<Json> describe_run(Store& store, const std::string& run_key) {
  TRY(run, store.find(run_key));
  if (!run) return fail(not_found("No lineage is known of this run: " + run_key));
  auto made = to_json(*run);
  TRY(report, store.report_of(run_key));
  made["inputs"] = report.is_object() ? report["inputs"] : Json::array();
  made["outputs"] = report.is_object() ? report["outputs"] : Json::array();
  return made;
}

Result<Json> list_events(Store& store, const std::string& run_key, int64_t after, int64_t limit) {
  TRY(rows,
      store.database().query("SELECT e.id, e.body FROM event e JOIN run r ON r.id = e.run WHERE (?1 = '' OR r.run_key = ?1) "
                             "AND e.id > ?2 ORDER BY e.id LIMIT ?3",
                             run_key, after, limit));
  auto made = Json::array();
  int64_t last = after;
  for (const auto& row : rows) {
    made.push_back(Json::parse(row.text(1)));
    last = row.integer(0);
  }
  return Json{{"events", std::move(made)}, {"last", last}};
}

}  // namespace mastic::lineage
