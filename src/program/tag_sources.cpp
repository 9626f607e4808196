#include "program/tag_sources.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "dynamodb/dynamodb.h"
#include "ecr/ecr.h"
#include "glue/glue.h"
#include "logs/logs.h"
#include "s3/s3.h"
#include "ssm/ssm.h"

namespace mastic::program {
namespace {

using Json = nlohmann::json;
using Context = aws::CallContext;
using Tags = std::map<std::string, std::string>;
using List = std::function<Result<std::vector<TaggedResource>>(const Context&)>;

/// How services spell the tags of a request.
enum class Spelling : uint8_t { map, pairs, prefixed_pairs };

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

constexpr Operations secrets_operations{
    .service = "secretsmanager", .resource = "SecretId", .tags = "Tags", .keys = "TagKeys", .spelling = Spelling::pairs};
constexpr Operations keys_operations{
    .service = "kms", .resource = "KeyId", .tags = "Tags", .keys = "TagKeys", .spelling = Spelling::prefixed_pairs};

Json spelled(const Tags& tags, Spelling spelling) {
  if (spelling == Spelling::map) return tags;
  const bool prefixed = spelling == Spelling::prefixed_pairs;
  Json pairs = Json::array();
  for (const auto& [key, value] : tags) {
    pairs.push_back({{prefixed ? "TagKey" : "Key", key}, {prefixed ? "TagValue" : "Value", value}});
  }
  return pairs;
}

Result<Json> call_json(const aws::ServiceCalls& calls, std::string_view service, std::string_view operation, const Json& body,
                       const Context& context) {
  TRY(answer, calls.call({.service = service, .operation = operation, .body = body.dump()}, context));
  auto read = Json::parse(answer.body.empty() ? "{}" : answer.body, nullptr, /*allow_exceptions=*/false);
  if (!read.is_object()) return fail(Error::internal("the answer of " + std::string(operation) + " is no JSON object"));
  return read;
}

/// A list of pairs, in either spelling, as tags.
Tags tags_from(const Json& pairs) {
  Tags tags;
  for (const auto& pair : pairs) {
    const bool prefixed = pair.contains("TagKey");
    tags[pair.value(prefixed ? "TagKey" : "Key", "")] = pair.value(prefixed ? "TagValue" : "Value", "");
  }
  return tags;
}

Result<std::vector<TaggedResource>> list_secrets(const aws::ServiceCalls& calls, const Context& context) {
  std::vector<TaggedResource> resources;
  if (!calls.offers("secretsmanager", "ListSecrets")) return resources;
  Json request = Json::object();
  while (true) {
    TRY(page, call_json(calls, "secretsmanager", "ListSecrets", request, context));
    for (const auto& secret : page.value("SecretList", Json::array())) {
      resources.push_back({secret.value("ARN", ""), tags_from(secret.value("Tags", Json::array()))});
    }
    if (!page.contains("NextToken")) return resources;
    request["NextToken"] = page["NextToken"];
  }
}

Result<std::vector<TaggedResource>> list_keys(const aws::ServiceCalls& calls, const Context& context) {
  std::vector<TaggedResource> resources;
  if (!calls.offers("kms", "ListKeys") || !calls.offers("kms", "ListResourceTags")) return resources;
  Json request = Json::object();
  while (true) {
    TRY(page, call_json(calls, "kms", "ListKeys", request, context));
    for (const auto& key : page.value("Keys", Json::array())) {
      TRY(tags, call_json(calls, "kms", "ListResourceTags", {{"KeyId", key.value("KeyId", "")}}, context));
      resources.push_back({key.value("KeyArn", ""), tags_from(tags.value("Tags", Json::array()))});
    }
    if (!page.contains("NextMarker")) return resources;
    request["Marker"] = page["NextMarker"];
  }
}

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
    return call(operations_.tag, {{operations_.resource, arn}, {operations_.tags, spelled(tags, operations_.spelling)}},
                context);
  }

  Result<void> untag(std::string_view arn, const std::vector<std::string>& keys, const Context& context) override {
    return call(operations_.untag, {{operations_.resource, arn}, {operations_.keys, keys}}, context);
  }

 private:
  Result<void> call(std::string_view operation, const Json& body, const Context& context) {
    TRY_DO(call_json(calls_, operations_.service, operation, body, context));
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

/// Systems Manager's operations take a parameter's name, and an ARN does not tell `/a` from `a`: both are tried.
class ParameterTags final : public resourcegroupstaggingapi::TagSource {
 public:
  ParameterTags(ssm::Ssm& parameters, const aws::ServiceCalls& calls) : parameters_(parameters), calls_(calls) {}

  Result<std::vector<TaggedResource>> resources(const Context&) override {
    TRY(listed, parameters_.tagged_resources());
    std::vector<TaggedResource> resources;
    for (auto& [arn, tags] : listed) resources.push_back({std::move(arn), std::move(tags)});
    return resources;
  }

  [[nodiscard]] bool owns(std::string_view arn) const override {
    return arn.starts_with("arn:aws:ssm:") && arn.find(mark) != std::string_view::npos;
  }

  Result<void> tag(std::string_view arn, const Tags& tags, const Context& context) override {
    return call("AddTagsToResource", arn, {{"Tags", spelled(tags, Spelling::pairs)}}, context);
  }

  Result<void> untag(std::string_view arn, const std::vector<std::string>& keys, const Context& context) override {
    return call("RemoveTagsFromResource", arn, {{"TagKeys", keys}}, context);
  }

 private:
  static constexpr std::string_view mark = ":parameter/";

  Result<void> call(std::string_view operation, std::string_view arn, Json body, const Context& context) {
    const auto name = arn.substr(arn.find(mark) + mark.size());
    body["ResourceType"] = "Parameter";
    body["ResourceId"] = "/" + std::string(name);
    const auto done = call_json(calls_, "ssm", operation, body, context);
    if (done) return {};
    if (done.error().code != "InvalidResourceId") return fail(done.error());
    body["ResourceId"] = name;
    TRY_DO(call_json(calls_, "ssm", operation, body, context));
    return {};
  }

  ssm::Ssm& parameters_;
  const aws::ServiceCalls& calls_;
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
      std::make_shared<ParameterTags>(rooms.parameters, rooms.calls),
      service(secrets_operations, [&calls = rooms.calls](const Context& context) { return list_secrets(calls, context); }),
      service(keys_operations, [&calls = rooms.calls](const Context& context) { return list_keys(calls, context); }),
  };
}

}  // namespace mastic::program
