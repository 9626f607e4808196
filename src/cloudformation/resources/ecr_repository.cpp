// AWS::ECR::Repository
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"EmptyOnDelete"},
    {"EncryptionConfiguration", On::replace},
    {"ImageScanningConfiguration"},
    {"ImageTagMutability"},
    {"ImageTagMutabilityExclusionFilters", On::ignored},
    {"LifecyclePolicy"},
    {"RepositoryName", On::replace},
    {"RepositoryPolicyText"},
    {"Tags"},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"ScanOnPush", Kind::boolean},
    {"EmptyOnDelete", Kind::boolean},
    {"RepositoryPolicyText", Kind::document},
});
constexpr TypeTable table{"AWS::ECR::Repository", properties, kinds,
                          "EncryptionConfiguration{EncryptionType,KmsKey},ImageScanningConfiguration{ScanOnPush},"
                          "LifecyclePolicy{LifecyclePolicyText,!RegistryId},Tags{Key,Value}"};

class Repository final : public TabledType {
 public:
  Repository() : TabledType(table) {}

 private:
  static Result<Json> describe(const ResourceContext& context, const std::string& name) {
    TRY(answer, call_json(context, "ecr", "DescribeRepositories", {{"repositoryNames", Json::array({name})}}));
    const auto& all = member_of(answer, "repositories");
    return all.is_array() && !all.empty() ? all.front() : Json();
  }

  static Made made(const std::string& name, const Json& repository) {
    return {
        .physical_id = name,
        .attributes = {{"Arn", text_of(repository, "repositoryArn")}, {"RepositoryUri", text_of(repository, "repositoryUri")}}};
  }

  static Result<void> set_policies(const ResourceContext& context, const std::string& name, const Json& before,
                                   const Json& after) {
    const Json repository = {{"repositoryName", name}};
    if (differ(before, after, {"LifecyclePolicy"})) {
      if (const auto text = text_of(member_of(after, "LifecyclePolicy"), "LifecyclePolicyText"); text.empty()) {
        TRY_DO(call_json(context, "ecr", "DeleteLifecyclePolicy", repository));
      } else {
        TRY_DO(call_json(context, "ecr", "PutLifecyclePolicy", {{"repositoryName", name}, {"lifecyclePolicyText", text}}));
      }
    }
    if (differ(before, after, {"RepositoryPolicyText"})) {
      if (const auto text = text_of(after, "RepositoryPolicyText"); text.empty()) {
        TRY_DO(call_json(context, "ecr", "DeleteRepositoryPolicy", repository));
      } else {
        TRY_DO(call_json(context, "ecr", "SetRepositoryPolicy", {{"repositoryName", name}, {"policyText", text}}));
      }
    }
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "RepositoryName", generated_lower_name(context, 256));
    Json request = {{"repositoryName", name}};
    if (given.contains("ImageTagMutability")) request["imageTagMutability"] = given["ImageTagMutability"];
    if (given.contains("ImageScanningConfiguration")) {
      request["imageScanningConfiguration"] = {{"scanOnPush", is_true(given["ImageScanningConfiguration"], "ScanOnPush")}};
    }
    if (given.contains("EncryptionConfiguration")) {
      const auto& encryption = given["EncryptionConfiguration"];
      request["encryptionConfiguration"] = {{"encryptionType", text_of(encryption, "EncryptionType", "AES256")}};
      if (encryption.contains("KmsKey")) request["encryptionConfiguration"]["kmsKey"] = encryption["KmsKey"];
    }
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["tags"] = tag_list(tags);
    TRY(answer, call_json(context, "ecr", "CreateRepository", request));
    if (auto set = set_policies(context, name, Json::object(), given); !set) {
      (void)erase(context, name, given);
      return fail(std::move(set).error());
    }
    return made(name, member_of(answer, "repository"));
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"ImageTagMutability"})) {
      TRY_DO(call_json(context, "ecr", "PutImageTagMutability",
                       {{"repositoryName", id}, {"imageTagMutability", text_of(after, "ImageTagMutability", "MUTABLE")}}));
    }
    if (differ(before, after, {"ImageScanningConfiguration"})) {
      const bool scan = is_true(member_of(after, "ImageScanningConfiguration"), "ScanOnPush");
      TRY_DO(call_json(context, "ecr", "PutImageScanningConfiguration",
                       {{"repositoryName", id}, {"imageScanningConfiguration", {{"scanOnPush", scan}}}}));
    }
    TRY_DO(set_policies(context, id, before, after));
    TRY(repository, describe(context, id));
    const auto arn = text_of(repository, "repositoryArn");
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    if (!gone.empty()) TRY_DO(call_json(context, "ecr", "UntagResource", {{"resourceArn", arn}, {"tagKeys", gone}}));
    if (!tags.empty()) TRY_DO(call_json(context, "ecr", "TagResource", {{"resourceArn", arn}, {"tags", tag_list(tags)}}));
    return made(id, repository);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const Json request = {{"repositoryName", id}, {"force", is_true(given, "EmptyOnDelete")}};
    return unless_gone(call_json(context, "ecr", "DeleteRepository", request), {"RepositoryNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto repository = describe(context, id);
    if (failed_with(repository, "RepositoryNotFoundException")) return std::nullopt;
    if (!repository) return fail(Error(repository.error()));
    auto found = Json::object();
    if (given.contains("RepositoryName")) found["RepositoryName"] = id;
    if (given.contains("ImageTagMutability")) found["ImageTagMutability"] = text_of(*repository, "imageTagMutability");
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> ecr_repository_type() { return std::make_unique<Repository>(); }

}  // namespace mastic::cloudformation
