// How a format's rows are made and copied: the select list that gives Spark's text, and DuckDB's COPY options.
#pragma once

#include <duckdb/parser/parsed_data/copy_info.hpp>
#include <string>
#include <vector>

#include "spark/lower/lowering.h"
#include "spark/lower/write_lines.h"
#include "spark/plan/command.h"

namespace mastic::spark {

class WriteFormat {
 public:
  WriteFormat(const WriteFiles& command, Lowering& lowering);
  /// Fails for a format, compression or column type that cannot be written.
  [[nodiscard]] SparkResult<void> check() const;
  /// `.csv`, `.csv.gz`, `.snappy.parquet`, …
  [[nodiscard]] std::string extension() const;
  [[nodiscard]] const std::string& name() const { return format_; }
  [[nodiscard]] const std::string& compression() const { return compression_; }
  /// The rows of a block as the format wants them.
  [[nodiscard]] duckdb::unique_ptr<duckdb::QueryNode> query(Block rows, const std::vector<Attribute>& columns);
  /// Whether the file is written line by line by ourselves, and how; the query's one column is then the line.
  [[nodiscard]] bool writes_lines() const { return lines_; }
  [[nodiscard]] LineFormat line_format(const std::vector<Attribute>& columns) const;
  /// COPY (query) TO … without the path.
  [[nodiscard]] duckdb::unique_ptr<duckdb::CopyInfo> copy_info(duckdb::unique_ptr<duckdb::QueryNode> query) const;

 private:
  [[nodiscard]] ast::Expr csv_cell(const Attribute& column);
  const WriteFiles& command_;
  Lowering& lowering_;
  std::string format_;
  std::string compression_;
  bool lines_ = false;
  std::string row_metadata_;  // Parquet's copy of the schema, as Spark writes it
};

}  // namespace mastic::spark
