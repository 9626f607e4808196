#include "dynamodb/errors.h"

namespace mastic::dynamodb::errors {

Error validation(std::string_view message) { return {"ValidationException", std::string(message)}; }
Error invalid_parameter(std::string_view what) {
  return validation("One or more parameter values were invalid: " + std::string(what));
}
Error no_such_table() { return {"ResourceNotFoundException", "Requested resource not found"}; }
Error table_not_found(std::string_view table_name) {
  return {"ResourceNotFoundException", "Requested resource not found: Table: " + std::string(table_name) + " not found"};
}
Error table_in_use(std::string_view message) { return {"ResourceInUseException", std::string(message)}; }
Error key_does_not_match_schema() { return validation("The provided key element does not match the schema"); }
Error condition_failed() { return {"ConditionalCheckFailedException", "The conditional request failed"}; }
Error transaction_cancelled(std::string message) { return {"TransactionCanceledException", std::move(message)}; }
Error item_too_large() { return validation("Item size has exceeded the maximum allowed size"); }
Error not_supported(std::string_view what) { return validation("This server does not support: " + std::string(what)); }

}  // namespace mastic::dynamodb::errors
