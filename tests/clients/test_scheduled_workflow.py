"""A scheduled workflow, deployed by the CDK, fires in simulated time: crawler → job → crawler → job."""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from conftest import BINARY, REPOSITORY, drain, end, start_server

EXAMPLE = REPOSITORY / "examples" / "nightly"
sys.path.insert(0, str(REPOSITORY / "examples" / "claims"))
from cdk import Cdk  # noqa: E402

DAY = 24 * 3600


class SimulatedServer:
    """A server whose clock the test moves."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint, region_name="us-east-1")

    def clock(self, path: str = "") -> datetime.datetime:
        with urllib.request.urlopen(f"{self.endpoint}/_mastic/clock{path}") as answer:  # noqa: S310  Our own server.
            return datetime.datetime.fromtimestamp(json.load(answer)["now"], datetime.UTC)

    def advance(self, seconds: float) -> datetime.datetime:
        return self.clock(f"/advance/{int(seconds)}")

    def advance_to(self, hour: int, minute: int) -> datetime.datetime:
        """To the next such time of the day."""
        now = self.clock()
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then <= now:
            then += datetime.timedelta(days=1)
        return self.advance((then - now).total_seconds())


@pytest.fixture
def server(tmp_path: pathlib.Path) -> Iterator[SimulatedServer]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    process, address = start_server(BINARY, tmp_path / "data", "--test-clock")
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    yield SimulatedServer(address)
    end(process)


def wait_for_runs(glue: Any, count: int) -> list[dict[str, Any]]:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        runs: list[dict[str, Any]] = glue.get_workflow_runs(Name="nightly", IncludeGraph=True)["Runs"]
        if len(runs) == count and all("CompletedOn" in run for run in runs):
            return runs
        time.sleep(0.05)
    raise AssertionError(f"there are not {count} ended runs: {runs}")


def test_a_night_goes_by_and_the_workflow_has_run(server: SimulatedServer, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "cdk.out"))
    (folder / "node_modules").symlink_to(REPOSITORY / "examples/claims/node_modules")
    cdk = Cdk(server.endpoint, folder)
    cdk.run("bootstrap", "aws://000000000000/us-east-1")
    assert "Nightly.WorkflowName = nightly" in cdk.run("deploy", "Nightly", "--require-approval", "never")

    glue, s3, dynamodb, logs = (server.client(name) for name in ("glue", "s3", "dynamodb", "logs"))
    for number, (customer, amount) in enumerate([("Ada", 5), ("Bob", 7), ("Ada", 10)]):
        item = {"id": {"S": str(number)}, "customer": {"S": customer}, "amount": {"N": str(amount)}}
        dynamodb.put_item(TableName="nightly-orders", Item=item)
    server.advance_to(1, 59)
    assert glue.get_workflow_runs(Name="nightly")["Runs"] == []

    two = server.advance_to(2, 0)
    (run,) = wait_for_runs(glue, 1)
    assert run["Status"] == "COMPLETED" and run["Statistics"]["SucceededActions"] == 4, run
    assert abs(run["StartedOn"] - two) < datetime.timedelta(seconds=5)
    order = started_in_order(run)
    assert [name for name, _ in order] == ["nightly-orders", "nightly-sum", "nightly-sums", "nightly-report"]
    assert read_report(s3) == ["customer,total,orders", "Ada,15,2", "Bob,7,1"]
    assert {table["Name"] for table in glue.get_tables(DatabaseName="nightly")["TableList"]} == {
        "nightly_orders",
        "nightly_sums",
    }
    job_run = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "nightly-sum")["JobDetails"]["JobRuns"][0]
    assert job_run["TriggerName"] == "nightly-crawled"
    lines = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=job_run["Id"])["events"]
    assert "3 orders of 2 customers" in [line["message"] for line in lines]
    crawls = logs.describe_log_streams(logGroupName="/aws-glue/crawlers")["logStreams"]
    assert {"nightly-orders", "nightly-sums"} <= {stream["logStreamName"] for stream in crawls}

    # Another night, and then a day and a half at once: what was due meanwhile happens once.
    server.advance(DAY)
    assert [each["Status"] for each in wait_for_runs(glue, 2)] == ["COMPLETED"] * 2
    server.advance(3 * DAY)
    runs = wait_for_runs(glue, 3)
    assert {each["Statistics"]["SucceededActions"] for each in runs} == {4}
    assert server.clock() - runs[0]["StartedOn"] < datetime.timedelta(minutes=2)
    cdk.run("destroy", "Nightly", "--force")
    assert glue.list_triggers()["TriggerNames"] == []


def started_in_order(run: dict[str, Any]) -> list[tuple[str, Any]]:
    nodes = [node for node in run["Graph"]["Nodes"] if node["Type"] != "TRIGGER"]
    starts = []
    for node in nodes:
        started = node.get("JobDetails", {}).get("JobRuns") or node.get("CrawlerDetails", {}).get("Crawls")
        starts.append((node["Name"], started[0]["StartedOn"]))
    return sorted(starts, key=lambda each: each[1])


def read_report(s3: Any) -> list[str]:
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="nightly-reports", Prefix="customers/")["Contents"]]
    (part,) = [key for key in keys if "part-" in key]
    return str(s3.get_object(Bucket="nightly-reports", Key=part)["Body"].read().decode()).split()
