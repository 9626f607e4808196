// Rows that outlive the query that made them: persist(), checkpoint().
//
// They lie beside DuckDB's catalog, not in it, so that they survive when an instance is given up after an internal failure
// (engine.h). Their blocks belong to the buffer manager of the instance that made them: it evicts them to the temporary
// folder when memory is short, and stays alive as long as they do.
#pragma once

#include <duckdb/common/types/column/column_data_collection.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

struct KeptTable {
  std::shared_ptr<void> instance;  // declared first: goes last
  std::unique_ptr<duckdb::ColumnDataCollection> rows;
  duckdb::vector<std::string> names;
};

/// By name; thread-safe. A scan that runs keeps its table.
class KeptRows {
 public:
  void put(const std::string& name, std::shared_ptr<const KeptTable> table);
  [[nodiscard]] std::shared_ptr<const KeptTable> find(const std::string& name) const;
  void remove(const std::string& name);
  void clear();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const KeptTable>> tables_;
};

/// The table function `mastic_kept(name)`: in the order in which the rows were kept, on as many threads as there are.
void register_kept_rows(duckdb::ExtensionLoader& loader, std::shared_ptr<KeptRows> kept);

}  // namespace mastic::engine
