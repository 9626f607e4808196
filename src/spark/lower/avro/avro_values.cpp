#include "spark/lower/avro/avro_values.h"

#include <arrow/util/decimal.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>

namespace mastic::spark::avro {
namespace {

using Kind = Type::Kind;

template <typename Builder>
Builder& as(arrow::ArrayBuilder& builder) {
  return static_cast<Builder&>(builder);
}

template <typename T>
arrow::Result<T> read_fixed(Cursor& from) {
  ARROW_ASSIGN_OR_RAISE(const auto bytes, from.take(sizeof(T)));
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));  // little-endian, as Avro's
  return value;
}

arrow::Status decode_bytes(std::string_view bytes, const Type& type, arrow::ArrayBuilder& into) {
  if (type.logical != "decimal") return as<arrow::BinaryBuilder>(into).Append(bytes);
  ARROW_ASSIGN_OR_RAISE(const auto value, arrow::Decimal128::FromBigEndian(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                                           static_cast<int32_t>(bytes.size())));
  return as<arrow::Decimal128Builder>(into).Append(value);
}

arrow::Status decode_union(Cursor& from, const Type& type, arrow::ArrayBuilder& into) {
  ARROW_ASSIGN_OR_RAISE(const auto branch, from.read_long());
  if (branch < 0 || static_cast<std::size_t>(branch) >= type.fields.size())
    return arrow::Status::Invalid("an Avro file names a branch that its union lacks");
  const auto& chosen = *type.fields[static_cast<std::size_t>(branch)].type;
  if (chosen.kind == Kind::null_) return into.AppendNull();
  if (nullable_branch(type) != nullptr) return decode(from, chosen, into);
  if (is_numeric_union(type)) {
    if (chosen.kind == Kind::int_ || chosen.kind == Kind::long_) {
      ARROW_ASSIGN_OR_RAISE(const auto value, from.read_long());
      return as<arrow::Int64Builder>(into).Append(value);
    }
    if (chosen.kind == Kind::double_) return decode(from, chosen, into);
    ARROW_ASSIGN_OR_RAISE(const auto value, read_fixed<float>(from));
    return as<arrow::DoubleBuilder>(into).Append(value);
  }
  auto& structure = as<arrow::StructBuilder>(into);
  ARROW_RETURN_NOT_OK(structure.Append());
  int member = 0;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].type->kind == Kind::null_) continue;
    auto& builder = *structure.field_builder(member++);
    ARROW_RETURN_NOT_OK(i == static_cast<std::size_t>(branch) ? decode(from, chosen, builder) : builder.AppendNull());
  }
  return arrow::Status::OK();
}

int64_t union_index(const Type& type, bool null) {
  for (std::size_t i = 0; i < type.fields.size(); ++i)
    if ((type.fields[i].type->kind == Kind::null_) == null) return static_cast<int64_t>(i);
  return 0;
}

/// The least bytes that hold the number, the greatest first.
arrow::Status encode_decimal_bytes(std::string& out, const arrow::Array& array, int64_t row) {
  const auto* bytes = static_cast<const arrow::FixedSizeBinaryArray&>(array).GetValue(row);
  const unsigned filler = (bytes[15] & 0x80U) != 0 ? 0xFF : 0;
  std::size_t size = 16;
  while (size > 1 && bytes[size - 1] == filler && (bytes[size - 2] & 0x80U) == (filler & 0x80U)) --size;
  append_long(out, static_cast<int64_t>(size));
  for (std::size_t i = size; i > 0; --i) out += static_cast<char>(bytes[i - 1]);
  return arrow::Status::OK();
}

template <typename T>
void append_fixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

arrow::Result<int64_t> integer_at(const arrow::Array& array, int64_t row) {
  switch (array.type_id()) {
    case arrow::Type::INT8: return static_cast<const arrow::Int8Array&>(array).Value(row);
    case arrow::Type::INT16: return static_cast<const arrow::Int16Array&>(array).Value(row);
    case arrow::Type::INT32: return static_cast<const arrow::Int32Array&>(array).Value(row);
    case arrow::Type::DATE32: return static_cast<const arrow::Date32Array&>(array).Value(row);
    case arrow::Type::INT64: return static_cast<const arrow::Int64Array&>(array).Value(row);
    case arrow::Type::TIMESTAMP: return static_cast<const arrow::TimestampArray&>(array).Value(row);
    default: return arrow::Status::TypeError("no whole number for Avro: ", array.type()->ToString());
  }
}

}  // namespace

