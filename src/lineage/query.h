// Questions to the store: what a dataset or a column comes from, and what comes of it.
//
// Of each job that wrote a dataset its newest run counts (within the filters), so the answer is today's lineage, not that of
// all days. A catalog table is another name of the place that it describes: a question for one looks at both.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lineage/store.h"

namespace mastic::lineage {

enum class Direction : uint8_t { upstream, downstream };

struct Question {
  DatasetName dataset;
  std::string column;    // empty: the dataset as a whole
  bool columns = false;  // without `column`: also each of its columns
  Direction direction = Direction::upstream;
  int depth = 10;
  std::string job;      // only what this job did
  std::string run_key;  // only what this run did
  std::optional<Instant> since;
  std::optional<Instant> until;
  bool row_edges = true;  // also what decides whole rows: filter, join, group by, sort
};

struct Node {
  int64_t dataset = 0;
  int64_t field = 0;  // 0: the dataset as a whole
  DatasetName name;
  std::string column;
  std::string type;
  std::vector<DatasetName> other_names;
};

struct How {
  std::string subtype;
  std::string description;
  bool masking = false;
  bool all_rows = false;  // it decides rows, not this column
};

struct Link {
  std::size_t from = 0;  // nodes: the input
  std::size_t to = 0;    // the output
  std::vector<How> how;
  std::string job_namespace, job_name, job_type;
  std::string run_key, run_state;
  Instant time;
  std::optional<DatasetName> via;  // the catalog table that was read
  std::string via_job;             // who made that table's entry
};

struct Graph {
  std::vector<Node> nodes;  // the first is the question's
  std::vector<Link> links;
  bool cut = false;  // there is more than was looked at
};

/// The dataset of the store that is meant: exactly named, else the only one whose name ends so. Fails with NotFound, which
/// lists what comes near.
Result<DatasetName> find_dataset(Store& store, const DatasetName& wanted);
/// Fails (NotFound) when nothing is known of the dataset or the column.
Result<Graph> ask(Store& store, const Question& question);

nlohmann::json to_json(const Graph& graph);
nlohmann::json to_json(const RunRow& run);
/// Datasets, newest first by their last run: name, columns, jobs.
Result<nlohmann::json> list_datasets(Store& store, const std::string& containing, int64_t limit);
Result<nlohmann::json> list_runs(Store& store, const std::string& job, const DatasetName& dataset, std::optional<Instant> since,
                                 std::optional<Instant> until, int64_t limit);
/// A run with its inputs and outputs as OpenLineage has them. Fails with NotFound.
Result<nlohmann::json> describe_run(Store& store, const std::string& run_key);
/// Events as they were sent, oldest first, those after `after`.
Result<nlohmann::json> list_events(Store& store, const std::string& run_key, int64_t after, int64_t limit);

/// The answer as a person reads it in a terminal.
std::string to_text(const Graph& graph, Direction direction);

}  // namespace mastic::lineage
