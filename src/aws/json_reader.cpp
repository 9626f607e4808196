#include "aws/json_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "aws/encoding.h"
#include "aws/operation_codec.h"

namespace mastic::aws {
namespace {

namespace ondemand = simdjson::ondemand;

/// Explains, in AWS's words, why a value is not of the wanted kind.
bool wrong_kind(JsonValue& value, std::string_view wanted, ReadContext& context) {
  ondemand::json_type type{};
  if (value.raw.type().get(type) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
  switch (type) {
    case ondemand::json_type::object: return context.fail("Start of structure or map found where not expected");
    case ondemand::json_type::array:
      return context.fail(fmt::format("Unrecognized collection type class java.lang.{}", wanted));
    case ondemand::json_type::string: return context.fail(fmt::format("STRING_VALUE cannot be converted to {}", wanted));
    case ondemand::json_type::number: return context.fail(fmt::format("NUMBER_VALUE cannot be converted to {}", wanted));
    case ondemand::json_type::boolean: {
      bool held = false;
      if (value.raw.get_bool().get(held) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
      return context.fail(fmt::format("{}_VALUE cannot be converted to {}", held ? "TRUE" : "FALSE", wanted));
    }
    case ondemand::json_type::null: break;
  }
  return context.fail(std::string(syntax_error));
}

bool is_kind(JsonValue& value, ondemand::json_type wanted) {
  ondemand::json_type type{};
  return value.raw.type().get(type) == simdjson::SUCCESS && type == wanted;
}

bool read_integer(JsonValue& value, int64_t min, int64_t max, std::string_view wanted, int64_t& into, ReadContext& context) {
  if (!is_kind(value, ondemand::json_type::number)) return wrong_kind(value, wanted, context);
  if (value.raw.get_int64().get(into) != simdjson::SUCCESS) {
    // `3.0` and `1e3` are integers to AWS; a fraction is cut.
    double number = 0;
    if (value.raw.get_double().get(number) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
    if (!(number >= -9.2e18 && number <= 9.2e18))
      return context.fail(fmt::format("NUMBER_VALUE cannot be converted to {}", wanted));
    into = static_cast<int64_t>(number);
  }
  if (into < min || into > max) return context.fail(fmt::format("NUMBER_VALUE cannot be converted to {}", wanted));
  return true;
}

}  // namespace

bool read_as(kind::Text, JsonValue& value, std::string& into, ReadContext& context) {
  std::string_view text;
  if (value.raw.get_string().get(text) != simdjson::SUCCESS) return wrong_kind(value, "String", context);
  into.assign(text);
  return true;
}

bool read_as(kind::Blob, JsonValue& value, std::string& into, ReadContext& context) {
  std::string_view text;
  if (value.raw.get_string().get(text) != simdjson::SUCCESS) return wrong_kind(value, "Blob", context);
  auto bytes = from_base64(text);
  if (!bytes) return context.fail("Invalid Base64 in a binary value");
  into = std::move(*bytes);
  return true;
}

bool read_as(kind::Boolean, JsonValue& value, bool& into, ReadContext& context) {
  if (!is_kind(value, ondemand::json_type::boolean)) return wrong_kind(value, "Boolean", context);
  return value.raw.get_bool().get(into) == simdjson::SUCCESS || context.fail(std::string(syntax_error));
}

bool read_as(kind::Integer, JsonValue& value, int32_t& into, ReadContext& context) {
  int64_t number = 0;
  using Limits = std::numeric_limits<int32_t>;
  if (!read_integer(value, Limits::min(), Limits::max(), "Integer", number, context)) return false;
  into = static_cast<int32_t>(number);
  return true;
}

bool read_as(kind::Long, JsonValue& value, int64_t& into, ReadContext& context) {
  using Limits = std::numeric_limits<int64_t>;
  return read_integer(value, Limits::min(), Limits::max(), "Long", into, context);
}

bool read_as(kind::Double, JsonValue& value, double& into, ReadContext& context) {
  if (is_kind(value, ondemand::json_type::string)) {
    // The three numbers that JSON has no text for.
    std::string_view text;
    if (value.raw.get_string().get(text) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
    using Limits = std::numeric_limits<double>;
    if (text != "NaN" && text != "Infinity" && text != "-Infinity")
      return context.fail("STRING_VALUE cannot be converted to Double");
    into = text == "NaN" ? Limits::quiet_NaN() : text == "Infinity" ? Limits::infinity() : -Limits::infinity();
    return true;
  }
  if (!is_kind(value, ondemand::json_type::number)) return wrong_kind(value, "Double", context);
  return value.raw.get_double().get(into) == simdjson::SUCCESS || context.fail(std::string(syntax_error));
}

bool read_as(kind::Time, JsonValue& value, Instant& into, ReadContext& context) {
  if (is_kind(value, ondemand::json_type::string)) {
    std::string_view text;
    if (value.raw.get_string().get(text) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
    const auto instant = parse_time(text);
    if (!instant) return context.fail("STRING_VALUE cannot be converted to Timestamp");
    into = *instant;
    return true;
  }
  if (!is_kind(value, ondemand::json_type::number)) return wrong_kind(value, "Timestamp", context);
  double seconds = 0;
  if (value.raw.get_double().get(seconds) != simdjson::SUCCESS) return context.fail(std::string(syntax_error));
  if (!(seconds > -9.0e11 && seconds < 9.0e11)) return context.fail("NUMBER_VALUE cannot be converted to Timestamp");
  // A double holds today's seconds to a quarter of a microsecond.
  into = Instant{std::chrono::microseconds{std::llround(seconds * 1e6)}};
  return true;
}

bool read_as(kind::IsoTime, JsonValue& value, Instant& into, ReadContext& context) {
  return read_as(kind::Time{}, value, into, context);
}

bool is_null(JsonValue& value) {
  bool null = false;
  return value.raw.is_null().get(null) == simdjson::SUCCESS && null;
}

ObjectReader::ObjectReader(JsonValue& value, ReadContext& context) : context_(context) {
  if (!is_kind(value, ondemand::json_type::object)) {
    failed_ = true;
    if (is_kind(value, ondemand::json_type::array)) {
      context.fail("Unrecognized collection type java.util.Map");
    } else {
      context.fail("Unexpected field type");
    }
    return;
  }
  if (value.raw.get_object().get(object_) != simdjson::SUCCESS) {
    failed_ = true;
    context.fail(std::string(syntax_error));
    return;
  }
  at_ = object_.begin();
  end_ = object_.end();
}

bool ObjectReader::next() {
  if (failed_) return false;
  if (started_) ++at_;
  started_ = true;
  if (at_ == end_) return false;
  auto field = *at_;
  if (field.unescaped_key().get(key_) != simdjson::SUCCESS || field.value().get(value_.raw) != simdjson::SUCCESS) {
    failed_ = true;
    context_.fail(std::string(syntax_error));
    return false;
  }
  return true;
}

ArrayReader::ArrayReader(JsonValue& value, ReadContext& context) : context_(context) {
  if (!is_kind(value, ondemand::json_type::array)) {
    failed_ = true;
    if (is_kind(value, ondemand::json_type::object)) {
      context.fail("Start of structure or map found where not expected");
    } else {
      context.fail("Unexpected field type");
    }
    return;
  }
  if (value.raw.get_array().get(array_) != simdjson::SUCCESS) {
    failed_ = true;
    context.fail(std::string(syntax_error));
    return;
  }
  at_ = array_.begin();
  end_ = array_.end();
}

bool ArrayReader::next() {
  if (failed_) return false;
  if (started_) ++at_;
  started_ = true;
  if (at_ == end_) return false;
  if ((*at_).get(value_.raw) != simdjson::SUCCESS) {
    failed_ = true;
    context_.fail(std::string(syntax_error));
    return false;
  }
  return true;
}

namespace {

/// One parser a thread: its buffers are reused from request to request.
ondemand::parser& thread_parser() {
  thread_local ondemand::parser parser;
  return parser;
}

bool read_document(ondemand::parser& parser, simdjson::padded_string_view text, void* into,
                   bool (*reader)(JsonValue&, void*, ReadContext&), ReadContext& context) {
  ondemand::document document;
  JsonValue root;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS || document.get_value().get(root.raw) != simdjson::SUCCESS) {
    return context.fail(std::string(syntax_error));
  }
  if (!reader(root, into, context)) return false;
  // Out of bounds means that nothing is left behind the value.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS || context.fail(std::string(syntax_error));
}

}  // namespace

bool read_json_body(const IncomingCall& call, void* into, bool (*reader)(JsonValue&, void*, ReadContext&),
                    ReadContext& context) {
  // Clients send nothing at all for an operation without members.
  constexpr std::string_view nothing = "{}                                                                      ";
  const auto text = call.body.empty() ? nothing.substr(0, 2) : call.body;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
  return read_document(thread_parser(), padded, into, reader, context);
}

Result<void> parse_json(std::string_view text, void* into, bool (*reader)(JsonValue&, void*, ReadContext&)) {
  ReadContext context(false);
  // A parser of its own: a hand-made type may call this while the thread's parser is at work.
  ondemand::parser parser;
  const simdjson::padded_string padded(text);
  if (!read_document(parser, padded, into, reader, context)) {
    if (context.rejection()) return fail(*context.rejection());
    return fail(Error::internal("stored JSON cannot be read: " + context.failure().value_or("unknown reason")));
  }
  return {};
}

}  // namespace mastic::aws
