"""New objects in S3 become EventBridge events, and those start workflows."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError
from test_orchestration import client, make_job, wait_for


@pytest.fixture
def names() -> dict[str, str]:
    unique = uuid.uuid4().hex[:8]
    return {kind: f"events-{kind}-{unique}" for kind in ("bucket", "job", "workflow", "trigger", "rule", "group")}


def test_objects_start_a_workflow_in_batches(endpoint: str, names: dict[str, str]) -> None:
    glue, s3, events, logs = (client(endpoint, service) for service in ("glue", "s3", "events", "logs"))
    workflow, rule, bucket = names["workflow"], names["rule"], names["bucket"]
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)
    make_job(endpoint, names["job"], "print('an event came')\n")
    glue.create_workflow(Name=workflow)
    glue.create_trigger(
        Name=names["trigger"],
        Type="EVENT",
        WorkflowName=workflow,
        Actions=[{"JobName": names["job"]}],
        EventBatchingCondition={"BatchSize": 2, "BatchWindow": 900},
    )
    detail = {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "new/"}]}}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    arn = events.put_rule(Name=rule, EventPattern=json.dumps(pattern), Tags=[{"Key": "a", "Value": "b"}])["RuleArn"]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    targets = [
        {
            "Id": "workflow",
            "Arn": f"arn:aws:glue:us-east-1:000000000000:workflow/{workflow}",
            "RoleArn": "arn:aws:iam::0:role/r",
        },
        {"Id": "log", "Arn": f"arn:aws:logs:us-east-1:000000000000:log-group:{names['group']}"},
        {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:000000000000:queue"},
    ]
    answer = events.put_targets(Rule=rule, Targets=targets)
    assert [each["TargetId"] for each in answer["FailedEntries"]] == ["queue"]
    assert [each["Id"] for each in events.list_targets_by_rule(Rule=rule)["Targets"]] == ["log", "workflow"]
    assert events.list_rule_names_by_target(TargetArn=targets[0]["Arn"])["RuleNames"] == [rule]

    s3.put_object(Bucket=bucket, Key="new/1", Body=b"1")
    s3.put_object(Bucket=bucket, Key="old/1", Body=b"1")
    assert glue.get_workflow_runs(Name=workflow)["Runs"] == []
    s3.copy_object(Bucket=bucket, Key="new/2", CopySource={"Bucket": bucket, "Key": "old/1"})
    run = wait_for(lambda: next(iter(glue.get_workflow_runs(Name=workflow)["Runs"]), None))
    assert run["StartingEventBatchCondition"] == {"BatchSize": 2, "BatchWindow": 900}
    ids = run["WorkflowRunProperties"]["aws:eventIds"][1:-1].split(",")
    assert len(ids) == 2
    told = [json.loads(each["message"]) for each in logs.filter_log_events(logGroupName=names["group"])["events"]]
    assert {each["id"] for each in told} == set(ids)
    assert {(each["detail"]["object"]["key"], each["detail"]["reason"]) for each in told} == {
        ("new/1", "PutObject"),
        ("new/2", "CopyObject"),
    }
    ended = wait_for(lambda: finished(glue, workflow, run["WorkflowRunId"]))
    assert ended["Status"] == "COMPLETED" and ended["Statistics"]["SucceededActions"] == 1

    with pytest.raises(ClientError, match="has targets"):
        events.delete_rule(Name=rule)
    events.remove_targets(Rule=rule, Ids=["workflow", "log"])
    events.delete_rule(Name=rule)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        events.describe_rule(Name=rule)


def finished(glue: Any, workflow: str, run: str) -> Any:
    found = glue.get_workflow_run(Name=workflow, RunId=run, IncludeGraph=True)["Run"]
    return found if "CompletedOn" in found else None


def test_events_of_ones_own(endpoint: str, names: dict[str, str]) -> None:
    events, logs = client(endpoint, "events"), client(endpoint, "logs")
    events.put_rule(
        Name=names["rule"], EventPattern=json.dumps({"source": ["shop"], "detail": {"sum": [{"numeric": [">", 10]}]}})
    )
    target = {"Id": "log", "Arn": f"arn:aws:logs:us-east-1:000000000000:log-group:{names['group']}"}
    events.put_targets(Rule=names["rule"], Targets=[target])
    entries = [{"Source": "shop", "DetailType": "sale", "Detail": json.dumps({"sum": number})} for number in (5, 50)]
    answer = events.put_events(Entries=[*entries, {"Source": "shop", "DetailType": "sale", "Detail": "nonsense"}])
    assert answer["FailedEntryCount"] == 1 and answer["Entries"][2]["ErrorCode"] == "MalformedDetail"
    told = logs.filter_log_events(logGroupName=names["group"])["events"]
    assert [json.loads(each["message"])["id"] for each in told] == [answer["Entries"][1]["EventId"]]
    events.disable_rule(Name=names["rule"])
    events.put_events(Entries=[entries[1]])
    assert len(logs.filter_log_events(logGroupName=names["group"])["events"]) == 1


def test_an_action_that_cannot_start_says_why(endpoint: str, names: dict[str, str]) -> None:
    glue = client(endpoint, "glue")
    make_job(endpoint, names["job"], "print(1)\n")
    glue.create_workflow(Name=names["workflow"])
    action = {"JobName": names["job"], "Arguments": {"--extra-jars": "s3://b/x.jar"}}
    glue.create_trigger(Name=names["trigger"], Type="ON_DEMAND", WorkflowName=names["workflow"], Actions=[action])
    run = glue.start_workflow_run(Name=names["workflow"])["RunId"]
    ended = wait_for(lambda: finished(glue, names["workflow"], run))
    assert ended["Status"] == "ERROR" and "--extra-jars" in ended["ErrorMessage"]
    (node,) = [each for each in ended["Graph"]["Nodes"] if each["Type"] == "JOB"]
    (refused,) = node["JobDetails"]["JobRuns"]
    assert refused["JobRunState"] == "ERROR" and "--extra-jars" in refused["ErrorMessage"]
    logs = client(endpoint, "logs")
    lines = logs.filter_log_events(logGroupName="/aws-glue/triggers", logStreamNames=[names["trigger"]])["events"]
    assert "--extra-jars" in lines[0]["message"]
