"""What can be seen of a running server: log filters, metric filters, run metrics, plans, Prometheus, health, events."""

from __future__ import annotations

import datetime
import json
import time
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

UTC = datetime.UTC


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
    logs.put_log_events(
        logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now, "message": line} for line in lines]
    )


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

    put_lines(
        logs, "measured", ['{"ms": 10, "path": "/a"}', '{"ms": 30, "path": "/a"}', '{"ms": 5, "path": "/b"}', "ERROR", "x"]
    )
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
    (errors,) = cloudwatch.get_metric_statistics(Namespace="App", MetricName="Errors", Statistics=["Sum"], **window)[
        "Datapoints"
    ]
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


def get(endpoint: str, path: str) -> Any:
    with urllib.request.urlopen(endpoint + path, timeout=20) as response:
        return json.loads(response.read())


SCRIPT = """
import sys
from awsglue.context import GlueContext
from pyspark.context import SparkContext
from pyspark.sql import functions as F

spark = GlueContext(SparkContext.getOrCreate()).spark_session
numbers = spark.range(200000).withColumn("k", F.col("id") % 7)
numbers.write.mode("overwrite").parquet("s3://{bucket}/numbers/")
read = spark.read.parquet("s3://{bucket}/numbers/")
sums = read.filter("id > 10").groupBy("k").agg(F.sum("id").alias("s")).orderBy("k")
other = spark.createDataFrame([(n, str(n)) for n in range(7)], ["k", "name"])
print(sums.join(other, "k").collect())
"""


@pytest.fixture(scope="module")
def run(endpoint: str) -> dict[str, str]:
    """A job run with metrics, to its end."""
    s3 = boto3.client("s3", endpoint_url=endpoint)
    glue = boto3.client("glue", endpoint_url=endpoint)
    s3.create_bucket(Bucket="monitored")
    s3.put_object(Bucket="monitored", Key="script.py", Body=SCRIPT.format(bucket="monitored").encode())
    command = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://monitored/script.py"}
    arguments = {"--enable-metrics": "true"}
    glue.create_job(Name="watched", Role="role", Command=command, GlueVersion="5.0", DefaultArguments=arguments)
    identifier = glue.start_job_run(JobName="watched")["JobRunId"]
    for _ in range(1200):
        found = glue.get_job_run(JobName="watched", RunId=identifier)["JobRun"]
        if found["JobRunState"] in ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"):
            break
        time.sleep(0.05)
    assert found["JobRunState"] == "SUCCEEDED", found
    return {"job": "watched", "run": identifier}


def operators(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(each for inner in plan["inputs"] for each in operators(inner))]


def test_what_a_run_took(endpoint: str, run: dict[str, str]) -> None:
    page = f"/_mastic/runs/{run['job']}/{run['run']}"
    summary = get(endpoint, page)
    assert summary["state"] == "SUCCEEDED"
    assert summary["cpu_seconds"] > 0
    assert summary["peak_memory_bytes"] > 50_000_000
    totals = summary["totals"]
    assert totals["queries"] >= 2
    assert totals["rows_in"] >= 200_000
    assert totals["rows_out"] >= 200_000
    assert totals["bytes_written"] > 500_000
    assert totals["bytes_read"] > 500_000
    assert "HashAggregate" in totals["by_operator"]
    samples = get(endpoint, page + "/usage")["samples"]
    assert samples and all(s["engine_memory_bytes"] >= 0 for s in samples)
    assert [s["milliseconds"] for s in samples] == sorted(s["milliseconds"] for s in samples)


def test_plans_of_a_run(endpoint: str, run: dict[str, str]) -> None:
    page = f"/_mastic/runs/{run['job']}/{run['run']}/queries"
    queries = get(endpoint, page)["queries"]
    assert [q["query"] for q in queries] == list(range(1, len(queries) + 1))
    plans = [get(endpoint, f"{page}/{q['query']}") for q in queries]
    flat = [operators(p["plan"]) for p in plans]
    joined = next(p for p in flat if any("Join" in o["operator"] for o in p))
    names = {o["operator"] for o in joined}
    assert {"HashAggregate", "Scan parquet"} <= names
    scan = next(o for o in joined if o["operator"] == "Scan parquet")
    assert scan["rows"] == 199_989
    assert all(o["seconds"] >= 0 for o in joined)
    with pytest.raises(urllib.error.HTTPError) as error:
        get(endpoint, page + "/999")
    assert error.value.code == 404


def test_glue_metrics(endpoint: str, cloudwatch: Any, run: dict[str, str]) -> None:
    listed = cloudwatch.list_metrics(Namespace="Glue", Dimensions=[{"Name": "JobRunId", "Value": run["run"]}])["Metrics"]
    names = {m["MetricName"] for m in listed}
    assert {"glue.driver.aggregate.bytesRead", "glue.driver.jvm.heap.usage", "glue.driver.system.cpuSystemLoad"} <= names
    now = datetime.datetime.now(UTC)
    for identifier in (run["run"], "ALL"):
        dimensions = [("JobName", run["job"]), ("JobRunId", identifier), ("Type", "count")]
        (point,) = cloudwatch.get_metric_statistics(
            Namespace="Glue",
            MetricName="glue.driver.aggregate.recordsRead",
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions],
            StartTime=now - datetime.timedelta(minutes=10),
            EndTime=now + datetime.timedelta(minutes=2),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        assert point["Sum"] >= 200_000


