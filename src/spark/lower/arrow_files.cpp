#include "spark/lower/arrow_files.h"

#include <arrow/adapters/orc/adapter.h>
#include <arrow/array/array_base.h>
#include <arrow/array/util.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_converter.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "engine/duckdb_failure.h"
#include "engine/object_path.h"
#include "spark/lower/avro/avro_file.h"
#include "spark/lower/execute.h"
#include "spark/lower/file_options.h"

namespace mastic::spark {
namespace {

namespace orc = arrow::adapters::orc;

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> open_file(const engine::Stores& stores, const std::string& path) {
  const auto place = engine::parse_object_path(path);
  if (!place) {
    ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open(path));
    return std::shared_ptr<arrow::io::RandomAccessFile>(std::move(file));
  }
  if (!stores.objects) return arrow::Status::IOError("s3:// paths in an engine that runs without a server");
  auto object = stores.objects->find(place->bucket, place->key);
  if (!object) return arrow::Status::IOError(object.error().message);
  if (!*object) return arrow::Status::IOError("There is no object " + path);
  if (!(*object)->file.empty()) {
    ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open((*object)->file));
    return std::shared_ptr<arrow::io::RandomAccessFile>(std::move(file));
  }
  return std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString((*object)->inlined));
}

std::shared_ptr<arrow::DataType> plain_type(const DataType& type) {
  switch (type.kind) {
    case TypeKind::boolean: return arrow::boolean();
    case TypeKind::byte_: return arrow::int8();
    case TypeKind::short_: return arrow::int16();
    case TypeKind::integer: return arrow::int32();
    case TypeKind::long_: return arrow::int64();
    case TypeKind::float_: return arrow::float32();
    case TypeKind::double_: return arrow::float64();
    case TypeKind::decimal: return arrow::decimal128(type.precision, type.scale);
    case TypeKind::binary: return arrow::binary();
    case TypeKind::date: return arrow::date32();
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz: return arrow::timestamp(arrow::TimeUnit::NANO);
    case TypeKind::array: return arrow::list(plain_type(type.element()));
    case TypeKind::map: return arrow::map(plain_type(type.key()), plain_type(type.value()));
    case TypeKind::struct_: {
      arrow::FieldVector fields;
      for (const auto& field : type.fields) fields.push_back(arrow::field(field.name, plain_type(field.type)));
      return arrow::struct_(fields);
    }
    default: return arrow::utf8();
  }
}

DataType spark_type(const arrow::DataType& type) {
  using arrow::Type;
  switch (type.id()) {
    case Type::BOOL: return types::boolean();
    case Type::INT8: return types::byte();
    case Type::INT16: return types::short_type();
    case Type::INT32: return types::integer();
    case Type::INT64: return types::long_type();
    case Type::FLOAT: return types::float_type();
    case Type::DOUBLE: return types::double_type();
    case Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::Decimal128Type&>(type);
      return types::decimal(decimal.precision(), decimal.scale());
    }
    case Type::BINARY:
    case Type::FIXED_SIZE_BINARY: return types::binary();
    case Type::DATE32: return types::date();
    // ORC's TIMESTAMP is Spark's, its TIMESTAMP WITH LOCAL TIME ZONE too.
    case Type::TIMESTAMP: return types::timestamp();
    case Type::LIST: return types::array(spark_type(*type.field(0)->type()));
    case Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      return types::map(spark_type(*map.key_type()), spark_type(*map.item_type()));
    }
    case Type::STRUCT: {
      std::vector<StructField> fields;
      for (const auto& field : type.fields()) fields.push_back({field->name(), spark_type(*field->type()), true, ""});
      return types::structure(std::move(fields));
    }
    default: return types::string();
  }
}

arrow::Result<std::unique_ptr<orc::ORCFileReader>> open_orc(const ArrowFiles& files, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto file, open_file(*files.stores, path));
  return orc::ORCFileReader::Open(std::move(file), arrow::default_memory_pool());
}

/// Position of a column in a file, by name without case; -1: not there.
int find_column(const arrow::Schema& schema, const std::string& name) {
  for (int i = 0; i < schema.num_fields(); ++i)
    if (lower_case(schema.field(i)->name()) == lower_case(name)) return i;
  return -1;
}

