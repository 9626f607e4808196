// Where the engine's reports go: to the server's keeper over the access socket, or to a keeper of the engine's own.
#pragma once

#include <string>

#include "base/result.h"

namespace mastic::lineage {

/// Thread-safe. `report` is openlineage.h's, as JSON text.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> record(const std::string& report) = 0;
};

}  // namespace mastic::lineage
