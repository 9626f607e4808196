#include "engine/python/arrow_chunks.h"

#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <cstring>

#include "engine/python/exchange.h"

namespace mastic::engine {
namespace {

[[noreturn]] void wrong_type(const arrow::Array& array, const duckdb::Vector& vector) {
  throw duckdb::InvalidInputException("A Python function gave %s where %s was expected", array.type()->ToString(),
                                      vector.GetType().ToString());
}

void copy_nulls(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  if (array.null_count() == 0) return;
  auto& mask = duckdb::FlatVector::Validity(vector);
  for (int64_t i = 0; i < count; ++i) {
    if (array.IsNull(from + i)) mask.SetInvalid(static_cast<uint64_t>(i));
  }
}

template <typename T>
void copy_values(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  if (count == 0) return;
  const auto* values = array.data()->GetValues<T>(1) + from;
  std::memcpy(duckdb::FlatVector::GetData<T>(vector), values, static_cast<std::size_t>(count) * sizeof(T));
}

template <typename From, typename To, typename Convert>
void convert_values(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector, Convert&& convert) {
  if (count == 0) return;
  const auto* values = array.data()->GetValues<From>(1) + from;
  auto* to = duckdb::FlatVector::GetData<To>(vector);
  for (int64_t i = 0; i < count; ++i) to[i] = convert(values[i]);
}

template <typename ArrayType>
void copy_texts(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  const auto& texts = static_cast<const ArrayType&>(array);
  auto* to = duckdb::FlatVector::GetData<duckdb::string_t>(vector);
  for (int64_t i = 0; i < count; ++i) {
    if (texts.IsNull(from + i)) continue;
    const auto text = texts.GetView(from + i);
    to[i] = duckdb::StringVector::AddStringOrBlob(vector, text.data(), text.size());
  }
}

/// Decimals come as 128 bits and are stored in as many as the precision needs.
void copy_decimals(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  struct Wide {
    uint64_t lower;
    int64_t upper;
  };
  if (array.type()->id() != arrow::Type::DECIMAL128 || vector.GetType().id() != duckdb::LogicalTypeId::DECIMAL) {
    wrong_type(array, vector);
  }
  const auto& type = static_cast<const arrow::Decimal128Type&>(*array.type());
  if (type.scale() != duckdb::DecimalType::GetScale(vector.GetType())) wrong_type(array, vector);
  switch (vector.GetType().InternalType()) {
    case duckdb::PhysicalType::INT16:
      return convert_values<Wide, int16_t>(array, from, count, vector, [](Wide w) { return static_cast<int16_t>(w.lower); });
    case duckdb::PhysicalType::INT32:
      return convert_values<Wide, int32_t>(array, from, count, vector, [](Wide w) { return static_cast<int32_t>(w.lower); });
    case duckdb::PhysicalType::INT64:
      return convert_values<Wide, int64_t>(array, from, count, vector, [](Wide w) { return static_cast<int64_t>(w.lower); });
    default:
      return convert_values<Wide, duckdb::hugeint_t>(array, from, count, vector,
                                                     [](Wide w) { return duckdb::hugeint_t(w.upper, w.lower); });
  }
}

int64_t to_microseconds(int64_t value, arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND: return value * 1'000'000;
    case arrow::TimeUnit::MILLI: return value * 1000;
    case arrow::TimeUnit::NANO: return value >= 0 ? value / 1000 : -((-value + 999) / 1000);
    default: return value;
  }
}

template <typename Type>
void copy_times(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  const auto unit = static_cast<const Type&>(*array.type()).unit();
  if (unit == arrow::TimeUnit::MICRO) return copy_values<int64_t>(array, from, count, vector);
  convert_values<int64_t, int64_t>(array, from, count, vector, [&](int64_t value) { return to_microseconds(value, unit); });
}

/// Lists and maps: `offset(i)` is where the values of entry i begin.
template <typename Offset>
void copy_lists(const arrow::Array& array, const arrow::Array& values, int64_t from, int64_t count, duckdb::Vector& vector,
                const Offset& offset) {
  const int64_t first = count == 0 ? 0 : offset(from);
  const int64_t last = count == 0 ? 0 : offset(from + count);
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(vector);
  for (int64_t i = 0; i < count; ++i) {
    entries[i].offset = static_cast<uint64_t>(offset(from + i) - first);
    entries[i].length = static_cast<uint64_t>(offset(from + i + 1) - offset(from + i));
  }
  const auto size = static_cast<uint64_t>(last - first);
  duckdb::ListVector::Reserve(vector, size);
  to_vector(values, first, last - first, duckdb::ListVector::GetEntry(vector));
  duckdb::ListVector::SetListSize(vector, size);
  (void)array;
}

void copy_fields(const arrow::StructArray& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  auto& fields = duckdb::StructVector::GetEntries(vector);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (static_cast<int>(i) >= array.num_fields()) {
      // A structure without fields has one in DuckDB.
      for (int64_t row = 0; row < count; ++row) duckdb::FlatVector::SetNull(*fields[i], static_cast<uint64_t>(row), true);
      continue;
    }
    // By position; only a variant's two parts stand in another order with DuckDB.
    const auto& name = duckdb::StructType::GetChildName(vector.GetType(), i);
    const bool variant = fields.size() == 2 && (name == "metadata" || name == "value");
    const int swapped = variant ? array.type()->field(0)->name() == name ? 0 : 1 : static_cast<int>(i);
    to_vector(*array.field(swapped), from, count, *fields[i]);
  }
  // What is NULL as a whole is NULL in its fields.
  if (array.null_count() == 0) return;
  for (int64_t row = 0; row < count; ++row) {
    if (array.IsNull(from + row)) duckdb::FlatVector::SetNull(vector, static_cast<uint64_t>(row), true);
  }
}

