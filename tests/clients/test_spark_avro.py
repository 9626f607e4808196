"""Avro with the schema that the reader or the writer asks for, as Spark's `avroSchema` does."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def record(*fields: Any, name: str = "topLevelRecord") -> str:
    return json.dumps({"type": "record", "name": name, "fields": list(fields)})


def rows(frame: DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


@pytest.fixture
def people(spark: SparkSession, tmp_path: Path) -> str:
    path = str(tmp_path / "people")
    spark.sql(
        "SELECT 1 AS id, 'a' AS name, array(1, 2) AS list, named_struct('x', 1, 'y', 'z') AS inner, map('k', 1) AS map"
    ).write.format("avro").save(path)
    return path


def test_reader_schema(spark: SparkSession, people: str) -> None:
    schema = record(
        {"name": "label", "type": ["null", "string"], "aliases": ["name"]},
        {"name": "id", "type": "long"},
        {"name": "list", "type": {"type": "array", "items": "double"}},
        {"name": "added", "type": ["null", "int"], "default": None},
        {"name": "word", "type": "string", "default": "none"},
        {
            "name": "inner",
            "type": {
                "type": "record",
                "name": "inner",
                "fields": [{"name": "y", "type": "bytes"}, {"name": "w", "type": "float", "default": 1.5}],
            },
        },
        {"name": "map", "type": {"type": "map", "values": ["null", "long"]}},
        {"name": "few", "type": {"type": "array", "items": "int"}, "default": [7, 8]},
    )
    frame = spark.read.format("avro").option("avroSchema", schema).load(people)
    assert frame.schema.simpleString() == (
        "struct<label:string,id:bigint,list:array<double>,added:int,word:string,inner:struct<y:binary,w:float>,"
        "map:map<string,bigint>,few:array<int>>"
    )
    assert rows(frame) == [("a", 1, [1.0, 2.0], None, "none", (b"z", 1.5), {"k": 1}, [7, 8])]
    assert rows(frame.select("few", "id")) == [([7, 8], 1)]
    assert frame.count() == 1


def test_reader_schema_that_does_not_fit(spark: SparkSession, people: str) -> None:
    for field in ({"name": "id", "type": "string"}, {"name": "missing", "type": "int"}):
        with pytest.raises(PySparkException):
            spark.read.format("avro").option("avroSchema", record(field)).load(people).collect()


def test_schema_at_a_place(spark: SparkSession, people: str, tmp_path: Path) -> None:
    (tmp_path / "schema.avsc").write_text(record({"name": "id", "type": "double"}))
    frame = spark.read.format("avro").option("avroSchemaUrl", str(tmp_path / "schema.avsc")).load(people)
    assert rows(frame) == [(1.0,)]


def test_writer_schema(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "out")
    schema = record(
        {"name": "kind", "type": {"type": "enum", "name": "kind", "symbols": ["A", "B"]}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "extra", "type": ["null", "string"]},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}},
        {"name": "id", "type": "int"},
        name="mine",
    )
    frame = spark.sql(
        "SELECT 1 AS id, k AS kind, cast(-1.25 AS decimal(5,2)) AS price, timestamp'2024-01-02 03:04:05.678901' AS at "
        "FROM VALUES ('B'), ('A') t(k)"
    )
    frame.coalesce(1).write.format("avro").option("avroSchema", schema).save(path)
    (file,) = Path(path).glob("*.avro")
    assert schema.encode() in file.read_bytes()
    read = spark.read.format("avro").load(path).select("id", "kind", "price", "at", "extra")
    at = datetime.datetime(2024, 1, 2, 3, 4, 5, 678000)
    assert [(row.id, row.kind, str(row.price), row.at, row.extra) for row in read.collect()] == [
        (1, "B", "-1.25", at, None),
        (1, "A", "-1.25", at, None),
    ]
    with pytest.raises(PySparkException, match="not defined in enum"):
        spark.sql("SELECT 'C' AS kind").write.format("avro").option(
            "avroSchema", record({"name": "kind", "type": {"type": "enum", "name": "kind", "symbols": ["A"]}})
        ).save(str(tmp_path / "bad"))
    with pytest.raises(PySparkException, match="Cannot"):
        spark.sql("SELECT 'C' AS kind").write.format("avro").option("avroSchema", record({"name": "kind", "type": "int"})).save(
            str(tmp_path / "bad2")
        )


def test_record_name(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "named")
    spark.range(1).write.format("avro").option("recordName", "R").option("recordNamespace", "a.b").save(path)
    (file,) = Path(path).glob("*.avro")
    assert b'"name":"R","namespace":"a.b"' in file.read_bytes()
