#include "spark/lower/local_rows.h"

#include <arrow/array/array_base.h>
#include <arrow/array/util.h>
#include <arrow/extension_type.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>

#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

using ArrayPtr = std::shared_ptr<arrow::ArrayData>;
using TypePtr = std::shared_ptr<arrow::DataType>;

const DataType& stored(const DataType& type) {
  return type.is(TypeKind::user_defined) && !type.children.empty() ? stored(type.children.front()) : type;
}

TypePtr given_type(const TypePtr& sent, const DataType& wanted);

std::shared_ptr<arrow::Field> given_field(const std::shared_ptr<arrow::Field>& field, const DataType& type) {
  return field->WithType(given_type(field->type(), type));
}

TypePtr given_struct(const arrow::DataType& sent, const DataType& type) {
  arrow::FieldVector fields;
  if (type.is(TypeKind::variant)) {
    for (const char* name : {"__variant_value", "__variant_metadata"}) fields.push_back(arrow::field(name, arrow::binary()));
    return arrow::struct_(fields);
  }
  if (sent.num_fields() == 0) return arrow::struct_({arrow::field("_", arrow::boolean())});
  const auto names =
      type.fields.size() == static_cast<std::size_t>(sent.num_fields()) ? duckdb_field_names(type) : std::vector<std::string>();
  for (int i = 0; i < sent.num_fields(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (names.empty()) {
      fields.push_back(sent.field(i));
    } else {
      fields.push_back(given_field(sent.field(i), type.fields[at].type)->WithName(names[at]));
    }
  }
  return arrow::struct_(fields);
}

TypePtr given_type(const TypePtr& sent, const DataType& wanted) {
  using arrow::Type;
  const DataType& type = stored(wanted);
  switch (sent->id()) {
    case Type::DURATION: return arrow::int64();
    case Type::INTERVAL_MONTHS: return arrow::int32();
    case Type::EXTENSION: return given_type(static_cast<const arrow::ExtensionType&>(*sent).storage_type(), wanted);
    case Type::STRUCT: return given_struct(*sent, type);
    case Type::LIST: return type.children.empty() ? sent : arrow::list(given_field(sent->field(0), type.element()));
    case Type::LARGE_LIST: return type.children.empty() ? sent : arrow::large_list(given_field(sent->field(0), type.element()));
    case Type::FIXED_SIZE_LIST:
      return type.children.empty() ? sent
                                   : arrow::fixed_size_list(given_field(sent->field(0), type.element()),
                                                            static_cast<const arrow::FixedSizeListType&>(*sent).list_size());
    case Type::MAP: {
      if (type.children.size() < 2) return sent;
      const auto& map = static_cast<const arrow::MapType&>(*sent);
      return std::make_shared<arrow::MapType>(given_field(map.key_field(), type.key()),
                                              given_field(map.item_field(), type.value()), map.keys_sorted());
    }
    default: return sent;
  }
}

/// Durations of another unit, in microseconds.
arrow::Result<ArrayPtr> microseconds(const arrow::ArrayData& data) {
  const auto unit = static_cast<const arrow::DurationType&>(*data.type).unit();
  auto out = std::make_shared<arrow::ArrayData>(data);
  out->type = arrow::int64();
  if (unit == arrow::TimeUnit::MICRO) return out;
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, arrow::AllocateBuffer((data.offset + data.length) * 8));
  const auto* from = data.GetValues<int64_t>(1, 0);
  auto* to = reinterpret_cast<int64_t*>(buffer->mutable_data());
  for (int64_t i = data.offset; i < data.offset + data.length; ++i) {
    if (unit == arrow::TimeUnit::NANO) {
      to[i] = from[i] / 1000;
    } else if (data.IsNull(i - data.offset)) {
      to[i] = 0;
    } else if (__builtin_mul_overflow(from[i], unit == arrow::TimeUnit::SECOND ? 1'000'000 : 1'000, &to[i])) {
      return arrow::Status::Invalid("a duration is out of range");
    }
  }
  out->buffers[1] = std::move(buffer);
  return out;
}

arrow::Result<ArrayPtr> given(const arrow::ArrayData& data, const TypePtr& target, const DataType& wanted) {
  using arrow::Type;
  const DataType& type = stored(wanted);
  if (data.type->id() == Type::EXTENSION) {
    auto storage = std::make_shared<arrow::ArrayData>(data);
    storage->type = static_cast<const arrow::ExtensionType&>(*data.type).storage_type();
    return given(*storage, target, wanted);
  }
  if (data.type->id() == Type::DURATION) return microseconds(data);
  auto out = std::make_shared<arrow::ArrayData>(data);
  out->type = target;
  switch (data.type->id()) {
    case Type::STRUCT: {
      if (type.is(TypeKind::variant)) {
        const auto& from = static_cast<const arrow::StructType&>(*data.type);
        out->child_data = {data.child_data[static_cast<std::size_t>(std::max(0, from.GetFieldIndex("value")))],
                           data.child_data[static_cast<std::size_t>(std::max(0, from.GetFieldIndex("metadata")))]};
        return out;
      }
      if (data.child_data.empty()) {
        ARROW_ASSIGN_OR_RAISE(const auto nothing, arrow::MakeArrayOfNull(arrow::boolean(), data.offset + data.length));
        out->child_data = {nothing->data()};
        return out;
      }
      if (type.fields.size() != data.child_data.size()) return out;
      for (std::size_t i = 0; i < data.child_data.size(); ++i) {
        ARROW_ASSIGN_OR_RAISE(out->child_data[i],
                              given(*data.child_data[i], target->field(static_cast<int>(i))->type(), type.fields[i].type));
      }
      return out;
    }
    case Type::LIST:
    case Type::LARGE_LIST:
    case Type::FIXED_SIZE_LIST: {
      if (type.children.empty()) return out;
      ARROW_ASSIGN_OR_RAISE(out->child_data[0], given(*data.child_data[0], target->field(0)->type(), type.element()));
      return out;
    }
    case Type::MAP: {
      if (type.children.size() < 2) return out;
      const auto& map = static_cast<const arrow::MapType&>(*target);
      auto entries = std::make_shared<arrow::ArrayData>(*data.child_data[0]);
      entries->type = map.value_type();
      ARROW_ASSIGN_OR_RAISE(entries->child_data[0], given(*entries->child_data[0], map.key_type(), type.key()));
      ARROW_ASSIGN_OR_RAISE(entries->child_data[1], given(*entries->child_data[1], map.item_type(), type.value()));
      out->child_data[0] = std::move(entries);
      return out;
    }
    default: return out;
  }
}

arrow::Result<std::shared_ptr<arrow::ipc::RecordBatchStreamReader>> open(const std::string& bytes) {
  auto buffer =
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int64_t>(bytes.size()));
  return arrow::ipc::RecordBatchStreamReader::Open(std::make_shared<arrow::io::BufferReader>(buffer));
}

