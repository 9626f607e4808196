// A table's definition: plain data, written by CreateTable and UpdateTable, read by everything else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "dynamodb/value.h"

namespace mastic::dynamodb {

struct KeyAttribute {
  std::string name;
  Type type = Type::string;  // S, N or B
};

struct KeySchema {
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;
};

struct Throughput {
  int64_t read_units = 0;
  int64_t write_units = 0;
};

enum class Projection : uint8_t { all, keys_only, include };

/// A secondary index. Its entries are copies of the projected attributes, written with the item in one batch.
struct Index {
  std::string name;
  bool global = true;  // False: a local index, which shares the table's partition key.
  uint32_t number = 0;
  KeySchema keys;
  Projection projection = Projection::all;
  std::vector<std::string> included;  // Projection::include: attributes besides the keys.
  Throughput throughput;
};

struct TableDefinition {
  std::string name;
  std::string id;       // a UUID, new whenever a table of the name is created
  std::string region;   // where it was created, for its ARN
  uint32_t number = 0;  // of its key range; the store gives it
  KeySchema keys;
  std::vector<KeyAttribute> attributes;  // AttributeDefinitions, in the order given
  bool on_demand = false;                // PAY_PER_REQUEST
  Throughput throughput;
  std::vector<Index> indexes;
  bool deletion_protection = false;
  std::string table_class;   // as given: STANDARD or STANDARD_INFREQUENT_ACCESS; empty when not
  std::string time_to_live;  // the attribute that says when an item expires; empty: none does
  Instant created{};
  std::map<std::string, std::string> tags;

  [[nodiscard]] const Index* find_index(std::string_view index_name) const {
    for (const auto& index : indexes)
      if (index.name == index_name) return &index;
    return nullptr;
  }
};

/// What a table or an index holds. Exact while small, else estimated (DynamoDB's own figures are hours old).
struct Statistics {
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
};

}  // namespace mastic::dynamodb
