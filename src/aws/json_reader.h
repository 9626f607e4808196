// The reading half of json.h, over simdjson's on-demand API. Only .cpp files that read JSON include it.
#pragma once

#include <simdjson.h>

#include "aws/json.h"
#include "aws/read_context.h"

namespace mastic::aws {

/// A value that has not been read yet. It can be read once.
struct JsonValue {
  simdjson::ondemand::value raw;
};

inline constexpr std::string_view syntax_error = "Unexpected token received from parser";

// Each reads one value that is not null; false (with the reason in `context`) when it is of another kind.
bool read_as(kind::Text, JsonValue& value, std::string& into, ReadContext& context);
bool read_as(kind::Blob, JsonValue& value, std::string& into, ReadContext& context);
bool read_as(kind::Boolean, JsonValue& value, bool& into, ReadContext& context);
bool read_as(kind::Integer, JsonValue& value, int32_t& into, ReadContext& context);
bool read_as(kind::Long, JsonValue& value, int64_t& into, ReadContext& context);
bool read_as(kind::Double, JsonValue& value, double& into, ReadContext& context);
bool read_as(kind::Time, JsonValue& value, Instant& into, ReadContext& context);     // epoch seconds or ISO 8601
bool read_as(kind::IsoTime, JsonValue& value, Instant& into, ReadContext& context);  // the same

/// Steps through an object's members: `while (fields.next()) use(fields.key(), fields.value())`, then failed().
/// A member that is not read is skipped.
class ObjectReader {
 public:
  ObjectReader(JsonValue& value, ReadContext& context);
  bool next();
  [[nodiscard]] bool failed() const { return failed_; }
  /// Unescaped; lives until the document is gone.
  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] JsonValue& value() { return value_; }
  [[nodiscard]] ReadContext& context() { return context_; }

 private:
  ReadContext& context_;
  bool failed_ = false;
  bool started_ = false;
  std::string_view key_;
  JsonValue value_;
  simdjson::ondemand::object object_;
  simdjson::simdjson_result<simdjson::ondemand::object_iterator> at_;
  simdjson::simdjson_result<simdjson::ondemand::object_iterator> end_;
};

/// Steps through an array's elements.
class ArrayReader {
 public:
  ArrayReader(JsonValue& value, ReadContext& context);
  bool next();
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] JsonValue& value() { return value_; }

 private:
  ReadContext& context_;
  bool failed_ = false;
  bool started_ = false;
  JsonValue value_;
  simdjson::ondemand::array array_;
  simdjson::simdjson_result<simdjson::ondemand::array_iterator> at_;
  simdjson::simdjson_result<simdjson::ondemand::array_iterator> end_;
};

/// Whether the value is `null` (and then it is consumed). False for a syntax error too: the reader that follows sees it.
bool is_null(JsonValue& value);

template <typename T>
bool read_as(kind::Structure, JsonValue& value, T& into, ReadContext& context) {
  return read_json(value, into, context);
}
template <typename T>
bool read_as(kind::Structure, JsonValue& value, Box<T>& into, ReadContext& context) {
  return read_json(value, *into, context);
}
template <typename Element, typename T>
bool read_as(kind::Map<Element>, JsonValue& value, std::map<std::string, T>& into, ReadContext& context);
template <typename Element, typename T>
bool read_as(kind::List<Element>, JsonValue& value, std::vector<T>& into, ReadContext& context) {
  into.clear();
  ArrayReader elements(value, context);
  while (elements.next()) {
    if (is_null(elements.value())) continue;
    const ReadContext::Step step(context, into.size());
    if constexpr (std::is_same_v<T, bool>) {
      bool element = false;
      if (!read_as(Element{}, elements.value(), element, context)) return false;
      into.push_back(element);
    } else {
      if (!read_as(Element{}, elements.value(), into.emplace_back(), context)) return false;
    }
  }
  return !elements.failed();
}
template <typename Element, typename T>
bool read_as(kind::Map<Element>, JsonValue& value, std::map<std::string, T>& into, ReadContext& context) {
  into.clear();
  ObjectReader members(value, context);
  while (members.next()) {
    if (is_null(members.value())) continue;
    const auto step = ReadContext::Step::of_key(context, members.key());
    if (!read_as(Element{}, members.value(), into[std::string(members.key())], context)) return false;
  }
  return !members.failed();
}

/// Reads a member of a structure. `null` is the same as absent.
template <typename Kind, typename T>
bool read_member(ObjectReader& fields, std::string_view name, std::optional<T>& into) {
  if (is_null(fields.value())) return true;
  const ReadContext::Step step(fields.context(), name);
  return read_as(Kind{}, fields.value(), into.emplace(), fields.context());
}
/// The same for a required member; `seen` tells whether there was one.
template <typename Kind, typename T>
bool read_member(ObjectReader& fields, std::string_view name, T& into, bool& seen) {
  if (is_null(fields.value())) return true;
  seen = true;
  const ReadContext::Step step(fields.context(), name);
  return read_as(Kind{}, fields.value(), into, fields.context());
}

}  // namespace mastic::aws
