#include "dynamodb/wire_item.h"

#include <array>

#include "aws/json.h"

namespace mastic::dynamodb {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

// What a character needs inside a JSON string: 0 nothing, 'u' a \u00XX, else the letter behind the backslash.
constexpr auto escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const char escape = escapes[byte];
    if (escape == 0) continue;
    out.append(text, start, i - start);
    start = i + 1;
    out += '\\';
    out += escape;
    if (escape == 'u') {
      out += "00";
      out += hex_digits[byte >> 4];
      out += hex_digits[byte & 15];
    }
  }
  out.append(text, start);
  out += '"';
}

void append_base64(std::string& out, std::string_view bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out += '"';
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    uint32_t group = static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << 16;
    if (left > 1) group |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i + 1])) << 8;
    if (left > 2) group |= static_cast<uint8_t>(bytes[i + 2]);
    out += alphabet[group >> 18];
    out += alphabet[(group >> 12) & 63];
    out += left > 1 ? alphabet[(group >> 6) & 63] : '=';
    out += left > 2 ? alphabet[group & 63] : '=';
  }
  out += '"';
}

void append_attributes(std::string& out, codec::ItemReader& reader);

void append_value(std::string& out, const codec::EncodedValue& value) {
  out += "{\"";
  out += type_name(value.type);
  out += "\":";
  switch (value.type) {
    case Type::string: append_string(out, value.text); break;
    case Type::number: ((out += '"') += value.text) += '"'; break;
    case Type::binary: append_base64(out, value.text); break;
    case Type::boolean: out += value.boolean ? "true" : "false"; break;
    case Type::null: out += "true"; break;
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      codec::Reader reader(value.text);
      out += '[';
      for (uint64_t i = 0; i < value.count && !reader.failed(); ++i) {
        if (i > 0) out += ',';
        const auto member = reader.bytes();
        value.type == Type::binary_set ? append_base64(out, member) : append_string(out, member);
      }
      out += ']';
      break;
    }
    case Type::list: {
      codec::Reader reader(value.text);
      out += '[';
      for (uint64_t i = 0; i < value.count; ++i) {
        const auto element = reader.value();
        if (reader.failed()) break;
        if (i > 0) out += ',';
        append_value(out, element);
      }
      out += ']';
      break;
    }
    case Type::map: {
      codec::ItemReader reader(value);
      append_attributes(out, reader);
      break;
    }
  }
  out += '}';
}

void append_attributes(std::string& out, codec::ItemReader& reader) {
  out += '{';
  bool first = true;
  while (reader.next()) {
    if (!first) out += ',';
    first = false;
    append_string(out, reader.name());
    out += ':';
    append_value(out, reader.value());
  }
  out += '}';
}

}  // namespace

void append_json(std::string& out, std::string_view encoded_item) {
  codec::ItemReader reader(encoded_item);
  append_attributes(out, reader);
}

WireItem WireItem::of(std::string_view encoded_item) {
  WireItem item;
  item.json.clear();
  append_json(item.json, encoded_item);
  return item;
}
WireItem WireItem::of(const Item& item) { return of(encode_item(item)); }

void WireItems::append(std::string_view encoded_item) {
  if (count_++ > 0) json_ += ',';
  append_json(json_, encoded_item);
}

void write_json(const WireItem& item, aws::JsonWriter& writer) { writer.raw(item.json); }
void write_json(const WireItems& items, aws::JsonWriter& writer) {
  writer.raw(items.json_);
  writer.out() += ']';
}

}  // namespace mastic::dynamodb
