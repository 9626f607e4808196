"""CloudWatch metrics as boto3, the AWS CLI, and clients of its other two protocols speak to them."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import botocore.config
import botocore.session
import pytest
from botocore.exceptions import ClientError

UTC = datetime.UTC


@pytest.fixture(scope="module")
def cloudwatch(endpoint: str) -> Any:
    return boto3.client("cloudwatch", endpoint_url=endpoint)


def minutes_ago(minutes: int) -> datetime.datetime:
    return datetime.datetime.now(UTC).replace(second=0, microsecond=0) - datetime.timedelta(minutes=minutes)


def put(client: Any, namespace: str, name: str, minutes: int, **datum: Any) -> None:
    client.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": name, "Timestamp": minutes_ago(minutes), **datum}])


def statistics(client: Any, namespace: str, name: str, **more: Any) -> list[dict[str, Any]]:
    request: dict[str, Any] = {
        "Namespace": namespace,
        "MetricName": name,
        "StartTime": minutes_ago(60),
        "EndTime": minutes_ago(-1),
    }
    request |= {"Period": 3600, "Statistics": ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]} | more
    found: list[dict[str, Any]] = client.get_metric_statistics(**request)["Datapoints"]
    return found


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_statistics_are_exact_whatever_way_values_came(cloudwatch: Any) -> None:
    put(cloudwatch, "Exact", "m", 5, Value=1.5, Unit="Seconds")
    put(cloudwatch, "Exact", "m", 4, Values=[2.0, 10.0], Counts=[3.0, 1.0], Unit="Seconds")
    sets = {"SampleCount": 2.0, "Sum": 3.0, "Minimum": 0.5, "Maximum": 2.5}
    put(cloudwatch, "Exact", "m", 3, StatisticValues=sets, Unit="Seconds")
    (point,) = statistics(cloudwatch, "Exact", "m")
    assert (point["SampleCount"], point["Sum"], point["Minimum"], point["Maximum"]) == (7, 20.5, 0.5, 10)
    assert point["Average"] == pytest.approx(20.5 / 7)
    assert point["Unit"] == "Seconds"
    by_minute = statistics(cloudwatch, "Exact", "m", Period=60)
    assert [p["Sum"] for p in by_minute] == [1.5, 16, 3]
    assert [p["Timestamp"] for p in by_minute] == [minutes_ago(5), minutes_ago(4), minutes_ago(3)] or len(by_minute) == 3


def test_percentiles(cloudwatch: Any) -> None:
    put(cloudwatch, "Percentiles", "m", 2, Values=[float(v) for v in range(1, 101)])
    (point,) = statistics(
        cloudwatch, "Percentiles", "m", Statistics=["Average"], ExtendedStatistics=["p50", "p99", "tm(10%:90%)"]
    )
    assert point["ExtendedStatistics"] == {"p50": 50, "p99": 99, "tm(10%:90%)": pytest.approx(50.5)}
    assert point["Average"] == 50.5


def test_units_stay_apart(cloudwatch: Any) -> None:
    put(cloudwatch, "Units", "m", 2, Value=1, Unit="Bytes")
    put(cloudwatch, "Units", "m", 2, Value=5, Unit="Count")
    assert {(p["Unit"], p["Sum"]) for p in statistics(cloudwatch, "Units", "m")} == {("Bytes", 1), ("Count", 5)}
    assert [p["Sum"] for p in statistics(cloudwatch, "Units", "m", Unit="Count")] == [5]


def test_dimensions_name_a_metric_in_any_order(cloudwatch: Any) -> None:
    one, two = {"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}
    put(cloudwatch, "Dimensions", "m", 1, Value=1, Dimensions=[one, two])
    assert len(statistics(cloudwatch, "Dimensions", "m", Dimensions=[two, one])) == 1
    assert statistics(cloudwatch, "Dimensions", "m", Dimensions=[one]) == []


def test_list_metrics_pages_and_filters(cloudwatch: Any) -> None:
    data = [{"MetricName": "many", "Value": 1, "Dimensions": [{"Name": "N", "Value": str(n)}]} for n in range(600)]
    cloudwatch.put_metric_data(Namespace="Listed", MetricData=data)
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace="Listed"))
    assert [len(page["Metrics"]) for page in pages] == [500, 100]
    one = cloudwatch.list_metrics(Namespace="Listed", Dimensions=[{"Name": "N", "Value": "17"}])["Metrics"]
    assert one == [{"Namespace": "Listed", "MetricName": "many", "Dimensions": [{"Name": "N", "Value": "17"}]}]
    put(cloudwatch, "Listed", "old", 60 * 5, Value=1)
    assert cloudwatch.list_metrics(Namespace="Listed", MetricName="old", RecentlyActive="PT3H")["Metrics"] == []
    assert len(cloudwatch.list_metrics(Namespace="Listed", MetricName="old")["Metrics"]) == 1


def query(identifier: str, name: str, stat: str = "Sum", period: int = 60) -> dict[str, Any]:
    return {
        "Id": identifier,
        "MetricStat": {"Metric": {"Namespace": "Math", "MetricName": name}, "Period": period, "Stat": stat},
    }


def test_metric_data_and_math(cloudwatch: Any) -> None:
    for minute, value in ((5, 10), (4, 20), (2, 40)):
        put(cloudwatch, "Math", "a", minute, Value=value)
        put(cloudwatch, "Math", "b", minute, Value=2)
    answer = cloudwatch.get_metric_data(
        StartTime=minutes_ago(6),
        EndTime=minutes_ago(0),
        ScanBy="TimestampAscending",
        MetricDataQueries=[
            query("a", "a"),
            query("b", "b") | {"ReturnData": False},
            {"Id": "ratio", "Expression": "a / b", "Label": "Ratio"},
            {"Id": "filled", "Expression": "FILL(ratio, 0)"},
            {"Id": "both", "Expression": "SUM(METRICS())"},
        ],
    )
    results = {r["Id"]: r for r in answer["MetricDataResults"]}
    assert set(results) == {"a", "ratio", "filled", "both"}
    assert results["a"]["Values"] == [10, 20, 40]
    assert results["ratio"]["Values"] == [5, 10, 20]
    assert results["ratio"]["Label"] == "Ratio"
    assert results["filled"]["Values"] == [0, 5, 10, 0, 20, 0]
    assert results["both"]["Values"] == [12, 22, 42]
    assert results["a"]["StatusCode"] == "Complete"
    paginator = cloudwatch.get_paginator("get_metric_data")
    pages = list(
        paginator.paginate(
            StartTime=minutes_ago(6), EndTime=minutes_ago(0), MetricDataQueries=[query("a", "a")], MaxDatapoints=2
        )
    )
    assert [v for page in pages for r in page["MetricDataResults"] for v in r["Values"]] == [40, 20, 10]


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("SEARCH('x', 'Sum', 60)", "SEARCH"),
        ("SELECT AVG(x) FROM y", "Insights"),
        ("a +", "early"),
        ("zz", "zz"),
        ("5", "single value"),
    ],
)
def test_math_that_is_not_there_is_refused_by_name(cloudwatch: Any, expression: str, word: str) -> None:
    with pytest.raises(ClientError) as error:
        cloudwatch.get_metric_data(
            StartTime=minutes_ago(6),
            EndTime=minutes_ago(0),
            MetricDataQueries=[query("a", "a"), {"Id": "e", "Expression": expression}],
        )
    assert code_of(error) == "ValidationError"
    assert word in error.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("datum", "code"),
    [
        ({"Value": 1.0, "Values": [1.0]}, "InvalidParameterCombination"),
        ({}, "MissingParameter"),
        ({"Value": float("nan")}, "InvalidParameterValue"),
        ({"Value": 1.0, "Timestamp": datetime.datetime(2001, 1, 1)}, "InvalidParameterValue"),
        ({"Value": 1.0, "StorageResolution": 7}, "InvalidParameterValue"),
        ({"Value": 1.0, "Dimensions": [{"Name": "a", "Value": "1"}, {"Name": "a", "Value": "2"}]}, "InvalidParameterValue"),
        ({"Value": 1.0, "Unit": "Furlongs"}, "ValidationError"),
    ],
)
def test_what_is_wrong_with_a_datum_is_said(cloudwatch: Any, datum: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        cloudwatch.put_metric_data(Namespace="Wrong", MetricData=[{"MetricName": "m", **datum}])
    assert code_of(error) == code


def test_wrong_questions(cloudwatch: Any) -> None:
    with pytest.raises(ClientError) as error:
        statistics(cloudwatch, "Exact", "m", Period=61)
    assert code_of(error) == "InvalidParameterValue"
    with pytest.raises(ClientError) as error:
        statistics(cloudwatch, "Exact", "m", Period=60, StartTime=minutes_ago(60 * 48))
    assert code_of(error) == "InvalidParameterCombination"
    with pytest.raises(ClientError) as error:
        cloudwatch.describe_anomaly_detectors()
    assert "DescribeAnomalyDetectors" in error.value.response["Error"]["Message"]


def test_a_gzipped_request(cloudwatch: Any, endpoint: str) -> None:
    config = botocore.config.Config(request_min_compression_size_bytes=1)
    packing = boto3.client("cloudwatch", endpoint_url=endpoint, config=config)
    sent: list[Any] = []
    packing.meta.events.register(
        "before-send.cloudwatch.*", lambda request, **_: sent.append(request.headers.get("Content-Encoding"))
    )
    put(packing, "Packed", "m", 1, Value=3)
    assert sent in ([b"gzip"], ["gzip"])
    assert [p["Sum"] for p in statistics(cloudwatch, "Packed", "m")] == [3]


@pytest.mark.parametrize("protocol", ["smithy-rpc-v2-cbor", "query", "json"])
def test_every_protocol_of_the_model(endpoint: str, protocol: str) -> None:
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    model = loader.load_service_model("cloudwatch", "service-2")
    before = dict(model["metadata"])
    model["metadata"] |= {"protocol": protocol, "protocols": [protocol]}
    try:
        client = session.create_client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1")
        assert client.meta.service_model.resolved_protocol == protocol
        namespace = f"Protocol/{protocol}"
        put(client, namespace, "m", 1, Value=2.25, Unit="Count", Dimensions=[{"Name": "Größe", "Value": "a&b"}])
        metrics = client.list_metrics(Namespace=namespace)["Metrics"]
        assert metrics == [{"Namespace": namespace, "MetricName": "m", "Dimensions": [{"Name": "Größe", "Value": "a&b"}]}]
        (point,) = statistics(client, namespace, "m", Dimensions=metrics[0]["Dimensions"], ExtendedStatistics=["p90"])
        assert point["Sum"] == 2.25
        assert point["ExtendedStatistics"] == {"p90": 2.25}
        assert point["Timestamp"].tzinfo is not None
        with pytest.raises(ClientError) as error:
            put(client, namespace, "m", 60 * 24 * 30, Value=1)
        assert code_of(error) == "InvalidParameterValue"
        with pytest.raises(ClientError) as error:
            client.describe_alarm_history()
        assert "DescribeAlarmHistory" in error.value.response["Error"]["Message"]
    finally:
        model["metadata"].clear()
        model["metadata"].update(before)


def test_a_form_without_a_signature(endpoint: str) -> None:
    form = {"Action": "ListMetrics", "Version": "2010-08-01", "Namespace": "Listed"}
    request = urllib.request.Request(endpoint, urllib.parse.urlencode(form).encode(), {"Content-Encoding": "gzip"})
    request.data = gzip.compress(request.data or b"")  # type: ignore[arg-type]
    with urllib.request.urlopen(request) as response:
        assert b"<ListMetricsResult>" in response.read()


def test_the_command_line(endpoint: str) -> None:
    def aws(*arguments: str) -> Any:
        command = [
            str(Path(sys.executable).parent / "aws"),
            "--endpoint-url",
            endpoint,
            "--output",
            "json",
            "cloudwatch",
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
        return json.loads(done.stdout) if done.stdout.strip() else None

    aws("put-metric-data", "--namespace", "Line", "--metric-name", "m", "--value", "7", "--dimensions", "Job=x")
    listed = aws("list-metrics", "--namespace", "Line")
    assert listed["Metrics"][0]["Dimensions"] == [{"Name": "Job", "Value": "x"}]
    begin, end = minutes_ago(10).isoformat(), minutes_ago(-2).isoformat()
    shape = [
        "--start-time",
        begin,
        "--end-time",
        end,
        "--period",
        "3600",
        "--statistics",
        "Sum",
        "--dimensions",
        "Name=Job,Value=x",
    ]
    answer = aws("get-metric-statistics", "--namespace", "Line", "--metric-name", "m", *shape)
    assert [p["Sum"] for p in answer["Datapoints"]] == [7]


def test_alarms(cloudwatch: Any) -> None:
    alarm = {
        "AlarmName": "slow",
        "Namespace": "Alarmed",
        "MetricName": "m",
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:page"],
    }
    cloudwatch.put_metric_alarm(**alarm)
    (found,) = cloudwatch.describe_alarms(AlarmNamePrefix="slo")["MetricAlarms"]
    assert found["StateValue"] == "INSUFFICIENT_DATA"
    assert found["AlarmArn"] == "arn:aws:cloudwatch:us-east-1:000000000000:alarm:slow"
    assert {key: found[key] for key in alarm} == alarm
    cloudwatch.set_alarm_state(AlarmName="slow", StateValue="ALARM", StateReason="by hand")
    (found,) = cloudwatch.describe_alarms(StateValue="ALARM", AlarmNames=["slow"])["MetricAlarms"]
    assert found["StateReason"] == "by hand"
    of_metric = cloudwatch.describe_alarms_for_metric(Namespace="Alarmed", MetricName="m")["MetricAlarms"]
    assert [a["AlarmName"] for a in of_metric] == ["slow"]
    cloudwatch.disable_alarm_actions(AlarmNames=["slow"])
    assert cloudwatch.describe_alarms(AlarmNames=["slow"])["MetricAlarms"][0]["ActionsEnabled"] is False
    with pytest.raises(ClientError) as error:
        cloudwatch.delete_alarms(AlarmNames=["slow", "missing"])
    assert code_of(error) == "ResourceNotFound"
    cloudwatch.delete_alarms(AlarmNames=["slow"])
    assert cloudwatch.describe_alarms(AlarmNames=["slow"])["MetricAlarms"] == []
    with pytest.raises(ClientError) as error:
        cloudwatch.put_metric_alarm(**{k: v for k, v in alarm.items() if k != "Statistic"} | {"Metrics": [query("a", "a")]})
    assert "Metrics" in error.value.response["Error"]["Message"]
