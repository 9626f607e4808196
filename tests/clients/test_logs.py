"""CloudWatch Logs through boto3. The fixture `endpoint` is the address of a running server."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def logs(endpoint: str) -> Any:
    return boto3.client("logs", endpoint_url=endpoint, region_name="eu-west-1", config=Config(retries={"max_attempts": 1}))


@pytest.fixture
def group(logs: Any) -> Iterator[str]:
    name = f"/test/{uuid.uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and message of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def put(logs: Any, group: str, stream: str, messages: list[str], start: int) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    events = [{"timestamp": start + number, "message": message} for number, message in enumerate(messages)]
    answer = logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    assert "rejectedLogEventsInfo" not in answer


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_groups(logs: Any, group: str) -> None:
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    assert found["arn"] == f"arn:aws:logs:eu-west-1:000000000000:log-group:{group}:*"
    assert "retentionInDays" not in found
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    assert logs.describe_log_groups(logGroupNamePattern=group[6:])["logGroups"][0]["retentionInDays"] == 7
    logs.delete_retention_policy(logGroupName=group)
    assert refusal(logs.put_retention_policy, logGroupName=group, retentionInDays=2)[0] == "InvalidParameterException"
    assert refusal(logs.create_log_group, logGroupName=group)[0] == "ResourceAlreadyExistsException"
    assert refusal(logs.delete_log_group, logGroupName="/no/such") == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


def test_tags_and_keys_of_groups(logs: Any) -> None:
    name = f"/test/{uuid.uuid4().hex[:12]}"
    key = "arn:aws:kms:eu-west-1:000000000000:key/8b2f1f5e-5f3b-4c1e-9d43-0a4a6c7d8e9f"
    logs.create_log_group(logGroupName=name, kmsKeyId=key, tags={"team": "data"})
    found = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    assert found["kmsKeyId"] == key
    arn = found["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"cost": "1", "team": "claims"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"cost": "1", "team": "claims"}
    logs.untag_resource(resourceArn=arn, tagKeys=["cost", "no such"])
    logs.tag_log_group(logGroupName=name, tags={"stage": "test"})
    assert logs.list_tags_log_group(logGroupName=name)["tags"] == {"team": "claims", "stage": "test"}
    logs.untag_log_group(logGroupName=name, tags=["stage"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "claims"}
    assert refusal(logs.tag_resource, resourceArn=arn, tags={f"k{n}": "v" for n in range(50)})[0] == "TooManyTagsException"
    logs.disassociate_kms_key(logGroupName=name)
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    logs.delete_log_group(logGroupName=name)
    assert refusal(logs.list_tags_for_resource, resourceArn=arn)[0] == "ResourceNotFoundException"


def test_reading_forwards_and_backwards(logs: Any, group: str) -> None:
    now = int(time.time() * 1000)
    put(logs, group, "s", [f"m{number}" for number in range(5)], now)
    where = {"logGroupName": group, "logStreamName": "s"}

    page = logs.get_log_events(**where, startFromHead=True, limit=2)
    assert messages(page) == ["m0", "m1"]
    page = logs.get_log_events(**where, nextToken=page["nextForwardToken"], limit=2)
    assert messages(page) == ["m2", "m3"]
    back = logs.get_log_events(**where, nextToken=page["nextBackwardToken"], limit=9)
    assert messages(back) == ["m0", "m1"]
    page = logs.get_log_events(**where, nextToken=page["nextForwardToken"])
    assert messages(page) == ["m4"]
    end = logs.get_log_events(**where, nextToken=page["nextForwardToken"])
    assert messages(end) == []
    assert end["nextForwardToken"] == page["nextForwardToken"]  # the same token: nothing more
    logs.put_log_events(**where, logEvents=[{"timestamp": now + 10, "message": "late"}])
    assert messages(logs.get_log_events(**where, nextToken=end["nextForwardToken"])) == ["late"]

    assert messages(logs.get_log_events(**where, limit=2)) == ["m4", "late"]  # the newest without startFromHead
    assert messages(logs.get_log_events(**where, startTime=now + 1, endTime=now + 3, startFromHead=True)) == ["m1", "m2"]
    assert refusal(logs.get_log_events, logGroupName=group, logStreamName="none") == (
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )
    assert refusal(logs.get_log_events, **where, nextToken="mine")[0] == "InvalidParameterException"


def test_an_empty_stream_can_be_followed(logs: Any, group: str) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    where = {"logGroupName": group, "logStreamName": "s"}
    page = logs.get_log_events(**where)
    assert messages(page) == []
    logs.put_log_events(**where, logEvents=[{"timestamp": int(time.time() * 1000), "message": "first"}])
    assert messages(logs.get_log_events(**where, nextToken=page["nextForwardToken"])) == ["first"]


def test_filtering_over_streams(logs: Any, group: str) -> None:
    now = int(time.time() * 1000)
    put(logs, group, "a", ["a ERROR one", "a fine"], now)
    put(logs, group, "b", ["b fine", "b ERROR two"], now + 1)
    found = logs.filter_log_events(logGroupName=group, filterPattern="ERROR")
    assert messages(found) == ["a ERROR one", "b ERROR two"]
    assert found["events"][0]["logStreamName"] == "a"
    assert messages(logs.filter_log_events(logGroupName=group, filterPattern='"b ERROR"')) == ["b ERROR two"]
    assert messages(logs.filter_log_events(logGroupName=group, filterPattern="fine -b")) == ["a fine"]
    assert messages(logs.filter_log_events(logGroupName=group, logStreamNames=["b"], endTime=now + 1)) == ["b fine"]
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 1})
    assert [message for page in pages for message in messages(page)] == ["a ERROR one", "a fine", "b fine", "b ERROR two"]
    code, message = refusal(logs.filter_log_events, logGroupName=group, filterPattern="{ $.a = }")
    assert code == "InvalidParameterException" and "value is missing" in message


def test_streams(logs: Any, group: str) -> None:
    now = int(time.time() * 1000)
    put(logs, group, "z-first", ["x"], now)
    put(logs, group, "a-last", ["x"], now + 5)
    logs.create_log_stream(logGroupName=group, logStreamName="m-empty")
    by_name = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert [stream["logStreamName"] for stream in by_name] == ["a-last", "m-empty", "z-first"]
    assert by_name[0]["lastEventTimestamp"] == now + 5
    assert "lastEventTimestamp" not in by_name[1]
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, orderBy="LastEventTime", descending=True, PaginationConfig={"PageSize": 1}
    )
    named = [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
    assert named == ["a-last", "z-first", "m-empty"]
    prefixed = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="z")["logStreams"]
    assert [stream["logStreamName"] for stream in prefixed] == ["z-first"]
    logs.delete_log_stream(logGroupName=group, logStreamName="z-first")
    assert len(logs.describe_log_streams(logGroupName=group)["logStreams"]) == 2


def test_batches(logs: Any, group: str) -> None:
    now = int(time.time() * 1000)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    where = {"logGroupName": group, "logStreamName": "s"}
    backwards = [{"timestamp": now, "message": "x"}, {"timestamp": now - 1, "message": "y"}]
    code, message = refusal(logs.put_log_events, **where, logEvents=backwards)
    assert code == "InvalidParameterException" and "chronological" in message
    day = 24 * 60 * 60 * 1000
    wide = [{"timestamp": now - day - 1, "message": "x"}, {"timestamp": now, "message": "y"}]
    assert "24 hours" in refusal(logs.put_log_events, **where, logEvents=wide)[1]
    old = logs.put_log_events(**where, logEvents=[{"timestamp": now - 15 * day, "message": "old"}])
    assert old["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    assert messages(logs.get_log_events(**where)) == []
    logs.put_log_events(**where, logEvents=[{"timestamp": now, "message": "second"}])
    logs.put_log_events(**where, logEvents=[{"timestamp": now - 1000, "message": "first"}])
    assert messages(logs.get_log_events(**where)) == ["first", "second"]  # by time, whatever came when
