#include "spark/analyze/arrow_schema.h"

#include <arrow/buffer.h>
#include <arrow/extension_type.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

namespace mastic::spark {
namespace {

SparkResult<DataType> type_of(const arrow::DataType& type);

SparkResult<DataType> struct_of(const arrow::FieldVector& fields) {
  std::vector<StructField> members;
  for (const auto& field : fields) {
    TRY(type, type_of(*field->type()));
    members.push_back({field->name(), type, field->nullable(), {}});
  }
  return types::structure(std::move(members));
}

/// The mark that Spark's clients put on a variant's struct<value, metadata>.
bool is_variant(const arrow::DataType& type) {
  if (type.num_fields() != 2) return false;
  for (const auto& field : type.fields()) {
    if (field->name() != "metadata" || field->metadata() == nullptr) continue;
    if (const auto mark = field->metadata()->Get("variant"); mark.ok() && *mark == "true") return true;
  }
  return false;
}

SparkResult<DataType> type_of(const arrow::DataType& type) {
  using arrow::Type;
  switch (type.id()) {
    case Type::NA: return types::null();
    case Type::BOOL: return types::boolean();
    case Type::INT8: return types::byte();
    case Type::UINT8:
    case Type::INT16: return types::short_type();
    case Type::UINT16:
    case Type::INT32: return types::integer();
    case Type::UINT32:
    case Type::INT64: return types::long_type();
    case Type::HALF_FLOAT:
    case Type::FLOAT: return types::float_type();
    case Type::DOUBLE: return types::double_type();
    case Type::STRING:
    case Type::LARGE_STRING:
    case Type::STRING_VIEW: return types::string();
    case Type::BINARY:
    case Type::LARGE_BINARY:
    case Type::FIXED_SIZE_BINARY: return types::binary();
    case Type::DATE32:
    case Type::DATE64: return types::date();
    case Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? types::timestamp_ntz() : types::timestamp();
    case Type::TIME32:
    case Type::TIME64: return DataType{.kind = TypeKind::time, .precision = 6};
    case Type::DURATION: return types::day_time_interval();
    case Type::INTERVAL_MONTHS: return types::year_month_interval();
    case Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      return types::decimal(decimal.precision(), decimal.scale());
    }
    case Type::LIST:
    case Type::LARGE_LIST:
    case Type::FIXED_SIZE_LIST: {
      TRY(element, type_of(*type.field(0)->type()));
      return types::array(element, type.field(0)->nullable());
    }
    case Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      TRY(key, type_of(*map.key_type()));
      TRY(value, type_of(*map.item_type()));
      return types::map(key, value, map.item_field()->nullable());
    }
    case Type::STRUCT: return is_variant(type) ? types::of(TypeKind::variant) : struct_of(type.fields());
    case Type::EXTENSION: return type_of(*static_cast<const arrow::ExtensionType&>(type).storage_type());
    case Type::DICTIONARY: return type_of(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default: return fail(analysis_error("UNSUPPORTED_ARROWTYPE", {{"typeName", type.ToString()}}));
  }
}

SparkError broken(const arrow::Status& status) {
  return internal_error("the client's Arrow data cannot be read: " + status.ToString());
}

arrow::Result<std::shared_ptr<arrow::ipc::RecordBatchStreamReader>> open(const std::string& stream) {
  return arrow::ipc::RecordBatchStreamReader::Open(
      std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(std::string_view(stream))));
}

}  // namespace

SparkResult<DataType> read_arrow_schema(const std::string& stream) {
  auto reader = open(stream);
  if (!reader.ok()) return fail(broken(reader.status()));
  return struct_of((*reader)->schema()->fields());
}

SparkResult<std::string> join_arrow_streams(const std::vector<std::shared_ptr<const std::string>>& streams) {
  auto sink = arrow::io::BufferOutputStream::Create();
  if (!sink.ok()) return fail(broken(sink.status()));
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer;
  for (const auto& stream : streams) {
    auto reader = open(*stream);
    if (!reader.ok()) return fail(broken(reader.status()));
    if (!writer) {
      auto made = arrow::ipc::MakeStreamWriter(sink->get(), (*reader)->schema());
      if (!made.ok()) return fail(broken(made.status()));
      writer = *made;
    }
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      if (const auto status = (*reader)->ReadNext(&batch); !status.ok()) return fail(broken(status));
      if (!batch) break;
      if (const auto status = writer->WriteRecordBatch(*batch); !status.ok()) return fail(broken(status));
    }
  }
  if (writer)
    if (const auto status = writer->Close(); !status.ok()) return fail(broken(status));
  auto buffer = (*sink)->Finish();
  if (!buffer.ok()) return fail(broken(buffer.status()));
  return (*buffer)->ToString();
}

}  // namespace mastic::spark
