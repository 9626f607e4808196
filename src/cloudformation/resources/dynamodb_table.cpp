// AWS::DynamoDB::Table
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <thread>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"AttributeDefinitions"},
    {"BillingMode"},
    {"ContributorInsightsSpecification", On::ignored},
    {"DeletionProtectionEnabled"},
    {"GlobalSecondaryIndexes"},
    {"ImportSourceSpecification", On::ignored},
    {"KeySchema", On::replace, true},
    {"KinesisStreamSpecification", On::ignored},
    {"LocalSecondaryIndexes", On::replace},
    {"OnDemandThroughput", On::ignored},
    {"PointInTimeRecoverySpecification", On::ignored},
    {"ProvisionedThroughput"},
    {"ResourcePolicy", On::ignored},
    {"SSESpecification", On::ignored},
    {"StreamSpecification"},
    {"TableClass"},
    {"TableName", On::replace},
    {"Tags"},
    {"TimeToLiveSpecification"},
    {"WarmThroughput", On::ignored},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"ReadCapacityUnits", Kind::integer},
    {"WriteCapacityUnits", Kind::integer},
    {"DeletionProtectionEnabled", Kind::boolean},
    {"Enabled", Kind::boolean},
});
constexpr TypeTable table{"AWS::DynamoDB::Table", properties, kinds,
                          "AttributeDefinitions{AttributeName,AttributeType},"
                          "GlobalSecondaryIndexes{!ContributorInsightsSpecification,IndexName,KeySchema{AttributeName,KeyType},"
                          "!OnDemandThroughput,Projection{NonKeyAttributes,ProjectionType},"
                          "ProvisionedThroughput{ReadCapacityUnits,WriteCapacityUnits},!WarmThroughput},"
                          "KeySchema{AttributeName,KeyType},LocalSecondaryIndexes{IndexName,KeySchema{AttributeName,KeyType},"
                          "Projection{NonKeyAttributes,ProjectionType}},ProvisionedThroughput{ReadCapacityUnits,"
                          "WriteCapacityUnits},StreamSpecification{!ResourcePolicy,StreamViewType,!Tags},"
                          "TimeToLiveSpecification{AttributeName,Enabled},Tags{Key,Value}"};

