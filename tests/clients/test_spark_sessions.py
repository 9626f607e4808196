"""Sessions of the genuine PySpark client: types on the wire, settings, errors' details, observed metrics, memory, tokens."""

from __future__ import annotations

import datetime
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pyarrow as pa
import pytest
from conftest import BINARY, end
from pyspark.errors import AnalysisException, ArithmeticException, IllegalArgumentException, PySparkException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DecimalType, LongType, StringType, StructType
from pyspark.testing.objects import PythonOnlyPoint, PythonOnlyUDT


@contextmanager
def engine(*options: str) -> Iterator[str]:
    process = subprocess.Popen([str(BINARY), "engine", "--port", "0", *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        end(process)


def rows(frame: DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    with engine() as address:
        session = SparkSession.builder.remote(address).create()
        yield session
        session.stop()


def test_user_defined_types_come_back_as_objects(spark: SparkSession, tmp_path: Path) -> None:
    schema = StructType().add("key", LongType()).add("points", ArrayType(PythonOnlyUDT()))
    frame = spark.createDataFrame([(1, [PythonOnlyPoint(1.0, 2.0)]), (2, None)], schema)
    assert rows(frame) == [(1, [PythonOnlyPoint(1.0, 2.0)]), (2, None)]
    frame.write.parquet(str(tmp_path / "points"))
    read = spark.read.parquet(str(tmp_path / "points"))
    assert read.schema == schema
    assert rows(read.orderBy("key").limit(1)) == [(1, [PythonOnlyPoint(1.0, 2.0)])]


def test_local_data_of_unusual_shapes(spark: SparkSession) -> None:
    span = datetime.timedelta(days=1, microseconds=5)
    schema = "a array<interval day to second>, m map<string, interval day to second>"
    nested = spark.createDataFrame([([span, None], {"a": span})], schema)
    assert rows(nested) == [([span, None], {"a": span})]
    table = pa.table({"d": pa.array(["x", "y", "x"]).dictionary_encode(), "n": pa.nulls(3)})
    assert [row.d for row in spark.createDataFrame(table).collect()] == ["x", "y", "x"]
    twice = spark.createDataFrame([(1, 2)], ["a", "b"]).select(F.col("a"), F.col("b").alias("a"))
    assert twice.columns == ["a", "a"] and rows(twice) == [(1, 2)]
    spark.conf.set("spark.sql.legacy.allowNegativeScaleOfDecimal", "true")
    rounded = spark.createDataFrame([(14,), (15,), (-15,)], "v int").select(F.col("v").cast(DecimalType(3, -1)))
    assert [int(row[0]) for row in rounded.collect()] == [10, 20, -20]


def test_collations_are_part_of_types(spark: SparkSession) -> None:
    schema = StructType().add("s", StringType("UTF8_LCASE"))
    assert spark.createDataFrame([], schema).schema == schema


def test_settings(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.sources.partitionOverwriteMode") == "STATIC"
    assert spark.conf.get("spark.sql.sources.partitionOverwriteMode", None) is None
    spark.conf.set("spark.sql.execution.arrow.enabled", "false")
    assert spark.conf.get("spark.sql.execution.arrow.pyspark.enabled") == "false"
    spark.conf.unset("spark.sql.execution.arrow.enabled")
    assert spark.conf.get("spark.sql.execution.arrow.pyspark.enabled") == "true"
    with pytest.raises(IllegalArgumentException, match="value cannot be null for key: foo"):
        spark.conf.set("foo", None)  # type: ignore[arg-type]


def test_defaults_of_an_older_spark() -> None:
    with engine() as address:
        older = SparkSession.builder.remote(address).create()
        older.conf.set("spark.mastic.sparkVersion", "3.5.4")
        assert older.version == "3.5.4"
        assert older.conf.get("spark.sql.ansi.enabled") == "false"
        assert rows(older.sql("SELECT 1 / 0")) == [(None,)]
        older.stop()


def test_errors_say_where_in_the_users_code(spark: SparkSession) -> None:
    with pytest.raises(ArithmeticException) as failed:
        spark.range(3).withColumn("d", F.col("id") / 0).collect()
    assert failed.value.getCondition() == "DIVIDE_BY_ZERO"
    assert failed.value.getSqlState() == "22012"
    assert failed.value.getMessageParameters() == {"config": '"spark.sql.ansi.enabled"'}
    (context,) = failed.value.getQueryContext()
    assert context.fragment() == "__truediv__"
    assert "test_spark_sessions.py" in context.callSite()
    with pytest.raises(AnalysisException) as unknown:
        spark.range(1).select(F.col("nope")).collect()
    assert unknown.value.getQueryContext()[0].fragment() == "col"


def test_observed_metrics(spark: SparkSession) -> None:
    counted, deep = Observation("counted"), Observation()
    frame = spark.range(100).observe(counted, F.count(F.lit(1)).alias("rows"), F.sum("id").alias("sum"))
    frame = frame.where("id < 10").observe(deep, F.struct(F.max("id").alias("most"), F.array(F.min("id"))).alias("nested"))
    assert frame.count() == 10
    assert counted.get == {"rows": 100, "sum": 4950}
    assert deep.get["nested"].most == 9
    with pytest.raises(AnalysisException) as twice:
        frame.observe(Observation("counted"), F.count(F.lit(1)).alias("other")).collect()
    assert twice.value.getCondition() == "DUPLICATED_METRICS_NAME"
    failing = Observation()
    assert len(rows(spark.range(2).observe(failing, F.count(F.lit(1)), F.raise_error(F.lit("no luck"))))) == 2
    with pytest.raises(PySparkException, match="no luck"):
        _ = failing.get


def test_observed_rows_are_those_of_the_result(spark: SparkSession) -> None:
    seen = Observation()
    passed = rows(spark.range(1000).select(F.rand().alias("r")).observe(seen, F.sum("r").alias("sum")))
    assert seen.get["sum"] == pytest.approx(sum(row[0] for row in passed), abs=1e-9)


def test_persisted_rows_stay_the_same(spark: SparkSession) -> None:
    frame = spark.range(5).select(F.rand().alias("r")).cache()
    assert frame.storageLevel.useMemory
    assert frame.collect() == frame.collect() == frame.select("r").collect()
    assert frame.where("r >= 0").count() == 5
    frame.unpersist()
    kept = spark.range(3).select(F.rand().alias("r")).localCheckpoint()
    assert kept.collect() == kept.collect()


def test_progress_is_reported(spark: SparkSession) -> None:
    seen: list[Any] = []

    def handler(stages: Any, inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        seen.append((sum(stage.num_tasks for stage in stages or []), done))

    handle: Any = handler

    spark.registerProgressHandler(handle)
    try:
        slow = spark.range(1_500_000_000).select(F.sum(F.expr("id * id % 7")))
        deadline = time.monotonic() + 60
        while not any(tasks for tasks, _ in seen) and time.monotonic() < deadline:
            slow.collect()
    finally:
        spark.removeProgressHandler(handle)
    assert any(tasks == 100 for tasks, _ in seen)
    assert seen[-1][1]


def test_only_the_holder_of_the_token_is_served() -> None:
    with engine("--with-token") as address:
        assert address.startswith("sc://localhost:") and ";token=" in address
        session = SparkSession.builder.remote(address).create()
        assert session.range(3).count() == 3
        session.stop()
        port = address.split(":")[2].split("/")[0]
        stranger = SparkSession.builder.remote(f"sc://localhost:{port}/;token=guess").create()
        with pytest.raises((grpc.RpcError, PySparkException), match="token is missing or wrong"):
            stranger.range(3).count()


def test_a_query_larger_than_memory_spills_or_fails_alone() -> None:
    with engine("--memory", "120", "--threads", "2") as address:
        session = SparkSession.builder.remote(address).create()
        wide = session.range(6_000_000).select("id", F.concat(F.lit("some text that takes room "), F.col("id")).alias("t"))
        middle = wide.orderBy(F.xxhash64("id")).where("length(t) > 5").offset(3_000_000).limit(1).collect()
        assert len(middle) == 1
        with pytest.raises(PySparkException) as too_large:
            wide.select(F.length(F.listagg("t"))).collect()
        assert too_large.value.getCondition() == "UNABLE_TO_ACQUIRE_MEMORY"
        assert session.range(3).count() == 3
        session.stop()


def test_decimals_keep_nan_out(spark: SparkSession) -> None:
    assert rows(spark.createDataFrame([(Decimal("NaN"),)], "d decimal(10,2)")) == [(None,)]


def test_errors_of_sql_show_the_place(spark: SparkSession) -> None:
    with pytest.raises(ArithmeticException) as failed:
        spark.sql("SELECT 1,\n  (10 / 0) * 100").collect()
    (context,) = failed.value.getQueryContext()
    assert (context.fragment(), context.startIndex(), context.stopIndex()) == ("10 / 0", 13, 18)
    assert "== SQL (line 2, position 4) ==\n  (10 / 0) * 100\n   ^^^^^^\n" in str(failed.value)


def test_struct_fields_of_one_name(spark: SparkSession) -> None:
    ((row,),) = rows(spark.sql("SELECT struct('a' AS x, 1 AS x) AS s"))
    assert tuple(row) == ("a", 1) and row.__fields__ == ["x", "x"]


def test_a_collation_decides_what_is_equal(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("b",), ("a",), ("A",)], StructType().add("s", StringType("UTF8_LCASE")))
    assert [row.s for row in frame.collect()] == ["b", "a", "A"]
    assert [row.s for row in frame.where("s = 'A'").collect()] == ["a", "A"]
    assert frame.distinct().count() == 2
    assert [row.s.lower() for row in frame.orderBy("s").collect()] == ["a", "a", "b"]
    assert [row["count"] for row in frame.groupBy("s").count().orderBy("s").collect()] == [2, 1]
