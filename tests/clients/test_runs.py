"""Runs end to end: StartJobRun, a real driver, a real engine, and what is left behind."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

BUCKET = "runs-" + uuid.uuid4().hex[:12]
FINAL = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}
PATIENCE_SECONDS = 60.0

RunScript = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def clients(endpoint: str) -> Iterator[dict[str, Any]]:
    made = {name: boto3.client(name, endpoint_url=endpoint) for name in ("s3", "glue", "logs")}
    made["s3"].create_bucket(Bucket=BUCKET)
    yield made


def wait_for(clients: dict[str, Any], job: str, run: str, states: set[str]) -> dict[str, Any]:
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        record: dict[str, Any] = clients["glue"].get_job_run(JobName=job, RunId=run)["JobRun"]
        if record["JobRunState"] in states:
            return record
        assert time.monotonic() < limit, record
        time.sleep(0.02)


def start(clients: dict[str, Any], script: str, arguments: dict[str, str] | None = None, **job: Any) -> tuple[str, str]:
    name = "job-" + uuid.uuid4().hex[:12]
    clients["s3"].put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}.py", "PythonVersion": "3"}
    clients["glue"].create_job(Name=name, Role="role", Command=command, **{"GlueVersion": "4.0", **job})
    return name, clients["glue"].start_job_run(JobName=name, Arguments=arguments or {})["JobRunId"]


def lines(clients: dict[str, Any], run: str, channel: str = "output") -> list[str]:
    try:
        events = clients["logs"].get_log_events(logGroupName=f"/aws-glue/jobs/{channel}", logStreamName=run, startFromHead=True)
    except clients["logs"].exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in events["events"]]


@pytest.fixture
def run_script(clients: dict[str, Any]) -> RunScript:
    def run(script: str, arguments: dict[str, str] | None = None, **job: Any) -> dict[str, Any]:
        name, run_id = start(clients, script, arguments, **job)
        return wait_for(clients, name, run_id, FINAL)

    return run


def test_a_script_gets_its_arguments_its_session_and_this_server(clients: dict[str, Any], run_script: RunScript) -> None:
    record = run_script(
        """
import sys
import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

arguments = getResolvedOptions(sys.argv, ["JOB_NAME", "WORD"])
glue = GlueContext(SparkContext())
job = Job(glue)
job.init(arguments["JOB_NAME"], arguments)
print(arguments["WORD"], glue.spark_session.range(5).count())
print(boto3.client("sts").meta.endpoint_url == boto3.client("s3").meta.endpoint_url)
print("warning", file=sys.stderr)
job.commit()
""",
        {"--WORD": "häuser und höfe"},
    )
    assert (record["JobRunState"], record.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert lines(clients, record["Id"]) == ["häuser und höfe 5", "True"]
    assert lines(clients, record["Id"], "error") == ["warning"]
    assert record["StartedOn"] <= record["CompletedOn"]


@pytest.mark.parametrize(
    ("script", "state", "message"),
    [
        ("raise ValueError('x')", "FAILED", "ValueError: x"),
        ("import sys; sys.exit(0)", "SUCCEEDED", None),
        ("import sys; sys.exit(3)", "FAILED", "SystemExit: 3"),
        ("import os; os._exit(4)", "FAILED", "The script ended with exit code 4"),
    ],
)
def test_the_end_of_a_script_decides(run_script: RunScript, script: str, state: str, message: str | None) -> None:
    record = run_script(script)
    assert (record["JobRunState"], record.get("ErrorMessage")) == (state, message)


def test_a_traceback_shows_the_script_and_nothing_of_ours(clients: dict[str, Any], run_script: RunScript) -> None:
    record = run_script("def f():\n    return 1 / 0\n\nf()\n")
    printed = lines(clients, record["Id"], "error")
    assert printed[0] == "Traceback (most recent call last):"
    assert printed[-1] == record["ErrorMessage"] == "ZeroDivisionError: division by zero"
    assert not any("mastic/driver" in line or "zygote" in line for line in printed)


def test_an_error_of_spark_is_the_runs_message(run_script: RunScript) -> None:
    record = run_script(
        "from pyspark.sql import SparkSession\n"
        "SparkSession.builder.getOrCreate().sql('SELECT nothing_here FROM range(1)').show()"
    )
    assert record["JobRunState"] == "FAILED"
    assert "UNRESOLVED_COLUMN" in record["ErrorMessage"]


@pytest.mark.parametrize(
    "session",
    [
        "SparkSession.builder.getOrCreate()",
        "SparkSession.builder.master('local[*]').appName('x').enableHiveSupport().getOrCreate()",
        "SparkContext.getOrCreate() and SparkSession.builder.getOrCreate()",
        "SQLContext(SparkContext()).sparkSession",
        "SparkSession.builder.config(conf=SparkConf().setMaster('local').set('spark.executor.memory', '2g')).getOrCreate()",
    ],
)
def test_each_way_to_a_session_leads_to_the_runs(clients: dict[str, Any], run_script: RunScript, session: str) -> None:
    record = run_script(
        f"from pyspark import SparkConf, SparkContext\nfrom pyspark.sql import SparkSession, SQLContext\nspark = {session}\n"
        "print(spark.range(2).count(), spark.conf.get('spark.sql.ansi.enabled'), "
        "spark.sparkContext is SparkContext.getOrCreate())"
    )
    assert (record["JobRunState"], record.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert lines(clients, record["Id"]) == ["2 false True"]
    assert lines(clients, record["Id"], "error") == []


def test_rdds_that_scripts_use(clients: dict[str, Any], run_script: RunScript) -> None:
    record = run_script(
        """
