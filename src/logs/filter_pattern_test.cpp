#include "logs/filter_pattern.h"

#include <doctest/doctest.h>

using mastic::logs::FilterPattern;

namespace {
bool matches(std::string_view pattern, std::string_view message) {
  const auto parsed = FilterPattern::parse(pattern);
  REQUIRE_MESSAGE(parsed.has_value(), std::string(pattern));
  return parsed->matches(message);
}
std::string refusal(std::string_view pattern) { return FilterPattern::parse(pattern).error().message; }

constexpr std::string_view event = R"({"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","size":12.5,"ok":false,)"
                                   R"("user":{"id":1,"email":"John.Stiles@example.com","last name":"Stiles"},"none":null,)"
                                   R"("list":["a","b"],"objects":[{"flag":1},{"flag":5}],"code":"404"})";
constexpr std::string_view access_line =
    R"(127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 404 1534)";
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
  CHECK(matches("%ERR.R%", "an ERROR"));
  CHECK(matches("%^an% -%[0-9]+%", "an ERROR"));
  CHECK_FALSE(matches("%^ERR%", "an ERROR"));
  CHECK(matches("?%warn|error% ?x", "an error"));
}

TEST_CASE("json: members, lists, texts and numbers") {
  CHECK(matches(R"({ $.eventType = "UpdateTrail" })", event));
  CHECK(matches("{ $.eventType = UpdateTrail }", event));
  CHECK_FALSE(matches(R"({ $.eventType = "Update" })", event));
  CHECK(matches(R"({ $.eventType = "Update*" })", event));
  CHECK(matches("{ $.sourceIPAddress != 123.123.* }", event));
  CHECK(matches("{ $.sourceIPAddress = %111\\.111% }", event));
  CHECK(matches("{$.user.id=1}", event));
  CHECK(matches("{ $.user[\"last name\"] = Stiles }", event));
}

TEST_CASE("json: comparisons") {
  CHECK(matches("{ $.size > 12 && $.size <= 1.25e1 }", event));
  CHECK_FALSE(matches("{ $.size < 12 }", event));
  CHECK(matches("{ $.list[0] = \"a\" }", event));
  CHECK_FALSE(matches("{ $.list[2] = \"a\" }", event));
  CHECK(matches("{ $.list[*] = \"b\" }", event));
  CHECK(matches("{ $.objects[*].flag = 5 }", event));
  CHECK(matches("{ $.none IS NULL }", event));
  CHECK(matches("{ $.ok IS FALSE }", event));
  CHECK_FALSE(matches("{ $.ok IS TRUE }", event));
  CHECK(matches("{ $.missing NOT EXISTS }", event));
  CHECK_FALSE(matches("{ $.none NOT EXISTS }", event));
  CHECK_FALSE(matches("{ $.missing != 1 }", event));  // a comparison needs the member
  CHECK(matches("{ $.code = \"404\" }", event));
  CHECK(matches("{ ($.user.id = 2 || $.user.id = 1) && $.eventType = \"*\" }", event));
  CHECK(matches("{ $.user.id = 1 || $.user.id = 2 && $.missing = 3 }", event));  // && binds closer
  CHECK_FALSE(matches("{ $.user.id = 1 }", "no json {\"user\":{\"id\":1}}"));
}

TEST_CASE("fields") {
  CHECK(matches("[ip, user, username, timestamp, request, status_code, bytes]", access_line));
  CHECK_FALSE(matches("[ip, user, username]", access_line));
  CHECK(matches("[..., status_code = 4*, bytes > 1000]", access_line));
  CHECK(
      matches("[ip, user, username, timestamp, request = *.gif*, status_code = 404 || status_code = 410, bytes]", access_line));
  CHECK_FALSE(matches("[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]", access_line));
  CHECK(matches("[ip = %127\\.0\\.0\\.[1-9]%, ...]", access_line));
  CHECK(matches("[,,name=frank,...]", access_line));
  CHECK(matches("[..., size, (code=404||code=500), bytes]", access_line));
}

TEST_CASE("what a pattern takes out of a message") {
  const auto fields = FilterPattern::parse("[ip, , user, ..., code=404, bytes]").value();
  CHECK(fields.extract(access_line) ==
        std::map<std::string, std::string>{{"$ip", "127.0.0.1"}, {"$user", "frank"}, {"$code", "404"}, {"$bytes", "1534"}});
  CHECK(fields.value(access_line, "$bytes") == "1534");
  const auto json = FilterPattern::parse("{ $.size > 1 && $.ok IS FALSE }").value();
  CHECK(json.extract(event) == std::map<std::string, std::string>{{"$.size", "12.5"}, {"$.ok", "false"}});
  CHECK(json.value(event, "$.user.id") == "1");
  CHECK_FALSE(json.value(event, "$.user.name"));
}

TEST_CASE("what cannot be read says so") {
  CHECK(refusal("\"open").find("not closed") != std::string::npos);
  CHECK(refusal("a ?").find("missing") != std::string::npos);
  CHECK(refusal("%open").find("not closed") != std::string::npos);
  CHECK(refusal("%(%").find("no regular expression") != std::string::npos);
  CHECK(refusal("{ $.a }").find("comparison") != std::string::npos);
  CHECK(refusal("{ $.a = 1").find("}") != std::string::npos);
  CHECK(refusal("{ a = 1 }").find("selector") != std::string::npos);
  CHECK(refusal("{ $.a > x }").find("numbers") != std::string::npos);
  CHECK(refusal("{ $.a = }").find("value") != std::string::npos);
  CHECK(refusal("[..., a, ...]").find("once") != std::string::npos);
  CHECK(refusal("[a] b").find("follows") != std::string::npos);
  CHECK(refusal("{" + std::string(50, '(')).find("deeply") != std::string::npos);
}
