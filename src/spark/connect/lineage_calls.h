// What the recorder of lineage is told of a session's plans. Without a recorder nothing happens; nothing here fails.
//
// A process has one recorder, as it has one engine: whoever runs a plan need not be handed it. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/stores.h"
#include "lineage/dataset.h"
#include "spark/lower/write.h"
#include "spark/plan/command.h"
#include "spark/plan/relation.h"

namespace mastic::lineage {
class Recorder;
}

namespace mastic::spark_connect {

class Session;

/// From now on; null: nobody. It stays until all sessions have gone.
void tell_lineage_to(lineage::Recorder* recorder);

/// Rows go to the client, as its DataFrame `plan_id` (0: it cannot name them again).
void tell_fetched(const Session& session, const spark::RelationPtr& plan, int64_t plan_id = 0);
/// Rows are kept in the engine under a name that later plans read.
void tell_kept(const std::string& name, const spark::RelationPtr& plan, const Session* session = nullptr);
/// A write begins; then it has succeeded. The command is the same.
void tell_writing(const Session& session, const spark::Command& command);
/// `creates`: it made the table that it wrote.
void tell_written(const Session& session, const spark::Command& command, const spark::WriteSummary& summary,
                  bool creates = false);
/// Rows were given to a data source in Python.
void tell_written(const Session& session, const spark::RelationPtr& input, lineage::DatasetName source, bool overwrites);
/// What happened to a table as a whole: CREATE, ALTER, DROP, TRUNCATE, RENAME.
void tell_changed(const engine::CatalogTable& table, std::string_view change, std::string_view name_before = {});

}  // namespace mastic::spark_connect
