"""The unmodified CDK and the AWS CLI deploy to Mastic: what a user types, from bootstrap to destroy."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import REPOSITORY

EXAMPLE = REPOSITORY / "examples" / "claims"
sys.path.insert(0, str(EXAMPLE))
from cdk import Cdk, CdkError  # noqa: E402


class App:
    """A copy of the example that a test may edit, as its author would."""

    def __init__(self, folder: pathlib.Path, endpoint: str) -> None:
        self.folder = folder
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "cdk.out"), dirs_exist_ok=True)
        (folder / "node_modules").symlink_to(EXAMPLE / "node_modules")
        self.cdk = Cdk(endpoint, folder)

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert before in text, f"{before!r} is not in {file}"
        path.write_text(text.replace(before, after))

    def deploy(self, stack: str) -> str:
        return self.cdk.run("deploy", stack, "--require-approval", "never")


@pytest.fixture
def app(tmp_path: pathlib.Path, endpoint: str) -> App:
    return App(tmp_path / "app", endpoint)


@pytest.fixture(scope="module")
def client(endpoint: str) -> Callable[[str], Any]:
    return lambda service: boto3.client(service, endpoint_url=endpoint)


@pytest.fixture(scope="module", autouse=True)
def bootstrapped(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    cdk = Cdk(endpoint, tmp_path_factory.mktemp("no-app"))
    assert "bootstrapped" in cdk.run("bootstrap", "aws://000000000000/us-east-1")
    assert "no changes" in cdk.run("bootstrap", "aws://000000000000/us-east-1")
    yield


SHAPES = [
    pytest.param("Claims", "lib/claims-stack.ts", "claims-report", "claims-crawler", "claims", "claims-reports", id="plain"),
    pytest.param(
        "ClaimsAsPublished",
        "lib/published-claims-stack.ts",
        "glue-etl-demo-job",
        "glue-dynamo-crawler",
        "glue-etl-demo-source",
        "glue-etl-demo-bucket",
        id="published",
    ),
]


@pytest.mark.parametrize(("stack", "source", "job", "crawler", "table", "bucket"), SHAPES)
def test_a_stack_lives_from_deploy_to_destroy(
    app: App, client: Callable[[str], Any], stack: str, source: str, job: str, crawler: str, table: str, bucket: str
) -> None:
    glue, cloudformation, dynamodb, s3 = (client(name) for name in ("glue", "cloudformation", "dynamodb", "s3"))

    printed = app.deploy(stack)
    assert f"{stack}.BucketName = {bucket}" in printed
    assert f"{stack}.JobName = {job}" in printed
    assert glue.get_job(JobName=job)["Job"]["NumberOfWorkers"] == 2
    assert glue.get_crawler(Name=crawler)["Crawler"]["Targets"]["DynamoDBTargets"][0]["Path"] == table
    assert dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"

    assert "(no changes)" in app.deploy(stack)
    assert "no differences" in app.cdk.run("diff", stack)

    app.edit(source, "numberOfWorkers: 2", "numberOfWorkers: 3")
    assert "NumberOfWorkers" in app.cdk.run("diff", stack)
    app.deploy(stack)
    assert glue.get_job(JobName=job)["Job"]["NumberOfWorkers"] == 3

    app.edit("stack-configuration.ts", f"jobName: '{job}'", f"jobName: '{job}-2'")
    assert f"{stack}.JobName = {job}-2" in app.deploy(stack)
    assert glue.get_job(JobName=f"{job}-2")["Job"]["NumberOfWorkers"] == 3
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_job(JobName=job)

    s3.create_bucket(Bucket=f"{bucket}-taken")
    app.edit(source, "numberOfWorkers: 3", "numberOfWorkers: 4")
    app.edit("stack-configuration.ts", f"bucketName: '{bucket}'", f"bucketName: '{bucket}-taken'")
    with pytest.raises(CdkError, match="taken"):
        app.deploy(stack)
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    assert described["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert glue.get_job(JobName=f"{job}-2")["Job"]["NumberOfWorkers"] == 3
    assert s3.head_bucket(Bucket=bucket)

    app.edit("stack-configuration.ts", f"bucketName: '{bucket}-taken'", f"bucketName: '{bucket}-other'")
    app.deploy(stack)
    assert glue.get_job(JobName=f"{job}-2")["Job"]["NumberOfWorkers"] == 4
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=bucket)

    app.cdk.run("destroy", stack, "--force")
    with pytest.raises(ClientError, match=f"Stack with id {stack} does not exist"):
        cloudformation.describe_stacks(StackName=stack)
    gone = cloudformation.describe_stacks(StackName=described["StackId"])["Stacks"][0]
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_job(JobName=f"{job}-2")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        dynamodb.describe_table(TableName=table)
    s3.delete_bucket(Bucket=f"{bucket}-taken")


def test_a_failed_first_deploy_leaves_nothing(app: App, client: Callable[[str], Any]) -> None:
    s3, glue = client("s3"), client("glue")
    s3.create_bucket(Bucket="claims-reports")
    try:
        with pytest.raises(CdkError, match="claims-reports"):
            app.deploy("Claims")
        described = client("cloudformation").describe_stacks(StackName="Claims")["Stacks"][0]
        assert described["StackStatus"] == "ROLLBACK_COMPLETE"
        with pytest.raises(ClientError, match="EntityNotFoundException"):
            glue.get_job(JobName="claims-report")
    finally:
        s3.delete_bucket(Bucket="claims-reports")
    app.deploy("Claims")  # the CDK removes the failed stack first
    assert glue.get_job(JobName="claims-report")
    app.cdk.run("destroy", "Claims", "--force")


TEMPLATE = """
Parameters:
  Workers: {Type: Number, Default: 2}
Resources:
  Job:
    Type: AWS::Glue::Job
    Properties:
      Name: !Sub "${AWS::StackName}-job"
      Role: any-role
      NumberOfWorkers: !Ref Workers
      WorkerType: G.1X
      Command: {Name: glueetl, ScriptLocation: s3://scripts/job.py}
Outputs:
  Name: {Value: !Ref Job}
"""


def test_the_aws_cli_deploys_a_template(tmp_path: pathlib.Path, endpoint: str, client: Callable[[str], Any]) -> None:
    template = tmp_path / "stack.yaml"
    template.write_text(TEMPLATE)

    def deploy(*more: str) -> str:
        # The CLI names its change sets by the second.
        second = int(time.time())
        while int(time.time()) == second:
            time.sleep(0.02)
        command = [sys.executable, "-m", "awscli", "cloudformation", "deploy", "--endpoint-url", endpoint]
        command += ["--stack-name", "by-cli", "--template-file", str(template), *more]
        done = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, timeout=110, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Successfully created/updated stack" in deploy()
    glue = client("glue")
    assert glue.get_job(JobName="by-cli-job")["Job"]["NumberOfWorkers"] == 2
    assert "No changes to deploy" in deploy("--no-fail-on-empty-changeset")
    deploy("--parameter-overrides", "Workers=5")
    assert glue.get_job(JobName="by-cli-job")["Job"]["NumberOfWorkers"] == 5
    client("cloudformation").delete_stack(StackName="by-cli")
    client("cloudformation").get_waiter("stack_delete_complete").wait(StackName="by-cli", WaiterConfig={"Delay": 1})
