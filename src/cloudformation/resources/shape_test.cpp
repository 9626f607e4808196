#include "cloudformation/resources/shape.h"

#include <doctest/doctest.h>

namespace mastic::cloudformation {
namespace {

constexpr std::string_view shape = "Targets{S3{Path,Exclusions},!Jdbc{Path}},Tags{Key,Value},Name";

std::string refusal(const char* properties) {
  const auto checked = check_shape(shape, Json::parse(properties));
  return checked ? "" : checked.error().message;
}

TEST_CASE("a name that a structure does not have is named with its place") {
  CHECK(refusal(R"({"Targets":{"S3":[{"Path":"a"},{"Path":"b","Exclusions":["x"]}]},"Other":{"A":1}})").empty());
  CHECK(refusal(R"({"Targets":{"S3":[{"Path":"a"},{"Paht":"b"}]}})") ==
        "#/Targets/S3/1: extraneous key [Paht] is not permitted");
  CHECK(refusal(R"({"Tags":[{"Key":"a","Value":"b","Propagate":true}]})") ==
        "#/Tags/0: extraneous key [Propagate] is not permitted");
  CHECK(refusal(R"({"Targets":"all"})") == "#/Targets: expected type: JSONObject, found: String");
  CHECK(refusal(R"({"Targets":{"Fn::If":["a",{"S4":1},{"Ref":"AWS::NoValue"}]},"Name":{"Anything":1}})").empty());
}

TEST_CASE("what nothing acts on is taken out and told") {
  auto properties = Json::parse(R"({"Targets":{"S3":[{"Path":"a"}],"Jdbc":[{"Wrong":1}]}})");
  CHECK(check_shape(shape, properties));
  CHECK(take_ignored(shape, properties) == std::vector<std::string>{"Targets/Jdbc"});
  CHECK(properties == Json::parse(R"({"Targets":{"S3":[{"Path":"a"}]}})"));
  auto list = Json::parse(R"({"A":[{"B":1,"C":2},{"B":3}]})");
  CHECK(take_ignored("A{!B,C}", list) == std::vector<std::string>{"A/0/B", "A/1/B"});
  CHECK(list == Json::parse(R"({"A":[{"C":2},{}]})"));
}

}  // namespace
}  // namespace mastic::cloudformation