arrow::Result<std::string_view> Cursor::take(int64_t size) {
  if (size < 0 || static_cast<uint64_t>(size) > bytes.size()) return arrow::Status::Invalid("an Avro file is cut short");
  const auto taken = bytes.substr(0, static_cast<std::size_t>(size));
  bytes.remove_prefix(static_cast<std::size_t>(size));
  return taken;
}

arrow::Result<int64_t> Cursor::read_long() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) return arrow::Status::Invalid("an Avro file is cut short");
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return static_cast<int64_t>(value >> 1 ^ (0 - (value & 1U)));
  }
  return arrow::Status::Invalid("an Avro file holds a number that is too long");
}

arrow::Status decode(Cursor& from, const Type& type, arrow::ArrayBuilder& into) {
  switch (type.kind) {
    case Kind::null_: return into.AppendNull();
    case Kind::boolean: {
      ARROW_ASSIGN_OR_RAISE(const auto byte, from.take(1));
      return as<arrow::BooleanBuilder>(into).Append(byte[0] != 0);
    }
    case Kind::int_: {
      ARROW_ASSIGN_OR_RAISE(const auto value, from.read_long());
      if (type.logical == "date") return as<arrow::Date32Builder>(into).Append(static_cast<int32_t>(value));
      return as<arrow::Int32Builder>(into).Append(static_cast<int32_t>(value));
    }
    case Kind::long_: {
      ARROW_ASSIGN_OR_RAISE(const auto value, from.read_long());
      if (type.logical.contains("timestamp-millis")) {
        int64_t micros = 0;
        if (__builtin_mul_overflow(value, 1000, &micros)) return arrow::Status::Invalid("a time in an Avro file is too large");
        return as<arrow::TimestampBuilder>(into).Append(micros);
      }
      if (type.logical.contains("timestamp-micros")) return as<arrow::TimestampBuilder>(into).Append(value);
      return as<arrow::Int64Builder>(into).Append(value);
    }
    case Kind::float_: {
      ARROW_ASSIGN_OR_RAISE(const auto value, read_fixed<float>(from));
      return as<arrow::FloatBuilder>(into).Append(value);
    }
    case Kind::double_: {
      ARROW_ASSIGN_OR_RAISE(const auto value, read_fixed<double>(from));
      return as<arrow::DoubleBuilder>(into).Append(value);
    }
    case Kind::bytes:
    case Kind::string: {
      ARROW_ASSIGN_OR_RAISE(const auto size, from.read_long());
      ARROW_ASSIGN_OR_RAISE(const auto bytes, from.take(size));
      if (type.kind == Kind::string) return as<arrow::StringBuilder>(into).Append(bytes);
      return decode_bytes(bytes, type, into);
    }
    case Kind::fixed: {
      ARROW_ASSIGN_OR_RAISE(const auto bytes, from.take(static_cast<int64_t>(type.size_bytes)));
      return decode_bytes(bytes, type, into);
    }
    case Kind::enumeration: {
      ARROW_ASSIGN_OR_RAISE(const auto index, from.read_long());
      if (index < 0 || static_cast<std::size_t>(index) >= type.symbols.size())
        return arrow::Status::Invalid("an Avro file names a symbol that its enumeration lacks");
      return as<arrow::StringBuilder>(into).Append(type.symbols[static_cast<std::size_t>(index)]);
    }
    case Kind::array: {
      auto& list = as<arrow::ListBuilder>(into);
      ARROW_RETURN_NOT_OK(list.Append());
      return each_element(from, [&] { return decode(from, *type.fields[0].type, *list.value_builder()); });
    }
    case Kind::map: {
      auto& map = as<arrow::MapBuilder>(into);
      ARROW_RETURN_NOT_OK(map.Append());
      return each_element(from, [&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const auto size, from.read_long());
        ARROW_ASSIGN_OR_RAISE(const auto key, from.take(size));
        ARROW_RETURN_NOT_OK(as<arrow::StringBuilder>(*map.key_builder()).Append(key));
        return decode(from, *type.fields[0].type, *map.item_builder());
      });
    }
    case Kind::record: {
      auto& structure = as<arrow::StructBuilder>(into);
      ARROW_RETURN_NOT_OK(structure.Append());
      for (std::size_t i = 0; i < type.fields.size(); ++i)
        ARROW_RETURN_NOT_OK(decode(from, *type.fields[i].type, *structure.field_builder(static_cast<int>(i))));
      return arrow::Status::OK();
    }
    case Kind::union_: return decode_union(from, type, into);
  }
  return arrow::Status::OK();
}

