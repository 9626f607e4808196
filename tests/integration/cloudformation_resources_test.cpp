// The types of resources against the real services behind them, all in this process.
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "aws/local_call.h"
#include "base/clock.h"
#include "base/identifiers.h"
#include "cloudformation/resources/resource_type.h"
#include "cloudformation/resources/service_call.h"
#include "dynamodb/dynamodb.h"
#include "ecr/ecr.h"
#include "glue/glue.h"
#include "jobs/jobs.h"
#include "logs/logs.h"
#include "s3/s3.h"

namespace {

using mastic::Result;
using mastic::cloudformation::find_resource_type;
using mastic::cloudformation::Json;
using mastic::cloudformation::Made;
using mastic::cloudformation::ResourceContext;
using mastic::cloudformation::ResourceType;

struct NoLines final : mastic::jobs::LogSink {
  void write(std::string_view, mastic::jobs::Channel, std::span<const std::string_view>) override {}
};

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-resources-" + mastic::random_hex(12));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

template <typename T>
T must(Result<T> result) {
  if (!result) FAIL_CHECK(result.error().code << ": " << result.error().message);
  return std::move(result).value();
}
void must(Result<void> result) {
  if (!result) FAIL_CHECK(result.error().code << ": " << result.error().message);
}

struct Services {
  Folder folder;
  mastic::SystemClock clock;
  NoLines lines;
  std::unique_ptr<mastic::s3::ObjectStore> objects = must(mastic::s3::open_store({.folder = folder.path / "s3"}, clock));
  std::unique_ptr<mastic::dynamodb::Database> items = must(mastic::dynamodb::Database::open(folder.path / "dynamodb", clock));
  std::unique_ptr<mastic::logs::Logs> logs = must(mastic::logs::Logs::open(folder.path / "logs", clock));
  std::unique_ptr<mastic::ecr::Ecr> ecr = must(mastic::ecr::Ecr::open(folder.path / "ecr", clock));
  std::unique_ptr<mastic::jobs::Runs> runs = must(mastic::jobs::Runs::open({.folder = folder.path / "jobs"}, clock, lines));
  std::unique_ptr<mastic::glue::Glue> glue = must(mastic::glue::Glue::open(
      {.folder = folder.path / "glue", .clock = clock, .dynamodb = *items, .runs = *runs, .read_object = {}, .log = {}}));
  std::vector<mastic::aws::Service> services;
  mastic::aws::ServiceCalls calls;

  Services() {
    services.reserve(8);
    services.push_back(mastic::s3::make_service(*objects, clock));
    services.push_back(items->make_service());
    services.push_back(logs->make_service());
    services.push_back(ecr->make_service());
    services.push_back(glue->make_service());
    for (const auto& service : services) calls.add(service);
  }

  ResourceContext context(const std::string& logical_id) {
    return {.calls = calls,
            .region = "us-east-1",
            .account_id = "000000000000",
            .stack_name = "Claims",
            .stack_id = "arn:aws:cloudformation:us-east-1:000000000000:stack/Claims/1",
            .logical_id = logical_id,
            .stack_tags = {{"team", "claims"}},
            .role_arn = {}};
  }
};

const ResourceType& type(std::string_view name) {
  const auto* found = find_resource_type(name);
  REQUIRE(found != nullptr);
  return *found;
}

Json json(const char* text) { return Json::parse(text); }

}  // namespace

