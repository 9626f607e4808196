#include "lineage/store.h"

#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace mastic::lineage {
namespace {

using Json = nlohmann::json;
using sqlite::Transaction;

constexpr int64_t events_max = 20'000;

constexpr std::array<std::string_view, 1> migrations{R"sql(
CREATE TABLE run(
  id INTEGER PRIMARY KEY, run_key TEXT NOT NULL UNIQUE, job_namespace TEXT NOT NULL, job_name TEXT NOT NULL,
  job_type TEXT NOT NULL, integration TEXT NOT NULL, engine_version TEXT NOT NULL,
  parent_run TEXT, parent_namespace TEXT, parent_name TEXT,
  state TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, message TEXT NOT NULL DEFAULT '',
  report TEXT NOT NULL DEFAULT '');
CREATE INDEX run_by_job ON run(job_name, started);
CREATE TABLE dataset(id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(namespace, name));
-- A catalog table is another name of the place that it describes.
CREATE TABLE symlink(dataset INTEGER NOT NULL, alias INTEGER NOT NULL, PRIMARY KEY(dataset, alias)) WITHOUT ROWID;
CREATE INDEX symlink_by_alias ON symlink(alias);
CREATE TABLE field(id INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  UNIQUE(dataset, name));
CREATE TABLE input(run INTEGER NOT NULL, dataset INTEGER NOT NULL, via INTEGER, PRIMARY KEY(run, dataset)) WITHOUT ROWID;
CREATE INDEX input_by_dataset ON input(dataset);
CREATE TABLE shape(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE);
CREATE TABLE output(run INTEGER NOT NULL, dataset INTEGER NOT NULL, shape INTEGER NOT NULL, row_count INTEGER,
  size_bytes INTEGER, file_count INTEGER, PRIMARY KEY(run, dataset)) WITHOUT ROWID;
CREATE INDEX output_by_dataset ON output(dataset, run);
CREATE INDEX output_by_shape ON output(shape, run);
-- `output` is a field; NULL stands for every row of the shape's dataset.
CREATE TABLE edge(shape INTEGER NOT NULL, output INTEGER, input INTEGER NOT NULL, subtype TEXT NOT NULL,
  description TEXT NOT NULL, masking INTEGER NOT NULL);
CREATE INDEX edge_by_shape ON edge(shape, output);
CREATE INDEX edge_by_input ON edge(input, shape);
CREATE TABLE event(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX event_by_run ON event(run);
)sql"};

Result<int64_t> dataset_id(Transaction& t, const Json& dataset) {
  const auto name_space = dataset.at("namespace").get<std::string>();
  const auto name = dataset.at("name").get<std::string>();
  TRY_DO(t.run("INSERT INTO dataset(namespace, name) VALUES(?, ?) ON CONFLICT DO NOTHING", name_space, name));
  TRY(rows, t.query("SELECT id FROM dataset WHERE namespace = ? AND name = ?", name_space, name));
  return rows.at(0).integer(0);
}

Result<int64_t> field_id(Transaction& t, int64_t dataset, const std::string& name, const std::string& type) {
  TRY_DO(
      t.run("INSERT INTO field(dataset, name, type) VALUES(?, ?, ?) ON CONFLICT(dataset, name) DO UPDATE SET type = "
            "excluded.type WHERE excluded.type <> '' AND excluded.type <> type",
            dataset, name, type));
  TRY(rows, t.query("SELECT id FROM field WHERE dataset = ? AND name = ?", dataset, name));
  return rows.at(0).integer(0);
}

Result<void> add_fields(Transaction& t, int64_t dataset, const Json& facets) {
  if (!facets.contains("schema")) return {};
  for (const auto& field : facets["schema"]["fields"])
    TRY_DO(field_id(t, dataset, field.at("name").get<std::string>(), field.value("type", "")));
  return {};
}

/// The last of its other names, which is what it was read through.
Result<std::optional<int64_t>> add_symlinks(Transaction& t, int64_t dataset, const Json& facets) {
  std::optional<int64_t> via;
  if (!facets.contains("symlinks")) return via;
  for (const auto& identifier : facets["symlinks"]["identifiers"]) {
    TRY(alias, dataset_id(t, identifier));
    if (alias == dataset) continue;
    TRY_DO(t.run("INSERT INTO symlink(dataset, alias) VALUES(?, ?) ON CONFLICT DO NOTHING", dataset, alias));
    via = alias;
  }
  return via;
}

Result<void> add_input(Transaction& t, int64_t run, const Json& input) {
  TRY(dataset, dataset_id(t, input));
  TRY_DO(add_fields(t, dataset, input.at("facets")));
  TRY(via, add_symlinks(t, dataset, input.at("facets")));
  TRY_DO(
      t.run("INSERT INTO input(run, dataset, via) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET via = coalesce(excluded.via, via)",
            run, dataset, via));
  return {};
}

class Edges {
 public:
  Edges(Transaction& transaction, int64_t shape) : t_(transaction), shape_(shape) {}

  Result<void> add(std::optional<int64_t> output, const Json& input_fields) {
    for (const auto& input : input_fields) {
      TRY(from, input_id(input));
      for (const auto& one : input.at("transformations"))
        TRY_DO(t_.run("INSERT INTO edge(shape, output, input, subtype, description, masking) VALUES(?, ?, ?, ?, ?, ?)", shape_,
                      output, from, one.at("subtype").get<std::string>(), one.value("description", ""),
                      one.value("masking", false) ? 1 : 0));
    }
    return {};
  }

 private:
  Result<int64_t> input_id(const Json& input) {
    const std::string key = input.at("namespace").get<std::string>() + '\n' + input.at("name").get<std::string>() + '\n' +
                            input.at("field").get<std::string>();
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    TRY(dataset, dataset_id(t_, input));
    TRY(id, field_id(t_, dataset, input.at("field").get<std::string>(), ""));
    known_.emplace(key, id);
    return id;
  }
  Transaction& t_;
  int64_t shape_;
  std::map<std::string, int64_t> known_;
};

/// The shape of an output, made when it is new.
Result<int64_t> shape_of(Transaction& t, int64_t dataset, const Json& output) {
  const auto& facet = output.at("facets").at("columnLineage");
  const auto text = std::to_string(dataset) + facet.at("fields").dump() + facet.value("dataset", Json::array()).dump();
  const auto hash = run_uuid(text);
  TRY(known, t.query("SELECT id FROM shape WHERE hash = ?", hash));
  if (!known.empty()) return known[0].integer(0);
  TRY_DO(t.run("INSERT INTO shape(hash) VALUES(?)", hash));
  TRY(made, t.query("SELECT id FROM shape WHERE hash = ?", hash));
  const auto shape = made.at(0).integer(0);
  Edges edges(t, shape);
  for (const auto& [name, field] : facet.at("fields").items()) {
    TRY(id, field_id(t, dataset, name, ""));
    TRY_DO(edges.add(id, field.at("inputFields")));
  }
  if (facet.contains("dataset")) TRY_DO(edges.add(std::nullopt, facet["dataset"]));
  return shape;
}

std::optional<int64_t> counted(const Json& output, const char* name) {
  const auto path = Json::json_pointer(std::string("/outputFacets/outputStatistics/") + name);
  if (!output.contains(path)) return std::nullopt;
  return output[path].get<int64_t>();
}

Result<void> add_output(Transaction& t, int64_t run, const Json& output) {
  // A table that was dropped, emptied or renamed: nothing was derived, what was known of its columns stays.
  if (!output.at("facets").contains("columnLineage")) return {};
  TRY(dataset, dataset_id(t, output));
  TRY_DO(add_fields(t, dataset, output.at("facets")));
  TRY_DO(add_symlinks(t, dataset, output.at("facets")));
  TRY(shape, shape_of(t, dataset, output));
  TRY_DO(
      t.run("INSERT INTO output(run, dataset, shape, row_count, size_bytes, file_count) VALUES(?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET shape = excluded.shape, row_count = row_count + excluded.row_count, "
            "size_bytes = size_bytes + excluded.size_bytes, file_count = file_count + excluded.file_count",
            run, dataset, shape, counted(output, "rowCount"), counted(output, "size"), counted(output, "fileCount")));
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  TRY(database, sqlite::Database::open(file, migrations));
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Result<void> Store::begin(const RunFacts& run, Instant time) {
  const auto parent = [&](std::string ParentRun::* member) {
    return run.parent ? std::optional((*run.parent).*member) : std::nullopt;
  };
  return database_->transaction([&](Transaction& t) -> Result<void> {
    TRY_DO(t.run(
        "INSERT INTO run(run_key, job_namespace, job_name, job_type, integration, engine_version, parent_run, "
        "parent_namespace, parent_name, state, started) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 'START', ?) "
        "ON CONFLICT(run_key) DO UPDATE SET state = 'START', ended = NULL, message = ''",
        run.run_key, run.job_namespace, run.job_name, run.job_type, run.integration, run.engine_version,
        parent(&ParentRun::run_id), parent(&ParentRun::job_namespace), parent(&ParentRun::job_name), to_microseconds(time)));
    return {};
  });
}

Result<void> Store::end(const std::string& run_key, std::string_view state, Instant time, const std::string& message) {
  return database_->transaction([&](Transaction& t) -> Result<void> {
    TRY_DO(t.run("UPDATE run SET state = ?, ended = ?, message = ? WHERE run_key = ?", state, to_microseconds(time), message,
                 run_key));
    return {};
  });
}

Result<std::optional<RunRow>> Store::find(const std::string& run_key) {
  TRY(rows, database_->query("SELECT run_key, job_namespace, job_name, job_type, integration, engine_version, parent_run, "
                             "parent_namespace, parent_name, state, started, ended, message FROM run WHERE run_key = ?",
                             run_key));
  if (rows.empty()) return std::optional<RunRow>{};
  const auto& row = rows[0];
  RunRow run{.facts = {.run_key = row.text(0),
                       .job_namespace = row.text(1),
                       .job_name = row.text(2),
                       .job_type = row.text(3),
                       .integration = row.text(4),
                       .engine_version = row.text(5)},
             .state = row.text(9),
             .started = from_microseconds(row.integer(10)),
             .ended = {},
             .message = row.text(12)};
  if (!row.is_null(6)) run.facts.parent = ParentRun{row.text(6), row.text(7), row.text(8)};
  if (!row.is_null(11)) run.ended = from_microseconds(row.integer(11));
  return std::optional(std::move(run));
}

Result<std::vector<RunRow>> Store::unfinished() {
  TRY(rows, database_->query("SELECT run_key FROM run WHERE ended IS NULL ORDER BY id"));
  std::vector<RunRow> runs;
  for (const auto& row : rows) {
    TRY(run, find(row.text(0)));
    if (run) runs.push_back(std::move(*run));
  }
  return runs;
}

Result<void> Store::add(const std::string& run_key, const Json& report) {
  return database_->transaction([&](Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT id, report FROM run WHERE run_key = ?", run_key));
    if (rows.empty()) return fail(Error::invalid("lineage of a run that was not begun: " + run_key));
    const auto run = rows[0].integer(0);
    const auto known = rows[0].text(1);
    Json merged = known.empty() ? Json() : Json::parse(known);
    merge_report(merged, report);
    TRY_DO(t.run("UPDATE run SET report = ? WHERE id = ?", merged.dump(), run));
    for (const auto& input : report.at("inputs")) TRY_DO(add_input(t, run, input));
    for (const auto& output : report.at("outputs")) TRY_DO(add_output(t, run, output));
    return {};
  });
}

Result<void> Store::prune(Instant before) {
  const auto time = to_microseconds(before);
  return database_->transaction([&](Transaction& t) -> Result<void> {
    TRY_DO(t.run("DELETE FROM event WHERE time < ?", time));
    TRY_DO(t.run("CREATE TEMP TABLE IF NOT EXISTS gone(id INTEGER PRIMARY KEY)"));
    TRY_DO(t.run("DELETE FROM gone"));
    TRY_DO(
        t.run("INSERT INTO gone SELECT id FROM run WHERE ended IS NOT NULL AND ended < ? "
              "AND id NOT IN (SELECT max(run) FROM output GROUP BY dataset)",
              time));
    constexpr auto statements = std::to_array<std::string_view>({
        "DELETE FROM event WHERE run IN (SELECT id FROM gone)",
        "DELETE FROM input WHERE run IN (SELECT id FROM gone)",
        "DELETE FROM output WHERE run IN (SELECT id FROM gone)",
        "DELETE FROM run WHERE id IN (SELECT id FROM gone)",
        "DELETE FROM edge WHERE shape NOT IN (SELECT shape FROM output)",
        "DELETE FROM shape WHERE id NOT IN (SELECT shape FROM output)",
        // Of a dataset that nothing speaks of any more, its columns go too.
        "DELETE FROM field WHERE dataset NOT IN (SELECT dataset FROM input UNION SELECT dataset FROM output UNION "
        "SELECT alias FROM symlink) AND id NOT IN (SELECT input FROM edge)",
        "DELETE FROM symlink WHERE dataset NOT IN (SELECT dataset FROM input UNION SELECT dataset FROM output)",
        "DELETE FROM dataset WHERE id NOT IN (SELECT dataset FROM input UNION SELECT dataset FROM output UNION "
        "SELECT dataset FROM field UNION SELECT dataset FROM symlink UNION SELECT alias FROM symlink UNION "
        "SELECT via FROM input WHERE via IS NOT NULL)",
    });
    for (const auto statement : statements) TRY_DO(t.run(statement));
    return {};
  });
}

Result<Json> Store::report_of(const std::string& run_key) {
  TRY(rows, database_->query("SELECT report FROM run WHERE run_key = ?", run_key));
  if (rows.empty() || rows[0].text(0).empty()) return Json();
  return Json::parse(rows[0].text(0));
}

Result<void> Store::add_event(const std::string& run_key, Instant time, std::string_view type, const std::string& body) {
  return database_->transaction([&](Transaction& t) -> Result<void> {
    TRY_DO(t.run("INSERT INTO event(run, time, type, body) SELECT id, ?, ?, ? FROM run WHERE run_key = ?",
                 to_microseconds(time), type, body, run_key));
    TRY_DO(t.run("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", events_max));
    return {};
  });
}

}  // namespace mastic::lineage
