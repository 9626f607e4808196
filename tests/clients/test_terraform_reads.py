"""What Terraform's AWS provider reads back of each resource on every refresh, call by call, through boto3.

The provider itself does not run here. Each test creates a resource as the provider would and makes the calls that the
provider makes to compare it with its configuration: an operation that is missing, or a member that does not come back as
it was given, would be a difference in every plan.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"
REGION = "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/glue"


@pytest.fixture(scope="module")
def clients(endpoint: str) -> Any:
    config = Config(retries={"max_attempts": 1})
    return lambda service: boto3.client(service, endpoint_url=endpoint, region_name=REGION, config=config)


@pytest.fixture(scope="module")
def glue(clients: Any) -> Any:
    return clients("glue")


@pytest.fixture(scope="module")
def database(glue: Any) -> Iterator[str]:
    name = f"terraform_{uuid.uuid4().hex[:12]}"
    glue.create_database(CatalogId=ACCOUNT, DatabaseInput={"Name": name, "Description": "claims"}, Tags={"team": "data"})
    yield name
    glue.delete_database(CatalogId=ACCOUNT, Name=name)


def some_name() -> str:
    return f"terraform-{uuid.uuid4().hex[:12]}"


def glue_arn(resource: str) -> str:
    return f"arn:aws:glue:{REGION}:{ACCOUNT}:{resource}"


def comes_back(given: dict[str, Any], found: dict[str, Any]) -> None:
    assert {key: found.get(key) for key in given} == given


def test_glue_catalog_database(glue: Any, database: str) -> None:
    found = glue.get_database(CatalogId=ACCOUNT, Name=database)["Database"]
    comes_back({"Name": database, "Description": "claims", "CatalogId": ACCOUNT}, found)
    assert glue.get_tags(ResourceArn=glue_arn(f"database/{database}"))["Tags"] == {"team": "data"}


def test_glue_catalog_table(glue: Any, database: str) -> None:
    table = {
        "Name": "claims",
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "parquet.compression": "SNAPPY"},
        "PartitionKeys": [{"Name": "day", "Type": "string"}],
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Type": "bigint", "Comment": ""}, {"Name": "amount", "Type": "decimal(10,2)"}],
            "Location": "s3://bucket/claims",
            "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "SerdeInfo": {
                "Name": "serde",
                "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                "Parameters": {"serialization.format": "1"},
            },
        },
    }
    glue.create_table(CatalogId=ACCOUNT, DatabaseName=database, TableInput=table)
    comes_back(table, glue.get_table(CatalogId=ACCOUNT, DatabaseName=database, Name="claims")["Table"])
    indexes = glue.get_partition_indexes(CatalogId=ACCOUNT, DatabaseName=database, TableName="claims")
    assert indexes["PartitionIndexDescriptorList"] == []
    changed = table | {"Owner": "other"}
    glue.update_table(CatalogId=ACCOUNT, DatabaseName=database, TableInput=changed)
    comes_back(changed, glue.get_table(CatalogId=ACCOUNT, DatabaseName=database, Name="claims")["Table"])
    glue.delete_table(CatalogId=ACCOUNT, DatabaseName=database, Name="claims")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_table(CatalogId=ACCOUNT, DatabaseName=database, Name="claims")


def test_glue_job(glue: Any) -> None:
    name = some_name()
    job = {
        "Role": ROLE,
        "Description": "claims",
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://bucket/job.py", "PythonVersion": "3"},
        "DefaultArguments": {"--job-language": "python", "--TempDir": "s3://bucket/tmp"},
        "ExecutionProperty": {"MaxConcurrentRuns": 2},
        "GlueVersion": "4.0",
        "MaxRetries": 1,
        "Timeout": 60,
        "WorkerType": "G.1X",
        "NumberOfWorkers": 2,
    }
    glue.create_job(Name=name, Tags={"team": "data"}, **job)
    comes_back(job, glue.get_job(JobName=name)["Job"])
    assert glue.get_tags(ResourceArn=glue_arn(f"job/{name}"))["Tags"] == {"team": "data"}
    changed = job | {"Timeout": 30, "NumberOfWorkers": 3}
    glue.update_job(JobName=name, JobUpdate=changed)
    comes_back(changed, glue.get_job(JobName=name)["Job"])
    glue.tag_resource(ResourceArn=glue_arn(f"job/{name}"), TagsToAdd={"cost": "1"})
    glue.untag_resource(ResourceArn=glue_arn(f"job/{name}"), TagsToRemove=["team"])
    assert glue.get_tags(ResourceArn=glue_arn(f"job/{name}"))["Tags"] == {"cost": "1"}
    glue.delete_job(JobName=name)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_job(JobName=name)


def test_glue_crawler(clients: Any, glue: Any, database: str) -> None:
    name = some_name()
    clients("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    targets = {"DynamoDBTargets": [{"Path": name}]}
    glue.create_crawler(Name=name, Role=ROLE, DatabaseName=database, Targets=targets, Tags={"team": "data"})
    found = glue.get_crawler(Name=name)["Crawler"]
    comes_back({"Name": name, "DatabaseName": database, "State": "READY"}, found)
    assert found["Targets"]["DynamoDBTargets"][0]["Path"] == name
    assert glue.get_tags(ResourceArn=glue_arn(f"crawler/{name}"))["Tags"] == {"team": "data"}
    glue.update_crawler(Name=name, Role=ROLE, DatabaseName=database, Targets=targets, Description="other")
    assert glue.get_crawler(Name=name)["Crawler"]["Description"] == "other"
    glue.delete_crawler(Name=name)
    clients("dynamodb").delete_table(TableName=name)


def test_glue_connection_and_security_configuration(glue: Any) -> None:
    name = some_name()
    connection = {
        "Name": name,
        "ConnectionType": "NETWORK",
        "ConnectionProperties": {},
        "PhysicalConnectionRequirements": {"SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1"]},
    }
    glue.create_connection(CatalogId=ACCOUNT, ConnectionInput=connection, Tags={"team": "data"})
    comes_back(connection, glue.get_connection(CatalogId=ACCOUNT, Name=name)["Connection"])
    assert glue.get_tags(ResourceArn=glue_arn(f"connection/{name}"))["Tags"] == {"team": "data"}
    glue.delete_connection(CatalogId=ACCOUNT, ConnectionName=name)
    encryption = {
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
        "S3Encryption": [{"S3EncryptionMode": "DISABLED"}],
    }
    glue.create_security_configuration(Name=name, EncryptionConfiguration=encryption)
    found = glue.get_security_configuration(Name=name)["SecurityConfiguration"]
    assert found["EncryptionConfiguration"] == encryption
    glue.delete_security_configuration(Name=name)
    settings = glue.get_data_catalog_encryption_settings(CatalogId=ACCOUNT)["DataCatalogEncryptionSettings"]
    assert settings["EncryptionAtRest"]["CatalogEncryptionMode"] == "DISABLED"


def test_dynamodb_table(clients: Any) -> None:
    dynamodb = clients("dynamodb")
    name = some_name()
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "S"},
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_day",
                "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        TableClass="STANDARD",
        Tags=[{"Key": "team", "Value": "data"}],
    )
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert (table["TableStatus"], table["BillingModeSummary"]["BillingMode"]) == ("ACTIVE", "PAY_PER_REQUEST")
    assert table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    assert table["TableClassSummary"]["TableClass"] == "STANDARD"
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == [{"Key": "team", "Value": "data"}]
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"] == "expires"
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
    assert dynamodb.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"] is True
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        dynamodb.describe_table(TableName=name)
