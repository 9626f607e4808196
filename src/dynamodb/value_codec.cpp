// Values to bytes and back; the grammar is in item_codec.h.
#include "dynamodb/value.h"

namespace mastic::dynamodb {
namespace {

auto broken() { return fail(Error::invalid("The bytes are not an encoded item")); }

Result<Item> decode_attributes(codec::ItemReader& reader, int depth);

Result<Value> decode(const codec::EncodedValue& encoded, int depth) {
  if (depth > codec::depth_max)
    return fail(
        Error::invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
                       "supported limit"));
  Value value{.type = encoded.type, .boolean = encoded.boolean};
  switch (encoded.type) {
    case Type::string:
    case Type::binary: value.text = encoded.text; return value;
    case Type::number: {
      TRY(number, Number::parse(encoded.text));
      return Value::number(number);
    }
    case Type::boolean:
    case Type::null: return value;
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      codec::Reader reader(encoded.text);
      std::vector<std::string> members;
      for (uint64_t i = 0; i < encoded.count && !reader.failed(); ++i) members.emplace_back(reader.bytes());
      if (reader.failed() || !reader.at_end()) return broken();
      return Value::set(encoded.type, std::move(members));
    }
    case Type::list: {
      codec::Reader reader(encoded.text);
      for (uint64_t i = 0; i < encoded.count; ++i) {
        const auto element = reader.value();
        if (reader.failed()) return broken();
        TRY(decoded, decode(element, depth + 1));
        value.elements.push_back(std::move(decoded));
      }
      if (!reader.at_end()) return broken();
      return value;
    }
    case Type::map: {
      codec::ItemReader reader(encoded);
      TRY(attributes, decode_attributes(reader, depth + 1));
      value.attributes = std::move(attributes);
      return value;
    }
  }
  return broken();
}

Result<Item> decode_attributes(codec::ItemReader& reader, int depth) {
  Item item;
  while (reader.next()) {
    TRY(value, decode(reader.value(), depth));
    item.set(std::string(reader.name()), std::move(value));
  }
  if (reader.failed() || !reader.at_end()) return broken();
  return item;
}

}  // namespace

void append_encoded(std::string& out, const Value& value) {
  switch (value.type) {
    case Type::string:
    case Type::number:
    case Type::binary: codec::append_scalar(out, value.type, value.text); return;
    case Type::boolean: codec::append_boolean(out, value.boolean); return;
    case Type::null: codec::append_null(out); return;
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      std::string members;
      for (const auto& member : value.members) codec::append_bytes(members, member);
      codec::append_members(out, value.type, value.members.size(), members);
      return;
    }
    case Type::list: {
      std::string members;
      for (const auto& element : value.elements) append_encoded(members, element);
      codec::append_members(out, value.type, value.elements.size(), members);
      return;
    }
    case Type::map: {
      std::string members;
      for (const auto& [name, member] : value.attributes) {
        codec::append_bytes(members, name);
        append_encoded(members, member);
      }
      codec::append_members(out, value.type, value.attributes.size(), members);
      return;
    }
  }
}

void append_encoded(std::string& out, const Item& item) {
  codec::append_varint(out, item.size());
  for (const auto& [name, value] : item) {
    codec::append_bytes(out, name);
    append_encoded(out, value);
  }
}

std::string encode_item(const Item& item) {
  std::string out;
  append_encoded(out, item);
  return out;
}

Result<Value> decode_value(const codec::EncodedValue& encoded) { return decode(encoded, 1); }

Result<Item> decode_item(std::string_view encoded) {
  codec::ItemReader reader(encoded);
  return decode_attributes(reader, 1);
}

}  // namespace mastic::dynamodb
