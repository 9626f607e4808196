// Writes what a crawl found into the catalog, by the crawler's policies. Each table is one transaction, partitions come in
// batches of a thousand behind it. Keeps count of what it did.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "glue/crawler/configuration.h"
#include "glue/crawler/surroundings.h"
#include "glue/crawler/table_definition.h"

namespace mastic::glue::crawler {

struct CrawlChanges {
  std::vector<std::string> created;
  std::vector<std::string> updated;
  std::vector<std::string> deleted;
  uint64_t partitions_created = 0;
  uint64_t partitions_updated = 0;
  uint64_t partitions_deleted = 0;
};

class CatalogWriter {
 public:
  CatalogWriter(const wire::Crawler& crawler, const Configuration& configuration, const CrawlSurroundings& around);

  Result<void> ensure_database();
  /// The table that the crawler's database has of a place, if any.
  Result<std::optional<wire::Table>> find_by_location(const std::string& location);

  Result<void> write(Finding finding, std::string_view source_name);
  /// `incremental`: partitions that are in the catalog and were not found stay as they are, and so does the table's schema.
  Result<void> write(const FoundTable& found, std::string_view bucket, bool incremental);
  /// The same for a table that is there under any name: its schema and partitions are brought up to date.
  Result<void> refresh(const wire::Table& table, const FoundTable& found, std::string_view bucket);

  /// The source of a table is gone; what is done with the table is the crawler's DeleteBehavior.
  Result<void> vanish(const wire::Table& table);
  /// Tables of this crawler's below these places (`s3://bucket/folder/`) that it did not write in this crawl.
  Result<void> vanish_unwritten(const std::vector<std::string>& places, const std::vector<std::string>& unreadable);

  /// Tables that this crawler made below a place.
  Result<std::vector<wire::Table>> own_tables(std::string_view place);
  /// All of them.
  Result<std::vector<wire::Partition>> partitions_of(const wire::Table& table);

  CrawlChanges changes() && { return std::move(changes_); }

 private:
  Result<void> create(const wire::TableInput& input);
  /// Whether the table was, or already is, as the input says.
  Result<bool> update(const wire::Table& existing, const wire::TableInput& input);
  Result<void> deprecate(const wire::Table& table);
  Result<void> write_partitions(const FoundTable& found, std::string_view bucket, const wire::TableInput& table,
                                bool incremental);
  Result<void> vanish_partitions(const std::string& table, std::vector<wire::Partition> gone);
  [[nodiscard]] Result<void> require(std::string_view action, std::string_view table = {}) const;
  [[nodiscard]] std::string caller() const;

  const wire::Crawler& crawler_;
  const Configuration& configuration_;
  const CrawlSurroundings& around_;
  const std::string name_;
  const Policy policy_;
  std::string database_;
  std::set<std::string, std::less<>> written_;
  CrawlChanges changes_;
};

}  // namespace mastic::glue::crawler
