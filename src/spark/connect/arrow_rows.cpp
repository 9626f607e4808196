#include "spark/connect/arrow_rows.h"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/compression.h>
#include <fmt/format.h>

namespace mastic::spark_connect {
namespace {

using spark::TypeKind;

std::shared_ptr<arrow::DataType> arrow_type(const spark::DataType& type) {
  switch (type.kind) {
    case TypeKind::boolean: return arrow::boolean();
    case TypeKind::long_: return arrow::int64();
    case TypeKind::array: return arrow::list(arrow::field("element", arrow::utf8()));
    default: return arrow::utf8();
  }
}

arrow::Status append(arrow::ArrayBuilder& builder, const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return builder.AppendNull();
  switch (builder.type()->id()) {
    case arrow::Type::BOOL: return static_cast<arrow::BooleanBuilder&>(builder).Append(std::get<bool>(cell));
    case arrow::Type::INT64: return static_cast<arrow::Int64Builder&>(builder).Append(std::get<int64_t>(cell));
    case arrow::Type::LIST: {
      auto& list = static_cast<arrow::ListBuilder&>(builder);
      ARROW_RETURN_NOT_OK(list.Append());
      for (const std::string& value : std::get<std::vector<std::string>>(cell)) {
        ARROW_RETURN_NOT_OK(static_cast<arrow::StringBuilder&>(*list.value_builder()).Append(value));
      }
      return arrow::Status::OK();
    }
    default: return static_cast<arrow::StringBuilder&>(builder).Append(std::get<std::string>(cell));
  }
}

arrow::Result<std::string> write_stream(const Rows& rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (std::size_t column = 0; column < rows.columns.size(); ++column) {
    const auto type = arrow_type(rows.columns[column].type);
    fields.push_back(arrow::field(rows.columns[column].name, type, rows.columns[column].nullable));
    ARROW_ASSIGN_OR_RAISE(auto builder, arrow::MakeBuilder(type));
    for (const auto& row : rows.rows) ARROW_RETURN_NOT_OK(append(*builder, row.at(column)));
    ARROW_ASSIGN_OR_RAISE(auto array, builder->Finish());
    arrays.push_back(std::move(array));
  }
  const auto schema = arrow::schema(fields);
  const auto batch = arrow::RecordBatch::Make(schema, static_cast<int64_t>(rows.rows.size()), arrays);
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(sink, schema));
  ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  ARROW_RETURN_NOT_OK(writer->Close());
  ARROW_ASSIGN_OR_RAISE(auto buffer, sink->Finish());
  return buffer->ToString();
}

template <typename Array>
int64_t integer_at(const arrow::Array& array, int64_t row) {
  return static_cast<int64_t>(static_cast<const Array&>(array).Value(row));
}

/// Nothing: a type that has no literal here.
std::optional<spark::Literal> literal_at(const arrow::Array& array, int64_t row) {
  if (array.IsNull(row)) return spark::Literal{};
  switch (array.type_id()) {
    case arrow::Type::BOOL: return spark::Literal{static_cast<const arrow::BooleanArray&>(array).Value(row)};
    case arrow::Type::INT8: return spark::Literal{integer_at<arrow::Int8Array>(array, row)};
    case arrow::Type::INT16: return spark::Literal{integer_at<arrow::Int16Array>(array, row)};
    case arrow::Type::INT32: return spark::Literal{integer_at<arrow::Int32Array>(array, row)};
    case arrow::Type::INT64: return spark::Literal{integer_at<arrow::Int64Array>(array, row)};
    case arrow::Type::DATE32: return spark::Literal{integer_at<arrow::Date32Array>(array, row)};
    case arrow::Type::TIMESTAMP: return spark::Literal{integer_at<arrow::TimestampArray>(array, row)};
    case arrow::Type::DURATION: return spark::Literal{integer_at<arrow::DurationArray>(array, row)};
    case arrow::Type::FLOAT:
      return spark::Literal{static_cast<double>(static_cast<const arrow::FloatArray&>(array).Value(row))};
    case arrow::Type::DOUBLE: return spark::Literal{static_cast<const arrow::DoubleArray&>(array).Value(row)};
    case arrow::Type::STRING: return spark::Literal{static_cast<const arrow::StringArray&>(array).GetString(row)};
    case arrow::Type::LARGE_STRING: return spark::Literal{static_cast<const arrow::LargeStringArray&>(array).GetString(row)};
    case arrow::Type::BINARY: return spark::Literal{static_cast<const arrow::BinaryArray&>(array).GetString(row)};
    case arrow::Type::DECIMAL128: return spark::Literal{static_cast<const arrow::Decimal128Array&>(array).FormatValue(row)};
    default: return std::nullopt;
  }
}

}  // namespace

