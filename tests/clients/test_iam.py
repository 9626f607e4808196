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
