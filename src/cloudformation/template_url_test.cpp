#include <doctest/doctest.h>

#include "cloudformation/cloudformation.h"

namespace mastic::cloudformation {
namespace {

TEST_CASE("a template's URL names an object whatever the host") {
  const auto path = template_places("http://127.0.0.1:4566/assets/a%20b.json?x=1");
  REQUIRE_FALSE(path.empty());
  CHECK(path[0].bucket == "assets");
  CHECK(path[0].key == "a b.json");
  const auto aws_path = template_places("https://s3.us-east-1.amazonaws.com/assets/k/t.json");
  REQUIRE(aws_path.size() == 1);
  CHECK(aws_path[0].bucket == "assets");
  CHECK(aws_path[0].key == "k/t.json");
  const auto virtual_host = template_places("https://my.assets.s3.us-east-1.amazonaws.com/k/t.json");
  REQUIRE(virtual_host.size() == 1);
  CHECK(virtual_host[0].bucket == "my.assets");
  CHECK(virtual_host[0].key == "k/t.json");
  CHECK(template_places("http://assets.localhost:4566/t.json").at(0).bucket == "assets");
  CHECK(template_places("nonsense").empty());
  CHECK(template_places("http://host/").empty());
}

}  // namespace
}  // namespace mastic::cloudformation
