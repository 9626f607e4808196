// Literals of all types. Arrays, maps and structs become calls of array(), map() and named_struct().
#include "spark/analyze/expression_text.h"
#include "spark/analyze/state.h"

namespace mastic::spark {
namespace {

ExpressionPtr constant(DataType type, Literal literal) { return make_expression(std::move(type), false, std::move(literal)); }

// `12.30` → decimal(4,2), as the digits say, when the client does not.
DataType decimal_type(const proto::Expression::Literal::Decimal& decimal) {
  int digits = 0;
  int scale = 0;
  bool after_point = false;
  bool leading = true;
  for (const char c : decimal.value()) {
    if (c == '.') {
      after_point = true;
    } else if (c >= '0' && c <= '9') {
      if (after_point) ++scale;
      if (c != '0' || after_point) leading = false;
      if (!leading) ++digits;
    }
  }
  // What the client says only widens what the digits need: Decimal('1.50') comes as decimal(10,0).
  int precision = std::max({digits, scale, 1});
  if (decimal.has_precision()) precision = std::max(precision, decimal.precision());
  if (decimal.has_scale()) scale = std::max(scale, decimal.scale());
  return types::decimal(std::min(std::max(precision, scale), 38), scale);
}

template <typename Values, typename Make>
SparkResult<ExpressionPtr> special_array(AnalyzerState& state, const Values& values, const DataType& element,
                                         const Make& make) {
  std::vector<ExpressionPtr> elements;
  for (const auto& value : values.values()) elements.push_back(constant(element, Literal{make(value)}));
  if (elements.empty()) return make_expression(types::array(element, false), false, Call{"array", {}});
  return call_function(state, "array", std::move(elements));
}

SparkResult<ExpressionPtr> array_literal(AnalyzerState& state, const proto::Expression::Literal& literal) {
  const auto& array = literal.array();
  auto element = array.has_element_type() ? resolve_type(array.element_type())
                                          : (literal.has_data_type() ? resolve_type(literal.data_type().array().element_type())
                                                                     : SparkResult<DataType>(types::null()));
  if (!element) return fail(std::move(element).error());
  std::vector<ExpressionPtr> elements;
  for (const auto& value : array.elements()) {
    TRY(resolved, resolve_literal(state, value));
    elements.push_back(element->is(TypeKind::null_) ? resolved : cast_to(state, resolved, *element));
  }
  if (elements.empty()) return make_expression(types::array(*element, false), false, Call{"array", {}});
  return call_function(state, "array", std::move(elements));
}

SparkResult<ExpressionPtr> map_literal(AnalyzerState& state, const proto::Expression::Literal& literal) {
  const auto& map = literal.map();
  std::vector<ExpressionPtr> entries;
  for (int i = 0; i < map.keys_size(); ++i) {
    TRY(key, resolve_literal(state, map.keys(i)));
    TRY(value, resolve_literal(state, map.values(i)));
    entries.push_back(key);
    entries.push_back(value);
  }
  if (!entries.empty()) return call_function(state, "map", std::move(entries));
  auto key = resolve_type(map.has_key_type() ? map.key_type() : literal.data_type().map().key_type());
  auto value = resolve_type(map.has_value_type() ? map.value_type() : literal.data_type().map().value_type());
  if (!key || !value) return fail(key ? std::move(value).error() : std::move(key).error());
  return make_expression(types::map(*key, *value), false, Call{"map", {}});
}

SparkResult<ExpressionPtr> struct_literal(AnalyzerState& state, const proto::Expression::Literal& literal) {
  const auto& structure = literal.struct_();
  TRY(type, resolve_type(structure.has_struct_type() ? structure.struct_type() : literal.data_type()));
  std::vector<ExpressionPtr> arguments;
  for (int i = 0; i < structure.elements_size() && i < static_cast<int>(type.fields.size()); ++i) {
    const auto& field = type.fields[static_cast<std::size_t>(i)];
    TRY(value, resolve_literal(state, structure.elements(i)));
    arguments.push_back(string_constant(field.name));
    arguments.push_back(cast_to(state, value, field.type));
  }
  return call_function(state, "named_struct", std::move(arguments));
}

}  // namespace

SparkResult<ExpressionPtr> resolve_literal(AnalyzerState& state, const proto::Expression::Literal& literal) {
  using Kind = proto::Expression::Literal::LiteralTypeCase;
  switch (literal.literal_type_case()) {
    case Kind::kNull: {
      TRY(type, resolve_type(literal.null()));
      return null_constant(type);
    }
    case Kind::LITERAL_TYPE_NOT_SET: return null_constant();
    case Kind::kBinary: return constant(types::binary(), Literal{literal.binary()});
    case Kind::kBoolean: return constant(types::boolean(), Literal{literal.boolean()});
    case Kind::kByte: return constant(types::byte(), Literal{int64_t{literal.byte()}});
    case Kind::kShort: return constant(types::short_type(), Literal{int64_t{literal.short_()}});
    case Kind::kInteger: return integer_constant(literal.integer());
    case Kind::kLong: return long_constant(literal.long_());
    case Kind::kFloat: return constant(types::float_type(), Literal{double{literal.float_()}});
    case Kind::kDouble: return constant(types::double_type(), Literal{literal.double_()});
    case Kind::kDecimal: return constant(decimal_type(literal.decimal()), Literal{literal.decimal().value()});
    case Kind::kString: return string_constant(literal.string());
    case Kind::kDate: return constant(types::date(), Literal{int64_t{literal.date()}});
    case Kind::kTimestamp: return constant(types::timestamp(), Literal{literal.timestamp()});
    case Kind::kTimestampNtz: return constant(types::timestamp_ntz(), Literal{literal.timestamp_ntz()});
    case Kind::kCalendarInterval: {
      const auto& interval = literal.calendar_interval();
      return constant(types::of(TypeKind::calendar_interval),
                      Literal{Literal::Interval{interval.months(), interval.days(), interval.microseconds()}});
    }
    case Kind::kYearMonthInterval: {
      auto type = types::year_month_interval();
      if (literal.has_data_type()) {
        TRY(given, resolve_type(literal.data_type()));
        type = given;
      }
      return constant(type, Literal{int64_t{literal.year_month_interval()}});
    }
    case Kind::kDayTimeInterval: {
      auto type = types::day_time_interval();
      if (literal.has_data_type()) {
        TRY(given, resolve_type(literal.data_type()));
        type = given;
      }
      return constant(type, Literal{literal.day_time_interval()});
    }
    case Kind::kTime: {
      auto type = types::of(TypeKind::time);
      type.precision = literal.time().has_precision() ? literal.time().precision() : 6;
      return constant(type, Literal{literal.time().nano() / 1000});
    }
    case Kind::kArray: return array_literal(state, literal);
    case Kind::kMap: return map_literal(state, literal);
    case Kind::kStruct: return struct_literal(state, literal);
    case Kind::kSpecializedArray: {
      const auto& array = literal.specialized_array();
      if (array.has_bools()) return special_array(state, array.bools(), types::boolean(), [](bool v) { return v; });
      if (array.has_ints()) return special_array(state, array.ints(), types::integer(), [](int32_t v) { return int64_t{v}; });
      if (array.has_longs()) return special_array(state, array.longs(), types::long_type(), [](int64_t v) { return v; });
      if (array.has_floats())
        return special_array(state, array.floats(), types::float_type(), [](float v) { return double{v}; });
      if (array.has_doubles()) return special_array(state, array.doubles(), types::double_type(), [](double v) { return v; });
      return special_array(state, array.strings(), types::string(), [](const std::string& v) { return v; });
    }
  }
  return fail(internal_error("a literal of no kind"));
}

}  // namespace mastic::spark
