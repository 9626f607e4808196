"""Secrets Manager through boto3."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def secrets(endpoint: str) -> Any:
    return boto3.client("secretsmanager", endpoint_url=endpoint)


def test_versions_stages_and_tokens(secrets: Any) -> None:
    made = secrets.create_secret(Name="db/main", SecretString="one", Tags=[{"Key": "a", "Value": "b"}])
    assert made["ARN"].rsplit("-", 1)[0].endswith(":secret:db/main") and len(made["ARN"].rsplit("-", 1)[1]) == 6
    token = "0" * 32
    put = secrets.put_secret_value(SecretId=made["ARN"], SecretString="two", ClientRequestToken=token)
    again = secrets.put_secret_value(SecretId="db/main", SecretString="two", ClientRequestToken=token)
    assert put["VersionId"] == again["VersionId"] == token
    with pytest.raises(ClientError, match="ResourceExistsException"):
        secrets.put_secret_value(SecretId="db/main", SecretString="other", ClientRequestToken=token)
    assert secrets.get_secret_value(SecretId="db/main")["SecretString"] == "two"
    assert secrets.get_secret_value(SecretId="db/main", VersionStage="AWSPREVIOUS")["SecretString"] == "one"
    secrets.update_secret(SecretId="db/main", SecretBinary=b"\0\1")
    assert secrets.get_secret_value(SecretId="db/main")["SecretBinary"] == b"\0\1"
    described = secrets.describe_secret(SecretId="db/main")
    assert described["Tags"] == [{"Key": "a", "Value": "b"}]
    assert sorted(described["VersionIdsToStages"].values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]
    with pytest.raises(ClientError, match="ResourceExistsException"):
        secrets.create_secret(Name="db/main", SecretString="one")


def test_deletion_and_restoring(secrets: Any) -> None:
    secrets.create_secret(Name="gone", SecretString="x")
    secrets.delete_secret(SecretId="gone", RecoveryWindowInDays=7)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        secrets.get_secret_value(SecretId="gone")
    with pytest.raises(ClientError, match="scheduled for deletion"):
        secrets.create_secret(Name="gone", SecretString="y")
    secrets.restore_secret(SecretId="gone")
    assert secrets.get_secret_value(SecretId="gone")["SecretString"] == "x"
    secrets.delete_secret(SecretId="gone", ForceDeleteWithoutRecovery=True)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        secrets.describe_secret(SecretId="gone")


def test_lists_batches_and_settings(secrets: Any) -> None:
    for number in range(3):
        secrets.create_secret(Name=f"list/{number}", SecretString=str(number))
    pages = secrets.get_paginator("list_secrets").paginate(
        Filters=[{"Key": "name", "Values": ["list/"]}], PaginationConfig={"PageSize": 2}
    )
    assert [each["Name"] for page in pages for each in page["SecretList"]] == ["list/0", "list/1", "list/2"]
    batch = secrets.batch_get_secret_value(SecretIdList=["list/1", "none"])
    assert [each["SecretString"] for each in batch["SecretValues"]] == ["1"]
    assert [each["ErrorCode"] for each in batch["Errors"]] == ["ResourceNotFoundException"]
    secrets.put_resource_policy(SecretId="list/1", ResourcePolicy='{"Version":"2012-10-17","Statement":[]}')
    assert "2012" in secrets.get_resource_policy(SecretId="list/1")["ResourcePolicy"]
    secrets.tag_resource(SecretId="list/1", Tags=[{"Key": "k", "Value": "v"}])
    secrets.untag_resource(SecretId="list/1", TagKeys=["k"])
    assert secrets.describe_secret(SecretId="list/1").get("Tags", []) == []


def test_passwords(secrets: Any) -> None:
    password = secrets.get_random_password(PasswordLength=20, ExcludePunctuation=True)["RandomPassword"]
    assert len(password) == 20 and password.isalnum()


def test_the_order_of_lists(secrets: Any) -> None:
    for letter in "bca":
        secrets.create_secret(Name=f"order/{letter}", SecretString="x")
    secrets.update_secret(SecretId="order/b", Description="changed last")
    only = [{"Key": "name", "Values": ["order/"]}]

    def listed(**order: str) -> str:
        pages = secrets.get_paginator("list_secrets").paginate(Filters=only, PaginationConfig={"PageSize": 2}, **order)
        return "".join(each["Name"][-1] for page in pages for each in page["SecretList"])

    assert listed() == "bca" and listed(SortOrder="desc") == "acb"
    assert listed(SortBy="name") == "abc" and listed(SortBy="name", SortOrder="desc") == "cba"
    assert listed(SortBy="last-changed-date") == "cab"
    with pytest.raises(ClientError, match="last-accessed-date"):
        listed(SortBy="last-accessed-date")
    with pytest.raises(ClientError, match="InvalidNextTokenException"):
        secrets.list_secrets(NextToken="nonsense")


def test_versions_come_in_pages(secrets: Any) -> None:
    secrets.create_secret(Name="paged", SecretString="0")
    made = [secrets.put_secret_value(SecretId="paged", SecretString=str(number))["VersionId"] for number in range(5)]
    token: dict[str, Any] = {}
    seen = []
    while True:
        page = secrets.list_secret_version_ids(SecretId="paged", IncludeDeprecated=True, MaxResults=2, **token)
        seen += [each["VersionId"] for each in page["Versions"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen[1:] == made
    listed = secrets.list_secret_version_ids(SecretId="paged")["Versions"]
    assert [each["VersionStages"] for each in listed] == [["AWSPREVIOUS"], ["AWSCURRENT"]]


def test_a_creation_may_be_repeated_and_what_is_not_possible_is_named(secrets: Any) -> None:
    token = "1" * 32
    first = secrets.create_secret(Name="again", SecretString="x", ClientRequestToken=token)
    assert secrets.create_secret(Name="again", SecretString="x", ClientRequestToken=token)["ARN"] == first["ARN"]
    for arguments, named in (
        ({"Type": "Salesforce"}, "Type"),
        ({"AddReplicaRegions": [{"Region": "eu-west-1"}]}, "AddReplicaRegions"),
        ({"ForceOverwriteReplicaSecret": True}, "ForceOverwriteReplicaSecret"),
    ):
        with pytest.raises(ClientError, match=named) as refused:
            secrets.create_secret(Name="refused", SecretString="x", **arguments)
        assert refused.value.response["Error"]["Code"] == "InvalidParameterException"