spark::StructField text_column(std::string name, bool nullable) {
  return {.name = std::move(name), .type = spark::types::string(), .nullable = nullable, .metadata_json = {}};
}
spark::StructField flag_column(std::string name) {
  return {.name = std::move(name), .type = spark::types::boolean(), .nullable = false, .metadata_json = {}};
}
spark::StructField text_list_column(std::string name) {
  return {.name = std::move(name), .type = spark::types::array(spark::types::string()), .nullable = true, .metadata_json = {}};
}

spark::SparkResult<std::string> to_arrow_stream(const Rows& rows) {
  auto stream = write_stream(rows);
  if (!stream.ok()) return fail(spark::internal_error(stream.status().ToString()));
  return *std::move(stream);
}

spark::SparkResult<std::vector<std::vector<spark::ExpressionPtr>>> read_literals(std::string_view stream,
                                                                                 const std::vector<spark::DataType>& types) {
  std::vector<std::vector<spark::ExpressionPtr>> rows;
  auto reader = arrow::ipc::RecordBatchStreamReader::Open(std::make_shared<arrow::io::BufferReader>(
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(stream.data()), static_cast<int64_t>(stream.size()))));
  if (!reader.ok()) return fail(spark::internal_error(reader.status().ToString()));
  while (true) {
    std::shared_ptr<arrow::RecordBatch> batch;
    if (const auto status = (*reader)->ReadNext(&batch); !status.ok()) return fail(spark::internal_error(status.ToString()));
    if (batch == nullptr) return rows;
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      auto& out = rows.emplace_back();
      for (int column = 0; column < batch->num_columns(); ++column) {
        auto literal = literal_at(*batch->column(column), row);
        const auto& type = types.at(static_cast<std::size_t>(column));
        if (!literal) return fail(spark::unsupported(fmt::format("values of the type {} here", spark::sql_string(type))));
        const bool null = std::holds_alternative<std::monostate>(literal->value);
        out.push_back(spark::make_expression(type, null, *std::move(literal)));
      }
    }
  }
}

std::optional<std::string> decompress_zstd(std::string_view bytes, std::size_t bytes_max) {
  auto codec = arrow::util::Codec::Create(arrow::Compression::ZSTD);
  if (!codec.ok()) return std::nullopt;
  auto decompressor = (*codec)->MakeDecompressor();
  if (!decompressor.ok()) return std::nullopt;
  std::string out;
  const auto* input = reinterpret_cast<const uint8_t*>(bytes.data());
  auto left = static_cast<int64_t>(bytes.size());
  std::string buffer(1U << 20U, '\0');
  while (!(*decompressor)->IsFinished()) {
    const auto step =
        (*decompressor)
            ->Decompress(left, input, static_cast<int64_t>(buffer.size()), reinterpret_cast<uint8_t*>(buffer.data()));
    if (!step.ok()) return std::nullopt;
    if (step->bytes_read == 0 && step->bytes_written == 0) return std::nullopt;
    input += step->bytes_read;
    left -= step->bytes_read;
    out.append(buffer, 0, static_cast<std::size_t>(step->bytes_written));
    if (out.size() > bytes_max) return std::nullopt;
  }
  return out;
}

}  // namespace mastic::spark_connect
