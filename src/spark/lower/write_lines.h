// Text files written line by line by ourselves: line separators, encodings and compressions that DuckDB's COPY does not have.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "spark/plan/spark_error.h"

namespace duckdb {
class SelectStatement;
}

namespace mastic::spark {

struct LineFormat {
  std::string separator = "\n";
  std::string encoding = "UTF-8";
  std::string compression = "none";  // none, gzip, zstd, bzip2, deflate
  std::string header;                // a first line, if `has_header`
  bool has_header = false;
  std::string footer = {};        // a last line, with which
  bool only_around_rows = false;  // header and footer are left out where there are no rows
};

/// Whether there is a way to write this encoding.
bool is_known_encoding(const std::string& encoding);

/// Runs the query, whose one column is text, and writes a line for each row into a new local file. Gives their number.
SparkResult<uint64_t> write_lines(engine::Connection& connection, std::unique_ptr<duckdb::SelectStatement> query,
                                  const LineFormat& format, const std::string& path);

}  // namespace mastic::spark
