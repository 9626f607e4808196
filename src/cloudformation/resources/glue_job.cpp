// AWS::Glue::Job
#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"AllocatedCapacity"},
    {"Command", On::update, true},
    {"Connections"},
    {"DefaultArguments"},
    {"Description"},
    {"ExecutionClass"},
    {"ExecutionProperty"},
    {"GlueVersion"},
    {"JobMode"},
    {"JobRunQueuingEnabled"},
    {"LogUri"},
    {"MaintenanceWindow"},
    {"MaxCapacity"},
    {"MaxRetries"},
    {"Name", On::replace},
    {"NonOverridableArguments"},
    {"NotificationProperty"},
    {"NumberOfWorkers"},
    {"Role", On::update, true},
    {"SecurityConfiguration"},
    {"SourceControlDetails"},
    {"Tags"},
    {"Timeout"},
    {"WorkerType"},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"AllocatedCapacity", Kind::integer},
    {"DefaultArguments", Kind::strings},
    {"NonOverridableArguments", Kind::strings},
    {"JobRunQueuingEnabled", Kind::boolean},
    {"MaxCapacity", Kind::number},
    {"MaxRetries", Kind::integer},
    {"MaxConcurrentRuns", Kind::integer},
    {"NotifyDelayAfter", Kind::integer},
    {"NumberOfWorkers", Kind::integer},
    {"Tags", Kind::strings},
    {"Timeout", Kind::integer},
});
constexpr TypeTable table{"AWS::Glue::Job", properties, kinds,
                          "Command{Name,PythonVersion,Runtime,ScriptLocation},Connections{Connections},"
                          "ExecutionProperty{MaxConcurrentRuns},NotificationProperty{NotifyDelayAfter}"};

class Job final : public TabledType {
 public:
  Job() : TabledType(table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "Name", generated_name(context, 255));
    // Glue takes the same creation twice; a job that is there already is not this stack's, though.
    if (call_json(context, "glue", "GetJob", {{"JobName", name}})) {
      return fail(
          Error{"AlreadyExistsException", "Resource of type 'AWS::Glue::Job' with identifier '" + name + "' already exists."});
    }
    auto request = given;
    request["Name"] = name;
    request.erase("Tags");
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tags;
    TRY_DO(call_json(context, "glue", "CreateJob", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto update = after;
    update.erase("Name");
    update.erase("Tags");
    // UpdateJob replaces the whole definition.
    TRY_DO(call_json(context, "glue", "UpdateJob", {{"JobName", id}, {"JobUpdate", update}}));
    TRY_DO(retag_glue(context, "job/" + id, before, after));
    return Made{.physical_id = id};
  }

  // DeleteJob succeeds for a job that is not there.
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteJob", {{"JobName", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetJob", {{"JobName", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    return std::optional<Json>(as_given(given, member_of(*answer, "Job")));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_job_type() { return std::make_unique<Job>(); }

}  // namespace mastic::cloudformation
