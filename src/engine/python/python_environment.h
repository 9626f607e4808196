// Where a worker runs. Workers are shared among evaluations of equal environments only.
#pragma once

#include <compare>
#include <map>
#include <string>

namespace mastic::engine {

struct PythonEnvironment {
  std::string session;                           // no worker serves two sessions
  std::string files_folder;                      // the session's artifacts; empty: none
  std::map<std::string, std::string> variables;  // put over the engine's own
  auto operator<=>(const PythonEnvironment&) const = default;
};

}  // namespace mastic::engine
