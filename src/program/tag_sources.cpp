#include "program/tag_sources.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "dynamodb/dynamodb.h"
#include "ecr/ecr.h"
#include "glue/glue.h"
#include "logs/logs.h"
#include "s3/s3.h"

namespace mastic::program {
namespace {

using Json = nlohmann::json;
using Context = aws::CallContext;
using Tags = std::map<std::string, std::string>;
using List = std::function<Result<std::vector<TaggedResource>>(const Context&)>;

/// How services spell the tags of a request.
enum class Spelling : uint8_t { map, pairs };

/// A service's own operations for tags, with the members of their requests.
struct Operations {
  std::string_view service;
  std::string_view resource;  // the member that takes the ARN
  std::string_view tag = "TagResource", tags;
  std::string_view untag = "UntagResource", keys;
  Spelling spelling;
};

constexpr Operations dynamodb_operations{
    .service = "dynamodb", .resource = "ResourceArn", .tags = "Tags", .keys = "TagKeys", .spelling = Spelling::pairs};
constexpr Operations glue_operations{
    .service = "glue", .resource = "ResourceArn", .tags = "TagsToAdd", .keys = "TagsToRemove", .spelling = Spelling::map};
constexpr Operations logs_operations{
    .service = "logs", .resource = "resourceArn", .tags = "tags", .keys = "tagKeys", .spelling = Spelling::map};
constexpr Operations ecr_operations{
    .service = "ecr", .resource = "resourceArn", .tags = "tags", .keys = "tagKeys", .spelling = Spelling::pairs};

/// Lists through the room's header, changes through the service: checked as if a client had called it.
class ServiceTags final : public resourcegroupstaggingapi::TagSource {
 public:
  ServiceTags(const Operations& operations, const aws::ServiceCalls& calls, List list)
      : operations_(operations), calls_(calls), list_(std::move(list)) {}

  Result<std::vector<TaggedResource>> resources(const Context& context) override { return list_(context); }

  [[nodiscard]] bool owns(std::string_view arn) const override {
    return arn.starts_with("arn:aws:" + std::string(operations_.service) + ":");
  }

  Result<void> tag(std::string_view arn, const Tags& tags, const Context& context) override {
    Json spelled = tags;
    if (operations_.spelling == Spelling::pairs) {
      spelled = Json::array();
      for (const auto& [key, value] : tags) spelled.push_back({{"Key", key}, {"Value", value}});
    }
    return call(operations_.tag, {{operations_.resource, arn}, {operations_.tags, std::move(spelled)}}, context);
  }

  Result<void> untag(std::string_view arn, const std::vector<std::string>& keys, const Context& context) override {
    return call(operations_.untag, {{operations_.resource, arn}, {operations_.keys, keys}}, context);
  }

 private:
  Result<void> call(std::string_view operation, const Json& body, const Context& context) {
    TRY_DO(calls_.call({.service = operations_.service, .operation = operation, .body = body.dump()}, context));
    return {};
  }

  const Operations operations_;
  const aws::ServiceCalls& calls_;
  const List list_;
};

class BucketTags final : public resourcegroupstaggingapi::TagSource {
 public:
  explicit BucketTags(s3::ObjectStore& objects) : objects_(objects) {}

  Result<std::vector<TaggedResource>> resources(const Context&) override {
    TRY(buckets, s3::list_bucket_tags(objects_));
    std::vector<TaggedResource> resources;
    for (const auto& bucket : buckets) {
      resources.push_back({std::string(arn_prefix) + bucket.bucket, {bucket.tags.begin(), bucket.tags.end()}});
    }
    return resources;
  }

  [[nodiscard]] bool owns(std::string_view arn) const override { return arn.starts_with(arn_prefix); }

  Result<void> tag(std::string_view arn, const Tags& tags, const Context&) override {
    return s3::add_bucket_tags(objects_, arn.substr(arn_prefix.size()), {tags.begin(), tags.end()});
  }

  Result<void> untag(std::string_view arn, const std::vector<std::string>& keys, const Context&) override {
    return s3::remove_bucket_tags(objects_, arn.substr(arn_prefix.size()), keys);
  }

 private:
  static constexpr std::string_view arn_prefix = "arn:aws:s3:::";
  s3::ObjectStore& objects_;
};

}  // namespace

std::vector<std::shared_ptr<resourcegroupstaggingapi::TagSource>> tag_sources(const TaggedRooms& rooms) {
  const auto service = [&](const Operations& operations, List list) {
    return std::make_shared<ServiceTags>(operations, rooms.calls, std::move(list));
  };
  return {
      std::make_shared<BucketTags>(rooms.objects),
      service(dynamodb_operations, [&items = rooms.items](const Context&) { return items.tagged_resources(); }),
      service(
          glue_operations,
          [&glue = rooms.glue](const Context& context) { return glue.tagged_resources(context.region, context.account_id); }),
      service(
          logs_operations,
          [&logs = rooms.logs](const Context& context) { return logs.tagged_resources(context.region, context.account_id); }),
      service(ecr_operations, [&ecr = rooms.ecr](const Context&) { return ecr.tagged_resources(); }),
  };
}

}  // namespace mastic::program
