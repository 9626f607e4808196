#include "lineage/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

namespace mastic::lineage {
namespace {

constexpr std::size_t links_max = 5000;

Error not_found(std::string message) { return {"NotFound", std::move(message), 404}; }

/// One output of one run, as a question may follow it.
struct Written {
  int64_t run = 0;
  int64_t dataset = 0;
  int64_t shape = 0;
  std::string job_namespace, job_name, job_type, run_key, state;
  Instant time;
};

class Walk {
 public:
  Walk(Store& store, const Question& question) : database_(store.database()), question_(question) {}

  Result<Graph> run() {
    TRY(asked, dataset_id(question_.dataset));
    auto dataset = asked;
    if (!dataset) return fail(not_found("No lineage is known of this dataset: " + lineage::text_of(question_.dataset)));
    int64_t field = 0;
    if (!question_.column.empty()) {
      // A catalog table's columns may be known by the place that it describes alone.
      TRY(names, names_of(*dataset));
      for (const auto name : names) {
        TRY(found, field_id(name, question_.column));
        if (!found) continue;
        dataset = name;
        field = *found;
        break;
      }
      if (field == 0) {
        return fail(not_found(
            fmt::format("No lineage is known of this column: {}#{}", lineage::text_of(question_.dataset), question_.column)));
      }
    }
    TRY_DO(node(*dataset, field));
    if (field == 0 && question_.columns) TRY_DO(columns_of(*dataset));
    std::deque<std::pair<std::size_t, int>> open;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) open.emplace_back(i, 0);
    std::size_t expanded = graph_.nodes.size() - 1;
    while (!open.empty()) {
      const auto [at, depth] = open.front();
      open.pop_front();
      if (depth >= question_.depth) {
        graph_.cut = true;
        continue;
      }
      if (graph_.links.size() > links_max) {
        graph_.cut = true;
        break;
      }
      TRY_DO(question_.direction == Direction::upstream ? upstream(at) : downstream(at));
      for (; expanded + 1 < graph_.nodes.size(); ++expanded) open.emplace_back(expanded + 1, depth + 1);
    }
    return std::move(graph_);
  }

 private:
  Result<std::optional<int64_t>> dataset_id(const DatasetName& name) {
    TRY(rows, database_.query("SELECT id FROM dataset WHERE namespace = ? AND name = ?", name.name_space, name.name));
    return rows.empty() ? std::optional<int64_t>{} : std::optional(rows[0].integer(0));
  }
  /// Names without case, as Spark has them.
  Result<std::optional<int64_t>> field_id(int64_t dataset, const std::string& name) {
    TRY(rows, database_.query("SELECT id FROM field WHERE dataset = ? AND lower(name) = lower(?) ORDER BY name <> ?", dataset,
                              name, name));
    return rows.empty() ? std::optional<int64_t>{} : std::optional(rows[0].integer(0));
  }

  Result<DatasetName> name_of(int64_t dataset) {
    TRY(rows, database_.query("SELECT namespace, name FROM dataset WHERE id = ?", dataset));
    if (rows.empty()) return fail(not_found("no such dataset"));
    return DatasetName{rows[0].text(0), rows[0].text(1)};
  }

  Result<std::size_t> node(int64_t dataset, int64_t field) {
    const auto [found, added] = places_.try_emplace({dataset, field}, graph_.nodes.size());
    if (!added) return found->second;
    Node made{.dataset = dataset, .field = field, .name = {}, .column = {}, .type = {}, .other_names = {}};
    TRY(name, name_of(dataset));
    made.name = name;
    if (field != 0) {
      TRY(rows, database_.query("SELECT name, type FROM field WHERE id = ?", field));
      if (!rows.empty()) {
        made.column = rows[0].text(0);
        made.type = rows[0].text(1);
      }
    }
    TRY(others,
        database_.query("SELECT d.namespace, d.name FROM symlink s JOIN dataset d ON d.id = s.alias WHERE s.dataset = ?1 "
                        "UNION SELECT d.namespace, d.name FROM symlink s JOIN dataset d ON d.id = s.dataset "
                        "WHERE s.alias = ?1",
                        dataset));
    for (const auto& row : others) made.other_names.push_back({row.text(0), row.text(1)});
    graph_.nodes.push_back(std::move(made));
    return found->second;
  }

  /// A node for each column of the dataset, or of what else names its data when it has none of its own.
  Result<void> columns_of(int64_t dataset) {
    TRY(names, names_of(dataset));
    for (const auto name : names) {
      TRY(fields, database_.query("SELECT id FROM field WHERE dataset = ? ORDER BY id", name));
      for (const auto& row : fields) TRY_DO(node(name, row.integer(0)));
      if (!fields.empty()) return {};
    }
    return {};
  }

