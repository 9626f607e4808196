#include "ssm/errors.h"
#include "ssm/operations/operations.h"

namespace mastic::ssm {
namespace {

constexpr size_t tag_limit = 50;

Result<std::map<std::string, std::string>> tags_of(Store& store, const std::string& type, const std::string& id) {
  if (type != "Parameter")
    return fail(Error{"InvalidResourceType", "Only resources of the type Parameter are supported: " + type});
  TRY(tags, store.tags(id));
  if (!tags) return fail(error::invalid_resource(id));
  return std::move(*tags);
}

Result<wire::AddTagsToResourceResponse> add(const wire::AddTagsToResourceRequest& request, Store& store) {
  TRY(tags, tags_of(store, request.resource_type, request.resource_id));
  for (const auto& tag : request.tags) tags[tag.key] = tag.value;
  if (tags.size() > tag_limit) return fail(Error{"TooManyTagsError", "A resource has at most 50 tags."});
  TRY_DO(store.set_tags(request.resource_id, tags));
  return wire::AddTagsToResourceResponse{};
}

Result<wire::RemoveTagsFromResourceResponse> remove(const wire::RemoveTagsFromResourceRequest& request, Store& store) {
  TRY(tags, tags_of(store, request.resource_type, request.resource_id));
  for (const auto& key : request.tag_keys) tags.erase(key);
  TRY_DO(store.set_tags(request.resource_id, tags));
  return wire::RemoveTagsFromResourceResponse{};
}

Result<wire::ListTagsForResourceResponse> list(const wire::ListTagsForResourceRequest& request, Store& store) {
  TRY(tags, tags_of(store, request.resource_type, request.resource_id));
  wire::ListTagsForResourceResponse answer{.tag_list = std::vector<wire::Tag>{}};
  for (const auto& [key, value] : tags) answer.tag_list->push_back({.key = key, .value = value});
  return answer;
}

}  // namespace

void add_tag_operations(aws::Service& service, Store& store) {
  service.on<wire::AddTagsToResource>([&store](const auto& request, const auto&) { return add(request, store); });
  service.on<wire::RemoveTagsFromResource>([&store](const auto& request, const auto&) { return remove(request, store); });
  service.on<wire::ListTagsForResource>([&store](const auto& request, const auto&) { return list(request, store); });
}

}  // namespace mastic::ssm
