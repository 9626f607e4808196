"""CloudFormation through boto3: change sets, updates in place, replacement, rollback, exports, nested stacks."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


def name(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def cloudformation(endpoint: str) -> Any:
    return boto3.client("cloudformation", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def s3(endpoint: str) -> Any:
    return boto3.client("s3", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def logs(endpoint: str) -> Any:
    return boto3.client("logs", endpoint_url=endpoint)


def ended(client: Any, stack: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        record: dict[str, Any] = client.describe_stacks(StackName=stack)["Stacks"][0]
        if not record["StackStatus"].endswith("_IN_PROGRESS"):
            return record
        time.sleep(0.02)
    raise AssertionError(f"{stack} did not end")


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def bucket_and_group(bucket: str, group: str, days: int = 7) -> str:
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
        "Group": {
            "Type": "AWS::Logs::LogGroup",
            "DependsOn": "Bucket",
            "Properties": {"LogGroupName": {"Fn::Sub": group + "-${Bucket}"}, "RetentionInDays": days},
        },
    }
    outputs = {"Name": {"Value": {"Ref": "Bucket"}}, "Arn": {"Value": {"Fn::GetAtt": ["Bucket", "Arn"]}}}
    return json.dumps({"Description": "two", "Resources": resources, "Outputs": outputs})


def events_of(client: Any, stack: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    return [event for page in pages for event in page["StackEvents"]]


def test_a_change_set_creates_and_the_stack_goes(cloudformation: Any, s3: Any) -> None:
    stack, bucket = name("stack"), name("bucket")
    body = bucket_and_group(bucket, "/first")
    made = cloudformation.create_change_set(StackName=stack, ChangeSetName="set", ChangeSetType="CREATE", TemplateBody=body)
    described = cloudformation.describe_change_set(ChangeSetName=made["Id"])
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    changes = [change["ResourceChange"] for change in described["Changes"]]
    assert [(c["Action"], c["LogicalResourceId"]) for c in changes] == [("Add", "Bucket"), ("Add", "Group")]
    assert ended_or_review(cloudformation, stack) == "REVIEW_IN_PROGRESS"
    cloudformation.execute_change_set(ChangeSetName="set", StackName=stack, ClientRequestToken="token-1")
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "CREATE_COMPLETE"
    outputs = {output["OutputKey"]: output["OutputValue"] for output in record["Outputs"]}
    assert outputs == {"Name": bucket, "Arn": f"arn:aws:s3:::{bucket}"}
    s3.head_bucket(Bucket=bucket)
    template = cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
    assert template == json.loads(body)

    events = events_of(cloudformation, stack)
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE" and events[0]["PhysicalResourceId"] == record["StackId"]
    assert events[0]["ClientRequestToken"] == "token-1"
    assert events[-1]["ResourceStatus"] == "REVIEW_IN_PROGRESS"
    order = [(e["LogicalResourceId"], e["ResourceStatus"]) for e in reversed(events)]
    assert order.index(("Bucket", "CREATE_COMPLETE")) < order.index(("Group", "CREATE_IN_PROGRESS"))

    cloudformation.delete_stack(StackName=record["StackId"])
    gone = ended(cloudformation, record["StackId"])
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    assert refusal(cloudformation.describe_stacks, StackName=stack) == (
        "ValidationError",
        f"Stack with id {stack} does not exist",
    )
    assert refusal(s3.head_bucket, Bucket=bucket)[0] == "404"


def ended_or_review(client: Any, stack: str) -> str:
    status: str = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    return status


def test_unknown_change_sets(cloudformation: Any) -> None:
    stack = name("stack")
    cloudformation.create_stack(StackName=stack, TemplateBody=bucket_and_group(name("bucket"), "/unknown"))
    ended(cloudformation, stack)
    cloudformation.delete_change_set(StackName=stack, ChangeSetName="none")
    with pytest.raises(ClientError) as missing:
        cloudformation.describe_change_set(StackName=stack, ChangeSetName="none")
    assert missing.value.response["Error"]["Code"] == "ChangeSetNotFound"
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    cloudformation.delete_stack(StackName=stack)


def test_update_in_place_and_without_changes(cloudformation: Any, logs: Any) -> None:
    stack, bucket = name("stack"), name("bucket")
    cloudformation.create_stack(StackName=stack, TemplateBody=bucket_and_group(bucket, "/second"))
    assert ended(cloudformation, stack)["StackStatus"] == "CREATE_COMPLETE"
    same = bucket_and_group(bucket, "/second")
    assert refusal(cloudformation.update_stack, StackName=stack, TemplateBody=same) == (
        "ValidationError",
        "No updates are to be performed.",
    )
    cloudformation.create_change_set(StackName=stack, ChangeSetName="none", TemplateBody=same)
    described = cloudformation.describe_change_set(StackName=stack, ChangeSetName="none")
    assert described["Status"] == "FAILED"
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")
    cloudformation.delete_change_set(StackName=stack, ChangeSetName="none")

    changed = bucket_and_group(bucket, "/second", days=30)
    cloudformation.create_change_set(StackName=stack, ChangeSetName="days", TemplateBody=changed)
    described = cloudformation.describe_change_set(StackName=stack, ChangeSetName="days", IncludePropertyValues=True)
    (change,) = [change["ResourceChange"] for change in described["Changes"]]
    assert (change["Action"], change["LogicalResourceId"], change["Replacement"]) == ("Modify", "Group", "False")
    target = change["Details"][0]["Target"]
    assert (target["Attribute"], target["Name"], target["RequiresRecreation"]) == ("Properties", "RetentionInDays", "Never")
    assert (target["BeforeValue"], target["AfterValue"]) == ("7", "30")
    cloudformation.execute_change_set(StackName=stack, ChangeSetName="days")
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_COMPLETE"
    (group,) = logs.describe_log_groups(logGroupNamePrefix=f"/second-{bucket}")["logGroups"]
    assert group["retentionInDays"] == 30
    statuses = [e["ResourceStatus"] for e in events_of(cloudformation, stack) if e["LogicalResourceId"] == stack]
    assert statuses[:3] == ["UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_IN_PROGRESS"]
    cloudformation.delete_stack(StackName=stack)


def test_replacement_makes_the_new_before_the_old_goes(cloudformation: Any, s3: Any) -> None:
    stack, first, second = name("stack"), name("bucket"), name("bucket")
    cloudformation.create_stack(StackName=stack, TemplateBody=bucket_and_group(first, "/third"))
    identity = ended(cloudformation, stack)["StackId"]
    changed = bucket_and_group(second, "/third")
    cloudformation.create_change_set(StackName=stack, ChangeSetName="other", TemplateBody=changed)
    changes = {
        change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]
        for change in cloudformation.describe_change_set(StackName=stack, ChangeSetName="other")["Changes"]
    }
    assert changes["Bucket"]["Replacement"] == "True"
    assert changes["Group"]["Replacement"] == "Conditional"
    cloudformation.execute_change_set(StackName=stack, ChangeSetName="other")
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_COMPLETE"
    s3.head_bucket(Bucket=second)
    assert refusal(s3.head_bucket, Bucket=first)[0] == "404"
    resource = cloudformation.describe_stack_resource(StackName=identity, LogicalResourceId="Bucket")
    assert resource["StackResourceDetail"]["PhysicalResourceId"] == second
    cloudformation.delete_stack(StackName=stack)


def test_a_failed_creation_leaves_nothing(cloudformation: Any, s3: Any) -> None:
    stack, bucket, taken = name("stack"), name("bucket"), name("taken")
    s3.create_bucket(Bucket=taken)
    template = {
        "Resources": {
            "First": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
            "Second": {"Type": "AWS::S3::Bucket", "DependsOn": "First", "Properties": {"BucketName": taken}},
        }
    }
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "ROLLBACK_COMPLETE"
    assert refusal(s3.head_bucket, Bucket=bucket)[0] == "404"
    s3.head_bucket(Bucket=taken)
    failed = [e for e in events_of(cloudformation, stack) if e["ResourceStatus"] == "CREATE_FAILED"]
    assert [e["LogicalResourceId"] for e in failed] == ["Second"] and failed[0]["ResourceStatusReason"]
    assert any(
        e.get("ResourceStatusReason", "").startswith("The following resource(s) failed to create: [Second].")
        for e in events_of(cloudformation, stack)
    )
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, record["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_update_restores_everything(cloudformation: Any, s3: Any, logs: Any) -> None:
    stack, bucket, other, taken = name("stack"), name("bucket"), name("bucket"), name("taken")
    s3.create_bucket(Bucket=taken)
    group = name("/group")

    def template(bucket_name: str, days: int, more: dict[str, Any]) -> str:
        resources: dict[str, Any] = {
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket_name}},
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": group, "RetentionInDays": days}},
        }
        return json.dumps({"Resources": resources | more})

    cloudformation.create_stack(StackName=stack, TemplateBody=template(bucket, 7, {}), Tags=[{"Key": "a", "Value": "1"}])
    ended(cloudformation, stack)
    added = {
        "Added": {"Type": "AWS::S3::Bucket", "DependsOn": ["Bucket", "Group"], "Properties": {"BucketName": taken}},
    }
    cloudformation.update_stack(StackName=stack, TemplateBody=template(other, 30, added))
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    s3.head_bucket(Bucket=bucket)
    assert refusal(s3.head_bucket, Bucket=other)[0] == "404"
    s3.head_bucket(Bucket=taken)
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] == 7
    assert cloudformation.get_template(StackName=stack)["TemplateBody"] == json.loads(template(bucket, 7, {}))
    resources = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources} == {"Bucket": bucket, "Group": group}
    cloudformation.delete_stack(StackName=stack)


def test_unrecognized_types_are_named(cloudformation: Any) -> None:
    stack = name("stack")
    body = json.dumps({"Resources": {"A": {"Type": "AWS::Nope::Thing"}}})
    cloudformation.create_change_set(StackName=stack, ChangeSetName="set", ChangeSetType="CREATE", TemplateBody=body)
    described = cloudformation.describe_change_set(StackName=stack, ChangeSetName="set")
    assert described["Status"] == "FAILED"
    assert described["StatusReason"] == "Template format error: Unrecognized resource types: [AWS::Nope::Thing]"
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    assert refusal(cloudformation.create_stack, StackName=stack, TemplateBody=body)[0] == "ValidationError"


def test_refusals(cloudformation: Any) -> None:
    stack = name("stack")
    body = bucket_and_group(name("bucket"), "/refused")
    cloudformation.create_stack(StackName=stack, TemplateBody=body, EnableTerminationProtection=True)
    ended(cloudformation, stack)
    assert refusal(cloudformation.create_stack, StackName=stack, TemplateBody=body) == (
        "AlreadyExistsException",
        f"Stack [{stack}] already exists",
    )
    assert refusal(cloudformation.delete_stack, StackName=stack) == (
        "ValidationError",
        f"Stack [{stack}] cannot be deleted while TerminationProtection is enabled",
    )
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName=stack)
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": {}}}
    assert refusal(cloudformation.create_stack, StackName=name("iam"), TemplateBody=json.dumps({"Resources": {"R": role}})) == (
        "InsufficientCapabilitiesException",
        "Requires capabilities : [CAPABILITY_NAMED_IAM]",
    )


def test_exports_hold_their_stack(cloudformation: Any) -> None:
    exporting, importing, export = name("exporting"), name("importing"), name("export")
    resource = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name("bucket")}}
    output = {"Value": {"Ref": "B"}, "Export": {"Name": export}}
    cloudformation.create_stack(
        StackName=exporting, TemplateBody=json.dumps({"Resources": {"B": resource}, "Outputs": {"O": output}})
    )
    ended(cloudformation, exporting)
    assert export in [e["Name"] for e in cloudformation.list_exports()["Exports"]]
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::ImportValue": export}}}
    cloudformation.create_stack(StackName=importing, TemplateBody=json.dumps({"Resources": {"G": group}}))
    assert ended(cloudformation, importing)["StackStatus"] == "CREATE_COMPLETE"
    assert cloudformation.list_imports(ExportName=export)["Imports"] == [importing]
    cloudformation.delete_stack(StackName=exporting)
    record = ended(cloudformation, exporting)
    assert record["StackStatus"] == "DELETE_FAILED" and importing in record["StackStatusReason"]
    identities = [ended(cloudformation, importing)["StackId"], record["StackId"]]
    for stack, identity in zip([importing, exporting], identities, strict=True):
        cloudformation.delete_stack(StackName=stack)
        assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE"


def test_nested_stacks_and_template_urls(cloudformation: Any, s3: Any, endpoint: str) -> None:
    templates, stack, bucket = name("templates"), name("stack"), name("bucket")
    s3.create_bucket(Bucket=templates)
    child = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": "B.Arn"}}},
    }
    s3.put_object(Bucket=templates, Key="child.json", Body=json.dumps(child))
    url = f"https://{templates}.s3.us-east-1.amazonaws.com/child.json"
    parent = {
        "Resources": {
            "Child": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": url, "Parameters": {"Name": bucket}},
            }
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Arn"]}}},
    }
    s3.put_object(Bucket=templates, Key="parent.json", Body=json.dumps(parent))
    cloudformation.create_stack(
        StackName=stack, TemplateURL=f"{endpoint}/{templates}/parent.json", Capabilities=["CAPABILITY_AUTO_EXPAND"]
    )
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "CREATE_COMPLETE"
    assert record["Outputs"][0]["OutputValue"] == f"arn:aws:s3:::{bucket}"
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, record["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert refusal(s3.head_bucket, Bucket=bucket)[0] == "404"


def test_drift(cloudformation: Any, logs: Any) -> None:
    stack, bucket = name("stack"), name("bucket")
    cloudformation.create_stack(StackName=stack, TemplateBody=bucket_and_group(bucket, "/drift"))
    ended(cloudformation, stack)

    def detected() -> str:
        identity = cloudformation.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
        status = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=identity)
        assert status["DetectionStatus"] == "DETECTION_COMPLETE"
        return str(status["StackDriftStatus"])

    assert detected() == "IN_SYNC"
    logs.put_retention_policy(logGroupName=f"/drift-{bucket}", retentionInDays=1)
    assert detected() == "DRIFTED"
    (drift,) = cloudformation.describe_stack_resource_drifts(
        StackName=stack, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
    )["StackResourceDrifts"]
    (difference,) = drift["PropertyDifferences"]
    assert (difference["PropertyPath"], difference["ExpectedValue"], difference["ActualValue"]) == (
        "/RetentionInDays",
        "7",
        "1",
    )
    cloudformation.delete_stack(StackName=stack)


def test_retained_resources_stay(cloudformation: Any, s3: Any) -> None:
    stack, bucket = name("stack"), name("bucket")
    template = {
        "Resources": {
            "B": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": bucket}},
        }
    }
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    identity = ended(cloudformation, stack)["StackId"]
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE"
    s3.head_bucket(Bucket=bucket)
    assert events_of(cloudformation, identity)[1]["ResourceStatus"] == "DELETE_SKIPPED"
