#include "glue/jobs/arguments.h"

#include <doctest/doctest.h>

using namespace mastic::glue;

TEST_CASE("who wins: non-overridable, then the run's, then the job's defaults") {
  const ArgumentMap defaults = {{"--a", "default"}, {"--b", "default"}, {"--c", "default"}};
  const ArgumentMap of_run = {{"--b", "run"}, {"--c", "run"}, {"--d", "run"}};
  const ArgumentMap fixed = {{"--c", "fixed"}};
  CHECK(merge_arguments(defaults, of_run, fixed) ==
        ArgumentMap{{"--a", "default"}, {"--b", "run"}, {"--c", "fixed"}, {"--d", "run"}});
  CHECK(merge_arguments(std::nullopt, std::nullopt, std::nullopt).empty());
}

TEST_CASE("the command line") {
  const auto line = command_line("claims", "j_1", "jr_2", {{"--JOB_NAME", "mine"}, {"--flag", ""}, {"--x", "1 2"}});
  CHECK(line == std::vector<std::string>{"--JOB_NAME", "claims", "--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_2", "--JOB_NAME",
                                         "mine", "--flag", "--x", "1 2"});
}

TEST_CASE("what Glue reads itself") {
  CHECK(customer_environment({{"--customer-driver-env-vars", R"(CUSTOMER_A=1, OTHER=2,CUSTOMER_B="x,y")"}}) ==
        std::map<std::string, std::string>{{"CUSTOMER_A", "1"}, {"CUSTOMER_B", "x,y"}});
  CHECK(listed({{"--extra-py-files", "s3://b/a.py, s3://b/c.zip"}}, "--extra-py-files") ==
        std::vector<std::string>{"s3://b/a.py", "s3://b/c.zip"});
  CHECK(unsupported_argument({{"--extra-jars", "s3://b/x.jar"}}).starts_with("--extra-jars s3://b/x.jar:"));
  CHECK(unsupported_argument({{"--job-bookmark-option", "job-bookmark-disable"}, {"--job-language", "python"}}).empty());
  CHECK(unsupported_argument({{"--job-bookmark-option", "job-bookmark-enable"}}).empty());
}
