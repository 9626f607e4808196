// Fn::Cidr: consecutive blocks inside a block (RFC 4632, RFC 4291).
#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "cloudformation/template/functions.h"

namespace mastic::cloudformation {
namespace {

__extension__ typedef unsigned __int128 Address;

struct Block {
  Address first = 0;
  unsigned prefix = 0;
  unsigned width = 32;  // bits of an address: 32 or 128
};

std::optional<unsigned> small_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= 256 ? std::optional(number) : std::nullopt;
}

std::optional<Block> parse_block(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto address = text.substr(0, slash);
  const auto prefix = small_number(std::string_view(text).substr(slash + 1));
  const bool six = address.find(':') != std::string::npos;
  Block block{.prefix = prefix.value_or(256), .width = six ? 128U : 32U};
  std::array<unsigned char, 16> bytes{};
  if (block.prefix > block.width || inet_pton(six ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1)
    return std::nullopt;
  for (unsigned i = 0; i < block.width / 8; ++i) block.first = block.first << 8 | bytes[i];
  const auto free = block.width - block.prefix;
  block.first = free == 128 ? 0 : block.first >> free << free;
  return block;
}

std::string show(Address address, unsigned width, unsigned prefix) {
  std::array<unsigned char, 16> bytes{};
  for (unsigned i = 0; i < width / 8; ++i) bytes[i] = static_cast<unsigned char>(address >> (width - 8 - 8 * i) & 255);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(width == 128 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size());
  return fmt::format("{}/{}", text.data(), prefix);
}

}  // namespace

Answer cidr(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() < 2 || argument.size() > 3) {
    return wrong_argument("Fn::Cidr", "three parameters: ipBlock, count and cidrBits");
  }
  TRY(text, evaluation.text(argument[0], depth, "Fn::Cidr"));
  TRY(count_text, evaluation.text(argument[1], depth, "Fn::Cidr"));
  std::string bits_text = "8";
  if (argument.size() == 3) {
    TRY(given, evaluation.text(argument[2], depth, "Fn::Cidr"));
    bits_text = given;
  }
  for (const auto& each : {text, count_text, bits_text}) {
    if (is_unknown(each)) return unknown_value();
  }
  const auto block = parse_block(text);
  const auto count = small_number(count_text);
  const auto bits = small_number(bits_text);
  const bool sensible = block && count && bits && *count >= 1 && *bits >= 1 && *bits <= block->width - block->prefix;
  const auto free = sensible ? block->width - block->prefix - *bits : 0;  // bits that number the blocks
  if (!sensible || (free < 9 && *count > 1U << free)) {
    return fail(validation_error(
        fmt::format("Template error: Fn::Cidr cannot make {} blocks of {} bits in {}", count_text, bits_text, text)));
  }
  Json blocks = Json::array();
  for (unsigned i = 0; i < *count; ++i) {
    const Address offset = *bits == 128 ? 0 : Address{i} << *bits;
    blocks.push_back(show(block->first + offset, block->width, block->width - *bits));
  }
  return std::optional(std::move(blocks));
}

}  // namespace mastic::cloudformation
