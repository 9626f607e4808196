// What the engine asks of the stores: objects, items and the catalog, behind interfaces.
//
// The engine process does not own the stores; `src/access` implements these interfaces towards the process that does,
// and tests implement them in memory. Calls block; implementations are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::engine {

/// An object as the engine reads it: a body in memory, or a local file that holds exactly the body.
struct ObjectInfo {
  std::string key;
  uint64_t size_bytes = 0;
  Instant modified;
  std::string etag;
  std::string file;     // Empty when the body is inline.
  std::string inlined;  // The body, when it is small enough to live in the index.
};

/// An object that the engine has written into the store's incoming folder and wants to become visible.
struct NewObject {
  std::string key;
  std::string file;  // A path that ObjectStore::new_file gave; the store takes it over on commit.
  uint64_t size_bytes = 0;
  std::string content_type;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  [[nodiscard]] virtual Result<bool> bucket_exists(std::string_view bucket) = 0;
  /// Objects whose key starts with `prefix`, in byte order of the keys.
  [[nodiscard]] virtual Result<std::vector<ObjectInfo>> list(std::string_view bucket, std::string_view prefix) = 0;
  [[nodiscard]] virtual Result<std::optional<ObjectInfo>> find(std::string_view bucket, std::string_view key) = 0;
  /// A fresh path in the store's file system where the caller may write a body.
  [[nodiscard]] virtual Result<std::string> new_file() = 0;
  /// Makes all of `added` visible and removes all of `removed_keys`, or neither. Durable when it returns.
  [[nodiscard]] virtual Result<void> commit(std::string_view bucket, std::vector<NewObject> added,
                                            std::vector<std::string> removed_keys) = 0;
};

/// A DynamoDB table, as far as a reader must know it.
struct ItemTable {
  std::string name;
  std::vector<std::string> key_attributes;                 // hash key, then range key if there is one
  std::map<std::string, std::string> key_attribute_types;  // attribute → "S", "N" or "B"
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
};

/// A condition that the item store may check before it sends an item. `value` is a number's or a string's text.
struct ItemCondition {
  std::string attribute;
  std::string comparison;  // = <> < <= > >= exists
  std::string type;        // S, N or BOOL
  std::string value;
};

class ItemStore {
 public:
  virtual ~ItemStore() = default;
  [[nodiscard]] virtual Result<std::optional<ItemTable>> find_table(std::string_view name) = 0;
  /// Scans a snapshot of one of `segments` parts. `attributes` empty: all. Conditions are joined by AND and optional for
  /// the store: what it sends may fail them. The callback gets items in `dynamodb/item_codec.h`'s encoding, concatenated
  /// with a length prefix each (uint32 little-endian), and returns false to stop.
  [[nodiscard]] virtual Result<void> scan(std::string_view table, uint32_t segment, uint32_t segments,
                                          const std::vector<std::string>& attributes,
                                          const std::vector<ItemCondition>& conditions,
                                          const std::function<bool(std::string_view batch)>& receive) = 0;
  /// Puts items (same encoding and framing); durable when it returns.
  [[nodiscard]] virtual Result<void> put(std::string_view table, std::string_view batch) = 0;
};

struct CatalogColumn {
  std::string name;
  std::string type;  // Hive type text: "string", "struct<a:int>", …
  std::string comment;
};

/// The parts of a Glue table that Spark acts on; names follow Glue's Table and StorageDescriptor.
struct CatalogTable {
  std::string database;
  std::string name;
  std::string table_type;  // EXTERNAL_TABLE, MANAGED_TABLE, VIRTUAL_VIEW
  std::string description;
  std::string owner;
  std::vector<CatalogColumn> columns;
  std::vector<CatalogColumn> partition_keys;
  std::string location;
  std::string input_format;
  std::string output_format;
  std::string serialization_library;
  std::map<std::string, std::string> serde_parameters;
  std::map<std::string, std::string> parameters;  // the table's own: classification, skip.header.line.count, …
  std::string view_text;
};

struct CatalogPartition {
  std::vector<std::string> values;
  std::string location;
  std::map<std::string, std::string> parameters;
};

struct CatalogDatabase {
  std::string name;
  std::string description;
  std::string location;
  std::map<std::string, std::string> parameters;
};

/// A function that is registered by the name of a class. Mastic has no JVM: it can be listed, not called.
struct CatalogFunction {
  std::string database;
  std::string name;
  std::string class_name;
};

/// The Glue data catalog. Names are compared without case, as Glue keeps them in lower case.
class Catalog {
 public:
  virtual ~Catalog() = default;
  [[nodiscard]] virtual Result<std::vector<CatalogDatabase>> list_databases() = 0;
  [[nodiscard]] virtual Result<std::optional<CatalogDatabase>> find_database(std::string_view name) = 0;
  [[nodiscard]] virtual Result<void> create_database(const CatalogDatabase& database) = 0;
  [[nodiscard]] virtual Result<void> update_database(const CatalogDatabase& database);
  [[nodiscard]] virtual Result<void> drop_database(std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::vector<CatalogTable>> list_tables(std::string_view database) = 0;
  [[nodiscard]] virtual Result<std::optional<CatalogTable>> find_table(std::string_view database, std::string_view name) = 0;
  [[nodiscard]] virtual Result<void> create_table(const CatalogTable& table) = 0;
  [[nodiscard]] virtual Result<void> update_table(const CatalogTable& table) = 0;
  [[nodiscard]] virtual Result<void> drop_table(std::string_view database, std::string_view name) = 0;
  /// `expression` is Glue's GetPartitions expression; empty: all.
  [[nodiscard]] virtual Result<std::vector<CatalogPartition>> list_partitions(std::string_view database, std::string_view table,
                                                                              std::string_view expression) = 0;
  /// Adds partitions that are not there yet and replaces those that are.
  [[nodiscard]] virtual Result<void> put_partitions(std::string_view database, std::string_view table,
                                                    std::vector<CatalogPartition> partitions) = 0;
  [[nodiscard]] virtual Result<void> drop_partitions(std::string_view database, std::string_view table,
                                                     const std::vector<std::vector<std::string>>& values) = 0;
  // What not every catalog offers: refused by name unless overridden; a catalog without functions lists none.
  [[nodiscard]] virtual Result<std::vector<CatalogFunction>> list_functions(std::string_view database);
  [[nodiscard]] virtual Result<void> put_function(const CatalogFunction& function);
  [[nodiscard]] virtual Result<void> drop_function(std::string_view database, std::string_view name);
};

inline Error not_in_this_catalog(std::string_view what) {
  return {"UnsupportedOperationException", "Mastic's catalog does not support " + std::string(what) + " yet", 400};
}
inline Result<void> Catalog::update_database(const CatalogDatabase&) { return fail(not_in_this_catalog("ALTER DATABASE")); }
inline Result<std::vector<CatalogFunction>> Catalog::list_functions(std::string_view) { return std::vector<CatalogFunction>{}; }
inline Result<void> Catalog::put_function(const CatalogFunction&) { return fail(not_in_this_catalog("CREATE FUNCTION")); }
inline Result<void> Catalog::drop_function(std::string_view, std::string_view) {
  return fail(not_in_this_catalog("DROP FUNCTION"));
}

/// Everything that an engine may reach. A member may be null: `mastic engine` on its own has no server behind it, and
/// what needs the missing store fails with an error that says so.
struct Stores {
  std::shared_ptr<ObjectStore> objects;
  std::shared_ptr<ItemStore> items;
  std::shared_ptr<Catalog> catalog;
};

}  // namespace mastic::engine
