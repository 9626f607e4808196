"""Job runs and crawls act under their roles when the server runs with keys."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import BINARY
from guarded_server import ACCOUNT, GLUE_ROLE, ROOT, Guarded, document, statement

SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role"

ENGINE_SCRIPT = """
import sys
from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["FROM", "TO"])
spark = GlueContext(SparkContext.getOrCreate()).spark_session
spark.read.option("header", True).csv(args["FROM"]).write.mode("overwrite").csv(args["TO"], header=True)
"""

BOTO3_SCRIPT = """
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
boto3.client("s3").get_object(Bucket="input", Key="people/a.csv")
boto3.client("s3").put_object(Bucket="output", Key="x", Body=b"y")
"""

CATALOG_SCRIPT = """
from awsglue.context import GlueContext
from pyspark.context import SparkContext

frame = GlueContext(SparkContext.getOrCreate()).create_dynamic_frame.from_catalog(database="shop", table_name="orders")
print("rows", frame.toDF().count())
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    s3 = server.client("s3")
    for bucket in ("input", "output", "scripts"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="input", Key="people/a.csv", Body=b"id,name\n1,ann\n2,bob\n")
    for name, text in (("engine", ENGINE_SCRIPT), ("boto3", BOTO3_SCRIPT), ("catalog", CATALOG_SCRIPT)):
        s3.put_object(Bucket="scripts", Key=f"{name}.py", Body=text.encode())
    dynamodb = server.client("dynamodb")
    dynamodb.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}, "price": {"N": "3"}})
    try:
        yield server
    finally:
        server.stop()


READ_SCRIPTS = statement("s3:GetObject", "arn:aws:s3:::scripts/*")
LIST_IN = statement("s3:ListBucket", "arn:aws:s3:::input")
READ_IN = statement("s3:GetObject", "arn:aws:s3:::input/*")
WRITE_OUT = statement(["s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::output/*")
LIST_OUT = statement("s3:ListBucket", "arn:aws:s3:::output")


def job(server: Guarded, name: str, script: str, *statements: Any, managed: str | None = None) -> str:
    """A job with a role of the same name that has these rights."""
    role: str = server.role(name, "glue.amazonaws.com", READ_SCRIPTS, *statements, managed=managed)
    command = {"Name": "glueetl", "ScriptLocation": f"s3://scripts/{script}.py"}
    arguments = {"--FROM": "s3://input/people/", "--TO": f"s3://output/{name}/"}
    server.client("glue").create_job(Name=name, Role=role, Command=command, DefaultArguments=arguments, GlueVersion="4.0")
    return role


def denial(role: str, action: str, resource: str) -> str:
    return (
        f"User: {SESSION}/{role}/GlueJobRunnerSession is not authorized to perform: {action} "
        f"on resource: {resource} because no identity-based policy allows the {action} action"
    )


def test_a_run_reads_and_writes_as_its_role(guarded: Guarded) -> None:
    job(guarded, "copies", "engine", LIST_IN, READ_IN, LIST_OUT, WRITE_OUT)
    run = guarded.run("copies")
    assert run["JobRunState"] == "SUCCEEDED", run
    keys = [each["Key"] for each in guarded.client("s3").list_objects_v2(Bucket="output", Prefix="copies/")["Contents"]]
    assert any(key.endswith(".csv") for key in keys)


@pytest.mark.parametrize(
    ("name", "rights", "action", "resource"),
    [
        ("lists-nothing", [READ_IN, LIST_OUT, WRITE_OUT], "s3:ListBucket", "arn:aws:s3:::input"),
        ("reads-nothing", [LIST_IN, LIST_OUT, WRITE_OUT], "s3:GetObject", "arn:aws:s3:::input/people/a.csv"),
        ("writes-nothing", [LIST_IN, READ_IN, LIST_OUT], "s3:PutObject", "arn:aws:s3:::output/writes-nothing/"),
    ],
)
def test_what_the_role_may_not_fails_the_run_by_name(
    guarded: Guarded, name: str, rights: list[Any], action: str, resource: str
) -> None:
    job(guarded, name, "engine", *rights)
    run = guarded.run(name)
    assert run["JobRunState"] == "FAILED"
    sentence = denial(name, action, resource)
    if resource.endswith("/"):
        before, behind = sentence.split(f"{resource} because")
        assert f"{before}{resource}" in run["ErrorMessage"]
        assert f"because{behind}" in run["ErrorMessage"]
    else:
        assert sentence in run["ErrorMessage"]


def test_a_script_that_its_role_may_not_read(guarded: Guarded) -> None:
    role = guarded.role("no-script", "glue.amazonaws.com", READ_IN)
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/engine.py"}
    guarded.client("glue").create_job(Name="no-script", Role=role, Command=command)
    run = guarded.run("no-script")
    assert run["JobRunState"] == "FAILED"
    assert denial("no-script", "s3:GetObject", "arn:aws:s3:::scripts/engine.py") in run["ErrorMessage"]


def test_boto3_in_a_script_is_the_role(guarded: Guarded) -> None:
    job(guarded, "by-boto3", "boto3", READ_IN)
    run = guarded.run("by-boto3")
    assert run["JobRunState"] == "FAILED"
    assert denial("by-boto3", "s3:PutObject", "arn:aws:s3:::output/x") in run["ErrorMessage"]
    guarded.client("iam").put_role_policy(
        RoleName="by-boto3",
        PolicyName="more",
        PolicyDocument=document(statement("s3:PutObject", "arn:aws:s3:::output/x")),
    )
    run = guarded.run("by-boto3")
    assert run["JobRunState"] == "SUCCEEDED", run
    printed = guarded.client("logs").get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run["Id"])
    assert printed["events"][0]["message"].strip() == f"{SESSION}/by-boto3/GlueJobRunnerSession"


