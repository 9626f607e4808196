#include "ssm/errors.h"

#include <fmt/format.h>

namespace mastic::ssm::error {

// Parameter Store says no more than the code here; the CDK reads the code.
Error parameter_not_found(std::string_view name) { return {"ParameterNotFound", fmt::format("Parameter {} not found.", name)}; }

Error version_not_found(std::string_view name, std::string_view version) {
  return {"ParameterVersionNotFound",
          fmt::format("Systems Manager could not find version {} of {}. Verify the version and try again.", version, name)};
}

Error parameter_exists() {
  return {"ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."};
}

Error too_many_versions(std::string_view name, int64_t oldest) {
  return {
      "ParameterMaxVersionLimitExceeded",
      fmt::format(
          "You attempted to create a new version of {} by calling the PutParameter API with the overwrite flag. Version {}, "
          "the oldest version, can't be deleted because it has a label associated with it. Move the label to another "
          "version of the parameter, and try again.",
          name, oldest)};
}

Error too_many_labels() {
  return {"ParameterVersionLabelLimitExceeded", "A parameter version can have a maximum of ten labels."};
}
Error type_mismatch() {
  return {"HierarchyTypeMismatch", "The parameter's type cannot be changed. Delete it and create it again."};
}

Error pattern_mismatch(std::string_view name, std::string_view pattern) {
  return {"ParameterPatternMismatchException",
          fmt::format("Parameter value, cannot be validated against allowedPattern: {} ({})", pattern, name)};
}

Error unsupported_type(std::string_view type) {
  return {"UnsupportedParameterType", fmt::format("The parameter type {} is not supported.", type)};
}

Error unsupported_policy() {
  return {"InvalidPolicyTypeException",
          "Parameter policies (Expiration, ExpirationNotification, NoChangeNotification) are not supported."};
}

Error invalid_resource(std::string_view id) {
  return {"InvalidResourceId",
          fmt::format("The resource ID is not valid. Verify that you entered the correct ID and try again: {}", id)};
}

Error invalid_filter(std::string_view key) {
  return {"InvalidFilterKey", fmt::format("The specified filter key is not valid: {}", key)};
}
Error validation(std::string_view why) { return {"ValidationException", std::string(why)}; }

}  // namespace mastic::ssm::error
