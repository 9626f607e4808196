"""Systems Manager's Parameter Store through boto3."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def ssm(endpoint: str) -> Any:
    return boto3.client("ssm", endpoint_url=endpoint)


def test_a_parameter_has_versions_labels_and_a_history(ssm: Any) -> None:
    assert ssm.put_parameter(Name="/app/v", Value="1", Type="String", Tags=[{"Key": "a", "Value": "b"}])["Version"] == 1
    with pytest.raises(ClientError, match="ParameterAlreadyExists"):
        ssm.put_parameter(Name="/app/v", Value="2", Type="String")
    assert ssm.put_parameter(Name="/app/v", Value="2", Overwrite=True)["Version"] == 2
    ssm.label_parameter_version(Name="/app/v", ParameterVersion=1, Labels=["stable"])
    assert ssm.get_parameter(Name="/app/v")["Parameter"]["Value"] == "2"
    assert ssm.get_parameter(Name="/app/v:1")["Parameter"]["Value"] == "1"
    labelled = ssm.get_parameter(Name="/app/v:stable")["Parameter"]
    assert (labelled["Value"], labelled["Selector"]) == ("1", ":stable")
    assert labelled["ARN"] == "arn:aws:ssm:us-east-1:000000000000:parameter/app/v"
    history = ssm.get_parameter_history(Name="/app/v")["Parameters"]
    assert [(entry["Version"], entry["Value"], entry["Labels"]) for entry in history] == [(1, "1", ["stable"]), (2, "2", [])]
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/app/v")["TagList"] == [{"Key": "a", "Value": "b"}]
    with pytest.raises(ClientError, match="ParameterVersionNotFound"):
        ssm.get_parameter(Name="/app/v:9")
    ssm.delete_parameter(Name="/app/v")
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/app/v")


def test_secure_strings_come_back_only_when_asked(ssm: Any) -> None:
    ssm.put_parameter(Name="secret", Value="pass word", Type="SecureString")
    sealed = ssm.get_parameter(Name="secret")["Parameter"]["Value"]
    assert "pass word" not in sealed
    assert ssm.get_parameter(Name="secret", WithDecryption=True)["Parameter"]["Value"] == "pass word"


def test_paths_are_walked_page_by_page(ssm: Any) -> None:
    for number in range(25):
        ssm.put_parameter(Name=f"/tree/{number:02d}", Value=str(number), Type="String")
    ssm.put_parameter(Name="/tree/deep/leaf", Value="leaf", Type="StringList")
    pages = ssm.get_paginator("get_parameters_by_path")
    flat = [each["Name"] for page in pages.paginate(Path="/tree") for each in page["Parameters"]]
    assert flat == [f"/tree/{number:02d}" for number in range(25)]
    deep = [each["Name"] for page in pages.paginate(Path="/tree/", Recursive=True) for each in page["Parameters"]]
    assert "/tree/deep/leaf" in deep and len(deep) == 26
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Type", "Values": ["StringList"]}])["Parameters"]
    assert [each["Name"] for each in described if each["Name"].startswith("/tree")] == ["/tree/deep/leaf"]
    answer = ssm.get_parameters(Names=["/tree/01", "/none"])
    assert ([each["Value"] for each in answer["Parameters"]], answer["InvalidParameters"]) == (["1"], ["/none"])


def test_what_is_wrong_is_said(ssm: Any) -> None:
    for name in ("aws-mine", "/ssm/x", "no/slash/first", "with space"):
        with pytest.raises(ClientError, match="ValidationException"):
            ssm.put_parameter(Name=name, Value="v", Type="String")
    with pytest.raises(ClientError, match="ParameterPatternMismatchException"):
        ssm.put_parameter(Name="n", Value="abc", Type="String", AllowedPattern=r"\d+")
    with pytest.raises(ClientError, match="InvalidAllowedPatternException"):
        ssm.put_parameter(Name="n", Value="abc", Type="String", AllowedPattern="(")
    # Neither a long value nor a pattern that backtracks without end costs the server its stack or its time.
    ssm.put_parameter(Name="long", Value="a" * 4096, Type="String", AllowedPattern="(a|b)*")
    with pytest.raises(ClientError, match="ParameterPatternMismatchException"):
        ssm.put_parameter(Name="n", Value="a" * 4000, Type="String", AllowedPattern="(a+)+b")
    with pytest.raises(ClientError, match="InvalidPolicyTypeException"):
        ssm.put_parameter(Name="n", Value="v", Type="String", Policies='[{"Type":"Expiration"}]')
