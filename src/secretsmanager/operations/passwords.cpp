#include <algorithm>

#include "base/sealing.h"
#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

/// The next number below `limit`, each as likely as the others.
Result<size_t> random_below(size_t limit) {
  while (true) {
    TRY(raw, random_bytes(1));
    const auto number = static_cast<unsigned char>(raw[0]);
    if (number < 256 / limit * limit) return number % limit;
  }
}

std::vector<std::string> groups_of(const wire::GetRandomPasswordRequest& request) {
  std::vector<std::string> groups;
  const auto add = [&](const std::optional<bool>& excluded, std::string letters) {
    if (excluded.value_or(false)) return;
    std::erase_if(letters, [&](char each) { return request.exclude_characters.value_or("").find(each) != std::string::npos; });
    if (!letters.empty()) groups.push_back(std::move(letters));
  };
  add(request.exclude_lowercase, "abcdefghijklmnopqrstuvwxyz");
  add(request.exclude_uppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  add(request.exclude_numbers, "0123456789");
  add(request.exclude_punctuation, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  add(!request.include_space.value_or(false), " ");
  return groups;
}

Result<wire::GetRandomPasswordResponse> make(const wire::GetRandomPasswordRequest& request) {
  const auto length = static_cast<size_t>(request.password_length.value_or(32));
  const auto groups = groups_of(request);
  std::string letters;
  for (const auto& group : groups) letters += group;
  if (letters.empty()) return fail(error::invalid_parameter("No characters are left to make a password of."));
  const bool each = request.require_each_included_type.value_or(true);
  if (each && length < groups.size()) {
    return fail(error::invalid_parameter("The password is too short to hold a character of each type."));
  }
  std::string password;
  for (size_t at = 0; at < length; ++at) {
    const auto& from = each && at < groups.size() ? groups[at] : letters;
    TRY(index, random_below(from.size()));
    password += from[index];
  }
  for (size_t at = password.size(); at > 1; --at) {  // Fisher and Yates: the types stand anywhere
    TRY(other, at <= 256 ? random_below(at) : random_below(256));
    std::swap(password[at - 1], password[other]);
  }
  return wire::GetRandomPasswordResponse{.random_password = std::move(password)};
}

}  // namespace

void add_password_operations(aws::Service& service) {
  service.on<wire::GetRandomPassword>([](const auto& request, const auto&) { return make(request); });
}

}  // namespace mastic::secretsmanager
