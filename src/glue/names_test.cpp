#include "glue/names.h"

#include <doctest/doctest.h>

#include "glue/paging.h"

using namespace mastic::glue;

TEST_CASE("names") {
  CHECK(lower_name("Claims_DB") == "claims_db");
  CHECK(crawled_table_name("demo-", "glue-etl.demo_Source") == "demo-glue_etl_demo_source");
  CHECK(crawled_table_name("", "claims") == "claims");
}

TEST_CASE("page tokens") {
  for (const std::string key : {"", "a", "table_1", std::string("with\0zero", 9).c_str()}) {
    CHECK(page_key(page_token(key)).value() == key);
  }
  CHECK(page_key(std::nullopt).value().empty());
  CHECK(page_key("not ours").error().code == "InvalidInputException");
  CHECK(page_key("abcd").error().code == "InvalidInputException");
}
