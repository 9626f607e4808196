"""A scheduled workflow, deployed by the CDK, fires in simulated time: crawler → job → crawler → job.

Seen of it afterwards: the lineage of the report's columns, metrics, state-change events and logs.
"""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from conftest import BINARY, REPOSITORY, drain, end, start_server
from test_events import Hook, wait_until

EXAMPLE = REPOSITORY / "examples" / "nightly"
sys.path.insert(0, str(REPOSITORY / "examples" / "claims"))
from cdk import Cdk  # noqa: E402

DAY = 24 * 3600


class SimulatedServer:
    """A server whose clock the test moves."""

    def __init__(self, endpoint: str, hook: Hook) -> None:
        self.endpoint, self.hook = endpoint, hook

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint, region_name="us-east-1")

    def lineage(self, path: str, **parameters: str) -> Any:
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.endpoint}/_mastic/lineage{path}?{query}") as answer:  # noqa: S310  Our own server.
            return json.load(answer)

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
    hook = Hook()
    process, address = start_server(BINARY, tmp_path / "data", "--test-clock", "--events-webhook", hook.url)
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    yield SimulatedServer(address, hook)
    end(process)
    hook.shutdown()


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
        "sums",
    }
    job_run = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "nightly-sum")["JobDetails"]["JobRuns"][0]
    assert job_run["TriggerName"] == "nightly-crawled"
    lines = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=job_run["Id"])["events"]
    assert "3 orders of 2 customers" in [line["message"] for line in lines]
    crawls = logs.describe_log_streams(logGroupName="/aws-glue/crawlers")["logStreams"]
    assert {"nightly-orders", "nightly-sums"} <= {stream["logStreamName"] for stream in crawls}

    check_lineage(server, run)
    check_metrics(server, run)
    check_events(server, run)

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


def node(run: dict[str, Any], name: str) -> dict[str, Any]:
    """What the node of this name started: a job run or a crawl."""
    found = next(each for each in run["Graph"]["Nodes"] if each["Name"] == name)
    started: dict[str, Any] = (found.get("JobDetails", {}).get("JobRuns") or found["CrawlerDetails"]["Crawls"])[0]
    return started


def check_lineage(server: SimulatedServer, run: dict[str, Any]) -> None:
    """Column by column: the DynamoDB table → the files of sums → the report; by the runs of this workflow's run."""
    jobs = {name: node(run, name)["Id"] for name in ("nightly-sum", "nightly-report")}

    def ended() -> bool:
        states = {each["id"]: each["state"] for each in server.lineage("/runs")["runs"]}
        return all(states.get(job_run) == "COMPLETE" for job_run in jobs.values())

    wait_until(ended, 10)

    def steps(column: str, **parameters: str) -> set[tuple[str, str, str]]:
        graph = server.lineage("/upstream", dataset="s3://nightly-reports/customers", column=column, **parameters)
        ends = {each["id"]: f"{each['name']}#{each['column']}" for each in graph["nodes"]}
        by_run = {job_run: name for name, job_run in jobs.items()}
        assert {edge["run"]["id"] for edge in graph["edges"]} <= set(by_run)
        return {
            (f"{ends[edge['from']]} > {ends[edge['to']]}", how["subtype"], by_run[edge["run"]["id"]])
            for edge in graph["edges"]
            for how in edge["transformations"]
        }

    source = "table/nightly-orders"
    assert steps("total", rows="false") == {
        ("sums#total > customers#total", "IDENTITY", "nightly-report"),
        (f"{source}#amount > sums#total", "AGGREGATION", "nightly-sum"),
    }
    assert steps("customer", rows="false") == {
        ("sums#customer > customers#customer", "IDENTITY", "nightly-report"),
        (f"{source}#customer > sums#customer", "IDENTITY", "nightly-sum"),
    }
    # What decides the rows: the report is sorted by the totals, the sums are one for each customer.
    assert {
        ("sums#total > customers#orders", "SORT", "nightly-report"),
        (f"{source}#customer > sums#orders", "GROUP_BY", "nightly-sum"),
    } <= steps("orders")
    # Both jobs read through the catalog's tables, which the crawlers made.
    graph = server.lineage("/upstream", dataset="s3://nightly-reports/customers", column="total")
    made = {(each["via"]["name"], each["via"]["madeBy"]) for each in graph["edges"]}
    assert made == {("table/nightly/sums", "nightly-sums"), ("table/nightly/nightly_orders", "nightly-orders")}
    down = server.lineage("/downstream", dataset="dynamodb:nightly-orders", column="amount", rows="false")
    tables = {"table/nightly/nightly_orders", "table/nightly/sums"}  # What the crawlers made comes of it too.
    assert {each["name"] for each in down["nodes"]} == {source, "sums", "customers"} | tables