  /// The dataset and what else names its data.
  Result<std::vector<int64_t>> names_of(int64_t dataset) {
    TRY(rows, database_.query("SELECT alias FROM symlink WHERE dataset = ?1 UNION SELECT dataset FROM symlink WHERE alias = ?1",
                              dataset));
    std::vector<int64_t> names{dataset};
    for (const auto& row : rows) names.push_back(row.integer(0));
    return names;
  }

  /// Rows are newest first: of each job, and for each dataset that it wrote, the first counts.
  Result<std::vector<Written>> newest(const sqlite::Rows& rows) {
    std::vector<Written> kept;
    for (const auto& row : rows) {
      Written one{.run = row.integer(0),
                  .dataset = row.integer(1),
                  .shape = row.integer(2),
                  .job_namespace = row.text(3),
                  .job_name = row.text(4),
                  .job_type = row.text(5),
                  .run_key = row.text(6),
                  .state = row.text(7),
                  .time = from_microseconds(row.integer(8))};
      if (!question_.job.empty() && one.job_name != question_.job) continue;
      if (!question_.run_key.empty() && one.run_key != question_.run_key) continue;
      if (question_.since && one.time < *question_.since) continue;
      if (question_.until && one.time > *question_.until) continue;
      const bool is_older = std::ranges::any_of(kept, [&](const Written& known) {
        return known.dataset == one.dataset && known.job_name == one.job_name && known.job_namespace == one.job_namespace;
      });
      if (!is_older) kept.push_back(std::move(one));
    }
    return kept;
  }

  static constexpr std::string_view written_columns =
      "r.id, o.dataset, o.shape, r.job_namespace, r.job_name, r.job_type, r.run_key, r.state, coalesce(r.ended, r.started)";

  Result<void> link(std::size_t from, std::size_t to, const Written& by, std::optional<How> how) {
    if (from == to) return {};
    const auto [found, added] = links_.try_emplace({from, to, by.run}, graph_.links.size());
    if (added) {
      Link made{.from = from,
                .to = to,
                .how = {},
                .job_namespace = by.job_namespace,
                .job_name = by.job_name,
                .job_type = by.job_type,
                .run_key = by.run_key,
                .run_state = by.state,
                .time = by.time,
                .via = {},
                .via_job = {}};
      TRY(via, database_.query("SELECT via FROM input WHERE run = ? AND dataset = ? AND via IS NOT NULL", by.run,
                               graph_.nodes[from].dataset));
      if (!via.empty()) {
        TRY(name, name_of(via[0].integer(0)));
        made.via = name;
        TRY(maker, database_.query("SELECT r.job_name FROM output o JOIN run r ON r.id = o.run WHERE o.dataset = ? "
                                   "ORDER BY r.started DESC LIMIT 1",
                                   via[0].integer(0)));
        if (!maker.empty()) made.via_job = maker[0].text(0);
      }
      graph_.links.push_back(std::move(made));
    }
    if (!how) return {};
    auto& known = graph_.links[found->second].how;
    const bool is_there = std::ranges::any_of(known, [&](const How& one) {
      return one.subtype == how->subtype && one.description == how->description && one.all_rows == how->all_rows;
    });
    if (!is_there) known.push_back(std::move(*how));
    return {};
  }

  static How how_of(const sqlite::Row& row, std::size_t at, bool all_rows) {
    return {
        .subtype = row.text(at), .description = row.text(at + 1), .masking = row.integer(at + 2) != 0, .all_rows = all_rows};
  }

  Result<void> upstream(std::size_t at) {
    const auto here = graph_.nodes[at];
    TRY(names, names_of(here.dataset));
    for (const auto dataset : names) {
      TRY(rows, database_.query(fmt::format("SELECT {} FROM output o JOIN run r ON r.id = o.run WHERE o.dataset = ? "
                                            "ORDER BY r.started DESC, r.id DESC LIMIT 2000",
                                            written_columns),
                                dataset));
      TRY(writes, newest(rows));
      for (const auto& written : writes) TRY_DO(here.field == 0 ? inputs_of(at, written) : edges_into(at, here, written));
    }
    return {};
  }

  /// The whole datasets that a run read for what it wrote.
  Result<void> inputs_of(std::size_t at, const Written& written) {
    TRY(rows, database_.query("SELECT DISTINCT f.dataset, e.subtype, '', e.masking FROM edge e JOIN field f ON f.id = e.input "
                              "WHERE e.shape = ?",
                              written.shape));
    for (const auto& row : rows) {
      TRY(from, node(row.integer(0), 0));
      TRY_DO(link(from, at, written, how_of(row, 1, false)));
    }
    if (!rows.empty()) return {};
    TRY(inputs, database_.query("SELECT dataset FROM input WHERE run = ?", written.run));
    for (const auto& row : inputs) {
      TRY(from, node(row.integer(0), 0));
      TRY_DO(link(from, at, written, std::nullopt));
    }
    return {};
  }

