#include "spark/plan/data_type.h"

#include <doctest/doctest.h>

using namespace mastic::spark;

namespace {
DataType sample() {
  return types::structure({
      {.name = "id", .type = types::long_type(), .nullable = false, .metadata_json = {}},
      {.name = "my col", .type = types::array(types::decimal(10, 2)), .nullable = true, .metadata_json = {}},
      {.name = "m",
       .type =
           types::map(types::string(), types::structure({{.name = "x", .type = types::integer(), .metadata_json = {}}}), false),
       .nullable = true,
       .metadata_json = R"({"comment":"it's"})"},
  });
}
}  // namespace

TEST_CASE("simple strings are those of the catalog") {
  CHECK(simple_string(sample()) == "struct<id:bigint,my col:array<decimal(10,2)>,m:map<string,struct<x:int>>>");
  CHECK(simple_string(types::null()) == "void");
  CHECK(simple_string(types::byte()) == "tinyint");
  CHECK(simple_string(types::day_time_interval()) == "interval day to second");
  CHECK(simple_string(types::day_time_interval(1, 1)) == "interval hour");
  CHECK(simple_string(types::year_month_interval(0, 1)) == "interval year to month");
  CHECK(simple_string(types::of(TypeKind::calendar_interval)) == "interval");
  CHECK(simple_string(DataType{.kind = TypeKind::varchar, .length = 7}) == "varchar(7)");
}

TEST_CASE("SQL strings quote names that are no plain words") {
  CHECK(sql_string(sample()) ==
        "STRUCT<id: BIGINT NOT NULL, `my col`: ARRAY<DECIMAL(10,2)>, m: MAP<STRING, STRUCT<x: INT>> COMMENT 'it\\'s'>");
  CHECK(sql_string(types::timestamp_ntz()) == "TIMESTAMP_NTZ");
  CHECK(sql_string(types::year_month_interval(1, 1)) == "INTERVAL MONTH");
}

TEST_CASE("JSON is what StructType.fromJson reads") {
  CHECK(json_string(types::structure({{.name = "a\"b", .type = types::short_type(), .nullable = true, .metadata_json = {}}})) ==
        R"({"type":"struct","fields":[{"name":"a\"b","type":"short","nullable":true,"metadata":{}}]})");
  CHECK(json_string(types::map(types::integer(), types::null())) ==
        R"({"type":"map","keyType":"integer","valueType":"void","valueContainsNull":true})");
  CHECK(json_string(types::decimal(5, 1)) == "\"decimal(5,1)\"");
}

TEST_CASE("the tree shows nesting and stops at a level") {
  CHECK(tree_string(sample()) == R"(root
 |-- id: long (nullable = false)
 |-- my col: array (nullable = true)
 |    |-- element: decimal(10,2) (containsNull = true)
 |-- m: map (nullable = true)
 |    |-- key: string
 |    |-- value: struct (valueContainsNull = false)
 |    |    |-- x: integer (nullable = true)
)");
  CHECK(tree_string(sample(), 1) == R"(root
 |-- id: long (nullable = false)
 |-- my col: array (nullable = true)
 |-- m: map (nullable = true)
)");
  CHECK(tree_string(types::integer()) == "root\n |-- value: integer (nullable = true)\n");
}
