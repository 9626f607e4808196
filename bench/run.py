"""Measures Mastic beside its peers. See README.md.

Usage: run.py --binary build/mastic --load build/load [--only dynamodb|s3|jobs|engine|memory|deploy|…] [--rounds 3]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import boto3
import consoles
import peers
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples/claims"))
from cdk import Cdk  # noqa: E402


def client(server: peers.Server, service: str) -> Any:
    keys = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench-secret"}
    config = Config(retries={"total_max_attempts": 1}, read_timeout=300)
    return boto3.client(service, endpoint_url=f"http://{server.endpoint}", region_name="us-east-1", config=config, **keys)


class Report:
    """Collects figures and prints each as it comes: one line for each measure and server."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, list[float]]] = {}

    def add(self, measure: str, server: str, value: float) -> None:
        self.figures.setdefault(measure, {}).setdefault(server, []).append(value)

    def show(self, measure: str, unit: str, higher_is_better: bool = True) -> None:
        rows = self.figures.get(measure, {})
        own = rows.get("mastic")
        print(f"\n{measure} ({unit}; median, min to max)")
        for server, values in rows.items():
            line = f"  {server:<16} {statistics.median(values):>12,.1f}   {min(values):,.1f} to {max(values):,.1f}"
            if own and server != "mastic":
                # Pair by pair: the rounds ran in turn, so a drift of the machine's speed hits both.
                ratios = [(a / b if higher_is_better else b / a) for a, b in zip(own, values, strict=False)]
                line += f"   mastic is {statistics.median(ratios):.2f}× ({min(ratios):.2f} to {max(ratios):.2f})"
            print(line, flush=True)


def load(options: argparse.Namespace, server: peers.Server, **settings: Any) -> dict[str, Any]:
    command = [options.load, "--endpoint", server.endpoint, *server.credentials]
    for name, value in settings.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{server.name}: {done.stderr}")
    return dict(json.loads(done.stdout))


def started(makers: list[Callable[[], peers.Server]]) -> list[peers.Server]:
    servers = []
    for maker in makers:
        try:
            servers.append(maker())
        except peers.Unavailable as why:
            print(f"left out: {why}", file=sys.stderr)
    return servers


def bench_dynamodb(options: argparse.Namespace, report: Report) -> None:
    servers = started([lambda: peers.mastic(options.binary), peers.dynamodb_local, peers.dynalite])
    try:
        for server in servers:
            client(server, "dynamodb").create_table(
                TableName="bench",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                BillingMode="PAY_PER_REQUEST",
            )
            load(options, server, operation="batch-write", seconds=2)  # warm, and items for get-item
        measures: dict[str, dict[str, Any]] = {
            "BatchWriteItem, 25 × 200 B, 16 connections": {"operation": "batch-write"},
            "GetItem, 16 connections": {"operation": "get-item"},
            "Scan, 1 connection": {"operation": "scan", "connections": 1},
            "Scan, 16 segments": {"operation": "scan"},
        }
        for measure, settings in measures.items():
            for _ in range(options.rounds):
                for server in servers:
                    report.add(measure, server.name, load(options, server, **settings)["per_second"])
            report.show(measure, "items/s")
    finally:
        for server in servers:
            server.stop()


def bench_s3(options: argparse.Namespace, report: Report) -> None:
    servers = started([lambda: peers.mastic(options.binary), peers.versitygw])
    try:
        for server in servers:
            client(server, "s3").create_bucket(Bucket="bench")
        small: dict[str, Any] = {"size": 4096}
        large: dict[str, Any] = {"size": 64 << 20, "connections": 4, "prefix": "large/"}
        for measure, settings, figure in (
            ("PUT 4 KiB, 16 connections", {"operation": "put", **small}, "per_second"),
            ("GET 4 KiB, 16 connections", {"operation": "get", **small}, "per_second"),
            ("PUT 64 MiB, 4 connections", {"operation": "put", **large}, "megabytes_per_second"),
            ("GET 64 MiB, 4 connections", {"operation": "get", **large}, "megabytes_per_second"),
        ):
            for _ in range(options.rounds):
                for server in servers:
                    report.add(measure, server.name, load(options, server, **settings)[figure])
            report.show(measure, "MB/s" if figure.startswith("mega") else "requests/s")
    finally:
        for server in servers:
            server.stop()


