#include "glue/registry/schema_format.h"

#include <doctest/doctest.h>

using namespace mastic::glue::registry;

TEST_CASE("Avro: what is a schema") {
  CHECK_FALSE(flaw_of(Format::avro, R"("string")"));
  CHECK_FALSE(flaw_of(Format::avro, R"({"type":"record","name":"Node","fields":[
    {"name":"next","type":["null","Node"],"default":null},{"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A"]}},
    {"name":"all","type":{"type":"array","items":{"type":"map","values":"long"}}}]})"));
  CHECK(flaw_of(Format::avro, "nonsense"));
  CHECK(flaw_of(Format::avro, R"({"type":"record","name":"R"})"));
  CHECK(flaw_of(Format::avro, R"({"type":"record","name":"R","fields":[{"name":"a","type":"unknown"}]})"));
  CHECK(flaw_of(Format::avro, R"(["null","null"])"));
  CHECK(flaw_of(Format::avro, R"({"type":"enum","name":"E","symbols":["A","A"]})"));
}

TEST_CASE("Avro: who reads whom") {
  const auto record = [](const char* fields) {
    return std::string(R"({"type":"record","name":"R","fields":[)") + fields + "]}";
  };
  const auto reads = [](const std::string& reader, const std::string& writer) {
    return !unreadable(Format::avro, reader, writer).has_value();
  };
  const auto one = record(R"({"name":"a","type":"int"})");
  CHECK(reads(one, one));
  CHECK(reads(record(R"({"name":"a","type":"long"})"), one));
  CHECK_FALSE(reads(one, record(R"({"name":"a","type":"long"})")));
  CHECK_FALSE(reads(record(R"({"name":"a","type":"int"},{"name":"b","type":"string"})"), one));
  CHECK(reads(record(R"({"name":"a","type":"int"},{"name":"b","type":"string","default":""})"), one));
  CHECK(reads(one, record(R"({"name":"a","type":"int"},{"name":"b","type":"string"})")));
  CHECK(reads(record(R"({"name":"n","aliases":["a"],"type":"int"})"), one));
  CHECK(reads(record(R"({"name":"a","type":["null","int"]})"), one));
  CHECK_FALSE(reads(one, record(R"({"name":"a","type":["null","int"]})")));
  CHECK_FALSE(reads(R"({"type":"enum","name":"E","symbols":["A"]})", R"({"type":"enum","name":"E","symbols":["A","B"]})"));
  CHECK(reads(R"({"type":"enum","name":"E","symbols":["A"],"default":"A"})",
              R"({"type":"enum","name":"E","symbols":["A","B"]})"));
  const std::string list = R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"],"default":null}]})";
  CHECK(reads(list, list));
}

TEST_CASE("JSON Schema: what is one, and which accepts what") {
  CHECK_FALSE(flaw_of(Format::json, R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object"})"));
  CHECK(flaw_of(Format::json, R"({"$schema":"http://json-schema.org/draft-03/schema#"})"));
  CHECK(flaw_of(Format::json, R"({"type":"text"})"));
  CHECK(flaw_of(Format::json, R"({"properties":{"a":{"type":"whole"}}})"));
  const auto accepts = [](const char* reader, const char* writer) {
    return !unreadable(Format::json, reader, writer).has_value();
  };
  CHECK(accepts(R"({"type":"number"})", R"({"type":"integer"})"));
  CHECK_FALSE(accepts(R"({"type":"integer"})", R"({"type":"number"})"));
  CHECK(accepts(R"({"type":["string","null"]})", R"({"type":"string"})"));
  CHECK_FALSE(accepts(R"({"required":["a"]})", R"({})"));
  CHECK(accepts(R"({})", R"({"required":["a"]})"));
  CHECK_FALSE(accepts(R"({"additionalProperties":false,"properties":{"a":{}}})", R"({"properties":{"a":{}}})"));
  CHECK(accepts(R"({"properties":{"a":{"type":"integer"},"b":{"type":"string"}}})",
                R"({"properties":{"a":{"type":"integer"}}})"));
  CHECK_FALSE(accepts(R"({"properties":{"a":{"type":"string"}}})", R"({"properties":{"a":{"type":"integer"}}})"));
  CHECK_FALSE(accepts(R"({"maxLength":5})", R"({"maxLength":9})"));
  CHECK(accepts(R"({"maxLength":9})", R"({"maxLength":5})"));
  CHECK_FALSE(accepts(R"({"enum":["a"]})", R"({"enum":["a","b"]})"));
  CHECK_FALSE(accepts(R"({"pattern":"^a"})", R"({"pattern":"^b"})"));
  CHECK(accepts(R"({"title":"new","items":{"type":"number"}})", R"({"title":"old","items":{"type":"integer"}})"));
  CHECK_FALSE(accepts(R"({"properties":{"a":{"$ref":"#/definitions/t"}},"definitions":{"t":{"type":"string"}}})",
                      R"({"properties":{"a":{"$ref":"#/definitions/t"}},"definitions":{"t":{"type":"integer"}}})"));
}

TEST_CASE("Protocol Buffers: what is a schema, and who reads whom") {
  const std::string one = R"(syntax = "proto3"; package shop;
    // an order
    message Order { int32 id = 1; repeated Line lines = 2; map<string, int64> counts = 3; oneof by { string name = 4; bytes key = 5; }
      message Line { double price = 1 [deprecated = true]; } enum Kind { NONE = 0; } reserved 9, 12 to 15; Kind kind = 6; })";
  CHECK_FALSE(flaw_of(Format::protobuf, one));
  CHECK(flaw_of(Format::protobuf, "message A { int32 a = 1; int32 b = 1; }"));
  CHECK(flaw_of(Format::protobuf, "message A { int32 a = 0; }"));
  CHECK(flaw_of(Format::protobuf, "message A { int32 a = 1; "));
  CHECK(flaw_of(Format::protobuf, "syntax = \"proto3\";"));
  const auto reads = [](const char* reader, const char* writer) {
    return !unreadable(Format::protobuf, reader, writer).has_value();
  };
  CHECK_FALSE(unreadable(Format::protobuf, one, one));
  CHECK(reads("message A { int64 a = 1; string b = 2; }", "message A { int32 a = 1; }"));
  CHECK_FALSE(reads("message A { string a = 1; }", "message A { int32 a = 1; }"));
  CHECK_FALSE(reads("message A { required int32 a = 1; required int32 b = 2; }", "message A { required int32 a = 1; }"));
  CHECK_FALSE(reads("message B { int32 a = 1; }", "message A { int32 a = 1; }"));
  CHECK_FALSE(reads("message A { repeated int32 a = 1; }", "message A { int32 a = 1; }"));
  CHECK(reads("message A { repeated string a = 1; }", "message A { string a = 1; }"));
}
