#include "spark/plan/data_type.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace mastic::spark {

namespace types {
DataType array(DataType element, bool contains_null) {
  DataType type = of(TypeKind::array);
  type.contains_null = contains_null;
  type.children.push_back(std::move(element));
  return type;
}
DataType map(DataType key, DataType value, bool value_contains_null) {
  DataType type = of(TypeKind::map);
  type.contains_null = value_contains_null;
  type.children.push_back(std::move(key));
  type.children.push_back(std::move(value));
  return type;
}
DataType structure(std::vector<StructField> fields) {
  DataType type = of(TypeKind::struct_);
  type.fields = std::move(fields);
  return type;
}
DataType user_defined(DataType sql_type, std::string jvm_class, std::string python_class, std::string serialized_class) {
  DataType type = of(TypeKind::user_defined);
  type.children.push_back(std::move(sql_type));
  type.classes = {std::move(jvm_class), std::move(python_class), std::move(serialized_class)};
  return type;
}
}  // namespace types

namespace {

/// The words for types without parts: simpleString's, typeName's.
struct AtomicNames {
  TypeKind kind;
  std::string_view simple;
  std::string_view name;
};
constexpr std::array atomic_names{
    AtomicNames{TypeKind::null_, "void", "void"},
    AtomicNames{TypeKind::boolean, "boolean", "boolean"},
    AtomicNames{TypeKind::byte_, "tinyint", "byte"},
    AtomicNames{TypeKind::short_, "smallint", "short"},
    AtomicNames{TypeKind::integer, "int", "integer"},
    AtomicNames{TypeKind::long_, "bigint", "long"},
    AtomicNames{TypeKind::float_, "float", "float"},
    AtomicNames{TypeKind::double_, "double", "double"},
    AtomicNames{TypeKind::binary, "binary", "binary"},
    AtomicNames{TypeKind::date, "date", "date"},
    AtomicNames{TypeKind::timestamp, "timestamp", "timestamp"},
    AtomicNames{TypeKind::timestamp_ntz, "timestamp_ntz", "timestamp_ntz"},
    AtomicNames{TypeKind::calendar_interval, "interval", "interval"},
    AtomicNames{TypeKind::variant, "variant", "variant"},
    AtomicNames{TypeKind::array, "array", "array"},
    AtomicNames{TypeKind::map, "map", "map"},
    AtomicNames{TypeKind::struct_, "struct", "struct"},
    AtomicNames{TypeKind::user_defined, "pythonuserdefined", "pythonuserdefined"},
};

std::string interval_text(const DataType& type) {
  static constexpr std::array<std::string_view, 4> day_time{"day", "hour", "minute", "second"};
  static constexpr std::array<std::string_view, 2> year_month{"year", "month"};
  const auto word = [&](int field) {
    const auto index = static_cast<std::size_t>(field);
    return type.kind == TypeKind::day_time_interval ? day_time.at(index) : year_month.at(index);
  };
  if (type.start_field == type.end_field) return fmt::format("interval {}", word(type.start_field));
  return fmt::format("interval {} to {}", word(type.start_field), word(type.end_field));
}

/// Types whose every printed form is one text: nothing for those with parts.
std::string parameterised_text(const DataType& type) {
  switch (type.kind) {
    case TypeKind::decimal: return fmt::format("decimal({},{})", type.precision, type.scale);
    case TypeKind::string: return type.collation.empty() ? "string" : "string collate " + type.collation;
    case TypeKind::char_: return fmt::format("char({})", type.length);
    case TypeKind::varchar: return fmt::format("varchar({})", type.length);
    case TypeKind::time: return fmt::format("time({})", type.precision);
    case TypeKind::year_month_interval:
    case TypeKind::day_time_interval: return interval_text(type);
    default: return {};
  }
}

std::string to_upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool is_plain_identifier(std::string_view name) {
  if (name.empty()) return false;
  bool only_digits = true;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!digit && !letter) return false;
    if (!digit) only_digits = false;
  }
  return !only_digits;
}

