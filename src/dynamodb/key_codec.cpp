#include "dynamodb/key_codec.h"

namespace mastic::dynamodb::key_codec {
namespace {

__extension__ using wide = unsigned __int128;

void append_big_endian(std::string& out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(static_cast<uint8_t>(value >> (8 * i)));
}

std::string ordered(Type type, std::string_view text) {
  if (type != Type::number) return std::string(text);
  std::string out;
  Number::parse(text).value_or(Number()).append_ordered(out);
  return out;
}

}  // namespace

std::string ordered(const Value& value) { return ordered(value.type, value.text); }
std::string ordered(const codec::EncodedValue& value) { return ordered(value.type, value.text); }

// FNV-1a, then the finaliser of MurmurHash3, which spreads every bit over the high ones that order the scan.
uint64_t partition_hash(std::string_view ordered_partition) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : ordered_partition) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

void append_partition(std::string& out, std::string_view ordered_partition) { codec::append_bytes(out, ordered_partition); }

std::string partition_prefix(uint32_t number, std::string_view ordered_partition) {
  std::string out;
  append_big_endian(out, number, 4);
  append_big_endian(out, partition_hash(ordered_partition), 8);
  append_partition(out, ordered_partition);
  return out;
}

void append_sort_start(std::string& out, std::string_view ordered_sort) {
  for (const char c : ordered_sort) {
    out += c;
    if (c == '\0') out += '\xFF';
  }
}

void append_sort(std::string& out, std::string_view ordered_sort) {
  append_sort_start(out, ordered_sort);
  out.append(2, '\0');
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
  return prefix;
}

Range starting_with(std::string prefix) {
  auto end = after_prefix(prefix);
  return {std::move(prefix), std::move(end)};
}

Range whole(uint32_t number) {
  std::string prefix;
  append_big_endian(prefix, number, 4);
  return starting_with(std::move(prefix));
}

Range segment(uint32_t number, uint32_t segment, uint32_t segments) {
  Range range = whole(number);
  const auto boundary = [&](uint32_t index) {
    std::string key;
    append_big_endian(key, number, 4);
    append_big_endian(key, static_cast<uint64_t>((wide(index) << 64) / segments), 8);
    return key;
  };
  if (segment > 0) range.begin = boundary(segment);
  if (segment + 1 < segments) range.end = boundary(segment + 1);
  return range;
}

}  // namespace mastic::dynamodb::key_codec