def _script(server: peers.Server, name: str, text: str, **arguments: str) -> None:
    client(server, "s3").put_object(Bucket="scripts", Key=f"{name}.py", Body=text.encode())
    client(server, "glue").create_job(
        Name=name,
        Role="bench",
        GlueVersion="4.0",
        Command={"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": f"s3://scripts/{name}.py"},
        DefaultArguments=dict(arguments),
    )


def _run(server: peers.Server, job: str) -> dict[str, Any]:
    glue = client(server, "glue")
    run_id = glue.start_job_run(JobName=job)["JobRunId"]
    while (run := glue.get_job_run(JobName=job, RunId=run_id)["JobRun"])["JobRunState"] in ("STARTING", "RUNNING", "WAITING"):
        time.sleep(0.005)
    if run["JobRunState"] != "SUCCEEDED":
        raise SystemExit(f"{job}: {run['JobRunState']} {run.get('ErrorMessage')}")
    return dict(run)


def bench_jobs(options: argparse.Namespace, report: Report) -> None:
    """Job starts on a warm pool, and the claims pipeline's job on 58,592 items."""
    import claims
    import demo

    server = peers.mastic(options.binary)
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        s3, glue, dynamodb = (client(server, name) for name in ("s3", "glue", "dynamodb"))
        s3.create_bucket(Bucket="scripts")
        stamp = folder / "stamp"
        _script(server, "first-line", f"import time; open({str(stamp)!r}, 'w').write(repr(time.time()))\n")
        for round_number in range(21):
            time.sleep(0.3)  # the pool is warm again, as it is for a job that nobody hurries
            begun = time.time()
            _run(server, "first-line")
            if round_number:  # the first fills the pool
                report.add("StartJobRun to the script's first line", "mastic", (float(stamp.read_text()) - begun) * 1000)
        report.show("StartJobRun to the script's first line", "ms", higher_is_better=False)

        demo.create_table(dynamodb, published=False)
        s3.create_bucket(Bucket=demo.BUCKET)
        demo.load(dynamodb, claims.COUNT, False, lambda _: None)
        demo.crawl(glue, lambda _: None)
        _script(
            server,
            "claims",
            (ROOT / "examples/claims/assets/claims_report.py").read_text(),
            **{"--DATABASE_NAME": demo.DATABASE, "--TABLE_NAME": demo.TABLE, "--BUCKET_PATH": f"s3://{demo.BUCKET}/report"},
        )
        for _ in range(5):
            time.sleep(1)
            begun = time.perf_counter()
            _run(server, "claims")
            report.add("The claims job on 58,592 items, StartJobRun to SUCCEEDED", "mastic", time.perf_counter() - begun)
        report.show("The claims job on 58,592 items, StartJobRun to SUCCEEDED", "s", higher_is_better=False)
    finally:
        server.stop()


ENGINE_SCRIPT = """
import sys, time
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
source, target, remote = sys.argv[1:4]
spark = SparkSession.builder.remote(remote).getOrCreate()
schema = spark.read.option("header", "true").csv(source).schema
kinds = {"policy_tenure": "double", "age_of_car": "double", "is_claim": "int"}
ddl = ", ".join(f"{field.name} {kinds.get(field.name, 'string')}" for field in schema.fields)
start = time.perf_counter()
frame = spark.read.option("header", "true").schema(ddl).csv(source)
frame = frame.select("policy_id", "policy_tenure", "make", "model", "age_of_car", "is_claim")
frame.orderBy(col("age_of_car").desc()).filter(col("age_of_car") < 0.7).repartition(1).write.mode("overwrite").option(
    "header", "true").csv(target)
print(time.perf_counter() - start)
"""

