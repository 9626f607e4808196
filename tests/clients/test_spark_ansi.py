"""ANSI mode and NULL: an operand that is NULL makes the answer NULL before anything can fail; what fails, fails as Spark's."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

# Two rows: NULL over a zero, and a sound one.
ROWS = {
    "int": "(cast(null as int), 0), (7, 2)",
    "double": "(cast(null as double), double(0)), (7, 2)",
    "decimal": "(cast(null as decimal(9,2)), cast(0 as decimal(9,2))), (7, 2)",
    "interval": "(cast(null as interval day), 0), (interval '7' day, 2)",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    session.conf.set("spark.sql.ansi.enabled", "true")
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


@pytest.mark.parametrize(
    ("kind", "expression", "answer"),
    [
        ("int", "a / b", "3.5"),
        ("int", "a % b", "1"),
        ("int", "a div b", "3"),
        ("int", "mod(a, b)", "1"),
        ("int", "pmod(-a, b)", "1"),
        ("double", "a / b", "3.5"),
        ("double", "a % b", "1.0"),
        ("decimal", "pmod(a, b)", "1.00"),
        ("decimal", "a % b", "1.00"),
        ("decimal", "a div b", "3"),
        ("interval", "cast(a / b as string)", "INTERVAL '3 12:00:00' DAY TO SECOND"),
    ],
)
def test_null_over_zero_is_null(spark: SparkSession, kind: str, expression: str, answer: str) -> None:
    query = f"SELECT {expression} FROM VALUES {ROWS[kind]} t(a, b)"
    assert [None if row[0] is None else str(row[0]) for row in spark.sql(query).collect()] == [None, answer]


def test_null_constants(spark: SparkSession) -> None:
    for expression in (
        *("null / 0", "cast(null as int) % 0", "cast(null as int) div 0", "pmod(null, 0)", "0 / null", "0 % null"),
        *("space(cast(null as int))", "repeat('a', null)", "lpad('a', null)", "rpad('a', null)", "split_part(null, ',', 0)"),
        *(
            "elt(null, 'a')",
            "bit_get(null, 99)",
            "array(1)[null]",
            "element_at(cast(null as array<int>), 0)",
            "conv(null, 10, 2)",
        ),
        *("locate(null, 'a', 0)", "cast(cast(null as string) as int)", "make_date(null, 13, 1)", "sequence(1, null, 0)"),
    ):
        assert spark.sql(f"SELECT {expression}").collect()[0][0] is None, expression
    assert spark.sql("SELECT locate('a', 'a', cast(null as int))").collect()[0][0] == 0


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("pmod(cast(7 as decimal(9,2)), 0)", "REMAINDER_BY_ZERO"),
        ("interval '1' day / 0", "INTERVAL_DIVIDED_BY_ZERO"),
        ("elt(3, 'a', 'b')", "INVALID_ARRAY_INDEX"),
        ("conv('9999999999999999999999', 10, 16)", "ARITHMETIC_OVERFLOW"),
        ("bit_get(5, 32)", "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE"),
        ("split_part('a,b', ',', 0)", "INVALID_INDEX_OF_ZERO"),
        ("raise_error(null)", "USER_RAISED_EXCEPTION"),
    ],
)
def test_failures(spark: SparkSession, expression: str, condition: str) -> None:
    with pytest.raises(PySparkException) as raised:
        spark.sql(f"SELECT {expression}").collect()
    assert raised.value.getCondition() == condition
