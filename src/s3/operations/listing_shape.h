// What the listings of objects and of uploads have in common on the wire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/encoding.h"
#include "aws/models/s3.h"
#include "base/result.h"
#include "s3/errors.h"

namespace mastic::s3 {

/// How keys are written: with encoding-type=url, percent-encoded, so that XML can carry any key.
class Spelling {
 public:
  explicit Spelling(const std::optional<std::string>& encoding_type) : encodes_(encoding_type.has_value()) {}
  std::string operator()(const std::string& text) const { return encodes_ ? aws::percent_encode(text, true) : text; }

 private:
  bool encodes_;
};

/// max-keys, max-uploads, max-parts: 1,000 at most and when absent.
inline Result<std::size_t> page_size(const std::optional<int32_t>& asked, std::string_view name) {
  constexpr int32_t most = 1000;
  if (asked && *asked < 0) {
    return fail(errors::invalid_argument("Argument " + std::string(name) + " must be an integer between 0 and 2147483647", name,
                                         std::to_string(*asked)));
  }
  return static_cast<std::size_t>(std::min(asked.value_or(most), most));
}

inline std::optional<std::vector<aws::s3::CommonPrefix>> common_prefixes_of(const std::vector<std::string>& prefixes,
                                                                            const Spelling& spelling) {
  if (prefixes.empty()) return std::nullopt;
  std::vector<aws::s3::CommonPrefix> shown;
  for (const auto& prefix : prefixes) shown.push_back({.prefix = spelling(prefix)});
  return shown;
}

}  // namespace mastic::s3
