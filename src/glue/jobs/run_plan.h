// From a job and a run of it to what is executed: the script, its command line, its files. Says by name what cannot run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "aws/models/glue.h"
#include "base/result.h"
#include "glue/roles.h"
#include "jobs/jobs.h"

namespace mastic::glue {

/// The content of `s3://BUCKET/KEY`.
using ReadObject = std::function<Result<std::string>(std::string_view uri)>;

/// Why this server cannot run the job with these arguments; InvalidInputException. Looks at nothing outside the two.
Result<void> check_runnable(const aws::glue::Job& job, const aws::glue::JobRun& run);

/// Whose the script is: the house's own needs no right to be read.
enum class Script : uint8_t { of_the_job, of_the_house };

/// Reads the script and the files it names. Fails with the message that the run is to end with. With `roles`, all of it
/// happens as the job's role, whose session the request then carries: who gives it up ends the session.
Result<mastic::jobs::RunRequest> make_run_request(const aws::glue::Job& job, const aws::glue::JobRun& run,
                                                  const ReadObject& read_object, Roles* roles = nullptr,
                                                  Script script = Script::of_the_job);

}  // namespace mastic::glue
