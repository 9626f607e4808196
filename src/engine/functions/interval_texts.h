// Casts of texts to intervals, and what counts the levels of WITH RECURSIVE.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_interval_text_functions(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
