#include "spark/plan/spark_error.h"

#include <doctest/doctest.h>

using namespace mastic::spark;

TEST_CASE("a condition of two parts takes its first sentence and its SQLSTATE from the first") {
  const SparkError error =
      analysis_error("UNRESOLVED_COLUMN.WITH_SUGGESTION", {{"objectName", "`nme`"}, {"proposal", "`name`, `id`"}});
  CHECK(error.sql_state == "42703");
  CHECK(error.message ==
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `nme` cannot be resolved. "
        "Did you mean one of the following? [`name`, `id`]. SQLSTATE: 42703");
  CHECK(error.classes.front() == "org.apache.spark.sql.AnalysisException");
  CHECK(error.classes.back() == "java.lang.Object");
}

TEST_CASE("an empty second part adds its space, as in Spark") {
  const SparkError error = analysis_error("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", "`x`"}});
  CHECK(error.message ==
        "[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] A column, variable, or function parameter with name `x` cannot be resolved.  "
        "SQLSTATE: 42703");
}

TEST_CASE("signs that are no parameters stay") {
  CHECK(runtime_error("INVALID_INDEX_OF_ZERO", {}, "org.apache.spark.SparkRuntimeException").message ==
        "[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1). "
        "SQLSTATE: 22003");
}

TEST_CASE("the client's classes follow the exception's own") {
  const SparkError error =
      runtime_error("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}}, "org.apache.spark.SparkArithmeticException");
  REQUIRE(error.classes.size() > 2);
  CHECK(error.classes[0] == "org.apache.spark.SparkArithmeticException");
  CHECK(error.classes[1] == "java.lang.ArithmeticException");
  CHECK(parse_error("PARSE_EMPTY_STATEMENT").classes[1] == "org.apache.spark.sql.AnalysisException");
}

TEST_CASE("what Mastic does not do says so by name") {
  CHECK(unsupported("ML relations").message ==
        "[UNSUPPORTED_FEATURE.MASTIC] The feature is not supported: Mastic does not support ML relations yet. SQLSTATE: 0A000");
}

TEST_CASE("our own mistakes show in the text") {
  CHECK(analysis_error("NO_SUCH_CONDITION", {{"a", "1"}}).message ==
        "[NO_SUCH_CONDITION] (Mastic has no text for this condition) a: 1");
  CHECK(analysis_error("PATH_NOT_FOUND").message ==
        "[PATH_NOT_FOUND] Path does not exist: <missing parameter path>. SQLSTATE: 42K03");
}
