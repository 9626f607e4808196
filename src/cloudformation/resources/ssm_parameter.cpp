// AWS::SSM::Parameter
#include <fmt/format.h>

#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"AllowedPattern"},
    {"DataType"},
    {"Description"},
    {"Name", On::replace},
    {"Policies", On::ignored},
    {"Tags"},
    {"Tier"},
    {"Type", On::update, true},
    {"Value", On::update, true},
});
constexpr auto kinds = std::to_array<MemberKind>({{"Tags", Kind::strings}});
constexpr TypeTable table{"AWS::SSM::Parameter", properties, kinds};

class Parameter final : public TabledType {
 public:
  Parameter() : TabledType(table) {}

 private:
  static Made made(const std::string& name, const Json& given) {
    return {.physical_id = name, .attributes = {{"Type", text_of(given, "Type")}, {"Value", text_of(given, "Value")}}};
  }

  static Json request_of(const std::string& name, const Json& given) {
    auto request = given;
    request.erase("Tags");
    request["Name"] = name;
    return request;
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    if (text_of(given, "Type") == "SecureString") {
      return fail(Error{"ValidationError", "Properties validation failed for resource " + context.logical_id +
                                               " with message:\n#/Type: #: SecureString is not a valid enum value"});
    }
    const auto name = text_of(given, "Name", fmt::format("CFN-{}-{}", context.logical_id, random_letters(12)));
    auto request = request_of(name, given);
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tag_list(tags);
    TRY_DO(call_json(context, "ssm", "PutParameter", request));
    return made(name, given);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto request = request_of(id, after);
    request["Overwrite"] = true;
    if (before.contains("Description") && !after.contains("Description")) request["Description"] = "";
    TRY_DO(call_json(context, "ssm", "PutParameter", request));
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    Json resource = {{"ResourceType", "Parameter"}, {"ResourceId", id}};
    if (!gone.empty()) {
      resource["TagKeys"] = gone;
      TRY_DO(call_json(context, "ssm", "RemoveTagsFromResource", resource));
      resource.erase("TagKeys");
    }
    if (!tags.empty()) {
      resource["Tags"] = tag_list(tags);
      TRY_DO(call_json(context, "ssm", "AddTagsToResource", resource));
    }
    return made(id, after);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "ssm", "DeleteParameter", {{"Name", id}}), {"ParameterNotFound"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "ssm", "GetParameter", {{"Name", id}});
    if (failed_with(answer, "ParameterNotFound")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = members_of(member_of(*answer, "Parameter"), {"Type", "Value"});
    if (given.contains("Name")) found["Name"] = id;
    if (given.contains("Tags")) {
      TRY(listed, call_json(context, "ssm", "ListTagsForResource", {{"ResourceType", "Parameter"}, {"ResourceId", id}}));
      std::map<std::string, std::string> tags;
      for (const auto& tag : as_list(member_of(listed, "TagList"))) tags[text_of(tag, "Key")] = text_of(tag, "Value");
      found["Tags"] = tags_found(context, given["Tags"], tags);
    }
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> ssm_parameter_type() { return std::make_unique<Parameter>(); }

}  // namespace mastic::cloudformation