arrow::Status skip(Cursor& from, const Type& type) {
  switch (type.kind) {
    case Kind::null_: return arrow::Status::OK();
    case Kind::boolean: return from.take(1).status();
    case Kind::int_:
    case Kind::long_:
    case Kind::enumeration: return from.read_long().status();
    case Kind::float_: return from.take(4).status();
    case Kind::double_: return from.take(8).status();
    case Kind::bytes:
    case Kind::string: {
      ARROW_ASSIGN_OR_RAISE(const auto size, from.read_long());
      return from.take(size).status();
    }
    case Kind::fixed: return from.take(static_cast<int64_t>(type.size_bytes)).status();
    case Kind::array: return each_element(from, [&] { return skip(from, *type.fields[0].type); });
    case Kind::map:
      return each_element(from, [&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const auto size, from.read_long());
        ARROW_RETURN_NOT_OK(from.take(size).status());
        return skip(from, *type.fields[0].type);
      });
    case Kind::record:
      for (const auto& field : type.fields) ARROW_RETURN_NOT_OK(skip(from, *field.type));
      return arrow::Status::OK();
    case Kind::union_: {
      ARROW_ASSIGN_OR_RAISE(const auto branch, from.read_long());
      if (branch < 0 || static_cast<std::size_t>(branch) >= type.fields.size())
        return arrow::Status::Invalid("an Avro file names a branch that its union lacks");
      return skip(from, *type.fields[static_cast<std::size_t>(branch)].type);
    }
  }
  return arrow::Status::OK();
}

int field_position(const arrow::DataType& structure, std::string_view name, int likely) {
  if (likely < structure.num_fields() && structure.field(likely)->name() == name) return likely;
  for (int i = 0; i < structure.num_fields(); ++i)
    if (std::ranges::equal(structure.field(i)->name(), name, [](char a, char b) {
          return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
        }))
      return i;
  return -1;
}

arrow::Status encode_null(std::string& out, const Type& type) {
  if (type.kind == Kind::null_) return arrow::Status::OK();
  for (std::size_t i = 0; type.kind == Kind::union_ && i < type.fields.size(); ++i) {
    if (type.fields[i].type->kind != Kind::null_) continue;
    append_long(out, static_cast<int64_t>(i));
    return arrow::Status::OK();
  }
  return arrow::Status::Invalid("NULL in a column that is declared without");
}

void append_long(std::string& out, int64_t value) {
  auto rest = static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
  for (; rest > 0x7F; rest >>= 7) out += static_cast<char>((rest & 0x7FU) | 0x80U);
  out += static_cast<char>(rest);
}