std::string quote_if_needed(std::string_view name) {
  if (is_plain_identifier(name)) return std::string(name);
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + '`';
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

/// Control characters in a name would break the tree's lines.
std::string escape_control_characters(std::string_view name) {
  static constexpr std::array<std::pair<char, std::string_view>, 7> escapes{
      {{'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {'\f', "\\f"}, {'\b', "\\b"}, {'\v', "\\v"}, {'\a', "\\a"}}};
  std::string out;
  for (const char c : name) {
    std::string_view escaped;
    for (const auto& [from, to] : escapes) {
      if (c == from) escaped = to;
    }
    if (escaped.empty()) {
      out += c;
    } else {
      out += escaped;
    }
  }
  return out;
}

void append_tree(std::string& out, const DataType& type, const std::string& prefix, int levels);

void append_field(std::string& out, const StructField& field, const std::string& prefix, int levels) {
  if (levels <= 0) return;
  out += fmt::format("{}-- {}: {} (nullable = {})\n", prefix, escape_control_characters(field.name), type_name(field.type),
                     field.nullable);
  append_tree(out, field.type, prefix + "    |", levels - 1);
}

void append_tree(std::string& out, const DataType& type, const std::string& prefix, int levels) {
  if (type.kind == TypeKind::struct_) {
    for (const StructField& field : type.fields) append_field(out, field, prefix, levels);
  }
  if (levels <= 0) return;
  if (type.kind == TypeKind::array) {
    out += fmt::format("{}-- element: {} (containsNull = {})\n", prefix, type_name(type.element()), type.contains_null);
    append_tree(out, type.element(), prefix + "    |", levels - 1);
  }
  if (type.kind == TypeKind::map) {
    out += fmt::format("{}-- key: {}\n", prefix, type_name(type.key()));
    append_tree(out, type.key(), prefix + "    |", levels - 1);
    out += fmt::format("{}-- value: {} (valueContainsNull = {})\n", prefix, type_name(type.value()), type.contains_null);
    append_tree(out, type.value(), prefix + "    |", levels - 1);
  }
}

/// The comment of a field, from its metadata `{"comment":"…"}` as the JSON text of the value; empty: none.
std::string comment_json(const StructField& field) {
  static constexpr std::string_view key = "\"comment\":";
  const auto at = field.metadata_json.find(key);
  if (at == std::string::npos) return {};
  auto begin = at + key.size();
  while (begin < field.metadata_json.size() && field.metadata_json[begin] == ' ') ++begin;
  if (begin >= field.metadata_json.size() || field.metadata_json[begin] != '"') return {};
  std::string text;
  for (auto i = begin + 1; i < field.metadata_json.size() && field.metadata_json[i] != '"'; ++i) {
    if (field.metadata_json[i] == '\\' && i + 1 < field.metadata_json.size()) ++i;
    text += field.metadata_json[i];
  }
  return text;
}

std::string field_sql(const StructField& field) {
  std::string out = fmt::format("{}: {}", quote_if_needed(field.name), sql_string(field.type));
  if (!field.nullable) out += " NOT NULL";
  if (const std::string comment = comment_json(field); !comment.empty()) {
    out += " COMMENT '";
    for (const char c : comment) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    out += '\'';
  }
  return out;
}

}  // namespace

std::string type_name(const DataType& type) {
  for (const AtomicNames& row : atomic_names) {
    if (row.kind == type.kind) return std::string(row.name);
  }
  return parameterised_text(type);
}

std::string simple_string(const DataType& type) {
  switch (type.kind) {
    case TypeKind::array: return fmt::format("array<{}>", simple_string(type.element()));
    case TypeKind::map: return fmt::format("map<{},{}>", simple_string(type.key()), simple_string(type.value()));
    case TypeKind::struct_: {
      std::string out = "struct<";
      for (const StructField& field : type.fields) {
        if (&field != type.fields.data()) out += ',';
        out += fmt::format("{}:{}", field.name, simple_string(field.type));
      }
      return out + '>';
    }
    default:
      for (const AtomicNames& row : atomic_names) {
        if (row.kind == type.kind) return std::string(row.simple);
      }
      return parameterised_text(type);
  }
}

std::string sql_string(const DataType& type) {
  switch (type.kind) {
    case TypeKind::array: return fmt::format("ARRAY<{}>", sql_string(type.element()));
    case TypeKind::map: return fmt::format("MAP<{}, {}>", sql_string(type.key()), sql_string(type.value()));
    case TypeKind::struct_: {
      std::string out = "STRUCT<";
      for (const StructField& field : type.fields) {
        if (&field != type.fields.data()) out += ", ";
        out += field_sql(field);
      }
      return out + '>';
    }
    case TypeKind::user_defined:
      return type.children.empty() ? to_upper(simple_string(type)) : sql_string(type.children.front());
    case TypeKind::string: return type.collation.empty() ? "STRING" : "STRING COLLATE " + type.collation;
    default: return to_upper(simple_string(type));
  }
}

namespace {

std::string user_defined_json(const DataType& type) {
  std::string out = R"({"type":"udt")";
  static constexpr std::array<std::string_view, 3> members{"class", "pyClass", "serializedClass"};
  for (std::size_t i = 0; i < members.size() && i < type.classes.size(); ++i) {
    if (!type.classes[i].empty()) out += fmt::format(R"(,"{}":{})", members.at(i), json_text(type.classes[i]));
  }
  if (!type.children.empty()) out += fmt::format(R"(,"sqlType":{})", json_string(type.children.front()));
  return out + '}';
}

}  // namespace

std::string json_string(const DataType& type) {
  switch (type.kind) {
    case TypeKind::array:
      return fmt::format(R"({{"type":"array","elementType":{},"containsNull":{}}})", json_string(type.element()),
                         type.contains_null);
    case TypeKind::map:
      return fmt::format(R"({{"type":"map","keyType":{},"valueType":{},"valueContainsNull":{}}})", json_string(type.key()),
                         json_string(type.value()), type.contains_null);
    case TypeKind::struct_: {
      std::string out = R"({"type":"struct","fields":[)";
      for (const StructField& field : type.fields) {
        if (&field != type.fields.data()) out += ',';
        out += fmt::format(R"({{"name":{},"type":{},"nullable":{},"metadata":{}}})", json_text(field.name),
                           json_string(field.type), field.nullable, field.metadata_json.empty() ? "{}" : field.metadata_json);
      }
      return out + "]}";
    }
    case TypeKind::string: return json_text("string");  // a collation is the metadata's matter
    case TypeKind::user_defined: return user_defined_json(type);
    default: return json_text(type_name(type));
  }
}

std::string tree_string(const DataType& type, int level) {
  std::string out = "root\n";
  const int levels = level > 0 ? level : std::numeric_limits<int>::max();
  if (type.kind == TypeKind::struct_) {
    append_tree(out, type, " |", levels);
  } else {
    append_field(out, StructField{.name = "value", .type = type, .nullable = true, .metadata_json = {}}, " |", levels);
  }
  return out;
}

}  // namespace mastic::spark
