"""Queries larger than the engine's memory: they spill, and one that cannot fit fails alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

MEMORY_MIB = 128
ROWS = 4_000_000  # with their text some 400 MB


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    command = [str(BINARY), "engine", "--port", "0", "--memory", str(MEMORY_MIB)]
    engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    wide = session.range(ROWS).select("id", F.xxhash64("id").alias("h"), F.lpad(F.hex(F.xxhash64("id")), 80, "x").alias("s"))
    wide.createOrReplaceTempView("wide")
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def test_a_sort_spills(spark: SparkSession, tmp_path: Path) -> None:
    spark.table("wide").orderBy("h").write.parquet(str(tmp_path / "sorted"))
    written = spark.read.parquet(str(tmp_path / "sorted"))
    assert written.count() == ROWS
    first = written.limit(3).collect()
    assert [row.h for row in first] == sorted(row.h for row in first)
    assert first[0].h == spark.table("wide").agg(F.min("h")).first()[0]  # type: ignore[index]


def test_a_join_and_an_aggregate_spill(spark: SparkSession) -> None:
    joined = spark.sql("select count(*), count(a.s), max(b.s) > '' from wide a join wide b on a.h = b.h")
    assert tuple(joined.collect()[0]) == (ROWS, ROWS, True)
    groups = spark.sql("select count(*), sum(n) from (select s, count(*) n, max(id) m from wide group by s)")
    assert tuple(groups.collect()[0]) == (ROWS, ROWS)


def test_what_cannot_fit_fails_alone(spark: SparkSession) -> None:
    with pytest.raises(PySparkException) as raised:
        spark.sql("select size(collect_list(s)) from wide").collect()
    assert raised.value.getCondition() == "UNABLE_TO_ACQUIRE_MEMORY"
    assert "more memory than the engine has" in str(raised.value)
    assert spark.range(10).count() == 10
