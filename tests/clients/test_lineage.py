"""Lineage of real runs: OpenLineage events in the store, in the file and at a collector, and the questions to it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import BINARY, drain, end, start_server
from guarded_server import ROOT, Guarded, document, statement
from openlineage_model import check_event

SCRIPT = '''
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.transforms import ApplyMapping, Filter, Map
from pyspark.context import SparkContext
from pyspark.sql import functions as F

glue = GlueContext(SparkContext.getOrCreate())
spark = glue.spark_session
orders = spark.read.csv("s3://shop/orders/", header=True, inferSchema=True)
customers = spark.read.csv("s3://shop/customers/", header=True, inferSchema=True)

by_city = orders.join(customers, orders.customer == customers.number).groupBy("city").agg(F.sum("amount").alias("total"))
by_city.write.parquet("s3://shop/out/dataframe/")

orders.createOrReplaceTempView("orders")
spark.sql("CREATE DATABASE IF NOT EXISTS shop")
spark.sql("""
  CREATE TABLE shop.top USING parquet LOCATION 's3://shop/out/sql/' AS
  WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY customer ORDER BY amount DESC) AS place FROM orders)
  SELECT id, CASE WHEN amount > 10 THEN upper(note) ELSE note END AS remark FROM ranked WHERE place = 1
""")
spark.sql("INSERT INTO shop.top SELECT id, note FROM orders WHERE id IN (SELECT number FROM VALUES (1) AS t(number))")

frame = DynamicFrame.fromDF(orders, glue, "orders")
mapped = ApplyMapping.apply(
    frame=frame, mappings=[("id", "int", "order_id", "string"), ("amount", "int", "amount", "int")]
)
kept = Filter.apply(frame=mapped, f=lambda record: record["amount"] > 1)
glue.write_dynamic_frame.from_options(kept, "s3", {"path": "s3://shop/out/filter/"}, "json")
made = Map.apply(frame=kept, f=lambda record: {"label": f"{record['order_id']}/{record['amount']}"})
glue.write_dynamic_frame.from_options(made, "s3", {"path": "s3://shop/out/map/"}, "json")


@F.udf("string")
def shout(text):
    return text.upper()


loud = orders.withColumn("loud", shout("note")).cache()
loud.count()
loud.select("id", "loud").write.mode("overwrite").csv("s3://shop/out/udf/")
print(spark.table("shop.top").toPandas())
'''

FAILING = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://shop/orders/", header=True).show()
raise ValueError("this is how it ends")
"""


