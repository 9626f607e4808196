// A model's `pattern` constraint: a regular expression that the whole value must match.
#pragma once

#include <atomic>
#include <string_view>

struct pcre2_real_code_8;

namespace mastic::aws {

/// Compiled when it is first used; never freed, since patterns are constants. Thread-safe.
class Pattern {
 public:
  /// `shown` is the model's text, as messages quote it; `pattern` is the same in PCRE2's syntax.
  constexpr Pattern(std::string_view shown, std::string_view pattern) : shown_(shown), pattern_(pattern) {}
  [[nodiscard]] std::string_view shown() const { return shown_; }
  /// False too when matching takes more steps than any sensible value needs.
  [[nodiscard]] bool matches(std::string_view value) const;

 private:
  [[nodiscard]] const pcre2_real_code_8* code() const;
  std::string_view shown_;
  std::string_view pattern_;
  mutable std::atomic<const pcre2_real_code_8*> code_{nullptr};
};

}  // namespace mastic::aws
