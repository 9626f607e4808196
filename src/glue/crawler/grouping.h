// From files to tables: which folders are tables, which are partitions of them. Pure: no store, no catalog.
//
// Folders are looked at from the leaves up. Files of a folder that are alike make it a table; else each file is a table of
// its own. Of a folder's subfolders, those that are alike become partitions of one table, if they are more than half of
// them; the others, or all when there is no such majority, stay tables of their own. Two schemas are alike when format
// and compression are the same and the columns similar (`classify/schema.h`), or, to combine compatible schemas, not in
// each other's way. Subfolders named `key=value` with one key are partitions by it, others by `partition_0`, `partition_1`…
//
//   sales/year=2024/a.csv        sales/year=2025/b.csv      →  table sales, partitioned by year
//   sales/eu/a.csv               sales/us/b.csv             →  table sales, partitioned by partition_0
//   data/people/a.csv            data/cars/b.json           →  tables people and cars
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "classify/inspection.h"

namespace mastic::glue::crawler {

using SharedInspection = std::shared_ptr<const classify::Inspection>;

struct FileFact {
  std::string key;  // behind the bucket
  uint64_t size_bytes = 0;
  uint64_t records = 0;
  SharedInspection inspection;  // files with equal inspections share one
};

/// What several files have in common.
struct Summary {
  SharedInspection like;  // the first one: its format is that of all
  classify::Schema columns;
  std::map<std::string, std::string> spellings;  // of columns that files spell otherwise (JSON minds case)
  uint64_t objects = 0;
  uint64_t size_bytes = 0;
  uint64_t records = 0;

  void add(const FileFact& file);
  void add(const Summary& other);

 private:
  const classify::Inspection* newest_ = nullptr;  // of the merged ones, to merge equal schemas once
};

struct FoundPartition {
  std::vector<std::string> values;
  std::string prefix;  // of the keys of its files: ends with /
  Summary summary;
};

struct FoundTable {
  std::string path;  // what keys begin with: a folder, with / at its end, or one file's key; empty: the bucket
  std::vector<std::string> partition_keys;
  std::vector<FoundPartition> partitions;  // empty unless there are partition keys
  Summary summary;
};

struct GroupingOptions {
  bool combines_compatible = false;
  int table_level = 0;  // 0: found out; 1: the bucket is the table; 2: folders in it are …
};

/// `target` is a folder's prefix, with / at its end, or empty. Files are below it, in any order.
std::vector<FoundTable> find_tables(std::string_view target, const std::vector<FileFact>& files,
                                    const GroupingOptions& options);

/// `year` and `2024 01` of `year=2024%2001`; an empty name for a folder of another form.
std::pair<std::string, std::string> partition_of(std::string_view folder);

}  // namespace mastic::glue::crawler
