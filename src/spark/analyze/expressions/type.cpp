// The client's type protos → our types.
#include "spark/analyze/state.h"
#include "spark/plan/data_type.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

/// Spark's own user-defined types in the JVM say themselves what they are in Python; the client only guesses.
struct KnownType {
  std::string_view jvm_class;
  std::string_view python_class;
};
constexpr KnownType known_types[] = {
    {"org.apache.spark.ml.linalg.VectorUDT", "pyspark.ml.linalg.VectorUDT"},
    {"org.apache.spark.ml.linalg.MatrixUDT", "pyspark.ml.linalg.MatrixUDT"},
    {"org.apache.spark.mllib.linalg.VectorUDT", "pyspark.mllib.linalg.VectorUDT"},
    {"org.apache.spark.mllib.linalg.MatrixUDT", "pyspark.mllib.linalg.MatrixUDT"},
    {"org.apache.spark.sql.test.ExamplePointUDT", "pyspark.testing.objects.ExamplePointUDT"},
};

}  // namespace

std::string python_class_of(const proto::DataType::UDT& udt) {
  for (const auto& known : known_types)
    if (known.jvm_class == udt.jvm_class()) return std::string(known.python_class);
  return udt.python_class();
}

SparkResult<DataType> resolve_type(const proto::DataType& type) {
  using Kind = proto::DataType::KindCase;
  switch (type.kind_case()) {
    case Kind::KIND_NOT_SET:
    case Kind::kNull: return types::null();
    case Kind::kBinary: return types::binary();
    case Kind::kBoolean: return types::boolean();
    case Kind::kByte: return types::byte();
    case Kind::kShort: return types::short_type();
    case Kind::kInteger: return types::integer();
    case Kind::kLong: return types::long_type();
    case Kind::kFloat: return types::float_type();
    case Kind::kDouble: return types::double_type();
    case Kind::kDecimal: {
      const int precision = type.decimal().has_precision() ? type.decimal().precision() : 10;
      const int scale = type.decimal().has_scale() ? type.decimal().scale() : 0;
      if (precision > 38)
        return fail(analysis_error("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                                   {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}}));
      if (precision < 0 || scale > precision || scale < -38) return fail(unsupported("a decimal of such a scale"));
      return types::decimal(precision, scale);
    }
    case Kind::kString: {
      DataType string = types::string();
      if (type.string().collation() != "UTF8_BINARY") string.collation = type.string().collation();
      return string;
    }
    case Kind::kChar: return DataType{.kind = TypeKind::char_, .length = type.char_().length()};
    case Kind::kVarChar: return DataType{.kind = TypeKind::varchar, .length = type.var_char().length()};
    case Kind::kDate: return types::date();
    case Kind::kTimestamp: return types::timestamp();
    case Kind::kTimestampNtz: return types::timestamp_ntz();
    case Kind::kCalendarInterval: return types::of(TypeKind::calendar_interval);
    case Kind::kYearMonthInterval: {
      const auto& interval = type.year_month_interval();
      const int start = interval.has_start_field() ? interval.start_field() : 0;
      const int end = interval.has_end_field() ? interval.end_field() : 1;
      if (start < 0 || end < start || end > 1) return fail(unsupported("an interval of months with such fields"));
      return types::year_month_interval(start, end);
    }
    case Kind::kDayTimeInterval: {
      const auto& interval = type.day_time_interval();
      const int start = interval.has_start_field() ? interval.start_field() : 0;
      const int end = interval.has_end_field() ? interval.end_field() : 3;
      if (start < 0 || end < start || end > 3) return fail(unsupported("an interval of days with such fields"));
      return types::day_time_interval(start, end);
    }
    case Kind::kTime:
      return DataType{.kind = TypeKind::time, .precision = type.time().has_precision() ? type.time().precision() : 6};
    case Kind::kArray: {
      TRY(element, resolve_type(type.array().element_type()));
      return types::array(element, type.array().contains_null());
    }
    case Kind::kMap: {
      TRY(key, resolve_type(type.map().key_type()));
      TRY(value, resolve_type(type.map().value_type()));
      return types::map(key, value, type.map().value_contains_null());
    }
    case Kind::kStruct: {
      std::vector<StructField> fields;
      for (const auto& field : type.struct_().fields()) {
        TRY(member, resolve_type(field.data_type()));
        fields.push_back({field.name(), member, field.nullable(), field.metadata() == "{}" ? "" : field.metadata()});
      }
      return types::structure(std::move(fields));
    }
    case Kind::kVariant: return types::of(TypeKind::variant);
    case Kind::kUnparsed: return sql::parse_data_type(type.unparsed().data_type_string());
    case Kind::kUdt: {
      TRY(inner, resolve_type(type.udt().sql_type()));
      return types::user_defined(std::move(inner), type.udt().jvm_class(), python_class_of(type.udt()),
                                 type.udt().serialized_python_class());
    }
    case Kind::kGeometry: return fail(unsupported("the type geometry"));
    case Kind::kGeography: return fail(unsupported("the type geography"));
    default: return fail(unsupported("the type " + type.ShortDebugString()));
  }
}

}  // namespace mastic::spark
