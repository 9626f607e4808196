// Column statistics tasks: a run of a script of the house's own, in an engine like any job's, that reads a table and writes its
// columns' statistics into the catalog.
//
// A task's run is one of jobs::Runs under a name that no job can have; what Glue tells of it is among the run's details.
// Durable and stopped as a job's run is. Thread-safe. Computes the statistics of the table as a whole, not those of its
// partitions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/result.h"
#include "glue/catalog/catalog.h"
#include "glue/roles.h"
#include "jobs/jobs.h"

namespace mastic::glue {

namespace wire = mastic::aws::glue;

class StatisticsTasks {
 public:
  StatisticsTasks(catalog::Catalog& catalog, mastic::jobs::Runs& runs, const Clock& clock, Roles* roles)
      : catalog_(catalog), runs_(runs), clock_(clock), roles_(roles) {}

  /// `task` says what is to be computed; the answer is its id. Fails with ColumnStatisticsTaskRunningException while one of the
  /// table is running, with EntityNotFoundException for a missing table or column.
  Result<std::string> start(wire::ColumnStatisticsTaskRun task);
  Result<wire::ColumnStatisticsTaskRun> find(std::string_view id);
  /// Newest first; of one table, or of all when `table` is empty.
  Result<catalog::Page<wire::ColumnStatisticsTaskRun>> list(std::string_view database, std::string_view table,
                                                            const catalog::PageRequest& page);
  /// Fails with ColumnStatisticsTaskNotRunningException.
  Result<void> stop(std::string_view database, std::string_view table);

 private:
  Result<std::vector<std::string>> columns_of(const wire::ColumnStatisticsTaskRun& task);

  catalog::Catalog& catalog_;
  mastic::jobs::Runs& runs_;
  const Clock& clock_;
  Roles* const roles_;
};

}  // namespace mastic::glue
