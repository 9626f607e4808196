#include "resourcegroupstaggingapi/arn.h"

#include <doctest/doctest.h>

using namespace mastic::resourcegroupstaggingapi;

TEST_CASE("a resource's type stands in its ARN") {
  CHECK(resource_type_of("arn:aws:s3:::bucket") == "s3:bucket");
  CHECK(resource_type_of("arn:aws:glue:eu-west-1:000000000000:job/a/b") == "glue:job");
  CHECK(resource_type_of("arn:aws:logs:eu-west-1:000000000000:log-group:/aws/x") == "logs:log-group");
  CHECK(resource_type_of("arn:aws:secretsmanager:eu-west-1:000000000000:secret:name-AbCdEf") == "secretsmanager:secret");
  CHECK(resource_type_of("nonsense").empty());
  CHECK(resource_type_of("arn:aws:glue").empty());
}

TEST_CASE("a filter names a service or one type of it") {
  CHECK(type_matches("glue:job", "glue"));
  CHECK(type_matches("glue:job", "glue:job"));
  CHECK_FALSE(type_matches("glue:jobs", "glue:job"));
  CHECK_FALSE(type_matches("glue:job", "gl"));
}
