// XML texts by way of JSON: what reads and writes JSON's values then does so for XML's.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_xml_functions(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