arrow::Status encode(std::string& out, const Type& type, const arrow::Array& array, int64_t row) {
  if (type.kind == Kind::union_) {
    const bool null = array.IsNull(row);
    const auto index = union_index(type, null);
    append_long(out, index);
    return null ? arrow::Status::OK() : encode(out, *type.fields[static_cast<std::size_t>(index)].type, array, row);
  }
  if (array.IsNull(row)) return encode_null(out, type);
  switch (type.kind) {
    case Kind::boolean:
      out += static_cast<const arrow::BooleanArray&>(array).Value(row) ? '\1' : '\0';
      return arrow::Status::OK();
    case Kind::int_:
    case Kind::long_: {
      ARROW_ASSIGN_OR_RAISE(auto value, integer_at(array, row));
      // Times are microseconds here; in Avro they are milliseconds unless the schema says otherwise.
      if (array.type_id() == arrow::Type::TIMESTAMP && !type.logical.contains("timestamp-micros"))
        value = value / 1000 - (value % 1000 < 0 ? 1 : 0);
      append_long(out, value);
      return arrow::Status::OK();
    }
    case Kind::float_: append_fixed(out, static_cast<const arrow::FloatArray&>(array).Value(row)); return arrow::Status::OK();
    case Kind::double_: append_fixed(out, static_cast<const arrow::DoubleArray&>(array).Value(row)); return arrow::Status::OK();
    case Kind::enumeration: {
      const auto symbol = static_cast<const arrow::StringArray&>(array).GetView(row);
      const auto found = std::ranges::find(type.symbols, symbol);
      if (found == type.symbols.end())
        return arrow::Status::Invalid("Cannot write \"", symbol, "\" since it's not defined in enum");
      append_long(out, found - type.symbols.begin());
      return arrow::Status::OK();
    }
    case Kind::bytes:
    case Kind::string: {
      if (array.type_id() == arrow::Type::DECIMAL128) return encode_decimal_bytes(out, array, row);
      const auto bytes = static_cast<const arrow::BinaryArray&>(array).GetView(row);
      append_long(out, static_cast<int64_t>(bytes.size()));
      out += bytes;
      return arrow::Status::OK();
    }
    case Kind::fixed: {
      if (array.type_id() == arrow::Type::BINARY) {
        const auto value = static_cast<const arrow::BinaryArray&>(array).GetView(row);
        if (value.size() != type.size_bytes)
          return arrow::Status::Invalid("Cannot write ", value.size(), " bytes of binary data into FIXED Type with size of ",
                                        type.size_bytes, " bytes");
        out += value;
        return arrow::Status::OK();
      }
      // a decimal: sixteen bytes, little-endian, of which the last ones do
      const auto* bytes = static_cast<const arrow::FixedSizeBinaryArray&>(array).GetValue(row);
      const bool negative = (bytes[15] & 0x80U) != 0;
      for (std::size_t i = type.size_bytes; i > 0; --i)
        out += i > 16 ? static_cast<char>(negative ? 0xFF : 0) : static_cast<char>(bytes[i - 1]);
      return arrow::Status::OK();
    }
    case Kind::array: {
      const auto& list = static_cast<const arrow::ListArray&>(array);
      const auto count = list.value_length(row);
      if (count > 0) append_long(out, count);
      for (int64_t i = 0; i < count; ++i)
        ARROW_RETURN_NOT_OK(encode(out, *type.fields[0].type, *list.values(), list.value_offset(row) + i));
      append_long(out, 0);
      return arrow::Status::OK();
    }
    case Kind::map: {
      const auto& map = static_cast<const arrow::MapArray&>(array);
      const auto count = map.value_length(row);
      if (count > 0) append_long(out, count);
      for (int64_t i = map.value_offset(row); i < map.value_offset(row) + count; ++i) {
        if (map.keys()->type_id() != arrow::Type::STRING) return arrow::Status::TypeError("Avro's maps have keys of text");
        const auto key = static_cast<const arrow::StringArray&>(*map.keys()).GetView(i);
        append_long(out, static_cast<int64_t>(key.size()));
        out += key;
        ARROW_RETURN_NOT_OK(encode(out, *type.fields[0].type, *map.items(), i));
      }
      append_long(out, 0);
      return arrow::Status::OK();
    }
    case Kind::record: {
      const auto& structure = static_cast<const arrow::StructArray&>(array);
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        const int at = field_position(*structure.type(), type.fields[i].name, static_cast<int>(i));
        ARROW_RETURN_NOT_OK(at < 0 ? encode_null(out, *type.fields[i].type)
                                   : encode(out, *type.fields[i].type, *structure.field(at), row));
      }
      return arrow::Status::OK();
    }
    default: return arrow::Status::NotImplemented("writing this type of Avro's");
  }
}

}  // namespace mastic::spark::avro
