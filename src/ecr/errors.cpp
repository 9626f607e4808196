#include "ecr/errors.h"

#include <fmt/format.h>

namespace mastic::ecr::error {

Error repository_not_found(std::string_view name, std::string_view registry) {
  return {"RepositoryNotFoundException",
          fmt::format("The repository with name '{}' does not exist in the registry with id '{}'", name, registry)};
}
Error repository_exists(std::string_view name, std::string_view registry) {
  return {"RepositoryAlreadyExistsException",
          fmt::format("The repository with name '{}' already exists in the registry with id '{}'", name, registry)};
}
Error repository_policy_not_found(std::string_view name, std::string_view registry) {
  return {"RepositoryPolicyNotFoundException",
          fmt::format("Repository policy does not exist for the repository with name '{}' in the registry with id '{}'", name,
                      registry)};
}
Error lifecycle_policy_not_found(std::string_view name, std::string_view registry) {
  return {"LifecyclePolicyNotFoundException",
          fmt::format("Lifecycle policy does not exist for the repository with name '{}' in the registry with id '{}'", name,
                      registry)};
}
Error invalid_parameter(std::string_view member, std::string_view rule) {
  return {"InvalidParameterException",
          fmt::format("Invalid parameter at '{}' failed to satisfy constraint: '{}'", member, rule)};
}
Error too_many_tags() { return {"TooManyTagsException", "The number of tags of a repository is limited to 50"}; }

}  // namespace mastic::ecr::error
