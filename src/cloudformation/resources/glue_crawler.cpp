// AWS::Glue::Crawler
#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"Classifiers"},
    {"Configuration"},
    {"CrawlerSecurityConfiguration"},
    {"DatabaseName"},
    {"Description"},
    {"LakeFormationConfiguration"},
    {"Name", On::replace},
    {"RecrawlPolicy"},
    {"Role", On::update, true},
    {"Schedule"},
    {"SchemaChangePolicy"},
    {"TablePrefix"},
    {"Tags"},
    {"Targets", On::update, true},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"Configuration", Kind::document},
    {"Tags", Kind::strings},
    {"SampleSize", Kind::integer},
    {"ScanAll", Kind::boolean},
    {"ScanRate", Kind::number},
    {"CreateNativeDeltaTable", Kind::boolean},
    {"WriteManifest", Kind::boolean},
    {"MaximumTraversalDepth", Kind::integer},
    {"UseLakeFormationCredentials", Kind::boolean},
});
constexpr TypeTable table{"AWS::Glue::Crawler", properties, kinds,
                          "LakeFormationConfiguration{AccountId,UseLakeFormationCredentials},RecrawlPolicy{RecrawlBehavior},"
                          "Schedule{ScheduleExpression},SchemaChangePolicy{DeleteBehavior,UpdateBehavior},"
                          "Targets{CatalogTargets{ConnectionName,DatabaseName,DlqEventQueueArn,EventQueueArn,Tables},"
                          "DeltaTargets{ConnectionName,CreateNativeDeltaTable,DeltaTables,WriteManifest},DynamoDBTargets{Path,"
                          "ScanAll,ScanRate},HudiTargets{ConnectionName,Exclusions,MaximumTraversalDepth,Paths},"
                          "IcebergTargets{ConnectionName,Exclusions,MaximumTraversalDepth,Paths},JdbcTargets{ConnectionName,"
                          "EnableAdditionalMetadata,Exclusions,Path},MongoDBTargets{ConnectionName,Path},"
                          "S3Targets{ConnectionName,DlqEventQueueArn,EventQueueArn,Exclusions,Path,SampleSize}}"};

using Names = std::initializer_list<std::pair<const char*, const char*>>;

/// Glue spells DynamoDB's scan settings small, CloudFormation does not.
constexpr Names scan_names{{"ScanAll", "scanAll"}, {"ScanRate", "scanRate"}};

void rename(Json& object, Names names) {
  for (const auto& [from, to] : names) {
    if (!object.is_object() || !object.contains(from)) continue;
    object[to] = object[from];
    object.erase(from);
  }
}

/// CreateCrawler and UpdateCrawler take the same members.
Json request_of(const std::string& name, const Json& given) {
  auto request = given;
  request.erase("Tags");
  request["Name"] = name;
  if (given.contains("Schedule")) request["Schedule"] = text_of(given["Schedule"], "ScheduleExpression");
  if (auto targets = request.find("Targets"); targets != request.end() && targets->is_object()) {
    if (auto tables = targets->find("DynamoDBTargets"); tables != targets->end()) {
      for (auto& target : *tables) rename(target, scan_names);
    }
  }
  return request;
}

class Crawler final : public TabledType {
 public:
  Crawler() : TabledType(table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "Name", generated_name(context, 255));
    auto request = request_of(name, given);
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tags;
    TRY_DO(call_json(context, "glue", "CreateCrawler", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto request = request_of(id, after);
    // UpdateCrawler leaves alone what it is not told: what the template no longer says is emptied.
    for (const auto* member : {"Description", "Schedule", "TablePrefix", "Configuration"}) {
      if (before.contains(member) && !after.contains(member)) request[member] = "";
    }
    const auto reset = [&](const char* member, const Json& initial) {
      if (before.contains(member) && !after.contains(member)) request[member] = initial;
    };
    reset("Classifiers", Json::array());
    reset("SchemaChangePolicy", {{"UpdateBehavior", "UPDATE_IN_DATABASE"}, {"DeleteBehavior", "DEPRECATE_IN_DATABASE"}});
    reset("RecrawlPolicy", {{"RecrawlBehavior", "CRAWL_EVERYTHING"}});
    TRY_DO(call_json(context, "glue", "UpdateCrawler", request));
    TRY_DO(retag_glue(context, "crawler/" + id, before, after));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteCrawler", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetCrawler", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    const auto& crawler = member_of(*answer, "Crawler");
    auto found = crawler;
    found["Schedule"] = members_of(member_of(crawler, "Schedule"), {"ScheduleExpression"});
    if (auto& targets = found["Targets"]; targets.is_object() && targets.contains("DynamoDBTargets")) {
      for (auto& target : targets["DynamoDBTargets"]) rename(target, {{"scanAll", "ScanAll"}, {"scanRate", "ScanRate"}});
    }
    return std::optional<Json>(as_given(given, found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_crawler_type() { return std::make_unique<Crawler>(); }

}  // namespace mastic::cloudformation
