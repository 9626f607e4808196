#include "engine/sources/item_values.h"

#include <fmt/format.h>

#include <charconv>
#include <duckdb.hpp>

namespace mastic::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using dynamodb::Type;
using dynamodb::codec::EncodedValue;

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_json(std::string& out, const EncodedValue& value) {
  switch (value.type) {
    case Type::number: out += value.text; return;
    case Type::boolean: out += value.boolean ? "true" : "false"; return;
    case Type::null: out += "null"; return;
    case Type::list: {
      dynamodb::codec::Reader members(value.text);
      out += '[';
      for (uint64_t i = 0; i < value.count && !members.failed(); ++i) {
        if (i > 0) out += ',';
        append_json(out, members.value());
      }
      out += ']';
      return;
    }
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      dynamodb::codec::Reader members(value.text);
      out += '[';
      for (uint64_t i = 0; i < value.count && !members.failed(); ++i) {
        if (i > 0) out += ',';
        const auto member = members.bytes();
        if (value.type == Type::number_set) {
          out += member;
        } else {
          append_json_string(out, member);
        }
      }
      out += ']';
      return;
    }
    case Type::map: {
      dynamodb::codec::ItemReader attributes(value);
      out += '{';
      for (bool first = true; attributes.next(); first = false) {
        if (!first) out += ',';
        append_json_string(out, attributes.name());
        out += ':';
        append_json(out, attributes.value());
      }
      out += '}';
      return;
    }
    default: append_json_string(out, value.text);
  }
}

template <typename T>
bool parse_whole(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

template <typename T>
Value integer_value(const EncodedValue& value, const LogicalType& type) {
  T number{};
  if (value.type != Type::number || !parse_whole(value.text, number)) return Value(type);
  return Value::Numeric(type, number);
}

Value decode(const EncodedValue& value, const LogicalType& type);

Value decode_list(const EncodedValue& value, const LogicalType& type) {
  const auto& element = duckdb::ListType::GetChildType(type);
  duckdb::vector<Value> members;
  dynamodb::codec::Reader reader(value.text);
  const bool is_set = value.type == Type::string_set || value.type == Type::number_set || value.type == Type::binary_set;
  if (!is_set && value.type != Type::list) return Value(type);
  for (uint64_t i = 0; i < value.count && !reader.failed(); ++i) {
    if (!is_set) {
      members.push_back(decode(reader.value(), element));
      continue;
    }
    EncodedValue member;
    member.type = value.type == Type::string_set ? Type::string : value.type == Type::number_set ? Type::number : Type::binary;
    member.text = reader.bytes();
    members.push_back(decode(member, element));
  }
  return Value::LIST(element, std::move(members));
}

Value decode_struct(const EncodedValue& value, const LogicalType& type) {
  if (value.type != Type::map) return Value(type);
  const auto& fields = duckdb::StructType::GetChildTypes(type);
  duckdb::vector<Value> values;
  for (const auto& field : fields) values.emplace_back(field.second);
  for (dynamodb::codec::ItemReader attributes(value); attributes.next();) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (duckdb::StringUtil::CIEquals(fields[i].first, std::string(attributes.name()))) {
        values[i] = decode(attributes.value(), fields[i].second);
      }
    }
  }
  return Value::STRUCT(type, std::move(values));
}

Value decode_map(const EncodedValue& value, const LogicalType& type) {
  if (value.type != Type::map) return Value(type);
  duckdb::vector<Value> keys;
  duckdb::vector<Value> values;
  for (dynamodb::codec::ItemReader attributes(value); attributes.next();) {
    keys.emplace_back(std::string(attributes.name()));
    values.push_back(decode(attributes.value(), duckdb::MapType::ValueType(type)));
  }
  return Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys), std::move(values));
}

