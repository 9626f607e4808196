"""Scripts from graphs and graphs from scripts: CreateScript, GetDataflowGraph, GetMapping, GetPlan; what they make runs."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def clients(endpoint: str) -> dict[str, Any]:
    return {name: boto3.client(name, endpoint_url=endpoint) for name in ("glue", "s3")}


def node(identifier: str, kind: str, **arguments: str) -> dict[str, Any]:
    args = [{"Name": name, "Value": value} for name, value in arguments.items()]
    return {"Id": identifier, "NodeType": kind, "Args": args}


def edge(source: str, target: str, parameter: str = "frame") -> dict[str, Any]:
    return {"Source": source, "Target": target, "TargetParameter": parameter}


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def run(clients: dict[str, Any], script: str, **arguments: str) -> dict[str, Any]:
    name = "codegen-" + uuid.uuid4().hex[:8]
    clients["s3"].create_bucket(Bucket=name)
    clients["s3"].put_object(Bucket=name, Key="script.py", Body=script.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{name}/script.py", "PythonVersion": "3"}
    glue = clients["glue"]
    glue.create_job(Name=name, Role="role", Command=command, GlueVersion="5.0")
    identifier = glue.start_job_run(JobName=name, Arguments=arguments)["JobRunId"]
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        record: dict[str, Any] = glue.get_job_run(JobName=name, RunId=identifier)["JobRun"]
        if record["JobRunState"] in {"SUCCEEDED", "FAILED", "ERROR", "TIMEOUT"}:
            return record
        time.sleep(0.05)
    raise AssertionError(record)


@pytest.fixture(scope="module")
def tables(clients: dict[str, Any]) -> dict[str, str]:
    """A table of people over CSV, and one that a plan may write to."""
    names = {"database": "codegen_" + uuid.uuid4().hex[:8], "bucket": "codegen-" + uuid.uuid4().hex[:8]}
    clients["s3"].create_bucket(Bucket=names["bucket"])
    clients["s3"].put_object(Bucket=names["bucket"], Key="people/a.csv", Body=b"1,ada,36\n2,bob,17\n")
    clients["glue"].create_database(DatabaseInput={"Name": names["database"]})
    serde = {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    for table, columns in (
        ("people", [("id", "bigint"), ("name", "string"), ("age", "int")]),
        ("out", [("name", "string"), ("ID", "string"), ("more", "int")]),
    ):
        descriptor = {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns],
            "Location": f"s3://{names['bucket']}/{table}/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": serde,
        }
        table_input = {"Name": table, "StorageDescriptor": descriptor, "Parameters": {"classification": "csv"}}
        clients["glue"].create_table(DatabaseName=names["database"], TableInput=table_input)
    return names


def test_a_graph_becomes_a_script_and_a_graph_again(clients: dict[str, Any]) -> None:
    glue = clients["glue"]
    nodes = [
        node("sink", "DataSink", connection_type='"s3"', connection_options='{"path": "s3://b/out, too/"}', format='"json"'),
        node("joined", "Join", keys1='["id"]', keys2='["person"]'),
        node("people", "DataSource", database='"d"', table_name='"people"'),
        {**node("orders", "DataSource", database='"d"'), "Args": [{"Name": "database", "Value": "DATABASE", "Param": True}]},
    ]
    edges = [edge("people", "joined", "frame1"), edge("orders", "joined", "frame2"), edge("joined", "sink")]
    script = glue.create_script(DagNodes=nodes, DagEdges=edges, Language="PYTHON")["PythonScript"]
    compile(script, "script.py", "exec")
    assert 'getResolvedOptions(sys.argv, ["JOB_NAME", "DATABASE"])' in script
    graph = glue.get_dataflow_graph(PythonScript=script)
    back = {each["Id"]: each for each in graph["DagNodes"]}
    assert [each["Id"] for each in graph["DagNodes"]] == ["people", "orders", "joined", "sink"]
    assert back["joined"]["NodeType"] == "Join"
    sink = {each["Name"]: each["Value"] for each in back["sink"]["Args"]}
    assert sink == {
        "connection_type": '"s3"',
        "connection_options": '{"path": "s3://b/out, too/"}',
        "format": '"json"',
        "transformation_ctx": '"sink"',
    }
    assert back["orders"]["Args"][0] == {"Name": "database", "Value": "DATABASE", "Param": True}
    assert sorted(graph["DagEdges"], key=str) == sorted(edges, key=str)
    lines = script.splitlines()
    assert all(lines[each["LineNumber"] - 1].startswith(f"{each['Id']} = ") for each in graph["DagNodes"])
    # The same graph makes the same script.
    again = glue.create_script(DagNodes=graph["DagNodes"], DagEdges=graph["DagEdges"])["PythonScript"]
    assert again == script
    assert glue.get_dataflow_graph(PythonScript="print(1)\n") | {"ResponseMetadata": 0} == {
        "DagNodes": [],
        "DagEdges": [],
        "ResponseMetadata": 0,
    }


@pytest.mark.parametrize(
    ("nodes", "edges", "words"),
    [
        ([node("a", "Nonsense")], [], "Nonsense is no kind of node"),
        ([node("a", "Map", f="f"), node("b", "Map", f="f")], [edge("a", "b"), edge("b", "a")], "circle"),
        ([node("a", "Map", f="f")], [edge("z", "a")], "names the node z"),
        ([node("a", "DataSource")], [], "database or connection_type"),
        ([node("a", "Map", f="f\nimport os")], [], "longer than a line"),
    ],
)
def test_broken_graphs_are_refused(
    clients: dict[str, Any], nodes: list[dict[str, Any]], edges: list[dict[str, Any]], words: str
) -> None:
    code, message = refusal(clients["glue"].create_script, DagNodes=nodes, DagEdges=edges)
    assert code == "InvalidInputException" and words in message


def test_scala_is_refused_by_name(clients: dict[str, Any]) -> None:
    assert "SCALA" in refusal(clients["glue"].create_script, DagNodes=[], DagEdges=[], Language="SCALA")[1]


def test_a_mapping_becomes_a_plan_that_runs(clients: dict[str, Any], tables: dict[str, str]) -> None:
    glue, s3 = clients["glue"], clients["s3"]
    source = {"DatabaseName": tables["database"], "TableName": "people"}
    mapping = glue.get_mapping(Source=source)["Mapping"]
    assert [(each["SourcePath"], each["TargetPath"], each["TargetType"]) for each in mapping] == [
        ("id", "id", "bigint"),
        ("name", "name", "string"),
        ("age", "age", "int"),
    ]
    sinks = [{"DatabaseName": tables["database"], "TableName": "out"}]
    into = glue.get_mapping(Source=source, Sinks=sinks)["Mapping"]
    assert [(each["SourcePath"], each["SourceType"], each["TargetTable"], each["TargetType"]) for each in into] == [
        ("name", "string", "out", "string"),
        ("id", "bigint", "out", "string"),
    ]
    missing = source | {"TableName": "nothing"}
    assert refusal(glue.get_mapping, Source=missing)[0] == "EntityNotFoundException"

    mapping[2] |= {"TargetPath": "years", "TargetType": "double"}
    location = {"S3": [{"Name": "path", "Value": f"s3://{tables['bucket']}/planned/"}]}
    plan = glue.get_plan(Mapping=mapping, Source=source, Location=location)["PythonScript"]
    kinds = [each["NodeType"] for each in glue.get_dataflow_graph(PythonScript=plan)["DagNodes"]]
    assert kinds == ["DataSource", "ApplyMapping", "DataSink"]
    ended = run(clients, plan)
    assert ended["JobRunState"] == "SUCCEEDED", ended
    listed = s3.list_objects_v2(Bucket=tables["bucket"], Prefix="planned/")["Contents"]
    lines = [
        json.loads(line)
        for each in listed
        for line in s3.get_object(Bucket=tables["bucket"], Key=each["Key"])["Body"].read().decode().splitlines()
    ]
    assert sorted(lines, key=lambda row: row["id"]) == [
        {"id": 1, "name": "ada", "years": 36.0},
        {"id": 2, "name": "bob", "years": 17.0},
    ]
    jdbc = {"Jdbc": [{"Name": "dbtable", "Value": "t"}]}
    assert "Location.Jdbc" in refusal(glue.get_plan, Mapping=mapping, Source=source, Location=jdbc)[1]
