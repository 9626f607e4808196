"""Visual jobs: CreateJob with CodeGenConfigurationNodes writes the script, which runs; previews of single nodes."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

BUCKET = "visual-" + uuid.uuid4().hex[:12]
PEOPLE = "id,name,age,city\n1,Ada,36,London\n2,Grace,85,New York\n3,Edsger,72,Nuenen\n4,Alan,41,London\n4,Alan,41,London\n"
ORDERS = "person,amount\n1,10\n1,20\n3,5\n9,7\n"
PATIENCE_SECONDS = 60.0

Nodes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def clients(endpoint: str) -> Iterator[dict[str, Any]]:
    made = {name: boto3.client(name, endpoint_url=endpoint) for name in ("s3", "glue")}
    made["s3"].create_bucket(Bucket=BUCKET)
    made["s3"].put_object(Bucket=BUCKET, Key="in/people/a.csv", Body=PEOPLE.encode())
    made["s3"].put_object(Bucket=BUCKET, Key="in/orders/a.csv", Body=ORDERS.encode())
    yield made


def source(folder: str) -> dict[str, Any]:
    return {
        "S3CsvSource": {
            "Name": folder,
            "Paths": [f"s3://{BUCKET}/in/{folder}/"],
            "Separator": "comma",
            "QuoteChar": "quote",
            "WithHeader": True,
            "Recurse": True,
        }
    }


def mapping(name: str, inputs: str, *columns: tuple[str, str, str]) -> dict[str, Any]:
    entries = [{"ToKey": to, "FromPath": [source], "FromType": "string", "ToType": kind} for source, to, kind in columns]
    return {"ApplyMapping": {"Name": name, "Inputs": [inputs], "Mapping": entries}}


def condition(operation: str, field: str, *constants: str, negated: bool = False) -> dict[str, Any]:
    values = [{"Type": "COLUMNEXTRACTED", "Value": [field]}] + [{"Type": "CONSTANT", "Value": [each]} for each in constants]
    return {"Operation": operation, "Negated": negated, "Values": values}


def target(name: str, inputs: str, folder: str, **more: Any) -> dict[str, Any]:
    return {
        "S3DirectTarget": {"Name": name, "Inputs": [inputs], "Path": f"s3://{BUCKET}/{folder}/", "Format": "json"} | more,
    }


PIPELINE: Nodes = {
    "node-1": source("people"),
    "node-2": mapping("Types", "node-1", ("id", "id", "int"), ("name", "name", "string"), ("age", "years", "int")),
    "node-3": {"DropDuplicates": {"Name": "Once", "Inputs": ["node-2"]}},
    "node-4": source("orders"),
    "node-5": mapping("Amounts", "node-4", ("person", "person", "int"), ("amount", "amount", "int")),
    "node-6": {
        "Aggregate": {
            "Name": "Sums",
            "Inputs": ["node-5"],
            "Groups": [["person"]],
            "Aggs": [{"Column": ["amount"], "AggFunc": "sum"}],
        }
    },
    "node-7": {
        "Join": {
            "Name": "Both",
            "Inputs": ["node-3", "node-6"],
            "JoinType": "left",
            "Columns": [{"From": "node-3", "Keys": [["id"]]}, {"From": "node-6", "Keys": [["person"]]}],
        }
    },
    "node-8": {
        "SparkSQL": {
            "Name": "Named",
            "Inputs": ["node-7"],
            "SqlQuery": "select id, name, years, `sum(amount)` as total from people",
            "SqlAliases": [{"From": "node-7", "Alias": "people"}],
        }
    },
    "node-9": {
        "Filter": {
            "Name": "Old",
            "Inputs": ["node-8"],
            "LogicalOperator": "AND",
            "Filters": [condition("GT", "years", "40"), condition("EQ", "name", "Alan", negated=True)],
        }
    },
    "node-10": target("Out", "node-9", "out", NumberTargetPartitions="1"),
}


def create(clients: dict[str, Any], nodes: Nodes) -> tuple[str, str]:
    name = "visual-" + uuid.uuid4().hex[:8]
    clients["glue"].create_job(
        Name=name,
        Role="role",
        JobMode="VISUAL",
        GlueVersion="5.0",
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/scripts/{name}.py", "PythonVersion": "3"},
        CodeGenConfigurationNodes=nodes,
    )
    script = clients["s3"].get_object(Bucket=BUCKET, Key=f"scripts/{name}.py")["Body"].read().decode()
    return name, script


def run(clients: dict[str, Any], name: str) -> dict[str, Any]:
    run_id = clients["glue"].start_job_run(JobName=name)["JobRunId"]
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        record: dict[str, Any] = clients["glue"].get_job_run(JobName=name, RunId=run_id)["JobRun"]
        if record["JobRunState"] in {"SUCCEEDED", "FAILED", "ERROR", "STOPPED", "TIMEOUT"}:
            return record
        assert time.monotonic() < limit, record
        time.sleep(0.05)


def rows_below(clients: dict[str, Any], folder: str) -> list[dict[str, Any]]:
    rows = []
    for entry in clients["s3"].list_objects_v2(Bucket=BUCKET, Prefix=folder + "/").get("Contents", []):
        body = clients["s3"].get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read().decode()
        rows += [json.loads(line) for line in body.splitlines()]
    return rows


def post(endpoint: str, path: str, nodes: Nodes) -> dict[str, Any]:
    body = json.dumps({"CodeGenConfigurationNodes": nodes, "GlueVersion": "5.0"}).encode()
    with urllib.request.urlopen(urllib.request.Request(endpoint + path, data=body, method="POST"), timeout=90) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_a_job_of_nodes_gets_its_script_and_runs(clients: dict[str, Any], endpoint: str) -> None:
    name, script = create(clients, PIPELINE)
    assert script == post(endpoint, "/_mastic/glue/script", PIPELINE)["script"]
    compile(script, name, "exec")
    ended = run(clients, name)
    assert ended["JobRunState"] == "SUCCEEDED", ended
    rows = sorted(rows_below(clients, "out"), key=lambda row: int(row["id"]))
    assert rows == [{"id": 2, "name": "Grace", "years": 85}, {"id": 3, "name": "Edsger", "years": 72, "total": 5}]
    assert clients["glue"].get_job(JobName=name)["Job"]["CodeGenConfigurationNodes"] == PIPELINE


def test_update_job_writes_the_script_anew(clients: dict[str, Any]) -> None:
    name, before = create(clients, {"node-1": source("people"), "node-2": target("Out", "node-1", "first")})
    job = clients["glue"].get_job(JobName=name)["Job"]
    update = {key: job[key] for key in ("Role", "Command", "GlueVersion", "JobMode")}
    update["CodeGenConfigurationNodes"] = {"node-1": source("people"), "node-2": target("Out", "node-1", "second")}
    clients["glue"].update_job(JobName=name, JobUpdate=update)
    after = clients["s3"].get_object(Bucket=BUCKET, Key=f"scripts/{name}.py")["Body"].read().decode()
    assert "/first/" in before and "/second/" in after and "/first/" not in after


def test_every_other_transform_runs(clients: dict[str, Any]) -> None:
    nodes: Nodes = {
        "node-1": source("people"),
        "node-2": {"SelectFields": {"Name": "s", "Inputs": ["node-1"], "Paths": [["id"], ["name"], ["city"]]}},
        "node-3": {"RenameField": {"Name": "r", "Inputs": ["node-2"], "SourcePath": ["city"], "TargetPath": ["place"]}},
        "node-4": {
            "Route": {
                "Name": "Where",
                "Inputs": ["node-3"],
                "GroupFiltersList": [
                    {"GroupName": "london", "LogicalOperator": "AND", "Filters": [condition("REGEX", "place", "Lon.*")]}
                ],
            }
        },
        "node-5": {"SelectFromCollection": {"Name": "l", "Inputs": ["node-4"], "Index": 0}},
        "node-6": {"SelectFromCollection": {"Name": "o", "Inputs": ["node-4"], "Index": 1}},
        "node-7": {"DropFields": {"Name": "d", "Inputs": ["node-5"], "Paths": [["place"]]}},
        "node-8": {"SplitFields": {"Name": "f", "Inputs": ["node-6"], "Paths": [["id"], ["name"]]}},
        "node-9": {"SelectFromCollection": {"Name": "c", "Inputs": ["node-8"], "Index": 0}},
        "node-10": {"Union": {"Name": "u", "Inputs": ["node-7", "node-9"], "UnionType": "DISTINCT"}},
        "node-11": {
            "CustomCode": {
                "Name": "mine",
                "Inputs": ["node-10"],
                "ClassName": "Shout",
                "Code": "frame = dfc.select(list(dfc.keys())[0]).toDF()\n"
                "loud = frame.withColumn('name', F.upper('name')).withColumn('none', F.lit(''))\n"
                "return DynamicFrameCollection({'loud': DynamicFrame.fromDF(loud, glueContext, 'loud')}, glueContext)",
            }
        },
        "node-12": {"SelectFromCollection": {"Name": "x", "Inputs": ["node-11"], "Index": 0}},
        "node-13": {"DropNullFields": {"Name": "n", "Inputs": ["node-12"], "NullCheckBoxList": {"IsEmpty": True}}},
        "node-14": source("orders"),
        "node-15": {
            "Join": {
                "Name": "j",
                "Inputs": ["node-13", "node-14"],
                "JoinType": "equijoin",
                "Columns": [{"From": "node-13", "Keys": [["id"]]}, {"From": "node-14", "Keys": [["person"]]}],
            }
        },
        "node-16": target("Out", "node-15", "all"),
    }
    name, _ = create(clients, nodes)
    ended = run(clients, name)
    assert ended["JobRunState"] == "SUCCEEDED", ended
    rows = sorted(rows_below(clients, "all"), key=lambda row: row["amount"])
    assert [(row["name"], row["amount"]) for row in rows] == [("ADA", "10"), ("ADA", "20"), ("EDSGER", "5")]
    assert all(set(row) == {"id", "name", "person", "amount"} for row in rows)


def test_broken_nodes_are_refused_by_name(clients: dict[str, Any]) -> None:
    with pytest.raises(clients["glue"].exceptions.InvalidInputException, match=r"node-2: The node's input node-9 is no node"):
        create(clients, {"node-1": source("people"), "node-2": target("Out", "node-9", "x")})


def test_a_kind_that_does_not_run_says_so(clients: dict[str, Any], endpoint: str) -> None:
    nodes: Nodes = {
        "node-1": {"RedshiftSource": {"Name": "r", "Database": "d", "Table": "t"}},
        "node-2": target("Out", "node-1", "never"),
    }
    name, _ = create(clients, nodes)
    ended = run(clients, name)
    assert ended["JobRunState"] == "FAILED"
    assert "Mastic does not run nodes of the kind RedshiftSource" in ended["ErrorMessage"]
    kinds = {kind["name"]: kind for kind in get(endpoint, "/_mastic/glue/nodes")["kinds"]}
    assert len(kinds) == 79 and kinds["Filter"]["supported"] and not kinds["RedshiftSource"]["supported"]


def get(endpoint: str, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(endpoint + path, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_preview_shows_rows_and_types_of_a_node(endpoint: str, clients: dict[str, Any]) -> None:
    shown = post(endpoint, "/_mastic/glue/preview?node=node-2&rows=2", PIPELINE)
    (frame,) = shown["frames"]
    assert [(field["name"], field["type"]) for field in frame["schema"]["fields"]] == [
        ("id", "integer"),
        ("name", "string"),
        ("years", "integer"),
    ]
    assert frame["rows"] == [[1, "Ada", 36], [2, "Grace", 85]] and frame["more"]
    (end,) = post(endpoint, "/_mastic/glue/preview?node=node-10", PIPELINE)["frames"]
    assert len(end["rows"]) == 2 and not end["more"]


def test_preview_gives_the_scripts_error(endpoint: str, clients: dict[str, Any]) -> None:
    nodes: Nodes = {
        "node-1": source("people"),
        "node-2": {
            "SparkSQL": {
                "Name": "q",
                "Inputs": ["node-1"],
                "SqlQuery": "select nonsense from t",
                "SqlAliases": [{"From": "node-1", "Alias": "t"}],
            }
        },
    }
    shown = post(endpoint, "/_mastic/glue/preview?node=node-2", nodes)
    assert "UNRESOLVED_COLUMN" in shown["error"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(endpoint, "/_mastic/glue/preview?node=node-9", "nonsense")  # type: ignore[arg-type]
    assert refused.value.code == 400


def test_a_preview_leaves_no_trace(endpoint: str, clients: dict[str, Any]) -> None:
    """No run, no lineage, no event, no log: nobody is told of a look."""
    lineage = "/_mastic/lineage/runs?limit=1000"
    runs_before = [each["id"] for each in get(endpoint, lineage)["runs"]]
    with urllib.request.urlopen(endpoint + "/_mastic/events", timeout=30) as stream:
        assert post(endpoint, "/_mastic/glue/preview?node=node-2", PIPELINE)["frames"]
        # What comes next on the stream is what happened next.
        clients["glue"].create_database(DatabaseInput={"Name": BUCKET.replace("-", "_")})
        told: list[Any] = []
        while not told or told[-1]["detail"].get("databaseName") != BUCKET.replace("-", "_"):
            line = stream.readline().decode()
            if line.startswith("data: "):
                told.append(json.loads(line.removeprefix("data: ")))
    assert not [event for event in told if "preview" in json.dumps(event) or "jobRunId" in event["detail"]]
    time.sleep(0.5)  # Lineage travels on a thread of its own.
    assert [each["id"] for each in get(endpoint, lineage)["runs"]] == runs_before
    logs = boto3.client("logs", endpoint_url=endpoint)
    for group in logs.describe_log_groups()["logGroups"]:
        streams = logs.describe_log_streams(logGroupName=group["logGroupName"])["logStreams"]
        assert not [each for each in streams if "preview" in each["logStreamName"]]
