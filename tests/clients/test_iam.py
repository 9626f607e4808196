"""IAM and STS through boto3: entities, sessions, and what keys on the whole program refuse."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import ANNOUNCEMENT, BINARY, drain

ACCOUNT = "000000000000"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def client(service: str, endpoint: str, key: str = "test", secret: str = "test", token: str | None = None) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def allow(actions: list[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def error_of(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_role_with_its_policies(endpoint: str) -> None:
    iam = client("iam", endpoint)
    tags = [{"Key": "a", "Value": "b"}]
    role = iam.create_role(RoleName="Etl", Path="/team/", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=tags)
    assert role["Role"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/Etl"
    assert role["Role"]["RoleId"].startswith("AROA")
    assert iam.get_role(RoleName="Etl")["Role"]["AssumeRolePolicyDocument"] == TRUST
    assert error_of(iam.create_role, RoleName="etl", AssumeRolePolicyDocument=json.dumps(TRUST)) == (
        "EntityAlreadyExists",
        "Role with name etl already exists.",
    )
    managed = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
    iam.attach_role_policy(RoleName="Etl", PolicyArn=managed)
    iam.put_role_policy(RoleName="Etl", PolicyName="own", PolicyDocument=allow(["s3:GetObject"], "*"))
    assert iam.list_attached_role_policies(RoleName="Etl")["AttachedPolicies"] == [
        {"PolicyName": "AWSGlueServiceRole", "PolicyArn": managed}
    ]
    assert iam.get_role_policy(RoleName="Etl", PolicyName="own")["PolicyDocument"]["Statement"][0]["Action"] == ["s3:GetObject"]
    assert error_of(iam.delete_role, RoleName="Etl")[0] == "DeleteConflict"
    iam.detach_role_policy(RoleName="Etl", PolicyArn=managed)
    assert error_of(iam.delete_role, RoleName="Etl")[0] == "DeleteConflict"
    iam.delete_role_policy(RoleName="Etl", PolicyName="own")
    iam.delete_role(RoleName="Etl")
    assert error_of(iam.get_role, RoleName="Etl") == ("NoSuchEntity", "The role with name Etl cannot be found.")


def test_a_managed_policy_and_its_versions(endpoint: str) -> None:
    iam = client("iam", endpoint)
    arn = iam.create_policy(PolicyName="Read", PolicyDocument=allow(["s3:Get*"], "*"))["Policy"]["Arn"]
    assert (
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow(["s3:*"], "*"), SetAsDefault=True)["PolicyVersion"][
            "VersionId"
        ]
        == "v2"
    )
    assert error_of(iam.delete_policy, PolicyArn=arn)[0] == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    assert error_of(iam.create_policy, PolicyName="Bad", PolicyDocument="{")[0] == "MalformedPolicyDocument"


def test_sessions_of_roles(endpoint: str) -> None:
    sts = client("sts", endpoint)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    missing = f"arn:aws:iam::{ACCOUNT}:role/none"
    code, message = error_of(sts.assume_role, RoleArn=missing, RoleSessionName="me")
    assert code == "AccessDenied" and message.endswith(f"not authorized to perform: sts:AssumeRole on resource: {missing}")
    iam = client("iam", endpoint)
    arn = iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    given = sts.assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    assert given["AccessKeyId"].startswith("ASIA")
    own = client("sts", endpoint, given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    assert own.get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/me"


def test_groups_and_instance_profiles(endpoint: str) -> None:
    iam = client("iam", endpoint)
    group = iam.create_group(GroupName="Analysts", Path="/team/")["Group"]
    assert group["Arn"] == f"arn:aws:iam::{ACCOUNT}:group/team/Analysts" and group["GroupId"].startswith("AGPA")
    iam.create_user(UserName="gil")
    iam.add_user_to_group(GroupName="analysts", UserName="gil")
    assert [one["UserName"] for one in iam.get_group(GroupName="Analysts")["Users"]] == ["gil"]
    assert [one["GroupName"] for one in iam.list_groups_for_user(UserName="gil")["Groups"]] == ["Analysts"]
    iam.update_group(GroupName="Analysts", NewGroupName="Readers")
    assert [one["GroupName"] for one in iam.list_groups_for_user(UserName="gil")["Groups"]] == ["Readers"]
    iam.put_group_policy(GroupName="Readers", PolicyName="p", PolicyDocument=allow(["glue:Get*"], "*"))
    iam.attach_group_policy(GroupName="Readers", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert iam.list_group_policies(GroupName="Readers")["PolicyNames"] == ["p"]
    assert error_of(iam.delete_user, UserName="gil")[0] == "DeleteConflict"
    assert error_of(iam.delete_group, GroupName="Readers")[0] == "DeleteConflict"
    iam.remove_user_from_group(GroupName="Readers", UserName="gil")
    iam.delete_user(UserName="gil")
    iam.delete_group_policy(GroupName="Readers", PolicyName="p")
    iam.detach_group_policy(GroupName="Readers", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.delete_group(GroupName="Readers")
    assert error_of(iam.get_group, GroupName="Readers") == ("NoSuchEntity", "The group with name Readers cannot be found.")

    iam.create_role(RoleName="Machine", AssumeRolePolicyDocument=json.dumps(TRUST))
    profile = iam.create_instance_profile(InstanceProfileName="Machines")["InstanceProfile"]
    assert profile["Arn"] == f"arn:aws:iam::{ACCOUNT}:instance-profile/Machines" and profile["Roles"] == []
    iam.add_role_to_instance_profile(InstanceProfileName="Machines", RoleName="Machine")
    listed = iam.list_instance_profiles_for_role(RoleName="Machine")["InstanceProfiles"]
    assert [one["Roles"][0]["RoleName"] for one in listed] == ["Machine"]
    assert error_of(iam.delete_role, RoleName="Machine")[0] == "DeleteConflict"
    iam.remove_role_from_instance_profile(InstanceProfileName="Machines", RoleName="Machine")
    iam.delete_instance_profile(InstanceProfileName="Machines")
    iam.delete_role(RoleName="Machine")


def test_simulations(endpoint: str) -> None:
    iam = client("iam", endpoint)
    conditional = {
        "Effect": "Allow",
        "Action": "glue:GetJob",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [json.loads(allow(["s3:Get*"], "*"))["Statement"][0], conditional]}
    )
    results = iam.simulate_custom_policy(
        PolicyInputList=[document], ActionNames=["s3:GetObject", "s3:PutObject", "glue:GetJob"]
    )["EvaluationResults"]
    assert [(one["EvalActionName"], one["EvalDecision"]) for one in results] == [
        ("s3:GetObject", "allowed"),
        ("s3:PutObject", "implicitDeny"),
        ("glue:GetJob", "implicitDeny"),
    ]
    assert results[0]["MatchedStatements"] == [{"SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "IAM Policy"}]
    assert results[2]["MissingContextValues"] == ["aws:requestedregion"]
    region = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": ["eu-west-1"], "ContextKeyType": "string"}
    told = iam.simulate_custom_policy(PolicyInputList=[document], ActionNames=["glue:GetJob"], ContextEntries=[region])
    assert told["EvaluationResults"][0]["EvalDecision"] == "allowed"

    iam.create_group(GroupName="Simulated")
    iam.put_group_policy(GroupName="Simulated", PolicyName="p", PolicyDocument=allow(["glue:*"], "*"))
    arn = iam.create_user(UserName="sim")["User"]["Arn"]
    ask = {"PolicySourceArn": arn, "ActionNames": ["glue:GetJob"]}
    assert iam.simulate_principal_policy(**ask)["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    iam.add_user_to_group(GroupName="Simulated", UserName="sim")
    assert iam.simulate_principal_policy(**ask)["EvaluationResults"][0]["EvalDecision"] == "allowed"
    deny = allow(["glue:GetJob"], "*").replace("Allow", "Deny")
    result = iam.simulate_principal_policy(**ask, PolicyInputList=[deny])["EvaluationResults"][0]
    assert result["EvalDecision"] == "explicitDeny"
    limit = allow(["s3:*"], "*")
    bounded = iam.simulate_principal_policy(**ask, PermissionsBoundaryPolicyInputList=[limit])["EvaluationResults"][0]
    assert bounded["EvalDecision"] == "implicitDeny"
    assert bounded["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    missing = f"arn:aws:iam::{ACCOUNT}:user/nobody-of-that-name"
    assert error_of(iam.simulate_principal_policy, **{**ask, "PolicySourceArn": missing})[0] == "NoSuchEntity"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """A server with keys: what is signed with them is the account itself."""
    environment = {**os.environ, "MASTIC_ACCESS_KEYS": "ROOTKEY:rootsecret"}
    command = [str(BINARY), "serve", "--data", str(tmp_path / "data"), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    try:
        address = next(line.split(ANNOUNCEMENT, 1)[1].split()[0] for line in process.stderr if ANNOUNCEMENT in line)
        threading.Thread(target=drain, args=(process,), daemon=True).start()
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_what_policies_do_not_allow_is_refused(guarded: str) -> None:
    root = ("ROOTKEY", "rootsecret")
    iam = client("iam", guarded, *root)
    assert error_of(client("glue", guarded, "other", "x").get_databases)[0] == "UnrecognizedClientException"

    arn = iam.create_user(UserName="ann")["User"]["Arn"]
    iam.put_user_policy(
        UserName="ann", PolicyName="p", PolicyDocument=allow(["glue:GetDatabase*", "glue:CreateJob", "s3:GetObject"], "*")
    )
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = (key["AccessKeyId"], key["SecretAccessKey"])
    assert client("sts", guarded, *ann).get_caller_identity()["Arn"] == arn

    glue = client("glue", guarded, *ann)
    assert glue.get_databases()["DatabaseList"] == []
    table = f"arn:aws:glue:us-east-1:{ACCOUNT}:catalog"
    assert error_of(glue.get_table, DatabaseName="d", Name="t") == (
        "AccessDeniedException",
        f"User: {arn} is not authorized to perform: glue:GetTable on resource: {table} "
        "because no identity-based policy allows the glue:GetTable action",
    )
    role = iam.create_role(RoleName="Job", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    job = {"Name": "j", "Role": role, "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/k.py"}}
    code, message = error_of(glue.create_job, **job)
    assert code == "AccessDeniedException" and f"iam:PassRole on resource: {role}" in message
    iam.put_user_policy(UserName="ann", PolicyName="pass", PolicyDocument=allow(["iam:PassRole"], role))
    glue.create_job(**job)

    s3 = client("s3", guarded, *ann)
    assert error_of(s3.put_object, Bucket="b", Key="k", Body=b"x" * 100)[0] == "AccessDenied"
    assert error_of(client("iam", guarded, *ann).list_users)[0] == "AccessDenied"
    assert error_of(client("sts", guarded, *ann).assume_role, RoleArn=role, RoleSessionName="session")[0] == "AccessDenied"

    iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert error_of(glue.get_databases)[0] == "UnrecognizedClientException"


def test_a_groups_policies_are_its_members(guarded: str) -> None:
    iam = client("iam", guarded, "ROOTKEY", "rootsecret")
    iam.create_user(UserName="mia")
    key = iam.create_access_key(UserName="mia")["AccessKey"]
    glue = client("glue", guarded, key["AccessKeyId"], key["SecretAccessKey"])
    assert error_of(glue.get_databases)[0] == "AccessDeniedException"
    iam.create_group(GroupName="Readers")
    iam.put_group_policy(GroupName="Readers", PolicyName="p", PolicyDocument=allow(["glue:GetDatabases"], "*"))
    iam.add_user_to_group(GroupName="Readers", UserName="mia")
    assert glue.get_databases()["DatabaseList"] == []
    iam.remove_user_from_group(GroupName="Readers", UserName="mia")
    assert error_of(glue.get_databases)[0] == "AccessDeniedException"
