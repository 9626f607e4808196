// TagResource, UntagResource, ListTagsForResource: rules can have tags.
#include "events/operations/operations.h"

namespace mastic::events {
namespace {

using Context = aws::CallContext;

Result<std::string> rule_of(std::string_view arn, Store& store) {
  const auto at = arn.find(":rule/");
  if (at == std::string_view::npos) return fail(error::resource_not_found(arn));
  std::string name(arn.substr(at + 6));
  if (name.starts_with("default/")) name.erase(0, 8);
  TRY_DO(require_rule(store, name));
  return name;
}

}  // namespace

void add_tag_operations(aws::Service& service, Store& store) {
  service.on<wire::TagResource>(
      [&store](const wire::TagResourceRequest& request, const Context&) -> Result<wire::TagResourceResponse> {
        TRY(rule, rule_of(request.resource_arn, store));
        std::map<std::string, std::string> tags;
        for (const auto& tag : request.tags) tags[tag.key] = tag.value;
        TRY_DO(store.tag(rule, tags));
        return wire::TagResourceResponse{};
      });
  service.on<wire::UntagResource>(
      [&store](const wire::UntagResourceRequest& request, const Context&) -> Result<wire::UntagResourceResponse> {
        TRY(rule, rule_of(request.resource_arn, store));
        TRY_DO(store.untag(rule, request.tag_keys));
        return wire::UntagResourceResponse{};
      });
  service.on<wire::ListTagsForResource>(
      [&store](const wire::ListTagsForResourceRequest& request, const Context&) -> Result<wire::ListTagsForResourceResponse> {
        TRY(rule, rule_of(request.resource_arn, store));
        TRY(tags, store.tags(rule));
        wire::ListTagsForResourceResponse response;
        response.tags.emplace();
        for (const auto& [key, value] : tags) {
          wire::Tag tag;
          tag.key = key;
          tag.value = value;
          response.tags->push_back(std::move(tag));
        }
        return response;
      });
}

}  // namespace mastic::events
