#include "program/resource_facts.h"

#include <algorithm>
#include <array>

#include "aws/service.h"
#include "glue/glue.h"
#include "kms/kms.h"
#include "s3/object_store.h"
#include "secretsmanager/secretsmanager.h"

namespace mastic::program {
namespace {

constexpr std::string_view bucket_prefix = "arn:aws:s3:::";

/// What stands behind the fifth colon, and the service behind the second.
struct ArnParts {
  std::string_view service, resource;
};
ArnParts parts_of(std::string_view arn) {
  ArnParts parts;
  for (int part = 0; part < 5; ++part) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    if (part == 2) parts.service = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  parts.resource = arn;
  return parts;
}

/// "secret:NAME" → "NAME", "key/ID" → "ID", "alias/x" as it is.
std::string_view id_of(const ArnParts& arn) {
  const auto& [service, resource] = arn;
  if (service == "secretsmanager" && resource.starts_with("secret:")) return resource.substr(7);
  if (service == "kms" && resource.starts_with("key/")) return resource.substr(4);
  return resource;
}

/// The catalog's policy speaks of these; jobs and crawlers are not the catalog's.
bool in_catalog(std::string_view resource) {
  constexpr std::array<std::string_view, 5> kinds{"catalog", "database/", "table/", "userDefinedFunction/", "connection/"};
  return std::ranges::any_of(kinds, [&](auto kind) { return resource.starts_with(kind); });
}

}  // namespace

iam::AttachedPolicy ResourceFacts::policy_of(std::string_view action, std::string_view resource) const {
  if (resource.starts_with(bucket_prefix)) {
    if (action == "s3:CreateBucket") return {};
    const auto path = resource.substr(bucket_prefix.size());
    auto bucket = rooms_.objects.find_bucket(path.substr(0, path.find('/')));
    if (!bucket) return {};
    const bool closed = bucket->public_access_block && bucket->public_access_block->restrict_public_buckets;
    return {.document = std::move(bucket->policy), .closed_to_public = closed};
  }
  const auto arn = parts_of(resource);
  if (arn.service == "glue" && in_catalog(arn.resource)) return {.document = rooms_.glue.resource_policy()};
  if (arn.service == "secretsmanager" || arn.service == "kms") {
    auto found = arn.service == "kms" ? rooms_.keys.find_resource(id_of(arn)) : rooms_.secrets.find_resource(resource);
    if (found) return {.document = std::move(found->policy)};
  }
  return {};
}

std::map<std::string, std::string> ResourceFacts::tags_of(std::string_view resource) const {
  if (resource.starts_with(bucket_prefix)) {
    const auto path = resource.substr(bucket_prefix.size());
    const auto bucket = rooms_.objects.find_bucket(path);
    return bucket ? std::map<std::string, std::string>(bucket->tags.begin(), bucket->tags.end())
                  : std::map<std::string, std::string>{};
  }
  const auto arn = parts_of(resource);
  if (arn.service == "secretsmanager" || arn.service == "kms") {
    auto found = arn.service == "kms" ? rooms_.keys.find_resource(id_of(arn)) : rooms_.secrets.find_resource(resource);
    if (found) return std::move(found->tags);
    return {};
  }
  const aws::CallContext context;
  for (const auto& source : rooms_.tags) {
    if (!source->owns(resource)) continue;
    const auto all = source->resources(context);
    if (!all) continue;
    const auto found = std::ranges::find(*all, resource, &TaggedResource::arn);
    if (found != all->end()) return found->tags;
  }
  return {};
}

void ResourceFacts::complete(std::string& resource) const {
  const auto arn = parts_of(resource);
  if (arn.service == "secretsmanager" && arn.resource.starts_with("secret:")) {
    // Under its whole ARN, or named by it without the random end.
    auto found = rooms_.secrets.find_resource(resource);
    if (!found) found = rooms_.secrets.find_resource(id_of(arn));
    if (found) resource = found->arn;
  } else if (arn.service == "kms" && !arn.resource.empty()) {
    if (const auto found = rooms_.keys.find_resource(id_of(arn))) resource = found->arn;
  }
}

}  // namespace mastic::program
