#include "spark/connect/json_type.h"

#include <doctest/doctest.h>

using namespace mastic::spark_connect;
using namespace mastic;

TEST_CASE("JSON types come back as they were") {
  const auto type = spark::types::structure(
      {{.name = "a b", .type = spark::types::decimal(10, 2), .nullable = false, .metadata_json = {}},
       {.name = "m",
        .type = spark::types::map(spark::types::string(), spark::types::array(spark::types::long_type(), false)),
        .nullable = true,
        .metadata_json = {}}});
  CHECK(parse_json_type(spark::json_string(type)).value() == type);
  CHECK(parse_json_type("\"timestamp_ntz\"").value() == spark::types::timestamp_ntz());
  CHECK(to_ddl(type) == "`a b` DECIMAL(10,2) NOT NULL,m MAP<STRING, ARRAY<BIGINT>>");
}

TEST_CASE("what is no type is refused") {
  for (const char* text : {"", "{", "\"no such\"", "{\"type\":\"struct\"}", "{\"type\":\"array\"}", "3"}) {
    CHECK(parse_json_type(text).error().condition == "INVALID_JSON_DATA_TYPE");
  }
}
