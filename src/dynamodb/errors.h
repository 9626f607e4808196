// DynamoDB's errors, with its words.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::dynamodb::errors {

/// ValidationException: the request breaks a rule.
Error validation(std::string_view message);
/// "One or more parameter values were invalid: …"
Error invalid_parameter(std::string_view what);
/// The item operations' answer for a table or index that is not there.
Error no_such_table();
/// The table operations' answer, which names it.
Error table_not_found(std::string_view table_name);
Error table_in_use(std::string_view message);
Error key_does_not_match_schema();
Error condition_failed();
Error transaction_cancelled(std::string message);
Error item_too_large();
Error not_supported(std::string_view what);

}  // namespace mastic::dynamodb::errors
