"""What can be seen of a running server: log filters, metric filters, run metrics, plans, Prometheus, health, events."""

from __future__ import annotations

import datetime
import json
import time
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

UTC = datetime.timezone.utc


@pytest.fixture(scope="module")
def logs(endpoint: str) -> Any:
    return boto3.client("logs", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def cloudwatch(endpoint: str) -> Any:
    return boto3.client("cloudwatch", endpoint_url=endpoint)


def put_lines(logs: Any, group: str, lines: list[str]) -> None:
    try:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
    except logs.exceptions.ResourceAlreadyExistsException:
        pass
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now, "message": line} for line in lines])


def found(logs: Any, group: str, pattern: str) -> list[str]:
    return [e["message"] for e in logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]]


def test_filter_patterns(logs: Any) -> None:
    json_line = '{"level":"ERROR","ms":250,"user":{"id":7}}'
    access = '127.0.0.1 - frank [10/Oct/2000:13:25:15] "GET /a.gif HTTP/1.0" 404 1534'
    put_lines(logs, "patterns", [json_line, access, "plain ERROR text", "WARN nothing"])
    assert found(logs, "patterns", '{ $.level = "ERR*" && $.ms > 200 }') == [json_line]
    assert found(logs, "patterns", "{ $.user.id = 8 || $.user.name NOT EXISTS }") == [json_line]
    assert found(logs, "patterns", "[ip, id, user, time, request = *.gif*, status = 4*, size > 1000]") == [access]
    assert found(logs, "patterns", "?WARN ?plain") == ["plain ERROR text", "WARN nothing"]
    assert found(logs, "patterns", "ERROR -plain") == [json_line]
    assert found(logs, "patterns", "%^WARN [a-z]+$%") == ["WARN nothing"]
    with pytest.raises(ClientError) as error:
        found(logs, "patterns", "{ $.a = }")
    assert error.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_metric_filter_is_tried_out(logs: Any) -> None:
    matches = logs.test_metric_filter(
        filterPattern="[ip, user, ..., code=404, size]", logEventMessages=["1.1.1.1 u x 200 3", "2.2.2.2 v x y 404 17"]
    )["matches"]
    assert matches == [
        {
            "eventNumber": 2,
            "eventMessage": "2.2.2.2 v x y 404 17",
            "extractedValues": {"$ip": "2.2.2.2", "$user": "v", "$code": "404", "$size": "17"},
        }
    ]


def test_metric_filters_feed_metrics(logs: Any, cloudwatch: Any) -> None:
    put_lines(logs, "measured", ["before"])
    transformation = {"metricName": "Latency", "metricNamespace": "App", "metricValue": "$.ms", "unit": "Milliseconds"}
    logs.put_metric_filter(
        logGroupName="measured",
        filterName="latency",
        filterPattern="{ $.ms > 0 }",
        metricTransformations=[transformation | {"dimensions": {"Path": "$.path"}}],
    )
    count = {"metricName": "Errors", "metricNamespace": "App", "metricValue": "1", "defaultValue": 0.0}
    logs.put_metric_filter(logGroupName="measured", filterName="errors", filterPattern="ERROR", metricTransformations=[count])
    described = logs.describe_metric_filters(logGroupName="measured")["metricFilters"]
    assert [f["filterName"] for f in described] == ["errors", "latency"]
    group = logs.describe_log_groups(logGroupNamePrefix="measured")["logGroups"][0]
    assert group["metricFilterCount"] == 2

    put_lines(logs, "measured", ['{"ms": 10, "path": "/a"}', '{"ms": 30, "path": "/a"}', '{"ms": 5, "path": "/b"}', "ERROR", "x"])
    now = datetime.datetime.now(UTC)
    window = {"StartTime": now - datetime.timedelta(minutes=5), "EndTime": now + datetime.timedelta(minutes=2), "Period": 3600}
    (point,) = cloudwatch.get_metric_statistics(
        Namespace="App",
        MetricName="Latency",
        Dimensions=[{"Name": "Path", "Value": "/a"}],
        Statistics=["Sum", "Maximum"],
        ExtendedStatistics=["p50"],
        **window,
    )["Datapoints"]
    assert (point["Sum"], point["Maximum"], point["Unit"]) == (40, 30, "Milliseconds")
    assert point["ExtendedStatistics"]["p50"] == 10
    (errors,) = cloudwatch.get_metric_statistics(Namespace="App", MetricName="Errors", Statistics=["Sum"], **window)["Datapoints"]
    assert errors["Sum"] == 1
    logs.delete_metric_filter(logGroupName="measured", filterName="errors")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_metric_filter(logGroupName="measured", filterName="errors")
    with pytest.raises(ClientError) as error:
        wrong = transformation | {"metricValue": "many"}
        logs.put_metric_filter(logGroupName="measured", filterName="w", filterPattern="", metricTransformations=[wrong])
    assert "many" in error.value.response["Error"]["Message"]
    with pytest.raises(ClientError) as error:
        logs.start_query(logGroupName="measured", startTime=0, endTime=1, queryString="fields @message")
    assert "StartQuery" in error.value.response["Error"]["Message"]
