#include "cloudformation/resources/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/identifiers.h"

namespace mastic::cloudformation {

namespace {

/// A letter for each two hexadecimal digits.
std::string letters_of(std::string_view hex) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  std::string text;
  for (std::size_t at = 0; at < hex.size() / 2; ++at) {
    const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    text += letters[(digit(hex[2 * at]) * 16 + digit(hex[2 * at + 1])) % letters.size()];
  }
  return text;
}

}  // namespace

std::string random_letters(std::size_t length) { return letters_of(random_hex(length * 2)); }

std::string generated_name(const ResourceContext& context, std::size_t length_max) {
  constexpr std::size_t random_length = 12;
  std::string_view stack = context.stack_name;
  std::string_view logical = context.logical_id;
  const auto room = length_max - random_length - 2;
  if (stack.size() + logical.size() > room) {
    const auto half = room / 2;
    const auto logical_length = std::min(logical.size(), std::max(half, room - std::min(room, stack.size())));
    logical = logical.substr(0, logical_length);
    stack = stack.substr(0, room - logical_length);
  }
  return fmt::format(
      "{}-{}-{}", stack, logical,
      context.name_seed.size() == 2 * random_length ? letters_of(context.name_seed) : random_letters(random_length));
}

std::string generated_lower_name(const ResourceContext& context, std::size_t length_max) {
  auto name = generated_name(context, length_max);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return name;
}

std::string arn_of(const ResourceContext& context, std::string_view service, std::string_view rest) {
  return fmt::format("arn:aws:{}:{}:{}:{}", service, context.region, context.account_id, rest);
}

}  // namespace mastic::cloudformation
