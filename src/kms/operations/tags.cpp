#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr int32_t default_page = 50;

Result<wire::TagResource::Response> tag(const wire::TagResourceRequest& request, const aws::CallContext& context,
                                        const Desk& desk) {
  TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) { return add_tags(key.tags, request.tags); }));
  return wire::TagResource::Response{};
}

Result<wire::UntagResource::Response> untag(const wire::UntagResourceRequest& request, const aws::CallContext& context,
                                            const Desk& desk) {
  TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
    for (const auto& name : request.tag_keys) key.tags.erase(name);
    return {};
  }));
  return wire::UntagResource::Response{};
}

Result<wire::ListResourceTagsResponse> list(const wire::ListResourceTagsRequest& request, const aws::CallContext& context,
                                            const Desk& desk) {
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/false));
  const std::vector<std::pair<std::string, std::string>> all(key.tags.begin(), key.tags.end());
  auto [page, next] =
      page_of(all, [](const auto& tag) { return tag.first; }, request.marker, request.limit.value_or(default_page));
  wire::ListResourceTagsResponse answer{.tags = std::vector<wire::Tag>{}, .next_marker = next, .truncated = next.has_value()};
  for (const auto& [name, value] : page) answer.tags->push_back({.tag_key = name, .tag_value = value});
  return answer;
}

}  // namespace

void add_tag_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::TagResource>([desk](const auto& request, const auto& context) { return tag(request, context, desk); });
  service.on<wire::UntagResource>([desk](const auto& request, const auto& context) { return untag(request, context, desk); });
  service.on<wire::ListResourceTags>([desk](const auto& request, const auto& context) { return list(request, context, desk); });
}

}  // namespace mastic::kms
