// `s3://bucket/key`, and its s3a and s3n spellings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mastic::engine {

struct ObjectPath {
  std::string bucket;
  std::string key;
};

/// nullopt: not an object's path (a local one).
inline std::optional<ObjectPath> parse_object_path(std::string_view path) {
  for (const std::string_view scheme : {"s3://", "s3a://", "s3n://"}) {
    if (!path.starts_with(scheme)) continue;
    path.remove_prefix(scheme.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return ObjectPath{std::string(path), ""};
    return ObjectPath{std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
  }
  return std::nullopt;
}

}  // namespace mastic::engine
