// AWS's JSON: how generated structures are read and written, and how a hand-made type takes a structure's place.
//
//   std::string text = aws::to_json(table);                       // any structure of a json service
//   TRY(table, aws::from_json<aws::glue::Table>(text));           // lenient: nothing is required, unknown members skipped
//
// On the wire a timestamp is a number of epoch seconds with at most milliseconds (microseconds are cut off), a blob is
// base64, an absent optional is left out.
//
// A hand-made type. The line `type AttributeValue = mastic::dynamodb::Value from "dynamodb/value.h"` in operations.txt
// puts that type wherever the model has the shape. Its header declares, in the namespace of the type (found by ADL):
//
//   void write_json(const Value& value, aws::JsonWriter& writer);
//   bool read_json(aws::JsonValue& value, Value& into, aws::ReadContext& context);
//
// The header needs only "aws/model.h" (which declares the three names); the .cpp that defines `write_json` includes
// this header, the one that defines `read_json` includes "aws/json_reader.h". The rules:
//   - `write_json` writes exactly one JSON value.
//   - `read_json` gets a value that is not null, as `value.raw`, a simdjson::ondemand::value. It consumes that value and
//     nothing else, keeps no view into it (the buffer is reused), and may leave members that it does not know unread.
//   - When the JSON is not of the right kind: `return context.fail("NUMBER_VALUE cannot be converted to String");` –
//     the caller answers a SerializationException. simdjson's own errors (bad syntax further inside) are reported as
//     `return context.fail(syntax_error)`; json_reader.h's functions do it already and can be used for the parts.
//   - When the JSON is fine but breaks a rule of the type: `context.reject(Error{…})` and return false; the caller
//     answers exactly that error.
//   - Recursion must be limited by the type (DynamoDB: 32 levels): the reader does not count for it.
//   - T is default-constructible and movable, copyable when a structure that holds it is to be copied.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/box.h"
#include "aws/model.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

/// Appends JSON to a string. Commas are its own business; balance is the caller's.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& into) : out_(into) {}

  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }
  /// A member's name; its value follows. `name` must not need escapes: model names do not.
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    first_ = true;
  }
  /// A member's name that came from a user.
  void any_key(std::string_view name) {
    text(name);
    out_ += ':';
    first_ = true;
  }
  void text(std::string_view value);    // escaped; bytes that are not UTF-8 become U+FFFD
  void base64(std::string_view bytes);  // a blob
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  void number(int64_t value);
  void number(double value);  // shortest text that reads back; NaN and infinities as strings, as AWS does
  void time(Instant value);   // epoch seconds, at most three decimals
  void iso_time(Instant value);
  /// A complete JSON value that is already text.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  [[nodiscard]] std::string& out() { return out_; }

 private:
  void open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void separate() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

/// The JSON text of a structure.
template <typename T>
std::string to_json(const T& value) {
  std::string text;
  JsonWriter writer(text);
  write_json(value, writer);
  return text;
}

/// Reads `text` with `reader` into `into`; the untyped half of from_json.
Result<void> parse_json(std::string_view text, void* into, bool (*reader)(JsonValue&, void*, ReadContext&));

/// A structure out of its JSON text. Fails (InternalFailure) when the text is not JSON or a member has the wrong kind.
template <typename T>
Result<T> from_json(std::string_view text) {
  T value{};
  const auto reader = [](JsonValue& json, void* into, ReadContext& context) {
    return read_json(json, *static_cast<T*>(into), context);
  };
  if (auto parsed = parse_json(text, &value, reader); !parsed) return std::unexpected(std::move(parsed).error());
  return value;
}

// How the generated code names the kinds of value that one C++ type can stand for.
namespace kind {
struct Text {};       // std::string
struct Blob {};       // std::string, base64 on the wire
struct Boolean {};    // bool
struct Integer {};    // int32_t
struct Long {};       // int64_t
struct Double {};     // double
struct Time {};       // Instant, epoch seconds
struct IsoTime {};    // Instant, ISO 8601
struct Structure {};  // a generated structure or a hand-made type
template <typename Element>
struct List {};
template <typename Element>
struct Map {};
}  // namespace kind

inline void write_as(kind::Text, const std::string& value, JsonWriter& writer) { writer.text(value); }
inline void write_as(kind::Blob, const std::string& value, JsonWriter& writer) { writer.base64(value); }
inline void write_as(kind::Boolean, bool value, JsonWriter& writer) { writer.boolean(value); }
inline void write_as(kind::Integer, int32_t value, JsonWriter& writer) { writer.number(int64_t{value}); }
inline void write_as(kind::Long, int64_t value, JsonWriter& writer) { writer.number(value); }
inline void write_as(kind::Double, double value, JsonWriter& writer) { writer.number(value); }
inline void write_as(kind::Time, Instant value, JsonWriter& writer) { writer.time(value); }
inline void write_as(kind::IsoTime, Instant value, JsonWriter& writer) { writer.iso_time(value); }
template <typename T>
void write_as(kind::Structure, const T& value, JsonWriter& writer) {
  write_json(value, writer);
}
template <typename T>
void write_as(kind::Structure, const Box<T>& value, JsonWriter& writer) {
  write_json(*value, writer);
}
template <typename Element, typename T>
void write_as(kind::Map<Element>, const std::map<std::string, T>& values, JsonWriter& writer);
template <typename Element, typename T>
void write_as(kind::List<Element>, const std::vector<T>& values, JsonWriter& writer) {
  writer.open_array();
  for (const auto& value : values) write_as(Element{}, value, writer);
  writer.close_array();
}
template <typename Element, typename T>
void write_as(kind::Map<Element>, const std::map<std::string, T>& values, JsonWriter& writer) {
  writer.open_object();
  for (const auto& [key, value] : values) {
    writer.any_key(key);
    write_as(Element{}, value, writer);
  }
  writer.close_object();
}
template <typename Kind, typename T>
void write_member(std::string_view name, const T& value, JsonWriter& writer) {
  writer.key(name);
  write_as(Kind{}, value, writer);
}
template <typename Kind, typename T>
void write_member(std::string_view name, const std::optional<T>& value, JsonWriter& writer) {
  if (value) write_member<Kind>(name, *value, writer);
}

}  // namespace mastic::aws
