#include "iam/managed.h"

#include <algorithm>
#include <array>
#include <string>

namespace mastic::iam {
namespace {

struct Row {
  std::string_view path, name, id, description;
  std::string_view statements;  // between the document's brackets
};

constexpr auto rows = std::to_array<Row>({
    {"/", "AdministratorAccess", "ANPAMASTIC00000000001", "Everything.", R"({"Effect":"Allow","Action":"*","Resource":"*"})"},
    {"/", "PowerUserAccess", "ANPAMASTIC00000000002", "Everything but users, roles and the account.",
     R"({"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":["iam:ListRoles","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole"],"Resource":"*"})"},
    {"/", "ReadOnlyAccess", "ANPAMASTIC00000000003", "Reading everything.",
     R"({"Effect":"Allow","Action":["cloudformation:Describe*","cloudformation:Get*","cloudformation:List*",)"
     R"("cloudformation:ValidateTemplate","dynamodb:BatchGet*","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*",)"
     R"("dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan","ecr:BatchGet*","ecr:Describe*","ecr:Get*","ecr:List*",)"
     R"("glue:BatchGet*","glue:Get*","glue:List*","glue:Search*","glue:QuerySchemaVersionMetadata","glue:CheckSchemaVersionValidity",)"
     R"("iam:Get*","iam:List*","iam:Simulate*","kms:Describe*","kms:Get*","kms:List*","logs:Describe*","logs:FilterLogEvents",)"
     R"("logs:Get*","logs:List*","s3:Get*","s3:List*","secretsmanager:Describe*","secretsmanager:List*",)"
     R"("secretsmanager:GetResourcePolicy","ssm:Describe*","ssm:Get*","ssm:List*","sts:GetCallerIdentity",)"
     R"("sts:GetAccessKeyInfo","tag:Get*"],"Resource":"*"})"},
    {"/", "IAMFullAccess", "ANPAMASTIC00000000004", "Everything of IAM.",
     R"({"Effect":"Allow","Action":"iam:*","Resource":"*"})"},
    {"/", "IAMReadOnlyAccess", "ANPAMASTIC00000000005", "Reading IAM.",
     R"({"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:Simulate*"],"Resource":"*"})"},
    {"/", "AmazonS3FullAccess", "ANPAMASTIC00000000006", "Everything of S3.",
     R"({"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"})"},
    {"/", "AmazonS3ReadOnlyAccess", "ANPAMASTIC00000000007", "Reading S3.",
     R"({"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*"],"Resource":"*"})"},
    {"/", "AmazonDynamoDBFullAccess", "ANPAMASTIC00000000008", "Everything of DynamoDB.",
     R"({"Effect":"Allow","Action":["dynamodb:*","dax:*"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":["iam:GetRole","iam:ListRoles","kms:DescribeKey","kms:ListAliases"],"Resource":"*"})"},
    {"/", "AmazonDynamoDBReadOnlyAccess", "ANPAMASTIC00000000009", "Reading DynamoDB.",
     R"({"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*",)"
     R"("dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan","iam:GetRole","iam:ListRoles","kms:DescribeKey",)"
     R"("kms:ListAliases"],"Resource":"*"})"},
    {"/", "CloudWatchLogsFullAccess", "ANPAMASTIC00000000010", "Everything of CloudWatch Logs.",
     R"({"Effect":"Allow","Action":["logs:*"],"Resource":"*"})"},
    {"/", "CloudWatchLogsReadOnlyAccess", "ANPAMASTIC00000000011", "Reading CloudWatch Logs.",
     R"({"Effect":"Allow","Action":["logs:Describe*","logs:Get*","logs:List*","logs:FilterLogEvents"],"Resource":"*"})"},
    {"/", "AWSGlueConsoleFullAccess", "ANPAMASTIC00000000012", "Everything of Glue, and what its console needs.",
     R"({"Effect":"Allow","Action":["glue:*","s3:ListAllMyBuckets","s3:ListBucket","s3:GetBucketAcl","s3:GetBucketLocation",)"
     R"("iam:ListRoles","iam:GetRole","iam:ListRolePolicies","iam:GetRolePolicy","iam:ListAttachedRolePolicies",)"
     R"("iam:ListUsers","iam:ListGroups","dynamodb:ListTables","kms:ListAliases","kms:DescribeKey","tag:GetResources",)"
     R"("cloudformation:DescribeStacks","cloudformation:ListStacks","logs:GetLogEvents"],"Resource":["*"]},)"
     R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::aws-glue-*/*",)"
     R"("arn:aws:s3:::*/*aws-glue-*/*"]},)"
     R"({"Effect":"Allow","Action":["s3:CreateBucket"],"Resource":["arn:aws:s3:::aws-glue-*"]},)"
     R"({"Effect":"Allow","Action":["iam:PassRole"],"Resource":"arn:aws:iam::*:role/AWSGlueServiceRole*",)"
     R"("Condition":{"StringLike":{"iam:PassedToService":["glue.amazonaws.com"]}}},)"
     R"({"Effect":"Allow","Action":["iam:PassRole"],"Resource":["arn:aws:iam::*:role/service-role/AWSGlueServiceRole*"],)"
     R"("Condition":{"StringLike":{"iam:PassedToService":["glue.amazonaws.com"]}}})"},
    {"/service-role/", "AWSGlueServiceRole", "ANPAMASTIC00000000013", "What a job or crawler of Glue needs.",
     R"({"Effect":"Allow","Action":["glue:*","s3:GetBucketLocation","s3:ListBucket","s3:ListAllMyBuckets","s3:GetBucketAcl",)"
     R"("iam:ListRolePolicies","iam:GetRole","iam:GetRolePolicy","cloudwatch:PutMetricData"],"Resource":["*"]},)"
     R"({"Effect":"Allow","Action":["s3:CreateBucket"],"Resource":["arn:aws:s3:::aws-glue-*"]},)"
     R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],)"
     R"("Resource":["arn:aws:s3:::aws-glue-*/*","arn:aws:s3:::*/*aws-glue-*/*"]},)"
     R"({"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::crawler-public*","arn:aws:s3:::aws-glue-*"]},)"
     R"({"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],)"
     R"("Resource":["arn:aws:logs:*:*:*:/aws-glue/*","arn:aws:logs:*:*:log-group:/aws-glue/*"]})"},
    {"/service-role/", "AWSGlueServiceNotebookRole", "ANPAMASTIC00000000014", "What a notebook of Glue needs.",
     R"({"Effect":"Allow","Action":["glue:CreateDatabase","glue:CreatePartition","glue:CreateTable","glue:DeleteDatabase",)"
     R"("glue:DeletePartition","glue:DeleteTable","glue:Get*","glue:UpdateDatabase","glue:UpdatePartition","glue:UpdateTable",)"
     R"("s3:GetBucketLocation","s3:ListBucket","s3:ListAllMyBuckets","s3:GetBucketAcl"],"Resource":["*"]},)"
     R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::aws-glue*"]})"},
    // What the CDK gives the functions of its own constructs, which the house carries out itself.
    {"/service-role/", "AWSLambdaBasicExecutionRole", "ANPAMASTIC00000000021", "Writing logs.",
     R"({"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"})"},
    {"/", "AmazonSSMReadOnlyAccess", "ANPAMASTIC00000000015", "Reading Systems Manager.",
     R"({"Effect":"Allow","Action":["ssm:Describe*","ssm:Get*","ssm:List*"],"Resource":"*"})"},
    {"/", "AmazonSSMFullAccess", "ANPAMASTIC00000000016", "Everything of Systems Manager.",
     R"({"Effect":"Allow","Action":["ssm:*"],"Resource":"*"})"},
    {"/", "SecretsManagerReadWrite", "ANPAMASTIC00000000017", "Everything of Secrets Manager.",
     R"({"Effect":"Allow","Action":["secretsmanager:*","cloudformation:DescribeChangeSet","cloudformation:DescribeStacks",)"
     R"("kms:DescribeKey","kms:ListAliases","kms:ListKeys","tag:GetResources"],"Resource":"*"})"},
    {"/", "AWSCloudFormationFullAccess", "ANPAMASTIC00000000018", "Everything of CloudFormation.",
     R"({"Effect":"Allow","Action":["cloudformation:*"],"Resource":"*"})"},
    {"/", "AWSCloudFormationReadOnlyAccess", "ANPAMASTIC00000000019", "Reading CloudFormation.",
     R"({"Effect":"Allow","Action":["cloudformation:Describe*","cloudformation:EstimateTemplateCost","cloudformation:Get*",)"
     R"("cloudformation:List*","cloudformation:ValidateTemplate"],"Resource":"*"})"},
    {"/", "AmazonEC2ContainerRegistryReadOnly", "ANPAMASTIC00000000020", "Reading ECR.",
     R"({"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:Describe*","ecr:Get*","ecr:List*"],)"
     R"("Resource":"*"})"},
});

std::shared_ptr<const ManagedPolicy> make(const Row& row) {
  // When AWS introduced managed policies: 2015-02-06T18:40:00Z.
  constexpr Instant introduced{std::chrono::seconds{1'423'248'000}};
  auto policy = std::make_shared<ManagedPolicy>();
  policy->name = row.name;
  policy->id = row.id;
  policy->path = row.path;
  policy->arn = "arn:aws:iam::aws:policy" + std::string(row.path) + std::string(row.name);
  policy->description = std::string(row.description);
  policy->created_at = policy->updated_at = introduced;
  policy->versions[1] = {R"({"Version":"2012-10-17","Statement":[)" + std::string(row.statements) + "]}", introduced};
  return policy;
}

}  // namespace

const std::vector<std::shared_ptr<const ManagedPolicy>>& aws_managed_policies() {
  static const auto policies = [] {
    std::vector<std::shared_ptr<const ManagedPolicy>> made;
    for (const auto& row : rows) made.push_back(make(row));
    return made;
  }();
  return policies;
}

std::shared_ptr<const ManagedPolicy> find_aws_managed_policy(std::string_view arn) {
  const auto& all = aws_managed_policies();
  const auto found = std::ranges::find(all, arn, [](const auto& policy) -> std::string_view { return policy->arn; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace mastic::iam
