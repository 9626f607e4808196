// Runs the script of one node and gives its rows. Owner: Glue; thread-safe.
//
// A preview is a run of jobs::Runs under a name that no job has, with an engine and a driver of its own: what its code does
// hurts nobody else, and it is forgotten when it has ended. Its lines go to no log.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "glue/roles.h"
#include "jobs/jobs.h"

namespace mastic::glue::codegen {

/// Runs whose id begins so are previews.
inline constexpr std::string_view preview_run_prefix = "preview_";

struct PreviewRequest {
  std::string script;
  std::string role;          // Whose rights it has; a name or an ARN. Looked at only where there are roles.
  std::string glue_version;  // "5.0"
  std::chrono::seconds limit{60};
};

/// The JSON behind `preview_mark`. Fails with InvalidInputException and the script's own error when it raised, with
/// OperationTimeoutException after the limit.
Result<std::string> run_preview(mastic::jobs::Runs& runs, Roles* roles, const PreviewRequest& request);

}  // namespace mastic::glue::codegen
