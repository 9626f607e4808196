// The table function `mastic_python(address of a PythonJob)`: the results of Python functions over a query's rows.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

class Engine;
class WorkerPool;

/// Both must outlive the DuckDB instance.
void register_python_rows(duckdb::ExtensionLoader& loader, Engine& engine, WorkerPool& pool);

}  // namespace mastic::engine
