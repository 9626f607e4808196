// Grok patterns: `%{IP:client:string} %{WORD:method} …` over named regular expressions.
//
//   %{NAME}              the pattern of that name
//   %{NAME:field}        … whose match is a column
//   %{NAME:field:type}   … of a type: byte, boolean, short, int, long, float, double; string when none is given
//
// Matching a line is bounded in steps and memory: a pattern that would take longer does not match. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "classify/schema.h"

struct pcre2_real_code_8;

namespace mastic::classify {

/// The regular expression of a standard name; empty: there is none. It may use grok names itself.
std::string_view standard_pattern(std::string_view name);

class Grok {
 public:
  /// `custom_patterns` are lines of `NAME pattern`; they come before the standard ones. Fails for unknown names, patterns
  /// that mean themselves and expressions that are none.
  static Result<Grok> compile(std::string_view pattern, std::string_view custom_patterns);
  Grok(Grok&&) noexcept;
  Grok& operator=(Grok&&) noexcept;
  ~Grok();

  [[nodiscard]] const Schema& columns() const { return columns_; }
  [[nodiscard]] bool matches(std::string_view line) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  Grok() = default;
  std::unique_ptr<pcre2_real_code_8, Free> code_;
  Schema columns_;
};

}  // namespace mastic::classify
