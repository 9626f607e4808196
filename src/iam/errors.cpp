#include "iam/errors.h"

#include <fmt/format.h>

namespace mastic::iam::error {

Error no_such_entity(std::string_view what, std::string_view name) {
  return {"NoSuchEntity", fmt::format("The {} with name {} cannot be found.", what, name), 404};
}
Error no_such_inline_policy(std::string_view what, std::string_view policy) {
  return {"NoSuchEntity", fmt::format("The {} policy with name {} cannot be found.", what, policy), 404};
}
Error no_such_policy(std::string_view arn) {
  return {"NoSuchEntity", fmt::format("Policy {} does not exist or is not attachable.", arn), 404};
}
Error no_such_version(std::string_view arn, std::string_view version) {
  return {"NoSuchEntity", fmt::format("Policy {} version {} does not exist or is not attachable.", arn, version), 404};
}
Error not_attached(std::string_view arn) { return {"NoSuchEntity", fmt::format("Policy {} was not found.", arn), 404}; }
Error no_such_access_key(std::string_view key) {
  return {"NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", key), 404};
}
Error no_boundary(std::string_view role) {
  return {"NoSuchEntity", fmt::format("Role {} has no permissions boundary.", role), 404};
}
Error already_exists(std::string_view what, std::string_view name) {
  return {"EntityAlreadyExists", fmt::format("{} with name {} already exists.", what, name), 409};
}
Error policy_exists(std::string_view name) {
  return {"EntityAlreadyExists", fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name), 409};
}
Error delete_conflict(std::string_view message) { return {"DeleteConflict", std::string(message), 409}; }
Error malformed_document(std::string_view message) { return {"MalformedPolicyDocument", std::string(message), 400}; }
Error limit_exceeded(std::string_view message) { return {"LimitExceeded", std::string(message), 409}; }
Error invalid_input(std::string_view message) { return {"InvalidInput", std::string(message), 400}; }
Error validation(std::string_view message) { return {"ValidationError", std::string(message), 400}; }
Error unmodifiable(std::string_view arn) {
  return {"AccessDenied", fmt::format("Policies of AWS cannot be changed: {}", arn), 403};
}

}  // namespace mastic::iam::error
