#include "aws/cbor.h"

#include <simdjson.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "aws/json.h"

namespace mastic::aws {
namespace {

constexpr int depth_max = 64;
constexpr uint8_t indefinite = 31;
constexpr uint8_t break_byte = 0xff;

enum Major : uint8_t { unsigned_number, negative_number, bytes, text, list, map, tag, simple };

/// Reads one document; stops at the first thing that is wrong and remembers it.
class Reader {
 public:
  Reader(std::string_view cbor, JsonWriter& writer) : rest_(cbor), writer_(writer) {}

  bool document() { return item(0) && (rest_.empty() || wrong("bytes follow the item")); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  bool wrong(std::string_view why) {
    problem_ = why;
    return false;
  }

  bool big_endian(std::size_t length, uint64_t& into) {
    if (rest_.size() < length) return wrong("the item ends too early");
    into = 0;
    for (std::size_t at = 0; at < length; ++at) into = into << 8U | static_cast<uint8_t>(rest_[at]);
    rest_.remove_prefix(length);
    return true;
  }

  /// The number that stands in or behind an initial byte.
  bool argument(uint8_t information, uint64_t& into) {
    if (information < 24) {
      into = information;
      return true;
    }
    if (information > 27) return wrong("a length is reserved or not allowed here");
    return big_endian(std::size_t{1} << (information - 24U), into);
  }

  bool initial(Major& major, uint8_t& information) {
    uint64_t byte = 0;
    if (!big_endian(1, byte)) return false;
    major = static_cast<Major>(byte >> 5U);
    information = static_cast<uint8_t>(byte & 31U);
    return true;
  }

  bool at_break() {
    if (rest_.empty() || static_cast<uint8_t>(rest_.front()) != break_byte) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool string(Major major, uint8_t information, std::string& into) {
    if (information == indefinite) {
      while (!at_break()) {
        Major part{};
        uint8_t of_part = 0;
        if (!initial(part, of_part)) return false;
        if (part != major || of_part == indefinite) return wrong("a string's part is no string");
        if (!string(major, of_part, into)) return false;
      }
      return true;
    }
    uint64_t length = 0;
    if (!argument(information, length)) return false;
    if (length > rest_.size()) return wrong("the item ends too early");
    into += rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }

  /// Calls `element` for each element of a list, or each pair of a map.
  template <typename Element>
  bool elements(uint8_t information, Element element) {
    if (information == indefinite) {
      while (!at_break()) {
        if (!element()) return false;
      }
      return true;
    }
    uint64_t count = 0;
    if (!argument(information, count)) return false;
    if (count > rest_.size()) return wrong("the item ends too early");  // each takes a byte at least
    for (uint64_t at = 0; at < count; ++at) {
      if (!element()) return false;
    }
    return true;
  }

  bool pair(int depth) {
    Major major{};
    uint8_t information = 0;
    std::string key;
    if (!initial(major, information)) return false;
    if (major != text) return wrong("a map's key is no text");
    if (!string(major, information, key)) return false;
    writer_.any_key(key);
    return item(depth);
  }

  bool real(uint8_t information) {
    uint64_t raw = 0;
    if (!argument(information, raw)) return false;
    switch (information) {
      case 20: writer_.boolean(false); return true;
      case 21: writer_.boolean(true); return true;
      case 22:
      case 23: writer_.null(); return true;
      case 25: writer_.number(of_half(static_cast<uint16_t>(raw))); return true;
      case 26: writer_.number(static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(raw)))); return true;
      case 27: writer_.number(std::bit_cast<double>(raw)); return true;
      default: return wrong("a simple value has no meaning here");
    }
  }

  static double of_half(uint16_t raw) {
    const auto exponent = static_cast<int>(raw >> 10U & 31U);
    const auto fraction = static_cast<double>(raw & 1023U);
    const double size = exponent == 0    ? std::ldexp(fraction, -24)
                        : exponent == 31 ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                         : std::ldexp(fraction + 1024, exponent - 25);
    return (raw & 0x8000U) != 0 ? -size : size;
  }

