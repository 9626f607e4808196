// Texts encrypted at rest with a key of the data folder: base/sealing.h, as base64.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::ssm {

/// Constant after `open`; thread-safe.
class SecureText {
 public:
  /// Reads the folder's key, or makes one (mode 0600).
  static Result<SecureText> open(const std::filesystem::path& folder);
  /// `about` is bound to the text: it must be the same when the text is read (a parameter's name).
  [[nodiscard]] Result<std::string> seal(std::string_view plain, std::string_view about) const;
  [[nodiscard]] Result<std::string> unseal(std::string_view sealed, std::string_view about) const;

 private:
  explicit SecureText(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace mastic::ssm
