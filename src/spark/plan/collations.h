// Names of collations: UTF8_BINARY, UTF8_LCASE, UNICODE_CI, de_CI_AI, UNICODE_RTRIM, …
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mastic::spark {

struct Collation {
  std::string base;  // UTF8_BINARY, UTF8_LCASE, UNICODE, or a locale (`de`, `sr_Cyrl_SRB`)
  bool ignores_case = false;
  bool ignores_accents = false;
  bool ignores_blanks_at_end = false;
  /// The name as Spark writes it.
  [[nodiscard]] std::string name() const;
};

/// Without case, with or without SYSTEM.BUILTIN in front; nullopt: no collation has such a name.
std::optional<Collation> parse_collation(std::string_view name);

}  // namespace mastic::spark
