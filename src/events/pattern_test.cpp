#include "events/pattern.h"

#include <doctest/doctest.h>

using namespace mastic::events;

namespace {

const char* const object_created = R"({
  "source": "aws.s3", "detail-type": "Object Created", "resources": ["arn:aws:s3:::claims"],
  "detail": {"bucket": {"name": "claims"}, "object": {"key": "new/2026/a.csv", "size": 1024}}})";

bool matches(const char* pattern) {
  const auto parsed = Pattern::parse(pattern);
  REQUIRE(parsed);
  return parsed->matches(nlohmann::json::parse(object_created));
}

}  // namespace

TEST_CASE("every member of a pattern has to match, and one entry of each list") {
  CHECK(matches(R"({"source": ["aws.ec2", "aws.s3"]})"));
  CHECK(matches(R"({"source": ["aws.s3"], "detail": {"bucket": {"name": ["claims"]}}})"));
  CHECK_FALSE(matches(R"({"source": ["aws.s3"], "detail": {"bucket": {"name": ["others"]}}})"));
  CHECK_FALSE(matches(R"({"account": ["1"]})"));
  CHECK(matches(R"({"resources": ["arn:aws:s3:::claims"]})"));
  CHECK(matches(R"({"$or": [{"source": ["aws.ec2"]}, {"detail-type": ["Object Created"]}]})"));
}

TEST_CASE("matching conditions") {
  CHECK(matches(R"({"detail": {"object": {"key": [{"prefix": "new/"}]}}})"));
  CHECK_FALSE(matches(R"({"detail": {"object": {"key": [{"suffix": ".json"}]}}})"));
  CHECK(matches(R"({"detail": {"object": {"key": [{"wildcard": "new/*/a.*"}]}}})"));
  CHECK(matches(R"({"detail": {"object": {"size": [{"numeric": [">", 100, "<=", 1024]}]}}})"));
  CHECK_FALSE(matches(R"({"detail": {"object": {"size": [{"numeric": ["<", 100]}]}}})"));
  CHECK(matches(R"({"detail": {"object": {"key": [{"anything-but": ["other"]}]}}})"));
  CHECK_FALSE(matches(R"({"detail": {"object": {"key": [{"anything-but": {"prefix": "new/"}}]}}})"));
  CHECK(matches(R"({"detail": {"reason": [{"exists": false}]}})"));
  CHECK_FALSE(matches(R"({"detail": {"object": {"key": [{"exists": false}]}}})"));
  CHECK(matches(R"({"source": [{"equals-ignore-case": "AWS.S3"}]})"));
}

TEST_CASE("what is no pattern is refused") {
  CHECK_FALSE(Pattern::parse("nonsense"));
  CHECK_FALSE(Pattern::parse("{}"));
  CHECK_FALSE(Pattern::parse(R"({"source": "aws.s3"})"));
  CHECK_FALSE(Pattern::parse(R"({"source": [{"cidr": "10.0.0.0/8"}]})"));
  CHECK_FALSE(Pattern::parse(R"({"size": [{"numeric": [">"]}]})"));
}
