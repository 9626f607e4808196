// AWS::Glue::Connection and AWS::Glue::SecurityConfiguration
#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto connection_properties = std::to_array<Property>({
    {"CatalogId", On::replace, true},
    {"ConnectionInput", On::update, true},
    {"Tags"},
});
constexpr auto connection_kinds = std::to_array<MemberKind>({
    {"ConnectionProperties", Kind::strings},
    {"Tags", Kind::strings},
    {"AthenaProperties", Kind::strings},
    {"PythonProperties", Kind::strings},
    {"SparkProperties", Kind::strings},
    {"TokenUrlParametersMap", Kind::strings},
    {"ValidateCredentials", Kind::boolean},
});
constexpr TypeTable connection_table{
    "AWS::Glue::Connection", connection_properties, connection_kinds,
    "ConnectionInput{AthenaProperties,AuthenticationConfiguration{AuthenticationType,"
    "BasicAuthenticationCredentials{Password,Username},CustomAuthenticationCredentials,KmsKeyArn,"
    "OAuth2Properties{AuthorizationCodeProperties{AuthorizationCode,RedirectUri},"
    "OAuth2ClientApplication{AWSManagedClientApplicationReference,UserManagedClientApplicationClientId},"
    "OAuth2Credentials{AccessToken,JwtToken,RefreshToken,UserManagedClientApplicationClientSecret},"
    "OAuth2GrantType,TokenUrl,TokenUrlParametersMap},SecretArn},ConnectionProperties,ConnectionType,"
    "Description,MatchCriteria,Name,PhysicalConnectionRequirements{AvailabilityZone,SecurityGroupIdList,"
    "SubnetId},PythonProperties,SparkProperties,ValidateCredentials,ValidateForComputeEnvironments}",
    "ConnectionInput"};

class Connection final : public TabledType {
 public:
  Connection() : TabledType(connection_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto input = given["ConnectionInput"];
    const auto name = text_of(input, "Name", generated_name(context, 255));
    input["Name"] = name;
    Json request = {{"CatalogId", text_of(given, "CatalogId")}, {"ConnectionInput", input}};
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tags;
    TRY_DO(call_json(context, "glue", "CreateConnection", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto input = after["ConnectionInput"];
    input["Name"] = id;
    TRY_DO(call_json(context, "glue", "UpdateConnection",
                     {{"CatalogId", text_of(after, "CatalogId")}, {"Name", id}, {"ConnectionInput", input}}));
    TRY_DO(retag_glue(context, "connection/" + id, before, after));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteConnection", {{"ConnectionName", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetConnection", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    const Json found = {{"CatalogId", text_of(given, "CatalogId")}, {"ConnectionInput", member_of(*answer, "Connection")}};
    return std::optional<Json>(as_given(given, found));
  }
};

constexpr auto security_properties = std::to_array<Property>({
    {"EncryptionConfiguration", On::replace, true},
    {"Name", On::replace, true},
});
constexpr TypeTable security_table{"AWS::Glue::SecurityConfiguration",
                                   security_properties,
                                   {},
                                   "EncryptionConfiguration{CloudWatchEncryption{CloudWatchEncryptionMode,KmsKeyArn},"
                                   "JobBookmarksEncryption{JobBookmarksEncryptionMode,KmsKeyArn},S3Encryptions{KmsKeyArn,"
                                   "S3EncryptionMode}}"};

class SecurityConfiguration final : public TabledType {
 public:
  SecurityConfiguration() : TabledType(security_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto encryption = given["EncryptionConfiguration"];
    // A list in CloudFormation and in Glue, but of one element that templates also write alone; Glue spells it singular.
    if (encryption.contains("S3Encryptions")) {
      encryption["S3Encryption"] = as_list(encryption["S3Encryptions"]);
      encryption.erase("S3Encryptions");
    }
    TRY_DO(call_json(context, "glue", "CreateSecurityConfiguration",
                     {{"Name", text_of(given, "Name")}, {"EncryptionConfiguration", encryption}}));
    return Made{.physical_id = text_of(given, "Name")};
  }

  // Nothing of it can change in place.
  Result<Made> change(const ResourceContext&, const std::string& id, const Json&, const Json&) const override {
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteSecurityConfiguration", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetSecurityConfiguration", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = member_of(*answer, "SecurityConfiguration");
    if (auto& encryption = found["EncryptionConfiguration"]; encryption.contains("S3Encryption")) {
      encryption["S3Encryptions"] = encryption["S3Encryption"];
    }
    return std::optional<Json>(as_given(given, found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_connection_type() { return std::make_unique<Connection>(); }
std::unique_ptr<ResourceType> glue_security_configuration_type() { return std::make_unique<SecurityConfiguration>(); }

}  // namespace mastic::cloudformation
