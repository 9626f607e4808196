// The errors that the wire itself answers, before or instead of a handler; each service names them in its own way.
#pragma once

#include <string>
#include <string_view>

#include "aws/model.h"
#include "base/result.h"

namespace mastic::aws::wire_error {

/// The body is not what the protocol says: SerializationException, MalformedQueryString, MalformedXML.
Error unreadable(const ServiceModel& model, std::string message);
/// A constraint of the model is broken.
Error invalid(const ServiceModel& model, std::string message);
/// An operation that the service has, but Mastic does not answer.
Error not_implemented(const ServiceModel& model, std::string_view operation);
/// An operation that the service does not have.
Error unknown_operation(const ServiceModel& model, std::string_view operation);

}  // namespace mastic::aws::wire_error
