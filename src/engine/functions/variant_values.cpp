// Between variants and values of DuckDB's types.
#include <cmath>
#include <limits>

#include "engine/functions/datetime_text.h"
#include "engine/functions/number_text.h"
#include "engine/functions/variant_type.h"

namespace mastic::engine {
namespace {

using Kind = VariantView::Kind;
using Converted = std::optional<Value>;

std::optional<int128> whole_number(const VariantView& variant) {
  switch (variant.kind()) {
    case Kind::boolean: return variant.truth() ? 1 : 0;
    case Kind::integer: return variant.integer();
    case Kind::real:
    case Kind::single: {
      const double number = std::trunc(variant.real());
      if (!(std::abs(number) < 1e19)) return std::nullopt;
      return static_cast<int128>(number);
    }
    case Kind::decimal: {
      const auto [unscaled, scale] = variant.decimal();
      return unscaled / power_of_ten(scale);
    }
    case Kind::timestamp: return floor_divide(variant.integer(), microseconds_per_second);
    case Kind::text: {
      if (const auto number = parse_integer(variant.text(), false)) return *number;
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

template <typename T>
Converted to_integer(const VariantView& variant) {
  const auto number = whole_number(variant);
  if (!number || *number < std::numeric_limits<T>::min() || *number > std::numeric_limits<T>::max()) return std::nullopt;
  return Value::CreateValue<T>(static_cast<T>(*number));
}

std::optional<double> to_double(const VariantView& variant) {
  switch (variant.kind()) {
    case Kind::boolean: return variant.truth() ? 1.0 : 0.0;
    case Kind::integer: return static_cast<double>(variant.integer());
    case Kind::real:
    case Kind::single: return variant.real();
    case Kind::decimal: {
      const auto [unscaled, scale] = variant.decimal();
      return std::strtod(decimal_text(unscaled, scale).c_str(), nullptr);
    }
    case Kind::text: return parse_double(variant.text());
    case Kind::timestamp: return static_cast<double>(variant.integer()) / 1e6;
    default: return std::nullopt;
  }
}

Converted to_decimal(const VariantView& variant, const LogicalType& type) {
  const int width = duckdb::DecimalType::GetWidth(type);
  const int scale = duckdb::DecimalType::GetScale(type);
  std::string text;
  switch (variant.kind()) {
    case Kind::boolean: text = variant.truth() ? "1" : "0"; break;
    case Kind::integer: text = std::to_string(variant.integer()); break;
    case Kind::real:
    case Kind::single: text = java_double(variant.real()); break;
    case Kind::decimal: {
      const auto [unscaled, own] = variant.decimal();
      text = decimal_text(unscaled, own);
      break;
    }
    case Kind::text: text = variant.text(); break;
    default: return std::nullopt;
  }
  const auto unscaled = parse_decimal(text, width, scale);
  if (!unscaled) return std::nullopt;
  return with_decimal_storage(type, [&]<typename T>() {
    return Value::DECIMAL(to_storage<T>(*unscaled), static_cast<uint8_t>(width), static_cast<uint8_t>(scale));
  });
}

std::optional<bool> to_boolean(const VariantView& variant) {
  switch (variant.kind()) {
    case Kind::boolean: return variant.truth();
    case Kind::integer: return variant.integer() != 0;
    case Kind::real:
    case Kind::single: return variant.real() != 0;
    case Kind::decimal: return variant.decimal().unscaled != 0;
    case Kind::text: return parse_boolean(variant.text());
    default: return std::nullopt;
  }
}

/// Instants for TIMESTAMP, wall-clock time for TIMESTAMP_NTZ and DATE.
std::optional<int64_t> to_time(const VariantView& variant, bool instant, const TimeZone* zone) {
  const auto local_to = [&](int64_t local) { return instant ? zone->to_utc(local) : local; };
  switch (variant.kind()) {
    case Kind::date: return local_to(variant.integer() * microseconds_per_day);
    case Kind::timestamp: return instant ? variant.integer() : zone->to_local(variant.integer());
    case Kind::timestamp_ntz: return local_to(variant.integer());
    case Kind::integer: {
      if (!instant) return std::nullopt;
      return variant.integer() * microseconds_per_second;
    }
    case Kind::text: {
      const auto parsed = parse_timestamp(variant.text());
      if (!parsed || !parsed->has_date) return std::nullopt;
      if (!instant) return parsed->local_microseconds;
      return (parsed->zone == nullptr ? zone : parsed->zone)->to_utc(parsed->local_microseconds);
    }
    default: return std::nullopt;
  }
}

std::optional<std::string> to_string(const VariantView& variant, const TimeZone* zone) {
  switch (variant.kind()) {
    case Kind::text:
    case Kind::binary: return std::string(variant.text());
    case Kind::date: return date_text(variant.integer());
    case Kind::timestamp: return timestamp_text(zone->to_local(variant.integer()));
    case Kind::timestamp_ntz: return timestamp_text(variant.integer());
    case Kind::real: return java_double(variant.real());
    case Kind::invalid: return std::nullopt;
    default: break;
  }
  std::string text;
  append_variant_json(text, variant, zone);
  return text;
}

Converted to_list(const VariantView& variant, const LogicalType& type, const TimeZone* zone) {
  if (variant.kind() != Kind::array) return std::nullopt;
  const auto& element = duckdb::ListType::GetChildType(type);
  duckdb::vector<Value> values;
  for (std::size_t i = 0; i < variant.size(); ++i) {
    auto value = from_variant(variant.element(i), element, zone);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return Value::LIST(element, std::move(values));
}

Converted to_map(const VariantView& variant, const LogicalType& type, const TimeZone* zone) {
  if (variant.kind() != Kind::object || duckdb::MapType::KeyType(type).id() != LogicalTypeId::VARCHAR) return std::nullopt;
  duckdb::vector<Value> keys;
  duckdb::vector<Value> values;
  for (std::size_t i = 0; i < variant.size(); ++i) {
    const auto [name, member] = variant.member(i);
    auto value = from_variant(member, duckdb::MapType::ValueType(type), zone);
    if (!value) return std::nullopt;
    keys.emplace_back(std::string(name));
    values.push_back(*std::move(value));
  }
  return Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys), std::move(values));
}

Converted to_struct(const VariantView& variant, const LogicalType& type, const TimeZone* zone) {
  if (variant.kind() != Kind::object) return std::nullopt;
  duckdb::vector<Value> values;
  for (const auto& [name, member_type] : duckdb::StructType::GetChildTypes(type)) {
    const auto member = variant.find(name);
    if (!member) {
      values.emplace_back(member_type);
      continue;
    }
    auto value = from_variant(*member, member_type, zone);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return Value::STRUCT(type, std::move(values));
}

template <typename T>
Converted wrapped(std::optional<T> value) {
  if (!value) return std::nullopt;
  return Value::CreateValue<T>(*value);
}

}  // namespace

std::optional<Value> from_variant(const VariantView& variant, const LogicalType& type, const TimeZone* zone) {
  if (is_variant_type(type)) {
    VariantBuilder builder;
    builder.append(variant);
    return to_value(std::move(builder).finish());
  }
  if (variant.kind() == Kind::null) return Value(type);
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: return wrapped(to_boolean(variant));
    case LogicalTypeId::TINYINT: return to_integer<int8_t>(variant);
    case LogicalTypeId::SMALLINT: return to_integer<int16_t>(variant);
    case LogicalTypeId::INTEGER: return to_integer<int32_t>(variant);
    case LogicalTypeId::BIGINT: return to_integer<int64_t>(variant);
    case LogicalTypeId::FLOAT: {
      const auto number = to_double(variant);
      return number ? Converted(Value::FLOAT(static_cast<float>(*number))) : std::nullopt;
    }
    case LogicalTypeId::DOUBLE: return wrapped(to_double(variant));
    case LogicalTypeId::DECIMAL: return to_decimal(variant, type);
    case LogicalTypeId::VARCHAR: {
      auto text = to_string(variant, zone);
      return text ? Converted(Value(*std::move(text))) : std::nullopt;
    }
    case LogicalTypeId::BLOB:
      if (variant.kind() != Kind::binary && variant.kind() != Kind::text) return std::nullopt;
      return blob_value(variant.text());
    case LogicalTypeId::DATE: {
      if (variant.kind() == Kind::text) {
        const auto days = parse_date(variant.text());
        return days ? Converted(Value::DATE(duckdb::date_t(*days))) : std::nullopt;
      }
      const auto time = to_time(variant, false, zone);
      if (!time || variant.kind() == Kind::integer) return std::nullopt;
      return Value::DATE(duckdb::date_t(static_cast<int32_t>(floor_divide(*time, microseconds_per_day))));
    }
    case LogicalTypeId::TIMESTAMP: {
      const auto time = to_time(variant, false, zone);
      return time ? Converted(Value::TIMESTAMP(duckdb::timestamp_t(*time))) : std::nullopt;
    }
    case LogicalTypeId::TIMESTAMP_TZ: {
      const auto time = to_time(variant, true, zone);
      return time ? Converted(Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(*time))) : std::nullopt;
    }
    case LogicalTypeId::LIST: return to_list(variant, type, zone);
    case LogicalTypeId::MAP: return to_map(variant, type, zone);
    case LogicalTypeId::STRUCT: return to_struct(variant, type, zone);
    default: return std::nullopt;
  }
}

void append_value(VariantBuilder& builder, const Value& value) {
  if (value.IsNull()) return builder.null();
  const auto& type = value.type();
  if (is_variant_type(type)) return builder.append(variant_view(value));
  const auto object = [&](auto&& members) {
    const auto start = builder.position();
    std::vector<VariantBuilder::Field> fields;
    for (const auto& [name, member] : members) {
      fields.push_back({builder.key(name), builder.position()});
      append_value(builder, member);
    }
    (void)builder.end_object(start, std::move(fields));
  };
  std::vector<std::pair<std::string, Value>> members;
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: return builder.boolean(value.GetValueUnsafe<bool>());
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT: return builder.integer(value.GetValue<int64_t>());
    case LogicalTypeId::FLOAT: return builder.single(value.GetValueUnsafe<float>());
    case LogicalTypeId::DOUBLE: return builder.real(value.GetValueUnsafe<double>());
    case LogicalTypeId::DECIMAL: {
      const auto unscaled = with_decimal_storage(type, [&]<typename T>() -> int128 {
        if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
          return to_native(value.GetValueUnsafe<duckdb::hugeint_t>());
        } else {
          return value.GetValueUnsafe<T>();
        }
      });
      int digits = 1;
      for (int128 rest = unscaled < 0 ? -unscaled : unscaled; rest >= 10; rest /= 10) ++digits;
      return builder.decimal(unscaled, duckdb::DecimalType::GetScale(type), digits);
    }
    case LogicalTypeId::DATE: return builder.date(value.GetValueUnsafe<duckdb::date_t>().days);
    case LogicalTypeId::TIMESTAMP: return builder.timestamp(value.GetValueUnsafe<duckdb::timestamp_t>().value, false);
    case LogicalTypeId::TIMESTAMP_TZ: return builder.timestamp(value.GetValueUnsafe<duckdb::timestamp_t>().value, true);
    case LogicalTypeId::BLOB: return builder.binary(duckdb::StringValue::Get(value));
    case LogicalTypeId::LIST: {
      const auto start = builder.position();
      std::vector<std::size_t> offsets;
      for (const auto& child : duckdb::ListValue::GetChildren(value)) {
        offsets.push_back(builder.position());
        append_value(builder, child);
      }
      return builder.end_array(start, offsets);
    }
    case LogicalTypeId::STRUCT: {
      const auto& children = duckdb::StructValue::GetChildren(value);
      for (std::size_t i = 0; i < children.size(); ++i)
        members.emplace_back(duckdb::StructType::GetChildName(type, i), children[i]);
      return object(members);
    }
    case LogicalTypeId::MAP:
      for (const auto& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        members.emplace_back(pair[0].ToString(), pair[1]);
      }
      return object(members);
    default: return builder.text(value.ToString());
  }
}

}  // namespace mastic::engine
