// read_orc(paths VARCHAR[]): ORC files through Arrow's reader, as one stream of batches in the order of the paths.
//
// The columns are those of the first file; in the others they are found by name, without regard to case, and one that is
// missing is NULL. A column of another type is an error that names it. Only the columns that a query uses are read.
#include <arrow/adapters/orc/adapter.h>
#include <arrow/array/util.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <duckdb.hpp>
#include <duckdb/common/string_util.hpp>
#include <duckdb/function/table/arrow.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

#include "engine/sources/arrow_file.h"
#include "engine/sources/orc.h"

namespace mastic::engine {
namespace {

namespace orc = arrow::adapters::orc;

constexpr int64_t rows_per_batch = 16384;

std::unique_ptr<orc::ORCFileReader> open_orc(duckdb::FileSystem& files, const std::string& path) {
  auto input = std::make_shared<ArrowInputFile>(files.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ));
  return value_or_throw(orc::ORCFileReader::Open(input, arrow::default_memory_pool()), path);
}

/// Where a wanted column stands in a file's schema; -1: nowhere.
int place_of(const arrow::Schema& schema, const std::string& name) {
  for (int i = 0; i < schema.num_fields(); ++i)
    if (duckdb::StringUtil::CIEquals(schema.field(i)->name(), name)) return i;
  return -1;
}

/// The wanted columns of all files, file after file and stripe after stripe.
class OrcBatches final : public arrow::RecordBatchReader {
 public:
  OrcBatches(duckdb::FileSystem& files, const std::vector<std::string>& paths, std::shared_ptr<arrow::Schema> wanted)
      : files_(files), paths_(paths), wanted_(std::move(wanted)) {}

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return wanted_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    while (true) {
      if (stripe_) {
        ARROW_RETURN_NOT_OK(stripe_->ReadNext(batch));
        if (*batch) return arrange(batch);
        stripe_.reset();
      }
      if (file_) {
        ARROW_ASSIGN_OR_RAISE(stripe_, file_->NextStripeReader(rows_per_batch, indexes_));
        if (stripe_) continue;
        file_.reset();
      }
      if (next_ == paths_.size()) {
        batch->reset();
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(open(paths_[next_++]));
    }
  }

 private:
  arrow::Status open(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(file_, as_arrow([&] { return open_orc(files_, path); }));
    ARROW_ASSIGN_OR_RAISE(const auto own, file_->ReadSchema());
    indexes_.clear();
    for (const auto& field : wanted_->fields()) {
      const int place = place_of(*own, field->name());
      if (place < 0) continue;
      if (!own->field(place)->type()->Equals(field->type()))
        return arrow::Status::NotImplemented("column ", field->name(), " of ", path, " is ",
                                             own->field(place)->type()->ToString(), ", and ", field->type()->ToString(),
                                             " in the first file");
      indexes_.push_back(place);
    }
    // Rows are counted by reading some column.
    if (indexes_.empty() && own->num_fields() > 0) indexes_.push_back(0);
    return arrow::Status::OK();
  }

  /// A batch as the file has it → the wanted columns in their order.
  arrow::Status arrange(std::shared_ptr<arrow::RecordBatch>* batch) const {
    arrow::ArrayVector columns;
    for (const auto& field : wanted_->fields()) {
      const int place = place_of(*(*batch)->schema(), field->name());
      if (place >= 0) {
        columns.push_back((*batch)->column(place));
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(auto nulls, arrow::MakeArrayOfNull(field->type(), (*batch)->num_rows()));
      columns.push_back(std::move(nulls));
    }
    *batch = arrow::RecordBatch::Make(wanted_, (*batch)->num_rows(), std::move(columns));
    return arrow::Status::OK();
  }

  duckdb::FileSystem& files_;
  const std::vector<std::string>& paths_;
  std::shared_ptr<arrow::Schema> wanted_;
  std::size_t next_ = 0;
  std::unique_ptr<orc::ORCFileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> stripe_;
  std::vector<int> indexes_;
};

/// What a scan of some files needs; DuckDB's Arrow scan asks it for the stream.
struct OrcSource {
  duckdb::FileSystem& files;
  std::vector<std::string> paths;
  std::shared_ptr<arrow::Schema> schema;

  static duckdb::unique_ptr<duckdb::ArrowArrayStreamWrapper> produce(uintptr_t self,
                                                                     duckdb::ArrowStreamParameters& parameters) {
    const auto& source = *reinterpret_cast<const OrcSource*>(self);
    arrow::FieldVector fields;
    for (const auto& name : parameters.projected_columns.columns) fields.push_back(source.schema->GetFieldByName(name));
    auto stream = duckdb::make_uniq<duckdb::ArrowArrayStreamWrapper>();
    stream->number_of_rows = -1;
    auto batches = std::make_shared<OrcBatches>(source.files, source.paths, arrow::schema(std::move(fields)));
    check_or_throw(arrow::ExportRecordBatchReader(std::move(batches), &stream->arrow_array_stream), source.paths.front());
    return stream;
  }
};

struct OrcScanData final : duckdb::ArrowScanFunctionData {
  explicit OrcScanData(std::unique_ptr<OrcSource> source)
      : ArrowScanFunctionData(&OrcSource::produce, reinterpret_cast<uintptr_t>(source.get())), source(std::move(source)) {}
  std::unique_ptr<OrcSource> source;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext& context, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  auto& files = duckdb::FileSystem::GetFileSystem(*context.db);
  std::vector<std::string> paths;
  for (const auto& path : duckdb::ListValue::GetChildren(input.inputs.at(0))) paths.push_back(path.ToString());
  if (paths.empty()) throw duckdb::BinderException("read_orc needs at least one file");
  auto schema = value_or_throw(open_orc(files, paths.front())->ReadSchema(), paths.front());
  auto source = std::make_unique<OrcSource>(OrcSource{files, std::move(paths), std::move(schema)});
  const auto& first = source->paths.front();
  auto data = duckdb::make_uniq<OrcScanData>(std::move(source));
  check_or_throw(arrow::ExportSchema(*data->source->schema, &data->schema_root.arrow_schema), first);
  duckdb::ArrowTableFunction::PopulateArrowTableSchema(context, data->arrow_table, data->schema_root.arrow_schema);
  names = data->arrow_table.GetNames();
  types = data->arrow_table.GetTypes();
  data->all_types = types;
  return data;
}

}  // namespace

void register_orc_scan(duckdb::ExtensionLoader& loader) {
  using duckdb::ArrowTableFunction;
  duckdb::TableFunction function("read_orc", {duckdb::LogicalType::LIST(duckdb::LogicalType::VARCHAR)},
                                 ArrowTableFunction::ArrowScanFunction, bind, ArrowTableFunction::ArrowScanInitGlobal,
                                 ArrowTableFunction::ArrowScanInitLocal);
  function.projection_pushdown = true;
  loader.RegisterFunction(function);
}

}  // namespace mastic::engine
