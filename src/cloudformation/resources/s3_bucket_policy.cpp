// AWS::S3::BucketPolicy
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Bucket", On::replace, true},
    {"PolicyDocument", On::update, true},
});
constexpr auto kinds = std::to_array<MemberKind>({{"PolicyDocument", Kind::document}});
constexpr TypeTable table{"AWS::S3::BucketPolicy", properties, kinds};

class BucketPolicy final : public TabledType {
 public:
  BucketPolicy() : TabledType(table) {}

 private:
  static Result<Made> put(const ResourceContext& context, const Json& given) {
    const auto bucket = text_of(given, "Bucket");
    TRY_DO(
        call_s3(context,
                {.service = "s3", .operation = "PutBucketPolicy", .body = text_of(given, "PolicyDocument"), .bucket = bucket}));
    return Made{.physical_id = bucket};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override { return put(context, given); }
  Result<Made> change(const ResourceContext& context, const std::string&, const Json&, const Json& after) const override {
    return put(context, after);
  }
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_bucket(context, "DeleteBucketPolicy", id), {"NoSuchBucket", "NoSuchBucketPolicy"});
  }
  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json&) const override {
    const auto answer = call_bucket(context, "GetBucketPolicy", id);
    if (!answer) return std::nullopt;
    // The policy is the answer's streamed body or its text, as the room keeps it.
    const auto& text = answer->stream ? answer->stream->bytes : answer->body;
    auto document = Json::parse(text, nullptr, false);
    if (document.is_discarded()) return std::nullopt;
    return std::optional<Json>(Json{{"Bucket", id}, {"PolicyDocument", std::move(document)}});
  }
};

}  // namespace

std::unique_ptr<ResourceType> s3_bucket_policy_type() { return std::make_unique<BucketPolicy>(); }

}  // namespace mastic::cloudformation
