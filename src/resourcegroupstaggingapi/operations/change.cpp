#include <algorithm>
#include <functional>

#include "resourcegroupstaggingapi/operations/operations.h"

namespace mastic::resourcegroupstaggingapi {
namespace {

using Failures = std::map<std::string, wire::FailureInfo>;

wire::FailureInfo failure_of(const Error& error) {
  const bool ours = error.http_status >= 500;
  wire::FailureInfo failure;
  failure.status_code = error.http_status;
  failure.error_code = ours ? "InternalServiceException" : "InvalidParameterException";
  failure.error_message = error.code + ": " + error.message;
  return failure;
}

/// Changes each resource on its own: what fails is told of by its ARN, the others are changed.
Failures change_each(const std::vector<std::string>& arns, const Sources& sources,
                     const std::function<Result<void>(TagSource&, const std::string&)>& change) {
  Failures failures;
  for (const auto& arn : arns) {
    const auto owner = std::ranges::find_if(sources, [&](const auto& source) { return source->owns(arn); });
    if (owner == sources.end()) {
      failures.emplace(arn, failure_of(invalid_parameter("No service of this server tags such a resource")));
      continue;
    }
    if (const auto changed = change(**owner, arn); !changed) failures.emplace(arn, failure_of(changed.error()));
  }
  return failures;
}

}  // namespace

Result<wire::TagResourcesResponse> tag_resources(const wire::TagResourcesRequest& request, const Sources& sources,
                                                 const Context& context) {
  for (const auto& [key, value] : request.tags) {
    if (key.starts_with("aws:")) return fail(invalid_parameter("Tag keys beginning with aws: are reserved: " + key));
  }
  wire::TagResourcesResponse response;
  response.failed_resources_map =
      change_each(request.resource_arn_list, sources,
                  [&](TagSource& source, const std::string& arn) { return source.tag(arn, request.tags, context); });
  return response;
}

Result<wire::UntagResourcesResponse> untag_resources(const wire::UntagResourcesRequest& request, const Sources& sources,
                                                     const Context& context) {
  wire::UntagResourcesResponse response;
  response.failed_resources_map =
      change_each(request.resource_arn_list, sources,
                  [&](TagSource& source, const std::string& arn) { return source.untag(arn, request.tag_keys, context); });
  return response;
}

}  // namespace mastic::resourcegroupstaggingapi
