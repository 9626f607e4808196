// XML written by way of JSON: what writes JSON's values then does so for XML's. Reading: xml_reads.cpp.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_xml_functions(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
