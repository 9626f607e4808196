"""Scalar functions: names of result columns, types, nullability and values, each as genuine Spark answers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

ROW = "(SELECT 1 AS a, 'ab' AS s, DATE'2020-01-31' AS d, TIMESTAMP'2020-01-31 12:34:56.789' AS ts) t"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.ansi.enabled", "true")
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def answer(spark: SparkSession, expression: str) -> list[str]:
    try:
        field = spark.sql(f"SELECT {expression} FROM {ROW}").schema.fields[0]
        text = spark.sql(f"SELECT CAST({expression} AS STRING) FROM {ROW}").collect()[0][0]
    except PySparkException as error:
        return [str(error.getCondition()), "", ""]
    return [field.name, field.dataType.simpleString() + ("" if field.nullable else "!"), str(text)]


def test_functions_answer_as_spark(spark: SparkSession) -> None:
    wrong = []
    for line in Path(__file__).with_name("spark_functions.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        if line == "ansi off":
            spark.conf.set("spark.sql.ansi.enabled", "false")
            continue
        expression, *want = line.split("\t")
        got = answer(spark, expression)
        if got != want:
            wrong.append(f"{expression}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("2147483647 + 1", "ARITHMETIC_OVERFLOW"),
        ("1 / 0", "DIVIDE_BY_ZERO"),
        ("cast('x' as int)", "CAST_INVALID_INPUT"),
        ("make_date(2024, 2, 30)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION"),
        ("validate_utf8(x'80')", "INVALID_UTF8_STRING"),
        ("url_decode('http%3A%2')", "CANNOT_DECODE_URL"),
        ("parse_url('http://a b', 'HOST')", "INVALID_URL"),
        ("to_number('abc', '999')", "INVALID_FORMAT.MISMATCH_INPUT"),
        ("aes_encrypt('a', '123')", "INVALID_PARAMETER_VALUE.AES_KEY_LENGTH"),
        ("date_part('century', d)", "INVALID_EXTRACT_FIELD"),
        ("'a' like 'b\\\\c'", "INVALID_FORMAT.ESC_IN_THE_MIDDLE"),
    ],
)
def test_failures_have_sparks_conditions(spark: SparkSession, expression: str, condition: str) -> None:
    spark.conf.set("spark.sql.ansi.enabled", "true")
    assert answer(spark, expression)[0] == condition


def test_percentile_approx(spark: SparkSession) -> None:
    row = spark.sql(
        "SELECT percentile_approx(id, array(0.0, 0.25, 0.5, 1.0), 100), "
        "percentile_approx(date_add(DATE'2024-01-01', id::int), 0.5),"
        " percentile_approx(id::decimal(5,2), 0.3), percentile_approx(id, 0.5) FILTER (WHERE id > 8) FROM range(1, 11)"
    ).collect()[0]
    assert [str(each) for each in row] == ["[1, 3, 5, 10]", "2024-01-06", "3.00", "9"]
    spread = spark.sql("SELECT percentile_approx(id, array(0.1, 0.5, 0.9), 1000) FROM range(1000000)").collect()[0][0]
    assert all(abs(got - share * 1_000_000) <= 1_000 for got, share in zip(spread, (0.1, 0.5, 0.9), strict=True))
    assert spark.range(1, 101).stat.approxQuantile("id", [0.5], 0.0) == [50.0]
