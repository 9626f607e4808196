// The script of a job that is made of nodes: Glue writes it where the job's command looks for it.
#pragma once

#include "aws/models/glue.h"
#include "glue/permission.h"

namespace mastic::glue {

/// The script that the job's nodes give; nothing for a job without nodes. InvalidInputException names each node that is
/// wrong. A kind of node that Mastic does not run is no fault of the job: its script says so when it runs.
Result<std::optional<std::string>> script_of_nodes(const aws::glue::Job& job);

/// Writes that script with the caller's rights, if there is one.
Result<void> keep_script_of_nodes(const aws::glue::Job& job, const WriteObject& write_object, const aws::CallContext& caller);

}  // namespace mastic::glue