/// Index members that CreateTable knows; CloudFormation's others tune what Mastic does not have.
Json index_of(const Json& index) {
  return members_of(index, {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput"});
}

Json create_request(const ResourceContext& context, const std::string& name, const Json& given) {
  auto request = members_of(given, {"AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "KeySchema",
                                    "LocalSecondaryIndexes", "ProvisionedThroughput", "TableClass"});
  request["TableName"] = name;
  if (!given.contains("BillingMode")) request["BillingMode"] = "PROVISIONED";
  for (const auto& index : as_list(member_of(given, "GlobalSecondaryIndexes"))) {
    request["GlobalSecondaryIndexes"].push_back(index_of(index));
  }
  if (given.contains("StreamSpecification")) {
    request["StreamSpecification"] = {{"StreamEnabled", true},
                                      {"StreamViewType", text_of(given["StreamSpecification"], "StreamViewType")}};
  }
  if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = tag_list(tags);
  return request;
}

class Table final : public TabledType {
 public:
  Table() : TabledType(table) {}

 private:
  static Result<Json> describe(const ResourceContext& context, const std::string& name) {
    TRY(answer, call_json(context, "dynamodb", "DescribeTable", {{"TableName", name}}));
    return Json(member_of(answer, "Table"));
  }

  static Result<Made> made(const ResourceContext& context, const std::string& name) {
    TRY(described, describe(context, name));
    Made one{.physical_id = name};
    one.attributes["Arn"] = text_of(described, "TableArn", arn_of(context, "dynamodb", "table/" + name));
    if (described.contains("LatestStreamArn")) one.attributes["StreamArn"] = described["LatestStreamArn"];
    return one;
  }

  /// Tables change at once here; the loop is for a service that takes its time, as AWS's does.
  static Result<void> wait_until_active(const ResourceContext& context, const std::string& name) {
    for (int tries = 0; tries < 600; ++tries) {
      TRY(described, describe(context, name));
      if (text_of(described, "TableStatus") == "ACTIVE") return {};
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fail(Error{"NotStabilized", fmt::format("Resource of type 'AWS::DynamoDB::Table' did not stabilize: {}", name)});
  }

  static Result<void> set_time_to_live(const ResourceContext& context, const std::string& name, const Json& before,
                                       const Json& after) {
    const auto& wanted = member_of(after, "TimeToLiveSpecification");
    const auto& held = member_of(before, "TimeToLiveSpecification");
    if (wanted == held) return {};
    auto specification = wanted.is_null() ? held : wanted;
    if (wanted.is_null()) specification["Enabled"] = false;
    if (!is_true(specification, "Enabled") && (held.is_null() || !is_true(held, "Enabled"))) return {};
    TRY_DO(
        call_json(context, "dynamodb", "UpdateTimeToLive", {{"TableName", name}, {"TimeToLiveSpecification", specification}}));
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    const auto name = text_of(given, "TableName", generated_name(context, 255));
    TRY_DO(call_json(context, "dynamodb", "CreateTable", create_request(context, name, given)));
    auto finished = wait_until_active(context, name);
    if (finished) finished = set_time_to_live(context, name, Json::object(), given);
    if (!finished) {
      (void)call_json(context, "dynamodb", "DeleteTable", {{"TableName", name}});
      return fail(std::move(finished).error());
    }
    return made(context, name);
  }

  static Result<void> call_update(const ResourceContext& context, Json request, const std::string& name) {
    request["TableName"] = name;
    TRY_DO(call_json(context, "dynamodb", "UpdateTable", request));
    return wait_until_active(context, name);
  }

  /// DynamoDB makes or drops one index per call.
  static Result<void> change_indexes(const ResourceContext& context, const std::string& name, const Json& before,
                                     const Json& after) {
    std::map<std::string, Json> held;
    std::map<std::string, Json> wanted;
    for (const auto& index : as_list(member_of(before, "GlobalSecondaryIndexes")))
      held[text_of(index, "IndexName")] = index_of(index);
    for (const auto& index : as_list(member_of(after, "GlobalSecondaryIndexes")))
      wanted[text_of(index, "IndexName")] = index_of(index);
    const auto remade = [&](const std::string& index) {
      return differ(held[index], wanted[index], {"KeySchema", "Projection"});
    };
    for (const auto& [index, definition] : held) {
      if (wanted.contains(index) && !remade(index)) continue;
      TRY_DO(call_update(context, {{"GlobalSecondaryIndexUpdates", Json::array({Json{{"Delete", {{"IndexName", index}}}}})}},
                         name));
    }
    for (const auto& [index, definition] : wanted) {
      if (!held.contains(index) || remade(index)) {
        TRY_DO(call_update(context,
                           {{"AttributeDefinitions", member_of(after, "AttributeDefinitions")},
                            {"GlobalSecondaryIndexUpdates", Json::array({Json{{"Create", definition}}})}},
                           name));
      } else if (differ(held[index], definition, {"ProvisionedThroughput"}) && definition.contains("ProvisionedThroughput")) {
        const Json update = {{"IndexName", index}, {"ProvisionedThroughput", definition["ProvisionedThroughput"]}};
        TRY_DO(call_update(context, {{"GlobalSecondaryIndexUpdates", Json::array({Json{{"Update", update}}})}}, name));
      }
    }
    return {};
  }

  static Result<void> change_tags(const ResourceContext& context, const std::string& arn, const Json& before,
                                  const Json& after) {
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    if (!gone.empty()) TRY_DO(call_json(context, "dynamodb", "UntagResource", {{"ResourceArn", arn}, {"TagKeys", gone}}));
    if (!tags.empty()) TRY_DO(call_json(context, "dynamodb", "TagResource", {{"ResourceArn", arn}, {"Tags", tag_list(tags)}}));
    return {};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"BillingMode", "ProvisionedThroughput"})) {
      auto request = members_of(after, {"ProvisionedThroughput"});
      request["BillingMode"] = text_of(after, "BillingMode", "PROVISIONED");
      TRY_DO(call_update(context, request, id));
    }
    if (differ(before, after, {"DeletionProtectionEnabled"})) {
      TRY_DO(call_update(context, {{"DeletionProtectionEnabled", is_true(after, "DeletionProtectionEnabled")}}, id));
    }
    if (differ(before, after, {"TableClass"})) {
      TRY_DO(call_update(context, {{"TableClass", text_of(after, "TableClass", "STANDARD")}}, id));
    }
    if (differ(before, after, {"StreamSpecification"})) {
      const auto& stream = member_of(after, "StreamSpecification");
      Json specification = {{"StreamEnabled", !stream.is_null()}};
      if (!stream.is_null()) specification["StreamViewType"] = text_of(stream, "StreamViewType");
      TRY_DO(call_update(context, {{"StreamSpecification", specification}}, id));
    }
    TRY_DO(change_indexes(context, id, before, after));
    TRY_DO(set_time_to_live(context, id, before, after));
    TRY(one, made(context, id));
    TRY_DO(change_tags(context, text_of(one.attributes, "Arn"), before, after));
    return std::move(one);
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "dynamodb", "DeleteTable", {{"TableName", id}}), {"ResourceNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto described = describe(context, id);
    if (failed_with(described, "ResourceNotFoundException")) return std::nullopt;
    if (!described) return fail(Error(described.error()));
    auto found = members_of(*described, {"AttributeDefinitions", "KeySchema", "DeletionProtectionEnabled"});
    if (given.contains("TableName")) found["TableName"] = id;
    if (given.contains("BillingMode")) {
      found["BillingMode"] = text_of(member_of(*described, "BillingModeSummary"), "BillingMode", "PROVISIONED");
    }
    if (given.contains("ProvisionedThroughput")) {
      found["ProvisionedThroughput"] =
          members_of(member_of(*described, "ProvisionedThroughput"), {"ReadCapacityUnits", "WriteCapacityUnits"});
    }
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> dynamodb_table_type() { return std::make_unique<Table>(); }

}  // namespace mastic::cloudformation
