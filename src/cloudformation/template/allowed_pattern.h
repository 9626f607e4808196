// AllowedPattern: a regular expression by the template's author, so hostile. Inside the room's template folder only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct pcre2_real_code_8;

namespace mastic::cloudformation {

class AllowedPattern {
 public:
  /// Fails when the text is no regular expression.
  static Result<AllowedPattern> compile(const std::string& pattern);
  /// Whether all of `text` matches. False too when matching takes more steps than any sensible pattern needs.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  explicit AllowedPattern(pcre2_real_code_8* code) : code_(code) {}
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace mastic::cloudformation
