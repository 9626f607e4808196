// Avro's object container files (specification 1.11): a header with the schema, then blocks of records.
//
// Reading gives Arrow batches, one a block, of the wanted fields; what a file lacks is NULL. Writing takes Arrow batches.
// One thread. Damaged files are a Status, never a crash.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>

#include <memory>
#include <string>
#include <vector>

#include "spark/lower/avro/avro_resolution.h"
#include "spark/lower/avro/avro_schema.h"

namespace mastic::spark::avro {

class FileReader {
 public:
  /// `reader_type`: how the file is to be read (see avro_resolution.h); null: as it was written.
  static arrow::Result<std::unique_ptr<FileReader>> open(std::shared_ptr<arrow::io::RandomAccessFile> file,
                                                         TypePtr reader_type = nullptr);

  /// What rows are read as.
  [[nodiscard]] const Type& type() const { return *reader_type_; }
  /// The next block's fields in the order of `wanted` (positions in the record; -1: NULLs of the schema's type), as `schema`
  /// calls them. Null: the end.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> next(const std::vector<int>& wanted,
                                                          const std::shared_ptr<arrow::Schema>& schema);

 private:
  arrow::Status read_header();
  arrow::Result<int64_t> read_long();
  arrow::Result<std::string> read_bytes(int64_t size);

  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  int64_t size_ = 0;
  int64_t at_ = 0;
  TypePtr type_;
  TypePtr reader_type_;
  ResolutionPtr resolution_;  // null: both types are one
  std::string codec_;
  std::string sync_;
};

class FileWriter {
 public:
  /// `schema`: the text for the header; what the batches hold must fit it (check_writable). Columns are found by name.
  static arrow::Result<std::unique_ptr<FileWriter>> open(std::shared_ptr<arrow::io::OutputStream> sink,
                                                         const std::string& schema, const std::string& codec);
  arrow::Status write(const arrow::RecordBatch& batch);
  arrow::Status close();

 private:
  arrow::Status flush();

  std::shared_ptr<arrow::io::OutputStream> sink_;
  TypePtr type_;
  std::string codec_;
  std::string sync_;
  std::string block_;
  int64_t rows_ = 0;
};

}  // namespace mastic::spark::avro
