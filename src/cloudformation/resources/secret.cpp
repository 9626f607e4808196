// AWS::SecretsManager::Secret
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Description"},
    {"GenerateSecretString"},
    {"KmsKeyId"},
    {"Name", On::replace},
    {"ReplicaRegions", On::ignored},
    {"SecretString"},
    {"Tags"},
    {"Type", On::ignored},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"ExcludeLowercase", Kind::boolean},
    {"ExcludeNumbers", Kind::boolean},
    {"ExcludePunctuation", Kind::boolean},
    {"ExcludeUppercase", Kind::boolean},
    {"IncludeSpace", Kind::boolean},
    {"RequireEachIncludedType", Kind::boolean},
    {"PasswordLength", Kind::integer},
});
constexpr TypeTable table{"AWS::SecretsManager::Secret", properties, kinds,
                          "GenerateSecretString{ExcludeCharacters,ExcludeLowercase,ExcludeNumbers,ExcludePunctuation,"
                          "ExcludeUppercase,GenerateStringKey,IncludeSpace,PasswordLength,RequireEachIncludedType,"
                          "SecretStringTemplate},Tags{Key,Value}"};

class Secret final : public TabledType {
 public:
  Secret() : TabledType(table) {}

 private:
  static Made made(const std::string& arn) { return {.physical_id = arn, .attributes = {{"Id", arn}}}; }

  /// A random password, alone or as one more member of the template.
  static Result<std::string> generate(const ResourceContext& context, const Json& given) {
    auto request = given;
    request.erase("SecretStringTemplate");
    request.erase("GenerateStringKey");
    TRY(answer, call_json(context, "secretsmanager", "GetRandomPassword", request));
    const auto password = text_of(answer, "RandomPassword");
    if (!given.contains("GenerateStringKey") && !given.contains("SecretStringTemplate")) return password;
    auto secret = Json::parse(text_of(given, "SecretStringTemplate"), nullptr, false);
    if (!secret.is_object() || !given.contains("GenerateStringKey")) {
      return fail(
          Error{"ValidationError", "SecretStringTemplate must be a JSON object, given together with GenerateStringKey."});
    }
    secret[text_of(given, "GenerateStringKey")] = password;
    return secret.dump();
  }

  static Result<void> check_one_source(const Json& given) {
    if (!given.contains("SecretString") || !given.contains("GenerateSecretString")) return {};
    return fail(Error{"ValidationError", "You can't specify both SecretString and GenerateSecretString."});
  }

  static Result<void> add_value(const ResourceContext& context, const Json& given, Json& request) {
    TRY_DO(check_one_source(given));
    // Neither: a secret without a value.
    if (given.contains("SecretString")) {
      request["SecretString"] = given["SecretString"];
    } else if (given.contains("GenerateSecretString")) {
      TRY(text, generate(context, given["GenerateSecretString"]));
      request["SecretString"] = text;
    }
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto request = members_of(given, {"Description", "KmsKeyId"});
    request["Name"] = text_of(given, "Name", generated_name(context, 512));
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tag_list(tags);
    TRY_DO(add_value(context, given, request));
    TRY(answer, call_json(context, "secretsmanager", "CreateSecret", request));
    return made(text_of(answer, "ARN"));
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto request = members_of(after, {"Description", "KmsKeyId"});
    request["SecretId"] = id;
    if (before.contains("Description") && !after.contains("Description")) request["Description"] = "";
    // A changed rule makes a new value, as in AWS.
    if (differ(before, after, {"SecretString", "GenerateSecretString"})) TRY_DO(add_value(context, after, request));
    TRY_DO(call_json(context, "secretsmanager", "UpdateSecret", request));
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    if (!gone.empty()) TRY_DO(call_json(context, "secretsmanager", "UntagResource", {{"SecretId", id}, {"TagKeys", gone}}));
    if (!tags.empty()) {
      TRY_DO(call_json(context, "secretsmanager", "TagResource", {{"SecretId", id}, {"Tags", tag_list(tags)}}));
    }
    return made(id);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    const Json request = {{"SecretId", id}, {"ForceDeleteWithoutRecovery", true}};
    return unless_gone(call_json(context, "secretsmanager", "DeleteSecret", request), {"ResourceNotFoundException"});
  }

  // The value is not read: drift of a secret would show it.
  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "secretsmanager", "DescribeSecret", {{"SecretId", id}});
    if (failed_with(answer, "ResourceNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    if (answer->contains("DeletedDate")) return std::nullopt;
    auto found = Json::object();
    for (const auto* name : {"Description", "KmsKeyId", "Name"}) {
      if (given.contains(name) && answer->contains(name)) found[name] = (*answer)[name];
    }
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> secret_type() { return std::make_unique<Secret>(); }

}  // namespace mastic::cloudformation
