// What a run's script gets on its command line, and what Glue itself reads there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::glue {

using ArgumentMap = std::map<std::string, std::string>;

/// NonOverridableArguments over the run's Arguments over DefaultArguments.
ArgumentMap merge_arguments(const std::optional<ArgumentMap>& defaults, const std::optional<ArgumentMap>& of_run,
                            const std::optional<ArgumentMap>& non_overridable);

/// sys.argv behind the script's name. Glue's own come first, so that a script's parser, where the last one wins, sees the
/// user's `--JOB_NAME` if there is one.
std::vector<std::string> command_line(std::string_view job_name, std::string_view job_id, std::string_view run_id,
                                      const ArgumentMap& arguments);

/// Why a run with these arguments would not do what they say; empty when it will. Names the argument.
std::string unsupported_argument(const ArgumentMap& arguments);

/// `--customer-driver-env-vars CUSTOMER_A=1,CUSTOMER_B="x,y"`; names without the prefix are left out, as Glue does.
std::map<std::string, std::string> customer_environment(const ArgumentMap& arguments);

/// The entries of a comma-separated argument such as `--extra-py-files`; none when it is absent.
std::vector<std::string> listed(const ArgumentMap& arguments, std::string_view name);

}  // namespace mastic::glue
