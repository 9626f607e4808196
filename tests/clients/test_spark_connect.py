"""The genuine PySpark client against `mastic engine`.

MASTIC_TEST_SPARK_REMOTE aims the tests at another Spark Connect server (a real Spark, for comparison).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from conftest import BINARY, end
from pyspark.errors import AnalysisException, ArithmeticException, ParseException, PySparkException
from pyspark.errors.exceptions.connect import SparkConnectException
from pyspark.sql import functions as F
from pyspark.sql.connect.client.core import SparkConnectClient
from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc
from pyspark.sql.connect.session import SparkSession

SLOW_QUERY_ROWS = 4_000_000_000


@pytest.fixture(scope="module")
def remote() -> Iterator[str]:
    given = os.environ.get("MASTIC_TEST_SPARK_REMOTE")
    if given:
        yield given
        return
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    process = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("sc://"), address
    try:
        yield address
    finally:
        close_all()
        end(process)


opened: list[SparkSession] = []


def new_session(remote: str) -> SparkSession:
    session: SparkSession = SparkSession.builder.remote(remote).create()
    opened.append(session)
    return session


def close_all() -> None:
    """A session that is left open asks its server again when Python exits, for minutes when that is gone."""
    for session in opened:
        with contextlib.suppress(Exception):
            session.stop()
    opened.clear()


@pytest.fixture
def spark(remote: str) -> Iterator[SparkSession]:
    session = new_session(remote)
    # The client makes a checkpoint's DataFrame with the active session, not with the one that it came from.
    SparkSession._active_session.session = session
    yield session
    session.client.release_session()


@pytest.fixture
def people(spark: SparkSession) -> Any:
    rows = [("Tom", 14, 1.5), ("Alice", 23, None), ("Bob", 16, 2.25)]
    return spark.createDataFrame(rows, "name string, age int, x double")


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


# Sessions and configuration


def test_sessions_do_not_share_settings_and_views(remote: str) -> None:
    one, two = new_session(remote), new_session(remote)
    one.conf.set("spark.sql.shuffle.partitions", "7")
    one.range(1).createTempView("mine")
    assert two.conf.get("spark.sql.shuffle.partitions") == "200"
    assert one.catalog.tableExists("mine")
    assert not two.catalog.tableExists("mine")


def test_a_clone_starts_with_the_settings_and_views(spark: SparkSession) -> None:
    spark.conf.set("my.key", "1")
    spark.range(3).createTempView("numbers")
    clone = spark.cloneSession()
    clone.conf.set("my.key", "2")
    assert spark.conf.get("my.key") == "1"
    assert clone.table("numbers").count() == 3


def test_a_released_session_is_closed(remote: str) -> None:
    session = new_session(remote)
    session.range(1).collect()
    session.client.release_session()
    with pytest.raises(SparkConnectException) as caught:
        session.range(1).collect()
    assert "SESSION_CLOSED" in str(caught.value)


def test_configuration(spark: SparkSession) -> None:
    assert spark.conf.get("no.such.key", "otherwise") == "otherwise"
    assert spark.conf.get("no.such.key", None) is None
    spark.conf.set("spark.sql.ansi.enabled", False)
    assert spark.conf.get("spark.sql.ansi.enabled") == "false"
    spark.conf.unset("spark.sql.ansi.enabled")
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    assert spark.conf.isModifiable("spark.sql.ansi.enabled")
    assert not spark.conf.isModifiable("spark.sql.warehouse.dir")
    spark.conf.set("other.key", "x")
    assert dict(spark.conf.getAll)["other.key"] == "x"


@pytest.mark.parametrize(
    ("key", "value", "condition"),
    [
        ("spark.sql.warehouse.dir", "x", "CANNOT_MODIFY_STATIC_CONFIG"),
        ("spark.executor.memory", "1g", "CANNOT_MODIFY_CONFIG"),
        ("spark.sql.ansi.enabled", "maybe", "INVALID_CONF_VALUE.TYPE_MISMATCH"),
        ("spark.sql.session.timeZone", "Mars/Base", "INVALID_CONF_VALUE.TIME_ZONE"),
    ],
)
def test_settings_that_are_refused(spark: SparkSession, key: str, value: str, condition: str) -> None:
    with pytest.raises(PySparkException) as caught:
        spark.conf.set(key, value)
    assert caught.value.getCondition() == condition


def test_a_missing_setting(spark: SparkSession) -> None:
    with pytest.raises(PySparkException) as caught:
        spark.conf.get("no.such.key")
    assert caught.value.getCondition() == "SQL_CONF_NOT_FOUND"
    assert caught.value.getSqlState() == "42K0I"


# Rows


def test_local_rows_come_back(people: Any) -> None:
    assert rows_of(people) == [("Tom", 14, 1.5), ("Alice", 23, None), ("Bob", 16, 2.25)]
    assert people.count() == 3
    assert people.toPandas()["name"].tolist() == ["Tom", "Alice", "Bob"]
    assert people.dtypes == [("name", "string"), ("age", "int"), ("x", "double")]


def test_show(people: Any, capsys: pytest.CaptureFixture[str]) -> None:
    people.show()
    table = """\
