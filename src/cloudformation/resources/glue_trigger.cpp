// AWS::Glue::Trigger
#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Actions", On::update, true},
    {"Description"},
    {"EventBatchingCondition"},
    {"Name", On::replace},
    {"Predicate"},
    {"Schedule"},
    {"StartOnCreation"},
    {"Tags"},
    {"Type", On::replace, true},
    {"WorkflowName", On::replace},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"Arguments", Kind::strings},
    {"BatchSize", Kind::integer},
    {"BatchWindow", Kind::integer},
    {"NotifyDelayAfter", Kind::integer},
    {"StartOnCreation", Kind::boolean},
    {"Tags", Kind::strings},
    {"Timeout", Kind::integer},
});
constexpr TypeTable table{
    "AWS::Glue::Trigger", properties, kinds,
    "Actions{Arguments,CrawlerName,JobName,NotificationProperty{NotifyDelayAfter},SecurityConfiguration,Timeout},"
    "EventBatchingCondition{BatchSize,BatchWindow},"
    "Predicate{Conditions{CrawlState,CrawlerName,JobName,LogicalOperator,State},Logical}"};

bool starts(const Json& given) { return given.value("StartOnCreation", false); }

class Trigger final : public TabledType {
 public:
  Trigger() : TabledType(table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "Name", generated_name(context, 255));
    auto request = given;
    request["Name"] = name;
    request.erase("Tags");
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tags;
    TRY_DO(call_json(context, "glue", "CreateTrigger", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto update = after;
    for (const auto* member : {"Name", "Tags", "Type", "WorkflowName", "StartOnCreation"}) update.erase(member);
    TRY_DO(call_json(context, "glue", "UpdateTrigger", {{"Name", id}, {"TriggerUpdate", update}}));
    if (starts(before) != starts(after))
      TRY_DO(call_json(context, "glue", starts(after) ? "StartTrigger" : "StopTrigger", {{"Name", id}}));
    TRY_DO(retag_glue(context, "trigger/" + id, before, after));
    return Made{.physical_id = id};
  }

  // DeleteTrigger succeeds for a trigger that is not there.
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteTrigger", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetTrigger", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    return std::optional<Json>(as_given(given, member_of(*answer, "Trigger")));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_trigger_type() { return std::make_unique<Trigger>(); }

}  // namespace mastic::cloudformation
