"""SIGKILL in the middle of a stack's operation: the next process rolls back or goes on, and nothing is left half made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from killable_server import BINARY, Server, wait_until

RESOURCES = 220  # twice as many are made: enough to be killed in the middle of them


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    started = Server(tmp_path / "data")
    yield started
    started.close()


def template(days: int) -> str:
    """Buckets with made-up names and log groups with given ones."""
    resources: dict[str, Any] = {}
    for number in range(RESOURCES):
        properties = {"LogGroupName": f"/killed/{number}", "RetentionInDays": days}
        resources[f"Group{number}"] = {"Type": "AWS::Logs::LogGroup", "Properties": properties}
        resources[f"Bucket{number}"] = {"Type": "AWS::S3::Bucket"}
    return json.dumps({"Resources": resources})


def groups(server: Server) -> dict[str, int]:
    pages = server.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/killed/")
    return {group["logGroupName"]: group.get("retentionInDays", 0) for page in pages for group in page["logGroups"]}


def buckets(server: Server) -> list[str]:
    return [bucket["Name"] for bucket in server.client("s3").list_buckets()["Buckets"]]


def ended(server: Server, stack: str) -> str:
    def status() -> str | None:
        record = server.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        return None if record.endswith("_IN_PROGRESS") else record

    return str(wait_until(status, "the stack's end"))


def test_a_killed_creation_leaves_nothing(server: Server) -> None:
    server.client("cloudformation").create_stack(StackName="killed", TemplateBody=template(7))
    wait_until(lambda: len(groups(server)) > RESOURCES // 10, "some resources")
    server.kill()
    server.start()
    assert ended(server, "killed") == "ROLLBACK_COMPLETE"
    assert groups(server) == {}
    assert buckets(server) == []


def test_a_killed_update_goes_back(server: Server) -> None:
    server.client("cloudformation").create_stack(StackName="killed", TemplateBody=template(7))
    assert ended(server, "killed") == "CREATE_COMPLETE"
    before = sorted(buckets(server))
    server.client("cloudformation").update_stack(StackName="killed", TemplateBody=template(30))
    wait_until(lambda: sum(days == 30 for days in groups(server).values()) > RESOURCES // 10, "some updates")
    server.kill()
    server.start()
    assert ended(server, "killed") == "UPDATE_ROLLBACK_COMPLETE"
    assert set(groups(server).values()) == {7} and len(groups(server)) == RESOURCES
    assert sorted(buckets(server)) == before


def test_a_killed_deletion_goes_on(server: Server) -> None:
    made = server.client("cloudformation").create_stack(StackName="killed", TemplateBody=template(7))
    assert ended(server, "killed") == "CREATE_COMPLETE"
    server.client("cloudformation").delete_stack(StackName="killed")
    wait_until(lambda: len(groups(server)) < RESOURCES, "some deletions")
    server.kill()
    server.start()
    assert ended(server, made["StackId"]) == "DELETE_COMPLETE"
    assert groups(server) == {} and buckets(server) == []


def test_a_killed_update_takes_its_nested_stack_back(server: Server) -> None:
    s3, cloudformation = server.client("s3"), server.client("cloudformation")
    s3.create_bucket(Bucket="templates")
    child = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}},
    }
    s3.put_object(Bucket="templates", Key="child.json", Body=json.dumps(child))

    def parent(bucket: str, days: int) -> dict[str, Any]:
        url = "https://templates.s3.amazonaws.com/child.json"
        resources: dict[str, Any] = {
            "Child": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": url, "Parameters": {"Name": bucket}},
            }
        }
        for number in range(RESOURCES):
            properties = {"LogGroupName": f"/killed/{number}", "RetentionInDays": days}
            resources[f"Group{number}"] = {"Type": "AWS::Logs::LogGroup", "DependsOn": "Child", "Properties": properties}
        body = json.dumps({"Resources": resources})
        return {"StackName": "killed", "TemplateBody": body, "Capabilities": ["CAPABILITY_AUTO_EXPAND"]}

    cloudformation.create_stack(**parent("killed-first", 7))
    assert ended(server, "killed") == "CREATE_COMPLETE"
    s3.put_object(Bucket="killed-first", Key="mark", Body=b"")
    cloudformation.update_stack(**parent("killed-second", 30))
    wait_until(lambda: sum(days == 30 for days in groups(server).values()) > RESOURCES // 10, "some updates")
    server.kill()
    server.start()
    assert ended(server, "killed") == "UPDATE_ROLLBACK_COMPLETE"
    assert sorted(buckets(server)) == ["killed-first", "templates"]
    assert server.client("s3").list_objects_v2(Bucket="killed-first")["KeyCount"] == 1
    resource = server.client("cloudformation").describe_stack_resource(StackName="killed", LogicalResourceId="Child")
    assert ended(server, resource["StackResourceDetail"]["PhysicalResourceId"]) == "UPDATE_ROLLBACK_COMPLETE"
    assert set(groups(server).values()) == {7}
