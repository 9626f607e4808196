#include <algorithm>
#include <map>
#include <set>

#include "aws/encoding.h"
#include "resourcegroupstaggingapi/arn.h"
#include "resourcegroupstaggingapi/operations/operations.h"

namespace mastic::resourcegroupstaggingapi {
namespace {

constexpr std::size_t resources_default = 50;
constexpr std::size_t names_page = 500;
using Tags = std::map<std::string, std::string>;

/// All resources with tags, by ARN: the order in which pages follow each other.
Result<std::map<std::string, Tags>> all_tagged(const Sources& sources, const Context& context) {
  std::map<std::string, Tags> all;
  for (const auto& source : sources) {
    TRY(resources, source->resources(context));
    for (auto& resource : resources) {
      if (!resource.tags.empty()) all.emplace(std::move(resource.arn), std::move(resource.tags));
    }
  }
  return all;
}

/// Tokens are the last entry of the page before, in base64; an empty one is the same as none, as AWS answers it at the end.
Result<std::string> page_after(const std::optional<std::string>& token) {
  if (!token || token->empty()) return std::string();
  auto decoded = aws::from_base64(*token);
  if (!decoded) return fail(invalid_parameter("PaginationToken is not valid"));
  return std::move(*decoded);
}

Result<void> check(const wire::GetResourcesRequest& request) {
  if (request.include_compliance_details.value_or(false) || request.exclude_compliant_resources.value_or(false)) {
    return fail(invalid_parameter("Tag policies are not supported by this server: IncludeComplianceDetails"));
  }
  if (request.resource_arn_list && (request.tag_filters || request.resource_type_filters || request.resources_per_page ||
                                    request.tags_per_page || !request.pagination_token.value_or("").empty())) {
    return fail(invalid_parameter("ResourceARNList cannot be combined with other parameters"));
  }
  if (request.resources_per_page && (*request.resources_per_page < 1 || *request.resources_per_page > 100)) {
    return fail(invalid_parameter("ResourcesPerPage must be between 1 and 100"));
  }
  if (request.tags_per_page && (*request.tags_per_page < 100 || *request.tags_per_page > 500 || *request.tags_per_page % 100)) {
    return fail(invalid_parameter("TagsPerPage must be 100, 200, 300, 400 or 500"));
  }
  return {};
}

/// Every filter must hold; one holds when the resource has the key with one of the values, or with any when none is given.
bool matches(const wire::GetResourcesRequest& request, const std::string& arn, const Tags& tags) {
  if (request.resource_arn_list && std::ranges::count(*request.resource_arn_list, arn) == 0) return false;
  if (request.resource_type_filters && !request.resource_type_filters->empty()) {
    const auto type = resource_type_of(arn);
    if (std::ranges::none_of(*request.resource_type_filters, [&](const auto& filter) { return type_matches(type, filter); })) {
      return false;
    }
  }
  if (!request.tag_filters) return true;
  return std::ranges::all_of(*request.tag_filters, [&](const wire::TagFilter& filter) {
    const auto tag = tags.find(filter.key.value_or(""));
    if (tag == tags.end()) return false;
    return !filter.values || filter.values->empty() || std::ranges::count(*filter.values, tag->second) > 0;
  });
}

wire::ResourceTagMapping shown(const std::string& arn, const Tags& tags) {
  wire::ResourceTagMapping mapping;
  mapping.resource_arn = arn;
  mapping.tags.emplace();
  for (const auto& [key, value] : tags) mapping.tags->push_back({key, value});
  return mapping;
}

/// One page of names in order; `token` becomes that of the next page, or empty.
std::vector<std::string> names_behind(const std::set<std::string>& names, const std::string& after, std::string& token) {
  std::vector<std::string> page;
  for (auto at = names.upper_bound(after); at != names.end(); ++at) {
    if (page.size() == names_page) {
      token = aws::to_base64(page.back());
      break;
    }
    page.push_back(*at);
  }
  return page;
}

}  // namespace

Error invalid_parameter(std::string message) { return {"InvalidParameterException", std::move(message)}; }

Result<wire::GetResourcesResponse> get_resources(const wire::GetResourcesRequest& request, const Sources& sources,
                                                 const Context& context) {
  TRY_DO(check(request));
  TRY(after, page_after(request.pagination_token));
  const auto limit = static_cast<std::size_t>(request.resources_per_page.value_or(resources_default));
  const auto tags_limit = request.tags_per_page ? static_cast<std::size_t>(*request.tags_per_page) : SIZE_MAX;
  TRY(all, all_tagged(sources, context));
  wire::GetResourcesResponse response;
  response.pagination_token = "";
  auto& page = response.resource_tag_mapping_list.emplace();
  std::size_t tags_shown = 0;
  for (auto at = all.upper_bound(after); at != all.end(); ++at) {
    if (!matches(request, at->first, at->second)) continue;
    const bool full = !request.resource_arn_list && (page.size() == limit || tags_shown + at->second.size() > tags_limit);
    if (full && !page.empty()) {
      response.pagination_token = aws::to_base64(page.back().resource_arn.value_or(""));
      break;
    }
    tags_shown += at->second.size();
    page.push_back(shown(at->first, at->second));
  }
  return response;
}

Result<wire::GetTagKeysResponse> get_tag_keys(const wire::GetTagKeysRequest& request, const Sources& sources,
                                              const Context& context) {
  TRY(after, page_after(request.pagination_token));
  TRY(all, all_tagged(sources, context));
  std::set<std::string> keys;
  for (const auto& [arn, tags] : all) {
    for (const auto& [key, value] : tags) keys.insert(key);
  }
  wire::GetTagKeysResponse response;
  std::string token;
  response.tag_keys = names_behind(keys, after, token);
  response.pagination_token = std::move(token);
  return response;
}

Result<wire::GetTagValuesResponse> get_tag_values(const wire::GetTagValuesRequest& request, const Sources& sources,
                                                  const Context& context) {
  TRY(after, page_after(request.pagination_token));
  TRY(all, all_tagged(sources, context));
  std::set<std::string> values;
  for (const auto& [arn, tags] : all) {
    if (const auto tag = tags.find(request.key); tag != tags.end()) values.insert(tag->second);
  }
  wire::GetTagValuesResponse response;
  std::string token;
  response.tag_values = names_behind(values, after, token);
  response.pagination_token = std::move(token);
  return response;
}

}  // namespace mastic::resourcegroupstaggingapi
