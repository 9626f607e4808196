// The bytes of an item. Self-contained: whoever includes this header reads and writes items without linking this room.
//
//   item      = count:varint attribute*            attributes in ascending byte order of their names when stored
//   attribute = bytes value
//   value     = tag:u8 payload
//   bytes     = length:varint byte*
//   payload   = S, B: bytes · N: bytes, the plain decimal text · true, false, null: nothing
//             | SS, NS, BS: length:varint count:varint bytes*      `length` covers what follows it, so that
//             | L: length:varint count:varint value*               a reader may skip a document it does not want
//             | M: length:varint count:varint attribute*
//   varint    = little-endian base 128, the high bit says "more follows"
//   batch     = (length:u32 little-endian, item)*                  how items travel in bulk
//
// Readers never run past the end: what is cut short or wrong makes `failed()` true and ends the iteration.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mastic::dynamodb {

/// The kinds of attribute value; the numbers are the tags in the encoding.
enum class Type : uint8_t {
  string = 1,
  number = 2,
  binary = 3,
  boolean = 4,  // The tag of `false`; `true` is true_tag.
  null = 6,
  string_set = 7,
  number_set = 8,
  binary_set = 9,
  list = 10,
  map = 11,
};

namespace codec {

constexpr uint8_t true_tag = 5;

/// How deep lists and maps may nest in an item.
constexpr int depth_max = 32;

/// A value where it lies in an encoded item.
struct EncodedValue {
  Type type = Type::null;
  bool boolean = false;
  std::string_view text;     // S, N, B: the bytes. Sets, L, M: the members, to be walked with a Reader.
  uint64_t count = 0;        // Sets, L, M: how many members.
  std::string_view encoded;  // The whole value with its tag.
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] const char* position() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) return wrong();
      const auto byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return wrong();
  }

  std::string_view bytes() {
    const uint64_t length = varint();
    if (length > static_cast<uint64_t>(end_ - at_)) wrong();
    if (failed_) return {};
    const std::string_view found(at_, static_cast<std::size_t>(length));
    at_ += length;
    return found;
  }

  /// The value at the position; steps behind it.
  EncodedValue value() {
    EncodedValue found;
    if (at_ == end_) {
      wrong();
      return found;
    }
    const char* const start = at_;
    const auto tag = static_cast<uint8_t>(*at_++);
    switch (tag) {
      case static_cast<uint8_t>(Type::string):
      case static_cast<uint8_t>(Type::number):
      case static_cast<uint8_t>(Type::binary): found.text = bytes(); break;
      case static_cast<uint8_t>(Type::boolean):
      case static_cast<uint8_t>(Type::null): break;
      case true_tag: found.boolean = true; break;
      case static_cast<uint8_t>(Type::string_set):
      case static_cast<uint8_t>(Type::number_set):
      case static_cast<uint8_t>(Type::binary_set):
      case static_cast<uint8_t>(Type::list):
      case static_cast<uint8_t>(Type::map): {
        Reader members(bytes());
        found.count = members.varint();
        found.text = members.rest();
        if (members.failed()) wrong();
        break;
      }
      default: wrong();
    }
    found.type = tag == true_tag ? Type::boolean : static_cast<Type>(tag);
    found.encoded = {start, static_cast<std::size_t>(at_ - start)};
    return found;
  }

 private:
  uint64_t wrong() {
    failed_ = true;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool failed_ = false;
};

/// Walks the attributes of an item, or of a map value (`ItemReader(value)`).
class ItemReader {
 public:
  explicit ItemReader(std::string_view item) : reader_(item) { left_ = reader_.varint(); }
  explicit ItemReader(const EncodedValue& map) : reader_(map.text), left_(map.count) {}

  /// Steps to the next attribute; false at the end or when the bytes are wrong.
  bool next() {
    if (left_ == 0 || reader_.failed()) return false;
    --left_;
    start_ = reader_.position();
    name_ = reader_.bytes();
    value_ = reader_.value();
    return !reader_.failed();
  }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] const EncodedValue& value() const { return value_; }
  /// Name and value together, as they lie there.
  [[nodiscard]] std::string_view encoded() const { return {start_, static_cast<std::size_t>(reader_.position() - start_)}; }
  [[nodiscard]] uint64_t left() const { return left_; }
  [[nodiscard]] bool failed() const { return reader_.failed(); }
  /// True when nothing lies behind the last attribute.
  [[nodiscard]] bool at_end() const { return reader_.at_end(); }

 private:
  Reader reader_;
  uint64_t left_ = 0;
  const char* start_ = nullptr;
  std::string_view name_;
  EncodedValue value_;
};

/// Walks a batch: items with a length before each.
class BatchReader {
 public:
  explicit BatchReader(std::string_view batch) : rest_(batch) {}
  bool next(std::string_view& item) {
    if (rest_.size() < 4) return stop();
    uint32_t length = 0;
    for (unsigned i = 0; i < 4; ++i) length |= static_cast<uint32_t>(static_cast<uint8_t>(rest_[i])) << (8 * i);
    if (rest_.size() - 4 < length) return stop();
    item = rest_.substr(4, length);
    rest_.remove_prefix(4 + static_cast<std::size_t>(length));
    return true;
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool stop() {
    failed_ = !rest_.empty();
    return false;
  }
  std::string_view rest_;
  bool failed_ = false;
};

inline void append_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<uint8_t>(value) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}
inline void append_bytes(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out.append(bytes);
}
/// S, N (plain decimal text) or B.
inline void append_scalar(std::string& out, Type type, std::string_view bytes) {
  out += static_cast<char>(type);
  append_bytes(out, bytes);
}
inline void append_boolean(std::string& out, bool value) {
  out += static_cast<char>(value ? true_tag : static_cast<uint8_t>(Type::boolean));
}
inline void append_null(std::string& out) { out += static_cast<char>(Type::null); }
/// A set, list or map of `count` members that are encoded already, one behind the other.
inline void append_members(std::string& out, Type type, uint64_t count, std::string_view members) {
  std::string head;
  append_varint(head, count);
  out += static_cast<char>(type);
  append_varint(out, head.size() + members.size());
  out.append(head).append(members);
}
/// One more item of a batch.
inline void append_batch_item(std::string& out, std::string_view item) {
  const auto length = static_cast<uint32_t>(item.size());
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(static_cast<uint8_t>(length >> (8 * i)));
  out.append(item);
}

}  // namespace codec
}  // namespace mastic::dynamodb
