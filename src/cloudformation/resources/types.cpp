#include "cloudformation/resources/types.h"

#include <unordered_map>
#include <vector>

#include "cloudformation/resources/events_rule.h"
#include "cloudformation/resources/glue_classifier.h"
#include "cloudformation/resources/monitoring_types.h"

namespace mastic::cloudformation {
namespace {

using Maker = std::unique_ptr<ResourceType> (*)();

constexpr Maker makers[] = {
    s3_bucket_type,
    s3_bucket_policy_type,
    dynamodb_table_type,
    iam_role_type,
    iam_policy_type,
    iam_managed_policy_type,
    iam_user_type,
    iam_access_key_type,
    glue_classifier_type,
    glue_crawler_type,
    glue_job_type,
    glue_trigger_type,
    glue_workflow_type,
    glue_database_type,
    glue_table_type,
    glue_partition_type,
    glue_connection_type,
    glue_security_configuration_type,
    ssm_parameter_type,
    ecr_repository_type,
    log_group_type,
    events_rule_type,
    metric_filter_type,
    cloudwatch_alarm_type,
    cdk_metadata_type,
    secret_type,
    kms_key_type,
    kms_alias_type,
    auto_delete_objects_type,
    log_retention_type,
    bucket_deployment_type,
    bucket_notifications_type,
    provider_function_type,
    provider_layer_type,
};

struct Types {
  std::vector<std::unique_ptr<ResourceType>> all;
  std::unordered_map<std::string_view, const ResourceType*> by_name;

  Types() {
    for (const auto& make : makers) {
      all.push_back(make());
      by_name[all.back()->name()] = all.back().get();
    }
  }
};

}  // namespace

const ResourceType* find_resource_type(std::string_view name) {
  static const Types types;
  const auto found = types.by_name.find(name);
  return found == types.by_name.end() ? nullptr : found->second;
}

}  // namespace mastic::cloudformation