+-----+---+----+
| name|age|   x|
+-----+---+----+
|  Tom| 14| 1.5|
|Alice| 23|NULL|
|  Bob| 16|2.25|
+-----+---+----+

"""
    assert capsys.readouterr().out == table
    people.select("name").show(1, truncate=3, vertical=True)
    assert capsys.readouterr().out == "-RECORD 0---\n name | Tom \nonly showing top 1 row\n"
    people.select("name").show(2, truncate=False)
    assert "|Tom  |\n|Alice|\n" in capsys.readouterr().out


def test_select_filter_sort_group_join(people: Any) -> None:
    older = people.select("name", (F.col("age") + 1).alias("next")).filter(F.col("age") > 14).sort(F.desc("next"))
    assert rows_of(older) == [("Alice", 24), ("Bob", 17)]
    groups = people.groupBy((F.col("age") % 2).alias("odd")).agg(F.count("*").alias("n"), F.max("age")).orderBy("odd")
    assert groups.columns == ["odd", "n", "max(age)"]
    assert rows_of(groups) == [(0, 2, 16), (1, 1, 23)]
    ages = people.select("name", F.col("age").alias("again"))
    assert rows_of(people.join(ages, "name").select("name", "again").orderBy("name")) == [
        ("Alice", 23),
        ("Bob", 16),
        ("Tom", 14),
    ]


def test_many_batches_keep_their_order(spark: SparkSession) -> None:
    table = spark.range(100_000).toArrow()
    assert table.num_rows == 100_000
    assert table.column(0).to_pylist() == list(range(100_000))


def test_no_rows(spark: SparkSession) -> None:
    frame = spark.range(0)
    assert frame.collect() == []
    assert frame.toPandas().columns.tolist() == ["id"]


def test_large_local_relations_go_through_the_cache(spark: SparkSession) -> None:
    rows = [(i, "x" * 100) for i in range(30_000)]
    frame = spark.createDataFrame(rows, "i int, s string")
    assert frame.count() == 30_000
    assert frame.agg(F.sum("i")).collect()[0][0] == sum(range(30_000))
    again = spark.createDataFrame(rows, "i int, s string")
    assert again.count() == 30_000


def test_a_large_plan_is_sent_compressed(spark: SparkSession) -> None:
    spark.conf.set("spark.connect.session.planCompression.threshold", "1000")
    frame = spark.range(2)
    for i in range(50):
        frame = frame.withColumn(f"column_{i}", F.lit("text " * 20))
    assert len(frame.collect()[0]) == 51


def test_a_deep_plan(spark: SparkSession) -> None:
    frame = spark.range(2)
    for _ in range(150):
        frame = frame.withColumn("id", F.col("id") + 1)
    assert rows_of(frame) == [(150,), (151,)]


# Views, SQL, catalog


def test_views(spark: SparkSession, people: Any) -> None:
    people.createTempView("People")
    with pytest.raises(AnalysisException) as caught:
        people.createTempView("people")
    assert caught.value.getCondition() == "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"
    people.limit(1).createOrReplaceTempView("people")
    assert spark.table("PEOPLE").count() == 1
    name = f"shared_{uuid.uuid4().hex}"
    people.createGlobalTempView(name)
    assert spark.table(f"global_temp.{name}").count() == 3
    assert spark.catalog.dropTempView("people")
    assert not spark.catalog.dropTempView("people")
    assert spark.catalog.dropGlobalTempView(name)


def test_sql(spark: SparkSession, people: Any) -> None:
    people.createTempView("people")
    query = spark.sql("SELECT name, age FROM people WHERE age > :least ORDER BY age DESC", args={"least": 15})
    assert rows_of(query) == [("Alice", 23), ("Bob", 16)]
    assert rows_of(spark.sql("SELECT ? + 1", args=[41])) == [(42,)]
    assert rows_of(spark.sql("SELECT count(*) FROM {frame}", frame=people)) == [(3,)]
    assert rows_of(spark.sql("SET my.key=5")) == [("my.key", "5")]
    assert spark.conf.get("my.key") == "5"
    spark.sql("CREATE OR REPLACE TEMPORARY VIEW adults AS SELECT * FROM people WHERE age >= 18")
    assert rows_of(spark.sql("SHOW TABLES")) == [("", "adults", True), ("", "people", True)]
    assert [row[:2] for row in rows_of(spark.sql("DESCRIBE adults"))] == [
        ("name", "string"),
        ("age", "int"),
        ("x", "double"),
    ]
    spark.sql("DROP VIEW adults")
    assert not spark.catalog.tableExists("adults")


def test_catalog(spark: SparkSession, people: Any) -> None:
    people.createTempView("people")
    assert spark.catalog.currentDatabase() == "default"
    assert spark.catalog.currentCatalog() == "spark_catalog"
    assert [database.name for database in spark.catalog.listDatabases()] == ["default"]
    (table,) = spark.catalog.listTables()
    assert (table.name, table.tableType, table.isTemporary) == ("people", "TEMPORARY", True)
    assert [column.dataType for column in spark.catalog.listColumns("people")] == ["string", "int", "double"]
    assert spark.catalog.functionExists("upper")
    assert not spark.catalog.functionExists("no_such_function")
    with pytest.raises(AnalysisException) as caught:
        spark.catalog.setCurrentDatabase("no_such_database")
    assert caught.value.getCondition() == "SCHEMA_NOT_FOUND"


# Analysis


def test_analysis(spark: SparkSession, people: Any, capsys: pytest.CaptureFixture[str]) -> None:
    people.printSchema()
    assert capsys.readouterr().out.startswith("root\n |-- name: string (nullable = true)\n |-- age: integer")
    people.filter("age > 3").explain()
    assert capsys.readouterr().out.startswith("== Physical Plan ==\n")
    assert not people.isStreaming
    assert spark.range(3).sameSemantics(spark.range(3))
    assert not spark.range(3).sameSemantics(spark.range(4))
    assert spark.range(3).semanticHash() == spark.range(3).semanticHash()


def test_persisted_rows_are_computed_once(spark: SparkSession) -> None:
    frame = spark.range(10).withColumn("r", F.rand())
    frame.persist()
    assert frame.storageLevel.useMemory
    assert rows_of(frame) == rows_of(frame)
    assert rows_of(frame.filter("id < 5")) == rows_of(frame)[:5]
    frame.unpersist()
    assert not frame.storageLevel.useMemory


def test_a_checkpoint_keeps_rows(spark: SparkSession) -> None:
    frame = spark.range(10).withColumn("r", F.rand()).localCheckpoint()
    assert rows_of(frame) == rows_of(frame)
    frame.createTempView("kept")
    rows = rows_of(frame)
    del frame
    assert rows_of(spark.table("kept")) == rows


# Errors


def test_errors_carry_condition_state_and_parameters(spark: SparkSession, people: Any) -> None:
    with pytest.raises(AnalysisException) as caught:
        people.select("nme").collect()
    error = caught.value
    assert error.getCondition() == "UNRESOLVED_COLUMN.WITH_SUGGESTION"
    assert error.getSqlState() == "42703"
    parameters = error.getMessageParameters()
    assert parameters is not None
    assert parameters["objectName"] == "`nme`"
    with pytest.raises(ArithmeticException) as division:
        spark.sql("SELECT 1/0").collect()
    assert division.value.getCondition() == "DIVIDE_BY_ZERO"
    assert division.value.getSqlState() == "22012"
    with pytest.raises(ParseException) as parse:
        spark.sql("SELEC 1")
    assert parse.value.getCondition() == "PARSE_SYNTAX_ERROR"
    with pytest.raises(AnalysisException) as table:
        spark.table("no_such_table").collect()
    assert table.value.getCondition() == "TABLE_OR_VIEW_NOT_FOUND"


def test_a_long_message_comes_whole(spark: SparkSession) -> None:
    name = "n" * 6000
    with pytest.raises(AnalysisException) as caught:
        spark.range(1).select(name).collect()
    assert name in str(caught.value)


def test_what_is_not_supported_says_so(spark: SparkSession) -> None:
    with pytest.raises(PySparkException) as caught:
        spark.readStream.format("rate").load().collect()
    assert "does not support" in str(caught.value)


# Operations


def slow_query(spark: SparkSession) -> Any:
    numbers = spark.range(SLOW_QUERY_ROWS)
    return numbers.select(F.sum(F.sin(F.col("id") * F.col("id"))))


def running_operations(spark: SparkSession) -> list[str]:
    statuses = spark.client._get_operation_statuses().operation_statuses
    return [status.operation_id for status in statuses if status.state == 2]


def interrupt(spark: SparkSession, by: str) -> list[str]:
    if by == "all":
        return spark.interruptAll()
    if by == "tag":
        assert spark.interruptTag("other") == []
        return spark.interruptTag("slow")
    running = running_operations(spark)
    return spark.interruptOperation(running[0]) if running else []


@pytest.mark.parametrize("by", ["all", "tag", "operation"])
def test_interrupt_ends_a_running_query(spark: SparkSession, by: str) -> None:
    if by == "operation" and not hasattr(spark.client, "_get_operation_statuses"):
        pytest.skip("clients before 4.2 cannot ask for the ids of running operations")
    caught: list[Exception] = []

    def run() -> None:
        spark.addTag("slow")
        try:
            slow_query(spark).collect()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 20
    interrupted: list[str] = []
    while not interrupted and time.monotonic() < deadline:
        time.sleep(0.02)
        interrupted = interrupt(spark, by)
    assert len(interrupted) == 1
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert "OPERATION_CANCELED" in str(caught[0])
    assert spark.range(2).count() == 2


def test_queries_run_beside_each_other(spark: SparkSession) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: spark.range(n).agg(F.sum("id")).collect()[0][0], range(1, 33)))
    assert results == [n * (n - 1) // 2 for n in range(1, 33)]


class Wire:
    """Spark Connect's calls without the client's own reattaching."""

    def __init__(self, remote: str) -> None:
        options = [("grpc.max_receive_message_length", 128 << 20)]
        self.channel = grpc.insecure_channel(remote.removeprefix("sc://"), options=options)
        self.stub = base_pb2_grpc.SparkConnectServiceStub(self.channel)
        self.session_id = str(uuid.uuid4())

    def plan(self, rows: int) -> base_pb2.Plan:
        plan = base_pb2.Plan()
        plan.root.range.end = rows
        plan.root.range.step = 1
        return plan

    def request(self, rows: int, operation_id: str) -> base_pb2.ExecutePlanRequest:
        request = base_pb2.ExecutePlanRequest(session_id=self.session_id, operation_id=operation_id, plan=self.plan(rows))
        option = base_pb2.ExecutePlanRequest.RequestOption()
        option.reattach_options.reattachable = True
        request.request_options.append(option)
        return request

    def reattach(self, operation_id: str, last: str = "") -> Any:
        request = base_pb2.ReattachExecuteRequest(session_id=self.session_id, operation_id=operation_id)
        if last:
            request.last_response_id = last
        return self.stub.ReattachExecute(request)


def test_a_cut_stream_goes_on_after_the_last_response(remote: str) -> None:
    wire = Wire(remote)
    operation = str(uuid.uuid4())
    stream = wire.stub.ExecutePlan(wire.request(50_000, operation))
    first = next(stream)
    second = next(stream)
    stream.cancel()
    responses = [first, second, *wire.reattach(operation, second.response_id)]
    rows = sum(response.arrow_batch.row_count for response in responses)
    assert rows == 50_000
    assert responses[-1].HasField("result_complete")
    assert len({response.response_id for response in responses}) == len(responses)
    assert len({response.server_side_session_id for response in responses}) == 1


def test_the_same_request_again_reads_the_same_operation(remote: str) -> None:
    wire = Wire(remote)
    operation = str(uuid.uuid4())
    first = [response.response_id for response in wire.stub.ExecutePlan(wire.request(10, operation))]
    again = [response.response_id for response in wire.stub.ExecutePlan(wire.request(10, operation))]
    assert first == again
    with pytest.raises(grpc.RpcError) as other:
        list(wire.stub.ExecutePlan(wire.request(11, operation)))
    assert "INVALID_HANDLE.OPERATION_ALREADY_EXISTS" in other.value.details()


def test_released_and_unknown_operations(remote: str) -> None:
    wire = Wire(remote)
    operation = str(uuid.uuid4())
    list(wire.stub.ExecutePlan(wire.request(10, operation)))
    with pytest.raises(grpc.RpcError) as unknown:
        list(wire.reattach(str(uuid.uuid4())))
    assert "INVALID_HANDLE.OPERATION_NOT_FOUND" in unknown.value.details()
    release = base_pb2.ReleaseExecuteRequest(session_id=wire.session_id, operation_id=operation)
    release.release_all.SetInParent()
    wire.stub.ReleaseExecute(release)
    with pytest.raises(grpc.RpcError) as released:
        list(wire.reattach(operation))
    assert "INVALID_HANDLE.OPERATION_ABANDONED" in released.value.details()


def test_a_session_that_the_server_does_not_know(remote: str) -> None:
    wire = Wire(remote)
    request = wire.request(1, str(uuid.uuid4()))
    request.client_observed_server_side_session_id = str(uuid.uuid4())
    with pytest.raises(grpc.RpcError) as changed:
        list(wire.stub.ExecutePlan(request))
    assert "INVALID_HANDLE.SESSION_CHANGED" in changed.value.details()
    wire.session_id = "no-uuid"
    with pytest.raises(grpc.RpcError) as form:
        list(wire.stub.ExecutePlan(wire.request(1, str(uuid.uuid4()))))
    assert "INVALID_HANDLE.FORMAT" in form.value.details()


def test_artifacts_are_checked_and_found(remote: str) -> None:
    client = SparkConnectClient(remote)
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder, "some_module.py")
        module.write_text("x = 1\n" * 20_000)
        client.add_artifacts(str(module), pyfile=True, archive=False, file=False)
    request = base_pb2.ArtifactStatusesRequest(session_id=client._session_id, names=["pyfiles/some_module.py", "files/other"])
    request.user_context.user_id = client._user_id or ""
    statuses = client._stub.ArtifactStatus(request).statuses
    assert statuses["pyfiles/some_module.py"].exists
    assert not statuses["files/other"].exists


# Files


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_write_and_read_back(spark: SparkSession, people: Any, tmp_path: Path, file_format: str) -> None:
    folder = str(tmp_path / "people")
    people.write.format(file_format).option("header", True).save(folder)
    assert Path(folder, "_SUCCESS").exists()
    frame = spark.read.format(file_format).option("header", True).schema("name string, age int, x double").load(folder)
    assert rows_of(frame.orderBy("age")) == [("Tom", 14, 1.5), ("Bob", 16, 2.25), ("Alice", 23, None)]
    with pytest.raises(AnalysisException) as caught:
        people.write.format(file_format).save(folder)
    assert caught.value.getCondition() == "PATH_ALREADY_EXISTS"
    people.limit(1).write.format(file_format).mode("overwrite").option("header", True).save(folder)
    assert spark.read.format(file_format).option("header", True).load(folder).count() == 1


def test_partitioned_files(spark: SparkSession, people: Any, tmp_path: Path) -> None:
    folder = str(tmp_path / "people")
    people.write.partitionBy("name").parquet(folder)
    assert Path(folder, "name=Tom").is_dir()
    frame = spark.read.parquet(folder)
    assert frame.columns == ["age", "x", "name"]
    assert rows_of(frame.filter("name = 'Bob'")) == [(16, 2.25, "Bob")]
    assert len(frame.inputFiles()) == 3


def test_a_missing_path(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(AnalysisException) as caught:
        spark.read.parquet(str(tmp_path / "nothing")).collect()
    assert caught.value.getCondition() == "PATH_NOT_FOUND"
