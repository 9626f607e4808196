// AWS::S3::Bucket
#include <fmt/format.h>

#include <array>

#include "cloudformation/resources/s3_bucket_settings.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"AbacStatus", On::ignored},
    {"AccelerateConfiguration", On::ignored},
    {"AccessControl"},
    {"AnalyticsConfigurations", On::ignored},
    {"BucketEncryption"},
    {"BucketName", On::replace},
    {"CorsConfiguration", On::ignored},
    {"IntelligentTieringConfigurations", On::ignored},
    {"InventoryConfigurations", On::ignored},
    {"LifecycleConfiguration"},
    {"LoggingConfiguration", On::ignored},
    {"MetadataConfiguration", On::ignored},
    {"MetadataTableConfiguration", On::ignored},
    {"MetricsConfigurations", On::ignored},
    {"NotificationConfiguration"},
    {"ObjectLockConfiguration", On::ignored},
    {"ObjectLockEnabled", On::ignored},
    {"OwnershipControls"},
    {"PublicAccessBlockConfiguration"},
    {"ReplicationConfiguration", On::ignored},
    {"Tags"},
    {"VersioningConfiguration"},
    {"WebsiteConfiguration", On::ignored},
});

// S3 reads XML: every scalar goes as text.
constexpr TypeTable table{"AWS::S3::Bucket",
                          properties,
                          {},
                          "BucketEncryption{ServerSideEncryptionConfiguration{!BlockedEncryptionTypes,BucketKeyEnabled,"
                          "ServerSideEncryptionByDefault{KMSMasterKeyID,SSEAlgorithm}}},"
                          "LifecycleConfiguration{Rules{AbortIncompleteMultipartUpload{DaysAfterInitiation},ExpirationDate,"
                          "ExpirationInDays,ExpiredObjectDeleteMarker,Id,NoncurrentVersionExpiration{NewerNoncurrentVersions,"
                          "NoncurrentDays},NoncurrentVersionExpirationInDays,"
                          "NoncurrentVersionTransition{NewerNoncurrentVersions,StorageClass,TransitionInDays},"
                          "NoncurrentVersionTransitions{NewerNoncurrentVersions,StorageClass,TransitionInDays},"
                          "ObjectSizeGreaterThan,ObjectSizeLessThan,Prefix,Status,TagFilters{Key,Value},"
                          "Transition{StorageClass,TransitionDate,TransitionInDays},Transitions{StorageClass,TransitionDate,"
                          "TransitionInDays}},!TransitionDefaultMinimumObjectSize},"
                          "NotificationConfiguration{EventBridgeConfiguration{EventBridgeEnabled},!LambdaConfigurations,"
                          "!QueueConfigurations,!TopicConfigurations},OwnershipControls{Rules{ObjectOwnership}},"
                          "PublicAccessBlockConfiguration{BlockPublicAcls,BlockPublicPolicy,IgnorePublicAcls,"
                          "RestrictPublicBuckets},VersioningConfiguration{Status},Tags{Key,Value}"};

class Bucket final : public TabledType {
 public:
  Bucket() : TabledType(table) {}

 private:
  static Made made(const ResourceContext& context, const std::string& name, const Json& given) {
    const auto& region = context.region;
    Made bucket{.physical_id = name};
    bucket.attributes = {{"Arn", "arn:aws:s3:::" + name},
                         {"DomainName", name + ".s3.amazonaws.com"},
                         {"RegionalDomainName", fmt::format("{}.s3.{}.amazonaws.com", name, region)},
                         {"DualStackDomainName", fmt::format("{}.s3.dualstack.{}.amazonaws.com", name, region)},
                         {"WebsiteURL", fmt::format("http://{}.s3-website-{}.amazonaws.com", name, region)}};
    if (text_of(given, "AccessControl") == "LogDeliveryWrite") bucket.ignored_properties.emplace_back("AccessControl");
    return bucket;
  }

  /// What S3 is asked for: nobody delivers server access logs here.
  static Json without_log_delivery(Json given) {
    if (text_of(given, "AccessControl") == "LogDeliveryWrite") given.erase("AccessControl");
    return given;
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "BucketName", generated_lower_name(context, 63));
    // S3 in us-east-1 takes the creation of one's own bucket twice; CloudFormation does not.
    if (call_bucket(context, "HeadBucket", name))
      return fail(Error{"AlreadyExists", fmt::format("{} already exists", name), 409});
    const Json location =
        context.region == "us-east-1" ? Json() : Json{{"CreateBucketConfiguration", {{"LocationConstraint", context.region}}}};
    TRY_DO(call_bucket(context, "CreateBucket", name, location));
    if (auto applied = apply_bucket_settings(context, name, Json::object(), without_log_delivery(given)); !applied) {
      (void)call_bucket(context, "DeleteBucket", name);
      return fail(std::move(applied).error());
    }
    return made(context, name, given);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    TRY_DO(apply_bucket_settings(context, id, without_log_delivery(before), without_log_delivery(after)));
    return made(context, id, after);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_bucket(context, "DeleteBucket", id), {"NoSuchBucket"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    if (!call_bucket(context, "HeadBucket", id)) return std::nullopt;
    TRY(found, read_bucket_settings(context, id, given));
    if (given.contains("BucketName")) found["BucketName"] = id;
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> s3_bucket_type() { return std::make_unique<Bucket>(); }

}  // namespace mastic::cloudformation
