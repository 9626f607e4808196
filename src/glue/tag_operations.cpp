#include "aws/models/glue.h"
#include "aws/service.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using Context = aws::CallContext;

Result<std::string> existing_resource(const std::string& arn, Tags& tags) {
  TRY(resource, Tags::resource_of(arn));
  TRY(exists, tags.exists(resource));
  if (!exists) return fail(error::resource_not_found(arn));
  return resource;
}

Result<wire::TagResourceResponse> tag_resource(const wire::TagResourceRequest& request, Tags& tags) {
  TRY(resource, existing_resource(request.resource_arn, tags));
  TRY_DO(tags.add(resource, request.tags_to_add));
  return wire::TagResourceResponse{};
}

Result<wire::UntagResourceResponse> untag_resource(const wire::UntagResourceRequest& request, Tags& tags) {
  TRY(resource, existing_resource(request.resource_arn, tags));
  TRY_DO(tags.remove(resource, request.tags_to_remove));
  return wire::UntagResourceResponse{};
}

Result<wire::GetTagsResponse> get_tags(const wire::GetTagsRequest& request, Tags& tags) {
  TRY(resource, existing_resource(request.resource_arn, tags));
  TRY(found, tags.get(resource));
  wire::GetTagsResponse response;
  response.tags = std::move(found);
  return response;
}

}  // namespace

void add_tag_operations(aws::Service& service, Tags& tags) {
  service.on<wire::TagResource>([&](const auto& request, const Context&) { return tag_resource(request, tags); });
  service.on<wire::UntagResource>([&](const auto& request, const Context&) { return untag_resource(request, tags); });
  service.on<wire::GetTags>([&](const auto& request, const Context&) { return get_tags(request, tags); });
}

}  // namespace mastic::glue
