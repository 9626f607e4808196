#include "iam/authorize/needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "iam/authorize/request_texts.h"

namespace mastic::iam {
namespace {

struct Row {
  std::string_view service, operation;
  std::string_view resources;  // templates, a blank between; behind arn:aws:SERVICE:REGION:ACCOUNT: unless {…} is an ARN
  std::string_view action = {};
  std::string_view passed_role = {};  // the member that names a role which the service gets
};

constexpr std::string_view database = "catalog database/{Name}";
constexpr std::string_view in_database = "catalog database/{DatabaseName}";
constexpr std::string_view one_table = "catalog database/{DatabaseName} table/{DatabaseName}/{Name}";
constexpr std::string_view all_tables = "catalog database/{DatabaseName} table/{DatabaseName}/*";
constexpr std::string_view in_table = "catalog database/{DatabaseName} table/{DatabaseName}/{TableName}";
constexpr std::string_view table_input = "catalog database/{DatabaseName} table/{DatabaseName}/{TableInput.Name}";
constexpr std::string_view function = "catalog database/{DatabaseName} userDefinedFunction/{DatabaseName}/{FunctionName}";
constexpr std::string_view log_group = "log-group:{logGroupName}:log-stream:";
constexpr std::string_view log_stream = "log-group:{logGroupName}:log-stream:{logStreamName}";
constexpr std::string_view secret = "secret:{SecretId}";
constexpr std::string_view stack = "stack/{StackName}/*";

constexpr auto rows = std::to_array<Row>({
    {"glue", "CreateDatabase", "catalog database/{DatabaseInput.Name}"},
    {"glue", "GetDatabase", database},
    {"glue", "GetDatabases", "catalog database/*"},
    {"glue", "UpdateDatabase", database},
    {"glue", "DeleteDatabase", database},
    {"glue", "CreateTable", table_input},
    {"glue", "GetTable", one_table},
    {"glue", "GetTables", all_tables},
    {"glue", "UpdateTable", table_input},
    {"glue", "DeleteTable", one_table},
    {"glue", "BatchDeleteTable", "catalog database/{DatabaseName} table/{DatabaseName}/{TablesToDelete[]}"},
    {"glue", "GetTableVersion", in_table},
    {"glue", "GetTableVersions", in_table},
    {"glue", "DeleteTableVersion", in_table},
    {"glue", "BatchDeleteTableVersion", in_table},
    {"glue", "CreatePartition", in_table},
    {"glue", "GetPartition", in_table},
    {"glue", "GetPartitions", in_table},
    {"glue", "UpdatePartition", in_table},
    {"glue", "DeletePartition", in_table},
    {"glue", "BatchCreatePartition", in_table},
    {"glue", "BatchGetPartition", in_table},
    {"glue", "BatchUpdatePartition", in_table},
    {"glue", "BatchDeletePartition", in_table},
    {"glue", "GetPartitionIndexes", in_table},
    {"glue", "CreatePartitionIndex", in_table},
    {"glue", "DeletePartitionIndex", in_table},
    {"glue", "GetColumnStatisticsForTable", in_table},
    {"glue", "UpdateColumnStatisticsForTable", in_table},
    {"glue", "DeleteColumnStatisticsForTable", in_table},
    {"glue", "GetColumnStatisticsForPartition", in_table},
    {"glue", "UpdateColumnStatisticsForPartition", in_table},
    {"glue", "DeleteColumnStatisticsForPartition", in_table},
    {"glue", "GetColumnStatisticsTaskRuns", in_table},
    {"glue", "StopColumnStatisticsTaskRun", in_table},
    {"glue", "GetUnfilteredPartitionMetadata", in_table},
    {"glue", "GetUnfilteredPartitionsMetadata", in_table},
    {"glue", "GetUnfilteredTableMetadata", one_table},
    {"glue", "StartColumnStatisticsTaskRun", in_table, {}, "Role"},
    {"glue", "CreateColumnStatisticsTaskSettings", in_table, {}, "Role"},
    {"glue", "UpdateColumnStatisticsTaskSettings", in_table, {}, "Role"},
    {"glue", "GetColumnStatisticsTaskSettings", in_table},
    {"glue", "DeleteColumnStatisticsTaskSettings", in_table},
    {"glue", "StartColumnStatisticsTaskRunSchedule", in_table},
    {"glue", "StopColumnStatisticsTaskRunSchedule", in_table},
    {"glue", "GetCatalog", "catalog"},
    {"glue", "SearchTables", "catalog database/* table/*"},
    {"glue", "CreateUserDefinedFunction",
     "catalog database/{DatabaseName} userDefinedFunction/{DatabaseName}/{FunctionInput.FunctionName}"},
    {"glue", "GetUserDefinedFunction", function},
    {"glue", "GetUserDefinedFunctions", in_database},
    {"glue", "UpdateUserDefinedFunction", function},
    {"glue", "DeleteUserDefinedFunction", function},
    {"glue", "CreateCrawler", "crawler/{Name}", {}, "Role"},
    {"glue", "GetCrawler", "crawler/{Name}"},
    {"glue", "UpdateCrawler", "crawler/{Name}", {}, "Role"},
    {"glue", "DeleteCrawler", "crawler/{Name}"},
    {"glue", "StartCrawler", "crawler/{Name}"},
    {"glue", "StopCrawler", "crawler/{Name}"},
    {"glue", "ListCrawls", "crawler/{CrawlerName}"},
    {"glue", "BatchGetCrawlers", "crawler/{CrawlerNames[]}"},
    {"glue", "CreateJob", "job/{Name}", {}, "Role"},
    {"glue", "GetJob", "job/{JobName}"},
    {"glue", "UpdateJob", "job/{JobName}", {}, "JobUpdate.Role"},
    {"glue", "DeleteJob", "job/{JobName}"},
    {"glue", "BatchGetJobs", "job/{JobNames[]}"},
    {"glue", "StartJobRun", "job/{JobName}"},
    {"glue", "GetJobRun", "job/{JobName}"},
    {"glue", "GetJobRuns", "job/{JobName}"},
    {"glue", "BatchStopJobRun", "job/{JobName}"},
    {"glue", "GetJobBookmark", "job/{JobName}"},
    {"glue", "ResetJobBookmark", "job/{JobName}"},
    {"glue", "CreateConnection", "catalog connection/{ConnectionInput.Name}"},
    {"glue", "GetConnection", "catalog connection/{Name}"},
    {"glue", "UpdateConnection", "catalog connection/{Name}"},
    {"glue", "DeleteConnection", "catalog connection/{ConnectionName}"},
    {"glue", "BatchDeleteConnection", "catalog connection/{ConnectionNameList[]}"},
    {"glue", "TagResource", "{ResourceArn}"},
    {"glue", "UntagResource", "{ResourceArn}"},
    {"glue", "GetTags", "{ResourceArn}"},
    {"dynamodb", "CreateTable", "table/{TableName}"},
    {"dynamodb", "DescribeTable", "table/{TableName}"},
    {"dynamodb", "UpdateTable", "table/{TableName}"},
    {"dynamodb", "DeleteTable", "table/{TableName}"},
    {"dynamodb", "PutItem", "table/{TableName}"},
    {"dynamodb", "GetItem", "table/{TableName}"},
    {"dynamodb", "UpdateItem", "table/{TableName}"},
    {"dynamodb", "DeleteItem", "table/{TableName}"},
    {"dynamodb", "Query", "table/{TableName}"},
    {"dynamodb", "Scan", "table/{TableName}"},
    {"dynamodb", "BatchGetItem", "table/{RequestItems.*}"},
    {"dynamodb", "BatchWriteItem", "table/{RequestItems.*}"},
    // AWS has no permission for the transaction itself, but one for each of its parts.
    {"dynamodb", "TransactGetItems", "table/{TransactItems[].Get.TableName}", "dynamodb:GetItem"},
    {"dynamodb", "TransactWriteItems", "table/{TransactItems[].Put.TableName}", "dynamodb:PutItem"},
    {"dynamodb", "TransactWriteItems", "table/{TransactItems[].Update.TableName}", "dynamodb:UpdateItem"},
    {"dynamodb", "TransactWriteItems", "table/{TransactItems[].Delete.TableName}", "dynamodb:DeleteItem"},
    {"dynamodb", "TransactWriteItems", "table/{TransactItems[].ConditionCheck.TableName}", "dynamodb:ConditionCheckItem"},
    {"dynamodb", "DescribeTimeToLive", "table/{TableName}"},
    {"dynamodb", "UpdateTimeToLive", "table/{TableName}"},
    {"dynamodb", "DescribeContinuousBackups", "table/{TableName}"},
    {"dynamodb", "UpdateContinuousBackups", "table/{TableName}"},
    {"dynamodb", "TagResource", "{ResourceArn}"},
    {"dynamodb", "UntagResource", "{ResourceArn}"},
    {"dynamodb", "ListTagsOfResource", "{ResourceArn}"},
    {"logs", "CreateLogGroup", log_group},
    {"logs", "DeleteLogGroup", log_group},
    {"logs", "CreateLogStream", log_group},
    {"logs", "DescribeLogStreams", log_group},
    {"logs", "DeleteLogStream", log_stream},
    {"logs", "PutLogEvents", log_stream},
    {"logs", "GetLogEvents", log_stream},
    {"logs", "FilterLogEvents", log_group},
    {"logs", "PutMetricFilter", log_group},
    {"logs", "DescribeMetricFilters", log_group},
    {"logs", "DeleteMetricFilter", log_group},
    {"logs", "PutRetentionPolicy", log_group},
    {"logs", "DeleteRetentionPolicy", log_group},
    {"logs", "TagResource", "{resourceArn}"},
    {"logs", "UntagResource", "{resourceArn}"},
    {"logs", "ListTagsForResource", "{resourceArn}"},
    {"ssm", "PutParameter", "parameter/{Name}"},
    {"ssm", "GetParameter", "parameter/{Name}"},
    {"ssm", "GetParameters", "parameter/{Names[]}"},
    {"ssm", "GetParametersByPath", "parameter/{Path}"},
    {"ssm", "GetParameterHistory", "parameter/{Name}"},
    {"ssm", "DeleteParameter", "parameter/{Name}"},
    {"ssm", "DeleteParameters", "parameter/{Names[]}"},
    {"ssm", "LabelParameterVersion", "parameter/{Name}"},
    {"ssm", "UnlabelParameterVersion", "parameter/{Name}"},
    {"ssm", "AddTagsToResource", "parameter/{ResourceId}"},
    {"ssm", "RemoveTagsFromResource", "parameter/{ResourceId}"},
    {"ssm", "ListTagsForResource", "parameter/{ResourceId}"},
    {"secretsmanager", "CreateSecret", "secret:{Name}"},
    {"secretsmanager", "GetSecretValue", secret},
    {"secretsmanager", "PutSecretValue", secret},
    {"secretsmanager", "UpdateSecret", secret},
    {"secretsmanager", "DescribeSecret", secret},
    {"secretsmanager", "DeleteSecret", secret},
    {"secretsmanager", "RestoreSecret", secret},
    {"secretsmanager", "ListSecretVersionIds", secret},
    {"secretsmanager", "UpdateSecretVersionStage", secret},
    {"secretsmanager", "TagResource", secret},
    {"secretsmanager", "UntagResource", secret},
    {"secretsmanager", "PutResourcePolicy", secret},
    {"secretsmanager", "GetResourcePolicy", secret},
    {"secretsmanager", "DeleteResourcePolicy", secret},
    {"iam", "AddRoleToInstanceProfile", "instance-profile/{InstanceProfileName}", {}, "RoleName"},
    {"cloudformation", "CreateStack", stack, {}, "RoleARN"},
    {"cloudformation", "UpdateStack", stack, {}, "RoleARN"},
    {"cloudformation", "DeleteStack", stack, {}, "RoleARN"},
    {"cloudformation", "CreateChangeSet", stack, {}, "RoleARN"},
    {"cloudformation", "RollbackStack", stack, {}, "RoleARN"},
    {"cloudformation", "ContinueUpdateRollback", stack, {}, "RoleARN"},
    {"cloudformation", "DescribeChangeSet", stack},
    {"cloudformation", "ExecuteChangeSet", stack},
    {"cloudformation", "DeleteChangeSet", stack},
    {"cloudformation", "DescribeStacks", stack},
    {"cloudformation", "DescribeStackEvents", stack},
    {"cloudformation", "DescribeStackResources", stack},
    {"cloudformation", "ListStackResources", stack},
    {"cloudformation", "GetTemplate", stack},
});

/// Operations whose requests name one thing by one member, whatever they do with it.
struct Naming {
  std::string_view service, member, resource;
};
constexpr auto namings = std::to_array<Naming>({
    {"kms", "KeyId", "key/{KeyId}"},
    {"ecr", "repositoryName", "repository/{repositoryName}"},
    {"ecr", "resourceArn", "{resourceArn}"},
    {"iam", "InstanceProfileName", "instance-profile/{InstanceProfileName}"},
    {"iam", "GroupName", "group/{GroupName}"},
    {"iam", "PolicySourceArn", "{PolicySourceArn}"},
    {"iam", "RoleName", "role/{RoleName}"},
    {"iam", "UserName", "user/{UserName}"},
    {"iam", "PolicyName", "policy/{PolicyName}"},
    {"iam", "PolicyArn", "{PolicyArn}"},
});

class Expansion {
 public:
  Expansion(const aws::Service& service, const aws::CallContext& context, RequestTexts& texts) : texts_(texts) {
    const bool global = service.name() == "iam";
    prefix_ = fmt::format("arn:aws:{}:{}:{}:", service.name(), global ? "" : context.region, context.account_id);
  }