DUCKDB_SCRIPT = """
import sys, time, duckdb
source, target = sys.argv[1:3]
connection = duckdb.connect()
names = [row[0] for row in connection.sql(f"DESCRIBE FROM read_csv('{source}', header=true, all_varchar=true)").fetchall()]
kinds = {"policy_tenure": "DOUBLE", "age_of_car": "DOUBLE", "is_claim": "INTEGER"}
columns = "{" + ", ".join(f"'{name}': '{kinds.get(name, 'VARCHAR')}'" for name in names) + "}"
start = time.perf_counter()
connection.sql("COPY (SELECT policy_id, policy_tenure, make, model, age_of_car, is_claim "
  f"FROM read_csv('{source}', header=true, columns={columns}) "
  f"WHERE age_of_car < 0.7 ORDER BY age_of_car DESC) TO '{target}' (HEADER)")
print(time.perf_counter() - start)
"""


def bench_engine(options: argparse.Namespace, report: Report) -> None:
    """5 million claims as CSV (six columns of interest among eight): select, sort, filter, one CSV."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    source = folder / "claims.csv"
    rows = options.rows
    make = (
        "SELECT 'ID' || lpad(i::VARCHAR, 8, '0') policy_id, round(hash(i) % 1396000 / 1e6, 6) policy_tenure, "
        "'C' || (hash(i + 1) % 22)::VARCHAR area_cluster, (hash(i + 2) % 5)::VARCHAR make, "
        "'M' || (hash(i + 3) % 11)::VARCHAR model, "
        "(hash(i + 4) % 101) / 100 age_of_car, (hash(i + 5) % 2)::VARCHAR is_esc, (hash(i + 6) % 16 = 0)::INTEGER is_claim "
        f"FROM range({rows}) t(i)"
    )
    duckdb = peers.native_duckdb()
    duckdb.sql(f"COPY ({make}) TO '{source}' (HEADER)")
    port = peers.free_port()
    engine = peers.start("mastic", [options.binary, "engine", "--port", str(port)], port, folder)
    environment = {**os.environ, "PYTHONPATH": str(peers.DUCKDB_HOME)}
    measure = f"{rows:,} claims CSV ({source.stat().st_size >> 20} MiB): select, sort, filter, 1 CSV"
    try:
        for script in (ENGINE_SCRIPT, DUCKDB_SCRIPT):
            (folder / ("spark.py" if script is ENGINE_SCRIPT else "duck.py")).write_text(script)
        for _ in range(options.rounds):
            for name, command in (
                ("mastic", ["spark.py", str(source), str(folder / "out"), f"sc://127.0.0.1:{port}"]),
                ("native DuckDB", ["duck.py", str(source), str(folder / "duck.csv")]),
            ):
                command[0] = str(folder / command[0])
                done = subprocess.run(
                    [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=600, check=False
                )
                if done.returncode != 0:
                    raise SystemExit(f"{name}: {done.stderr[-2000:]}")
                report.add(measure, name, float(done.stdout.split()[-1]))
        report.show(measure, "s", higher_is_better=False)
    finally:
        engine.stop()


QUERY_SCRIPT = """
import sys, time
from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(sys.argv[1]).create()
frame = spark.sql("select 1")
rows = [(i, str(i), i * 1.5) for i in range(1000)]
work = {
    "collect of a known query": lambda: frame.collect(),
    "spark.sql and collect": lambda: spark.sql("select 1").collect(),
    "createDataFrame of 1,000 rows and collect": lambda: spark.createDataFrame(rows, "a int, b string, c double").collect(),
}
for name, step in work.items():
    for _ in range(5):
        step()
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(f"{name}|{sorted(times)[len(times) // 2] * 1000}")
"""


UDF_SCRIPT = """
import sys, time
import pandas as pd
from pyspark.sql import SparkSession, functions as f

spark = SparkSession.builder.remote(sys.argv[1]).create()
rows = int(sys.argv[2])

@f.udf("bigint")
def plain(x):
    return x + 1

@f.udf("bigint", useArrow=True)
def arrow(x):
    return x + 1

@f.pandas_udf("bigint")
def pandas(x: pd.Series) -> pd.Series:
    return x + 1

for name, function in (("plain", plain), ("Arrow", arrow), ("pandas", pandas)):
    spark.range(1000).select(f.sum(function("id"))).collect()
    start = time.perf_counter()
    total = spark.range(rows).select(f.sum(function("id"))).collect()[0][0]
    assert total == rows * (rows + 1) // 2, total
    print(f"a {name} Python UDF over {rows:,} rows|{time.perf_counter() - start}")
