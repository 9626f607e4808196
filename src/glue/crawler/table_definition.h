// The catalog table that a crawler makes of a DynamoDB table, and whether a crawl changed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aws/models/glue.h"
#include "glue/crawler/inferred_type.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

/// What a crawl found at one target.
struct Finding {
  std::string table_name;  // in the catalog
  std::string location;    // the source table's ARN
  InferredSchema schema;
  uint64_t record_count = 0;
  uint64_t size_bytes = 0;
};

/// The definition that the finding makes, over what the catalog has: descriptions, comments of columns and parameters
/// that users added stay.
wire::TableInput table_input(const Finding& finding, const std::string& crawler_name,
                             const std::optional<wire::Table>& existing);

/// Whether columns, types or location differ; statistics do not count.
bool schema_changed(const wire::Table& existing, const wire::TableInput& input);

/// An UpdateTable input that leaves everything as it is.
wire::TableInput unchanged_input(const wire::Table& table);

}  // namespace mastic::glue::crawler
