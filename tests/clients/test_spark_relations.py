"""Relations of the DataFrame API: names through DataFrames, joins, reshaping, sampling, EXPLAIN. Spark's answers."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas
import pytest
from conftest import BINARY
from pyspark.errors import AnalysisException, IllegalArgumentException
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F


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


def condition(frame: DataFrame) -> str | None:
    with pytest.raises(AnalysisException) as raised:
        frame.collect()
    return raised.value.getCondition()


def explained(frame: DataFrame, mode: str = "simple") -> str:
    with io.StringIO() as text, redirect_stdout(text):
        frame.explain(mode=mode)
        return text.getvalue()


def test_columns_are_found_through_their_data_frame(spark: SparkSession) -> None:
    left = spark.createDataFrame([(1, "a"), (2, "b")], "id int, l string")
    right = spark.createDataFrame([(1, "x"), (3, "y")], "id int, r string")
    joined = left.join(right, "id", "left")
    assert rows(joined.select(left.id, right.id).sort(left.id)) == [(1, 1), (2, None)]
    assert joined.select(right["*"]).columns == ["id", "r"]
    third = spark.createDataFrame([(1, 10)], "id int, n int")
    assert rows(joined.join(third, right.id == third.id).select("l", "n")) == [("a", 10)]
    assert condition(left.select(right.id)) == "CANNOT_RESOLVE_DATAFRAME_COLUMN"
    assert condition(left.join(left, left.id == left.id)) == "AMBIGUOUS_COLUMN_REFERENCE"


def test_an_alias_serves_the_items_after_it(spark: SparkSession) -> None:
    frame = spark.range(2).select((F.col("id") + 1).alias("x"), (F.col("x") * 10).alias("y"))
    assert rows(frame) == [(1, 10), (2, 20)]
    ((draw, same),) = rows(spark.sql("SELECT rand() AS r, r = r"))
    assert 0 <= draw < 1
    assert same is True


def test_as_of_and_nearest_rows(spark: SparkSession) -> None:
    left = spark.createDataFrame([(1, "a"), (5, "b"), (10, "c")], "t int, l string")
    right = spark.createDataFrame([(1, 1), (2, 2), (3, 3), (6, 6), (7, 7)], "t int, r int")

    def joined(**arguments: Any) -> list[tuple[Any, ...]]:
        frame = left._joinAsOf(right, leftAsOfColumn="t", rightAsOfColumn="t", **arguments)  # type: ignore[operator]
        return rows(frame.select(left.t, "r").sort(left.t))

    assert joined() == [(1, 1), (5, 3), (10, 7)]
    assert joined(tolerance=F.lit(1), how="left") == [(1, 1), (5, None), (10, None)]
    assert joined(direction="nearest") == [(1, 1), (5, 6), (10, 7)]


def test_transpose(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("B", 3, 4), ("A", 1, 2)], "id string, v1 int, v2 int").transpose()
    assert frame.columns == ["key", "A", "B"]
    assert rows(frame) == [("v1", 1, 3), ("v2", 2, 4)]


def test_samples_repeat_sparks_draws(spark: SparkSession) -> None:
    strata = spark.range(0, 100, 1, 5).select((F.col("id") % 3).alias("key"))
    sampled = strata.sampleBy("key", {0: 0.1, 1: 0.2}, seed=0)
    assert rows(sampled.groupBy("key").count().orderBy("key")) == [(0, 4), (1, 9)]
    assert spark.range(0, 10, 1, 1).sample(fraction=0.5, seed=3).count() == 4
    with pytest.raises(IllegalArgumentException):
        spark.range(1).sample(-1.0).count()


def large_inputs(spark: SparkSession, folder: Path) -> dict[str, DataFrame]:
    ids = spark.range(300_000)
    ids.repartition(6).write.parquet(str(folder / "ids"))
    local = spark.createDataFrame(pandas.DataFrame({"id": range(300_000), "name": [f"n{i % 17}" for i in range(300_000)]}))
    return {
        "range": ids,
        "parquet": spark.read.parquet(str(folder / "ids")),
        "local": local,
        "union": spark.range(150_000).union(spark.range(150_000, 300_000)),
        "join": spark.read.parquet(str(folder / "ids")).join(local, "id"),
        "aggregate": spark.read.parquet(str(folder / "ids")).groupBy("id").count(),
    }


def test_parts_of_a_large_split_are_disjoint(spark: SparkSession, tmp_path: Path) -> None:
    for name, rows_of in large_inputs(spark, tmp_path).items():
        parts = rows_of.randomSplit([1.0, 2.0], 7)
        assert sum(part.count() for part in parts) == 300_000, name
        assert parts[0].select("id").intersect(parts[1].select("id")).count() == 0, name


def test_a_seed_repeats_what_it_draws(spark: SparkSession, tmp_path: Path) -> None:
    spark.range(300_000).repartition(6).write.parquet(str(tmp_path / "ids"))
    files = spark.read.parquet(str(tmp_path / "ids"))
    drawn = files.select("id", F.rand(3).alias("r"), F.randn(3).alias("n"), F.shuffle(F.array(*map(F.lit, range(9))), F.lit(3)))
    assert drawn.select("r").distinct().count() == 300_000
    assert drawn.exceptAll(drawn).count() == 0
    assert files.sample(fraction=0.1, seed=5).exceptAll(files.sample(fraction=0.1, seed=5)).count() == 0
    assert files.filter(F.rand(3) < 0.5).exceptAll(files.filter(F.rand(3) < 0.5)).count() == 0
    assert files.orderBy(F.rand(3)).limit(10).collect() == files.orderBy(F.rand(3)).limit(10).collect()
    ranked = files.select("id", F.rand(3).alias("r"), F.row_number().over(Window.partitionBy(F.col("id") % 3).orderBy("id")))
    assert ranked.select("id", "r").exceptAll(drawn.select("id", "r")).count() == 0
    assert spark.sql("select rand() as r, uuid() as u from range(100000)").distinct().count() == 100_000


def test_numbers_follow_the_order_below(spark: SparkSession) -> None:
    descending = spark.range(5).orderBy(F.desc("id"))
    assert rows(descending.select("id", F.monotonically_increasing_id())) == [(4, 0), (3, 1), (2, 2), (1, 3), (0, 4)]
    drawn = dict(rows(spark.range(5).select("id", F.rand(3))))
    assert [draw for _, draw in rows(descending.select("id", F.rand(3)))] == list(drawn.values())


def test_partitions_show_where_spark_shows_them(spark: SparkSession) -> None:
    numbers = spark.range(0, 10, 1, 3)
    ids = numbers.select(F.spark_partition_id().alias("p"))
    assert rows(ids.groupBy("p").count().sort("p")) == [(0, 3), (1, 3), (2, 4)]
    assert rows(numbers.coalesce(1).select(F.spark_partition_id()).distinct()) == [(0,)]
    increasing = spark.range(0, 10, 1, 2).select(F.monotonically_increasing_id().alias("m"))
    assert rows(increasing.sort("m"))[5] == (8589934592,)


def test_explain_shows_hints(spark: SparkSession) -> None:
    left = spark.range(10**10)
    right = spark.range(10**10)
    assert "SortMergeJoin" in explained(left.join(right, "id"))
    assert "BroadcastHashJoin" in explained(left.join(right.hint("broadcast"), "id"))
    assert "Coalesce 2" in explained(left.hint("coalesce", 2), "extended")
    assert "Statistics(sizeInBytes" in explained(left, "cost")
    text = explained(left.hint("no such hint", "what"), "extended")
    assert text.startswith("== Parsed Logical Plan ==")
    assert "what" in text


def test_equal_keys_of_a_window_keep_their_order(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(i % 3, f"v{i}") for i in range(60)], ["k", "v"])
    window = Window.partitionBy("k").orderBy("k")
    numbered = frame.select("k", "v", F.row_number().over(window), F.lag("v").over(window), F.rank().over(window)).collect()
    of_zero = [f"v{i}" for i in range(0, 60, 3)]
    assert [tuple(row) for row in numbered[:20]] == [
        (0, v, i + 1, of_zero[i - 1] if i else None, 1) for i, v in enumerate(of_zero)
    ]


def test_row_numbers_where_sql_takes_no_window(spark: SparkSession) -> None:
    numbered = "SELECT row_number() OVER (ORDER BY monotonically_increasing_id()) AS n, id FROM range(3)"
    assert [tuple(row) for row in spark.sql(numbered).collect()] == [(1, 0), (2, 1), (3, 2)]
    filtered = "SELECT id FROM range(5) WHERE monotonically_increasing_id() % 2 = 1 AND id > 1"
    assert [row.id for row in spark.sql(filtered).collect()] == [3]


def test_replacing_a_number_that_the_column_cannot_hold(spark: SparkSession) -> None:
    frame = spark.sql("SELECT 1L AS n, double('NaN') AS d")
    assert [tuple(row) for row in frame.replace(float("nan"), None).collect()] == [(1, None)]
    assert [tuple(row) for row in frame.replace(1.5, 2.0).select("n").collect()] == [(1,)]
    assert [tuple(row) for row in frame.replace(1, 7).select("n").collect()] == [(7,)]
