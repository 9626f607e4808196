// COPY … TO 'path' (FORMAT orc, compression 'none' | 'snappy' | 'zlib' | 'zstd' | 'lz4'): ORC through Arrow's writer.
#include <arrow/adapters/orc/adapter.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_converter.hpp>
#include <duckdb/common/arrow/schema_metadata.hpp>
#include <duckdb/function/copy_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <mutex>

#include "engine/sources/arrow_file.h"
#include "engine/sources/orc.h"

namespace mastic::engine {
namespace {

namespace orc = arrow::adapters::orc;

struct OrcCopy final : duckdb::TableFunctionData {
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  arrow::Compression::type compression = arrow::Compression::SNAPPY;
};

/// One file being written. Chunks come in order, one at a time: COPY is told not to write in parallel.
struct OrcFile final : duckdb::GlobalFunctionData {
  std::string path;
  duckdb::ClientProperties properties;
  std::shared_ptr<arrow::Schema> schema;
  std::unique_ptr<ArrowOutputFile> output;
  std::unique_ptr<orc::ORCFileWriter> writer;
  std::mutex mutex;
};

arrow::Compression::type compression_named(const std::string& name) {
  if (name == "none" || name == "uncompressed") return arrow::Compression::UNCOMPRESSED;
  if (name == "snappy") return arrow::Compression::SNAPPY;
  if (name == "zlib" || name == "gzip") return arrow::Compression::GZIP;
  if (name == "zstd") return arrow::Compression::ZSTD;
  if (name == "lz4") return arrow::Compression::LZ4;
  throw duckdb::BinderException("ORC has no compression called '%s'", name);
}

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext&, duckdb::CopyFunctionBindInput& input,
                                              const duckdb::vector<std::string>& names,
                                              const duckdb::vector<duckdb::LogicalType>& types) {
  auto data = duckdb::make_uniq<OrcCopy>();
  data->names = names;
  data->types = types;
  const auto given = input.info.options.find("compression");
  if (given != input.info.options.end() && !given->second.empty())
    data->compression = compression_named(given->second.front().ToString());
  return data;
}

duckdb::unique_ptr<duckdb::GlobalFunctionData> open(duckdb::ClientContext& context, duckdb::FunctionData& bound,
                                                    const std::string& path) {
  const auto& data = bound.Cast<OrcCopy>();
  auto file = duckdb::make_uniq<OrcFile>();
  file->path = path;
  file->properties = context.GetClientProperties();
  ArrowSchema exported;
  duckdb::ArrowConverter::ToArrowSchema(&exported, data.types, data.names, file->properties);
  file->schema = value_or_throw(arrow::ImportSchema(&exported), path);
  auto& files = duckdb::FileSystem::GetFileSystem(context);
  file->output = std::make_unique<ArrowOutputFile>(files.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_WRITE |
                                                                            duckdb::FileFlags::FILE_FLAGS_FILE_CREATE_NEW |
                                                                            duckdb::FileLockType::WRITE_LOCK));
  orc::WriteOptions options;
  options.compression = data.compression;
  file->writer = value_or_throw(orc::ORCFileWriter::Open(file->output.get(), options), path);
  return file;
}

duckdb::unique_ptr<duckdb::LocalFunctionData> open_local(duckdb::ExecutionContext&, duckdb::FunctionData&) {
  return duckdb::make_uniq<duckdb::LocalFunctionData>();
}

void write(duckdb::ExecutionContext&, duckdb::FunctionData&, duckdb::GlobalFunctionData& global, duckdb::LocalFunctionData&,
           duckdb::DataChunk& chunk) {
  auto& file = global.Cast<OrcFile>();
  const std::scoped_lock lock(file.mutex);
  ArrowArray array;
  duckdb::ArrowConverter::ToArrowArray(chunk, &array, file.properties, {});
  const auto batch = value_or_throw(arrow::ImportRecordBatch(&array, file.schema), file.path);
  check_or_throw(file.writer->Write(*batch), file.path);
}

void combine(duckdb::ExecutionContext&, duckdb::FunctionData&, duckdb::GlobalFunctionData&, duckdb::LocalFunctionData&) {}

void finish(duckdb::ClientContext&, duckdb::FunctionData& bound, duckdb::GlobalFunctionData& global) {
  auto& file = global.Cast<OrcFile>();
  // The writer learns the columns from its first batch: a file without rows is given an empty one.
  const auto empty = value_or_throw(arrow::RecordBatch::MakeEmpty(file.schema), file.path);
  (void)bound;
  check_or_throw(file.writer->Write(*empty), file.path);
  check_or_throw(file.writer->Close(), file.path);
  check_or_throw(file.output->Close(), file.path);
}

duckdb::CopyFunctionExecutionMode in_order(bool, bool) { return duckdb::CopyFunctionExecutionMode::REGULAR_COPY_TO_FILE; }

}  // namespace

void register_orc_copy(duckdb::ExtensionLoader& loader) {
  duckdb::CopyFunction function("orc");
  function.copy_to_bind = bind;
  function.copy_to_initialize_global = open;
  function.copy_to_initialize_local = open_local;
  function.copy_to_sink = write;
  function.copy_to_combine = combine;
  function.copy_to_finalize = finish;
  function.execution_mode = in_order;
  function.extension = "orc";
  loader.RegisterFunction(function);
}

}  // namespace mastic::engine
