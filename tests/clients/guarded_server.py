"""A server of a test's own that runs with keys: requests are verified and policies enforced."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from conftest import ANNOUNCEMENT, BINARY, drain, end

ACCOUNT = "000000000000"
ROOT = ("ROOTKEY", "rootsecret")
GLUE_ROLE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"

Policy = dict[str, Any]


def statement(actions: str | list[str], resources: str | list[str] = "*", effect: str = "Allow", **more: Any) -> Policy:
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def document(*statements: Policy) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    principal = {"Service": service}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def denial_of(call: Any, **arguments: Any) -> str:
    """The message of the refusal that the call must end with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    message: str = caught.value.response["Error"]["Message"]
    return message


class Guarded:
    """`mastic serve` with one key of the operator's, on a data folder that outlives a restart."""

    def __init__(self, folder: Path, keys_file: bool = False) -> None:
        self.folder = folder
        self._keys_file = keys_file
        self._process: subprocess.Popen[str] | None = None
        self.endpoint = ""
        self.start()

    def start(self) -> None:
        command = [str(BINARY), "serve", "--data", str(self.folder / "data"), "--port", "0"]
        environment = {name: value for name, value in os.environ.items() if name != "MASTIC_ACCESS_KEYS"}
        if self._keys_file:
            keys = self.folder / "keys"
            keys.write_text(f"# who may do everything\n{ROOT[0]}:{ROOT[1]}\n")
            command += ["--keys-file", str(keys)]
        else:
            environment["MASTIC_ACCESS_KEYS"] = ":".join(ROOT)
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        assert self._process.stderr is not None
        self.endpoint = next(line.split(ANNOUNCEMENT, 1)[1].split()[0] for line in self._process.stderr if ANNOUNCEMENT in line)
        threading.Thread(target=drain, args=(self._process,), daemon=True).start()

    def stop(self) -> None:
        assert self._process is not None
        end(self._process)

    def client(self, service: str, key: str = ROOT[0], secret: str = ROOT[1], token: str | None = None) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def user(self, name: str, *statements: Policy) -> tuple[str, str]:
        """A user with these rights; the key and its secret."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def role(self, name: str, service: str, *statements: Policy, managed: str | None = None) -> str:
        """A role that the service may use, with these rights; its ARN."""
        iam = self.client("iam")
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=document(*statements))
        if managed:
            iam.attach_role_policy(RoleName=name, PolicyArn=managed)
        return arn

    def run(self, job: str, **arguments: Any) -> dict[str, Any]:
        """The job's run once it has ended."""
        glue = self.client("glue")
        run_id = glue.start_job_run(JobName=job, **arguments)["JobRunId"]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            run: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            if run["JobRunState"] not in ("WAITING", "STARTING", "RUNNING", "STOPPING"):
                return run
            time.sleep(0.05)
        raise AssertionError(f"run {run_id} of {job} did not end")

    def crawl(self, name: str) -> dict[str, Any]:
        """What the crawler tells of its crawl once that has ended."""
        glue = self.client("glue")
        glue.start_crawler(Name=name)
        while (crawler := glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
            time.sleep(0.02)
        last: dict[str, Any] = crawler["LastCrawl"]
        return last
