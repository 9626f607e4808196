#include "aws/models/logs.h"
#include "logs/errors.h"
#include "logs/operations/naming.h"
#include "logs/operations/operations.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;
using Context = aws::CallContext;

/// Of what has tags in CloudWatch Logs, there are groups here.
Result<std::string> group_of_arn(const std::string& arn) {
  if (!arn.starts_with("arn:")) return fail(error::invalid_parameter("Not an ARN: " + arn));
  return group_of(std::nullopt, arn);
}

Result<wire::TagResourceResponse> tag_resource(const wire::TagResourceRequest& request, Store& store) {
  TRY(group, group_of_arn(request.resource_arn));
  TRY_DO(store.add_tags(group, request.tags));
  return wire::TagResourceResponse{};
}

Result<wire::UntagResourceResponse> untag_resource(const wire::UntagResourceRequest& request, Store& store) {
  TRY(group, group_of_arn(request.resource_arn));
  TRY_DO(store.remove_tags(group, request.tag_keys));
  return wire::UntagResourceResponse{};
}

Result<wire::ListTagsForResourceResponse> list_tags(const wire::ListTagsForResourceRequest& request, Store& store) {
  TRY(group, group_of_arn(request.resource_arn));
  TRY(tags, store.tags_of(group));
  wire::ListTagsForResourceResponse response;
  response.tags = std::move(tags);
  return response;
}

// The older family, by the group's name.

Result<wire::TagLogGroupResponse> tag_group(const wire::TagLogGroupRequest& request, Store& store) {
  auto added = store.add_tags(request.log_group_name, request.tags);
  if (!added) {
    // TagLogGroup's model has no TooManyTagsException.
    if (added.error().code == "TooManyTagsException") return fail(error::invalid_parameter(added.error().message));
    return fail(std::move(added).error());
  }
  return wire::TagLogGroupResponse{};
}

Result<wire::UntagLogGroupResponse> untag_group(const wire::UntagLogGroupRequest& request, Store& store) {
  TRY_DO(store.remove_tags(request.log_group_name, request.tags));
  return wire::UntagLogGroupResponse{};
}

Result<wire::ListTagsLogGroupResponse> list_group_tags(const wire::ListTagsLogGroupRequest& request, Store& store) {
  TRY(tags, store.tags_of(request.log_group_name));
  wire::ListTagsLogGroupResponse response;
  response.tags = std::move(tags);
  return response;
}

// Keys are recorded, so that whoever describes a group finds what was declared; nothing is encrypted with them.

Result<wire::AssociateKmsKeyResponse> associate_key(const wire::AssociateKmsKeyRequest& request, Store& store) {
  TRY(group, group_of(request.log_group_name, request.resource_identifier));
  TRY_DO(store.set_kms_key(group, request.kms_key_id));
  return wire::AssociateKmsKeyResponse{};
}

Result<wire::DisassociateKmsKeyResponse> disassociate_key(const wire::DisassociateKmsKeyRequest& request, Store& store) {
  TRY(group, group_of(request.log_group_name, request.resource_identifier));
  TRY_DO(store.set_kms_key(group, std::nullopt));
  return wire::DisassociateKmsKeyResponse{};
}

}  // namespace

void add_tag_operations(aws::Service& service, Store& store) {
  service.on<wire::TagResource>([&](const auto& request, const Context&) { return tag_resource(request, store); });
  service.on<wire::UntagResource>([&](const auto& request, const Context&) { return untag_resource(request, store); });
  service.on<wire::ListTagsForResource>([&](const auto& request, const Context&) { return list_tags(request, store); });
  service.on<wire::TagLogGroup>([&](const auto& request, const Context&) { return tag_group(request, store); });
  service.on<wire::UntagLogGroup>([&](const auto& request, const Context&) { return untag_group(request, store); });
  service.on<wire::ListTagsLogGroup>([&](const auto& request, const Context&) { return list_group_tags(request, store); });
  service.on<wire::AssociateKmsKey>([&](const auto& request, const Context&) { return associate_key(request, store); });
  service.on<wire::DisassociateKmsKey>([&](const auto& request, const Context&) { return disassociate_key(request, store); });
}

}  // namespace mastic::logs
