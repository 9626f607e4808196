#include "logs/filter_pattern.h"

#include <doctest/doctest.h>

using mastic::logs::FilterPattern;

namespace {
bool matches(std::string_view pattern, std::string_view message) {
  return FilterPattern::parse(pattern).value().matches(message);
}
std::string refusal(std::string_view pattern) { return FilterPattern::parse(pattern).error().message; }
}  // namespace

TEST_CASE("terms") {
  CHECK(matches("", "anything"));
  CHECK(matches("ERROR", "an ERROR here"));
  CHECK_FALSE(matches("ERROR", "an error here"));
  CHECK(matches("ERROR disk", "disk: ERROR"));
  CHECK_FALSE(matches("ERROR disk", "ERROR only"));
  CHECK(matches(R"("no space" -retry)", "disk has no space left"));
  CHECK_FALSE(matches(R"("no space" -retry)", "no space, retry"));
  CHECK(matches(R"("say \"hi\"")", R"(they say "hi")"));
  CHECK(matches("?WARN ?ERROR", "WARN x"));
  CHECK_FALSE(matches("?WARN ?ERROR", "INFO x"));
  CHECK(matches("?WARN INFO", "INFO x"));  // a plain term makes the optional ones count for nothing
}

TEST_CASE("what is not supported says so") {
  CHECK(refusal("{ $.level = \"ERROR\" }").find("JSON") != std::string::npos);
  CHECK(refusal("[ip, user]").find("Space-delimited") != std::string::npos);
  CHECK(refusal("%ERR.*%").find("Regular-expression") != std::string::npos);
  CHECK(refusal("\"open").find("not closed") != std::string::npos);
  CHECK(refusal("a ?").find("missing") != std::string::npos);
}
