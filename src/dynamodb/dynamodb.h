// DynamoDB for the rest of the house: the wire service, and items without the wire.
//
//   TRY(database, dynamodb::Database::open(folder, clock));
//   auto service = database->make_service();          // for aws::Server
//   TRY(table, database->find_table("claims"));
//   TRY_DO(database->scan_items("claims", {.segment = 0, .segments = 4}, [](std::string_view batch) { …; return true; }));
//
// Thread-safe. Outlives the service it made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/tagged_resource.h"
#include "dynamodb/value.h"

namespace mastic::aws {
class Service;
}  // namespace mastic::aws

namespace mastic::dynamodb {

/// A table's facts.
struct TableFacts {
  std::string name;
  std::string arn;
  std::vector<std::string> key_attributes;                 // the partition key, then the sort key if there is one
  std::map<std::string, std::string> key_attribute_types;  // attribute → "S", "N" or "B"
  uint64_t item_count = 0;                                 // exact for small tables, else estimated
  uint64_t size_bytes = 0;
  bool on_demand = false;
  int64_t read_units = 0;  // provisioned; 0 on demand
};

/// Which items of a table, and what of them.
struct ScanOptions {
  uint32_t segment = 0;
  uint32_t segments = 1;
  std::vector<std::string> attributes = {};  // empty: all
  std::string filter = {};                   // a FilterExpression; empty: every item
  std::map<std::string, std::string> filter_names = {};
  Item filter_values = {};
  uint64_t items_max = UINT64_MAX;  // stop after so many items were sent
};

class Database {
 public:
  /// Opens or creates the folder.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// The operations of operations.txt.
  [[nodiscard]] aws::Service make_service();

  /// Nothing when there is no such table. A table's ARN does as well as its name.
  [[nodiscard]] Result<std::optional<TableFacts>> find_table(std::string_view name_or_arn);
  [[nodiscard]] std::vector<std::string> table_names() const;
  /// Every table, those without tags too.
  [[nodiscard]] std::vector<TaggedResource> tagged_resources() const;

  /// Sends a snapshot of the table – its state at the call – in batches (item_codec.h) of about 256 KB, in hash order.
  /// `receive` returns false to stop. Fails when the table is not there (ResourceNotFoundException) or the filter is wrong.
  Result<void> scan_items(std::string_view table, const ScanOptions& options,
                          const std::function<bool(std::string_view batch)>& receive);

  /// Puts the items of a batch (item_codec.h), in any number. Each is checked as PutItem would; items before a wrong one may
  /// be stored already. Of two with one key the later stays. Durable when it returns; answers how many there were.
  Result<uint64_t> put_items(std::string_view table, std::string_view batch);

 private:
  Database();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mastic::dynamodb
