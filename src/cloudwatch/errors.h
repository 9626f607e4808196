// Every failure this service answers with.
#pragma once

#include <string>

#include "base/result.h"

namespace mastic::cloudwatch::error {

inline Error invalid_value(std::string message) { return {"InvalidParameterValueException", std::move(message)}; }
inline Error invalid_combination(std::string message) { return {"InvalidParameterCombinationException", std::move(message)}; }
inline Error missing(std::string message) { return {"MissingRequiredParameterException", std::move(message)}; }
inline Error invalid_token() { return {"InvalidNextToken", "The next token specified is invalid."}; }
inline Error validation(std::string message) { return {"ValidationException", std::move(message)}; }

}  // namespace mastic::cloudwatch::error
