#include "glue/catalog/partition_expression.h"

#include <doctest/doctest.h>

using namespace mastic::glue::catalog;

namespace {

const std::vector<PartitionKey> keys = {{"year", "int"}, {"region", "string"}, {"day", "date"}, {"price", "decimal(10,2)"}};

bool holds(std::string_view expression, const std::vector<std::string>& values = {"2024", "eu-west", "2024-05-06", "9.50"}) {
  const auto parsed = PartitionExpression::parse(expression, keys);
  REQUIRE_MESSAGE(parsed.has_value(), (parsed ? std::string() : parsed.error().message));
  return parsed->holds(values);
}

std::string refusal(std::string_view expression) {
  const auto parsed = PartitionExpression::parse(expression, keys);
  REQUIRE(!parsed.has_value());
  CHECK(parsed.error().code == "InvalidInputException");
  return parsed.error().message;
}

}  // namespace

TEST_CASE("comparisons are by the key's type") {
  CHECK(holds(""));
  CHECK(holds("year = 2024"));
  CHECK(holds("year = '2024'"));
  CHECK(holds("YEAR > 999"));  // as text, "2024" is smaller than "999"
  CHECK(holds("year >= 2024.0 and year <= 2024"));
  CHECK(holds("year <> 2023 AND year != 2025"));
  CHECK(holds("2023 < year"));
  CHECK_FALSE(holds("2024 < year"));
  CHECK(holds("-1 < year"));
  CHECK(holds("price = 9.5"));
  CHECK(holds("price < 10"));
  CHECK(holds("day > '2024-04-30'"));
  CHECK(holds("day = DATE '2024-05-06'"));
  CHECK(holds("region < 'zz'"));
  CHECK_FALSE(holds("region = 'EU-WEST'"));
  CHECK(holds("`region` = 'eu-west' and \"year\" = 2024"));
}

TEST_CASE("logic, lists, ranges and patterns") {
  CHECK(holds("year = 1 or (year = 2024 and not region = 'us')"));
  CHECK_FALSE(holds("year = 1 or year = 2024 and region = 'us'"));
  CHECK(holds("year in (2022, 2024)"));
  CHECK(holds("year not in (2022, 2023)"));
  CHECK(holds("year between 2020 and 2024 and region like 'eu%'"));
  CHECK(holds("region not like '%east'"));
  CHECK(holds("region like '__-w_st'"));
  CHECK(holds("region like '%e%t%'"));
  CHECK_FALSE(holds("region like 'eu'"));
  CHECK(holds("not (year between 1 and 2)"));
  CHECK(holds("region = 'it''s'", {"1", "it's", "2024-01-01", "1"}));
}

TEST_CASE("NULL holds for nothing but IS NULL") {
  const std::vector<std::string> nulls = {"__HIVE_DEFAULT_PARTITION__", "x", "never", "1"};
  CHECK(holds("year is null", nulls));
  CHECK(holds("day is null", nulls));
  CHECK(holds("region is not null", nulls));
  CHECK_FALSE(holds("year = 2024", nulls));
  CHECK_FALSE(holds("year <> 2024", nulls));
  CHECK_FALSE(holds("not (year = 2024)", nulls));
  CHECK(holds("year = 1 or region = 'x'", nulls));
}

TEST_CASE("what is wrong says so") {
  CHECK(refusal("month = 1").find("no partition key is named month") != std::string::npos);
  CHECK(refusal("year = 'abc'").find("not of the type") != std::string::npos);
  CHECK(refusal("year =").find("expected a literal") != std::string::npos);
  CHECK(refusal("year = 1 extra").find("unexpected: extra") != std::string::npos);
  CHECK(refusal("(year = 1").find("expected )") != std::string::npos);
  CHECK(refusal("year in 1").find("expected (") != std::string::npos);
  CHECK(refusal("region like 5").find("quoted pattern") != std::string::npos);
  CHECK(refusal("region = 'open").find("not closed") != std::string::npos);
  CHECK(refusal("year ~ 1").find("character ~") != std::string::npos);
  CHECK(refusal("1 = 1").find("expected a partition key") != std::string::npos);
  CHECK(refusal(std::string(10'000, '(')).find("nested too deep") != std::string::npos);
}