def test_a_session_policy_of_the_run_limits_it(guarded: Guarded) -> None:
    job(guarded, "limited", "engine", LIST_IN, READ_IN, LIST_OUT, WRITE_OUT)
    limit = document(READ_SCRIPTS, LIST_IN, READ_IN, LIST_OUT)
    run = guarded.run("limited", ExecutionRoleSessionPolicy=limit)
    assert run["JobRunState"] == "FAILED"
    assert "because no session policy allows the s3:PutObject action" in run["ErrorMessage"]


def test_catalog_and_items_need_rights_of_their_own(guarded: Guarded) -> None:
    glue = guarded.client("glue")
    scan = statement(["dynamodb:DescribeTable", "dynamodb:Scan"], f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders")
    role = guarded.role("crawls", "glue.amazonaws.com", managed=GLUE_ROLE)
    targets = {"DynamoDBTargets": [{"Path": "orders"}]}
    glue.create_crawler(Name="orders", Role=role, DatabaseName="shop", Targets=targets)
    last = guarded.crawl("orders")
    assert last["Status"] == "FAILED"
    assert (
        last["ErrorMessage"] == f"User: {SESSION}/crawls/AWS-Crawler is not authorized to perform: dynamodb:DescribeTable "
        f"on resource: arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders "
        "because no identity-based policy allows the dynamodb:DescribeTable action"
    )
    guarded.client("iam").put_role_policy(RoleName="crawls", PolicyName="scan", PolicyDocument=document(scan))
    assert guarded.crawl("orders")["Status"] == "SUCCEEDED"

    job(guarded, "no-catalog", "catalog", scan)
    run = guarded.run("no-catalog")
    assert run["JobRunState"] == "FAILED"
    assert f"{SESSION}/no-catalog/GlueJobRunnerSession is not authorized to perform: glue:Get" in run["ErrorMessage"]
    job(guarded, "no-items", "catalog", managed=GLUE_ROLE)
    run = guarded.run("no-items")
    assert run["JobRunState"] == "FAILED"
    assert "is not authorized to perform: dynamodb:" in run["ErrorMessage"]
    job(guarded, "both", "catalog", scan, managed=GLUE_ROLE)
    assert guarded.run("both")["JobRunState"] == "SUCCEEDED"


def test_roles_that_glue_may_not_use(guarded: Guarded) -> None:
    glue = guarded.client("glue")
    other = guarded.role("lambdas", "lambda.amazonaws.com")
    missing = f"arn:aws:iam::{ACCOUNT}:role/missing"
    for number, role in enumerate((other, missing)):
        command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/engine.py"}
        glue.create_job(Name=f"untrusted-{number}", Role=role, Command=command)
        run = guarded.run(f"untrusted-{number}")
        assert run["JobRunState"] == "FAILED"
        assert run["ErrorMessage"] == (
            f"JobName:untrusted-{number} and JobRunId:{run['Id']} failed to execute with exception "
            f"Role {role} should be given assume role permissions for Glue Service."
        )
        targets = {"DynamoDBTargets": [{"Path": "orders"}]}
        with pytest.raises(ClientError, match=f"unable to assume role {role}. Please verify role's TrustPolicy"):
            glue.create_crawler(Name=f"untrusted-{number}", Role=role, DatabaseName="shop", Targets=targets)


LOCAL_SCRIPT = """
import boto3
from pyspark.sql import SparkSession

s3 = boto3.client("s3")
s3.create_bucket(Bucket="own")
s3.put_object(Bucket="own", Key="a.csv", Body=b"id\\n1\\n")
print("rows", SparkSession.builder.getOrCreate().read.option("header", True).csv("s3://own/a.csv").count())
"""


def test_a_script_without_a_server_acts_for_the_operator(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    script = tmp_path / "script.py"
    script.write_text(LOCAL_SCRIPT)
    command = [str(BINARY), "run", "--data", str(tmp_path / "data"), str(script)]
    environment = {**os.environ, "MASTIC_ACCESS_KEYS": ":".join(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "rows 1" in done.stdout, done.stdout + done.stderr


def test_keys_in_a_file_and_sessions_after_a_restart(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path, keys_file=True)
    try:
        server.user("ann", statement("sts:AssumeRole"))
        iam = server.client("iam")
        arn = iam.create_role(
            RoleName="reader",
            AssumeRolePolicyDocument=document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}),
        )["Role"]["Arn"]
        iam.put_role_policy(
            RoleName="reader",
            PolicyName="p",
            PolicyDocument=document(statement("glue:GetDatabases")),
        )
        given = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
        session = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        assert server.client("glue", *session).get_databases()["DatabaseList"] == []
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            server.client("glue", "somebody", "else").get_databases()
        server.stop()
        server.start()
        assert server.client("glue", *session).get_databases()["DatabaseList"] == []
        with pytest.raises(ClientError, match="AccessDenied"):
            server.client("glue", *session).get_jobs()
    finally:
        server.stop()
