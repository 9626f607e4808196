// Appends XML to a string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mastic::aws {

class XmlWriter {
 public:
  explicit XmlWriter(std::string& into) : out_(into) {}

  /// `attributes` is complete, with a leading space: ` xmlns="…"`.
  void open(std::string_view name, std::string_view attributes = {});
  void close(std::string_view name);
  void element(std::string_view name, std::string_view text);
  /// An element whose text came from `text_of`.
  template <typename T>
  void value(std::string_view name, const T& of) {
    element(name, text_of(of));
  }
  /// Text with `<`, `>`, `&`, `"` and characters that XML cannot carry escaped.
  void text(std::string_view value);
  static std::string escape(std::string_view value);

  static std::string_view text_of(std::string_view value) { return value; }
  static std::string_view text_of(const std::string& value) { return value; }
  static std::string_view text_of(bool value) { return value ? "true" : "false"; }
  static std::string text_of(int32_t value);
  static std::string text_of(int64_t value);
  static std::string text_of(double value);

 private:
  std::string& out_;
};

}  // namespace mastic::aws
