// Options in one constant text: `name<US>value<RS>`…, as the plan's lowering writes them.
#pragma once

#include <algorithm>
#include <map>
#include <string>

namespace mastic::engine {

using NamedOptions = std::map<std::string, std::string>;

inline NamedOptions parse_named_options(const std::string& text) {
  NamedOptions options;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\x1e', at), text.size());
    const auto line = text.substr(at, end - at);
    if (const auto equals = line.find('\x1f'); equals != std::string::npos)
      options[line.substr(0, equals)] = line.substr(equals + 1);
    at = end + 1;
  }
  return options;
}

inline std::string option_or(const NamedOptions& options, const std::string& name, const std::string& otherwise) {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

}  // namespace mastic::engine
