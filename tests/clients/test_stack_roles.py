"""Stacks act under their service role, or with the rights of whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError
from conftest import BINARY
from guarded_server import ACCOUNT, Guarded, statement

BUCKET = json.dumps({"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "of-a-stack"}}}})
DATABASE = json.dumps(
    {
        "Resources": {
            "Shop": {
                "Type": "AWS::Glue::Database",
                "Properties": {"CatalogId": ACCOUNT, "DatabaseInput": {"Name": "stacked"}},
            }
        }
    }
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    try:
        yield server
    finally:
        server.stop()


def reason_of(cloudformation: Any, stack: str, logical_id: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return next(
        event["ResourceStatusReason"]
        for event in events
        if event["LogicalResourceId"] == logical_id and event["ResourceStatus"].endswith("_FAILED")
    )


def wait(cloudformation: Any, name: str, stack: str) -> None:
    cloudformation.get_waiter(name).wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def test_a_role_that_may_not_create_the_bucket(guarded: Guarded) -> None:
    cloudformation = guarded.client("cloudformation")
    role = guarded.role("deploys-databases", "cloudformation.amazonaws.com", statement("glue:*"))
    stack = cloudformation.create_stack(StackName="denied", TemplateBody=BUCKET, RoleARN=role)["StackId"]
    with pytest.raises(WaiterError):
        wait(cloudformation, "stack_create_complete", stack)
    assert cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    reason = reason_of(cloudformation, stack, "Data")
    assert (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/deploys-databases/AWSCloudFormation is not authorized to perform: "
        "s3:CreateBucket on resource: arn:aws:s3:::of-a-stack "
        "because no identity-based policy allows the s3:CreateBucket action"
    ) in reason
    assert guarded.client("s3").list_buckets()["Buckets"] == []


def test_a_role_that_may_and_is_kept(guarded: Guarded) -> None:
    cloudformation = guarded.client("cloudformation")
    rights = statement(["s3:CreateBucket", "s3:DeleteBucket"], "arn:aws:s3:::of-*")
    role = guarded.role("deploys-buckets", "cloudformation.amazonaws.com", rights)
    stack = cloudformation.create_stack(StackName="allowed", TemplateBody=BUCKET, RoleARN=role)["StackId"]
    wait(cloudformation, "stack_create_complete", stack)
    # A later operation goes on under the role.
    guarded.client("iam").put_role_policy(
        RoleName="deploys-buckets",
        PolicyName="rights",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement("s3:CreateBucket")]}),
    )
    cloudformation.delete_stack(StackName=stack)
    with pytest.raises(WaiterError):
        wait(cloudformation, "stack_delete_complete", stack)
    assert "is not authorized to perform: s3:DeleteBucket" in reason_of(cloudformation, stack, "Data")
    everything = guarded.role("deploys-all", "cloudformation.amazonaws.com", statement("*"))
    cloudformation.delete_stack(StackName=stack, RoleARN=everything)
    wait(cloudformation, "stack_delete_complete", stack)


def test_without_a_role_the_callers_rights_count(guarded: Guarded) -> None:
    ann = guarded.user("ann", statement(["cloudformation:*", "glue:CreateDatabase"]))
    cloudformation = guarded.client("cloudformation", *ann)
    stack = cloudformation.create_stack(StackName="anns", TemplateBody=DATABASE)["StackId"]
    wait(cloudformation, "stack_create_complete", stack)
    assert guarded.client("glue").get_database(Name="stacked")
    bucket = cloudformation.create_stack(StackName="anns-bucket", TemplateBody=BUCKET)["StackId"]
    with pytest.raises(WaiterError):
        wait(cloudformation, "stack_create_complete", bucket)
    assert f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: s3:CreateBucket" in reason_of(
        cloudformation, bucket, "Data"
    )


def test_roles_that_cloudformation_may_not_use(guarded: Guarded) -> None:
    cloudformation = guarded.client("cloudformation")
    for role in (guarded.role("glues", "glue.amazonaws.com", statement("*")), f"arn:aws:iam::{ACCOUNT}:role/nobody"):
        with pytest.raises(ClientError, match=f"Role {role} is invalid or cannot be assumed"):
            cloudformation.create_stack(StackName="no-role", TemplateBody=BUCKET, RoleARN=role)
    bob = guarded.user("bob", statement("cloudformation:*"))
    role = guarded.role("passed", "cloudformation.amazonaws.com", statement("*"))
    with pytest.raises(ClientError, match=f"iam:PassRole on resource: {role}"):
        guarded.client("cloudformation", *bob).create_stack(StackName="no-pass", TemplateBody=BUCKET, RoleARN=role)


def test_a_template_is_read_with_the_callers_rights(guarded: Guarded) -> None:
    s3 = guarded.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="t.json", Body=DATABASE.encode())
    url = f"{guarded.endpoint}/templates/t.json"
    assert guarded.client("cloudformation").validate_template(TemplateURL=url)
    tom = guarded.user("tom", statement("cloudformation:*"))
    with pytest.raises(ClientError, match="S3 error: Access Denied.*user/tom .*s3:GetObject"):
        guarded.client("cloudformation", *tom).validate_template(TemplateURL=url)
