"""TPC-H and TPC-DS through Spark Connect: answers checked against native DuckDB, times beside it, Sail and Spark.

Usage: tpc.py tpch|tpcds --binary build/mastic [--scale 1] [--rounds 2] [--peers duckdb,sail,spark] [--queries 1,5,21]

Data and query texts come from DuckDB's own generators. A query is right when every row agrees with native DuckDB's:
decimals to half a unit of their last place, floating point to nine digits, ties of an ORDER BY in any order.
Times are the better of the rounds, collected by the client; a contender that fails a query is left out of that sum.
"""

from __future__ import annotations

import argparse
import datetime
import decimal
import json
import math
import pathlib
import re
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, Protocol

import peers
from pyspark.sql import SparkSession

ROOT = pathlib.Path(__file__).resolve().parents[1]
GENERATORS = {"tpch": "dbgen", "tpcds": "dsdgen"}
Rows = list[tuple[Any, ...]]


class Contender(Protocol):
    """Something that answers a query with rows."""

    name: str

    def answer(self, text: str) -> Rows: ...

    def peak_memory_mib(self) -> float: ...

    def stop(self) -> None: ...


# --- data and queries ------------------------------------------------------------------------------------------------


def prepare(suite: str, scale: str) -> tuple[pathlib.Path, dict[int, str]]:
    """The folder of Parquet files, one a table, and the query texts; generated once and kept in the cache."""
    folder = peers.CACHE / f"{suite}-sf{scale}"
    duckdb = peers.native_duckdb()
    connection = duckdb.connect()
    connection.execute(f"LOAD '{peers.duckdb_extension(suite)}'")
    if not (folder / ".complete").exists():
        print(f"generating {suite} at scale {scale} …", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"CALL {GENERATORS[suite]}(sf={scale})")
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
        (folder / ".complete").touch()
    queries = dict(connection.execute(f"SELECT query_nr, query FROM {suite}_queries()").fetchall())
    connection.close()
    return folder, queries


def spark_dialect(text: str) -> str:
    """The same query as Spark reads it: there, double quotes hold strings, and backquotes hold names."""
    return re.sub(r'"([^"]*)"', r"`\1`", text).strip().rstrip(";")


# --- contenders ------------------------------------------------------------------------------------------------------


class NativeDuckDB:
    name = "native DuckDB"

    def __init__(self, folder: pathlib.Path) -> None:
        self.connection = peers.native_duckdb().connect()
        self.connection.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'")  # Spark's order
        for file in sorted(folder.glob("*.parquet")):
            self.connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")

    def answer(self, text: str) -> Rows:
        return list(self.connection.execute(text).fetchall())

    def peak_memory_mib(self) -> float:
        return float("nan")  # it shares this process with the client

    def stop(self) -> None:
        self.connection.close()


class SparkConnect:
    """A Spark Connect server under the genuine client."""

    def __init__(self, server: peers.Server, folder: pathlib.Path) -> None:
        self.name = server.name
        self.server = server
        self.session = SparkSession.builder.remote(f"sc://{server.endpoint}").create()
        self.peak = 0.0
        self.running = True
        self.watcher = threading.Thread(target=self._watch_memory, daemon=True)
        self.watcher.start()
        for file in sorted(folder.glob("*.parquet")):
            self.session.read.parquet(str(file)).createOrReplaceTempView(file.stem)

    def _watch_memory(self) -> None:
        while self.running:
            self.peak = max(self.peak, peers.memory_of_tree_mib(self.server.process.pid))
            time.sleep(0.2)

    def answer(self, text: str) -> Rows:
        return [tuple(row) for row in self.session.sql(spark_dialect(text)).collect()]

    def peak_memory_mib(self) -> float:
        return self.peak

    def stop(self) -> None:
        self.running = False
        self.watcher.join()
        self.session.stop()
        self.server.stop()


def contenders(options: argparse.Namespace, folder: pathlib.Path) -> Iterable[Contender]:
    wanted = options.peers.split(",") if options.peers else []
    yield SparkConnect(peers.mastic_engine(options.binary), folder)
    for name, make in (("sail", peers.sail), ("spark", peers.spark)):
        if name in wanted:
            try:
                yield SparkConnect(make(), folder)
            except peers.Unavailable as why:
                print(f"left out: {why}", file=sys.stderr)


# --- comparing answers -----------------------------------------------------------------------------------------------


