// Every source that this room adds to a DuckDB instance.
#pragma once

#include "engine/stores.h"

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_sources(duckdb::ExtensionLoader& loader, const Stores& stores, int threads);

}  // namespace mastic::engine