def check_metrics(server: SimulatedServer, run: dict[str, Any]) -> None:
    """Both jobs' metrics, under Glue's names, at the simulated time of the run."""
    cloudwatch = server.client("cloudwatch")
    wanted = {"glue.driver.aggregate.recordsRead": "count", "glue.driver.jvm.heap.used": "gauge"}
    for job, records in (("nightly-sum", 3), ("nightly-report", 2)):
        job_run = node(run, job)["Id"]
        listed = cloudwatch.list_metrics(Namespace="Glue", Dimensions=[{"Name": "JobRunId", "Value": job_run}])["Metrics"]
        assert set(wanted) <= {each["MetricName"] for each in listed}
        queries = []
        for number, (metric, kind) in enumerate(wanted.items()):
            dimensions = [("JobName", job), ("JobRunId", job_run), ("Type", kind)]
            about = {"Namespace": "Glue", "MetricName": metric}
            about["Dimensions"] = [{"Name": name, "Value": value} for name, value in dimensions]  # type: ignore[assignment]
            stat = {"Metric": about, "Period": 3600, "Stat": "Sum" if kind == "count" else "Maximum"}
            queries.append({"Id": f"m{number}", "MetricStat": stat})
        hour = datetime.timedelta(hours=1)
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=queries, StartTime=run["StartedOn"] - hour, EndTime=run["StartedOn"] + hour
        )
        values = [each["Values"][0] for each in answer["MetricDataResults"]]
        assert values[0] >= records and values[1] > 10_000_000, (job, values)


def check_events(server: SimulatedServer, run: dict[str, Any]) -> None:
    """What the webhook was told of this run: crawls and jobs in the order in which they came about."""

    def told() -> list[tuple[str, str]]:
        found = []
        for event in list(server.hook.events):
            detail = event["detail"]
            if event["detail-type"] == "Glue Crawler State Change":
                found.append((detail["crawlerName"], detail["state"]))
            elif event["detail-type"] == "Glue Job State Change":
                found.append((detail["jobName"], detail["state"]))
        return found

    wanted = [
        ("nightly-orders", "Started"),
        ("nightly-orders", "Succeeded"),
        ("nightly-sum", "SUCCEEDED"),
        ("nightly-sums", "Started"),
        ("nightly-sums", "Succeeded"),
        ("nightly-report", "SUCCEEDED"),
    ]
    wait_until(lambda: len(told()) >= len(wanted), 10)
    assert told() == wanted
    (event,) = [each for each in server.hook.events if each["detail"].get("jobName") == "nightly-report"]
    assert event["detail"]["jobRunId"] == node(run, "nightly-report")["Id"]
    assert event["time"][:13] == run["StartedOn"].astimezone(datetime.UTC).isoformat()[:13]
    tables = [each for each in server.hook.events if each["detail"].get("typeOfChange") == "CreateTable"]
    assert {name for each in tables for name in each["detail"]["changedTables"]} == {"nightly_orders", "sums"}


WAITING = """
import time
import boto3

s3 = boto3.client("s3")
while not s3.list_objects_v2(Bucket="waiting", Prefix="go").get("KeyCount"):
    time.sleep(0.05)
"""


