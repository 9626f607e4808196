#include "engine/functions/variant.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "engine/functions/datetime_text.h"
#include "engine/functions/number_text.h"

namespace mastic::engine {
namespace {

enum Primitive : unsigned {
  primitive_null = 0,
  primitive_true = 1,
  primitive_false = 2,
  primitive_int1 = 3,
  primitive_int8 = 6,
  primitive_double = 7,
  primitive_decimal4 = 8,
  primitive_decimal16 = 10,
  primitive_date = 11,
  primitive_timestamp = 12,
  primitive_timestamp_ntz = 13,
  primitive_float = 14,
  primitive_binary = 15,
  primitive_text = 16,
};
enum Basic : unsigned { basic_primitive = 0, basic_short_text = 1, basic_object = 2, basic_array = 3 };

int bytes_for(uint64_t number) { return number <= 0xFF ? 1 : number <= 0xFFFF ? 2 : number <= 0xFFFFFF ? 3 : 4; }

int digits_of(int128 number) {
  uint128 rest = number < 0 ? 0 - static_cast<uint128>(number) : static_cast<uint128>(number);
  int digits = 1;
  for (; rest >= 10; rest /= 10) ++digits;
  return digits;
}

void append_little_endian(std::string& out, uint64_t number, int count) {
  for (int i = 0; i < count; ++i) out += static_cast<char>(number >> (8 * i));
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t word = 0;
    const auto count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) word = word << 8 | (j < count ? static_cast<uint8_t>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += j <= count ? letters[word >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

}  // namespace

void VariantBuilder::bytes(uint64_t number, int count) { append_little_endian(value_, number, count); }

void VariantBuilder::integer(int64_t number) {
  const int size = number == static_cast<int8_t>(number)    ? 0
                   : number == static_cast<int16_t>(number) ? 1
                   : number == static_cast<int32_t>(number) ? 2
                                                            : 3;
  header(primitive_int1 + static_cast<unsigned>(size));
  bytes(static_cast<uint64_t>(number), 1 << size);
}
void VariantBuilder::real(double number) {
  header(primitive_double);
  uint64_t bits = 0;
  std::memcpy(&bits, &number, 8);
  bytes(bits, 8);
}
void VariantBuilder::single(float number) {
  header(primitive_float);
  uint32_t bits = 0;
  std::memcpy(&bits, &number, 4);
  bytes(bits, 4);
}
void VariantBuilder::decimal(int128 unscaled, int scale, int precision) {
  const int size = precision <= 9 && scale <= 9 ? 0 : precision <= 18 && scale <= 18 ? 1 : 2;
  header(primitive_decimal4 + static_cast<unsigned>(size));
  value_ += static_cast<char>(scale);
  const auto raw = static_cast<uint128>(unscaled);
  bytes(static_cast<uint64_t>(raw), size == 0 ? 4 : 8);
  if (size == 2) bytes(static_cast<uint64_t>(raw >> 64), 8);
}
void VariantBuilder::date(int32_t days) {
  header(primitive_date);
  bytes(static_cast<uint32_t>(days), 4);
}
void VariantBuilder::timestamp(int64_t microseconds, bool has_zone) {
  header(has_zone ? primitive_timestamp : primitive_timestamp_ntz);
  bytes(static_cast<uint64_t>(microseconds), 8);
}
void VariantBuilder::binary(std::string_view data) {
  header(primitive_binary);
  bytes(data.size(), 4);
  value_ += data;
}
void VariantBuilder::text(std::string_view text) {
  constexpr std::size_t short_size = 63;
  if (text.size() <= short_size) {
    value_ += static_cast<char>(text.size() << 2 | basic_short_text);
  } else {
    header(primitive_text);
    bytes(text.size(), 4);
  }
  value_ += text;
}

uint32_t VariantBuilder::key(std::string_view name) {
  const auto [place, added] = ids_.try_emplace(std::string(name), static_cast<uint32_t>(keys_.size()));
  if (added) keys_.emplace_back(name);
  return place->second;
}

bool VariantBuilder::end_object(std::size_t start, std::vector<Field> fields) {
  std::ranges::sort(fields, [&](const Field& a, const Field& b) { return keys_[a.id] < keys_[b.id]; });
  uint32_t largest = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    largest = std::max(largest, fields[i].id);
    if (i > 0 && fields[i].id == fields[i - 1].id) {
      duplicate_ = keys_[fields[i].id];
      return false;
    }
  }
  const auto data_size = value_.size() - start;
  const bool large = fields.size() > 0xFF;
  const int id_size = bytes_for(largest);
  const int offset_size = bytes_for(data_size);
  std::string head;
  head += static_cast<char>((large ? 1U << 6 : 0U) | static_cast<unsigned>(id_size - 1) << 4 |
                            static_cast<unsigned>(offset_size - 1) << 2 | basic_object);
  append_little_endian(head, fields.size(), large ? 4 : 1);
  for (const auto& field : fields) append_little_endian(head, field.id, id_size);
  for (const auto& field : fields) append_little_endian(head, field.offset - start, offset_size);
  append_little_endian(head, data_size, offset_size);
  value_.insert(start, head);
  return true;
}

void VariantBuilder::end_array(std::size_t start, const std::vector<std::size_t>& offsets) {
  const auto data_size = value_.size() - start;
  const bool large = offsets.size() > 0xFF;
  const int offset_size = bytes_for(data_size);
  std::string head;
  head += static_cast<char>((large ? 1U << 4 : 0U) | static_cast<unsigned>(offset_size - 1) << 2 | basic_array);
  append_little_endian(head, offsets.size(), large ? 4 : 1);
  for (const auto offset : offsets) append_little_endian(head, offset - start, offset_size);
  append_little_endian(head, data_size, offset_size);
  value_.insert(start, head);
}

void VariantBuilder::number(const Json& value) {
  const auto& text = value.text;
  if (value.kind == Json::Kind::integer) {
    int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error == std::errc() && end == text.data() + text.size()) return integer(whole);
  }
  // Digits and a point alone: a decimal when it fits, else a double.
  if (text.find_first_not_of("0123456789.-") == std::string::npos) {
    const auto point = text.find('.');
    const int scale = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
    constexpr int widest = 38;
    if (scale <= widest) {
      if (const auto unscaled = parse_decimal(text, widest, scale)) {
        decimal(*unscaled, scale, digits_of(*unscaled));
        return;
      }
    }
  }
  real(std::strtod(text.c_str(), nullptr));
}

bool VariantBuilder::json(const Json& value) {
  switch (value.kind) {
    case Json::Kind::null: null(); return true;
    case Json::Kind::boolean: boolean(value.truth); return true;
    case Json::Kind::integer:
    case Json::Kind::real: number(value); return true;
    case Json::Kind::text: text(value.text); return true;
    case Json::Kind::array: {
      const auto start = position();
      std::vector<std::size_t> offsets;
      for (const auto& item : value.items) {
        offsets.push_back(position());
        if (!json(item)) return false;
      }
      end_array(start, offsets);
      return true;
    }
    case Json::Kind::object: {
      const auto start = position();
      std::vector<Field> fields;
      for (const auto& [name, member] : value.members) {
        fields.push_back({key(name), position()});
        if (!json(member)) return false;
      }
      return end_object(start, std::move(fields));
    }
  }
  return false;
}

void VariantBuilder::append(const VariantView& variant, int depth) {
  if (depth > variant_depth_max || variant.kind() == VariantView::Kind::invalid) return null();
  switch (variant.kind()) {
    case VariantView::Kind::object: {
      const auto start = position();
      std::vector<Field> fields;
      for (std::size_t i = 0; i < variant.size(); ++i) {
        const auto [name, member] = variant.member(i);
        fields.push_back({key(name), position()});
        append(member, depth + 1);
      }
      (void)end_object(start, std::move(fields));
      return;
    }
    case VariantView::Kind::array: {
      const auto start = position();
      std::vector<std::size_t> offsets;
      for (std::size_t i = 0; i < variant.size(); ++i) {
        offsets.push_back(position());
        append(variant.element(i), depth + 1);
      }
      end_array(start, offsets);
      return;
    }
    default: value_ += variant.bytes();
  }
}

Variant VariantBuilder::finish() && {
  std::size_t text_size = 0;
  for (const auto& name : keys_) text_size += name.size();
  const int size = bytes_for(std::max(text_size, keys_.size()));
  Variant variant;
  variant.value = std::move(value_);
  auto& out = variant.metadata;
  out += static_cast<char>(1U | static_cast<unsigned>(size - 1) << 6);
  append_little_endian(out, keys_.size(), size);
  std::size_t offset = 0;
  for (const auto& name : keys_) {
    append_little_endian(out, offset, size);
    offset += name.size();
  }
  append_little_endian(out, offset, size);
  for (const auto& name : keys_) out += name;
  return variant;
}

uint64_t VariantView::unsigned_at(std::size_t at, int bytes) const {
  if (at + static_cast<std::size_t>(bytes) > value_.size()) return 0;
  uint64_t number = 0;
  for (int i = 0; i < bytes; ++i) number |= uint64_t{static_cast<uint8_t>(value_[at + static_cast<std::size_t>(i)])} << (8 * i);
  return number;
}
int64_t VariantView::signed_at(std::size_t at, int bytes) const {
  const int shift = 64 - 8 * bytes;
  return static_cast<int64_t>(unsigned_at(at, bytes) << shift) >> shift;
}

std::size_t VariantView::length() const {
  if (value_.empty()) return 0;
  const auto head = static_cast<uint8_t>(value_[0]);
  const unsigned basic = head & 3U;
  const unsigned info = head >> 2;
  if (basic == basic_short_text) return 1 + info;
  if (basic != basic_primitive) {
    const auto shape = container();
    if (!shape.valid) return 0;
    // The last offset is the data's size.
    return shape.data +
           unsigned_at(shape.offsets + shape.count * static_cast<std::size_t>(shape.offset_size), shape.offset_size);
  }
  switch (info) {
    case primitive_null:
    case primitive_true:
    case primitive_false: return 1;
    case 3: return 2;
    case 4: return 3;
    case 5:
    case primitive_date:
    case primitive_float: return 5;
    case primitive_int8:
    case primitive_double:
    case primitive_timestamp:
    case primitive_timestamp_ntz: return 9;
    case primitive_decimal4: return 6;
    case 9: return 10;
    case primitive_decimal16: return 18;
    case primitive_binary:
    case primitive_text: return 5 + unsigned_at(1, 4);
    default: return 0;
  }
}

VariantView::Kind VariantView::kind() const {
  const auto size = length();
  if (size == 0 || size > value_.size()) return Kind::invalid;
  const auto head = static_cast<uint8_t>(value_[0]);
  switch (head & 3U) {
    case basic_short_text: return Kind::text;
    case basic_object: return Kind::object;
    case basic_array: return Kind::array;
    default: break;
  }
  const unsigned info = head >> 2;
  if (info == primitive_null) return Kind::null;
  if (info <= primitive_false) return Kind::boolean;
  if (info <= primitive_int8) return Kind::integer;
  if (info == primitive_double) return Kind::real;
  if (info <= primitive_decimal16) return Kind::decimal;
  switch (info) {
    case primitive_date: return Kind::date;
    case primitive_timestamp: return Kind::timestamp;
    case primitive_timestamp_ntz: return Kind::timestamp_ntz;
    case primitive_float: return Kind::single;
    case primitive_binary: return Kind::binary;
    default: return Kind::text;
  }
}

bool VariantView::truth() const { return static_cast<uint8_t>(value_[0]) >> 2 == primitive_true; }
int64_t VariantView::integer() const { return signed_at(1, static_cast<int>(length()) - 1); }
double VariantView::real() const {
  const auto bits = unsigned_at(1, static_cast<int>(length()) - 1);
  if (kind() == Kind::single) {
    const auto narrow = static_cast<uint32_t>(bits);
    float number = 0;
    std::memcpy(&number, &narrow, 4);
    return number;
  }
  double number = 0;
  std::memcpy(&number, &bits, 8);
  return number;
}
VariantView::Decimal VariantView::decimal() const {
  const auto size = static_cast<int>(length()) - 2;
  Decimal result;
  result.scale = static_cast<int>(unsigned_at(1, 1));
  if (size <= 8) {
    result.unscaled = signed_at(2, size);
  } else {
    result.unscaled = static_cast<int128>(static_cast<uint128>(unsigned_at(10, 8)) << 64 | unsigned_at(2, 8));
  }
  while (result.scale > 0 && result.unscaled % 10 == 0) {
    result.unscaled /= 10;
    --result.scale;
  }
  return result;
}
std::string_view VariantView::text() const {
  const auto size = length();
  const bool is_short = (static_cast<uint8_t>(value_[0]) & 3U) == basic_short_text;
  return value_.substr(is_short ? 1 : 5, size - (is_short ? 1 : 5));
}

VariantView::Container VariantView::container() const {
  Container shape;
  if (value_.empty()) return shape;
  const auto head = static_cast<uint8_t>(value_[0]);
  const bool object = (head & 3U) == basic_object;
  const unsigned info = head >> 2;
  const bool large = (info >> (object ? 4 : 2) & 1U) != 0;
  shape.offset_size = static_cast<int>(info & 3U) + 1;
  shape.id_size = object ? static_cast<int>(info >> 2 & 3U) + 1 : 0;
  const int count_size = large ? 4 : 1;
  if (value_.size() < 1 + static_cast<std::size_t>(count_size)) return shape;
  shape.count = unsigned_at(1, count_size);
  shape.ids = 1 + static_cast<std::size_t>(count_size);
  shape.offsets = shape.ids + shape.count * static_cast<std::size_t>(shape.id_size);
  shape.data = shape.offsets + (shape.count + 1) * static_cast<std::size_t>(shape.offset_size);
  shape.valid = shape.data <= value_.size();
  return shape;
}

std::size_t VariantView::size() const { return container().count; }

VariantView VariantView::element(std::size_t index) const {
  const auto shape = container();
  const auto size = static_cast<std::size_t>(shape.offset_size);
  return at(shape.data + unsigned_at(shape.offsets + index * size, shape.offset_size));
}
std::pair<std::string_view, VariantView> VariantView::member(std::size_t index) const {
  const auto shape = container();
  const auto id = unsigned_at(shape.ids + index * static_cast<std::size_t>(shape.id_size), shape.id_size);
  return {key_name(id), element(index)};
}
std::optional<VariantView> VariantView::find(std::string_view key) const {
  const auto count = size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto [name, value] = member(i);
    if (name == key) return value;
  }
  return std::nullopt;
}
std::string_view VariantView::key_name(uint64_t id) const {
  if (metadata_.empty()) return {};
  const VariantView bytes(metadata_, {});
  const int size = static_cast<int>(static_cast<uint8_t>(metadata_[0]) >> 6) + 1;
  const auto width = static_cast<std::size_t>(size);
  const auto count = bytes.unsigned_at(1, size);
  if (id >= count) return {};
  const auto from = bytes.unsigned_at(1 + (1 + id) * width, size);
  const auto to = bytes.unsigned_at(1 + (2 + id) * width, size);
  const auto start = 1 + (count + 2) * width;
  if (from > to || start + to > metadata_.size()) return {};
  return metadata_.substr(start + from, to - from);
}
Variant VariantView::copy() const { return {std::string(value_.substr(0, length())), std::string(metadata_)}; }

