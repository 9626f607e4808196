#include "aws/wire_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mastic::aws::wire_error {
namespace {

struct ValidationCode {
  std::string_view service;
  std::string_view code;
};

/// How each service's model names a request that breaks a constraint; the others say ValidationException (json) or
/// ValidationError (query).
constexpr auto validation_codes = std::to_array<ValidationCode>({
    {"cloudformation", "ValidationError"},
    {"cloudwatch", "ValidationException"},
    {"dynamodb", "ValidationException"},
    {"glue", "InvalidInputException"},
    {"iam", "ValidationError"},
    {"logs", "InvalidParameterException"},
    {"s3", "InvalidArgument"},
    {"sts", "ValidationError"},
});

}  // namespace

Error unreadable(const ServiceModel& model, std::string message) {
  switch (model.protocol) {
    case Protocol::json: return {"SerializationException", std::move(message)};
    case Protocol::query: return {"MalformedQueryString", std::move(message)};
    case Protocol::rest_xml: break;
  }
  return {"MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema: " + std::move(message)};
}

Error invalid(const ServiceModel& model, std::string message) {
  const auto found = std::ranges::find(validation_codes, model.name, &ValidationCode::service);
  if (found != validation_codes.end()) return {std::string(found->code), std::move(message)};
  return {model.protocol == Protocol::json ? "ValidationException" : "ValidationError", std::move(message)};
}

Error not_implemented(const ServiceModel& model, std::string_view operation) {
  // 4xx on purpose: clients retry a 5xx, and S3's own 501 too.
  const auto message = fmt::format("Mastic does not implement this operation of {} yet: {}", model.name, operation);
  switch (model.protocol) {
    // Glue's clients know this one from the model; the others' models have nothing that says it.
    case Protocol::json: return {model.name == "glue" ? "InvalidInputException" : "UnknownOperationException", message};
    case Protocol::query: return {"InvalidAction", message};
    case Protocol::rest_xml: break;
  }
  return {"NotImplemented", message};
}

Error unknown_operation(const ServiceModel& model, std::string_view operation) {
  const auto message = fmt::format("{} has no operation of this name: {}", model.name, operation);
  return {model.protocol == Protocol::query ? "InvalidAction" : "UnknownOperationException", message};
}

}  // namespace mastic::aws::wire_error