TEST_CASE("a bucket with its settings, emptied and removed") {
  Services services;
  const auto& bucket = type("AWS::S3::Bucket");
  const auto context = services.context("Staging");
  const auto first = json(R"({"VersioningConfiguration":{"Status":"Enabled"},
    "BucketEncryption":{"ServerSideEncryptionConfiguration":[{"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]},
    "PublicAccessBlockConfiguration":{"BlockPublicAcls":"true","BlockPublicPolicy":true,"IgnorePublicAcls":true,
                                      "RestrictPublicBuckets":true},
    "LifecycleConfiguration":{"Rules":[{"Id":"a","Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":"30"}},
       {"Id":"b","Status":"Enabled","AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1}}]},
    "OwnershipControls":{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]},
    "AccessControl":"Private","CorsConfiguration":{"CorsRules":[]},
    "Tags":[{"Key":"aws-cdk:auto-delete-objects","Value":"true"}]})");
  const auto made = must(bucket.create(context, first));
  CHECK(made.physical_id.starts_with("claims-staging-"));
  CHECK(made.attributes["Arn"] == "arn:aws:s3:::" + made.physical_id);
  CHECK(made.ignored_properties == std::vector<std::string>{"CorsConfiguration"});

  const auto now = must(bucket.read(context, made.physical_id, first));
  REQUIRE(now);
  CHECK((*now)["VersioningConfiguration"] == first["VersioningConfiguration"]);
  CHECK((*now)["PublicAccessBlockConfiguration"]["BlockPublicAcls"] == "true");
  CHECK((*now)["Tags"].size() == 1);  // what the template gives; the stack's own tag is no drift

  auto named = first;
  named["BucketName"] = made.physical_id;
  const auto again = bucket.create(context, named);
  REQUIRE_FALSE(again);
  CHECK(again.error().message == made.physical_id + " already exists");

  auto second = first;
  second.erase("BucketEncryption");
  second.erase("LifecycleConfiguration");
  second["VersioningConfiguration"]["Status"] = "Suspended";
  must(bucket.update(context, made.physical_id, first, second));

  const auto& policy = type("AWS::S3::BucketPolicy");
  const Json policy_properties = {
      {"Bucket", made.physical_id},
      {"PolicyDocument", json(R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},
        "Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]})")}};
  must(policy.create(services.context("Policy"), policy_properties));
  CHECK(must(policy.read(services.context("Policy"), made.physical_id, policy_properties)) == policy_properties);
  must(policy.remove(services.context("Policy"), made.physical_id, policy_properties));

  auto body = must(services.calls.body_of("s3", "content"));
  must(mastic::cloudformation::call_s3(
      context, {.service = "s3", .operation = "PutObject", .bucket = made.physical_id, .key = "a/b c", .stream = &body}));
  const auto refused = bucket.remove(context, made.physical_id, second);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "BucketNotEmpty");

  const auto& custom = type("Custom::S3AutoDeleteObjects");
  must(custom.remove(context, "x", {{"ServiceToken", "arn"}, {"BucketName", made.physical_id}}));
  must(bucket.remove(context, made.physical_id, second));
  must(bucket.remove(context, made.physical_id, second));
}

TEST_CASE("a table, its index, its tags") {
  Services services;
  const auto& table = type("AWS::DynamoDB::Table");
  const auto context = services.context("Source");
  const auto first = json(R"({"TableName":"claims","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
    "ProvisionedThroughput":{"ReadCapacityUnits":"5","WriteCapacityUnits":5},"SSESpecification":{"SSEEnabled":true}})");
  const auto made = must(table.create(context, first));
  CHECK(made.physical_id == "claims");
  CHECK(made.attributes["Arn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/claims");
  CHECK(made.ignored_properties == std::vector<std::string>{"SSESpecification"});
  CHECK(table.replaces("KeySchema"));
  CHECK_FALSE(table.replaces("Tags"));

  auto second = first;
  second["BillingMode"] = "PAY_PER_REQUEST";
  second.erase("ProvisionedThroughput");
  second["AttributeDefinitions"].push_back({{"AttributeName", "kind"}, {"AttributeType", "S"}});
  second["GlobalSecondaryIndexes"] = json(R"([{"IndexName":"by_kind","Projection":{"ProjectionType":"ALL"},
    "KeySchema":[{"AttributeName":"kind","KeyType":"HASH"}]}])");
  second["Tags"] = json(R"([{"Key":"a","Value":1}])");
  must(table.update(context, "claims", first, second));
  must(table.update(context, "claims", second, first));
  must(table.remove(context, "claims", first));
  CHECK_FALSE(must(table.read(context, "claims", first)));
}

TEST_CASE("a crawler, a job and a catalog") {
  Services services;
  const auto context = services.context("Crawler");
  const auto& crawler = type("AWS::Glue::Crawler");
  const auto crawler_properties = json(R"x({"Name":"c","Role":"arn:aws:iam::000000000000:role/r","DatabaseName":"d",
    "TablePrefix":"demo-","Targets":{"DynamoDBTargets":[{"Path":"claims","ScanAll":"true"}]},"Tags":{"a":"b"}})x");
  must(crawler.create(context, crawler_properties));
  CHECK(must(crawler.read(context, "c", crawler_properties)));
  auto changed = crawler_properties;
  changed["Description"] = "new";
  must(crawler.update(context, "c", crawler_properties, changed));
  must(crawler.remove(context, "c", changed));

  const auto& job = type("AWS::Glue::Job");
  const auto job_properties = json(R"({"Name":"j","Role":"arn:aws:iam::000000000000:role/r","GlueVersion":"3.0",
    "Command":{"Name":"glue-etl","PythonVersion":"3.9","ScriptLocation":"s3://b/k"},"WorkerType":"G.1X",
    "NumberOfWorkers":"2","Timeout":"5","DefaultArguments":{"--N":5},"ExecutionProperty":{"MaxConcurrentRuns":"3"}})");
  must(job.create(context, job_properties));
  const auto read = must(job.read(context, "j", job_properties));
  REQUIRE(read);
  CHECK((*read)["NumberOfWorkers"] == 2);
  CHECK((*read)["DefaultArguments"]["--N"] == "5");
  const auto twice = job.create(context, job_properties);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == "AlreadyExistsException");
  must(job.update(context, "j", job_properties, job_properties));
  must(job.remove(context, "j", job_properties));

  const auto database = json(R"({"CatalogId":"000000000000","DatabaseInput":{"Name":"d","Description":"x"}})");
  must(type("AWS::Glue::Database").create(context, database));
  const auto table = json(R"({"CatalogId":"000000000000","DatabaseName":"d","TableInput":{"Name":"t",
    "PartitionKeys":[{"Name":"p","Type":"string"}],"Parameters":{"n":1},
    "StorageDescriptor":{"Location":"s3://b/t","Columns":[{"Name":"a","Type":"int"}],"Compressed":"false"}}})");
  must(type("AWS::Glue::Table").create(context, table));
  must(type("AWS::Glue::Table").update(context, "t", table, table));
  const auto partition = json(R"({"CatalogId":"000000000000","DatabaseName":"d","TableName":"t",
    "PartitionInput":{"Values":["x"],"StorageDescriptor":{"Location":"s3://b/t/p=x"}}})");
  const auto made = must(type("AWS::Glue::Partition").create(context, partition));
  must(type("AWS::Glue::Partition").update(context, made.physical_id, partition, partition));
  must(type("AWS::Glue::Partition").remove(context, made.physical_id, partition));
  must(type("AWS::Glue::Table").remove(context, "t", table));
  must(type("AWS::Glue::Database").remove(context, "d", database));
}

