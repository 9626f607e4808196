// ORC files: the table function read_orc, and COPY … (FORMAT orc, compression …).
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_orc_scan(duckdb::ExtensionLoader& loader);
void register_orc_copy(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
