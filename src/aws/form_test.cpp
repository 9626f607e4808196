#include <doctest/doctest.h>

#include "aws/node.h"

using namespace mastic;
using namespace mastic::aws;

TEST_CASE("a form becomes a tree, its lists in numeric order") {
  const auto root = parse_form("Action=A&Tags.member.10.Key=k10&Tags.member.2.Key=k+2%21&Parameters=&X.entry.1.key=a");
  REQUIRE(root);
  CHECK(root->child("Action")->text == "A");
  const auto* items = root->child("Tags")->child("member");
  REQUIRE(items->children.size() == 2);
  CHECK(items->children[0].name == "2");
  CHECK(items->children[0].child("Key")->text == "k 2!");
  CHECK(root->child("Parameters")->children.empty());
  CHECK(root->child("Parameters")->text.empty());
}

TEST_CASE("a bad escape stays as it is") {
  CHECK(percent_decode("a%2Gb%", false) == "a%2Gb%");
  CHECK(percent_decode("%41%2f+", false) == "A/+");
  CHECK(percent_decode("%41", true) == "A");
}

TEST_CASE("a name with too many parts is refused") {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "a.";
  CHECK_FALSE(parse_form(name + "b=1"));
}

TEST_CASE("a header's list is split at its commas, quotes kept together") {
  CHECK(split_header_list("ETag, Checksum,ObjectSize") == std::vector<std::string>{"ETag", "Checksum", "ObjectSize"});
  CHECK(split_header_list("\"a,b\", c") == std::vector<std::string>{"a,b", "c"});
  CHECK(split_header_list(" ,, ").empty());
}
