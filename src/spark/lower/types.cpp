#include "spark/lower/types.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "engine/functions/variant_type.h"

namespace mastic::spark {

std::vector<std::string> duckdb_field_names(const DataType& structure) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& field : structure.fields) {
    std::string name = field.name.empty() ? "_" : field.name;
    const auto lower = [](std::string text) {
      for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return text;
    };
    for (int suffix = 2; !taken.insert(lower(name)).second; ++suffix) name = field.name + "__" + std::to_string(suffix);
    names.push_back(std::move(name));
  }
  return names;
}

duckdb::LogicalType to_duckdb_type(const DataType& type) {
  using duckdb::LogicalType;
  switch (type.kind) {
    case TypeKind::boolean: return LogicalType::BOOLEAN;
    case TypeKind::byte_: return LogicalType::TINYINT;
    case TypeKind::short_: return LogicalType::SMALLINT;
    case TypeKind::null_:
    case TypeKind::integer:
    case TypeKind::year_month_interval: return LogicalType::INTEGER;
    case TypeKind::long_:
    case TypeKind::day_time_interval: return LogicalType::BIGINT;
    case TypeKind::float_: return LogicalType::FLOAT;
    case TypeKind::double_: return LogicalType::DOUBLE;
    case TypeKind::decimal:
      // DuckDB has no negative scale: whole numbers of as many digits.
      if (type.scale < 0) return LogicalType::DECIMAL(static_cast<uint8_t>(std::min(38, type.precision - type.scale)), 0);
      return LogicalType::DECIMAL(static_cast<uint8_t>(type.precision), static_cast<uint8_t>(type.scale));
    case TypeKind::binary: return LogicalType::BLOB;
    case TypeKind::variant: return engine::variant_type();
    case TypeKind::date: return LogicalType::DATE;
    case TypeKind::timestamp: return LogicalType::TIMESTAMP_TZ;
    case TypeKind::timestamp_ntz: return LogicalType::TIMESTAMP;
    case TypeKind::time: return LogicalType::TIME;
    case TypeKind::calendar_interval: return LogicalType::INTERVAL;
    case TypeKind::array: return LogicalType::LIST(to_duckdb_type(type.element()));
    case TypeKind::map: return LogicalType::MAP(to_duckdb_type(type.key()), to_duckdb_type(type.value()));
    case TypeKind::struct_: {
      duckdb::child_list_t<LogicalType> fields;
      const auto names = duckdb_field_names(type);
      for (std::size_t i = 0; i < names.size(); ++i) fields.emplace_back(names[i], to_duckdb_type(type.fields[i].type));
      // DuckDB has no struct without fields.
      if (fields.empty()) fields.emplace_back("_", LogicalType::BOOLEAN);
      return LogicalType::STRUCT(std::move(fields));
    }
    case TypeKind::user_defined: return to_duckdb_type(type.children.at(0));
    default: return LogicalType::VARCHAR;
  }
}

DataType json_read_type(const DataType& type) {
  DataType read = type;
  if (type.is(TypeKind::array) || type.is(TypeKind::map)) {
    read.children.back() = json_read_type(type.children.back());
    if (type.is(TypeKind::map)) read.children.front() = types::string();
  } else if (type.is(TypeKind::struct_)) {
    for (auto& field : read.fields) field.type = json_read_type(field.type);
  } else if (!type.is(TypeKind::boolean) && !type.is_integral() && !type.is_fractional()) {
    read = types::string();
  }
  return read;
}

}  // namespace mastic::spark