TEST_CASE("a repository and a log group") {
  Services services;
  const auto context = services.context("Images");
  const auto repository = json(R"({"RepositoryName":"assets","ImageTagMutability":"IMMUTABLE",
    "LifecyclePolicy":{"LifecyclePolicyText":"{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":365},\"action\":{\"type\":\"expire\"}}]}"},
    "RepositoryPolicyText":{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow",
      "Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage"]}]}})");
  const auto made = must(type("AWS::ECR::Repository").create(context, repository));
  CHECK(made.attributes["Arn"] == "arn:aws:ecr:us-east-1:000000000000:repository/assets");
  must(type("AWS::ECR::Repository").update(context, "assets", repository, json(R"({"RepositoryName":"assets"})")));
  must(type("AWS::ECR::Repository").remove(context, "assets", repository));

  const auto group = json(R"({"LogGroupName":"/g","RetentionInDays":"7"})");
  const auto logs = must(type("AWS::Logs::LogGroup").create(context, group));
  CHECK(logs.attributes["Arn"] == "arn:aws:logs:us-east-1:000000000000:log-group:/g:*");
  must(type("AWS::Logs::LogGroup").update(context, "/g", group, json(R"({"LogGroupName":"/g"})")));
  must(type("AWS::Logs::LogGroup").remove(context, "/g", group));
}

TEST_CASE("files of an asset archive come into a bucket") {
  Services services;
  const auto context = services.context("Deploy");
  must(type("AWS::S3::Bucket").create(context, {{"BucketName", "assets"}}));
  must(type("AWS::S3::Bucket").create(context, {{"BucketName", "target"}}));
  // One stored entry: a.txt with "hi".
  const std::string archive(
      "PK\3\4\12\0\0\0\0\0\0\0\0\0\xAC\x2A\x93\xD8\2\0\0\0\2\0\0\0\5\0\0\0a.txthi"
      "PK\1\2\12\0\12\0\0\0\0\0\0\0\0\0\xAC\x2A\x93\xD8\2\0\0\0\2\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a.txt"
      "PK\5\6\0\0\0\0\1\0\1\0\x33\0\0\0\x25\0\0\0\0\0",
      37 + 51 + 22);
  for (const auto* key : {"x.zip"}) {
    auto body = must(services.calls.body_of("s3", archive));
    must(mastic::cloudformation::call_s3(
        context, {.service = "s3", .operation = "PutObject", .bucket = "assets", .key = key, .stream = &body}));
  }
  const Json deployment = {{"ServiceToken", "arn"},
                           {"SourceBucketNames", Json::array({"assets"})},
                           {"SourceObjectKeys", Json::array({"x.zip"})},
                           {"DestinationBucketName", "target"},
                           {"DestinationBucketKeyPrefix", "in"},
                           {"RetainOnDelete", "false"}};
  const auto made = must(type("Custom::CDKBucketDeployment").create(context, deployment));
  const auto head = must(mastic::cloudformation::call_s3(
      context, {.service = "s3", .operation = "GetObject", .bucket = "target", .key = "in/a.txt"}));
  REQUIRE(head.stream);
  CHECK(head.stream->bytes == "hi");
  must(type("Custom::CDKBucketDeployment").remove(context, made.physical_id, deployment));
  must(type("AWS::S3::Bucket").remove(context, "target", Json::object()));
}

TEST_CASE("what is not known is refused by name") {
  Services services;
  const auto unknown = type("AWS::Glue::Job").validate(json(R"({"Role":"r","Command":{},"Colour":"red"})"));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "#: extraneous key [Colour] is not permitted");
  const auto missing = type("AWS::Glue::Job").validate(json(R"({"Command":{}})"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "#: required key [Role] not found");
  const auto wrong = type("AWS::Glue::Job").create(services.context("Etl"), json(R"({"Role":"r","Command":{},"Timeout":"x"})"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message ==
        "Properties validation failed for resource Etl with message:\n#/Timeout: expected type: Integer, found: String");
  CHECK(find_resource_type("AWS::EC2::Instance") == nullptr);
  const auto lambda = type("AWS::Lambda::Function").create(services.context("MyFunction"), json(R"({"Code":{}})"));
  REQUIRE_FALSE(lambda);
  CHECK(lambda.error().message.find("MyFunction") != std::string::npos);
}
