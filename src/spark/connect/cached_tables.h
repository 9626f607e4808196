// Catalog tables and temporary views whose rows CACHE TABLE and spark.catalog.cacheTable keep, by their full names.
//
// Marking keeps nothing; the first use does. A table that was written to or refreshed stays marked, and its rows are kept
// anew by the next use. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark_connect {

class CachedTables {
 public:
  struct Entry {
    std::string id;             // the engine's name for the rows
    std::mutex filling;         // held while the rows are computed
    spark::RelationPtr stored;  // null until the rows are kept; guarded by `filling`
  };
  using EntryPtr = std::shared_ptr<Entry>;

  /// `db.t` in lower case; a temporary view's name stands alone.
  void mark(const std::string& name);
  [[nodiscard]] EntryPtr find(const std::string& name) const;
  /// Takes the entry away; null: not cached. Its rows are the caller's to drop.
  [[nodiscard]] EntryPtr unmark(const std::string& name);
  [[nodiscard]] std::vector<EntryPtr> unmark_all();
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool empty() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, EntryPtr> entries_;
};

}  // namespace mastic::spark_connect
