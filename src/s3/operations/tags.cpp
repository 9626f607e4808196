#include "s3/operations/tags.h"

#include <set>

#include "s3/digest.h"
#include "s3/errors.h"

namespace mastic::s3 {

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const std::string byte = from_hex(text.substr(i + 1, 2));
      if (byte.size() == 1) {
        decoded += byte;
        i += 2;
        continue;
      }
    }
    decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
  }
  return decoded;
}

Result<Tags> parse_tagging_header(const std::optional<std::string>& header) {
  Tags tags;
  std::string_view rest = header ? std::string_view(*header) : std::string_view{};
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (!pair.empty()) tags.emplace_back(percent_decode(pair.substr(0, equals), true), percent_decode(value, true));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  TRY_DO(check_tags(tags, object_tags_max));
  return tags;
}

Result<void> check_tags(const Tags& tags, std::size_t most) {
  constexpr std::size_t longest_key = 128;
  constexpr std::size_t longest_value = 256;
  if (tags.size() > most) {
    if (most == object_tags_max) return fail(Error{"BadRequest", "Object tags cannot be greater than 10", 400});
    return fail(errors::invalid_tag("A bucket cannot have more than 50 tags"));
  }
  std::set<std::string_view> keys;
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > longest_key) return fail(errors::invalid_tag("The TagKey you have provided is invalid"));
    if (value.size() > longest_value) return fail(errors::invalid_tag("The TagValue you have provided is invalid"));
    if (!keys.insert(key).second) return fail(errors::invalid_tag("Cannot provide multiple Tags with the same key"));
  }
  return {};
}

}  // namespace mastic::s3
