// AWS::Events::Rule
#include "cloudformation/resources/events_rule.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Description"},
    {"EventBusName", On::replace},
    {"EventPattern"},
    {"Name", On::replace},
    {"RoleArn"},
    {"ScheduleExpression"},
    {"State"},
    {"Tags"},
    {"Targets"},
});
constexpr auto kinds = std::to_array<MemberKind>({{"EventPattern", Kind::document}});
// Of a target only what the service takes here; it refuses the rest by name, and so does this.
constexpr TypeTable table{"AWS::Events::Rule", properties, kinds, "Tags{Key,Value},Targets{Arn,Id,Input,InputPath,RoleArn}"};

/// The rule's targets have no order of their own: they take the template's.
Json in_order_of(const Json& given, const Json& found) {
  const auto wanted = as_list(given);
  const auto place = [&](const Json& target) {
    return std::ranges::find_if(wanted, [&](const Json& one) { return text_of(one, "Id") == text_of(target, "Id"); }) -
           wanted.begin();
  };
  std::vector<Json> sorted(found.begin(), found.end());
  std::ranges::stable_sort(sorted, {}, place);
  return sorted;
}

class Rule final : public TabledType {
 public:
  Rule() : TabledType(table) {}

 private:
  static Made made(const ResourceContext& context, const std::string& name) {
    return {.physical_id = name, .attributes = {{"Arn", arn_of(context, "events", "rule/" + name)}}};
  }

  static Result<void> put_rule(const ResourceContext& context, const std::string& name, Json request) {
    request["Name"] = name;
    request.erase("Targets");
    request.erase("Tags");
    TRY_DO(call_json(context, "events", "PutRule", request));
    return {};
  }

  static Result<void> put_targets(const ResourceContext& context, const std::string& name, const Json& targets) {
    if (as_list(targets).empty()) return {};
    TRY(answer, call_json(context, "events", "PutTargets", {{"Rule", name}, {"Targets", targets}}));
    for (const auto& failed : as_list(member_of(answer, "FailedEntries")))
      return fail(Error{text_of(failed, "ErrorCode"), text_of(failed, "ErrorMessage")});
    return {};
  }

  static Result<void> remove_targets(const ResourceContext& context, const std::string& name, const Json& before,
                                     const Json& after) {
    auto gone = Json::array();
    for (const auto& target : as_list(before)) {
      const auto kept = as_list(after);
      if (std::ranges::none_of(kept, [&](const Json& other) { return text_of(other, "Id") == text_of(target, "Id"); }))
        gone.push_back(text_of(target, "Id"));
    }
    if (gone.empty()) return {};
    return unless_gone(call_json(context, "events", "RemoveTargets", {{"Rule", name}, {"Ids", gone}}),
                       {"ResourceNotFoundException"});
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "Name", generated_name(context, 64));
    TRY_DO(put_rule(context, name, given));
    auto finished = put_targets(context, name, member_of(given, "Targets"));
    const auto tags = tags_of(context, member_of(given, "Tags"));
    if (finished && !tags.empty()) finished = tag(context, name, tags);
    if (finished) return made(context, name);
    (void)erase(context, name, given);
    return fail(std::move(finished).error());
  }

  static Result<void> tag(const ResourceContext& context, const std::string& name,
                          const std::map<std::string, std::string>& tags) {
    const auto arn = arn_of(context, "events", "rule/" + name);
    TRY_DO(call_json(context, "events", "TagResource", {{"ResourceARN", arn}, {"Tags", tag_list(tags)}}));
    return {};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    TRY_DO(put_rule(context, id, after));
    TRY_DO(remove_targets(context, id, member_of(before, "Targets"), member_of(after, "Targets")));
    TRY_DO(put_targets(context, id, member_of(after, "Targets")));
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    const auto arn = arn_of(context, "events", "rule/" + id);
    if (!gone.empty()) TRY_DO(call_json(context, "events", "UntagResource", {{"ResourceARN", arn}, {"TagKeys", gone}}));
    if (!tags.empty()) TRY_DO(tag(context, id, tags));
    return made(context, id);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    TRY_DO(remove_targets(context, id, member_of(given, "Targets"), Json::array()));
    return unless_gone(call_json(context, "events", "DeleteRule", {{"Name", id}}), {"ResourceNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "events", "DescribeRule", {{"Name", id}});
    if (failed_with(answer, "ResourceNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = Json::object();
    for (const auto* member : {"Description", "Name", "RoleArn", "State"})
      if (given.contains(member) && answer->contains(member)) found[member] = (*answer)[member];
    if (given.contains("EventPattern")) {
      auto pattern = Json::parse(text_of(*answer, "EventPattern"), nullptr, /*allow_exceptions=*/false);
      found["EventPattern"] = std::move(pattern);
    }
    if (given.contains("Targets")) {
      TRY(listed, call_json(context, "events", "ListTargetsByRule", {{"Rule", id}}));
      found["Targets"] = in_order_of(given["Targets"], as_list(member_of(listed, "Targets")));
    }
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> events_rule_type() { return std::make_unique<Rule>(); }

}  // namespace mastic::cloudformation
