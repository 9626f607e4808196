"""Glue's connections, security configurations and resource policies through boto3."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"


@pytest.fixture(scope="module")
def glue(endpoint: str) -> Any:
    return boto3.client("glue", endpoint_url=endpoint, region_name="eu-central-1", config=Config(retries={"max_attempts": 1}))


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """The code of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def some_name() -> str:
    return f"settings-{uuid.uuid4().hex[:12]}"


def jdbc(name: str, **more: Any) -> dict[str, Any]:
    properties = {"JDBC_CONNECTION_URL": "jdbc:postgresql://db/claims", "USERNAME": "reader", "PASSWORD": "secret"}
    return {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": properties} | more


def test_connection_life(glue: Any) -> None:
    name = some_name()
    place = {"AvailabilityZone": "eu-central-1a", "SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1"]}
    given = jdbc(name, Description="claims", MatchCriteria=["claims"], PhysicalConnectionRequirements=place)
    glue.create_connection(ConnectionInput=given, Tags={"team": "data"})
    assert refusal(glue.create_connection, ConnectionInput=given) == "AlreadyExistsException"
    found = glue.get_connection(Name=name)["Connection"]
    assert {key: found[key] for key in given} == given
    assert (found["Status"], found["CreationTime"]) == ("READY", found["LastUpdatedTime"])
    assert "PASSWORD" not in glue.get_connection(Name=name, HidePassword=True)["Connection"]["ConnectionProperties"]
    arn = f"arn:aws:glue:eu-central-1:{ACCOUNT}:connection/{name}"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "data"}
    glue.update_connection(Name=name, ConnectionInput=jdbc(name, Description="other"))
    changed = glue.get_connection(Name=name)["Connection"]
    assert (changed["Description"], changed["CreationTime"]) == ("other", found["CreationTime"])
    assert "MatchCriteria" not in changed
    glue.delete_connection(ConnectionName=name)
    for call in (glue.get_connection, glue.update_connection, glue.delete_connection):
        arguments: dict[str, Any] = {"ConnectionName": name} if call == glue.delete_connection else {"Name": name}
        if call == glue.update_connection:
            arguments["ConnectionInput"] = jdbc(name)
        assert refusal(call, **arguments) == "EntityNotFoundException"
    assert refusal(glue.get_tags, ResourceArn=arn) == "EntityNotFoundException"


def test_lists_of_connections(glue: Any) -> None:
    mark = some_name()
    names = sorted(some_name() for _ in range(3))
    for name in names:
        glue.create_connection(ConnectionInput=jdbc(name, MatchCriteria=[mark]))
    wanted = {"MatchCriteria": [mark], "ConnectionType": "JDBC"}
    first = glue.get_connections(Filter=wanted, MaxResults=2, HidePassword=True)
    second = glue.get_connections(Filter=wanted, MaxResults=2, NextToken=first["NextToken"])
    assert [one["Name"] for one in first["ConnectionList"] + second["ConnectionList"]] == names
    assert "PASSWORD" not in first["ConnectionList"][0]["ConnectionProperties"]
    assert "NextToken" not in second
    removed = glue.batch_delete_connection(ConnectionNameList=[*names, "no such"])
    assert removed["Succeeded"] == names
    assert removed["Errors"]["no such"]["ErrorCode"] == "EntityNotFoundException"


def test_what_a_connection_refuses(glue: Any) -> None:
    assert (
        refusal(glue.create_connection, ConnectionInput=jdbc(some_name(), ValidateCredentials=True)) == "InvalidInputException"
    )
    secret = {"AuthenticationType": "BASIC", "BasicAuthenticationCredentials": {"Username": "a", "Password": "b"}}
    with_secret = jdbc(some_name(), AuthenticationConfiguration=secret)
    assert refusal(glue.create_connection, ConnectionInput=with_secret) == "InvalidInputException"


def test_security_configurations(glue: Any) -> None:
    name = some_name()
    encryption = {
        "S3Encryption": [{"S3EncryptionMode": "SSE-S3"}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
    }
    created = glue.create_security_configuration(Name=name, EncryptionConfiguration=encryption)
    found = glue.get_security_configuration(Name=name)["SecurityConfiguration"]
    assert (found["EncryptionConfiguration"], found["CreatedTimeStamp"]) == (encryption, created["CreatedTimestamp"])
    again = {"Name": name, "EncryptionConfiguration": encryption}
    assert refusal(glue.create_security_configuration, **again) == "AlreadyExistsException"
    listed = glue.get_security_configurations()["SecurityConfigurations"]
    assert name in [one["Name"] for one in listed]
    glue.delete_security_configuration(Name=name)
    assert refusal(glue.get_security_configuration, Name=name) == "EntityNotFoundException"
    assert refusal(glue.delete_security_configuration, Name=name) == "EntityNotFoundException"


def test_resource_policies(glue: Any) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert refusal(glue.get_resource_policy) == "EntityNotFoundException"
    must = {"PolicyInJson": policy, "PolicyExistsCondition": "MUST_EXIST"}
    assert refusal(glue.put_resource_policy, **must) == "ConditionCheckFailureException"
    made = glue.put_resource_policy(PolicyInJson=policy)["PolicyHash"]
    found = glue.get_resource_policy(ResourceArn=f"arn:aws:glue:eu-central-1:{ACCOUNT}:catalog")
    assert (found["PolicyInJson"], found["PolicyHash"]) == (policy, made)
    own = f"arn:aws:glue:eu-central-1:{ACCOUNT}:database/policed"
    glue.put_resource_policy(PolicyInJson=policy, ResourceArn=own)
    listed = glue.get_resource_policies()["GetResourcePoliciesResponseList"]
    assert [each["PolicyHash"] for each in listed] == [made, made]
    first = glue.get_resource_policies(MaxResults=1)
    assert len(first["GetResourcePoliciesResponseList"]) == 1
    assert len(glue.get_resource_policies(NextToken=first["NextToken"])["GetResourcePoliciesResponseList"]) == 1
    glue.delete_resource_policy(ResourceArn=own)
    assert refusal(glue.put_resource_policy, PolicyInJson="{}") == "InvalidInputException"
    assert refusal(glue.delete_resource_policy, PolicyHashCondition="other") == "ConditionCheckFailureException"
    glue.delete_resource_policy(PolicyHashCondition=made)
    assert refusal(glue.delete_resource_policy) == "EntityNotFoundException"


def test_what_is_so_already(glue: Any) -> None:
    """There is nothing to import, and nothing is encrypted: that may be said again, and nothing else."""
    glue.import_catalog_to_glue()
    assert glue.get_catalog_import_status()["ImportStatus"]["ImportCompleted"] is True
    assert refusal(glue.get_catalog_import_status, CatalogId="111111111111") == "EntityNotFoundException"
    settings = glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=settings)
    encrypted = {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS"}}
    code = refusal(glue.put_data_catalog_encryption_settings, DataCatalogEncryptionSettings=encrypted)
    assert code == "InvalidInputException"
