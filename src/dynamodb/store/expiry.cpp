#include "dynamodb/store/expiry.h"

#include <cmath>
#include <cstdlib>

#include "dynamodb/expression/evaluate.h"

namespace mastic::dynamodb::expiry {
namespace {

constexpr double seconds_max = 1e15;  // far beyond any time, and exact in a double
constexpr std::size_t number_size = 4, seconds_size = 8;

void append_big_endian(std::string& into, uint64_t value, std::size_t bytes) {
  for (std::size_t at = bytes; at-- > 0;) into += static_cast<char>((value >> (8 * at)) & 0xFFU);
}

}  // namespace

std::optional<uint64_t> seconds_of(std::string_view encoded_item, std::string_view attribute) {
  expression::EncodedDocument document(encoded_item);
  const auto* value = document.find(attribute);
  if (value == nullptr || value->type != Type::number) return std::nullopt;
  const double seconds = std::floor(std::strtod(value->text.c_str(), nullptr));
  if (!(seconds >= 0) || seconds > seconds_max) return std::nullopt;
  return static_cast<uint64_t>(seconds);
}

std::string mark_key(uint32_t number) {
  std::string key;
  append_big_endian(key, number, number_size);
  return key;
}

std::string entry_key(uint32_t number, uint64_t seconds, std::string_view item_key) {
  auto key = mark_key(number);
  append_big_endian(key, seconds, seconds_size);
  return key += item_key;
}

std::string_view item_key_of(std::string_view entry_key) { return entry_key.substr(number_size + seconds_size); }

}  // namespace mastic::dynamodb::expiry