class LocalReader final : public arrow::RecordBatchReader {
 public:
  LocalReader(const LocalRows& rows, std::shared_ptr<arrow::RecordBatchReader> sent) : rows_(rows), sent_(std::move(sent)) {
    arrow::FieldVector fields;
    for (int i = 0; i < sent_->schema()->num_fields(); ++i) {
      fields.push_back(given_field(sent_->schema()->field(i), rows_.types.at(static_cast<std::size_t>(i))));
    }
    schema_ = arrow::schema(std::move(fields));
  }

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    std::shared_ptr<arrow::RecordBatch> next;
    ARROW_RETURN_NOT_OK(sent_->ReadNext(&next));
    if (next == nullptr) {
      batch->reset();
      return arrow::Status::OK();
    }
    std::vector<ArrayPtr> columns;
    for (int i = 0; i < next->num_columns(); ++i) {
      ARROW_ASSIGN_OR_RAISE(
          auto column, given(*next->column_data(i), schema_->field(i)->type(), rows_.types.at(static_cast<std::size_t>(i))));
      columns.push_back(std::move(column));
    }
    *batch = arrow::RecordBatch::Make(schema_, next->num_rows(), std::move(columns));
    return arrow::Status::OK();
  }

 private:
  const LocalRows& rows_;
  std::shared_ptr<arrow::RecordBatchReader> sent_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> open_local_rows(const LocalRows& rows) {
  ARROW_ASSIGN_OR_RAISE(auto sent, open(*rows.stream));
  if (static_cast<std::size_t>(sent->schema()->num_fields()) != rows.types.size()) {
    return arrow::Status::Invalid("the data has another number of columns than its schema");
  }
  return std::make_shared<LocalReader>(rows, std::move(sent));
}

arrow::Result<int64_t> count_local_rows(const std::string& stream) {
  ARROW_ASSIGN_OR_RAISE(auto reader, open(stream));
  int64_t rows = 0;
  while (true) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
    if (batch == nullptr) return rows;
    rows += batch->num_rows();
  }
}

}  // namespace mastic::spark
