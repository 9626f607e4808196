#include "program/access_keys.h"

#include <algorithm>
#include <cstdlib>

#include "base/files.h"

namespace mastic::program {

Result<AccessKeys> AccessKeys::read(const std::string& keys_file) {
  AccessKeys keys;
  std::string text;
  if (!keys_file.empty()) {
    TRY(content, read_file(keys_file));
    text = std::move(content);
  } else if (const char* set = std::getenv("MASTIC_ACCESS_KEYS")) {
    text = set;
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(",\n", at), text.size());
    auto entry = text.substr(at, end - at);
    at = end + 1;
    std::erase_if(entry, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    if (entry.empty() || entry.starts_with('#')) continue;
    const auto colon = entry.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == entry.size()) {
      // Not the entry itself: it may be a secret.
      return fail(Error::invalid("access keys are written KEY:SECRET; an entry without its colon or one of the two was found"));
    }
    keys.keys_.emplace_back(entry.substr(0, colon), entry.substr(colon + 1));
  }
  if (!keys_file.empty() && keys.empty()) return fail(Error::invalid("there is no access key in " + keys_file));
  return keys;
}

std::optional<aws::SecretKey> AccessKeys::find(std::string_view access_key) const {
  const auto found = std::ranges::find(keys_, access_key, &std::pair<std::string, std::string>::first);
  if (found == keys_.end()) return std::nullopt;
  return aws::SecretKey{.secret = found->second};
}

std::pair<std::string, std::string> AccessKeys::for_scripts() const {
  return keys_.empty() ? std::pair<std::string, std::string>{"test", "test"} : keys_.front();
}

}  // namespace mastic::program