def same_value(expected: Any, got: Any) -> bool:
    if expected is None or got is None:
        return expected is got
    if isinstance(got, decimal.Decimal) and isinstance(expected, (int, float, decimal.Decimal)):
        # Spark divides and averages decimals as decimals, DuckDB as floating point: the last place may differ.
        last_place = decimal.Decimal(1).scaleb(int(got.as_tuple().exponent))
        return abs(decimal.Decimal(expected) - got) <= max(last_place, abs(got) * decimal.Decimal("1e-9"))
    if isinstance(expected, (float, decimal.Decimal)) or isinstance(got, float):
        return math.isclose(float(expected), float(got), rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, datetime.datetime) and isinstance(got, datetime.date) and not isinstance(got, datetime.datetime):
        return expected.date() == got
    return bool(expected == got)


def _rounded(value: Any) -> str:
    if isinstance(value, (float, decimal.Decimal)):
        return f"{float(value):.2f}"
    return str(value)


def difference(expected: Rows, got: Rows) -> str | None:
    """What is wrong with an answer, or None. Rows that tie in the query's order may come in any order."""
    if len(expected) != len(got):
        return f"{len(got)} rows instead of {len(expected)}"
    if all(len(a) == len(b) and all(map(same_value, a, b)) for a, b in zip(expected, got, strict=True)):
        return None
    for a, b in zip(
        *(sorted(rows, key=lambda row: [_rounded(value) for value in row]) for rows in (expected, got)), strict=True
    ):
        if not all(map(same_value, a, b)):
            return f"{b} instead of {a}"
    return None


# --- the run ---------------------------------------------------------------------------------------------------------


def best_time(contender: Contender, text: str, rounds: int) -> tuple[float, Rows]:
    best, rows = math.inf, []
    for _ in range(rounds):
        start = time.perf_counter()
        rows = contender.answer(text)
        best = min(best, time.perf_counter() - start)
    return best, rows


def run(options: argparse.Namespace) -> int:
    folder, queries = prepare(options.suite, options.scale)
    chosen = [int(n) for n in options.queries.split(",")] if options.queries else sorted(queries)
    native = NativeDuckDB(folder)
    others = list(contenders(options, folder))
    times: dict[str, dict[int, float]] = {each.name: {} for each in [native, *others]}
    wrong: dict[str, dict[int, str]] = {each.name: {} for each in others}
    for number in chosen:
        times[native.name][number], expected = best_time(native, queries[number], options.rounds)
        for other in others:
            try:
                took, rows = best_time(other, queries[number], options.rounds)
            except Exception as error:  # a peer's failure is a result
                wrong[other.name][number] = str(error).splitlines()[0][:200]
                continue
            times[other.name][number] = took
            if complaint := difference(expected, rows):
                wrong[other.name][number] = complaint[:300]
        shown = "  ".join(
            f"{name} {taken[number]:.3f}" if number in taken else f"{name} failed" for name, taken in times.items()
        )
        print(f"{options.suite} {number:2d}: {shown}", flush=True)
    for other in others:
        right = len(chosen) - len(wrong[other.name])
        print(f"\n{other.name}: {right} of {len(chosen)} right, peak {other.peak_memory_mib():,.0f} MiB")
        for number, complaint in wrong[other.name].items():
            print(f"  {number}: {complaint}")
    print_totals(times, native.name)
    if options.output:
        options.output.write_text(json.dumps({"times": times, "wrong": wrong}, indent=1))
    for each in [*others, native]:
        each.stop()
    return len(wrong["mastic"])


def print_totals(times: dict[str, dict[int, float]], base: str) -> None:
    """Sums over the queries that both ran, so a contender gains nothing by failing."""
    own = times["mastic"]
    print(f"\ntotal of the best times; ratio = mastic / other, over the queries both ran\n  mastic {sum(own.values()):.2f} s")
    for name, taken in times.items():
        shared = own.keys() & taken.keys()
        if name != "mastic" and shared:
            total, mine = sum(taken[n] for n in shared), sum(own[n] for n in shared)
            ratios = sorted(own[n] / taken[n] for n in shared)
            low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
            print(f"  {name} {total:.2f} s: {mine / total:.2f}× (a query: {low:.2f} to {high:.2f}, 10th to 90th percentile)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=GENERATORS)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", default="sail,spark", help="which of sail,spark to run beside (native DuckDB always runs)")
    parser.add_argument("--queries", help="only these numbers, with commas")
    parser.add_argument("--output", type=pathlib.Path)
    return 1 if run(parser.parse_args()) else 0


if __name__ == "__main__":
    sys.exit(main())