class OrcFilesReader final : public arrow::RecordBatchReader {
 public:
  explicit OrcFilesReader(const ArrowFiles& files) : files_(files) {}

  /// The stream's types are the first file's; later files are to be of the same.
  arrow::Status start() {
    arrow::FieldVector fields;
    std::shared_ptr<arrow::Schema> first;
    if (!files_.paths.empty()) {
      ARROW_ASSIGN_OR_RAISE(auto reader, open_orc(files_, files_.paths.front()));
      ARROW_ASSIGN_OR_RAISE(first, reader->ReadSchema());
    }
    for (std::size_t i = 0; i < files_.columns.size(); ++i) {
      const int at = first == nullptr ? -1 : find_column(*first, files_.columns[i].name);
      fields.push_back(
          arrow::field("f" + std::to_string(i), at < 0 ? plain_type(files_.columns[i].type) : first->field(at)->type()));
    }
    if (fields.empty()) fields.push_back(arrow::field("f0", arrow::boolean()));  // only the number of rows matters
    schema_ = arrow::schema(std::move(fields));
    return arrow::Status::OK();
  }

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    while (file_ < files_.paths.size()) {
      if (reader_ == nullptr) {
        ARROW_ASSIGN_OR_RAISE(reader_, open_orc(files_, files_.paths[file_]));
        ARROW_ASSIGN_OR_RAISE(file_schema_, reader_->ReadSchema());
        stripe_ = 0;
      }
      if (stripe_ >= reader_->NumberOfStripes()) {
        reader_.reset();
        ++file_;
        continue;
      }
      return read_stripe(batch);
    }
    return arrow::Status::OK();
  }

 private:
  arrow::Status read_stripe(std::shared_ptr<arrow::RecordBatch>* batch) {
    std::vector<int> wanted;
    for (const auto& column : files_.columns) {
      const int at = find_column(*file_schema_, column.name);
      if (at >= 0) wanted.push_back(at);
    }
    std::shared_ptr<arrow::RecordBatch> read;
    if (wanted.empty()) {
      // Only the number of rows matters: one column has it.
      ARROW_ASSIGN_OR_RAISE(read, file_schema_->num_fields() == 0
                                      ? reader_->ReadStripe(stripe_)
                                      : reader_->ReadStripe(stripe_, std::vector<std::string>{file_schema_->field(0)->name()}));
      ++stripe_;
    } else {
      std::vector<std::string> names;
      for (const int at : wanted) names.push_back(file_schema_->field(at)->name());
      ARROW_ASSIGN_OR_RAISE(read, reader_->ReadStripe(stripe_++, names));
    }
    arrow::ArrayVector columns;
    for (int i = 0; i < schema_->num_fields(); ++i) {
      const int at =
          files_.columns.empty() ? -1 : find_column(*read->schema(), files_.columns[static_cast<std::size_t>(i)].name);
      if (at < 0) {
        ARROW_ASSIGN_OR_RAISE(auto nothing, arrow::MakeArrayOfNull(schema_->field(i)->type(), read->num_rows()));
        columns.push_back(std::move(nothing));
        continue;
      }
      if (!read->column(at)->type()->Equals(schema_->field(i)->type()))
        return arrow::Status::Invalid("the column ", files_.columns[static_cast<std::size_t>(i)].name,
                                      " is of another type in ", files_.paths[file_]);
      columns.push_back(read->column(at));
    }
    *batch = arrow::RecordBatch::Make(schema_, read->num_rows(), std::move(columns));
    return arrow::Status::OK();
  }

  const ArrowFiles& files_;
  std::shared_ptr<arrow::Schema> schema_;
  std::size_t file_ = 0;
  int64_t stripe_ = 0;
  std::unique_ptr<orc::ORCFileReader> reader_;
  std::shared_ptr<arrow::Schema> file_schema_;
};

/// Avro's files, a block at a time.
class AvroFilesReader final : public arrow::RecordBatchReader {
 public:
  explicit AvroFilesReader(const ArrowFiles& files) : files_(files) {}

