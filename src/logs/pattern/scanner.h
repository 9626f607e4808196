// Reads a pattern's text, one token at a time. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bounded_pattern.h"
#include "base/result.h"

namespace mastic::logs::pattern {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip_spaces();
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  void advance(std::size_t by) { at_ += by; }
  /// Takes the symbol if it comes next, spaces before it skipped.
  bool take(std::string_view symbol);
  /// The same for a word: letters may not follow it.
  bool take_word(std::string_view word);
  /// Behind an opening quote; comes to stand behind the closing one.
  Result<std::string> phrase();
  /// Behind a `%`; comes to stand behind the closing one. What it matches may stand anywhere in a text.
  Result<std::shared_ptr<const BoundedPattern>> expression();
  /// Characters up to any of these.
  std::string until(std::string_view ends);
  [[nodiscard]] Error wrong(std::string_view why) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace mastic::logs::pattern
