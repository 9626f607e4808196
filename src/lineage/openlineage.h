// OpenLineage's JSON (specification 2-0-2): datasets with their facets, and the event that carries them.
//
// A *report* is what one action of a run says: `{"inputs": […], "outputs": […]}`, each an OpenLineage dataset. The engine
// makes it; whoever knows the run puts it into an event.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "lineage/lineage.h"

namespace mastic::lineage {

/// Where an action wrote its rows.
struct Target {
  DatasetName name;
  std::optional<DatasetName> symlink;  // the catalog table that names the place
  std::string_view change = {};        // CREATE, OVERWRITE; empty: rows were added
  std::string left_out = {};           // a column that is not written (a bucket's number)
  std::optional<uint64_t> rows = {};
  std::optional<uint64_t> bytes = {};
  std::optional<uint64_t> files = {};
};

/// What happened to a dataset as a whole, without rows.
struct Change {
  DatasetName name;
  std::optional<DatasetName> symlink;
  std::string_view change;                 // CREATE, ALTER, DROP, TRUNCATE, RENAME
  std::optional<DatasetName> before = {};  // of RENAME
};

/// Without a target the rows went to the client, or nowhere: inputs alone.
nlohmann::json report(const Lineage& lineage, const std::optional<Target>& target);
nlohmann::json report(const Change& change);
/// Two reports of one run as one: datasets by name; of an output that was written twice the later lineage counts, and
/// what was counted is added. A change of the whole leaves the lineage that is known.
void merge_report(nlohmann::json& into, const nlohmann::json& report);

struct ParentRun {
  std::string run_id;  // a UUID
  std::string job_namespace;
  std::string job_name;
};

struct RunFacts {
  std::string run_key;  // Glue's: `jr_…`, a crawl's id
  std::string job_namespace;
  std::string job_name;
  std::string job_type;     // JOB, CRAWLER
  std::string integration;  // SPARK, GLUE
  std::string engine_version;
  std::optional<ParentRun> parent = {};
};

/// A UUID that is always the same for a run's key; a key that is one already stays.
std::string run_uuid(std::string_view run_key);

/// `type`: START, RUNNING, COMPLETE, FAIL, ABORT. `error`: of a run that did not complete.
nlohmann::json run_event(const RunFacts& run, std::string_view type, Instant time, const nlohmann::json& report,
                         const std::string& error = {});

std::string iso_time(Instant time);

}  // namespace mastic::lineage
