// Custom::S3AutoDeleteObjects, which CDK's `autoDeleteObjects` puts beside a bucket: empties it before it is deleted.
#include <array>

#include "cloudformation/resources/bucket_content.h"
#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"BucketName", On::update, true},
    {"ServiceToken", On::replace, true},
});
constexpr TypeTable table{"Custom::S3AutoDeleteObjects", properties, {}};

/// Without this tag on the bucket CDK's own provider touches nothing: the bucket may have been taken out of the stack.
constexpr std::string_view consent = "aws-cdk:auto-delete-objects";

class AutoDeleteObjects final : public TabledType {
 public:
  AutoDeleteObjects() : TabledType(table) {}

 private:
  static Result<bool> consents(const ResourceContext& context, const std::string& bucket) {
    const auto answer = call_bucket(context, "GetBucketTagging", bucket);
    if (failed_with(answer, "NoSuchBucket") || failed_with(answer, "NoSuchTagSet")) return false;
    if (!answer) return fail(Error(answer.error()));
    TRY(document, from_xml(answer->body));
    for (const auto& tag : as_list(member_of(member_of(document, "TagSet"), "Tag"))) {
      if (text_of(tag, "Key") == consent && text_of(tag, "Value") == "true") return true;
    }
    return false;
  }

  static Result<void> empty(const ResourceContext& context, const std::string& bucket) {
    TRY(may, consents(context, bucket));
    return may ? empty_bucket(context, bucket) : Result<void>{};
  }

  Result<Made> make(const ResourceContext&, const Json& given) const override {
    return Made{.physical_id = text_of(given, "BucketName")};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    // A bucket of another name takes the place of this one, which goes after the update.
    if (differ(before, after, {"BucketName"})) TRY_DO(empty(context, text_of(before, "BucketName")));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string&, const Json& given) const override {
    return empty(context, text_of(given, "BucketName"));
  }

  Result<std::optional<Json>> look(const ResourceContext&, const std::string&, const Json& given) const override {
    return std::optional<Json>(given);
  }
};

}  // namespace

std::unique_ptr<ResourceType> auto_delete_objects_type() { return std::make_unique<AutoDeleteObjects>(); }

}  // namespace mastic::cloudformation
