// What a restart makes of the runs that had not ended.
#pragma once

#include <filesystem>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/process.h"
#include "jobs/run_store.h"

namespace mastic::jobs {

/// A run whose driver outlived the server that started it.
struct LivingRun {
  RunRecord run;
  DriverProcess driver;
  Descriptor watched;
};

struct Reconciled {
  std::vector<RunRecord> to_run;  // Had not begun: they wait as before.
  std::vector<LivingRun> living;
  std::vector<RunRecord> ended;  // Their final state is in the store already.
};

/// Had not begun: run it. Driver lives, by number and start time: watch it. Driver has ended: its written outcome counts,
/// and without one the run is FAILED (or STOPPED, when that was asked for). What a dead driver has left behind is killed.
Result<Reconciled> reconcile(RunStore& store, const std::filesystem::path& jobs_folder, const Clock& clock);

}  // namespace mastic::jobs
