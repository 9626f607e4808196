// The encoding of index values: fields of one tag byte, a length and bytes; a reader leaves out tags it does not know, so
// that records may gain fields. Reading never fails on its own: `Reader::damaged` says that the bytes were not such fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mastic::s3::fields {

class Writer {
 public:
  /// Empty text and zero are the absence of the field.
  void text(uint8_t tag, std::string_view value) {
    if (!value.empty()) field(tag, value);
  }
  void number(uint8_t tag, uint64_t value) {
    if (value == 0) return;
    std::string bytes;
    variable_length(bytes, value);
    field(tag, bytes);
  }
  /// Kept even when it is empty: for the elements of a list.
  void field(uint8_t tag, std::string_view value) {
    bytes_ += static_cast<char>(tag);
    variable_length(bytes_, value.size());
    bytes_ += value;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  static void variable_length(std::string& to, uint64_t value) {
    for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
    to += static_cast<char>(value);
  }
  std::string bytes_;
};

struct Field {
  uint8_t tag = 0;
  std::string_view value;
  [[nodiscard]] std::string text() const { return std::string(value); }
  [[nodiscard]] uint64_t number() const;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  /// The next field, or none at the end (or where the bytes make no sense).
  std::optional<Field> next();
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  friend struct Field;
  static std::optional<uint64_t> variable_length(std::string_view& from);
  std::string_view rest_;
  bool damaged_ = false;
};

inline std::optional<uint64_t> Reader::variable_length(std::string_view& from) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

inline std::optional<Field> Reader::next() {
  if (rest_.empty() || damaged_) return std::nullopt;
  const auto tag = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  const auto length = variable_length(rest_);
  if (!length || *length > rest_.size()) {
    damaged_ = true;
    return std::nullopt;
  }
  const Field field{tag, rest_.substr(0, *length)};
  rest_.remove_prefix(*length);
  return field;
}

inline uint64_t Field::number() const {
  std::string_view bytes = value;
  return Reader::variable_length(bytes).value_or(0);
}

}  // namespace mastic::s3::fields
