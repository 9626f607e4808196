// The types that there are; each is made once. See types.cpp for the table.
#pragma once

#include <memory>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

std::unique_ptr<ResourceType> s3_bucket_type();
std::unique_ptr<ResourceType> s3_bucket_policy_type();
std::unique_ptr<ResourceType> dynamodb_table_type();
std::unique_ptr<ResourceType> iam_role_type();
std::unique_ptr<ResourceType> iam_policy_type();
std::unique_ptr<ResourceType> iam_managed_policy_type();
std::unique_ptr<ResourceType> iam_user_type();
std::unique_ptr<ResourceType> iam_access_key_type();
std::unique_ptr<ResourceType> glue_crawler_type();
std::unique_ptr<ResourceType> glue_job_type();
std::unique_ptr<ResourceType> glue_trigger_type();
std::unique_ptr<ResourceType> glue_workflow_type();
std::unique_ptr<ResourceType> glue_database_type();
std::unique_ptr<ResourceType> glue_table_type();
std::unique_ptr<ResourceType> glue_partition_type();
std::unique_ptr<ResourceType> glue_connection_type();
std::unique_ptr<ResourceType> glue_security_configuration_type();
std::unique_ptr<ResourceType> ssm_parameter_type();
std::unique_ptr<ResourceType> ecr_repository_type();
std::unique_ptr<ResourceType> log_group_type();
std::unique_ptr<ResourceType> cdk_metadata_type();
std::unique_ptr<ResourceType> secret_type();
std::unique_ptr<ResourceType> kms_key_type();
std::unique_ptr<ResourceType> kms_alias_type();
std::unique_ptr<ResourceType> auto_delete_objects_type();
std::unique_ptr<ResourceType> log_retention_type();
std::unique_ptr<ResourceType> bucket_deployment_type();
std::unique_ptr<ResourceType> bucket_notifications_type();
std::unique_ptr<ResourceType> provider_function_type();
std::unique_ptr<ResourceType> provider_layer_type();

}  // namespace mastic::cloudformation
