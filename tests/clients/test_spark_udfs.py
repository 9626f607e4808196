"""Python functions of every kind, in worker processes: their results, their errors, and what may go wrong in them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from conftest import BINARY
from pyspark.errors import PySparkException, PythonException
from pyspark.sql import Row, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.functions import arrow_udf, pandas_udf, udf


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


@pytest.mark.parametrize("by_arrow", [False, True])
def test_a_function_of_rows_stands_anywhere(spark: SparkSession, by_arrow: bool) -> None:
    plus = udf(lambda a, b=10: a + b, "long", useArrow=by_arrow)
    frame = spark.range(4)
    assert rows(frame.select("id", plus("id"), plus("id", b=F.lit(1)))) == [(i, i + 10, i + 1) for i in range(4)]
    assert rows(frame.where(plus("id") > 11)) == [(2,), (3,)]
    assert rows(frame.orderBy(plus(-F.col("id")))) == [(3,), (2,), (1,), (0,)]
    assert rows(frame.groupBy((plus("id") % 2).alias("odd")).agg(F.sum(plus("id"))).orderBy("odd")) == [(0, 22), (1, 24)]
    assert rows(frame.agg(plus(F.sum("id"), F.max("id")))) == [(9,)]
    assert rows(frame.select(plus(plus("id")))) == [(i + 20,) for i in range(4)]
    other = spark.range(3).withColumnRenamed("id", "key")
    assert rows(frame.join(other, plus("id", F.col("key")) == 5)) == [(3, 2)]
    assert rows(frame.select(F.explode(F.array(plus("id"))))) == [(i + 10,) for i in range(4)]


def test_a_plain_function_gives_null_for_what_it_did_not_declare(spark: SparkSession) -> None:
    as_long = udf(lambda x: [1, 1.0, "1", True, None, 1 << 70][x], "long", useArrow=False)
    assert rows(spark.range(6).select(as_long("id"))) == [(1,), (None,), (None,), (None,), (None,), (None,)]
    as_text = udf(lambda x: [1, 1.5, True, [1, None], {"a": 1}][x], "string", useArrow=False)
    assert [r[0] for r in rows(spark.range(5).select(as_text("id")))] == ["1", "1.5", "true", "[1, null]", "{a=1}"]


def test_nested_values_travel_both_ways(spark: SparkSession) -> None:
    frame = spark.sql(
        "select array(1, null) a, map('k', 1.5) m, named_struct('x', 1, 'y', 'z') s, date '2020-01-02' d, "
        "timestamp '2020-01-02 03:04:05.000006' t, binary('b') b, decimal('12.30') e, null n"
    )
    for by_arrow in (False, True):
        same = [udf(lambda v: v, field.dataType, useArrow=by_arrow)(field.name) for field in frame.schema[:-1]]
        assert rows(frame.select(*same)) == rows(frame.drop("n"))
    seen = udf(lambda s, a: f"{type(s).__name__} {s.y} {a}", "string")
    assert rows(frame.select(seen("s", "a"))) == [("Row z [1, None]",)]


def test_functions_by_sql_name(spark: SparkSession) -> None:
    spark.udf.register("twice", lambda x, times=2: x * times, "int")
    assert rows(spark.sql("select twice(id), twice(x => id, times => 3) from range(3)")) == [(0, 0), (2, 3), (4, 6)]


def test_pandas_and_arrow_functions(spark: SparkSession) -> None:
    frame = spark.range(30_000)

    @pandas_udf("long")  # type: ignore[call-overload]
    def one_more(values: pd.Series) -> pd.Series:
        return values + 1

    @pandas_udf("long")  # type: ignore[call-overload]
    def running(parts: Iterator[pd.Series]) -> Iterator[pd.Series]:
        for part in parts:
            yield part * 2

    @arrow_udf("long")
    def halves(values: pa.Array) -> pa.Array:
        return pa.compute.divide(values, 2)

    result = frame.select("id", one_more("id"), running("id"), halves("id")).collect()
    assert [tuple(row) for row in result] == [(i, i + 1, i * 2, i // 2) for i in range(30_000)]


def test_map_in_pandas_and_arrow_see_batches_in_order(spark: SparkSession) -> None:
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "1000")
    sizes = spark.range(2500).mapInPandas(lambda parts: (pd.DataFrame({"n": [len(p)]}) for p in parts), "n long")
    assert rows(sizes) == [(1000,), (1000,), (500,)]
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    same = spark.range(25_000).mapInArrow(lambda parts: parts, "id long")
    assert rows(same) == [(i,) for i in range(25_000)]
    assert rows(spark.range(0).mapInPandas(lambda parts: parts, "id long")) == []
    assert rows(spark.range(100_000).mapInArrow(lambda parts: parts, "id long").limit(2)) == [(0,), (1,)]


def test_grouped_functions(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(1, 1.0), (2, 3.0), (1, 2.0), (2, 5.0), (None, 7.0)], "k int, v double")

    def centred(part: pd.DataFrame) -> pd.DataFrame:
        return part.assign(v=part.v - part.v.mean())

    assert sorted(rows(frame.where("k is not null").groupBy("k").applyInPandas(centred, "k int, v double"))) == [
        (1, -0.5),
        (1, 0.5),
        (2, -1.0),
        (2, 1.0),
    ]
    counted = frame.groupBy("k").applyInArrow(
        lambda key, part: pa.table({"k": pa.array([key[0].as_py()], pa.int32()), "n": [part.num_rows]}), "k int, n long"
    )
    assert sorted(rows(counted), key=str) == [(1, 2), (2, 2), (None, 1)]
    other = spark.createDataFrame([(1, "a"), (3, "b")], "k int, w string")
    both = (
        frame.where("k is not null")
        .groupBy("k")
        .cogroup(other.groupBy("k"))
        .applyInPandas(lambda key, a, b: pd.DataFrame({"k": [key[0]], "a": [len(a)], "b": [len(b)]}), "k int, a long, b long")
    )
    assert sorted(rows(both)) == [(1, 2, 1), (2, 2, 0), (3, 0, 1)]


def test_aggregates_and_windows(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(1, 1.0), (1, 2.0), (2, 3.0), (2, 5.0), (2, 10.0)], "k int, v double")

    @pandas_udf("double")  # type: ignore[call-overload]
    def mean(values: pd.Series) -> float:
        return float(values.mean())

    assert rows(frame.groupBy("k").agg(mean("v"), (mean("v") + 1).alias("m")).orderBy("k")) == [(1, 1.5, 2.5), (2, 6.0, 7.0)]
    assert rows(frame.agg(mean("v"))) == [(4.2,)]
    whole = Window.partitionBy("k")
    near = whole.orderBy("v").rowsBetween(-1, 0)
    far = whole.orderBy("v").rangeBetween(-2, 0)
    result = frame.select("k", "v", mean("v").over(whole), mean("v").over(near), mean("v").over(far)).orderBy("k", "v")
    assert rows(result) == [
        (1, 1.0, 1.5, 1.0, 1.0),
        (1, 2.0, 1.5, 1.5, 1.5),
        (2, 3.0, 6.0, 3.0, 3.0),
        (2, 5.0, 6.0, 4.0, 4.0),
        (2, 10.0, 6.0, 7.5, 10.0),
    ]


def test_what_a_function_raises_reaches_the_user(spark: SparkSession) -> None:
    def divide(x: int) -> float:
        return 1 / x

    with pytest.raises(PythonException, match="ZeroDivisionError: division by zero") as raised:
        spark.range(3).select(udf(divide, "double")("id")).collect()
    assert "Traceback (most recent call last)" in str(raised.value)
    assert rows(spark.range(1)) == [(0,)]


def test_a_worker_that_dies_ends_its_query_alone(spark: SparkSession) -> None:
    crash = udf(lambda x: ctypes.string_at(0), "string")
    leave = udf(lambda x: os._exit(3), "string")
    with pytest.raises(PySparkException, match="Python worker exited unexpectedly .crashed.. Consider setting"):
        spark.range(1).select(leave("id")).collect()
    spark.conf.set("spark.sql.execution.pyspark.udf.faulthandler.enabled", "true")
    with pytest.raises(PySparkException, match="Segmentation fault"):
        spark.range(1).select(crash("id")).collect()
    spark.conf.unset("spark.sql.execution.pyspark.udf.faulthandler.enabled")
    assert rows(spark.range(1).select(udf(lambda x: x + 1, "long")("id"))) == [(1,)]


def test_an_endless_function_is_interrupted(spark: SparkSession) -> None:
    def spin(x: int) -> int:
        while True:
            pass

    raised: list[BaseException] = []

    def collect() -> None:
        try:
            spark.range(1).select(udf(spin, "long")("id")).collect()
        except BaseException as error:  # noqa: BLE001
            raised.append(error)

    query = threading.Thread(target=collect)
    query.start()
    deadline = time.monotonic() + 20
    while query.is_alive() and time.monotonic() < deadline:
        spark.interruptAll()
        query.join(0.2)
    assert not query.is_alive()
    assert "OPERATION_CANCELED" in str(raised[0])


def test_a_worker_that_gives_no_sign_is_killed(spark: SparkSession) -> None:
    spark.conf.set("spark.sql.execution.pyspark.udf.idleTimeoutSeconds", "1s")
    spark.conf.set("spark.sql.execution.pyspark.udf.killOnIdleTimeout", "true")
    with pytest.raises(PySparkException, match=r"terminated due to idle timeout \(timeout: 1 seconds\)"):
        spark.range(1).select(udf(lambda x: time.sleep(20), "string")("id")).collect()
    spark.conf.unset("spark.sql.execution.pyspark.udf.idleTimeoutSeconds")
    spark.conf.unset("spark.sql.execution.pyspark.udf.killOnIdleTimeout")


def test_uploaded_modules_are_found(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "brought_along.py").write_text("def triple(x):\n    return x * 3\n")
    spark.addArtifacts(str(tmp_path / "brought_along.py"), pyfile=True)

    def triple(x: int) -> int:
        import brought_along  # type: ignore[import-not-found]

        return int(brought_along.triple(x))

    assert rows(spark.range(3).select(udf(triple, "long")("id"))) == [(0,), (3,), (6,)]


def test_functions_in_views_and_writes(spark: SparkSession, tmp_path: Path) -> None:
    label = udf(lambda x: f"n{x}", "string")
    spark.range(3).select("id", label("id").alias("name")).createOrReplaceTempView("labelled")
    assert rows(spark.sql("select name from labelled where id > 0")) == [("n1",), ("n2",)]
    spark.table("labelled").write.parquet(str(tmp_path / "out"))
    assert spark.read.parquet(str(tmp_path / "out")).orderBy("id").collect() == [Row(id=i, name=f"n{i}") for i in range(3)]


def test_groups_and_windows_keep_one_order(spark: SparkSession) -> None:
    frame = spark.range(10).withColumn("v", F.explode(F.array(F.col("id"), F.col("id") + 20)))

    @pandas_udf("double")  # type: ignore[call-overload]
    def mean(v: pd.Series) -> float:
        return float(v.mean())

    assert rows(frame.groupBy("id").agg(mean("v"))) == rows(frame.groupBy("id").agg(F.mean("v")))
    window = Window.partitionBy("id").orderBy("v").rowsBetween(Window.unboundedPreceding, 0)
    assert rows(frame.select("id", mean("v").over(window))) == rows(frame.select("id", F.mean("v").over(window)))


def test_a_limit_reaches_the_function(spark: SparkSession) -> None:
    @pandas_udf("int")
    def short(v: pd.Series) -> pd.Series:
        return pd.Series([len(v)])

    assert tuple(spark.range(1000).select(short("id")).first() or ()) == (1,)


def test_profiles_reach_the_client(spark: SparkSession) -> None:
    plus = udf(lambda x: x + 1, "long")
    spark.conf.set("spark.sql.pyspark.udf.profiler", "perf")
    try:
        frame = spark.range(10).select(plus("id"), plus("id"), plus(F.col("id") + 1))
        frame.collect()
        frame.collect()
    finally:
        spark.conf.unset("spark.sql.pyspark.udf.profiler")
    profiles = spark._profiler_collector._perf_profile_results  # type: ignore[attr-defined]
    assert len(profiles) == 2
    spark.profile.clear()


def test_what_spark_cannot_unpickle(spark: SparkSession) -> None:
    with pytest.raises(PySparkException, match="expected zero arguments for construction of ClassDict"):
        spark.range(1).select(udf(lambda x: Row(a=1), "int", useArrow=False)("id")).collect()


def test_a_table_function_ends_once_a_partition(spark: SparkSession) -> None:
    @F.udtf(returnType="n: long", useArrow=False)  # type: ignore[arg-type]
    class Count:
        def __init__(self) -> None:
            self.n = 0

        def eval(self, x: int) -> None:
            self.n += 1

        def terminate(self) -> Iterator[Any]:
            yield (self.n,)

    spark.udtf.register("count_rows", Count)  # type: ignore[arg-type]
    assert rows(spark.sql("select n from range(0, 10, 1, 3), lateral count_rows(id)")) == [(3,), (3,), (4,)]
    assert rows(spark.sql("select * from count_rows(table(from range(7)))")) == [(7,)]


def test_frames_made_alike_share_their_rows(spark: SparkSession) -> None:
    def made() -> Any:
        return spark.range(3).select(udf(lambda x: x, "long")("id"))

    made().persist()
    assert made().is_cached
    made().unpersist()
    assert not made().is_cached