  /// The stream's types are the first file's; later files are to be of the same.
  arrow::Status start() {
    if (!files_.avro_schema.empty()) {
      ARROW_ASSIGN_OR_RAISE(type_, avro::parse_schema(files_.avro_schema));
    }
    ARROW_RETURN_NOT_OK(open_next());
    arrow::FieldVector fields;
    for (std::size_t i = 0; i < files_.columns.size(); ++i) {
      const int at = reader_ == nullptr ? -1 : wanted_[i];
      fields.push_back(arrow::field("f" + std::to_string(i),
                                    at < 0 ? plain_type(files_.columns[i].type)
                                           : avro::arrow_type(*reader_->type().fields[static_cast<std::size_t>(at)].type)));
    }
    if (fields.empty()) {  // only the number of rows matters
      fields.push_back(arrow::field("f0", arrow::boolean()));
      only_rows_ = true;
    }
    schema_ = arrow::schema(std::move(fields));
    return arrow::Status::OK();
  }

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    while (reader_ != nullptr) {
      ARROW_ASSIGN_OR_RAISE(*batch, reader_->next(only_rows_ ? std::vector{-1} : wanted_, schema_));
      if (*batch == nullptr) {
        ARROW_RETURN_NOT_OK(open_next());
        continue;
      }
      for (int i = 0; i < schema_->num_fields(); ++i)
        if (!(*batch)->column(i)->type()->Equals(schema_->field(i)->type()))
          return arrow::Status::Invalid("the column ", files_.columns[static_cast<std::size_t>(i)].name,
                                        " is of another type in ", files_.paths[next_ - 1]);
      return arrow::Status::OK();
    }
    return arrow::Status::OK();
  }

 private:
  arrow::Status open_next() {
    reader_.reset();
    if (next_ >= files_.paths.size()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(auto file, open_file(*files_.stores, files_.paths[next_++]));
    ARROW_ASSIGN_OR_RAISE(reader_, avro::FileReader::open(std::move(file), type_));
    wanted_.clear();
    for (const auto& column : files_.columns) {
      int at = -1;
      for (std::size_t i = 0; at < 0 && i < reader_->type().fields.size(); ++i)
        if (lower_case(reader_->type().fields[i].name) == lower_case(column.name)) at = static_cast<int>(i);
      wanted_.push_back(at);
    }
    return arrow::Status::OK();
  }

  const ArrowFiles& files_;
  std::shared_ptr<arrow::Schema> schema_;
  std::size_t next_ = 0;
  bool only_rows_ = false;
  avro::TypePtr type_;
  std::unique_ptr<avro::FileReader> reader_;
  std::vector<int> wanted_;
};

/// Avro's name of a compression as Spark's option calls it.
std::string avro_codec(const std::string& compression) {
  return compression == "none" ? "null" : compression == "zstd" ? "zstandard" : compression;
}

SparkError bad_schema(const arrow::Status& status) {
  SparkError error = internal_error(status.message());
  error.condition.clear();
  error.sql_state.clear();
  error.parameters.clear();
  error.message = status.message();
  error.classes = {"org.apache.spark.sql.avro.IncompatibleSchemaException", "java.lang.Exception", "java.lang.Throwable",
                   "java.lang.Object"};
  return error;
}

/// The schema that a file is written with: the option's, which must be able to take the columns, or Spark's own.
SparkResult<std::string> avro_schema_for(const engine::Stores& stores, const std::vector<Attribute>& columns,
                                         const FileOptions& options) {
  TRY(given, avro_schema_option(stores, options));
  if (given.empty()) {
    const auto made =
        avro::schema_text(columns, option(options, {"recordname"}, "topLevelRecord"), option(options, {"recordnamespace"}, ""));
    if (!made.ok()) return fail(unsupported(made.status().message()));
    return *made;
  }
  const auto type = avro::parse_schema(given);
  if (!type.ok()) return fail(bad_schema(type.status()));
  DataType row = types::of(TypeKind::struct_);
  for (const auto& column : columns) row.fields.push_back({column.name, column.type, column.nullable, ""});
  if (const auto writable = avro::check_writable(row, **type, ""); !writable.ok()) return fail(bad_schema(writable));
  return given;
}

/// What takes batches to a file.
struct BatchSink {
  std::unique_ptr<orc::ORCFileWriter> orc;
  std::unique_ptr<avro::FileWriter> avro;

  static arrow::Result<BatchSink> open(const std::shared_ptr<arrow::io::OutputStream>& stream, const std::string& format,
                                       const std::string& compression, const std::string& avro_schema);
  arrow::Status write(const arrow::RecordBatch& batch) const { return orc ? orc->Write(batch) : avro->write(batch); }
  arrow::Status close() const { return orc ? orc->Close() : avro->close(); }
};

