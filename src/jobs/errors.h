// The failures that callers of Runs can act on, under the names that Glue's model gives them.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "base/result.h"

namespace mastic::jobs::error {

inline Error no_such_run(std::string_view run_id) {
  return {"EntityNotFoundException", fmt::format("There is no such job run: {}", run_id)};
}
inline Error run_exists(std::string_view run_id) {
  return {"AlreadyExistsException", fmt::format("There is a job run with this id already: {}", run_id)};
}
inline Error too_many_runs_of_job(std::string_view job_name, uint32_t maximum) {
  return {"ConcurrentRunsExceededException",
          fmt::format("Concurrent runs exceeded for {}: it may have {} at the same time", job_name, maximum)};
}
inline Error queue_full(uint32_t maximum) {
  return {"ResourceNumberLimitExceededException",
          fmt::format("Too many job runs are waiting to be started; try again when some have ended. Maximum: {}", maximum)};
}
inline Error invalid_request(std::string_view what, std::string_view value) {
  return {"InvalidInputException", fmt::format("{}: {}", what, value)};
}

}  // namespace mastic::jobs::error
