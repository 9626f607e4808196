#include "spark/connect/literals.h"

#include <arrow/api.h>

#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::DataType;
using spark::SparkResult;
using spark::TypeKind;
using Literal = ::spark::connect::Expression::Literal;

template <typename Array>
auto value_at(const arrow::Array& array, int64_t row) {
  return static_cast<const Array&>(array).Value(row);
}

SparkResult<void> set_nested(Literal& literal, const arrow::Array& array, int64_t row, const DataType& type) {
  if (type.is(TypeKind::array)) {
    const auto& list = static_cast<const arrow::ListArray&>(array);
    *literal.mutable_array()->mutable_element_type() = spark::sql::to_proto(type.element());
    for (int64_t i = list.value_offset(row); i < list.value_offset(row + 1); ++i) {
      TRY(element, to_literal(*list.values(), i, type.element()));
      *literal.mutable_array()->add_elements() = std::move(element);
    }
    return {};
  }
  if (type.is(TypeKind::map)) {
    const auto& map = static_cast<const arrow::MapArray&>(array);
    *literal.mutable_map()->mutable_key_type() = spark::sql::to_proto(type.key());
    *literal.mutable_map()->mutable_value_type() = spark::sql::to_proto(type.value());
    for (int64_t i = map.value_offset(row); i < map.value_offset(row + 1); ++i) {
      TRY(key, to_literal(*map.keys(), i, type.key()));
      TRY(value, to_literal(*map.items(), i, type.value()));
      *literal.mutable_map()->add_keys() = std::move(key);
      *literal.mutable_map()->add_values() = std::move(value);
    }
    return {};
  }
  const auto& structure = static_cast<const arrow::StructArray&>(array);
  *literal.mutable_struct_()->mutable_struct_type() = spark::sql::to_proto(type);
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    TRY(field, to_literal(*structure.field(static_cast<int>(i)), row, type.fields[i].type));
    *literal.mutable_struct_()->add_elements() = std::move(field);
  }
  return {};
}

}  // namespace

SparkResult<Literal> to_literal(const arrow::Array& array, int64_t row, const DataType& type) {
  Literal literal;
  if (array.IsNull(row) || type.is(TypeKind::null_)) {
    *literal.mutable_null() = spark::sql::to_proto(type);
    return literal;
  }
  switch (type.kind) {
    case TypeKind::boolean: literal.set_boolean(value_at<arrow::BooleanArray>(array, row)); break;
    case TypeKind::byte_: literal.set_byte(value_at<arrow::Int8Array>(array, row)); break;
    case TypeKind::short_: literal.set_short_(value_at<arrow::Int16Array>(array, row)); break;
    case TypeKind::integer: literal.set_integer(value_at<arrow::Int32Array>(array, row)); break;
    case TypeKind::long_: literal.set_long_(value_at<arrow::Int64Array>(array, row)); break;
    case TypeKind::float_: literal.set_float_(value_at<arrow::FloatArray>(array, row)); break;
    case TypeKind::double_: literal.set_double_(value_at<arrow::DoubleArray>(array, row)); break;
    case TypeKind::decimal:
      literal.mutable_decimal()->set_value(static_cast<const arrow::Decimal128Array&>(array).FormatValue(row));
      literal.mutable_decimal()->set_precision(type.precision);
      literal.mutable_decimal()->set_scale(type.scale);
      break;
    case TypeKind::string:
    case TypeKind::char_:
    case TypeKind::varchar: literal.set_string(static_cast<const arrow::StringArray&>(array).GetString(row)); break;
    case TypeKind::binary: literal.set_binary(static_cast<const arrow::BinaryArray&>(array).GetString(row)); break;
    case TypeKind::date: literal.set_date(value_at<arrow::Date32Array>(array, row)); break;
    case TypeKind::timestamp: literal.set_timestamp(value_at<arrow::TimestampArray>(array, row)); break;
    case TypeKind::timestamp_ntz: literal.set_timestamp_ntz(value_at<arrow::TimestampArray>(array, row)); break;
    case TypeKind::time:
      literal.mutable_time()->set_nano(value_at<arrow::Time64Array>(array, row) * 1000);
      literal.mutable_time()->set_precision(type.precision);
      break;
    case TypeKind::year_month_interval: literal.set_year_month_interval(value_at<arrow::MonthIntervalArray>(array, row)); break;
    case TypeKind::day_time_interval: literal.set_day_time_interval(value_at<arrow::DurationArray>(array, row)); break;
    case TypeKind::array:
    case TypeKind::map:
    case TypeKind::struct_: TRY_DO(set_nested(literal, array, row, type)); break;
    default: return fail(spark::unsupported("observed metrics of the type " + spark::sql_string(type)));
  }
  return literal;
}

}  // namespace mastic::spark_connect