def test_a_run_longer_than_its_notify_delay_is_told_of_once(server: SimulatedServer) -> None:
    glue, s3 = server.client("glue"), server.client("s3")
    s3.create_bucket(Bucket="waiting")
    s3.put_object(Bucket="waiting", Key="waits.py", Body=WAITING.encode())
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://waiting/waits.py"}
    glue.create_job(Name="waits", Role="r", Command=command, NotificationProperty={"NotifyDelayAfter": 5})
    started = server.clock()
    run = glue.start_job_run(JobName="waits")["JobRunId"]
    # A run says itself when it differs from its job.
    patient = {"JobName": "waits", "NotificationProperty": {"NotifyDelayAfter": 60}}
    glue.update_job(JobName="waits", JobUpdate={"Role": "r", "Command": command, "ExecutionProperty": {"MaxConcurrentRuns": 2}})
    other = glue.start_job_run(**patient)["JobRunId"]

    def state(identifier: str) -> str:
        return str(glue.get_job_run(JobName="waits", RunId=identifier)["JobRun"]["JobRunState"])

    wait_until(lambda: state(run) == state(other) == "RUNNING", 30)
    server.advance(4 * 60)
    time.sleep(1.5)  # Longer than the pause between two looks at the runs.

    def told() -> list[dict[str, Any]]:
        return [event for event in list(server.hook.events) if event["detail-type"] == "Glue Job Run Status"]

    assert told() == []
    server.advance(2 * 60)
    wait_until(told, 10)
    (event,) = told()
    assert event["source"] == "aws.glue"
    detail = event["detail"]
    assert (detail["jobName"], detail["jobRunId"], detail["state"]) == ("waits", run, "RUNNING")
    assert detail["notificationCondition"] == {"NotifyDelayAfter": 5.0} and detail["severity"] == "INFO"
    assert abs(datetime.datetime.fromisoformat(detail["startedOn"]) - started) < datetime.timedelta(seconds=5)
    server.advance(10 * 60)
    time.sleep(1.5)
    assert len(told()) == 1
    s3.put_object(Bucket="waiting", Key="go", Body=b"")
    wait_until(lambda: state(run) == state(other) == "SUCCEEDED", 30)


def test_statistics_on_a_schedule(server: SimulatedServer) -> None:
    glue, s3 = server.client("glue"), server.client("s3")
    s3.create_bucket(Bucket="measured")
    s3.put_object(Bucket="measured", Key="t/a.csv", Body=b"1\n2\n")
    glue.create_database(DatabaseInput={"Name": "measured"})
    descriptor = {
        "Columns": [{"Name": "n", "Type": "bigint"}],
        "Location": "s3://measured/t/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": ","},
        },
    }
    table_input = {"Name": "t", "StorageDescriptor": descriptor, "Parameters": {"classification": "csv"}}
    glue.create_table(DatabaseName="measured", TableInput=table_input)
    at = {"DatabaseName": "measured", "TableName": "t"}

    def settings() -> dict[str, Any]:
        found: dict[str, Any] = glue.get_column_statistics_task_settings(**at)["ColumnStatisticsTaskSettings"]
        return found

    def largest() -> int:
        answer = glue.get_column_statistics_for_table(ColumnNames=["n"], **at)["ColumnStatisticsList"]
        return int(answer[0]["StatisticsData"]["LongColumnStatisticsData"]["MaximumValue"]) if answer else -1

    with pytest.raises(glue.exceptions.EntityNotFoundException):
        settings()
    glue.create_column_statistics_task_settings(Role="r", Schedule="cron(0 3 * * ? *)", **at)
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_column_statistics_task_settings(Role="r", **at)
    assert settings()["Schedule"] == {"ScheduleExpression": "cron(0 3 * * ? *)", "State": "SCHEDULED"}
    server.advance_to(3, 0)
    wait_until(lambda: largest() == 2, 30)
    attempt = settings()["LastExecutionAttempt"]
    run = glue.get_column_statistics_task_run(ColumnStatisticsTaskRunId=attempt["ColumnStatisticsTaskRunId"])
    assert attempt["Status"] == "STARTED" and run["ColumnStatisticsTaskRun"]["TableName"] == "t"
    # Stopped, nothing happens; started again, at its hour.
    s3.put_object(Bucket="measured", Key="t/b.csv", Body=b"30\n")
    glue.stop_column_statistics_task_run_schedule(**at)
    server.advance(DAY)
    assert settings()["Schedule"]["State"] == "NOT_SCHEDULED"
    glue.update_column_statistics_task_settings(Role="other", Schedule="cron(0 5 * * ? *)", **at)
    assert (settings()["Role"], settings()["Schedule"]["State"]) == ("other", "SCHEDULED")
    assert len(glue.get_column_statistics_task_runs(**at)["ColumnStatisticsTaskRuns"]) == 1
    server.advance_to(5, 0)
    wait_until(lambda: largest() == 30, 30)
    # A task that cannot start says why.
    glue.delete_table(DatabaseName="measured", Name="t")
    server.advance(DAY)
    wait_until(lambda: settings()["LastExecutionAttempt"]["Status"] == "FAILED", 10)
    assert "t" in settings()["LastExecutionAttempt"]["ErrorMessage"]
    glue.delete_column_statistics_task_settings(**at)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        settings()
