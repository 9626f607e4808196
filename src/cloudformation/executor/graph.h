// Runs steps that need one another: each after those that it needs, independent ones at the same time.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace mastic::cloudformation {

using Needs = std::map<std::string, std::set<std::string>>;

struct GraphOutcome {
  std::vector<std::pair<std::string, Error>> failed;
  std::vector<std::string> not_begun;
};

/// Needs that are not keys themselves count as met. With `go_on`, a failure holds back only what needs the failed step;
/// otherwise nothing more begins after it. Returns when every step that began has ended. `stop` is asked before each step.
GraphOutcome run_graph(const Needs& needs, const std::function<Result<void>(const std::string&)>& step, bool go_on,
                       const std::function<bool()>& stop);

/// Who needs whom, turned around.
Needs reversed(const Needs& needs);

}  // namespace mastic::cloudformation