class CollectorServer(ThreadingHTTPServer):
    """Keeps what is posted; refuses the first event once, as a collector that just starts does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CollectorHandler)
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.refused = False


class CollectorHandler(BaseHTTPRequestHandler):
    server: CollectorServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.server.refused:
            self.server.refused = True
            self.send_response(503)
        else:
            self.server.events.append(json.loads(body))
            self.server.headers.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
            self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class House:
    def __init__(self, endpoint: str, data: Path, collector: CollectorServer) -> None:
        self.endpoint, self.data, self.collector = endpoint, data, collector

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint)

    def ask(self, path: str, **parameters: str) -> Any:
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.endpoint}/_mastic/lineage{path}?{query}", timeout=10) as answer:
            return json.load(answer)

    def tell(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(BINARY), "lineage", *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return done.stdout + done.stderr

    def run(self, name: str, script: str) -> tuple[str, str]:
        self.client("s3").put_object(Bucket="shop", Key=f"{name}.py", Body=script.encode())
        glue = self.client("glue")
        command = {"Name": "glueetl", "ScriptLocation": f"s3://shop/{name}.py", "PythonVersion": "3"}
        glue.create_job(Name=name, Role="role", Command=command, GlueVersion="5.0")
        run: str = glue.start_job_run(JobName=name)["JobRunId"]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            state: str = glue.get_job_run(JobName=name, RunId=run)["JobRun"]["JobRunState"]
            if state in ("SUCCEEDED", "FAILED", "ERROR", "TIMEOUT"):
                return run, state
            time.sleep(0.05)
        raise AssertionError("the run does not end")

    def events(self, run: str, last: str) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            events: list[dict[str, Any]] = self.ask("/events", run=run)["events"]
            if events and events[-1]["eventType"] == last:
                return events
            time.sleep(0.05)
        raise AssertionError(f"no {last} event of {run}")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    collector = CollectorServer()
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    data = tmp_path_factory.mktemp("data")
    settings = {
        "OPENLINEAGE_URL": f"http://127.0.0.1:{collector.server_port}/",
        "OPENLINEAGE_ENDPOINT": "collect/here",
        "OPENLINEAGE_API_KEY": "secret",
        "OPENLINEAGE_NAMESPACE": "tests",
    }
    os.environ.update(settings)
    try:
        process, endpoint = start_server(BINARY, data)
    finally:
        for name in settings:
            del os.environ[name]
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    house = House(endpoint, data, collector)
    s3 = house.client("s3")
    s3.create_bucket(Bucket="shop")
    s3.put_object(Bucket="shop", Key="orders/o.csv", Body=b"id,customer,amount,note\n1,7,20,a\n2,7,5,b\n3,8,1,c\n")
    s3.put_object(Bucket="shop", Key="customers/c.csv", Body=b"number,city\n7,Bonn\n8,Ulm\n")
    yield house
    end(process)
    collector.shutdown()


@pytest.fixture(scope="module")
def done(house: House) -> tuple[str, list[dict[str, Any]]]:
    """The run of SCRIPT and its events."""
    run, state = house.run("shop-report", SCRIPT)
    if state != "SUCCEEDED":
        logs = house.client("logs")
        lines = logs.get_log_events(logGroupName="/aws-glue/jobs/error", logStreamName=run)["events"]
        raise AssertionError("\n".join(line["message"] for line in lines))
    return run, house.events(run, "COMPLETE")


LIFE = """
from pyspark.sql import SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, DataSourceWriter, WriterCommitMessage


class Numbers(DataSource):
    @classmethod
    def name(cls):
        return "numbers"

    def schema(self):
        return "n int, label string"

    def reader(self, schema):
        class Reader(DataSourceReader):
            def read(self, partition):
                yield from [(1, "one"), (2, "two")]

        return Reader()

    def writer(self, schema, overwrite):
        class Writer(DataSourceWriter):
            def write(self, rows):
                list(rows)
                return WriterCommitMessage()

        return Writer()


spark = SparkSession.builder.getOrCreate()
spark.dataSource.register(Numbers)
numbers = spark.read.format("numbers").option("table", "small").option("password", "secret").load()
numbers.selectExpr("n + 1 AS next", "label").where("n > 0").write.csv("s3://shop/life/numbers/")
orders = spark.read.csv("s3://shop/orders/", header=True, inferSchema=True)
orders.select("id").write.format("numbers").option("table", "ids").mode("append").save()

