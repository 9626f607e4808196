// Attribute values on the wire: {"S":"text"}, {"N":"1.5"}, {"L":[…]}, …
#include <optional>

#include "aws/json_reader.h"
#include "dynamodb/value.h"
#include "dynamodb/wire_item.h"

namespace mastic::dynamodb {
namespace {

using aws::ArrayReader;
using aws::JsonValue;
using aws::ObjectReader;
using aws::ReadContext;

// Reading goes on after a value that DynamoDB does not allow: `problem` keeps the first, for the caller to word.
struct ValueReader {
  ReadContext& context;
  std::optional<Error> problem = std::nullopt;

  void note(Error error) {
    if (!problem) problem = std::move(error);
  }

  bool read(JsonValue& json, Value& into, int depth) {
    if (depth > codec::depth_max + 1) return context.fail("Nesting Levels have exceeded supported limits");
    if (depth > codec::depth_max)
      note(Error::invalid(
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"));
    ObjectReader members(json, context);
    int types = 0;
    while (members.next()) {
      if (aws::is_null(members.value())) continue;
      const std::string_view type = members.key();
      const bool known = type == "S" || type == "N" || type == "B" || type == "BOOL" || type == "NULL" || type == "SS" ||
                         type == "NS" || type == "BS" || type == "L" || type == "M";
      if (!known) continue;
      ++types;
      if (!read_member(type, members.value(), into, depth)) return false;
    }
    if (members.failed()) return false;
    if (types == 0)
      note(Error::invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
    if (types > 1)
      note(Error::invalid(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"));
    return true;
  }

  bool read_attributes(JsonValue& json, Item& into, int depth) {
    ObjectReader members(json, context);
    while (members.next()) {
      std::string name(members.key());
      Value value;
      if (aws::is_null(members.value()))
        note(Error::invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
      else if (!read(members.value(), value, depth))
        return false;
      into.set(std::move(name), std::move(value));
    }
    return !members.failed();
  }

 private:
  bool read_member(std::string_view type, JsonValue& json, Value& into, int depth) {
    if (type == "S") {
      into.type = Type::string;
      return read_as(aws::kind::Text{}, json, into.text, context);
    }
    if (type == "N") {
      std::string text;
      if (!read_as(aws::kind::Text{}, json, text, context)) return false;
      auto number = Number::parse(text);
      if (number)
        into = Value::number(*number);
      else
        note(std::move(number).error());
      return true;
    }
    if (type == "B") {
      into.type = Type::binary;
      return read_as(aws::kind::Blob{}, json, into.text, context);
    }
    if (type == "BOOL") {
      into.type = Type::boolean;
      return read_as(aws::kind::Boolean{}, json, into.boolean, context);
    }
    if (type == "NULL") {
      into.type = Type::null;
      bool truth = true;
      if (!read_as(aws::kind::Boolean{}, json, truth, context)) return false;
      if (!truth)
        note(Error::invalid(
            "One or more parameter values were invalid: Null attribute value types must have the value of true"));
      return true;
    }
    if (type == "L") {
      into.type = Type::list;
      ArrayReader elements(json, context);
      while (elements.next())
        if (!read(elements.value(), into.elements.emplace_back(), depth + 1)) return false;
      return !elements.failed();
    }
    if (type == "M") {
      into.type = Type::map;
      return read_attributes(json, into.attributes, depth + 1);
    }
    return read_set(type, json, into);
  }

  bool read_set(std::string_view type, JsonValue& json, Value& into) {
    const Type kind = type == "SS" ? Type::string_set : type == "NS" ? Type::number_set : Type::binary_set;
    std::vector<std::string> members;
    ArrayReader elements(json, context);
    while (elements.next()) {
      auto& member = members.emplace_back();
      const bool read = kind == Type::binary_set ? read_as(aws::kind::Blob{}, elements.value(), member, context)
                                                 : read_as(aws::kind::Text{}, elements.value(), member, context);
      if (!read) return false;
    }
    if (elements.failed()) return false;
    auto set = Value::set(kind, std::move(members));
    if (set)
      into = std::move(*set);
    else
      note(std::move(set).error());
    return true;
  }
};

bool settled(ValueReader& reader) { return !reader.problem || reader.context.reject(std::move(*reader.problem)); }

}  // namespace

bool read_json(JsonValue& json, Value& into, ReadContext& context) {
  ValueReader reader{context};
  into = Value();
  return reader.read(json, into, 1) && settled(reader);
}

bool read_json(JsonValue& json, Item& into, ReadContext& context) {
  ValueReader reader{context};
  into = Item();
  return reader.read_attributes(json, into, 1) && settled(reader);
}

bool read_json(JsonValue& json, ExpressionValues& into, ReadContext& context) {
  into = ExpressionValues();
  std::optional<Error> problem;
  ObjectReader members(json, context);
  while (members.next()) {
    ValueReader reader{context};
    std::string name(members.key());
    Value value;
    if (aws::is_null(members.value()))
      reader.note(Error::invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
    else if (!reader.read(members.value(), value, 1))
      return false;
    if (reader.problem && !problem)
      problem =
          Error::invalid("ExpressionAttributeValues contains invalid value: " + reader.problem->message + " for key " + name);
    into.values.set(std::move(name), std::move(value));
  }
  if (members.failed()) return false;
  return !problem || context.reject(std::move(*problem));
}

void write_json(const Value& value, aws::JsonWriter& writer) {
  Item item;
  item.set("", value);
  const std::string json = WireItem::of(item).json;
  constexpr std::size_t frame = 4;  // {"":…}
  writer.raw(std::string_view(json).substr(frame, json.size() - frame - 1));
}
void write_json(const Item& item, aws::JsonWriter& writer) { writer.raw(WireItem::of(item).json); }
void write_json(const ExpressionValues& values, aws::JsonWriter& writer) { write_json(values.values, writer); }

}  // namespace mastic::dynamodb
