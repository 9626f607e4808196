"""What a query notices of lineage: the same queries on an engine that tells it and on one that does not, turn by turn.

Usage: lineage.py --binary build/mastic [--rounds N]
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

ROWS = 200_000


class Engine:
    def __init__(self, binary: str, folder: pathlib.Path, lineage: bool) -> None:
        more = ["--lineage", str(folder / "events.ndjson")] if lineage else []
        self.process = subprocess.Popen([binary, "engine", "--port", "0", *more], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.spark = SparkSession.builder.remote(self.process.stdout.readline().strip()).create()
        self.out = folder / ("with" if lineage else "without")

    def stop(self) -> None:
        self.spark.stop()
        self.process.terminate()
        self.process.wait(20)


def wide(spark: SparkSession, source: str) -> DataFrame:
    frame = spark.read.parquet(source)
    for index in range(40):
        frame = frame.withColumn(f"made_{index}", F.col("a") * index + F.col("b"))
    return frame.where("b > 3").orderBy("a")


QUERIES: dict[str, Callable[[Engine, str], Any]] = {
    "a tiny query": lambda engine, _: engine.spark.sql("SELECT 1 + 1 AS two").collect(),
    "filter and collect": lambda engine, source: engine.spark.read.parquet(source).where("a < 100").collect(),
    "join, group and collect": lambda engine, source: (
        engine.spark.read.parquet(source)
        .join(engine.spark.read.parquet(source).selectExpr("a AS k", "b AS other"), F.col("a") == F.col("k"))
        .groupBy("c")
        .agg(F.sum("other"))
        .collect()
    ),
    "a small write": lambda engine, source: (
        engine.spark.read.parquet(source).limit(10).write.mode("overwrite").csv(f"{engine.out}/small")
    ),
    "a write of 43 columns": lambda engine, source: (
        wide(engine.spark, source).write.mode("overwrite").parquet(f"{engine.out}/wide")
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-lineage-"))
    engines = [Engine(options.binary, folder, lineage) for lineage in (False, True)]
    source = f"{folder}/source"
    try:
        engines[0].spark.range(ROWS).selectExpr("id AS a", "id % 10 AS b", "id % 97 AS c").write.parquet(source)
        print(f"{'':<28}{'without':>12}{'with':>12}{'share':>9}")
        for name, query in QUERIES.items():
            took: list[list[float]] = [[], []]
            for turn in range(options.rounds + 2):
                for place, engine in enumerate(engines):
                    start = time.perf_counter()
                    query(engine, source)
                    if turn >= 2:  # the first ones warm up
                        took[place].append(time.perf_counter() - start)
            without, with_it = (statistics.median(each) * 1000 for each in took)
            print(f"{name:<28}{without:>9.2f} ms{with_it:>9.2f} ms{(with_it / without - 1) * 100:>+8.1f} %")
    finally:
        for engine in engines:
            engine.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