  /// Every resource that a template stands for.
  [[nodiscard]] std::vector<std::string> resources(std::string_view form) const {
    std::vector<std::string> partial{""};
    while (!form.empty()) {
      const auto open = form.find('{');
      for (auto& text : partial) text += form.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = form.find('}', open);
      auto values = texts_.at(form.substr(open + 1, close - open - 1));
      form.remove_prefix(close + 1);
      if (values.empty()) values.emplace_back("*");
      std::vector<std::string> longer;
      for (const auto& text : partial) {
        for (const auto& value : values) longer.push_back(joined(text, value));
      }
      partial = std::move(longer);
    }
    for (auto& text : partial) {
      if (!text.starts_with("arn:") && text != "*") text.insert(0, prefix_);
    }
    return partial;
  }

 private:
  /// A value that is an ARN already says all; a parameter's path brings its own slash.
  static std::string joined(const std::string& text, const std::string& value) {
    if (value.starts_with("arn:")) return value;
    if (text.ends_with('/') && value.starts_with('/')) return text + value.substr(1);
    return text + value;
  }

  RequestTexts& texts_;
  std::string prefix_;
};

void add_passed_role(const aws::Service& service, const Row& row, const aws::CallContext& context, RequestTexts& texts,
                     std::vector<Need>& needs) {
  for (auto& role : texts.at(row.passed_role)) {
    if (role.empty()) continue;
    // An instance profile hands its role to instances.
    auto taker = (service.name() == "iam" ? "ec2" : service.name()) + ".amazonaws.com";
    if (!role.starts_with("arn:")) role = fmt::format("arn:aws:iam::{}:role/{}", context.account_id, role);
    needs.push_back({"iam:PassRole", std::move(role), {{"iam:passedtoservice", {std::move(taker)}}}});
  }
}

}  // namespace

std::vector<Need> needs_of(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                           const aws::CallContext& context, RequestTexts& texts) {
  const std::string_view name = service.name();
  if (name == "s3") return s3_needs(operation, call);
  // Anybody may ask who they are; a role's trust policy decides on AssumeRole, in sts itself.
  if (name == "sts") return {};
  const auto prefix = name == "resourcegroupstaggingapi" ? std::string_view("tag") : name;
  const auto own_action = fmt::format("{}:{}", prefix, operation);
  const Expansion expansion(service, context, texts);
  std::vector<Need> needs;
  bool found = false;
  for (const auto& row : rows) {
    if (row.service != name || row.operation != operation) continue;
    found = true;
    const auto action = row.action.empty() ? own_action : std::string(row.action);
    for (auto forms = row.resources; !forms.empty();) {
      const auto blank = std::min(forms.find(' '), forms.size());
      const auto form = forms.substr(0, blank);
      forms.remove_prefix(std::min(blank + 1, forms.size()));
      for (auto& resource : expansion.resources(form)) {
        // A part that a transaction does not have needs nothing.
        if (!row.action.empty() && resource.ends_with("/*")) continue;
        needs.push_back({action, std::move(resource)});
      }
    }
    if (!row.passed_role.empty()) add_passed_role(service, row, context, texts, needs);
  }
  if (found) return needs;
  for (const auto& naming : namings) {
    if (naming.service != name || texts.at(naming.member).empty()) continue;
    for (auto& resource : expansion.resources(naming.resource)) needs.push_back({own_action, std::move(resource)});
    return needs;
  }
  Need own{own_action, "*"};
  if (name == "cloudwatch") {
    if (auto spaces = texts.at("Namespace"); !spaces.empty()) own.keys["cloudwatch:namespace"] = std::move(spaces);
  }
  return {std::move(own)};
}

}  // namespace mastic::iam