"""


def _beside_engines(options: argparse.Namespace, report: Report, script: str, argument: str, unit: str, rounds: int) -> None:
    """A script that prints `measure|figure` lines, against Mastic's engine, Sail and Spark in turn."""
    measures: dict[str, None] = {}
    servers = started([lambda: peers.mastic_engine(options.binary), peers.sail, peers.spark])
    file = servers[0].folder / "script.py"
    file.write_text(script)
    try:
        for _ in range(rounds):
            for server in servers:
                command = [sys.executable, str(file), f"sc://{server.endpoint}", argument]
                done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
                if done.returncode != 0:
                    print(f"{server.name} failed: {done.stderr.strip().splitlines()[-1][:200]}", file=sys.stderr)
                for line in done.stdout.splitlines():
                    measure, figure = line.split("|")
                    measures[measure] = None
                    report.add(measure, server.name, float(figure))
                report.add("Memory in use after it", server.name, peers.memory_of_tree_mib(server.process.pid))
        for measure in measures:
            report.show(measure, unit, higher_is_better=False)
        report.show("Memory in use after it", "MiB", higher_is_better=False)
    finally:
        for server in servers:
            server.stop()


def bench_query(options: argparse.Namespace, report: Report) -> None:
    """The fixed cost of a query, client and server together."""
    _beside_engines(options, report, QUERY_SCRIPT, "100", "ms", options.rounds)


def bench_udf(options: argparse.Namespace, report: Report) -> None:
    """Python UDFs over many rows."""
    _beside_engines(options, report, UDF_SCRIPT, str(options.rows * 2), "s", min(options.rounds, 2))


def bench_tpc(options: argparse.Namespace, suite: str) -> None:
    """All queries of TPC-H or TPC-DS at scale 1; see tpc.py."""
    script = pathlib.Path(__file__).with_name("tpc.py")
    subprocess.run([sys.executable, str(script), suite, "--binary", options.binary], check=False)


def bench_memory(options: argparse.Namespace, report: Report) -> None:
    """Proportional memory of an idle server, and of the server with its warm pool."""
    server = peers.mastic(options.binary)
    try:
        time.sleep(1)
        report.add("Idle memory, no pool", "mastic", sum(peers.memory_mib(pid) for pid in peers.tree(server.process.pid)))
        client(server, "s3").create_bucket(Bucket="scripts")
        _script(server, "nothing", "print('hello')\n")
        _run(server, "nothing")
        time.sleep(3)
        for pid in peers.tree(server.process.pid):
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:60]
            print(f"  {peers.memory_mib(pid):8.1f} MiB  {command}")
        report.add("Idle memory, warm pool", "mastic", sum(peers.memory_mib(pid) for pid in peers.tree(server.process.pid)))
        report.show("Idle memory, no pool", "MiB", higher_is_better=False)
        report.show("Idle memory, warm pool", "MiB", higher_is_better=False)
    finally:
        server.stop()