spark.sql("CREATE DATABASE IF NOT EXISTS life")
spark.sql("CREATE TABLE life.made (id INT, note STRING) USING parquet")
orders.select("id", "note").write.insertInto("life.made")
spark.sql("INSERT OVERWRITE life.made SELECT amount, note FROM VALUES (1, 'x') AS t(amount, note)")
orders.select("id").write.saveAsTable("life.saved")
spark.sql("TRUNCATE TABLE life.made")
spark.sql("ALTER TABLE life.made SET TBLPROPERTIES ('a' = 'b')")
spark.sql("ALTER TABLE life.saved RENAME TO life.renamed")
spark.sql("DROP TABLE life.made")
"""


def test_tables_come_and_go(house: House) -> None:
    run, state = house.run("shop-life", LIFE)
    assert state == "SUCCEEDED", house.client("glue").get_job_run(JobName="shop-life", RunId=run)
    events = house.events(run, "COMPLETE")
    told = []
    for event in events[1:-1]:
        check_event(event)
        for output in event["outputs"]:
            change = output["facets"].get("lifecycleStateChange", {})
            names = [output["name"], *(each["name"] for each in output["facets"].get("symlinks", {}).get("identifiers", []))]
            table = next((name.removeprefix("table/life/") for name in names if name.startswith("table/life/")), names[0])
            told.append((table, change.get("lifecycleStateChange")))
    assert told == [
        ("life/numbers", "CREATE"),
        ("numbers/ids", None),
        ("made", "CREATE"),
        ("made", None),
        ("made", "OVERWRITE"),
        ("saved", "CREATE"),
        ("made", "TRUNCATE"),
        ("made", "ALTER"),
        ("renamed", "RENAME"),
        ("made", "DROP"),
    ]
    renamed = next(each for event in events for each in event["outputs"] if each["name"] == "table/life/renamed")
    assert renamed["facets"]["lifecycleStateChange"]["previousIdentifier"]["name"] == "table/life/saved"
    # A source in Python is a dataset; options that are not asked for by name (a password) are nobody's business.
    check_event(events[-1])
    facet = facet_of(events, "life/numbers")
    assert column(facet, "next") == {"numbers/small.n TRANSFORMATION"}
    assert column(facet, "label") == {"numbers/small.label IDENTITY"}
    assert edges(facet["dataset"]) == {"numbers/small.n FILTER"}
    assert column(facet_of(events, "numbers/ids"), "id") == {"orders.id IDENTITY"}
    assert "secret" not in json.dumps(events)
    down = house.ask("/downstream", dataset="python:numbers/small", column="label", rows="false")
    assert {node["text"] for node in down["nodes"]} == {"python:numbers/small", "s3://shop/life/numbers"}
    # How much was read, and how much written.
    read = next(each for each in events[-1]["inputs"] if each["name"] == "orders")
    assert read["inputFacets"]["inputStatistics"]["fileCount"] >= 1
    assert read["inputFacets"]["inputStatistics"]["size"] > 40
    written = next(each for each in events[-1]["outputs"] if each["name"] == "life/numbers")
    assert written["outputFacets"]["outputStatistics"]["rowCount"] == 2


def facet_of(events: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The column lineage of an output of the last event."""
    output = next(each for each in events[-1]["outputs"] if each["name"] == name)
    facet: dict[str, Any] = output["facets"]["columnLineage"]
    return facet


def edges(fields: list[dict[str, Any]]) -> set[str]:
    return {f"{field['name']}.{field['field']} {how['subtype']}" for field in fields for how in field["transformations"]}


def column(facet: dict[str, Any], name: str) -> set[str]:
    return edges(facet["fields"][name]["inputFields"])


def test_events_are_openlineages(done: tuple[str, list[dict[str, Any]]]) -> None:
    _, events = done
    kinds = [event["eventType"] for event in events]
    assert kinds[0] == "START"
    assert kinds[-1] == "COMPLETE"
    assert set(kinds[1:-1]) == {"RUNNING"}
    for event in events:
        built = check_event(event)
        assert (built.job.namespace, built.job.name) == ("tests", "shop-report")
    assert len({event["run"]["runId"] for event in events}) == 1
    inputs = {(each["namespace"], each["name"]) for each in events[-1]["inputs"]}
    assert {("s3://shop", "orders"), ("s3://shop", "customers")} <= inputs
    outputs = {each["name"] for each in events[-1]["outputs"]}
    assert outputs == {"out/dataframe", "out/sql", "out/filter", "out/map", "out/udf"}


def test_dataframes(done: tuple[str, list[dict[str, Any]]]) -> None:
    facet = facet_of(done[1], "out/dataframe")
    assert column(facet, "city") == {"customers.city IDENTITY"}
    assert column(facet, "total") == {"orders.amount AGGREGATION"}
    assert edges(facet["dataset"]) == {"orders.customer JOIN", "customers.number JOIN", "customers.city GROUP_BY"}


