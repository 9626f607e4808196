#include "ecr/errors.h"
#include "ecr/operations/operations.h"

namespace mastic::ecr {
namespace {

constexpr std::size_t tags_max = 50;

/// The repository's name out of `arn:aws:ecr:REGION:ACCOUNT:repository/NAME`.
Result<std::string> name_of(std::string_view arn) {
  constexpr std::string_view mark = ":repository/";
  const auto at = arn.find(mark);
  if (!arn.starts_with("arn:aws:ecr:") || at == std::string_view::npos) {
    return fail(error::invalid_parameter("resourceArn", "Invalid ARN"));
  }
  return std::string(arn.substr(at + mark.size()));
}

Result<wire::TagResourceResponse> tag_resource(const wire::TagResourceRequest& request, const Context& context, Store& store) {
  TRY(name, name_of(request.resource_arn));
  TRY_DO(change_repository(store, name, std::nullopt, context,
                           [&](Record& record) { return add_tags(record.tags, request.tags); }));
  return wire::TagResourceResponse{};
}

Result<wire::UntagResourceResponse> untag_resource(const wire::UntagResourceRequest& request, const Context& context,
                                                   Store& store) {
  TRY(name, name_of(request.resource_arn));
  TRY_DO(change_repository(store, name, std::nullopt, context, [&](Record& record) -> Result<void> {
    for (const auto& key : request.tag_keys) record.tags.erase(key);
    return {};
  }));
  return wire::UntagResourceResponse{};
}

Result<wire::ListTagsForResourceResponse> list_tags(const wire::ListTagsForResourceRequest& request, const Context& context,
                                                    Store& store) {
  TRY(name, name_of(request.resource_arn));
  TRY(record, require_repository(store, name, std::nullopt, context));
  wire::ListTagsForResourceResponse response;
  response.tags.emplace();
  for (const auto& [key, value] : record.tags) response.tags->push_back({key, value});
  return response;
}

}  // namespace

Result<void> add_tags(std::map<std::string, std::string>& tags, const std::vector<wire::Tag>& added) {
  for (const auto& tag : added) {
    if (tag.key.starts_with("aws:")) {
      return fail(Error{"InvalidTagParameterException", "Tag keys beginning with aws: are reserved: " + tag.key});
    }
    tags[tag.key] = tag.value;
  }
  if (tags.size() > tags_max) return fail(error::too_many_tags());
  return {};
}

void add_tag_operations(aws::Service& service, Store& store) {
  service.on<wire::TagResource>(
      [&](const auto& request, const Context& context) { return tag_resource(request, context, store); });
  service.on<wire::UntagResource>(
      [&](const auto& request, const Context& context) { return untag_resource(request, context, store); });
  service.on<wire::ListTagsForResource>(
      [&](const auto& request, const Context& context) { return list_tags(request, context, store); });
}

}  // namespace mastic::ecr
