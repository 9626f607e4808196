"""INSERT into partitions that do not lie below their table: their own place is written to and emptied, as Spark does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY
from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


@pytest.mark.parametrize("mode", ["static", "dynamic"])
def test_insert_overwrite(spark: SparkSession, tmp_path: Path, mode: str) -> None:
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", mode)
    place = tmp_path / "elsewhere"
    place.mkdir()
    spark.sql("DROP TABLE IF EXISTS t")
    spark.sql(f"CREATE TABLE t (n INT, p INT) USING parquet PARTITIONED BY (p) LOCATION '{tmp_path / 't'}'")
    spark.sql(f"ALTER TABLE t ADD PARTITION (p = 1) LOCATION '{place}'")
    spark.sql("INSERT INTO t VALUES (1, 1), (2, 2)")
    assert list(place.glob("*.parquet")) and not list((tmp_path / "t").glob("p=1/*"))
    spark.sql("INSERT OVERWRITE t PARTITION (p = 1) SELECT 3")
    assert sorted(map(tuple, spark.table("t").collect())) == [(2, 2), (3, 1)]
    assert len(list(place.glob("*.parquet"))) == 1
    assert not list((tmp_path / "t").glob("p=1/*"))
    spark.sql("INSERT OVERWRITE t VALUES (4, 1)")
    assert sorted(map(tuple, spark.table("t").collect())) == ([(4, 1)] if mode == "static" else [(2, 2), (4, 1)])
    assert len(list(place.glob("*.parquet"))) == 1
    spark.sql("DROP TABLE t")
