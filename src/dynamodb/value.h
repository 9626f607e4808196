// An attribute value and an item, as trees: for what must look inside or change it. What only passes an item on works on
// its bytes (`item_codec.h`) instead.
//
// A Value that came through `read_json` or `decode_item` is canonical: numbers in plain text, set members sorted and
// distinct, map attributes sorted by name. Whoever builds one by hand calls the factories, which keep it so.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/model.h"
#include "base/result.h"
#include "dynamodb/item_codec.h"
#include "dynamodb/number.h"

namespace mastic::dynamodb {

struct Attribute;
struct Value;

/// Attributes by name, sorted by the names' bytes.
class Item {
 public:
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);
  void set(std::string name, Value value);
  void erase(std::string_view name);
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<Attribute>::const_iterator begin() const;
  [[nodiscard]] std::vector<Attribute>::const_iterator end() const;
  friend bool operator==(const Item& left, const Item& right);

 private:
  std::vector<Attribute> attributes_;
};

struct Value {
  Type type = Type::null;
  bool boolean = false;
  std::string text;                  // S: UTF-8 · N: plain decimal text · B: raw bytes
  std::vector<std::string> members;  // SS, NS, BS
  std::vector<Value> elements;       // L
  Item attributes;                   // M

  static Value string(std::string text);
  static Value number(const Number& number);
  static Value binary(std::string bytes);
  static Value truth(bool value);
  static Value list(std::vector<Value> elements);
  static Value map(Item attributes);
  /// A set of the type; members are normalised, sorted and checked as DynamoDB does (no empty set, no duplicates).
  static Result<Value> set(Type type, std::vector<std::string> members);

  /// The number; only for type N (a canonical text always parses).
  [[nodiscard]] Number to_number() const;
};

struct Attribute {
  std::string name;
  Value value;
};

/// ExpressionAttributeValues; a type of its own because DynamoDB words what is wrong with one of them differently.
struct ExpressionValues {
  Item values;
};

bool operator==(const Value& left, const Value& right);
bool operator==(const Attribute& left, const Attribute& right);

[[nodiscard]] bool is_set(Type type);
/// "S", "N", "BOOL", … as the wire writes it.
[[nodiscard]] std::string_view type_name(Type type);

/// Whether the two order against each other: both S, both N or both B.
[[nodiscard]] bool comparable(const Value& left, const Value& right);
/// The order of two comparable values.
[[nodiscard]] std::strong_ordering compare(const Value& left, const Value& right);
/// The order of two members of a set of the type.
[[nodiscard]] bool member_less(Type set_type, std::string_view left, std::string_view right);

/// The size that DynamoDB counts for limits, pages and capacity.
[[nodiscard]] std::size_t size_bytes(const Value& value);
[[nodiscard]] std::size_t size_bytes(const Item& item);

constexpr std::size_t item_size_max_bytes = 400 * 1024;

void append_encoded(std::string& out, const Value& value);
void append_encoded(std::string& out, const Item& item);
[[nodiscard]] std::string encode_item(const Item& item);

/// Decodes and makes canonical. Fails on bytes that are no item (400) and on values that DynamoDB does not allow.
Result<Item> decode_item(std::string_view encoded);
Result<Value> decode_value(const codec::EncodedValue& encoded);

// The wire (see aws/json.h). Reading makes canonical and refuses what DynamoDB does not allow.
void write_json(const Value& value, aws::JsonWriter& writer);
void write_json(const Item& item, aws::JsonWriter& writer);
void write_json(const ExpressionValues& values, aws::JsonWriter& writer);
bool read_json(aws::JsonValue& json, Value& into, aws::ReadContext& context);
bool read_json(aws::JsonValue& json, Item& into, aws::ReadContext& context);
bool read_json(aws::JsonValue& json, ExpressionValues& into, aws::ReadContext& context);

}  // namespace mastic::dynamodb
