"""Every type of resource through a stack: created, read back through its own service, updated, replaced, removed."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
ACCOUNT = "000000000000"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

Resources = dict[str, dict[str, Any]]


def name(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def resource(kind: str, more: dict[str, Any] | None = None, /, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties} | (more or {})


@pytest.fixture(scope="module")
def client(endpoint: str) -> Callable[[str], Any]:
    clients: dict[str, Any] = {}

    def get(service: str) -> Any:
        if service not in clients:
            clients[service] = boto3.client(service, endpoint_url=endpoint)
        return clients[service]

    return get


class Stack:
    """One stack that is deployed again and again."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.name = name("types")
        self.cloudformation = client("cloudformation")
        self.identity = ""
        self.outputs: dict[str, str] = {}

    def ended(self) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            record: dict[str, Any] = self.cloudformation.describe_stacks(StackName=self.identity)["Stacks"][0]
            if not record["StackStatus"].endswith("_IN_PROGRESS"):
                return record
            time.sleep(0.02)
        raise AssertionError("the stack did not end")

    def reasons(self) -> list[str]:
        events = self.cloudformation.describe_stack_events(StackName=self.identity)["StackEvents"]
        return [event["ResourceStatusReason"] for event in events if event.get("ResourceStatusReason")]

    def submit(self, resources: Resources, outputs: dict[str, Any] | None = None, **more: Any) -> str:
        """Deploys and gives the status in which it ends."""
        template: dict[str, Any] = {"Resources": resources}
        if outputs:
            template["Outputs"] = {key: {"Value": value} for key, value in outputs.items()}
        arguments = {"StackName": self.name, "TemplateBody": json.dumps(template), "Capabilities": CAPABILITIES} | more
        if self.identity:
            self.cloudformation.update_stack(**arguments)
        else:
            self.identity = self.cloudformation.create_stack(**arguments)["StackId"]
        record = self.ended()
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in record.get("Outputs", [])}
        return str(record["StackStatus"])

    def deploy(self, resources: Resources, outputs: dict[str, Any] | None = None, **more: Any) -> dict[str, str]:
        """Deploys; gives the physical id of each resource."""
        wanted = "UPDATE_COMPLETE" if self.identity else "CREATE_COMPLETE"
        assert self.submit(resources, outputs, **more) == wanted, self.reasons()
        listed = self.cloudformation.list_stack_resources(StackName=self.identity)["StackResourceSummaries"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}

    def drifted(self) -> dict[str, list[str]]:
        """Which resources differ from their template, with the paths."""
        self.cloudformation.detect_stack_drift(StackName=self.identity)
        drifts = self.cloudformation.describe_stack_resource_drifts(StackName=self.identity)["StackResourceDrifts"]
        return {
            each["LogicalResourceId"]: [difference["PropertyPath"] for difference in each["PropertyDifferences"]]
            for each in drifts
            if each["StackResourceDriftStatus"] not in ("IN_SYNC", "NOT_CHECKED")
        }

    def delete(self) -> None:
        self.cloudformation.delete_stack(StackName=self.identity)
        assert self.ended()["StackStatus"] == "DELETE_COMPLETE", self.reasons()


@pytest.fixture
def stack(client: Callable[[str], Any]) -> Stack:
    return Stack(client)


def gone(code: str, call: Any, **arguments: Any) -> None:
    with pytest.raises(ClientError) as failure:
        call(**arguments)
    assert failure.value.response["Error"]["Code"] == code


