// A run's folder: script, extra files, scratch, and what is kept of it.
//
//   runs/<run>/script/<name>      the script
//              python/            modules and archives that it may import
//              work/              its working folder: scratch, removed at the end
//              tmp/               its TMPDIR, likewise
//              stdout stderr      what it printed: kept
//              outcome            written by the driver at its end
//              bookmark           written by the script at its commit: kept, for Glue
//              statements/        an interactive session's: kept
//              engine.log         what its engine had to say
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/run.h"

namespace mastic::jobs {

std::filesystem::path folder_of_run(const std::filesystem::path& jobs_folder, std::string_view run_id);

/// Durably keeps the extra files of a run; nothing when there are none.
Result<void> keep_extra_files(const RunRequest& request, const std::filesystem::path& folder);

/// Makes what the driver expects, and gives the script's path.
Result<std::filesystem::path> prepare_run_folder(const RunRequest& request, const std::filesystem::path& folder);

/// What goes on sys.path for the extra Python files: their folder, and each archive in it.
std::vector<std::string> python_path_of(const std::filesystem::path& folder);

/// Removes what nobody needs once the run has ended.
void remove_scratch(const std::filesystem::path& folder);

}  // namespace mastic::jobs
