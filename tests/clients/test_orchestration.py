"""Triggers and workflows through boto3: jobs that really run, crawlers that really read."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/glue"


def client(endpoint: str, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test-secret"}
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)


@pytest.fixture
def glue(endpoint: str) -> Any:
    return client(endpoint, "glue")


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def wait_for(look: Any, *, seconds: float = 60) -> Any:
    """Polls a state of another process; nothing tells us of it over this API."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that in time")


def make_job(endpoint: str, name: str, script: str) -> None:
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket="orchestration-scripts")
    s3.put_object(Bucket="orchestration-scripts", Key=f"{name}.py", Body=script.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://orchestration-scripts/{name}.py", "PythonVersion": "3"}
    client(endpoint, "glue").create_job(Name=name, Role=ROLE, Command=command, ExecutionProperty={"MaxConcurrentRuns": 5})


def make_items(endpoint: str, table: str) -> None:
    dynamodb = client(endpoint, "dynamodb")
    dynamodb.create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=table, Item={"id": {"S": "a"}, "amount": {"N": "3"}})


def test_a_workflow_of_a_crawler_and_two_jobs(endpoint: str, glue: Any) -> None:
    make_items(endpoint, "orders")
    glue.create_database(DatabaseInput={"Name": "shop"})
    glue.create_crawler(Name="orders", Role=ROLE, DatabaseName="shop", Targets={"DynamoDBTargets": [{"Path": "orders"}]})
    script = "import sys\nassert '--WORKFLOW_RUN_ID' in sys.argv, sys.argv\nprint('ran', sys.argv)\n"
    make_job(endpoint, "clean", script)
    make_job(endpoint, "report", script)
    glue.create_workflow(Name="shop", DefaultRunProperties={"day": "monday"}, MaxConcurrentRuns=1, Tags={"team": "a"})
    glue.create_trigger(Name="go", WorkflowName="shop", Type="ON_DEMAND", Actions=[{"CrawlerName": "orders"}])
    glue.create_trigger(
        Name="clean-orders",
        WorkflowName="shop",
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Conditions": [{"LogicalOperator": "EQUALS", "CrawlerName": "orders", "CrawlState": "SUCCEEDED"}]},
        Actions=[{"JobName": "clean", "Arguments": {"--mode": "full"}}],
    )
    glue.create_trigger(
        Name="report-orders",
        WorkflowName="shop",
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Conditions": [{"LogicalOperator": "EQUALS", "JobName": "clean", "State": "SUCCEEDED"}]},
        Actions=[{"JobName": "report"}],
    )
    graph = glue.get_workflow(Name="shop", IncludeGraph=True)["Workflow"]["Graph"]
    assert {(node["Type"], node["Name"]) for node in graph["Nodes"]} == {
        ("TRIGGER", "go"),
        ("TRIGGER", "clean-orders"),
        ("TRIGGER", "report-orders"),
        ("CRAWLER", "orders"),
        ("JOB", "clean"),
        ("JOB", "report"),
    }
    assert len(graph["Edges"]) == 5

    run_id = glue.start_workflow_run(Name="shop", RunProperties={"hour": "7"})["RunId"]
    with pytest.raises(ClientError) as error:
        glue.start_workflow_run(Name="shop")
    assert code_of(error) == "ConcurrentRunsExceededException"
    glue.put_workflow_run_properties(Name="shop", RunId=run_id, RunProperties={"note": "x"})
    assert glue.get_workflow_run_properties(Name="shop", RunId=run_id)["RunProperties"] == {
        "day": "monday",
        "hour": "7",
        "note": "x",
    }
    run = wait_for(
        lambda: next((r for r in [glue.get_workflow_run(Name="shop", RunId=run_id)["Run"]] if r["Status"] != "RUNNING"), None)
    )
    assert run["Status"] == "COMPLETED", run
    assert run["Statistics"]["SucceededActions"] == 3, run["Statistics"]
    nodes = {
        node["Name"]: node
        for node in glue.get_workflow_run(Name="shop", RunId=run_id, IncludeGraph=True)["Run"]["Graph"]["Nodes"]
    }
    [clean] = nodes["clean"]["JobDetails"]["JobRuns"]
    assert clean["JobRunState"] == "SUCCEEDED"
    assert clean["TriggerName"] == "clean-orders"
    assert clean["Arguments"]["--mode"] == "full"
    assert nodes["orders"]["CrawlerDetails"]["Crawls"][0]["State"] == "SUCCEEDED"
    assert glue.get_table(DatabaseName="shop", Name="orders")["Table"]["StorageDescriptor"]["Columns"]
    assert glue.get_workflow(Name="shop")["Workflow"]["LastRun"]["WorkflowRunId"] == run_id
    assert [r["WorkflowRunId"] for r in glue.get_workflow_runs(Name="shop")["Runs"]] == [run_id]

    clean_node = nodes["clean"]["UniqueId"]
    resumed = glue.resume_workflow_run(Name="shop", RunId=run_id, NodeIds=[clean_node])["RunId"]
    wait_for(lambda: glue.get_workflow_run(Name="shop", RunId=resumed)["Run"]["Status"] == "COMPLETED")
    assert len(glue.get_job_runs(JobName="clean")["JobRuns"]) == 2
    assert len(glue.list_crawls(CrawlerName="orders")["Crawls"]) == 1
    glue.delete_workflow(Name="shop")
    assert glue.list_triggers()["TriggerNames"] == []