def tags_of(pairs: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {pair[key]: pair[value] for pair in pairs}


TAGS = [{"Key": "own", "Value": "1"}]
STACK_TAGS = [{"Key": "stack", "Value": "all"}]


def test_bucket_with_everything(stack: Stack, client: Callable[[str], Any]) -> None:
    s3 = client("s3")
    settings: dict[str, Any] = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": "true"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {
            "Rules": [
                {"Id": "old", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 30},
                {
                    "Id": "versions",
                    "Status": "Enabled",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                },
            ]
        },
        "Tags": TAGS,
    }
    attributes = {key: {"Fn::GetAtt": ["B", key]} for key in ("Arn", "DomainName", "RegionalDomainName")}
    bucket = stack.deploy({"B": resource("AWS::S3::Bucket", **settings)}, attributes, Tags=STACK_TAGS)["B"]
    assert bucket.startswith(f"{stack.name}-b-") and stack.outputs["Arn"] == f"arn:aws:s3:::{bucket}"
    assert stack.outputs["RegionalDomainName"] == f"{bucket}.s3.us-east-1.amazonaws.com"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms" and rule["BucketKeyEnabled"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"]
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    assert rules["old"]["Expiration"] == {"Days": 30} and rules["old"]["Filter"] == {"Prefix": "logs/"}
    assert rules["versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert tags_of(s3.get_bucket_tagging(Bucket=bucket)["TagSet"]) == {"own": "1", "stack": "all"}
    assert stack.drifted() == {}

    settings["LifecycleConfiguration"]["Rules"].pop()
    settings["VersioningConfiguration"]["Status"] = "Suspended"
    del settings["BucketEncryption"]
    settings["Tags"] = [{"Key": "own", "Value": "2"}]
    assert stack.deploy({"B": resource("AWS::S3::Bucket", **settings)}, attributes, Tags=STACK_TAGS)["B"] == bucket
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"
    assert [rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]] == ["old"]
    assert tags_of(s3.get_bucket_tagging(Bucket=bucket)["TagSet"]) == {"own": "2", "stack": "all"}
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 31}}]
        },
    )
    assert stack.drifted() == {"B": ["/LifecycleConfiguration"]}

    other = name("other")
    own = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    policy: dict[str, Any] = {
        "Statement": [{"Effect": "Deny", "Principal": own, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{other}/*"}]
    }
    both = {
        "B": resource("AWS::S3::Bucket", BucketName=other),
        "P": resource("AWS::S3::BucketPolicy", Bucket={"Ref": "B"}, PolicyDocument=policy),
    }
    assert stack.deploy(both)["B"] == other
    gone("404", s3.head_bucket, Bucket=bucket)
    assert json.loads(s3.get_bucket_policy(Bucket=other)["Policy"])["Statement"] == policy["Statement"]
    policy["Statement"][0]["Effect"] = "Allow"
    stack.deploy(both)
    assert json.loads(s3.get_bucket_policy(Bucket=other)["Policy"])["Statement"][0]["Effect"] == "Allow"
    del both["P"]
    stack.deploy(both)
    gone("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=other)
    stack.delete()
    gone("404", s3.head_bucket, Bucket=other)


def test_table(stack: Stack, client: Callable[[str], Any]) -> None:
    dynamodb = client("dynamodb")

    def attribute(column: str) -> dict[str, str]:
        return {"AttributeName": column, "AttributeType": "S"}

    def key(column: str) -> list[dict[str, str]]:
        return [{"AttributeName": column, "KeyType": "HASH"}]

    index = {"IndexName": "by-b", "KeySchema": key("b"), "Projection": {"ProjectionType": "ALL"}}
    properties: dict[str, Any] = {
        "AttributeDefinitions": [attribute("a"), attribute("b")],
        "KeySchema": key("a"),
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [index],
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
        "Tags": TAGS,
    }
    outputs = {"Arn": {"Fn::GetAtt": "T.Arn"}}
    table = stack.deploy({"T": resource("AWS::DynamoDB::Table", **properties)}, outputs, Tags=STACK_TAGS)["T"]
    described = dynamodb.describe_table(TableName=table)["Table"]
    assert described["TableArn"] == stack.outputs["Arn"]
    assert [each["IndexName"] for each in described["GlobalSecondaryIndexes"]] == ["by-b"]
    status = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (status["TimeToLiveStatus"], status["AttributeName"]) == ("ENABLED", "until")
    assert tags_of(dynamodb.list_tags_of_resource(ResourceArn=stack.outputs["Arn"])["Tags"]) == {"own": "1", "stack": "all"}
    dynamodb.put_item(TableName=table, Item={"a": {"S": "kept"}})

    properties["AttributeDefinitions"] = [attribute("a"), attribute("c")]
    properties["GlobalSecondaryIndexes"] = [index | {"IndexName": "by-c", "KeySchema": key("c")}]
    properties["BillingMode"] = "PROVISIONED"
    properties["ProvisionedThroughput"] = {"ReadCapacityUnits": "5", "WriteCapacityUnits": 6}
    properties["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    properties["GlobalSecondaryIndexes"][0]["WarmThroughput"] = {"ReadUnitsPerSecond": 12000}
    properties["DeletionProtectionEnabled"] = True
    del properties["TimeToLiveSpecification"]
    assert stack.deploy({"T": resource("AWS::DynamoDB::Table", **properties)})["T"] == table
    assert "Nothing acts on: GlobalSecondaryIndexes/0/WarmThroughput" in stack.reasons()
    described = dynamodb.describe_table(TableName=table)["Table"]
    assert [each["IndexName"] for each in described["GlobalSecondaryIndexes"]] == ["by-c"]
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 6 and described["DeletionProtectionEnabled"]
    assert dynamodb.get_item(TableName=table, Key={"a": {"S": "kept"}})["Item"]
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    assert stack.drifted() == {}

    properties["DeletionProtectionEnabled"] = False
    stack.deploy({"T": resource("AWS::DynamoDB::Table", **properties)})
    properties["KeySchema"] = key("c")
    properties["AttributeDefinitions"] = [attribute("c")]
    del properties["GlobalSecondaryIndexes"]
    replaced = stack.deploy({"T": resource("AWS::DynamoDB::Table", **properties)})["T"]
    assert replaced != table
    gone("ResourceNotFoundException", dynamodb.describe_table, TableName=table)
    stack.delete()
    gone("ResourceNotFoundException", dynamodb.describe_table, TableName=replaced)


def test_roles_and_policies(stack: Stack, client: Callable[[str], Any]) -> None:
    iam = client("iam")
    read_only = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    role: dict[str, Any] = {
        "AssumeRolePolicyDocument": TRUST,
        "Description": "first",
        "ManagedPolicyArns": [read_only],
        "Policies": [{"PolicyName": "inline", "PolicyDocument": POLICY}],
        "Tags": TAGS,
    }
    managed: dict[str, Any] = {"PolicyDocument": POLICY, "Roles": [{"Ref": "R"}], "ManagedPolicyName": name("managed")}
    inline: dict[str, Any] = {"PolicyName": "extra", "PolicyDocument": POLICY, "Roles": [{"Ref": "R"}]}

    def template() -> Resources:
        return {
            "R": resource("AWS::IAM::Role", **role),
            "M": resource("AWS::IAM::ManagedPolicy", **managed),
            "P": resource("AWS::IAM::Policy", **inline),
        }

    outputs = {"Arn": {"Fn::GetAtt": "R.Arn"}, "Id": {"Fn::GetAtt": "R.RoleId"}, "Managed": {"Ref": "M"}}
    made = stack.deploy(template(), outputs)
    found = iam.get_role(RoleName=made["R"])["Role"]
    assert (found["Arn"], found["RoleId"]) == (stack.outputs["Arn"], stack.outputs["Id"])
    assert tags_of(found["Tags"]) == {"own": "1"}
    assert sorted(iam.list_role_policies(RoleName=made["R"])["PolicyNames"]) == ["extra", "inline"]
    attached = {each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=made["R"])["AttachedPolicies"]}
    assert attached == {read_only, made["M"]} and made["M"] == f"arn:aws:iam::{ACCOUNT}:policy/{managed['ManagedPolicyName']}"

    role |= {"Description": "second", "ManagedPolicyArns": [], "Policies": [], "MaxSessionDuration": "7200"}
    for number in range(6):  # IAM keeps five versions.
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": f"s3:Get{number}", "Resource": "*"}]}
        managed["PolicyDocument"] = inline["PolicyDocument"] = document
        assert stack.deploy(template(), outputs) == made
    assert len(iam.list_policy_versions(PolicyArn=made["M"])["Versions"]) == 5
    version = iam.get_policy(PolicyArn=made["M"])["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=made["M"], VersionId=version)["PolicyVersion"]["Document"]
    assert document["Statement"][0]["Action"] == "s3:Get5"
    assert iam.get_role_policy(RoleName=made["R"], PolicyName="extra")["PolicyDocument"] == document
    assert iam.list_role_policies(RoleName=made["R"])["PolicyNames"] == ["extra"]
    found = iam.get_role(RoleName=made["R"])["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("second", 7200)

    role["RoleName"] = name("role")
    managed["ManagedPolicyName"] = name("managed")
    replaced = stack.deploy(template())
    assert replaced["R"] == role["RoleName"] and replaced["M"] != made["M"]
    gone("NoSuchEntity", iam.get_role, RoleName=made["R"])
    gone("NoSuchEntity", iam.get_policy, PolicyArn=made["M"])
    stack.delete()
    gone("NoSuchEntity", iam.get_role, RoleName=replaced["R"])


def test_users_and_keys(stack: Stack, client: Callable[[str], Any]) -> None:
    iam = client("iam")
    user: dict[str, Any] = {
        "Path": "/people/",
        "Policies": [{"PolicyName": "inline", "PolicyDocument": POLICY}],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        "Tags": TAGS,
    }
    key: dict[str, Any] = {"UserName": {"Ref": "U"}}

    def template() -> Resources:
        return {"U": resource("AWS::IAM::User", **user), "K": resource("AWS::IAM::AccessKey", **key)}

    outputs = {"Arn": {"Fn::GetAtt": "U.Arn"}, "Secret": {"Fn::GetAtt": "K.SecretAccessKey"}}
    made = stack.deploy(template(), outputs)
    assert iam.get_user(UserName=made["U"])["User"]["Arn"] == stack.outputs["Arn"]
    assert ":user/people/" in stack.outputs["Arn"]
    (listed,) = iam.list_access_keys(UserName=made["U"])["AccessKeyMetadata"]
    assert (listed["AccessKeyId"], listed["Status"]) == (made["K"], "Active")
    secret = stack.outputs["Secret"]
    assert len(secret) == 40

    key["Status"] = "Inactive"
    user["Policies"] = []
    user["Path"] = "/staff/"
    assert stack.deploy(template(), outputs) == made
    assert stack.outputs["Secret"] == secret and ":user/staff/" in stack.outputs["Arn"]
    (listed,) = iam.list_access_keys(UserName=made["U"])["AccessKeyMetadata"]
    assert listed["Status"] == "Inactive"
    assert iam.list_user_policies(UserName=made["U"])["PolicyNames"] == []

    key["Serial"] = 2
    replaced = stack.deploy(template(), outputs)
    assert replaced["K"] != made["K"] and stack.outputs["Secret"] != secret
    (listed,) = iam.list_access_keys(UserName=made["U"])["AccessKeyMetadata"]
    assert listed["AccessKeyId"] == replaced["K"]
    user["UserName"] = name("user")
    assert stack.deploy(template())["U"] == user["UserName"]
    gone("NoSuchEntity", iam.get_user, UserName=made["U"])
    stack.delete()
    gone("NoSuchEntity", iam.get_user, UserName=user["UserName"])


def test_catalog(stack: Stack, client: Callable[[str], Any]) -> None:
    glue = client("glue")
    first, second = name("db"), name("db")
    database: dict[str, Any] = {"CatalogId": ACCOUNT, "DatabaseInput": {"Name": first, "Description": "one"}}
    storage = {
        "Columns": [{"Name": "a", "Type": "int"}],
        "Location": "s3://bucket/t/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "SerdeInfo": {"SerializationLibrary": "lib", "Parameters": {"field.delim": ","}},
        "Compressed": "false",
    }
    table: dict[str, Any] = {
        "CatalogId": {"Ref": "AWS::AccountId"},
        "DatabaseName": {"Ref": "D"},
        "TableInput": {
            "Name": "claims",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "csv", "skip.header.line.count": 1},
            "PartitionKeys": [{"Name": "day", "Type": "string"}],
            "StorageDescriptor": storage,
        },
    }
    partition: dict[str, Any] = {
        "CatalogId": {"Ref": "AWS::AccountId"},
        "DatabaseName": {"Ref": "D"},
        "TableName": {"Ref": "T"},
        "PartitionInput": {"Values": ["2026-01-01"], "StorageDescriptor": storage | {"Location": "s3://bucket/t/1/"}},
    }

    def template() -> Resources:
        return {
            "D": resource("AWS::Glue::Database", **database),
            "T": resource("AWS::Glue::Table", **table),
            "P": resource("AWS::Glue::Partition", **partition),
        }

    made = stack.deploy(template())
    assert (made["D"], made["T"]) == (first, "claims")
    assert glue.get_database(Name=first)["Database"]["Description"] == "one"
    found = glue.get_table(DatabaseName=first, Name="claims")["Table"]
    assert found["Parameters"] == {"classification": "csv", "skip.header.line.count": "1"}
    assert found["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {"field.delim": ","}
    location = "s3://bucket/t/1/"
    got = glue.get_partition(DatabaseName=first, TableName="claims", PartitionValues=["2026-01-01"])["Partition"]
    assert got["StorageDescriptor"]["Location"] == location
    assert stack.drifted() == {}

    database["DatabaseInput"]["Description"] = "two"
    storage["Columns"].append({"Name": "b", "Type": "string"})  # type: ignore[attr-defined]
    partition["PartitionInput"]["Values"] = ["2026-01-02"]
    assert stack.deploy(template()) == made
    assert glue.get_database(Name=first)["Database"]["Description"] == "two"
    columns = glue.get_table(DatabaseName=first, Name="claims")["Table"]["StorageDescriptor"]["Columns"]
    assert [column["Name"] for column in columns] == ["a", "b"]
    values = [each["Values"] for each in glue.get_partitions(DatabaseName=first, TableName="claims")["Partitions"]]
    assert values == [["2026-01-02"]]

    table["TableInput"]["Name"] = "renamed"
    assert stack.deploy(template())["T"] == "renamed"
    gone("EntityNotFoundException", glue.get_table, DatabaseName=first, Name="claims")
    database["DatabaseInput"]["Name"] = second
    assert stack.deploy(template())["D"] == second
    gone("EntityNotFoundException", glue.get_database, Name=first)
    assert glue.get_partition(DatabaseName=second, TableName="renamed", PartitionValues=["2026-01-02"])["Partition"]
    stack.delete()
    gone("EntityNotFoundException", glue.get_database, Name=second)


def test_crawler_and_job(stack: Stack, client: Callable[[str], Any]) -> None:
    glue = client("glue")
    role = f"arn:aws:iam::{ACCOUNT}:role/glue"
    crawler: dict[str, Any] = {
        "Role": role,
        "DatabaseName": "crawled",
        "Description": "reads",
        "TablePrefix": "raw_",
        "Targets": {"DynamoDBTargets": [{"Path": "claims", "ScanAll": "false"}], "S3Targets": [{"Path": "s3://b/p/"}]},
        "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
        "Tags": {"own": 1},
    }
    job: dict[str, Any] = {
        "Role": role,
        "Command": {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://b/job.py"},
        "GlueVersion": "4.0",
        "WorkerType": "G.1X",
        "NumberOfWorkers": "2",
        "Timeout": 5,
        "MaxRetries": 1,
        "ExecutionProperty": {"MaxConcurrentRuns": 3},
        "DefaultArguments": {"--LIMIT": 5, "--FLAG": True},
        "Tags": {"own": "1"},
    }

    def template() -> Resources:
        return {"C": resource("AWS::Glue::Crawler", **crawler), "J": resource("AWS::Glue::Job", **job)}

    made = stack.deploy(template(), Tags=STACK_TAGS)
    found = glue.get_crawler(Name=made["C"])["Crawler"]
    assert found["Targets"]["DynamoDBTargets"] == [{"Path": "claims", "scanAll": False}]
    assert (found["TablePrefix"], found["SchemaChangePolicy"]["UpdateBehavior"]) == ("raw_", "LOG")
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}"
    assert glue.get_tags(ResourceArn=f"{arn}:crawler/{made['C']}")["Tags"] == {"own": "1", "stack": "all"}
    running = glue.get_job(JobName=made["J"])["Job"]
    assert (running["NumberOfWorkers"], running["Timeout"], running["MaxRetries"]) == (2, 5, 1)
    assert running["DefaultArguments"] == {"--LIMIT": "5", "--FLAG": "true"}
    assert glue.get_tags(ResourceArn=f"{arn}:job/{made['J']}")["Tags"] == {"own": "1", "stack": "all"}
    assert stack.drifted() == {}

    del crawler["Description"], job["Timeout"]
    crawler["TablePrefix"] = "clean_"
    crawler["Tags"] = {"new": "2"}
    job["NumberOfWorkers"] = 4
    assert stack.deploy(template(), Tags=STACK_TAGS) == made
    found = glue.get_crawler(Name=made["C"])["Crawler"]
    assert found.get("Description", "") == "" and found["TablePrefix"] == "clean_"
    assert glue.get_tags(ResourceArn=f"{arn}:crawler/{made['C']}")["Tags"] == {"new": "2", "stack": "all"}
    running = glue.get_job(JobName=made["J"])["Job"]
    assert running["NumberOfWorkers"] == 4 and running.get("Timeout") != 5

    crawler["Name"], job["Name"] = name("crawler"), name("job")
    assert stack.deploy(template(), Tags=STACK_TAGS) == {"C": crawler["Name"], "J": job["Name"]}
    gone("EntityNotFoundException", glue.get_crawler, Name=made["C"])
    gone("EntityNotFoundException", glue.get_job, JobName=made["J"])
    stack.delete()
    gone("EntityNotFoundException", glue.get_crawler, Name=crawler["Name"])
    gone("EntityNotFoundException", glue.get_job, JobName=job["Name"])


def test_classifiers_and_the_full_crawler(stack: Stack, client: Callable[[str], Any]) -> None:
    glue = client("glue")
    csv: dict[str, Any] = {
        "Delimiter": "~",
        "ContainsHeader": "ABSENT",
        "Header": ["k", "v"],
        "AllowSingleColumn": "true",
        "CustomDatatypeConfigured": True,
        "ContainsCustomDatatype": ["STRING", "DATE"],
    }
    grok = {"Name": name("grok"), "Classification": "visits", "GrokPattern": "%{IP:client} %{WORD:verb}"}
    configuration = {"Version": 1.0, "Grouping": {"TableLevelConfiguration": 2}, "CreatePartitionIndex": True}
    crawler: dict[str, Any] = {
        "Role": "role",
        "DatabaseName": "crawled",
        "Classifiers": [{"Ref": "G"}, {"Ref": "C"}],
        "Configuration": json.dumps(configuration),
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
        "Schedule": {"ScheduleExpression": "cron(0 3 * * ? *)"},
        "Targets": {"S3Targets": [{"Path": "s3://b/p/", "Exclusions": ["tmp/**"], "SampleSize": "5"}]},
    }

    def template() -> Resources:
        return {
            "C": resource("AWS::Glue::Classifier", CsvClassifier=csv),
            "G": resource("AWS::Glue::Classifier", GrokClassifier=grok),
            "J": resource("AWS::Glue::Classifier", JsonClassifier={"JsonPath": "$[*]"}),
            "X": resource("AWS::Glue::Classifier", XMLClassifier={"Classification": "books", "RowTag": "book"}),
            "W": resource("AWS::Glue::Crawler", **crawler),
        }

    made = stack.deploy(template())
    assert made["G"] == grok["Name"]
    found = glue.get_classifier(Name=made["C"])["Classifier"]["CsvClassifier"]
    assert (found["Header"], found["AllowSingleColumn"], found["CustomDatatypes"]) == (["k", "v"], True, ["STRING", "DATE"])
    crawling = glue.get_crawler(Name=made["W"])["Crawler"]
    assert crawling["Classifiers"] == [made["G"], made["C"]]
    assert json.loads(crawling["Configuration"]) == configuration
    wanted = [{"Path": "s3://b/p/", "Exclusions": ["tmp/**"], "SampleSize": 5}]
    assert crawling["Targets"]["S3Targets"] == wanted
    assert crawling["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY"
    assert crawling["Schedule"]["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert stack.drifted() == {}

    csv["Header"] = ["key", "value"]
    del crawler["Classifiers"], crawler["RecrawlPolicy"], crawler["Schedule"]
    assert stack.deploy(template()) == made
    assert glue.get_classifier(Name=made["C"])["Classifier"]["CsvClassifier"]["Header"] == ["key", "value"]
    crawling = glue.get_crawler(Name=made["W"])["Crawler"]
    assert crawling.get("Classifiers", []) == [] and "Schedule" not in crawling
    assert crawling["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_EVERYTHING"

    grok["Name"] = name("grok")
    assert stack.deploy(template())["G"] == grok["Name"]
    gone("EntityNotFoundException", glue.get_classifier, Name=made["G"])
    stack.delete()
    for each in (made["C"], grok["Name"], made["J"], made["X"]):
        gone("EntityNotFoundException", glue.get_classifier, Name=each)


def test_triggers_and_workflows(stack: Stack, client: Callable[[str], Any]) -> None:
    glue = client("glue")
    script = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://b/job.py"}
    workflow: dict[str, Any] = {
        "Description": "nightly",
        "DefaultRunProperties": {"day": "monday"},
        "MaxConcurrentRuns": 2,
        "Tags": {"own": "1"},
    }
    first: dict[str, Any] = {
        "Type": "SCHEDULED",
        "Schedule": "cron(0 3 * * ? *)",
        "StartOnCreation": True,
        "WorkflowName": {"Ref": "W"},
        "Actions": [{"CrawlerName": {"Ref": "C"}}],
    }
    crawled = {"LogicalOperator": "EQUALS", "CrawlerName": {"Ref": "C"}, "CrawlState": "SUCCEEDED"}
    second: dict[str, Any] = {
        "Type": "CONDITIONAL",
        "StartOnCreation": True,
        "WorkflowName": {"Ref": "W"},
        "Predicate": {"Conditions": [crawled]},
        "Actions": [{"JobName": {"Ref": "J"}, "Arguments": {"--LIMIT": 5}, "Timeout": 7}],
    }

    def template() -> Resources:
        targets = {"S3Targets": [{"Path": "s3://b/p/"}]}
        return {
            "W": resource("AWS::Glue::Workflow", **workflow),
            "C": resource("AWS::Glue::Crawler", Role="role", DatabaseName="crawled", Targets=targets),
            "J": resource("AWS::Glue::Job", Role="role", Command=script),
            "T": resource("AWS::Glue::Trigger", **first),
            "U": resource("AWS::Glue::Trigger", **second),
        }

    made = stack.deploy(template())
    graph = glue.get_workflow(Name=made["W"], IncludeGraph=True)["Workflow"]
    assert (graph["MaxConcurrentRuns"], graph["DefaultRunProperties"]) == (2, {"day": "monday"})
    assert {node["Name"] for node in graph["Graph"]["Nodes"]} >= {made["T"], made["U"], made["C"], made["J"]}
    trigger = glue.get_trigger(Name=made["T"])["Trigger"]
    assert (trigger["State"], trigger["Schedule"]) == ("ACTIVATED", "cron(0 3 * * ? *)")
    action = glue.get_trigger(Name=made["U"])["Trigger"]["Actions"][0]
    assert (action["Arguments"], action["Timeout"]) == ({"--LIMIT": "5"}, 7)
    assert stack.drifted() == {}

    first["Schedule"], first["StartOnCreation"] = "cron(0 4 * * ? *)", False
    workflow["DefaultRunProperties"] = {"day": "friday"}
    assert stack.deploy(template()) == made
    trigger = glue.get_trigger(Name=made["T"])["Trigger"]
    assert (trigger["State"], trigger["Schedule"]) == ("DEACTIVATED", "cron(0 4 * * ? *)")
    assert glue.get_workflow(Name=made["W"])["Workflow"]["DefaultRunProperties"] == {"day": "friday"}
    stack.delete()
    assert made["T"] not in glue.list_triggers()["TriggerNames"]
    gone("EntityNotFoundException", glue.get_workflow, Name=made["W"])


def test_connection_and_security_configuration(stack: Stack, client: Callable[[str], Any]) -> None:
    glue = client("glue")
    connection: dict[str, Any] = {
        "CatalogId": ACCOUNT,
        "ConnectionInput": {
            "ConnectionType": "JDBC",
            "ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:postgresql://h:5432/d", "USERNAME": "u", "PASSWORD": "p"},
            "Description": "first",
        },
    }
    security: dict[str, Any] = {
        "Name": name("security"),
        "EncryptionConfiguration": {
            "S3Encryptions": [{"S3EncryptionMode": "SSE-S3"}],
            "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
            "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
        },
    }

    def template() -> Resources:
        return {
            "C": resource("AWS::Glue::Connection", **connection),
            "S": resource("AWS::Glue::SecurityConfiguration", **security),
        }

    made = stack.deploy(template())
    found = glue.get_connection(Name=made["C"])["Connection"]
    assert found["ConnectionProperties"]["USERNAME"] == "u" and found["Description"] == "first"
    encryption = glue.get_security_configuration(Name=made["S"])["SecurityConfiguration"]["EncryptionConfiguration"]
    assert encryption["S3Encryption"] == [{"S3EncryptionMode": "SSE-S3"}]

    connection["ConnectionInput"]["Description"] = "second"
    assert stack.deploy(template()) == made
    assert glue.get_connection(Name=made["C"])["Connection"]["Description"] == "second"

    connection["ConnectionInput"]["Name"] = name("connection")
    security["Name"] = name("security")
    security["EncryptionConfiguration"]["S3Encryptions"][0] = {"S3EncryptionMode": "DISABLED"}
    assert stack.deploy(template()) == {"C": connection["ConnectionInput"]["Name"], "S": security["Name"]}
    gone("EntityNotFoundException", glue.get_connection, Name=made["C"])
    gone("EntityNotFoundException", glue.get_security_configuration, Name=made["S"])
    stack.delete()
    gone("EntityNotFoundException", glue.get_connection, Name=connection["ConnectionInput"]["Name"])


def test_parameter(stack: Stack, client: Callable[[str], Any]) -> None:
    ssm = client("ssm")
    named = f"/{name('app')}/size"
    parameter: dict[str, Any] = {"Name": named, "Type": "String", "Value": 5, "Description": "d", "Tags": {"own": "1"}}

    def template() -> Resources:
        return {"P": resource("AWS::SSM::Parameter", **parameter)}

    def tags() -> dict[str, str]:
        return tags_of(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=named)["TagList"])

    outputs = {"Value": {"Fn::GetAtt": "P.Value"}, "Type": {"Fn::GetAtt": "P.Type"}}
    assert stack.deploy(template(), outputs, Tags=STACK_TAGS)["P"] == named
    assert stack.outputs == {"Value": "5", "Type": "String"}
    assert ssm.get_parameter(Name=named)["Parameter"]["Value"] == "5" and tags() == {"own": "1", "stack": "all"}
    parameter |= {"Value": 6, "Tags": {"new": "2"}}
    stack.deploy(template(), outputs, Tags=STACK_TAGS)
    got = ssm.get_parameter(Name=named)["Parameter"]
    assert (got["Value"], got["Type"]) == ("6", "String") and tags() == {"new": "2", "stack": "all"}
    assert stack.drifted() == {}
    ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=named, TagKeys=["new"])
    assert stack.drifted() == {"P": ["/Tags"]}
    del parameter["Name"]
    replaced = stack.deploy(template())["P"]
    assert replaced.startswith("CFN-P-")
    gone("ParameterNotFound", ssm.get_parameter, Name=named)
    stack.delete()
    gone("ParameterNotFound", ssm.get_parameter, Name=replaced)


def test_repository(stack: Stack, client: Callable[[str], Any]) -> None:
    ecr = client("ecr")
    repository: dict[str, Any] = {
        "ImageTagMutability": "IMMUTABLE",
        "ImageScanningConfiguration": {"ScanOnPush": "true"},
        "LifecyclePolicy": {
            "LifecyclePolicyText": json.dumps(
                {
                    "rules": [
                        {
                            "rulePriority": 1,
                            "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1},
                            "action": {"type": "expire"},
                        }
                    ]
                }
            )
        },
        "RepositoryPolicyText": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]},
        "Tags": TAGS,
    }
    outputs = {"Arn": {"Fn::GetAtt": "R.Arn"}, "Uri": {"Fn::GetAtt": "R.RepositoryUri"}}
    made = stack.deploy({"R": resource("AWS::ECR::Repository", **repository)}, outputs)["R"]
    (found,) = ecr.describe_repositories(repositoryNames=[made])["repositories"]
    assert (found["repositoryArn"], found["repositoryUri"]) == (stack.outputs["Arn"], stack.outputs["Uri"])
    assert found["imageTagMutability"] == "IMMUTABLE" and found["imageScanningConfiguration"]["scanOnPush"]
    assert ecr.get_lifecycle_policy(repositoryName=made)["lifecyclePolicyText"]
    assert "BatchGetImage" in ecr.get_repository_policy(repositoryName=made)["policyText"]
    assert tags_of(ecr.list_tags_for_resource(resourceArn=stack.outputs["Arn"])["tags"]) == {"own": "1"}
    repository |= {"ImageTagMutability": "MUTABLE", "Tags": []}
    del repository["RepositoryPolicyText"], repository["LifecyclePolicy"]
    assert stack.deploy({"R": resource("AWS::ECR::Repository", **repository)}, outputs)["R"] == made
    gone("RepositoryPolicyNotFoundException", ecr.get_repository_policy, repositoryName=made)
    gone("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName=made)
    assert ecr.list_tags_for_resource(resourceArn=stack.outputs["Arn"])["tags"] == []
    repository["RepositoryName"] = name("repository")
    assert stack.deploy({"R": resource("AWS::ECR::Repository", **repository)})["R"] == repository["RepositoryName"]
    gone("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=[made])
    stack.delete()
    gone("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=[repository["RepositoryName"]])


def test_log_groups(stack: Stack, client: Callable[[str], Any]) -> None:
    logs = client("logs")
    by_others = f"/{name('function')}"

    def retention(group: str) -> int | None:
        (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        days: int | None = found.get("retentionInDays")
        return days

    group: dict[str, Any] = {"RetentionInDays": "7", "Tags": TAGS}
    provider = "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A"
    code = {"S3Bucket": "assets", "S3Key": "code.zip"}
    custom: dict[str, Any] = {
        "ServiceToken": {"Fn::GetAtt": [provider, "Arn"]},
        "LogGroupName": by_others,
        "RetentionInDays": 3,
        "RemovalPolicy": "destroy",
    }

    def template() -> Resources:
        return {
            "G": resource("AWS::Logs::LogGroup", **group),
            provider: resource("AWS::Lambda::Function", Handler="index.handler", Runtime="nodejs22.x", Role="r", Code=code),
            "L": resource("Custom::LogRetention", **custom),
        }

    outputs = {"Arn": {"Fn::GetAtt": "G.Arn"}, "Name": {"Fn::GetAtt": "L.LogGroupName"}}
    made = stack.deploy(template(), outputs)
    assert stack.outputs["Arn"] == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{made['G']}:*"
    assert stack.outputs["Name"] == by_others
    assert (retention(made["G"]), retention(by_others)) == (7, 3)
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{made['G']}"
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"own": "1"}
    del group["RetentionInDays"], custom["RetentionInDays"]
    group["Tags"] = [{"Key": "new", "Value": "2"}]
    assert stack.deploy(template(), outputs) == made
    assert (retention(made["G"]), retention(by_others)) == (None, None)
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"new": "2"}
    group["LogGroupName"] = f"/{name('group')}"
    assert stack.deploy(template())["G"] == group["LogGroupName"]
    assert logs.describe_log_groups(logGroupNamePrefix=made["G"])["logGroups"] == []
    stack.delete()
    assert logs.describe_log_groups(logGroupNamePrefix=group["LogGroupName"])["logGroups"] == []
    assert logs.describe_log_groups(logGroupNamePrefix=by_others)["logGroups"] == []


def test_secret(stack: Stack, client: Callable[[str], Any]) -> None:
    secrets = client("secretsmanager")
    rule: dict[str, Any] = {
        "SecretStringTemplate": json.dumps({"username": "admin"}),
        "GenerateStringKey": "password",
        "PasswordLength": "20",
        "ExcludePunctuation": True,
    }
    secret: dict[str, Any] = {"Description": "first", "GenerateSecretString": rule, "Tags": TAGS}

    def template() -> Resources:
        return {"S": resource("AWS::SecretsManager::Secret", **secret)}

    made = stack.deploy(template(), {"Id": {"Fn::GetAtt": "S.Id"}}, Tags=STACK_TAGS)["S"]
    assert made.startswith("arn:aws:secretsmanager:") and stack.outputs["Id"] == made
    value = json.loads(secrets.get_secret_value(SecretId=made)["SecretString"])
    assert value["username"] == "admin" and len(value["password"]) == 20 and value["password"].isalnum()
    described = secrets.describe_secret(SecretId=made)
    assert described["Description"] == "first" and tags_of(described["Tags"]) == {"own": "1", "stack": "all"}
    secret["Description"] = "second"
    assert stack.deploy(template(), Tags=STACK_TAGS)["S"] == made
    assert json.loads(secrets.get_secret_value(SecretId=made)["SecretString"]) == value
    assert secrets.describe_secret(SecretId=made)["Description"] == "second"
    del secret["GenerateSecretString"]
    secret["SecretString"] = "given"
    assert stack.deploy(template())["S"] == made
    assert secrets.get_secret_value(SecretId=made)["SecretString"] == "given"
    secret["Name"] = name("secret")
    replaced = stack.deploy(template())["S"]
    assert secrets.get_secret_value(SecretId=secret["Name"])["ARN"] == replaced != made
    gone("ResourceNotFoundException", secrets.describe_secret, SecretId=made)
    stack.delete()
    gone("ResourceNotFoundException", secrets.describe_secret, SecretId=replaced)
    # The name is free again at once.
    empty = Stack(client)
    empty.deploy({"S": resource("AWS::SecretsManager::Secret", Name=secret["Name"])})
    gone("ResourceNotFoundException", secrets.get_secret_value, SecretId=secret["Name"])
    empty.delete()


def test_keys(stack: Stack, client: Callable[[str], Any]) -> None:
    kms = client("kms")
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
    alias = f"alias/{name('key')}"
    key: dict[str, Any] = {
        "Description": "first",
        "KeyPolicy": policy,
        "EnableKeyRotation": True,
        "RotationPeriodInDays": 100,
        "PendingWindowInDays": 7,
        "Tags": TAGS,
    }
    target: dict[str, Any] = {"AliasName": alias, "TargetKeyId": {"Fn::GetAtt": "K.Arn"}}

    def template() -> Resources:
        return {"K": resource("AWS::KMS::Key", **key), "A": resource("AWS::KMS::Alias", **target)}

    outputs = {"Arn": {"Fn::GetAtt": "K.Arn"}, "Id": {"Fn::GetAtt": "K.KeyId"}}
    made = stack.deploy(template(), outputs, Tags=STACK_TAGS)
    assert made["A"] == alias and stack.outputs["Id"] == made["K"]
    described = kms.describe_key(KeyId=alias)["KeyMetadata"]
    assert (described["Arn"], described["Description"]) == (stack.outputs["Arn"], "first")
    assert json.loads(kms.get_key_policy(KeyId=made["K"])["Policy"]) == policy
    assert kms.get_key_rotation_status(KeyId=made["K"])["RotationPeriodInDays"] == 100
    tags = tags_of(kms.list_resource_tags(KeyId=made["K"])["Tags"], "TagKey", "TagValue")
    assert tags == {"own": "1", "stack": "all"}
    assert stack.drifted() == {}
    key |= {"Description": "second", "Enabled": False, "EnableKeyRotation": False}
    del key["RotationPeriodInDays"]
    assert stack.deploy(template(), Tags=STACK_TAGS) == made
    described = kms.describe_key(KeyId=alias)["KeyMetadata"]
    assert (described["KeyState"], described["Description"]) == ("Disabled", "second")
    target["AliasName"] = f"alias/{name('key')}"
    assert stack.deploy(template())["A"] == target["AliasName"]
    gone("NotFoundException", kms.describe_key, KeyId=alias)
    stack.delete()
    assert kms.describe_key(KeyId=made["K"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    gone("NotFoundException", kms.describe_key, KeyId=target["AliasName"])
    asymmetric = Stack(client)
    assert (
        asymmetric.submit({"K": resource("AWS::KMS::Key", KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")}) == "ROLLBACK_COMPLETE"
    )
    assert any("RSA_2048" in reason for reason in asymmetric.reasons())


def test_what_cdk_puts_beside_a_bucket(stack: Stack, client: Callable[[str], Any]) -> None:
    s3 = client("s3")
    assets = name("assets")
    s3.create_bucket(Bucket=assets)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.html", "<p>hello</p>")
        files.writestr("data/one.csv", "a,b\n")
    s3.put_object(Bucket=assets, Key="site.zip", Body=archive.getvalue())
    consent = [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}]
    cleaner, deployer = "CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F", "CustomCDKBucketDeployment8693BB64968"
    function = {"Handler": "index.handler", "Runtime": "nodejs22.x", "Role": "r", "Code": {"S3Bucket": assets, "S3Key": "c"}}

    def template(prefix: str) -> Resources:
        return {
            "B": resource("AWS::S3::Bucket", Tags=consent),
            cleaner: resource("AWS::Lambda::Function", **function),
            deployer: resource("AWS::Lambda::Function", **function),
            "Clean": resource(
                "Custom::S3AutoDeleteObjects", ServiceToken={"Fn::GetAtt": [cleaner, "Arn"]}, BucketName={"Ref": "B"}
            ),
            "Deploy": resource(
                "Custom::CDKBucketDeployment",
                ServiceToken={"Fn::GetAtt": [deployer, "Arn"]},
                SourceBucketNames=[assets],
                SourceObjectKeys=["site.zip"],
                DestinationBucketName={"Ref": "B"},
                DestinationBucketKeyPrefix=prefix,
                Prune=True,
            ),
            "CDKMetadata": resource("AWS::CDK::Metadata", Analytics="v2:deflate64:x"),
        }

    bucket = stack.deploy(template("one"))["B"]
    listed = {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert listed == {"one/index.html", "one/data/one.csv"}
    assert s3.get_object(Bucket=bucket, Key="one/index.html")["ContentType"] == "text/html"
    stack.deploy(template("two"))
    assert "two/index.html" in {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    s3.put_object(Bucket=bucket, Key="more", Body=b"x")
    stack.delete()
    gone("404", s3.head_bucket, Bucket=bucket)


@pytest.mark.parametrize(
    ("properties", "place", "key"),
    [
        ({"VersioningConfiguration": {"Status": "Enabled", "Stat": "x"}}, "#/VersioningConfiguration", "Stat"),
        ({"Tags": [{"Key": "a", "Value": "b"}, {"Name": "c"}]}, "#/Tags/1", "Name"),
        ({"LifecycleConfiguration": {"Rules": [{"ID": "a"}]}}, "#/LifecycleConfiguration/Rules/0", "ID"),
        ({"Bucketname": "a"}, "#", "Bucketname"),
    ],
)
def test_unknown_members_are_refused_by_name(
    client: Callable[[str], Any], properties: dict[str, Any], place: str, key: str
) -> None:
    body = json.dumps({"Resources": {"B": resource("AWS::S3::Bucket", **properties)}})
    with pytest.raises(ClientError) as failure:
        client("cloudformation").create_stack(StackName=name("refused"), TemplateBody=body)
    assert f"Properties validation failed for resource B with message: {place}: extraneous key [{key}] is not permitted" in str(
        failure.value
    )


def test_unknown_members_behind_functions_fail_the_resource(stack: Stack) -> None:
    crawler = resource(
        "AWS::Glue::Crawler",
        Role="r",
        Targets={"Fn::If": ["Here", {"S3Target": [{"Path": "s3://b/"}]}, {"Ref": "AWS::NoValue"}]},
    )
    template = {"Conditions": {"Here": {"Fn::Equals": ["a", "a"]}}, "Resources": {"C": crawler}}
    stack.identity = stack.cloudformation.create_stack(StackName=stack.name, TemplateBody=json.dumps(template))["StackId"]
    assert stack.ended()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("#/Targets: extraneous key [S3Target] is not permitted" in reason for reason in stack.reasons())
