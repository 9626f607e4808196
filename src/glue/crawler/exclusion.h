// Glue's patterns for what a crawl leaves out, matched against what comes behind the target's path.
//
//   *      any characters but /        **     any characters         ?       one character but /
//   [a-z]  one of a class, [!a] none    {a,b}  one of some patterns   \x      x itself
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_pattern.h"
#include "base/result.h"

namespace mastic::glue::crawler {

class Exclusions {
 public:
  /// Fails for a pattern that is none.
  static Result<Exclusions> of(const std::vector<std::string>& patterns);
  /// `path` is relative to the target; a folder that matches is left out with all that is in it.
  [[nodiscard]] bool cover(std::string_view path) const;

 private:
  std::vector<BoundedPattern> patterns_;
};

}  // namespace mastic::glue::crawler
