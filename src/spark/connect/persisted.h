// Relations whose rows the engine keeps: df.persist() and cache(), checkpoint(), and what CachedRemoteRelation names.
//
// persist() only marks a relation; its rows are kept by the first execution that meets it. A relation is recognised inside
// later plans by its fingerprint: DataFrames that are made alike share their rows, as in Spark, unless they name tables, views
// or functions, which may have changed in between: those are recognised by their plan ids. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/relation.h"

namespace spark::connect {
class Relation;
}

namespace mastic::spark_connect {

struct StorageLevel {
  bool use_disk = true;
  bool use_memory = true;
  bool use_off_heap = false;
  bool deserialized = true;
  int replication = 1;
};

class Persisted {
 public:
  struct Entry {
    std::string id;
    std::string relation;  // serialised
    StorageLevel level;
    std::mutex filling;         // held while the rows are computed, so that one of several queries does it
    spark::RelationPtr stored;  // null until the rows are kept; guarded by `filling`
  };

  /// Marks the relation; a second call changes nothing, as in Spark.
  void mark(const ::spark::connect::Relation& relation, StorageLevel level);
  [[nodiscard]] std::shared_ptr<Entry> find(const ::spark::connect::Relation& relation) const;
  [[nodiscard]] std::shared_ptr<Entry> unmark(const ::spark::connect::Relation& relation);
  [[nodiscard]] std::vector<std::shared_ptr<Entry>> unmark_all();
  [[nodiscard]] bool empty() const;

  /// What CachedRemoteRelation names.
  void keep(const std::string& id, spark::RelationPtr relation);
  [[nodiscard]] spark::RelationPtr kept(std::string_view id) const;
  [[nodiscard]] spark::RelationPtr forget(std::string_view id);
  [[nodiscard]] std::vector<spark::RelationPtr> all_kept() const;
  /// Rows that the client no longer names but a view may still read: they go with the session.
  void keep_until_end(spark::RelationPtr relation);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;  // by fingerprint
  std::map<std::string, spark::RelationPtr, std::less<>> kept_;
  std::vector<spark::RelationPtr> kept_until_end_;
};

/// Bytes that are equal for equal relations, and for no others.
std::string fingerprint(const ::spark::connect::Relation& relation);

}  // namespace mastic::spark_connect