  Result<void> edges_into(std::size_t at, const Node& here, const Written& written) {
    // The column under the name of the dataset that was written: an alias has fields of its own.
    TRY(field, field_id(written.dataset, here.column));
    if (!field) return {};
    TRY(rows,
        database_.query("SELECT f.dataset, f.id, e.subtype, e.description, e.masking, e.output IS NULL FROM edge e "
                        "JOIN field f ON f.id = e.input WHERE e.shape = ?1 AND (e.output = ?2 OR (?3 AND e.output IS NULL)) "
                        "ORDER BY e.output IS NULL, f.id",
                        written.shape, *field, question_.row_edges ? 1 : 0));
    for (const auto& row : rows) {
      TRY(from, node(row.integer(0), row.integer(1)));
      TRY_DO(link(from, at, written, how_of(row, 2, row.integer(5) != 0)));
    }
    return {};
  }

  Result<void> downstream(std::size_t at) {
    const auto here = graph_.nodes[at];
    TRY(names, names_of(here.dataset));
    for (const auto dataset : names) {
      int64_t field = 0;
      if (here.field != 0) {
        TRY(found, field_id(dataset, here.column));
        if (!found) continue;
        field = *found;
      }
      TRY(rows,
          database_.query(
              fmt::format("SELECT {} FROM output o JOIN run r ON r.id = o.run WHERE o.shape IN (SELECT e.shape FROM edge e "
                          "JOIN field f ON f.id = e.input WHERE (?1 <> 0 AND e.input = ?1) OR (?1 = 0 AND f.dataset = ?2)) "
                          "ORDER BY r.started DESC, r.id DESC LIMIT 2000",
                          written_columns),
              field, dataset));
      TRY(writes, newest(rows));
      for (const auto& written : writes) TRY_DO(edges_out_of(at, field, dataset, written));
    }
    return {};
  }

  Result<void> edges_out_of(std::size_t at, int64_t field, int64_t dataset, const Written& written) {
    if (field == 0) {
      TRY(to, node(written.dataset, 0));
      TRY(rows, database_.query("SELECT DISTINCT e.subtype, '', e.masking FROM edge e JOIN field f ON f.id = e.input "
                                "WHERE e.shape = ? AND f.dataset = ?",
                                written.shape, dataset));
      for (const auto& row : rows) TRY_DO(link(at, to, written, how_of(row, 0, false)));
      return {};
    }
    TRY(rows,
        database_.query("SELECT e.output, e.subtype, e.description, e.masking FROM edge e WHERE e.shape = ? AND e.input = ? "
                        "ORDER BY e.output IS NULL, e.output",
                        written.shape, field));
    for (const auto& row : rows) {
      if (!row.is_null(0)) {
        TRY(to, node(written.dataset, row.integer(0)));
        TRY_DO(link(at, to, written, how_of(row, 1, false)));
      } else if (question_.row_edges) {
        // It decides every row of what was written: that is the dataset, not one column of it.
        TRY(to, node(written.dataset, 0));
        TRY_DO(link(at, to, written, how_of(row, 1, true)));
      }
    }
    return {};
  }

  sqlite::Database& database_;
  const Question& question_;
  Graph graph_;
  std::map<std::pair<int64_t, int64_t>, std::size_t> places_;
  std::map<std::tuple<std::size_t, std::size_t, int64_t>, std::size_t> links_;
};

}  // namespace

Result<DatasetName> find_dataset(Store& store, const DatasetName& wanted) {
  auto& database = store.database();
  TRY(exact, database.query("SELECT 1 FROM dataset WHERE namespace = ? AND name = ?", wanted.name_space, wanted.name));
  if (!exact.empty()) return wanted;
  TRY(near, database.query("SELECT namespace, name FROM dataset WHERE (?1 = '' OR namespace = ?1) AND "
                           "(lower(name) = lower(?2) OR lower(name) LIKE '%/' || lower(?2)) ORDER BY namespace, name LIMIT 20",
                           wanted.name_space, wanted.name));
  if (near.size() == 1) return DatasetName{near[0].text(0), near[0].text(1)};
  std::string message = "No lineage is known of this dataset: " + text_of(wanted);
  if (!near.empty()) {
    message += "; there are several of that name:";
    for (const auto& row : near) message += " " + text_of({row.text(0), row.text(1)});
  } else {
    TRY(some, database.query("SELECT namespace, name FROM dataset WHERE lower(name) LIKE '%' || lower(?) || '%' "
                             "ORDER BY namespace, name LIMIT 5",
                             wanted.name.substr(wanted.name.rfind('/') + 1)));
    if (!some.empty()) message += "; did you mean:";
    for (const auto& row : some) message += " " + text_of({row.text(0), row.text(1)});
  }
  return fail(not_found(std::move(message)));
}

Result<Graph> ask(Store& store, const Question& question) { return Walk(store, question).run(); }

}  // namespace mastic::lineage