def test_prometheus(endpoint: str, run: dict[str, str]) -> None:
    with urllib.request.urlopen(endpoint + "/_mastic/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = response.read().decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert int(lines['mastic_requests_total{service="glue",operation="StartJobRun",status="200"}']) >= 1
    bucket = 'mastic_request_duration_seconds_bucket{service="glue",operation="GetJobRun",le="+Inf"}'
    assert int(lines[bucket]) == int(lines['mastic_request_duration_seconds_count{service="glue",operation="GetJobRun"}'])
    assert int(lines['mastic_runs{state="SUCCEEDED"}']) >= 1
    assert int(lines["process_resident_memory_bytes"]) > 1_000_000
    assert int(lines['mastic_store_bytes{store="glue"}']) > 0
    for name in {line.split("{")[0].split(" ")[0] for line in lines}:
        family = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
        assert f"# TYPE {family} " in text


def test_health_and_readiness(endpoint: str) -> None:
    health = get(endpoint, "/_mastic/health")
    assert health["status"] == "running"
    ready = get(endpoint, "/_mastic/ready")
    assert ready["ready"] is True
    assert {"disk", "data", "runs", "logs", "glue", "jobs"} <= set(ready["checks"])


def test_live_events(endpoint: str) -> None:
    glue = boto3.client("glue", endpoint_url=endpoint)
    with urllib.request.urlopen(endpoint + "/_mastic/events", timeout=20) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        glue.create_database(DatabaseInput={"Name": "told"})
        glue.create_table(DatabaseName="told", TableInput={"Name": "of"})
        events: list[dict[str, Any]] = []
        while len(events) < 2:
            line = stream.readline().decode()
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                if event["detail"].get("databaseName") == "told":
                    events.append(event)
    assert [e["detail"]["typeOfChange"] for e in events] == ["CreateDatabase", "CreateTable"]
    assert events[1]["detail"]["changedTables"] == ["of"]
    assert events[1]["detail-type"] == "Glue Data Catalog Database State Change"
    assert events[1]["source"] == "aws.glue"
    assert events[1]["resources"] == ["arn:aws:glue:us-east-1:000000000000:table/told/of"]


def test_a_crawl_is_told_of(endpoint: str) -> None:
    glue = boto3.client("glue", endpoint_url=endpoint)
    dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
    dynamodb.create_table(
        TableName="crawled",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="crawled", Item={"id": {"S": "1"}, "n": {"N": "2"}})
    glue.create_database(DatabaseInput={"Name": "crawls"})
    glue.create_crawler(Name="told", Role="r", DatabaseName="crawls", Targets={"DynamoDBTargets": [{"Path": "crawled"}]})
    with urllib.request.urlopen(endpoint + "/_mastic/events", timeout=30) as stream:
        glue.start_crawler(Name="told")
        details: list[dict[str, Any]] = []
        while len(details) < 2:
            line = stream.readline().decode()
            if line.startswith("data: ") and json.loads(line[6:])["detail-type"] == "Glue Crawler State Change":
                details.append(json.loads(line[6:])["detail"])
    assert [d["state"] for d in details] == ["Started", "Succeeded"]
    assert details[1]["crawlerName"] == "told"
    assert details[1]["tablesCreated"] == "1"


def test_a_stack_makes_metric_filters_and_alarms(endpoint: str, logs: Any, cloudwatch: Any) -> None:
    stacks = boto3.client("cloudformation", endpoint_url=endpoint)
    transformation = {
        "MetricName": "Errors",
        "MetricNamespace": "Stacked",
        "MetricValue": "1",
        "Dimensions": [{"Key": "Code", "Value": "$.code"}],
    }
    alarm = {
        "MetricName": "Errors",
        "Namespace": "Stacked",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    template = {
        "Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "stacked"}},
            "Filter": {
                "Type": "AWS::Logs::MetricFilter",
                "Properties": {
                    "LogGroupName": {"Ref": "Group"},
                    "FilterPattern": "{ $.code >= 500 }",
                    "MetricTransformations": [transformation],
                },
            },
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}}},
    }
    stacks.create_stack(StackName="monitored", TemplateBody=json.dumps(template))
    stacks.get_waiter("stack_create_complete").wait(StackName="monitored", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    (made,) = logs.describe_metric_filters(logGroupName="stacked")["metricFilters"]
    assert made["metricTransformations"][0]["dimensions"] == {"Code": "$.code"}
    arn = stacks.describe_stacks(StackName="monitored")["Stacks"][0]["Outputs"][0]["OutputValue"]
    assert arn in [a["AlarmArn"] for a in cloudwatch.describe_alarms()["MetricAlarms"]]
    stacks.delete_stack(StackName="monitored")
    stacks.get_waiter("stack_delete_complete").wait(StackName="monitored", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert arn not in [a["AlarmArn"] for a in cloudwatch.describe_alarms()["MetricAlarms"]]
