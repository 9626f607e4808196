// What each of the three kinds of pattern is, once parsed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::logs::pattern {

class Matcher {
 public:
  virtual ~Matcher() = default;
  [[nodiscard]] virtual bool matches(std::string_view message) const = 0;
  [[nodiscard]] virtual std::map<std::string, std::string> extract(std::string_view message) const = 0;
  [[nodiscard]] virtual std::optional<std::string> value(std::string_view message, std::string_view name) const = 0;
};

Result<std::shared_ptr<const Matcher>> parse_terms(std::string_view text);
Result<std::shared_ptr<const Matcher>> parse_json_pattern(std::string_view text);
Result<std::shared_ptr<const Matcher>> parse_fields(std::string_view text);

}  // namespace mastic::logs::pattern