void copy_map(const arrow::MapArray& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  const auto* offsets = array.raw_value_offsets();
  const auto offset = [&](int64_t i) { return static_cast<int64_t>(offsets[i]); };
  copy_lists(array, *array.values(), from, count, vector, offset);
}

bool is_integer(duckdb::PhysicalType type, int bytes) {
  switch (type) {
    case duckdb::PhysicalType::INT8: return bytes == 1;
    case duckdb::PhysicalType::INT16: return bytes == 2;
    case duckdb::PhysicalType::INT32: return bytes == 4;
    case duckdb::PhysicalType::INT64: return bytes == 8;
    default: return false;
  }
}

}  // namespace

BatchBuilder::BatchBuilder(duckdb::ClientContext& context, duckdb::vector<duckdb::LogicalType> types,
                           std::shared_ptr<arrow::Schema> schema, ColumnLayout layout, int64_t capacity)
    : properties_(context.GetClientProperties()),
      types_(std::move(types)),
      schema_(std::move(schema)),
      layout_(std::move(layout)),
      capacity_(capacity) {
  properties_.produce_arrow_string_view = false;
  properties_.arrow_use_list_view = false;
  properties_.arrow_lossless_conversion = false;
  properties_.arrow_offset_size = duckdb::ArrowOffsetSize::REGULAR;
  properties_.arrow_output_version = duckdb::ArrowFormatVersion::V1_0;
}

void BatchBuilder::add(duckdb::DataChunk& chunk, uint64_t from, uint64_t to) {
  rows_ += static_cast<int64_t>(to - from);
  if (types_.empty()) return;
  if (!appender_) {
    appender_ = duckdb::make_uniq<duckdb::ArrowAppender>(
        types_, static_cast<uint64_t>(capacity_), properties_,
        duckdb::unordered_map<duckdb::idx_t, const duckdb::shared_ptr<duckdb::ArrowTypeExtensionData>>{});
  }
  appender_->Append(chunk, from, to, chunk.size());
}

std::shared_ptr<arrow::RecordBatch> BatchBuilder::take() {
  arrow::ArrayVector columns;
  if (!types_.empty()) {
    if (!appender_) {
      duckdb::DataChunk none;
      none.Initialize(duckdb::Allocator::DefaultAllocator(), types_);
      add(none, 0, 0);
    }
    duckdb::vector<std::string> names;
    for (std::size_t i = 0; i < types_.size(); ++i) names.push_back("c" + std::to_string(i));
    ::ArrowSchema raw_schema;
    duckdb::ArrowConverter::ToArrowSchema(&raw_schema, types_, names, properties_);
    ::ArrowArray raw = appender_->Finalize();
    auto imported = arrow::ImportRecordBatch(&raw, &raw_schema);
    check(imported.status());
    for (int i = 0; i < schema_->num_fields(); ++i) {
      columns.push_back(arrow::MakeArray(layout_(*(*imported)->column_data(i), i)));
    }
  }
  auto batch = arrow::RecordBatch::Make(schema_, rows_, std::move(columns));
  appender_.reset();
  rows_ = 0;
  return batch;
}

