#include <array>
#include <random>

#include "iam/store.h"

namespace mastic::iam {
namespace {

/// std::random_device reads the operating system's generator here: fit for secrets.
std::string random_text(std::string_view alphabet, std::size_t length) {
  std::random_device device;
  std::uniform_int_distribution<std::size_t> index(0, alphabet.size() - 1);
  std::string text;
  text.reserve(length);
  while (text.size() < length) text += alphabet[index(device)];
  return text;
}

}  // namespace

std::string make_identifier(std::string_view prefix, std::size_t length) {
  return std::string(prefix) + random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length - prefix.size());
}

std::string make_secret() { return random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40); }

}  // namespace mastic::iam