Value decode(const EncodedValue& value, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR: return value.type == Type::null ? Value(type) : Value(item_value_text(value));
    case LogicalTypeId::BOOLEAN: return value.type == Type::boolean ? Value::BOOLEAN(value.boolean) : Value(type);
    case LogicalTypeId::TINYINT: return integer_value<int8_t>(value, type);
    case LogicalTypeId::SMALLINT: return integer_value<int16_t>(value, type);
    case LogicalTypeId::INTEGER: return integer_value<int32_t>(value, type);
    case LogicalTypeId::BIGINT: return integer_value<int64_t>(value, type);
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::DECIMAL: {
      if (value.type != Type::number) return Value(type);
      Value converted(std::string(value.text));
      return converted.DefaultTryCastAs(type) ? converted : Value(type);
    }
    case LogicalTypeId::BLOB:
      if (value.type != Type::binary && value.type != Type::string) return Value(type);
      return Value::BLOB(duckdb::const_data_ptr_cast(value.text.data()), value.text.size());
    case LogicalTypeId::LIST: return decode_list(value, type);
    case LogicalTypeId::STRUCT: return decode_struct(value, type);
    case LogicalTypeId::MAP: return decode_map(value, type);
    default: {  // dates and timestamps: items have no such kind, strings of the usual form are taken
      if (value.type != Type::string) return Value(type);
      Value converted(std::string(value.text));
      return converted.DefaultTryCastAs(type) ? converted : Value(type);
    }
  }
}

}  // namespace

std::string item_value_text(const EncodedValue& value) {
  std::string text;
  switch (value.type) {
    case Type::string:
    case Type::number:
    case Type::binary: return std::string(value.text);
    default: append_json(text, value); return text;
  }
}

void decode_item_value(const EncodedValue& value, duckdb::Vector& vector, duckdb::idx_t row) {
  const auto& type = vector.GetType();
  // The common kinds go straight into the vector.
  if (type.id() == LogicalTypeId::VARCHAR && (value.type == Type::string || value.type == Type::number)) {
    duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] =
        duckdb::StringVector::AddString(vector, value.text.data(), value.text.size());
    return;
  }
  if (value.type == Type::number && type.id() == LogicalTypeId::BIGINT) {
    if (parse_whole(value.text, duckdb::FlatVector::GetData<int64_t>(vector)[row])) return;
  } else if (value.type == Type::number && type.id() == LogicalTypeId::DOUBLE) {
    if (parse_whole(value.text, duckdb::FlatVector::GetData<double>(vector)[row])) return;
  }
  vector.SetValue(row, decode(value, type));
}

void encode_item_value(std::string& out, const Value& value) {
  namespace codec = dynamodb::codec;
  if (value.IsNull()) return codec::append_null(out);
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN: return codec::append_boolean(out, value.GetValue<bool>());
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DECIMAL: {
      auto text = value.ToString();
      if (text.find('.') != std::string::npos) {  // DynamoDB's plain form has no trailing zeros
        text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.pop_back();
      }
      return codec::append_scalar(out, Type::number, text);
    }
    case LogicalTypeId::FLOAT: return codec::append_scalar(out, Type::number, fmt::format("{}", value.GetValue<float>()));
    case LogicalTypeId::DOUBLE: {
      char text[400];
      const auto end = std::to_chars(text, text + sizeof text, value.GetValue<double>(), std::chars_format::fixed).ptr;
      return codec::append_scalar(out, Type::number, std::string_view(text, static_cast<std::size_t>(end - text)));
    }
    case LogicalTypeId::BLOB: return codec::append_scalar(out, Type::binary, duckdb::StringValue::Get(value));
    case LogicalTypeId::LIST: {
      std::string members;
      const auto& children = duckdb::ListValue::GetChildren(value);
      for (const auto& child : children) encode_item_value(members, child);
      return codec::append_members(out, Type::list, children.size(), members);
    }
    case LogicalTypeId::STRUCT: {
      std::map<std::string, const Value*> sorted;
      const auto& children = duckdb::StructValue::GetChildren(value);
      for (std::size_t i = 0; i < children.size(); ++i) {
        sorted[duckdb::StructType::GetChildName(value.type(), i)] = &children[i];
      }
      std::string members;
      for (const auto& [name, child] : sorted) {
        codec::append_bytes(members, name);
        encode_item_value(members, *child);
      }
      return codec::append_members(out, Type::map, sorted.size(), members);
    }
    case LogicalTypeId::MAP: {
      std::map<std::string, Value> sorted;
      for (const auto& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        sorted[pair[0].ToString()] = pair[1];
      }
      std::string members;
      for (const auto& [name, child] : sorted) {
        codec::append_bytes(members, name);
        encode_item_value(members, child);
      }
      return codec::append_members(out, Type::map, sorted.size(), members);
    }
    default: return codec::append_scalar(out, Type::string, value.ToString());
  }
}

}  // namespace mastic::engine
