// DuckDB's files as Arrow's: what Arrow's readers and writers of file formats need to work on s3:// and local paths alike.
#pragma once

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <duckdb.hpp>
#include <duckdb/common/file_system.hpp>
#include <exception>
#include <string>
#include <utility>

namespace mastic::engine {

/// Turns what DuckDB throws into Arrow's status; the other way round is `value_or_throw`.
template <typename Step>
auto as_arrow(Step&& step) -> arrow::Result<decltype(step())> {
  try {
    return step();
  } catch (const std::exception& exception) {
    return arrow::Status::IOError(duckdb::ErrorData(exception).RawMessage());
  }
}

template <typename T>
T value_or_throw(arrow::Result<T> result, const std::string& path) {
  if (!result.ok()) throw duckdb::IOException("'%s' cannot be used: %s", path, result.status().message());
  return std::move(result).ValueUnsafe();
}
inline void check_or_throw(const arrow::Status& status, const std::string& path) {
  if (!status.ok()) throw duckdb::IOException("'%s' cannot be used: %s", path, status.message());
}

/// A file open for reading. Positional reads only: safe from several threads, as DuckDB's handles are.
class ArrowInputFile final : public arrow::io::RandomAccessFile {
 public:
  explicit ArrowInputFile(duckdb::unique_ptr<duckdb::FileHandle> handle) : handle_(std::move(handle)) {}

  arrow::Status Close() override {
    closed_ = true;
    handle_->Close();
    return arrow::Status::OK();
  }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> GetSize() override {
    return as_arrow([&] { return static_cast<int64_t>(handle_->GetFileSize()); });
  }
  arrow::Result<int64_t> ReadAt(int64_t position, int64_t wanted, void* out) override {
    return as_arrow([&]() -> int64_t {
      const auto size = static_cast<int64_t>(handle_->GetFileSize());
      const int64_t length = std::min(wanted, std::max<int64_t>(0, size - position));
      if (length > 0) handle_->Read(out, static_cast<duckdb::idx_t>(length), static_cast<duckdb::idx_t>(position));
      return length;
    });
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t wanted) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(wanted));
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position, wanted, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }
  arrow::Result<int64_t> Read(int64_t wanted, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position_, wanted, out));
    position_ += got;
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t wanted) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, wanted));
    position_ += buffer->size();
    return buffer;
  }

 private:
  duckdb::unique_ptr<duckdb::FileHandle> handle_;
  int64_t position_ = 0;
  bool closed_ = false;
};

/// A file open for writing, from its start on.
class ArrowOutputFile final : public arrow::io::OutputStream {
 public:
  explicit ArrowOutputFile(duckdb::unique_ptr<duckdb::FileHandle> handle) : handle_(std::move(handle)) {}

  arrow::Status Close() override {
    if (closed_) return arrow::Status::OK();
    closed_ = true;
    return as_arrow([&] {
             handle_->Close();
             return true;
           })
        .status();
  }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Write(const void* data, int64_t size) override {
    // DuckDB writes what it is given and does not change it.
    ARROW_ASSIGN_OR_RAISE(const bool written, as_arrow([&] {
                            handle_->Write(const_cast<void*>(data), static_cast<duckdb::idx_t>(size));
                            return true;
                          }));
    position_ += written ? size : 0;
    return arrow::Status::OK();
  }

 private:
  duckdb::unique_ptr<duckdb::FileHandle> handle_;
  int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace mastic::engine
