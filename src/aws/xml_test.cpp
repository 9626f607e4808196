#include <doctest/doctest.h>

#include "aws/node.h"
#include "aws/xml_writer.h"

using namespace mastic;
using namespace mastic::aws;

TEST_CASE("an XML document becomes a tree") {
  const auto root = parse_xml(
      "<?xml version=\"1.0\"?><!-- note --><s3:Delete xmlns:s3=\"u\" a='1&amp;2'>\n "
      "<Object><Key>a&lt;b&#x41;&#66;</Key></Object>"
      "<Quiet/><Raw><![CDATA[<x>&]]></Raw></s3:Delete>\n");
  REQUIRE(root);
  CHECK(root->name == "Delete");
  CHECK(root->attributes.size() == 2);
  CHECK(root->attributes[1].second == "1&2");
  REQUIRE(root->children.size() == 3);
  CHECK(root->children[0].child("Key")->text == "a<bAB");
  CHECK(root->children[1].text.empty());
  CHECK(root->children[2].text == "<x>&");
}

TEST_CASE("what is not XML, or may harm, is refused") {
  const std::string deep = [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "<a>";
    return text;
  }();
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("<a>"), std::string("<a></b>"), std::string("<a/><b/>"),
        std::string("<a>&x;</a>"), std::string("<a>&#0;</a>"), std::string("<a>&#xD800;</a>"), std::string("<a b=c/>"),
        std::string("<a b></a>"), std::string("<a:/>"), std::string("<a>\x01</a>"), std::string("<:a/>"),
        std::string("<a:b:c/>"), std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"), std::string("<a>\xff</a>"),
        std::string("<a><!-- </a>"), deep}) {
    CAPTURE(text);
    const auto root = parse_xml(text);
    REQUIRE_FALSE(root);
    CHECK(root.error().code == "MalformedXML");
  }
}

TEST_CASE("text is escaped so that a parser reads it back") {
  const std::string nasty = "<a & \"b\">\r\n\t\xC3\xBC";
  std::string xml;
  XmlWriter writer(xml);
  writer.element("E", nasty);
  CHECK(xml == "<E>&lt;a &amp; &quot;b&quot;&gt;&#13;\n\t\xC3\xBC</E>");
  CHECK(parse_xml(xml)->text == nasty);
}