std::optional<std::vector<JsonStep>> parse_variant_path(std::string_view path) {
  if (!path.starts_with('$')) return std::nullopt;
  std::vector<JsonStep> steps;
  std::size_t at = 1;
  while (at < path.size()) {
    JsonStep step;
    if (path[at] == '.') {
      const auto end = std::min(path.find_first_of(".[", at + 1), path.size());
      if (end == at + 1) return std::nullopt;
      step.name = path.substr(at + 1, end - at - 1);
      at = end;
    } else if (path.substr(at, 2) == "['" || path.substr(at, 2) == "[\"") {
      const char quote = path[at + 1];
      const auto end = path.find(quote, at + 2);
      if (end == std::string_view::npos || path.substr(end + 1, 1) != "]") return std::nullopt;
      step.name = path.substr(at + 2, end - at - 2);
      at = end + 2;
    } else if (path[at] == '[') {
      const auto end = path.find(']', at);
      if (end == std::string_view::npos) return std::nullopt;
      const auto digits = path.substr(at + 1, end - at - 1);
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
      if (error != std::errc() || stop != digits.data() + digits.size() || digits.starts_with('-')) return std::nullopt;
      step.kind = JsonStep::Kind::index;
      at = end + 1;
    } else {
      return std::nullopt;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::optional<VariantView> variant_at(VariantView variant, const std::vector<JsonStep>& path) {
  for (const auto& step : path) {
    if (step.kind == JsonStep::Kind::index) {
      if (variant.kind() != VariantView::Kind::array || step.index >= static_cast<int64_t>(variant.size())) return std::nullopt;
      variant = variant.element(static_cast<std::size_t>(step.index));
    } else {
      if (variant.kind() != VariantView::Kind::object) return std::nullopt;
      const auto found = variant.find(step.name);
      if (!found) return std::nullopt;
      variant = *found;
    }
  }
  return variant;
}

void append_variant_json(std::string& out, const VariantView& variant, const TimeZone* zone, int depth) {
  using Kind = VariantView::Kind;
  if (depth > variant_depth_max) {
    out += "null";
    return;
  }
  switch (variant.kind()) {
    case Kind::invalid:
    case Kind::null: out += "null"; return;
    case Kind::boolean: out += variant.truth() ? "true" : "false"; return;
    case Kind::integer: out += std::to_string(variant.integer()); return;
    case Kind::single:
    case Kind::real: {
      char single[java_double_size_max];
      const double number = variant.real();
      const auto text = variant.kind() == Kind::single
                            ? std::string(single, write_java_float(single, static_cast<float>(number)))
                            : java_double(number);
      if (std::isfinite(number)) {
        out += text;
      } else {
        append_json_text(out, text);
      }
      return;
    }
    case Kind::decimal: {
      const auto [unscaled, scale] = variant.decimal();
      out += decimal_text(unscaled, scale);
      return;
    }
    case Kind::date: append_json_text(out, date_text(variant.integer())); return;
    case Kind::timestamp: {
      const auto instant = variant.integer();
      const auto local = zone == nullptr ? instant : zone->to_local(instant);
      const auto offset = (local - instant) / microseconds_per_second / 60;
      append_json_text(out, fmt::format("{}{}{:02}:{:02}", timestamp_text(local), offset < 0 ? "-" : "+", std::abs(offset) / 60,
                                        std::abs(offset) % 60));
      return;
    }
    case Kind::timestamp_ntz: append_json_text(out, timestamp_text(variant.integer())); return;
    case Kind::binary: append_json_text(out, base64(variant.text())); return;
    case Kind::text: append_json_text(out, variant.text()); return;
    case Kind::array:
      out += '[';
      for (std::size_t i = 0; i < variant.size(); ++i) {
        if (i > 0) out += ',';
        append_variant_json(out, variant.element(i), zone, depth + 1);
      }
      out += ']';
      return;
    case Kind::object:
      out += '{';
      for (std::size_t i = 0; i < variant.size(); ++i) {
        if (i > 0) out += ',';
        const auto [name, member] = variant.member(i);
        append_json_text(out, name);
        out += ':';
        append_variant_json(out, member, zone, depth + 1);
      }
      out += '}';
  }
}

namespace {

VariantShape scalar(std::string name) { return {VariantShape::Kind::scalar, std::move(name), 0, 0, {}}; }

}  // namespace

std::string VariantShape::text() const {
  switch (kind) {
    case Kind::none: return "VOID";
    case Kind::scalar: return name;
    case Kind::integer: return "BIGINT";
    case Kind::decimal: return fmt::format("DECIMAL({},{})", precision, scale);
    case Kind::variant: return "VARIANT";
    case Kind::array: return "ARRAY<" + members.at(0).second.text() + ">";
    case Kind::object: break;
  }
  std::string list;
  for (const auto& [key, shape] : members) {
    const bool plain = !key.empty() && std::ranges::all_of(key, [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    }) && std::isdigit(static_cast<unsigned char>(key[0])) == 0;
    std::string quoted = key;
    if (!plain) {
      quoted = "`";
      for (const char c : key) quoted += c == '`' ? std::string("``") : std::string(1, c);
      quoted += "`";
    }
    list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", quoted, shape.text());
  }
  return "OBJECT<" + list + ">";
}

VariantShape shape_of(const VariantView& variant, int depth) {
  using Kind = VariantView::Kind;
  VariantShape shape;
  if (depth > variant_depth_max) return shape;
  switch (variant.kind()) {
    case Kind::invalid:
    case Kind::null: return shape;
    case Kind::boolean: return scalar("BOOLEAN");
    case Kind::integer: shape.kind = VariantShape::Kind::integer; return shape;
    case Kind::real: return scalar("DOUBLE");
    case Kind::single: return scalar("FLOAT");
    case Kind::decimal: {
      const auto [unscaled, scale] = variant.decimal();
      shape.kind = VariantShape::Kind::decimal;
      shape.precision = std::max(digits_of(unscaled), scale);
      shape.scale = scale;
      return shape;
    }
    case Kind::date: return scalar("DATE");
    case Kind::timestamp: return scalar("TIMESTAMP");
    case Kind::timestamp_ntz: return scalar("TIMESTAMP_NTZ");
    case Kind::binary: return scalar("BINARY");
    case Kind::text: return scalar("STRING");
    case Kind::array: {
      VariantShape element;
      for (std::size_t i = 0; i < variant.size(); ++i) element = merge_shapes(element, shape_of(variant.element(i), depth + 1));
      shape.kind = VariantShape::Kind::array;
      shape.members.emplace_back("", std::move(element));
      return shape;
    }
    case Kind::object:
      shape.kind = VariantShape::Kind::object;
      for (std::size_t i = 0; i < variant.size(); ++i) {
        const auto [name, member] = variant.member(i);
        shape.members.emplace_back(std::string(name), shape_of(member, depth + 1));
      }
      std::ranges::sort(shape.members, {}, &std::pair<std::string, VariantShape>::first);
      return shape;
  }
  return shape;
}

VariantShape merge_shapes(const VariantShape& left, const VariantShape& right) {
  using Kind = VariantShape::Kind;
  if (left.kind == Kind::none) return right;
  if (right.kind == Kind::none) return left;
  const auto number = [](const VariantShape& shape) { return shape.kind == Kind::integer || shape.kind == Kind::decimal; };
  const auto floating = [](const VariantShape& shape) {
    return shape.kind == Kind::scalar && (shape.name == "DOUBLE" || shape.name == "FLOAT");
  };
  if (left.kind == Kind::integer && right.kind == Kind::integer) return left;
  if (number(left) && number(right)) {
    const auto wide = [](const VariantShape& shape) {
      return shape.kind == Kind::integer ? std::pair(20, 0) : std::pair(shape.precision, shape.scale);
    };
    const auto [p1, s1] = wide(left);
    const auto [p2, s2] = wide(right);
    const int scale = std::max(s1, s2);
    const int range = std::max(p1 - s1, p2 - s2);
    if (range + scale > 38) return scalar("DOUBLE");
    return {Kind::decimal, "", range + scale, scale, {}};
  }
  if ((floating(left) && number(right)) || (number(left) && floating(right))) return scalar("DOUBLE");
  if (floating(left) && floating(right)) return left.name == right.name ? left : scalar("DOUBLE");
  if (left.kind == Kind::scalar && right.kind == Kind::scalar && left.name == right.name) return left;
  if (left.kind == Kind::array && right.kind == Kind::array) {
    VariantShape merged = left;
    merged.members[0].second = merge_shapes(left.members[0].second, right.members[0].second);
    return merged;
  }
  if (left.kind == Kind::object && right.kind == Kind::object) {
    VariantShape merged = left;
    for (const auto& [name, shape] : right.members) {
      const auto known = std::ranges::find(merged.members, name, &std::pair<std::string, VariantShape>::first);
      if (known == merged.members.end()) {
        merged.members.emplace_back(name, shape);
      } else {
        known->second = merge_shapes(known->second, shape);
      }
    }
    std::ranges::sort(merged.members, {}, &std::pair<std::string, VariantShape>::first);
    return merged;
  }
  return {Kind::variant, "", 0, 0, {}};
}

}  // namespace mastic::engine
