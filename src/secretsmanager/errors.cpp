#include "secretsmanager/errors.h"

#include <fmt/format.h>

namespace mastic::secretsmanager::error {

Error no_secret() { return {"ResourceNotFoundException", "Secrets Manager can't find the specified secret."}; }

Error no_value(std::string_view what) {
  return {"ResourceNotFoundException", fmt::format("Secrets Manager can't find the specified secret value for {}", what)};
}

Error exists(std::string_view name) {
  return {"ResourceExistsException", fmt::format("The operation failed because the secret {} already exists.", name)};
}

Error name_in_deletion() {
  return invalid_request("You can't create this secret because a secret with this name is already scheduled for deletion.");
}

Error marked_for_deletion() {
  return invalid_request("You can't perform this operation on the secret because it was marked for deletion.");
}

Error token_in_use(std::string_view token, std::string_view arn) {
  return {"ResourceExistsException",
          fmt::format("You can't use ClientRequestToken {} because that value is already in use for a version of secret {}.",
                      token, arn)};
}

Error invalid_parameter(std::string_view why) { return {"InvalidParameterException", std::string(why)}; }
Error invalid_request(std::string_view why) { return {"InvalidRequestException", std::string(why)}; }

}  // namespace mastic::secretsmanager::error
