#include "aws/s3_router.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "aws/node.h"

namespace mastic::aws {
namespace {

/// Required by an operation but not part of its uri in the model.
struct Distinction {
  std::string_view operation;
  std::string_view parameters;  // separated by spaces
  std::string_view header;
};

/// Where the model has several operations at one method and uri, this tells them apart.
constexpr auto distinctions = std::to_array<Distinction>({
    {"AbortMultipartUpload", "uploadId", ""},
    {"CompleteMultipartUpload", "uploadId", ""},
    {"CopyObject", "", "x-amz-copy-source"},
    {"DeleteBucketAnalyticsConfiguration", "id", ""},
    {"GetBucketAnalyticsConfiguration", "id", ""},
    {"GetBucketIntelligentTieringConfiguration", "id", ""},
    {"GetBucketInventoryConfiguration", "id", ""},
    {"GetBucketMetricsConfiguration", "id", ""},
    {"ListParts", "uploadId", ""},
    {"UploadPart", "partNumber uploadId", ""},
    {"UploadPartCopy", "partNumber uploadId", "x-amz-copy-source"},
});

/// Superseded by an operation at the same place, or not of a general purpose bucket.
constexpr auto left_out = std::to_array<std::string_view>({
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
    "WriteGetObjectResponse",
});

/// Parameters that say nothing about the operation although some uri has them.
constexpr auto neutral = std::to_array<std::string_view>({"id", "list-type", "partNumber", "x-id"});

bool is_ip_address(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

S3Router::S3Router(const ServiceModel& model) {
  std::set<std::string> names;
  for (const auto& operation : model.operations) {
    if (std::ranges::find(left_out, operation.name) != left_out.end()) continue;
    Route route{.operation = &operation, .place = Place::service, .subresources = {}, .required_header = {}};
    const auto question = operation.uri.find('?');
    const auto path = operation.uri.substr(0, question);
    if (path.find("{Key+}") != std::string_view::npos) {
      route.place = Place::object;
    } else if (path.find("{Bucket}") != std::string_view::npos) {
      route.place = Place::bucket;
    }
    if (question != std::string_view::npos) route.subresources = parse_parameters(operation.uri.substr(question + 1), false);
    const auto distinction = std::ranges::find(distinctions, operation.name, &Distinction::operation);
    if (distinction != distinctions.end()) {
      route.required_header = distinction->header;
      for (auto rest = distinction->parameters; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        route.subresources.push_back({std::string(rest.substr(0, end)), {}});
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    for (const auto& subresource : route.subresources) names.insert(subresource.name);
    routes_.push_back(std::move(route));
  }
  for (const auto name : neutral) names.erase(std::string(name));
  subresource_names_.assign(names.begin(), names.end());
}

Result<const OperationModel*> S3Router::find(const HttpHead& head, bool has_bucket, bool has_key,
                                             std::span<const Parameter> query) const {
  const auto place = has_key ? Place::object : has_bucket ? Place::bucket : Place::service;
  const auto is_there = [&](const Parameter& wanted) {
    return std::ranges::any_of(query, [&](const Parameter& held) {
      return held.name == wanted.name && (wanted.value.empty() || held.value == wanted.value);
    });
  };
  const Route* best = nullptr;
  std::size_t best_score = 0;
  for (const auto& route : routes_) {
    if (route.place != place || route.operation->method != head.method) continue;
    if (!std::ranges::all_of(route.subresources, is_there)) continue;
    if (!route.required_header.empty() && !head.find(route.required_header)) continue;
    const auto score = 1 + route.subresources.size() * 2 + (route.required_header.empty() ? 0 : 1);
    if (score > best_score) {
      best = &route;
      best_score = score;
    }
  }
  // A subresource that the operation knows nothing of must not be ignored: DELETE …?acl is not DeleteObject.
  const auto is_foreign = [&](const Parameter& held) {
    return std::ranges::binary_search(subresource_names_, held.name) &&
           std::ranges::find(best->subresources, held.name, &Parameter::name) == best->subresources.end();
  };
  if (best == nullptr || std::ranges::any_of(query, is_foreign)) {
    return fail(Error{"MethodNotAllowed", "The specified method is not allowed against this resource.", 405});
  }
  return best->operation;
}

S3Path split_s3_path(std::string_view path, std::optional<std::string_view> host_bucket) {
  S3Path split;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (host_bucket) {
    split.bucket = std::string(*host_bucket);
  } else {
    const auto slash = path.find('/');
    if (!path.substr(0, slash).empty()) split.bucket = percent_decode(path.substr(0, slash), false);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  if (split.bucket && !path.empty()) split.key = percent_decode(path, false);
  return split;
}

std::vector<std::string_view> host_bucket_candidates(std::string_view host) {
  if (host.starts_with('[')) return {};
  host = host.substr(0, host.find(':'));
  if (is_ip_address(host)) return {};
  std::vector<std::string_view> candidates;
  for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1)) {
    if (dot > 0) candidates.push_back(host.substr(0, dot));
  }
  return candidates;
}

}  // namespace mastic::aws
