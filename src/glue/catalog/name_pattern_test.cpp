#include "glue/catalog/name_pattern.h"

#include <doctest/doctest.h>

using mastic::glue::catalog::NamePattern;

namespace {
bool matches(std::string_view pattern, std::string_view name) { return NamePattern::parse(pattern).value().matches(name); }
}  // namespace

TEST_CASE("regular expressions and shell-like stars") {
  CHECK(matches("", "anything"));
  CHECK(matches("claims", "claims"));
  CHECK_FALSE(matches("claims", "claims_2024"));
  CHECK(matches("claims*", "claims_2024"));
  CHECK(matches("claims.*", "claims_2024"));
  CHECK(matches("*aim*", "claims"));
  CHECK(matches("CLAIMS_[0-9]+", "claims_2024"));
  CHECK(matches("a|claims*", "claims_1"));
  CHECK(matches("c[a-z]*_1", "claims_1"));
  CHECK_FALSE(matches("*x", "claims"));
  CHECK(NamePattern::parse("(open").error().code == "InvalidInputException");
}

TEST_CASE("a pattern that explodes gives up") { CHECK_FALSE(matches("(.+)+(.+)+(.+)+!", std::string(60, 'a'))); }