def test_triggers_are_kept_listed_changed_and_removed(endpoint: str, glue: Any) -> None:
    make_job(endpoint, "nightly", "print('x')\n")
    glue.create_trigger(
        Name="at-night",
        Type="SCHEDULED",
        Schedule="cron(0 3 * * ? *)",
        Actions=[{"JobName": "nightly"}],
        StartOnCreation=True,
        Tags={"team": "b"},
    )
    trigger = glue.get_trigger(Name="at-night")["Trigger"]
    assert trigger["State"] == "ACTIVATED" and trigger["Schedule"] == "cron(0 3 * * ? *)"
    glue.stop_trigger(Name="at-night")
    assert glue.get_trigger(Name="at-night")["Trigger"]["State"] == "DEACTIVATED"
    glue.update_trigger(Name="at-night", TriggerUpdate={"Schedule": "cron(0 4 * * ? *)", "Actions": [{"JobName": "nightly"}]})
    assert glue.get_trigger(Name="at-night")["Trigger"]["Schedule"] == "cron(0 4 * * ? *)"
    assert glue.list_triggers(Tags={"team": "b"})["TriggerNames"] == ["at-night"]
    assert [t["Name"] for t in glue.get_triggers(DependentJobName="nightly")["Triggers"]] == ["at-night"]
    assert glue.batch_get_triggers(TriggerNames=["at-night", "none"])["TriggersNotFound"] == ["none"]
    for expected, change in (
        ("InvalidInputException", {"Schedule": "cron(0 3 * * * *)"}),
        ("EntityNotFoundException", {"Actions": [{"JobName": "no-such-job"}]}),
        ("AlreadyExistsException", {"Name": "at-night"}),
    ):
        request = {"Name": "other", "Type": "SCHEDULED", "Schedule": "rate(1 hour)", "Actions": [{"JobName": "nightly"}]}
        with pytest.raises(ClientError) as error:
            glue.create_trigger(**{**request, **change})
        assert code_of(error) == expected
    glue.delete_trigger(Name="at-night")
    glue.delete_trigger(Name="at-night")  # as in Glue, no failure
    with pytest.raises(ClientError) as error:
        glue.get_trigger(Name="at-night")
    assert code_of(error) == "EntityNotFoundException"


def test_an_on_demand_trigger_starts_its_job_with_its_arguments(endpoint: str, glue: Any) -> None:
    make_job(endpoint, "echo", "print('echo')\n")
    glue.create_trigger(Name="now", Type="ON_DEMAND", Actions=[{"JobName": "echo", "Arguments": {"--x": "1"}}])
    glue.start_trigger(Name="now")
    [run] = wait_for(lambda: [r for r in glue.get_job_runs(JobName="echo")["JobRuns"] if r["JobRunState"] == "SUCCEEDED"])
    assert run["TriggerName"] == "now"
    assert run["Arguments"] == {"--x": "1"}
    assert glue.get_trigger(Name="now")["Trigger"]["State"] == "CREATED"


def test_a_crawlers_schedule_is_started_and_stopped(endpoint: str, glue: Any) -> None:
    make_items(endpoint, "scheduled")
    glue.create_database(DatabaseInput={"Name": "scheduled"})
    targets = {"DynamoDBTargets": [{"Path": "scheduled"}]}
    glue.create_crawler(Name="scheduled", Role=ROLE, DatabaseName="scheduled", Targets=targets)
    with pytest.raises(ClientError) as error:
        glue.start_crawler_schedule(CrawlerName="scheduled")
    assert code_of(error) == "NoScheduleException"
    glue.update_crawler_schedule(CrawlerName="scheduled", Schedule="cron(15 12 * * ? *)")
    schedule = glue.get_crawler(Name="scheduled")["Crawler"]["Schedule"]
    assert schedule == {"ScheduleExpression": "cron(15 12 * * ? *)", "State": "SCHEDULED"}
    with pytest.raises(ClientError) as error:
        glue.start_crawler_schedule(CrawlerName="scheduled")
    assert code_of(error) == "SchedulerRunningException"
    glue.stop_crawler_schedule(CrawlerName="scheduled")
    assert glue.get_crawler(Name="scheduled")["Crawler"]["Schedule"]["State"] == "NOT_SCHEDULED"
    with pytest.raises(ClientError) as error:
        glue.stop_crawler_schedule(CrawlerName="scheduled")
    assert code_of(error) == "SchedulerNotRunningException"
    with pytest.raises(ClientError) as error:
        glue.update_crawler(Name="scheduled", Schedule="every day")
    assert code_of(error) == "InvalidInputException"