  bool item(int depth) {
    if (depth > depth_max) return wrong("it nests too deeply");
    Major major{};
    uint8_t information = 0;
    if (!initial(major, information)) return false;
    switch (major) {
      case unsigned_number:
      case negative_number: {
        uint64_t number = 0;
        if (!argument(information, number)) return false;
        if (number > static_cast<uint64_t>(INT64_MAX)) return wrong("a number is too large");
        const auto value = static_cast<int64_t>(number);
        writer_.number(major == unsigned_number ? value : -1 - value);
        return true;
      }
      case bytes:
      case text: {
        std::string content;
        if (!string(major, information, content)) return false;
        if (major == bytes) {
          writer_.base64(content);
        } else {
          writer_.text(content);
        }
        return true;
      }
      case list: {
        writer_.open_array();
        const bool read = elements(information, [&] { return item(depth + 1); });
        writer_.close_array();
        return read;
      }
      case map: {
        writer_.open_object();
        const bool read = elements(information, [&] { return pair(depth + 1); });
        writer_.close_object();
        return read;
      }
      case tag: {
        uint64_t number = 0;
        if (!argument(information, number)) return false;
        if (number != 1) return wrong("a tag is not supported: only times (1) are");
        return item(depth + 1);
      }
      case simple: return real(information);
    }
    return wrong("an initial byte is unknown");
  }

  std::string_view rest_;
  JsonWriter& writer_;
  std::string problem_;
};

class Writer {
 public:
  Writer(std::string& into, bool (*is_time)(std::string_view)) : out_(into), is_time_(is_time) {}

  void value(simdjson::dom::element element, bool time) {
    using simdjson::dom::element_type;
    switch (element.type()) {
      case element_type::OBJECT: {
        const simdjson::dom::object members = element.get_object().value_unsafe();
        head(map, members.size());
        for (const auto member : members) {
          string(member.key);
          value(member.value, is_time_(member.key));
        }
        return;
      }
      case element_type::ARRAY: {
        const simdjson::dom::array elements = element.get_array().value_unsafe();
        head(list, elements.size());
        for (const auto held : elements) value(held, time);
        return;
      }
      case element_type::STRING: string(element.get_string().value_unsafe()); return;
      case element_type::INT64: {
        const auto number = element.get_int64().value_unsafe();
        if (time) return real_time(static_cast<double>(number));
        if (number >= 0) {
          head(unsigned_number, static_cast<uint64_t>(number));
        } else {
          head(negative_number, static_cast<uint64_t>(-1 - number));
        }
        return;
      }
      case element_type::UINT64: head(unsigned_number, element.get_uint64().value_unsafe()); return;
      case element_type::DOUBLE: {
        const auto number = element.get_double().value_unsafe();
        if (time) return real_time(number);
        real(number);
        return;
      }
      case element_type::BOOL: out_ += static_cast<char>(element.get_bool().value_unsafe() ? 0xf5 : 0xf4); return;
      default: out_ += static_cast<char>(0xf6); return;
    }
  }

 private:
  void head(Major major, uint64_t argument) {
    const auto first = static_cast<uint8_t>(major << 5U);
    if (argument < 24) {
      out_ += static_cast<char>(first | argument);
      return;
    }
    const unsigned size = argument <= 0xff ? 0 : argument <= 0xffff ? 1 : argument <= 0xffffffff ? 2 : 3;
    out_ += static_cast<char>(first | (24U + size));
    big_endian(argument, std::size_t{1} << size);
  }
  void big_endian(uint64_t number, std::size_t length) {
    for (std::size_t at = length; at > 0; --at) out_ += static_cast<char>(number >> (8 * (at - 1)) & 0xffU);
  }
  void string(std::string_view content) {
    head(text, content.size());
    out_ += content;
  }
  void real(double number) {
    out_ += static_cast<char>(0xfb);
    big_endian(std::bit_cast<uint64_t>(number), 8);
  }
  void real_time(double seconds) {
    head(tag, 1);
    real(seconds);
  }

  std::string& out_;
  bool (*is_time_)(std::string_view);
};

}  // namespace

Result<std::string> cbor_to_json(std::string_view cbor) {
  std::string json;
  if (cbor.empty()) return json;
  JsonWriter writer(json);
  Reader reader(cbor, writer);
  if (!reader.document()) return fail(Error{"SerializationException", "The CBOR body cannot be read: " + reader.problem()});
  return json;
}

std::string json_to_cbor(std::string_view json, bool (*is_time)(std::string_view)) {
  std::string cbor;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (json.empty() || parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return "\xa0";  // an empty map
  Writer(cbor, is_time).value(root, false);
  return cbor;
}

}  // namespace mastic::aws