def test_sql(done: tuple[str, list[dict[str, Any]]]) -> None:
    _, events = done
    made = next(event for event in events if any(output["name"] == "out/sql" for output in event["outputs"]))
    facet = facet_of([made], "out/sql")
    assert column(facet, "id") == {"orders.id IDENTITY"}
    assert column(facet, "remark") == {"orders.amount CONDITIONAL", "orders.note TRANSFORMATION", "orders.note IDENTITY"}
    assert edges(facet["dataset"]) == {"orders.customer WINDOW", "orders.amount WINDOW"}
    symlink = made["outputs"][0]["facets"]["symlinks"]["identifiers"][0]
    assert (symlink["namespace"], symlink["name"]) == ("arn:aws:glue:us-east-1:000000000000", "table/shop/top")
    # INSERT INTO came later: its lineage is the run's.
    inserted = facet_of(events, "out/sql")
    assert "orders.id FILTER" in edges(inserted["dataset"])


def test_dynamic_frames(done: tuple[str, list[dict[str, Any]]]) -> None:
    facet = facet_of(done[1], "out/filter")
    assert column(facet, "order_id") == {"orders.id TRANSFORMATION"}
    assert column(facet, "amount") == {"orders.amount IDENTITY"}
    assert edges(facet["dataset"]) == {"orders.id FILTER", "orders.amount FILTER"}
    mapped = facet_of(done[1], "out/map")
    assert column(mapped, "label") == {"orders.id TRANSFORMATION", "orders.amount TRANSFORMATION"}


def test_python_functions_and_kept_rows(done: tuple[str, list[dict[str, Any]]]) -> None:
    facet = facet_of(done[1], "out/udf")
    assert column(facet, "id") == {"orders.id IDENTITY"}
    # csv is written as text: nothing of that shows. A user's function may do anything with what it is given.
    assert column(facet, "loud") == {"orders.note TRANSFORMATION"}
    output = next(each for each in done[1][-1]["outputs"] if each["name"] == "out/udf")
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 3
    assert output["facets"]["lifecycleStateChange"]["lifecycleStateChange"] == "OVERWRITE"


def test_the_collector_gets_what_the_file_has(house: House, done: tuple[str, list[dict[str, Any]]]) -> None:
    _, events = done
    run = events[0]["run"]["runId"]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and len(house.collector.events) < len(events):
        time.sleep(0.05)
    assert [event for event in house.collector.events if event["run"]["runId"] == run] == events
    header = house.collector.headers[0]
    assert header["path"] == "/collect/here"
    assert header["authorization"] == "Bearer secret"
    lines = (house.data / "lineage" / "openlineage.ndjson").read_text().splitlines()
    assert [event for event in map(json.loads, lines) if event["run"]["runId"] == run] == events


def test_a_run_that_fails(house: House) -> None:
    run, state = house.run("shop-failure", FAILING)
    assert state == "FAILED"
    last = house.events(run, "FAIL")[-1]
    check_event(last)
    assert "this is how it ends" in last["run"]["facets"]["errorMessage"]["message"]
    assert [each["name"] for each in last["inputs"]] == ["orders"]
    assert last["outputs"] == []


def test_questions_over_http(house: House, done: tuple[str, list[dict[str, Any]]]) -> None:
    run, _ = done
    answer = house.ask("/upstream", dataset="s3://shop/out/dataframe", column="total")
    assert answer["nodes"][0]["column"] == "total"
    sources = {(node["name"], node.get("column")) for node in answer["nodes"][1:]}
    assert ("orders", "amount") in sources
    assert ("customers", "city") in sources
    assert {edge["run"]["id"] for edge in answer["edges"]} == {run}
    values = house.ask("/upstream", dataset="s3://shop/out/dataframe", column="total", rows="false")
    assert [node["name"] for node in values["nodes"]] == ["out/dataframe", "orders"]
    down = house.ask("/downstream", dataset="s3://shop/orders", column="note", rows="false")
    assert {node["name"] for node in down["nodes"]} == {"orders", "out/sql", "out/udf"}
    assert house.ask("/downstream", dataset="s3://shop/orders", job="another")["edges"] == []
    assert house.ask("/upstream", dataset="shop.top", until="2001-01-01T00:00:00Z")["edges"] == []
    assert house.ask("/runs", job="shop-report")["runs"][0]["id"] == run
    assert len(house.ask(f"/runs/{run}")["outputs"]) == 5
    names = {each["text"] for each in house.ask("/datasets")["datasets"]}
    assert {"s3://shop/orders", "shop.top"} <= names
    with pytest.raises(urllib.error.HTTPError) as unknown:
        house.ask("/upstream", dataset="s3://shop/nothing")
    assert unknown.value.code == 404
    assert "s3://shop/nothing" in unknown.value.read().decode()
    with pytest.raises(urllib.error.HTTPError) as wrong:
        house.ask("/upstream", dataset="s3://shop/orders", depth="many")
    assert wrong.value.code == 400


