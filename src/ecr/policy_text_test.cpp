#include "ecr/policy_text.h"

#include <doctest/doctest.h>

using namespace mastic::ecr;

TEST_CASE("a repository policy is an object with statements") {
  CHECK(check_repository_policy(R"({"Version":"2012-10-17","Statement":[]})"));
  CHECK(check_repository_policy(R"({"Statement":{"Effect":"Allow"}})"));
  CHECK_FALSE(check_repository_policy(R"({"Version":"2012-10-17"})"));
  CHECK_FALSE(check_repository_policy("[]"));
  CHECK(check_repository_policy("nonsense").error().code == "InvalidParameterException");
}

TEST_CASE("a lifecycle policy has rules of the documented form") {
  // The one that a CDK bootstrap stack brings along.
  CHECK(check_lifecycle_policy(
      R"({"rules":[{"rulePriority":1,"description":"Untagged images should not exist, but expire any older than one year",
          "selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":365},
          "action":{"type":"expire"}}]})"));
  CHECK_FALSE(check_lifecycle_policy(R"({"rules":[]})"));
  CHECK_FALSE(check_lifecycle_policy(R"({"rules":[{"rulePriority":1}]})"));
  const auto rule = std::string(
      R"({"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":3},"action":{"type":"expire"}})");
  CHECK(check_lifecycle_policy(R"({"rules":[)" + rule + "]}"));
  CHECK_FALSE(check_lifecycle_policy(R"({"rules":[)" + rule + "," + rule + "]}"));
}
