#include "spark/connect/configuration.h"

#include <doctest/doctest.h>

using mastic::spark_connect::Configuration;

TEST_CASE("defaults go by Spark's version") {
  CHECK(Configuration("3.5.6", {}).find("spark.sql.ansi.enabled") == "false");
  CHECK(Configuration("4.1.1", {}).find("spark.sql.ansi.enabled") == "true");
  CHECK(Configuration("3.5.6", {{"spark.sql.ansi.enabled", "true"}}).find("spark.sql.ansi.enabled") == "true");
}

TEST_CASE("any key can be set and unset falls back to the default") {
  Configuration configuration("4.1.1", {});
  REQUIRE(configuration.set("my.key", "1"));
  CHECK(configuration.get("my.key").value() == "1");
  REQUIRE(configuration.set("spark.sql.shuffle.partitions", "8"));
  REQUIRE(configuration.unset("spark.sql.shuffle.partitions"));
  CHECK(configuration.get("spark.sql.shuffle.partitions").value() == "200");
  CHECK(configuration.all().size() == 1);
}

TEST_CASE("what Spark refuses is refused by the same condition") {
  Configuration configuration("4.1.1", {});
  CHECK(configuration.get("no.such.key").error().condition == "SQL_CONF_NOT_FOUND");
  CHECK(configuration.set("spark.sql.warehouse.dir", "x").error().condition == "CANNOT_MODIFY_STATIC_CONFIG");
  CHECK(configuration.set("spark.executor.memory", "1g").error().condition == "CANNOT_MODIFY_CONFIG");
  CHECK(configuration.set("spark.sql.ansi.enabled", "maybe").error().condition == "INVALID_CONF_VALUE.TYPE_MISMATCH");
  CHECK(configuration.set("spark.sql.session.timeZone", "Mars/Base").error().condition == "INVALID_CONF_VALUE.TIME_ZONE");
  CHECK(configuration.set("spark.sql.session.timeZone", "Europe/Berlin").has_value());
}

TEST_CASE("only keys that Spark knows and that are not static are modifiable") {
  const Configuration configuration("4.1.1", {});
  CHECK(configuration.is_modifiable("spark.sql.ansi.enabled"));
  CHECK_FALSE(configuration.is_modifiable("spark.sql.warehouse.dir"));
  CHECK_FALSE(configuration.is_modifiable("no.such.key"));
}