arrow::Result<arrow::Compression::type> orc_compression(const std::string& name) {
  if (name == "none") return arrow::Compression::UNCOMPRESSED;
  if (name == "zlib") return arrow::Compression::GZIP;
  if (name == "snappy") return arrow::Compression::SNAPPY;
  if (name == "zstd") return arrow::Compression::ZSTD;
  if (name == "lz4") return arrow::Compression::LZ4;
  return arrow::Status::Invalid("compression ", name, " for orc");
}

arrow::Result<BatchSink> BatchSink::open(const std::shared_ptr<arrow::io::OutputStream>& stream, const std::string& format,
                                         const std::string& compression, const std::string& avro_schema) {
  BatchSink sink;
  if (format == "avro") {
    ARROW_ASSIGN_OR_RAISE(sink.avro, avro::FileWriter::open(stream, avro_schema, avro_codec(compression)));
    return sink;
  }
  orc::WriteOptions options;
  ARROW_ASSIGN_OR_RAISE(options.compression, orc_compression(compression));
  ARROW_ASSIGN_OR_RAISE(sink.orc, orc::ORCFileWriter::Open(stream.get(), options));
  return sink;
}

/// Timestamps leave DuckDB with a zone, which ORC's writer would take for another type.
std::shared_ptr<arrow::Array> without_zone(const std::shared_ptr<arrow::Array>& column) {
  if (column->type_id() != arrow::Type::TIMESTAMP) return column;
  auto data = std::make_shared<arrow::ArrayData>(*column->data());
  data->type = arrow::timestamp(static_cast<const arrow::TimestampType&>(*column->type()).unit());
  return arrow::MakeArray(data);
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> to_batch(duckdb::DataChunk& chunk, const std::vector<Attribute>& columns,
                                                            duckdb::ClientProperties& properties) {
  duckdb::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  ::ArrowSchema raw_schema;
  duckdb::ArrowConverter::ToArrowSchema(&raw_schema, chunk.GetTypes(), names, properties);
  ::ArrowArray raw;
  duckdb::ArrowConverter::ToArrowArray(chunk, &raw, properties, {});
  ARROW_ASSIGN_OR_RAISE(auto batch, arrow::ImportRecordBatch(&raw, &raw_schema));
  arrow::ArrayVector arrays;
  arrow::FieldVector fields;
  for (int i = 0; i < batch->num_columns(); ++i) {
    arrays.push_back(without_zone(batch->column(i)));
    fields.push_back(arrow::field(columns[static_cast<std::size_t>(i)].name, arrays.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), batch->num_rows(), std::move(arrays));
}

}  // namespace

SparkResult<std::string> avro_schema_option(const engine::Stores& stores, const FileOptions& options) {
  if (const auto given = options.find("avroschema"); given != options.end()) return given->second;
  const auto url = options.find("avroschemaurl");
  if (url == options.end()) return std::string();
  const auto path =
      url->second.starts_with("file:") ? url->second.substr(url->second.find_first_not_of('/', 5) - 1) : url->second;
  const auto text = [&]() -> arrow::Result<std::string> {
    ARROW_ASSIGN_OR_RAISE(const auto file, open_file(stores, path));
    ARROW_ASSIGN_OR_RAISE(const auto size, file->GetSize());
    ARROW_ASSIGN_OR_RAISE(const auto bytes, file->ReadAt(0, size));
    return bytes->ToString();
  }();
  if (!text.ok()) return fail(bad_schema(text.status()));
  return *text;
}

bool is_arrow_format(const std::string& format) { return format == "orc" || format == "avro"; }

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> open_arrow_files(const ArrowFiles& files) {
  if (files.format == "avro") {
    auto reader = std::make_shared<AvroFilesReader>(files);
    ARROW_RETURN_NOT_OK(reader->start());
    return std::shared_ptr<arrow::RecordBatchReader>(std::move(reader));
  }
  auto reader = std::make_shared<OrcFilesReader>(files);
  ARROW_RETURN_NOT_OK(reader->start());
  return std::shared_ptr<arrow::RecordBatchReader>(std::move(reader));
}

SparkResult<std::vector<StructField>> infer_arrow_files(const engine::Stores& stores, const std::string& format,
                                                        const std::vector<std::string>& paths, const FileOptions& options) {
  ArrowFiles files{.stores = &stores, .format = format, .paths = paths, .columns = {}};
  if (format == "avro") {
    TRY(written, avro_schema_option(stores, options));
    if (!written.empty()) {
      const auto type = avro::parse_schema(written);
      if (!type.ok())
        return fail(type.status().IsNotImplemented() ? unsupported(type.status().message()) : bad_schema(type.status()));
      return avro::spark_type(**type).fields;
    }
    const auto fields = [&]() -> arrow::Result<std::vector<StructField>> {
      ARROW_ASSIGN_OR_RAISE(auto file, open_file(stores, paths.front()));
      ARROW_ASSIGN_OR_RAISE(const auto reader, avro::FileReader::open(std::move(file)));
      return avro::spark_type(reader->type()).fields;
    }();
    if (fields.ok()) return *fields;
    if (fields.status().IsNotImplemented()) return fail(unsupported(fields.status().message()));
    return fail(runtime_error("FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER", {{"path", paths.front()}},
                              "org.apache.spark.SparkException"));
  }
  const auto schema = [&]() -> arrow::Result<std::shared_ptr<arrow::Schema>> {
    ARROW_ASSIGN_OR_RAISE(auto reader, open_orc(files, paths.front()));
    return reader->ReadSchema();
  }();
  if (!schema.ok())
    return fail(runtime_error("FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER", {{"path", paths.front()}},
                              "org.apache.spark.SparkException"));
  std::vector<StructField> fields;
  for (const auto& field : (*schema)->fields()) fields.push_back({field->name(), spark_type(*field->type()), true, ""});
  return fields;
}

SparkResult<uint64_t> write_arrow_file(engine::Connection& connection, std::unique_ptr<duckdb::SelectStatement> query,
                                       const std::vector<Attribute>& columns, const std::string& format,
                                       const std::string& compression, const FileOptions& options, const std::string& path) {
  std::string avro_schema;
  if (format == "avro") {
    TRY(schema, avro_schema_for(connection.engine().stores(), columns, options));
    avro_schema = std::move(schema);
  }
  auto stream = connection.stream(std::move(query));
  if (!stream) return fail(to_spark_error(stream.error()));
  const auto failed = [&](const arrow::Status& status) {
    return fail(internal_error("cannot write " + format + ": " + status.ToString()));
  };
  try {
    auto properties = connection.duckdb().context->GetClientProperties();
    properties.produce_arrow_string_view = false;
    properties.arrow_use_list_view = false;
    properties.arrow_lossless_conversion = false;
    properties.arrow_offset_size = duckdb::ArrowOffsetSize::REGULAR;
    properties.arrow_output_version = duckdb::ArrowFormatVersion::V1_0;
    auto sink = arrow::io::FileOutputStream::Open(path);
    if (!sink.ok()) return failed(sink.status());
    auto writer = BatchSink::open(*sink, format, compression, avro_schema);
    if (!writer.ok()) {
      if (writer.status().IsNotImplemented()) return fail(unsupported(writer.status().message()));
      return failed(writer.status());
    }
    uint64_t rows = 0;
    while (true) {
      auto chunk = (*stream)->next();
      if (!chunk) return fail(to_spark_error(chunk.error()));
      if (*chunk == nullptr) break;
      auto batch = to_batch(**chunk, columns, properties);
      if (!batch.ok()) return failed(batch.status());
      if (const auto done = writer->write(**batch); !done.ok()) return failed(done);
      rows += (*chunk)->size();
    }
    if (rows == 0 && format == "orc") {
      // The schema must be in the file all the same.
      arrow::FieldVector fields;
      for (const auto& column : columns) fields.push_back(arrow::field(column.name, plain_type(column.type)));
      auto empty = arrow::RecordBatch::MakeEmpty(arrow::schema(std::move(fields)));
      if (!empty.ok()) return failed(empty.status());
      if (const auto done = writer->write(**empty); !done.ok()) return failed(done);
    }
    if (const auto done = writer->close(); !done.ok()) return failed(done);
    if (const auto done = (*sink)->Close(); !done.ok()) return failed(done);
    return rows;
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
}

}  // namespace mastic::spark