def bench_deploy(options: argparse.Namespace, report: Report) -> None:
    """`cdk deploy` of the claims stack, synthesised before; and a stack of 200 resources without the CDK."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    server = peers.mastic(options.binary)
    try:
        cdk = Cdk(f"http://{server.endpoint}", key="bench", secret="bench-secret")
        cdk.synth(folder / "cdk.out")
        cdk.run("bootstrap", "--app", str(folder / "cdk.out"))
        stacks = client(server, "cloudformation")
        for _ in range(options.rounds):
            start = time.perf_counter()
            cdk.run("deploy", "Claims", "--app", str(folder / "cdk.out"), "--require-approval", "never")
            report.add("cdk deploy of the claims stack", "mastic", time.perf_counter() - start)
            events = stacks.describe_stack_events(StackName="Claims")["StackEvents"]
            begun = next(event for event in events[::-1] if event["ResourceStatus"] == "CREATE_IN_PROGRESS")
            took = (events[0]["Timestamp"] - begun["Timestamp"]).total_seconds()
            report.add("… of which the server makes the resources", "mastic", took * 1000)
            cdk.run("destroy", "Claims", "--app", str(folder / "cdk.out"), "--force")
            report.add("A stack of 200 parameters and tables of the catalog", "mastic", _deploy_many(stacks))
        report.show("cdk deploy of the claims stack", "s", higher_is_better=False)
        report.show("… of which the server makes the resources", "ms", higher_is_better=False)
        report.show("A stack of 200 parameters and tables of the catalog", "s", higher_is_better=False)
    finally:
        server.stop()


def _deploy_many(stacks: Any) -> float:
    """Seconds from CreateStack to CREATE_COMPLETE of 200 resources, in two layers of dependency."""
    parameters = {
        f"P{i}": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": str(i)}} for i in range(100)
    }
    database = {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "000000000000", "DatabaseInput": {"Name": "many"}}}
    tables = {
        f"T{i}": {
            "Type": "AWS::Glue::Table",
            "Properties": {"CatalogId": "000000000000", "DatabaseName": {"Ref": "D"}, "TableInput": {"Name": f"t{i}"}},
        }
        for i in range(99)
    }
    start = time.perf_counter()
    stacks.create_stack(StackName="many", TemplateBody=json.dumps({"Resources": {**parameters, "D": database, **tables}}))
    stacks.get_waiter("stack_create_complete").wait(StackName="many", WaiterConfig={"Delay": 0.02, "MaxAttempts": 3000})
    took = time.perf_counter() - start
    stacks.delete_stack(StackName="many")
    stacks.get_waiter("stack_delete_complete").wait(StackName="many", WaiterConfig={"Delay": 0.02, "MaxAttempts": 3000})
    return took


def bench_crawl(options: argparse.Namespace, report: Report) -> None:
    """Crawls: of many objects in many folders, and of a table with many columns."""
    objects, folders, columns = 20_000, 200, 1_000
    server = peers.mastic(options.binary)
    try:
        s3, glue = client(server, "s3"), client(server, "glue")
        s3.create_bucket(Bucket="crawled")
        row = b"id,name,score\n1,ada,2.5\n2,bob,4\n"
        header = ",".join(f"column{i}" for i in range(columns))
        values = "\n".join(",".join(str(i * j) for i in range(columns)) for j in range(1, 101))

        def put(number: int) -> None:
            s3.put_object(Bucket="crawled", Key=f"many/day={number % folders:03}/{number:05}.csv", Body=row)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(put, range(objects)))
        for number in range(10):
            s3.put_object(Bucket="crawled", Key=f"wide/{number}.csv", Body=f"{header}\n{values}\n".encode())
        for measure, folder in (
            (f"crawl of {objects:,} objects in {folders} folders", "many"),
            (f"crawl of {columns:,} columns, 10 files of 100 rows", "wide"),
        ):
            target = {"S3Targets": [{"Path": f"s3://crawled/{folder}/"}]}
            glue.create_crawler(Name=folder, Role="bench", DatabaseName="crawled", Targets=target)
            for _ in range(options.rounds):
                started_at = time.monotonic()
                glue.start_crawler(Name=folder)
                while (crawler := glue.get_crawler(Name=folder)["Crawler"])["State"] != "READY":
                    time.sleep(0.01)
                if crawler["LastCrawl"]["Status"] != "SUCCEEDED":
                    raise SystemExit(f"the crawl failed: {crawler['LastCrawl']}")
                report.add(measure, server.name, time.monotonic() - started_at)
            report.show(measure, "s", higher_is_better=False)
    finally:
        server.stop()


def bench_authorise(options: argparse.Namespace, report: Report) -> None:
    """A decision of IAM, in the process: no wire, no handler."""
    for _ in range(options.rounds):
        program = pathlib.Path(options.load).with_name("authorise")
        done = subprocess.run([program], capture_output=True, text=True, timeout=120, check=True)
        for measure, microseconds in json.loads(done.stdout).items():
            report.add(f"May they? {measure}", "mastic", microseconds)
    for measure in [name for name in report.figures if name.startswith("May they?")]:
        report.show(measure, "µs", higher_is_better=False)


def bench_lineage(options: argparse.Namespace, report: Report) -> None:
    """From a plan to its lineage, in the process; and what a query notices of it (lineage.py)."""
    for _ in range(options.rounds):
        program = pathlib.Path(options.load).with_name("lineage_bench")
        done = subprocess.run([program], capture_output=True, text=True, timeout=120, check=True)
        for measure, microseconds in json.loads(done.stdout).items():
            report.add(f"Lineage of {measure}", "mastic", microseconds)
    for measure in [name for name in report.figures if name.startswith("Lineage of")]:
        report.show(measure, "µs", higher_is_better=False)
    script = pathlib.Path(__file__).with_name("lineage.py")
    subprocess.run([sys.executable, str(script), "--binary", options.binary], check=False)


PARTITIONS = 100_000


def _fill_catalog(glue: Any) -> float:
    """A table of 100,000 partitions: 1,000 days in 100 regions. Gives the seconds that its partitions took."""
    glue.create_database(DatabaseInput={"Name": "bench"})
    storage = {"Columns": [{"Name": "id", "Type": "string"}], "Location": "s3://bench/claims/"}
    keys = [{"Name": "region", "Type": "string"}, {"Name": "day", "Type": "int"}]
    glue.create_table(DatabaseName="bench", TableInput={"Name": "claims", "StorageDescriptor": storage, "PartitionKeys": keys})
    written = {"Name": "written", "StorageDescriptor": storage, "PartitionKeys": [{"Name": "key", "Type": "string"}]}
    glue.create_table(DatabaseName="bench", TableInput=written)
    start = time.perf_counter()
    for region in range(100):
        for first in range(0, 1000, 100):
            inputs = [
                {
                    "Values": [f"r{region:02}", str(day)],
                    "StorageDescriptor": {**storage, "Location": f"s3://bench/{region}/{day}/"},
                }
                for day in range(first, first + 100)
            ]
            answer = glue.batch_create_partition(DatabaseName="bench", TableName="claims", PartitionInputList=inputs)
            if answer.get("Errors"):
                raise SystemExit(f"partitions were refused: {answer['Errors'][0]}")
    return time.perf_counter() - start


def bench_catalog(options: argparse.Namespace, report: Report) -> None:
    """The data catalog with 100,000 partitions in one table, beside moto."""
    servers = started([lambda: peers.mastic(options.binary), peers.moto])
    filters = {"day = 500": 100, "region = 'r50' AND day >= 990": 10, "day > 998": 100}
    try:
        for server in servers:
            report.add(
                "100,000 partitions, BatchCreatePartition of 100",
                server.name,
                PARTITIONS / _fill_catalog(client(server, "glue")),
            )
        report.show("100,000 partitions, BatchCreatePartition of 100", "partitions/s")

        def ask(indexed: str = "") -> None:
            for expression, expected in filters.items():
                measure = f"GetPartitions of 100,000 where {expression}{indexed}"
                for _ in range(options.rounds):
                    for server in servers if not indexed else servers[:1]:
                        glue = client(server, "glue")
                        start = time.perf_counter()
                        pages = glue.get_paginator("get_partitions").paginate(
                            DatabaseName="bench", TableName="claims", Expression=expression
                        )
                        found = sum(len(page["Partitions"]) for page in pages)
                        report.add(measure, server.name, (time.perf_counter() - start) * 1000)
                        if found != expected:
                            raise SystemExit(f"{server.name} found {found} partitions where {expression}, not {expected}")
                report.show(measure, "ms", higher_is_better=False)

        ask()
        start = time.perf_counter()
        client(servers[0], "glue").create_partition_index(
            DatabaseName="bench", TableName="claims", PartitionIndex={"IndexName": "by_day", "Keys": ["day"]}
        )
        report.add("CreatePartitionIndex over 100,000 partitions", "mastic", time.perf_counter() - start)
        report.show("CreatePartitionIndex over 100,000 partitions", "s", higher_is_better=False)
        ask(", indexed")
        for measure, settings in (
            ("GetTable, 32 connections", {"operation": "get-table"}),
            ("CreatePartition, 32 connections", {"operation": "create-partition"}),
        ):
            for number in range(options.rounds):
                for server in servers:
                    done = load(options, server, connections=32, prefix=f"{number}-", **settings)
                    report.add(measure, server.name, done["per_second"])
            report.show(measure, "calls/s")
        for _ in range(options.rounds):
            done = load(options, servers[0], connections=32, operation="get-partitions")
            report.add("GetPartitions by an index, 32 connections", "mastic", done["per_second"])
        report.show("GetPartitions by an index, 32 connections", "calls/s")
    finally:
        for server in servers:
            server.stop()


SCHEDULES = 10_000


def bench_schedules(options: argparse.Namespace, report: Report) -> None:
    """10,000 active schedules of which 100 are due in one minute, and how late their runs start."""
    server = peers.mastic(options.binary)
    try:
        glue, dynamodb = client(server, "glue"), client(server, "dynamodb")
        dynamodb.create_table(
            TableName="nothing",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        targets = {"DynamoDBTargets": [{"Path": "nothing"}]}
        glue.create_crawler(Name="nothing", Role="bench", DatabaseName="bench", Targets=targets)
        # Two minutes from now are enough to make them all.
        begun = time.time()
        for number in range(SCHEDULES):
            due = time.gmtime(begun + 240 if number < 100 else begun + 7200 + number)
            name = f"w{number}"
            glue.create_workflow(Name=name)
            glue.create_trigger(
                Name=name,
                Type="SCHEDULED",
                WorkflowName=name,
                Schedule=f"cron({due.tm_min} {due.tm_hour} * * ? *)",
                StartOnCreation=True,
                Actions=[{"CrawlerName": "nothing"}],
            )
        made = time.time() - begun
        report.add("10,000 workflows with a schedule each, made by one client", "mastic", SCHEDULES / made)
        report.show("10,000 workflows with a schedule each, made by one client", "a second")
        if made > 180:
            raise SystemExit(f"the schedules took {made:.0f} s to make: what was due is over")
        due_at = (int(begun) + 240) // 60 * 60
        time.sleep(max(0.0, due_at + 10 - time.time()))
        # The API tells whole seconds; the server's own record tells more.
        database = sqlite3.connect(f"file:{server.folder}/data/glue/glue.db?mode=ro", uri=True)
        fired = database.execute("SELECT fired_us FROM firing").fetchall()
        if len(fired) != 100:
            raise SystemExit(f"{len(fired)} schedules have fired, 100 were due")
        for (moment,) in fired:
            report.add("A schedule's run starts late by", "mastic", moment / 1000 - due_at * 1000)
        report.show("A schedule's run starts late by", "ms", higher_is_better=False)
    finally:
        server.stop()


def bench_console(options: argparse.Namespace, report: Report) -> None:
    """The console in a browser, over much."""
    units: dict[str, str] = {}

    def add(measure: str, unit: str, value: float) -> None:
        units[measure] = unit
        report.add(measure, "mastic", value)

    consoles.measure(options.binary, options.rounds, client, add)
    for measure, unit in units.items():
        report.show(measure, unit, higher_is_better=False)


PARTS: dict[str, Callable[[argparse.Namespace, Report], None]] = {
    "dynamodb": bench_dynamodb,
    "s3": bench_s3,
    "jobs": bench_jobs,
    "engine": bench_engine,
    "memory": bench_memory,
    "deploy": bench_deploy,
    "query": bench_query,
    "udf": bench_udf,
    "tpch": lambda options, report: bench_tpc(options, "tpch"),
    "tpcds": lambda options, report: bench_tpc(options, "tpcds"),
    "authorise": bench_authorise,
    "crawl": bench_crawl,
    "lineage": bench_lineage,
    "catalog": bench_catalog,
    "schedules": bench_schedules,
    "console": bench_console,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures Mastic beside its peers.")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--load", required=True, help="the load generator")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    options.binary = str(pathlib.Path(options.binary).resolve())
    report = Report()
    for name, part in PARTS.items():
        if options.only in (None, name):
            part(options, report)
    if options.output:
        options.output.write_text(json.dumps(report.figures, indent=2))


if __name__ == "__main__":
    main()