void to_vector(const arrow::Array& array, int64_t from, int64_t count, duckdb::Vector& vector) {
  vector.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  if (array.type_id() == arrow::Type::NA) {
    for (int64_t i = 0; i < count; ++i) duckdb::FlatVector::SetNull(vector, static_cast<uint64_t>(i), true);
    return;
  }
  const auto physical = vector.GetType().InternalType();
  const auto expect = [&](bool fits) {
    if (!fits) wrong_type(array, vector);
  };
  copy_nulls(array, from, count, vector);
  switch (array.type_id()) {
    case arrow::Type::BOOL: {
      expect(physical == duckdb::PhysicalType::BOOL);
      const auto& values = static_cast<const arrow::BooleanArray&>(array);
      auto* to = duckdb::FlatVector::GetData<bool>(vector);
      for (int64_t i = 0; i < count; ++i) to[i] = values.IsValid(from + i) && values.Value(from + i);
      return;
    }
    case arrow::Type::INT8: expect(is_integer(physical, 1)); return copy_values<int8_t>(array, from, count, vector);
    case arrow::Type::INT16: expect(is_integer(physical, 2)); return copy_values<int16_t>(array, from, count, vector);
    case arrow::Type::INT32:
    case arrow::Type::DATE32:
    case arrow::Type::INTERVAL_MONTHS: expect(is_integer(physical, 4)); return copy_values<int32_t>(array, from, count, vector);
    case arrow::Type::INT64: expect(is_integer(physical, 8)); return copy_values<int64_t>(array, from, count, vector);
    case arrow::Type::TIMESTAMP:
      expect(is_integer(physical, 8));
      return copy_times<arrow::TimestampType>(array, from, count, vector);
    case arrow::Type::TIME64: expect(is_integer(physical, 8)); return copy_times<arrow::Time64Type>(array, from, count, vector);
    case arrow::Type::DURATION:
      expect(is_integer(physical, 8));
      return copy_times<arrow::DurationType>(array, from, count, vector);
    case arrow::Type::FLOAT:
      expect(physical == duckdb::PhysicalType::FLOAT);
      return copy_values<float>(array, from, count, vector);
    case arrow::Type::DOUBLE:
      expect(physical == duckdb::PhysicalType::DOUBLE);
      return copy_values<double>(array, from, count, vector);
    case arrow::Type::DECIMAL128: return copy_decimals(array, from, count, vector);
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      expect(physical == duckdb::PhysicalType::VARCHAR);
      return copy_texts<arrow::BinaryArray>(array, from, count, vector);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      expect(physical == duckdb::PhysicalType::VARCHAR);
      return copy_texts<arrow::LargeBinaryArray>(array, from, count, vector);
    case arrow::Type::FIXED_SIZE_BINARY:
      expect(physical == duckdb::PhysicalType::VARCHAR);
      return copy_texts<arrow::FixedSizeBinaryArray>(array, from, count, vector);
    case arrow::Type::INTERVAL_MONTH_DAY_NANO:
      expect(physical == duckdb::PhysicalType::INTERVAL);
      return convert_values<arrow::MonthDayNanoIntervalType::MonthDayNanos, duckdb::interval_t>(
          array, from, count, vector, [](const auto& value) {
            return duckdb::interval_t{value.months, value.days, to_microseconds(value.nanoseconds, arrow::TimeUnit::NANO)};
          });
    case arrow::Type::LIST: {
      expect(vector.GetType().id() == duckdb::LogicalTypeId::LIST);
      const auto& lists = static_cast<const arrow::ListArray&>(array);
      return copy_lists(array, *lists.values(), from, count, vector,
                        [&](int64_t i) { return static_cast<int64_t>(lists.raw_value_offsets()[i]); });
    }
    case arrow::Type::LARGE_LIST: {
      expect(vector.GetType().id() == duckdb::LogicalTypeId::LIST);
      const auto& lists = static_cast<const arrow::LargeListArray&>(array);
      return copy_lists(array, *lists.values(), from, count, vector, [&](int64_t i) { return lists.raw_value_offsets()[i]; });
    }
    case arrow::Type::FIXED_SIZE_LIST: {
      expect(vector.GetType().id() == duckdb::LogicalTypeId::LIST);
      const auto& lists = static_cast<const arrow::FixedSizeListArray&>(array);
      return copy_lists(array, *lists.values(), from, count, vector, [&](int64_t i) { return lists.value_offset(i); });
    }
    case arrow::Type::MAP:
      expect(vector.GetType().id() == duckdb::LogicalTypeId::MAP);
      return copy_map(static_cast<const arrow::MapArray&>(array), from, count, vector);
    case arrow::Type::STRUCT:
      expect(vector.GetType().id() == duckdb::LogicalTypeId::STRUCT);
      return copy_fields(static_cast<const arrow::StructArray&>(array), from, count, vector);
    default: wrong_type(array, vector);
  }
}

}  // namespace mastic::engine
