// An Avro file begins with: "Obj" 1 | metadata: blocks of (count, name, value…), ended by 0 | a mark of 16 bytes; then
// blocks of (number of records, size in bytes, data, the mark). Numbers are zigzag varints. The metadata `avro.schema` is
// the schema as JSON; records are counted by jumping from block to block.
#include <simdjson.h>

#include <map>

#include "classify/formats.h"

namespace mastic::classify {
namespace {

constexpr std::string_view mark{"Obj\x01", 4};
constexpr uint64_t header_bytes_max = 4UL << 20;
constexpr uint64_t blocks_counted_max = 20'000;

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t at() const { return at_; }

  int64_t number() {
    uint64_t raw = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const auto part = static_cast<uint8_t>(bytes_[at_++]);
      raw |= static_cast<uint64_t>(part & 127) << shift;
      if ((part & 128) == 0) return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
    }
    failed_ = true;
    return 0;
  }
  std::string_view bytes(int64_t count) {
    if (failed_ || count < 0 || static_cast<uint64_t>(count) > bytes_.size() - at_) return failed_ = true, std::string_view();
    const auto part = bytes_.substr(at_, static_cast<std::size_t>(count));
    at_ += static_cast<std::size_t>(count);
    return part;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

using Json = simdjson::dom::element;

/// Avro's schemas as types. A name that means the type around it (a list, a tree) becomes a string: no column can nest
/// without end.
class Schemas {
 public:
  Result<Type> read(Json json, int depth = 0) {
    if (depth > type_depth_max || ++steps_ > 10 * columns_max) return fail(unreadable("avro: the schema nests too deeply"));
    if (json.is_string()) return named(json.get_string().value_unsafe());
    if (json.is_array()) return united(json.get_array().value_unsafe(), depth);
    simdjson::dom::object object;
    if (json.get(object) != simdjson::SUCCESS) return fail(unreadable("avro: the schema is damaged"));
    Json kind;
    if (object["type"].get(kind) != simdjson::SUCCESS) return fail(unreadable("avro: the schema is damaged"));
    if (!kind.is_string()) return read(kind, depth + 1);
    const auto name = text(object, "type");
    if (const auto logical = text(object, "logicalType"); !logical.empty()) {
      if (const auto type = logical_type(logical, object); type.kind != Kind::unknown) return type;
    }
    if (name == "record" || name == "error") return record(object, depth);
    if (name == "array") return wrapped(object, "items", depth, [](Type element) { return array_of(std::move(element)); });
    if (name == "map")
      return wrapped(object, "values", depth, [](Type value) { return map_of({Kind::string}, std::move(value)); });
    const Type simple{name == "enum" ? Kind::string : name == "fixed" ? Kind::binary : Kind::unknown};
    if (simple.kind == Kind::unknown) return named(name);
    names_.insert_or_assign(text(object, "name"), simple);
    return simple;
  }

 private:
  static std::string text(const simdjson::dom::object& object, std::string_view key) {
    std::string_view value;
    return object[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
  }

  static Type logical_type(std::string_view logical, const simdjson::dom::object& object) {
    if (logical == "date") return {Kind::date};
    if (logical.starts_with("timestamp-") || logical.starts_with("local-timestamp-")) return {Kind::timestamp};
    if (logical != "decimal") return {};
    const auto digits = [&](std::string_view key, int64_t otherwise) {
      int64_t value = 0;
      return object[key].get(value) == simdjson::SUCCESS ? value : otherwise;
    };
    const auto precision = digits("precision", 38);
    const auto scale = digits("scale", 0);
    return decimal_of(static_cast<int>(std::clamp<int64_t>(precision, 1, 38)),
                      static_cast<int>(std::clamp<int64_t>(scale, 0, 38)));
  }

  Result<Type> named(std::string_view name) {
    if (name == "null") return Type{};
    if (name == "boolean") return Type{Kind::boolean};
    if (name == "int") return Type{Kind::int_};
    if (name == "long") return Type{Kind::bigint};
    if (name == "float") return Type{Kind::float_};
    if (name == "double") return Type{Kind::double_};
    if (name == "bytes") return Type{Kind::binary};
    if (name == "string") return Type{Kind::string};
    const auto short_name = name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1);
    const auto known = names_.find(short_name);
    return known == names_.end() ? Type{Kind::string} : known->second;
  }

  Result<Type> united(const simdjson::dom::array& choices, int depth) {
    Type merged;
    for (const auto choice : choices) {
      TRY(type, read(choice, depth + 1));
      merged = merge(merged, type);
    }
    return merged;
  }

  template <typename Wrap>
  Result<Type> wrapped(const simdjson::dom::object& object, std::string_view key, int depth, Wrap wrap) {
    Json inner;
    if (object[key].get(inner) != simdjson::SUCCESS) return fail(unreadable("avro: the schema is damaged"));
    TRY(type, read(inner, depth + 1));
    return wrap(std::move(type));
  }

  Result<Type> record(const simdjson::dom::object& object, int depth) {
    simdjson::dom::array fields;
    if (object["fields"].get(fields) != simdjson::SUCCESS) return fail(unreadable("avro: the schema is damaged"));
    Type type{Kind::struct_};
    for (const auto field : fields) {
      simdjson::dom::object member;
      Json inner;
      if (field.get(member) != simdjson::SUCCESS || member["type"].get(inner) != simdjson::SUCCESS)
        return fail(unreadable("avro: the schema is damaged"));
      TRY(field_type, read(inner, depth + 1));
      type.fields.push_back({text(member, "name"), std::move(field_type)});
    }
    names_.insert_or_assign(text(object, "name"), type);
    return type;
  }

  std::map<std::string, Type, std::less<>> names_;
  std::size_t steps_ = 0;
};

uint64_t count_records(const Content& content, uint64_t at) {
  constexpr uint64_t numbers_bytes = 20;
  constexpr uint64_t mark_bytes = 16;
  uint64_t records = 0;
  const auto begin = at;
  for (uint64_t block = 0; at < content.size(); ++block) {
    if (block == blocks_counted_max)
      return estimate(records, static_cast<double>(at - begin) / static_cast<double>(content.size() - begin));
    const auto head = content.read(at, std::min(numbers_bytes, content.size() - at));
    if (!head) return records;
    Cursor cursor(*head);
    const auto count = cursor.number();
    const auto size = cursor.number();
    if (cursor.failed() || count < 0 || size < 0) return records;
    if (static_cast<uint64_t>(size) > content.size() - at) return records;
    records += static_cast<uint64_t>(count);
    at += cursor.at() + static_cast<uint64_t>(size) + mark_bytes;
  }
  return records;
}

}  // namespace

Recognised recognise_avro(const Content& content) {
  TRY(header, content.head(header_bytes_max));
  if (!header.starts_with(mark)) return std::nullopt;
  Cursor cursor(header);
  cursor.bytes(static_cast<int64_t>(mark.size()));
  std::string schema;
  for (auto count = cursor.number(); count != 0 && !cursor.failed(); count = cursor.number()) {
    if (count < 0) {  // the block's size in bytes follows
      count = count == std::numeric_limits<int64_t>::min() ? 0 : -count;
      cursor.number();
    }
    for (int64_t i = 0; i < count && !cursor.failed(); ++i) {
      const auto name = cursor.bytes(cursor.number());
      const auto value = cursor.bytes(cursor.number());
      if (name == "avro.schema") schema = value;
    }
  }
  cursor.bytes(16);
  if (cursor.failed() || schema.empty()) return fail(unreadable("avro: its header is damaged"));
  simdjson::dom::parser parser;
  Json json;
  if (parser.parse(schema).get(json) != simdjson::SUCCESS) return fail(unreadable("avro: the schema is damaged"));
  TRY(type, Schemas().read(json));
  Inspection found;
  found.classification = "avro";
  if (type.kind == Kind::struct_) {
    found.columns = std::move(type.fields);
  } else {
    found.columns.push_back({"value", std::move(type)});
  }
  found.records = count_records(content, cursor.at());
  found.input_format = "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat";
  found.output_format = "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat";
  found.serialization_library = "org.apache.hadoop.hive.serde2.avro.AvroSerDe";
  found.serde_parameters = {{"avro.schema.literal", schema}, {"serialization.format", "1"}};
  found.table_parameters["avro.schema.literal"] = schema;
  return found;
}

}  // namespace mastic::classify
