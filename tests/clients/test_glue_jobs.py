"""Glue's jobs and their runs through boto3. The fixture `endpoint` is the address of a running server."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

FINAL = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}


def make_client(service: str, endpoint: str) -> Any:
    return boto3.client(service, endpoint_url=endpoint, region_name="eu-west-1", config=Config(retries={"max_attempts": 1}))


@pytest.fixture(scope="module")
def glue(endpoint: str) -> Any:
    return make_client("glue", endpoint)


@pytest.fixture(scope="module")
def logs(endpoint: str) -> Any:
    return make_client("logs", endpoint)


@pytest.fixture(scope="module")
def upload(endpoint: str) -> Callable[[str], str]:
    """Puts a script into S3 and gives its location."""
    s3 = make_client("s3", endpoint)
    bucket = f"scripts-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def put(text: str) -> str:
        key = f"{uuid.uuid4().hex}.py"
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        return f"s3://{bucket}/{key}"

    return put


@pytest.fixture
def make_job(glue: Any, upload: Callable[[str], str]) -> Iterator[Callable[..., str]]:
    names: list[str] = []

    def make(script: str, **more: Any) -> str:
        name = f"job-{uuid.uuid4().hex[:12]}"
        command = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": upload(script)} | more.pop("Command", {})
        glue.create_job(Name=name, Role="role", Command=command, **({"GlueVersion": "4.0"} | more))
        names.append(name)
        return name

    yield make
    for name in names:
        glue.delete_job(JobName=name)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and message of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def wait_for(glue: Any, job: str, run: str, states: set[str] = FINAL) -> dict[str, Any]:
    for _ in range(1200):
        found: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run)["JobRun"]
        if found["JobRunState"] in states:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{run} stays {found['JobRunState']}")


def test_definitions(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job("pass", WorkerType="G.1X", NumberOfWorkers=2, DefaultArguments={"--a": "1"})
    job = glue.get_job(JobName=name)["Job"]
    assert job["Timeout"] == 2880
    assert job["MaxCapacity"] == 2.0
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert job["DefaultArguments"] == {"--a": "1"}
    glue.update_job(JobName=name, JobUpdate={"Role": "other", "Command": job["Command"], "GlueVersion": "5.0"})
    updated = glue.get_job(JobName=name)["Job"]
    assert updated["Role"] == "other"
    assert updated["Timeout"] == 480
    assert "DefaultArguments" not in updated  # an update replaces the whole definition
    assert name in glue.list_jobs()["JobNames"]
    found = glue.batch_get_jobs(JobNames=[name, "nobody"])
    assert [job["Name"] for job in found["Jobs"]] == [name]
    assert found["JobsNotFound"] == ["nobody"]
    assert refusal(glue.get_job, JobName="nobody")[0] == "EntityNotFoundException"
    different = refusal(glue.create_job, Name=name, Role="third", Command=job["Command"])
    assert different[0] == "IdempotentParameterMismatchException"


def test_the_published_stack_is_taken(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job(
        "pass",
        Command={"Name": "glue-etl", "PythonVersion": "3.9"},
        GlueVersion="3.0",
        DefaultArguments={"--JOB_NAME": "glue-etl-demo-job"},
        Timeout=5,
    )
    assert glue.get_job(JobName=name)["Job"]["Command"]["Name"] == "glue-etl"
    code, message = refusal(glue.create_job, Name="x", Role="r", Command={"Name": "spark", "ScriptLocation": "s3://b/x.py"})
    assert code == "InvalidInputException" and "spark" in message


def test_a_run_succeeds_with_its_arguments_and_logs(glue: Any, logs: Any, make_job: Callable[..., str]) -> None:
    name = make_job(
        "import sys\nprint('arguments', sys.argv[1:])\n",
        DefaultArguments={"--a": "default", "--b": "default", "--c": "default"},
        NonOverridableArguments={"--c": "fixed"},
    )
    run_id = glue.start_job_run(JobName=name, Arguments={"--b": "run", "--c": "run"})["JobRunId"]
    assert run_id.startswith("jr_") and len(run_id) == 67
    run = wait_for(glue, name, run_id)
    assert run["JobRunState"] == "SUCCEEDED", run
    assert run["Arguments"] == {"--b": "run", "--c": "run"}
    assert run["Attempt"] == 0
    assert run["CompletedOn"] >= run["StartedOn"]
    assert run["LogGroupName"] == "/aws-glue/jobs"
    # A run is final only when its lines are kept.
    answer = logs.filter_log_events(logGroupName="/aws-glue/jobs/output", logStreamNamePrefix=run_id)
    printed = answer["events"][0]["message"]
    assert f"'--JOB_NAME', '{name}'" in printed
    assert f"'--JOB_RUN_ID', '{run_id}'" in printed
    assert "'--a', 'default', '--b', 'run', '--c', 'fixed'" in printed
    assert [found["Id"] for found in glue.get_job_runs(JobName=name)["JobRuns"]] == [run_id]
    assert refusal(glue.get_job_run, JobName=name, RunId="jr_0")[0] == "EntityNotFoundException"


def test_a_script_that_raises_fails_and_is_tried_again(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job("raise ValueError('no claims today')", MaxRetries=1)
    run_id = glue.start_job_run(JobName=name)["JobRunId"]
    run = wait_for(glue, name, run_id)
    assert run["JobRunState"] == "FAILED"
    assert "no claims today" in run["ErrorMessage"]
    for _ in range(100):
        runs = glue.get_job_runs(JobName=name)["JobRuns"]
        if len(runs) == 2:
            break
        time.sleep(0.05)
    assert [found["Attempt"] for found in runs] == [1, 0]
    assert runs[0]["PreviousRunId"] == run_id
    assert wait_for(glue, name, runs[0]["Id"])["JobRunState"] == "FAILED"


def test_a_script_that_is_not_there_fails_the_run(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job("pass", Command={"ScriptLocation": "s3://nowhere/gone.py"})
    run = wait_for(glue, name, glue.start_job_run(JobName=name)["JobRunId"])
    assert run["JobRunState"] == "FAILED"
    assert "s3://nowhere/gone.py" in run["ErrorMessage"]


def test_stop_concurrency_and_queue(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job("import time\ntime.sleep(60)")
    first = glue.start_job_run(JobName=name)["JobRunId"]
    code, message = refusal(glue.start_job_run, JobName=name)
    assert (code, message) == ("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}")
    waiting = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    last = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    assert glue.get_job_run(JobName=name, RunId=waiting)["JobRun"]["JobRunState"] == "WAITING"
    assert [run["Id"] for run in glue.get_job_runs(JobName=name)["JobRuns"]] == [last, waiting, first]
    answer = glue.batch_stop_job_run(JobName=name, JobRunIds=[last, first, "jr_0"])
    assert {entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]} == {first, last}
    assert [entry["JobRunId"] for entry in answer["Errors"]] == ["jr_0"]
    assert wait_for(glue, name, first)["JobRunState"] == "STOPPED"
    assert wait_for(glue, name, last)["JobRunState"] == "STOPPED"
    wait_for(glue, name, waiting, {"STARTING", "RUNNING"})
    glue.batch_stop_job_run(JobName=name, JobRunIds=[waiting])
    assert wait_for(glue, name, waiting)["JobRunState"] == "STOPPED"


def test_what_cannot_run_says_so_by_name(glue: Any, make_job: Callable[..., str]) -> None:
    name = make_job("pass", DefaultArguments={"--extra-jars": "s3://b/x.jar"})
    code, message = refusal(glue.start_job_run, JobName=name)
    assert code == "InvalidInputException" and "--extra-jars s3://b/x.jar" in message
    streaming = make_job("pass", Command={"Name": "gluestreaming"})
    assert "gluestreaming" in refusal(glue.start_job_run, JobName=streaming)[1]
    assert refusal(glue.start_job_run, JobName="nobody")[0] == "EntityNotFoundException"