def test_questions_in_a_terminal(house: House, done: tuple[str, list[dict[str, Any]]]) -> None:
    del done
    told = house.tell("s3://shop/out/dataframe#total")
    assert told.splitlines()[0].startswith("s3://shop/out/dataframe#total")
    assert "s3://shop/orders#amount" in told
    assert "aggregation sum(amount)" in told
    assert "by job shop-report" in told
    down = house.tell("s3://shop/customers", "--downstream")
    assert "└─ s3://shop/out/dataframe" in down
    assert json.loads(house.tell("shop.top#remark", "--format", "json"))["edges"]
    assert "s3://shop/orders" in house.tell()
    assert "did you mean" in house.tell("s3://shop/order")


def test_with_keys_the_caller_must_be_allowed_to_ask(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip("mastic is not built")
    server = Guarded(tmp_path)

    def status(key: tuple[str, str] | None) -> int:
        request = AWSRequest(method="GET", url=f"{server.endpoint}/_mastic/lineage/datasets")
        if key is not None:
            SigV4Auth(Credentials(*key), "mastic", "us-east-1").add_auth(request)
        sent = urllib.request.Request(request.url, headers=dict(request.headers.items()))
        try:
            with urllib.request.urlopen(sent, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    try:
        iam = server.client("iam")
        iam.create_user(UserName="reader")
        made = iam.create_access_key(UserName="reader")["AccessKey"]
        reader = (made["AccessKeyId"], made["SecretAccessKey"])
        assert status(None) == 401
        assert status(ROOT) == 200
        assert status(reader) == 403
        iam.put_user_policy(UserName="reader", PolicyName="ask", PolicyDocument=document(statement("mastic:GetLineage")))
        assert status(reader) == 200
    finally:
        server.stop()


def test_mastic_run_leaves_lineage_too(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip("mastic is not built")
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    script = tmp_path / "copy.py"
    script.write_text(
        "from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.getOrCreate()\n"
        f"frame = spark.read.csv('{tmp_path}/in.csv', header=True)\n"
        f"frame.selectExpr('a', 'int(b) + 1 AS c').where('a > 0').write.json('{tmp_path}/out')\n"
    )
    data = tmp_path / "data"
    done = subprocess.run(
        [str(BINARY), "run", "--data", str(data), str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (data / "lineage" / "openlineage.ndjson").read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "RUNNING", "COMPLETE"]
    for event in events:
        check_event(event)
    facet = events[-1]["outputs"][0]["facets"]["columnLineage"]
    source = f"{tmp_path}/in.csv"
    assert column(facet, "c") == {f"{source}.b TRANSFORMATION"}
    assert edges(facet["dataset"]) == {f"{source}.a FILTER"}


def test_an_engine_without_a_server_writes_a_file(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip("mastic is not built")
    from pyspark.sql import SparkSession

    file = tmp_path / "events.ndjson"
    process = subprocess.Popen(
        [str(BINARY), "engine", "--port", "0", "--lineage", str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    spark = SparkSession.builder.remote(process.stdout.readline().strip()).create()
    spark.range(3).selectExpr("id AS n").write.parquet(f"{tmp_path}/numbers")
    spark.read.parquet(f"{tmp_path}/numbers").selectExpr("n * 2 AS twice").write.parquet(f"{tmp_path}/twice")
    spark.stop()
    end(process)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "RUNNING", "RUNNING", "COMPLETE"]
    for event in events:
        check_event(event)
    assert column(events[-1]["outputs"][1]["facets"]["columnLineage"], "twice") == {f"{tmp_path}/numbers.n TRANSFORMATION"}
