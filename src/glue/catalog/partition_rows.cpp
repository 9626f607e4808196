#include "glue/catalog/partition_rows.h"

namespace mastic::glue::catalog {

std::string partition_key(const std::vector<std::string>& values) {
  std::string key;
  for (const auto& value : values) {
    for (const char c : value) {
      if (c == '\0' || c == '\1') {
        key += '\1';
        key += c == '\0' ? '\2' : '\3';
      } else {
        key += c;
      }
    }
    key += '\0';
  }
  return key;
}

std::vector<std::string> partition_values(std::string_view key) {
  std::vector<std::string> values;
  std::string value;
  for (std::size_t at = 0; at < key.size(); ++at) {
    if (key[at] == '\0') {
      values.push_back(std::move(value));
      value.clear();
    } else if (key[at] == '\1' && at + 1 < key.size()) {
      value += key[++at] == '\2' ? '\0' : '\1';
    } else {
      value += key[at];
    }
  }
  return values;
}

}  // namespace mastic::glue::catalog