from pyspark.context import SparkContext
from pyspark.sql import Row, SparkSession

sc = SparkContext.getOrCreate()
sc.setLogLevel("WARN")
sc._jsc.hadoopConfiguration().set("fs.s3.impl", "x")
spark = SparkSession.builder.getOrCreate()
frame = spark.createDataFrame([("a",), ("b",)], ["name"])
print(frame.select("name").rdd.flatMap(lambda row: row).collect(), frame.rdd.isEmpty(), frame.rdd.getNumPartitions())
print(sc.parallelize([1, 2]).map(lambda n: Row(n=n)).toDF().collect())
print(spark.read.json(sc.parallelize(['{"a": 1}'])).collect())
"""
    )
    assert (record["JobRunState"], record.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert lines(clients, record["Id"]) == ["['a', 'b'] False 1", "[Row(n=1), Row(n=2)]", "[Row(a=1)]"]


def test_a_stop_ends_a_run_in_the_middle_of_a_query(clients: dict[str, Any]) -> None:
    name, run = start(
        clients,
        "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nprint('begun', flush=True)\n"
        "spark.range(10**7).crossJoin(spark.range(10**7)).selectExpr('sum(hash(1))').collect()",
    )
    limit = time.monotonic() + PATIENCE_SECONDS
    while not lines(clients, run):
        assert time.monotonic() < limit, wait_for(clients, name, run, FINAL | {"RUNNING"})
        time.sleep(0.02)
    answer = clients["glue"].batch_stop_job_run(JobName=name, JobRunIds=[run])
    assert [entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]] == [run]
    assert wait_for(clients, name, run, FINAL)["JobRunState"] == "STOPPED"


def test_many_runs_at_once_all_end(clients: dict[str, Any]) -> None:
    started = [start(clients, f"print({index})") for index in range(8)]
    for index, (name, run) in enumerate(started):
        assert wait_for(clients, name, run, FINAL)["JobRunState"] == "SUCCEEDED"
        assert lines(clients, run) == [str(index)]


def test_every_line_of_a_long_output_arrives_in_order(clients: dict[str, Any], run_script: RunScript) -> None:
    record = run_script("for number in range(20000): print(number)")
    received: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = clients["logs"].get_log_events(
            logGroupName="/aws-glue/jobs/output", logStreamName=record["Id"], startFromHead=True, **token
        )
        received += [event["message"] for event in page["events"]]
        if token.get("nextToken") == page["nextForwardToken"]:
            break
        token = {"nextToken": page["nextForwardToken"]}
    assert received == [str(number) for number in range(20000)]
