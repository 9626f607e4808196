// A catalog in memory, for an engine that runs without a server: databases, tables, partitions and functions that live as
// long as the process. `default` is there from the start. Thread-safe.
//
// It keeps what it is given and knows nothing of files: who drops a table removes its folder.
#pragma once

#include <memory>
#include <string>

#include "engine/stores.h"

namespace mastic::engine {

/// `warehouse`: the folder below which tables without a location lie; it is made when it is first written to.
std::shared_ptr<Catalog> make_local_catalog(const std::string& warehouse);

}  // namespace mastic::engine
