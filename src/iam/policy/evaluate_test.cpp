#include "iam/policy/evaluate.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

namespace mastic::iam::policy {
namespace {

Document read(const std::string& statements, Kind kind = Kind::identity) {
  auto document = parse_document(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}", kind);
  REQUIRE_MESSAGE(document.has_value(), (document ? "" : document.error().message));
  return *document;
}

Outcome ask(const Document& document, std::string_view action, std::string_view resource, const Keys& keys = {}) {
  return evaluate(document, {.action = action, .resource = resource, .keys = keys});
}

/// Whether a policy that allows everything under `condition` allows a request with `keys`.
bool met(const std::string& condition, const Keys& keys) {
  const auto document = read(R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":)" + condition + "}");
  return ask(document, "glue:getjob", "*", keys) == Outcome::allowed;
}

std::string refusal(const std::string& text, Kind kind = Kind::identity) {
  const auto document = parse_document(text, kind);
  REQUIRE_FALSE(document.has_value());
  CHECK(document.error().code == "MalformedPolicyDocument");
  return document.error().message;
}

}  // namespace

TEST_CASE("wildcards") {
  CHECK(matches("*", ""));
  CHECK(matches("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/c"));
  CHECK_FALSE(matches("arn:aws:s3:::b/*", "arn:aws:s3:::b"));
  CHECK(matches("a*b*c", "aXbYbZc"));
  CHECK_FALSE(matches("a*b*c", "aXbYbZ"));
  CHECK(matches("a?c", "abc"));
  CHECK_FALSE(matches("a?c", "ac"));
  CHECK(matches("**a", "a"));
  CHECK_FALSE(matches("", "a"));
  CHECK(arn_matches("arn:aws:glue:*:*:job/*", "arn:aws:glue:us-east-1:000000000000:job/x:y"));
  CHECK_FALSE(arn_matches("arn:aws:*:job/x", "arn:aws:glue:us-east-1:000000000000:job/x"));
}

TEST_CASE("actions compare without case, resources with it") {
  const auto document = read(R"({"Effect":"Allow","Action":"Glue:Get*","Resource":"arn:aws:glue:*:*:job/Big*"})");
  CHECK(ask(document, "glue:getjob", "arn:aws:glue:us-east-1:0:job/BigOne") == Outcome::allowed);
  CHECK(ask(document, "glue:getjob", "arn:aws:glue:us-east-1:0:job/bigone") == Outcome::silent);
  CHECK(ask(document, "glue:startjobrun", "arn:aws:glue:us-east-1:0:job/BigOne") == Outcome::silent);
}

TEST_CASE("a deny outweighs every allow, wherever it stands") {
  const auto document =
      read(R"({"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"})");
  CHECK(ask(document, "s3:deleteobject", "arn:aws:s3:::b/k") == Outcome::denied);
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::b/k") == Outcome::allowed);
}

TEST_CASE("NotAction and NotResource") {
  const auto document = read(R"({"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::secret/*"})");
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::open/k") == Outcome::allowed);
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::secret/k") == Outcome::silent);
  CHECK(ask(document, "iam:createuser", "*") == Outcome::silent);
}

TEST_CASE("variables") {
  const auto document = read(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"})");
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::home/ann/k", {{"aws:username", {"ann"}}}) == Outcome::allowed);
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::home/bob/k", {{"aws:username", {"ann"}}}) == Outcome::silent);
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::home/bob/k", {{"aws:username", {"*"}}}) == Outcome::silent);
  CHECK(ask(document, "s3:getobject", "arn:aws:s3:::home//k") == Outcome::silent);
  const auto star = read(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"})");
  CHECK(ask(star, "s3:getobject", "arn:aws:s3:::b/*") == Outcome::allowed);
  CHECK(ask(star, "s3:getobject", "arn:aws:s3:::b/x") == Outcome::silent);
  const auto otherwise =
      read(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team, 'all'}/*"})");
  CHECK(ask(otherwise, "s3:getobject", "arn:aws:s3:::all/k") == Outcome::allowed);
}

TEST_CASE("condition operators") {
  CHECK(met(R"({"StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}})", {{"aws:requestedregion", {"eu-west-1"}}}));
  CHECK_FALSE(met(R"({"StringEquals":{"a:b":"x*"}})", {{"a:b", {"xy"}}}));
  CHECK(met(R"({"StringLike":{"a:b":"x*"}})", {{"a:b", {"xy"}}}));
  CHECK(met(R"({"StringNotLike":{"a:b":["x*","y*"]}})", {{"a:b", {"z"}}}));
  CHECK_FALSE(met(R"({"StringNotEquals":{"a:b":["x","y"]}})", {{"a:b", {"y"}}}));
  CHECK(met(R"({"StringEqualsIgnoreCase":{"a:b":"ABC"}})", {{"a:b", {"abc"}}}));
  CHECK(met(R"({"NumericLessThanEquals":{"s3:max-keys":10}})", {{"s3:max-keys", {"10"}}}));
  CHECK_FALSE(met(R"({"NumericLessThan":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"ten"}}}));
  CHECK(met(R"({"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}})",
            {{"aws:currenttime", {"2026-06-01T00:00:00Z"}}}));
  CHECK(met(R"({"Bool":{"aws:SecureTransport":"false"}})", {{"aws:securetransport", {"false"}}}));
  CHECK(met(R"({"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}})", {{"aws:sourceip", {"10.2.3.4"}}}));
  CHECK_FALSE(met(R"({"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","::1/128"]}})", {{"aws:sourceip", {"::1"}}}));
  CHECK(met(R"({"ArnLike":{"aws:SourceArn":"arn:aws:glue:*:*:job/*"}})", {{"aws:sourcearn", {"arn:aws:glue:r:1:job/a"}}}));
  CHECK(met(R"({"Null":{"a:b":"true"}})", {}));
  CHECK_FALSE(met(R"({"Null":{"a:b":"true"}})", {{"a:b", {"x"}}}));
}

TEST_CASE("keys that the request lacks") {
  CHECK_FALSE(met(R"({"StringEquals":{"a:b":"x"}})", {}));
  CHECK(met(R"({"StringNotEquals":{"a:b":"x"}})", {}));
  CHECK(met(R"({"StringEqualsIfExists":{"a:b":"x"}})", {}));
  CHECK_FALSE(met(R"({"StringEqualsIfExists":{"a:b":"x"}})", {{"a:b", {"y"}}}));
  CHECK(met(R"({"ForAllValues:StringEquals":{"a:b":"x"}})", {}));
  CHECK_FALSE(met(R"({"ForAnyValue:StringEquals":{"a:b":"x"}})", {}));
}

TEST_CASE("sets of values") {
  CHECK(met(R"({"ForAllValues:StringEquals":{"a:b":["x","y"]}})", {{"a:b", {"x", "y"}}}));
  CHECK_FALSE(met(R"({"ForAllValues:StringEquals":{"a:b":["x"]}})", {{"a:b", {"x", "y"}}}));
  CHECK(met(R"({"ForAnyValue:StringEquals":{"a:b":["x"]}})", {{"a:b", {"x", "y"}}}));
}

TEST_CASE("principals of trust policies") {
  const auto service =
      read(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"glue.amazonaws.com"}})", Kind::trust);
  const std::vector<std::string> arns{"arn:aws:iam::000000000000:user/ann"};
  const Keys keys;
  const Asker glue{.arns = {}, .account_id = {}, .service = "glue.amazonaws.com"};
  const Asker ann{.arns = arns, .account_id = "000000000000", .service = {}};
  const auto outcome = [&](const Document& document, const Asker& asker) {
    return evaluate(document, {.action = "sts:assumerole", .resource = "x", .keys = keys, .asker = &asker});
  };
  CHECK(outcome(service, glue) == Outcome::allowed);
  CHECK(outcome(service, ann) == Outcome::silent);
  const auto account =
      read(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::000000000000:root"}})", Kind::trust);
  CHECK(outcome(account, ann) == Outcome::delegated);
  const auto named =
      read(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::000000000000:user/ann"]}})",
           Kind::trust);
  CHECK(outcome(named, ann) == Outcome::allowed);
  CHECK(outcome(named, glue) == Outcome::silent);
}

TEST_CASE("documents that AWS refuses") {
  CHECK(refusal("{") == "This policy contains invalid Json");
  CHECK(refusal("{}") == "Syntax errors in policy.");
  CHECK(refusal(R"({"Statement":[{"Effect":"Maybe","Action":"s3:*","Resource":"*"}]})") == "Syntax errors in policy.");
  CHECK(refusal(R"({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}]})") ==
        "Resource bucket must be in ARN format or \"*\".");
  CHECK(refusal(R"({"Statement":[{"Effect":"Allow","Resource":"*"}]})") == "Policy statement must contain actions.");
  CHECK(refusal(R"({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]})") ==
        "Policy document should not specify a principal.");
  CHECK(refusal(R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Principal":"*"}]})",
                Kind::trust) == "Has prohibited field Resource");
}

TEST_CASE("a decision takes microseconds") {
  const auto document =
      read(R"({"Effect":"Allow","Action":["glue:*","s3:GetBucketLocation","s3:ListBucket"],"Resource":["*"]},)"
           R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::aws-glue-*/*"],)"
           R"("Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:sts::*:assumed-role/*"}}})");
  const Keys keys{{"aws:principalarn", {"arn:aws:sts::0:assumed-role/R/s"}}};
  constexpr int rounds = 10'000;
  const auto begin = std::chrono::steady_clock::now();
  int allowed = 0;
  for (int i = 0; i < rounds; ++i) {
    allowed += ask(document, "s3:getobject", "arn:aws:s3:::aws-glue-x/key", keys) == Outcome::allowed ? 1 : 0;
  }
  const auto each = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / rounds;
  CHECK(allowed == rounds);
  MESSAGE(fmt::format("{:.2f} µs", each));
}

}  // namespace mastic::iam::policy
