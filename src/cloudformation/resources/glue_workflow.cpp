// AWS::Glue::Workflow
#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"DefaultRunProperties"},
    {"Description"},
    {"MaxConcurrentRuns"},
    {"Name", On::replace},
    {"Tags"},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"DefaultRunProperties", Kind::strings},
    {"MaxConcurrentRuns", Kind::integer},
    {"Tags", Kind::strings},
});
constexpr TypeTable table{"AWS::Glue::Workflow", properties, kinds, ""};

class Workflow final : public TabledType {
 public:
  Workflow() : TabledType(table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "Name", generated_name(context, 255));
    auto request = given;
    request["Name"] = name;
    request.erase("Tags");
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tags;
    TRY_DO(call_json(context, "glue", "CreateWorkflow", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto update = after;
    update.erase("Tags");
    update["Name"] = id;
    TRY_DO(call_json(context, "glue", "UpdateWorkflow", update));
    TRY_DO(retag_glue(context, "workflow/" + id, before, after));
    return Made{.physical_id = id};
  }

  // DeleteWorkflow succeeds for a workflow that is not there.
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteWorkflow", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetWorkflow", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    return std::optional<Json>(as_given(given, member_of(*answer, "Workflow")));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_workflow_type() { return std::make_unique<Workflow>(); }

}  // namespace mastic::cloudformation
