// A failure inside DuckDB, as a value: the exception's kind and text, and what a kernel attached to it.
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace mastic::engine {

struct Failure {
  std::string kind;  // DuckDB's exception type: "Binder", "Out of Range", "Interrupt", "IO", …
  std::string message;
  // What a kernel of ours attached: "condition" (Spark's error condition) and its parameters as "parameter.<name>";
  // empty for DuckDB's own failures.
  std::map<std::string, std::string> details;
  [[nodiscard]] bool interrupted() const { return kind == "INTERRUPT"; }
};

template <typename T>
using EngineResult = std::expected<T, Failure>;

}  // namespace mastic::engine
