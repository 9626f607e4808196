// DuckDB's chunks ↔ Arrow's record batches, under the Arrow types that Spark gives its columns.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_appender.hpp>
#include <functional>
#include <memory>

namespace mastic::engine {

/// DuckDB's array of a column under the type that the schema gives it.
using ColumnLayout = std::function<std::shared_ptr<arrow::ArrayData>(const arrow::ArrayData&, int column)>;

/// Gathers rows of chunks into one record batch of `schema`.
class BatchBuilder {
 public:
  BatchBuilder(duckdb::ClientContext& context, duckdb::vector<duckdb::LogicalType> types, std::shared_ptr<arrow::Schema> schema,
               ColumnLayout layout, int64_t capacity);
  /// Rows [from, to) of the chunk, whose columns are exactly those of `types`.
  void add(duckdb::DataChunk& chunk, uint64_t from, uint64_t to);
  [[nodiscard]] int64_t rows() const { return rows_; }
  [[nodiscard]] std::shared_ptr<arrow::RecordBatch> take();

 private:
  duckdb::ClientProperties properties_;
  duckdb::vector<duckdb::LogicalType> types_;
  std::shared_ptr<arrow::Schema> schema_;
  ColumnLayout layout_;
  int64_t capacity_;
  duckdb::unique_ptr<duckdb::ArrowAppender> appender_;
  int64_t rows_ = 0;
};

/// Puts `count` values from `from` on into the first rows of a vector. Throws when the array's type cannot be the vector's.
void to_vector(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector);

}  // namespace mastic::engine
