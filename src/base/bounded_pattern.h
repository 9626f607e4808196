// A regular expression by somebody who may be hostile: matching takes neither deep recursion nor more than some tens of
// milliseconds.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

struct pcre2_real_code_8;

namespace mastic {

class BoundedPattern {
 public:
  /// Nothing when the text is no regular expression.
  static std::optional<BoundedPattern> compile(std::string_view pattern);
  /// Whether all of `text` matches. False too when matching takes more steps than any sensible pattern needs.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  explicit BoundedPattern(pcre2_real_code_8* code) : code_(code) {}
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace mastic
