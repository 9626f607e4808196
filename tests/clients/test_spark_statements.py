"""SQL statements, each with genuine Spark's answer: schema and rows, or condition, SQLSTATE and place in the text."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession


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


def answer(spark: SparkSession, statement: str) -> list[str]:
    try:
        frame = spark.sql(statement)
        schema = ", ".join(
            f"{field.name}: {field.dataType.simpleString()}{'' if field.nullable else '!'}" for field in frame.schema.fields
        )
        return [schema, *(str(tuple(row)) for row in frame.collect())]
    except PySparkException as error:
        places = [f"{place.startIndex()}-{place.stopIndex()}" for place in error.getQueryContext()]
        return ["! " + " ".join([str(error.getCondition()), str(error.getSqlState()), *places])]


def blocks() -> list[tuple[str, list[str]]]:
    text = Path(__file__).with_name("spark_statements.txt").read_text()
    result = []
    for block in text.split("\n>> ")[1:]:
        statement, _, rest = block.partition("\n---\n")
        result.append((statement, rest.rstrip("\n").split("\n")))
    return result


def test_statements_answer_as_spark(spark: SparkSession) -> None:
    wrong = []
    for statement, want in blocks():
        got = answer(spark, statement)
        if got != want:
            wrong.append(f"{statement}\n  {got}\n  not {want}")
    assert not wrong, "\n".join(wrong)
