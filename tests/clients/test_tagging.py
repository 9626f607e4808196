"""The Resource Groups Tagging API over the tags of all services, through boto3."""

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


@pytest.fixture(scope="module")
def client(endpoint: str) -> Any:
    config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    return lambda service: boto3.client(service, endpoint_url=endpoint, region_name=REGION, config=config)


@pytest.fixture(scope="module")
def resources(client: Any) -> Iterator[dict[str, str]]:
    """One resource of each service, all tagged with a key of their own: service → ARN."""
    name = f"tagging-{uuid.uuid4().hex[:12]}"
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    table = client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("glue").create_database(DatabaseInput={"Name": name})
    client("logs").create_log_group(logGroupName=name)
    repository = client("ecr").create_repository(repositoryName=name)
    client("ssm").put_parameter(Name=f"/{name}/a", Value="1", Type="String")
    arns = {
        "s3": f"arn:aws:s3:::{name}",
        "dynamodb": table["TableDescription"]["TableArn"],
        "glue": f"arn:aws:glue:{REGION}:{ACCOUNT}:database/{name}",
        "logs": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}",
        "ecr": repository["repository"]["repositoryArn"],
        "ssm": f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}/a",
    }
    tagging = client("resourcegroupstaggingapi")
    failed = tagging.tag_resources(ResourceARNList=list(arns.values()), Tags={name: "all", "team": "data"})
    assert failed["FailedResourcesMap"] == {}
    yield arns | {"key": name}
    client("s3").delete_bucket(Bucket=name)
    client("dynamodb").delete_table(TableName=name)
    client("glue").delete_database(Name=name)
    client("logs").delete_log_group(logGroupName=name)
    client("ecr").delete_repository(repositoryName=name)
    client("ssm").delete_parameter(Name=f"/{name}/a")


def found(tagging: Any, **arguments: Any) -> list[str]:
    pages = tagging.get_paginator("get_resources").paginate(**arguments)
    return [one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]]


def test_resources_by_tag_and_type(client: Any, resources: dict[str, str]) -> None:
    tagging = client("resourcegroupstaggingapi")
    key = resources["key"]
    arns = sorted(arn for name, arn in resources.items() if name != "key")
    by_key = [{"Key": key}]
    assert found(tagging, TagFilters=by_key) == arns
    assert found(tagging, TagFilters=by_key, PaginationConfig={"PageSize": 2}) == arns
    assert found(tagging, TagFilters=[{"Key": key, "Values": ["all", "none"]}, {"Key": "team", "Values": ["data"]}]) == arns
    assert found(tagging, TagFilters=[{"Key": key, "Values": ["none"]}]) == []
    assert found(tagging, TagFilters=by_key, ResourceTypeFilters=["glue:job"]) == []
    wanted = ["s3", "dynamodb:table"]
    assert found(tagging, TagFilters=by_key, ResourceTypeFilters=wanted) == [resources["dynamodb"], resources["s3"]]
    one = tagging.get_resources(ResourceARNList=[resources["ecr"]])["ResourceTagMappingList"][0]
    assert {tag["Key"]: tag["Value"] for tag in one["Tags"]} == {key: "all", "team": "data"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        tagging.get_resources(ResourceARNList=[resources["ecr"]], TagFilters=by_key)


def test_services_see_the_same_tags(client: Any, resources: dict[str, str]) -> None:
    key = resources["key"]
    want = {key: "all", "team": "data"}
    assert client("glue").get_tags(ResourceArn=resources["glue"])["Tags"] == want
    assert client("logs").list_tags_for_resource(resourceArn=resources["logs"])["tags"] == want
    parameter = client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=f"/{key}/a")["TagList"]
    assert {tag["Key"]: tag["Value"] for tag in parameter} == want
    bucket = client("s3").get_bucket_tagging(Bucket=key)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in bucket} == want
    table = client("dynamodb").list_tags_of_resource(ResourceArn=resources["dynamodb"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in table} == want


def test_keys_and_values(client: Any, resources: dict[str, str]) -> None:
    tagging = client("resourcegroupstaggingapi")
    assert resources["key"] in tagging.get_tag_keys()["TagKeys"]
    assert tagging.get_tag_values(Key=resources["key"])["TagValues"] == ["all"]


def test_untagging_and_failures(client: Any, resources: dict[str, str]) -> None:
    tagging = client("resourcegroupstaggingapi")
    missing = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/no-such"
    strange = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
    arns = [arn for name, arn in resources.items() if name != "key"]
    tagging.tag_resources(ResourceARNList=arns, Tags={"passing": "1"})
    failed = tagging.untag_resources(ResourceARNList=[*arns, missing, strange], TagKeys=["passing"])["FailedResourcesMap"]
    assert set(failed) == {missing, strange}
    assert failed[missing]["ErrorCode"] == "InvalidParameterException"
    assert "RepositoryNotFoundException" in failed[missing]["ErrorMessage"]
    by_both = [{"Key": resources["key"]}, {"Key": "passing"}]
    assert found(tagging, TagFilters=by_both) == []
