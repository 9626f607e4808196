"""Files in all formats: modes and corrupt records, options, metadata columns, Avro. Spark's answers."""

from __future__ import annotations

import bz2
import datetime
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY
from pyspark.errors import AnalysisException, IllegalArgumentException, PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

CSV = 'a,b,c\n1,x,2.5\nbad,y,1\n2,z\n3,w,1.5,extra\n\n4,"q,r",nan\n,"",\n'
JSON = '{"a":1,"b":"x"}\n{"a":"no","b":"y"}\n{bad\n\n[{"a":3,"b":"z"},{"a":4}]\n{"a":5,"b":{"c":1}}\n'


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


@pytest.fixture
def csv(tmp_path: Path) -> str:
    (tmp_path / "a.csv").write_text(CSV)
    return str(tmp_path / "a.csv")


@pytest.fixture
def json(tmp_path: Path) -> str:
    (tmp_path / "b.json").write_text(JSON)
    return str(tmp_path / "b.json")


def rows(frame: DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


def condition(frame: DataFrame) -> str | None:
    with pytest.raises(PySparkException) as raised:
        frame.collect()
    return raised.value.getCondition()


def test_csv_modes(spark: SparkSession, csv: str) -> None:
    schema = "a int, b string, c double"
    corrupt = spark.read.csv(csv, header=True, schema=schema + ", _corrupt_record string")
    assert rows(corrupt) == [
        (1, "x", 2.5, None),
        (None, "y", 1.0, "bad,y,1"),
        (2, "z", None, "2,z"),
        (3, "w", 1.5, "3,w,1.5,extra"),
        (4, "q,r", None, '4,"q,r",nan'),
        (None, None, None, None),
    ]
    assert rows(spark.read.csv(csv, header=True, schema=schema, mode="DROPMALFORMED")) == [(1, "x", 2.5), (None, None, None)]
    assert condition(spark.read.csv(csv, header=True, schema=schema, mode="FAILFAST")) == "FAILED_READ_FILE.NO_HINT"
    with pytest.raises(AnalysisException) as raised:
        spark.read.csv(csv, header=True, schema="a int, _corrupt_record int").collect()
    assert raised.value.getCondition() == "INVALID_CORRUPT_RECORD_TYPE"


def test_csv_options(spark: SparkSession, csv: str, tmp_path: Path) -> None:
    read = spark.read.csv(
        csv,
        header=True,
        nullValue="x",
        emptyValue="E",
        nanValue="nan",
        schema="a int, b string, c double, _corrupt_record string",
    )
    cells = rows(read)
    assert cells[0] == (1, None, 2.5, None)
    assert cells[4][2] != cells[4][2]  # NaN
    assert cells[5] == (None, "E", None, None)
    with pytest.raises(Exception, match="CSV header does not conform to the schema"):
        spark.read.csv(csv, header=True, schema="b string, a int", enforceSchema=False).collect()
    (tmp_path / "q.csv").write_text('"a""b",c\n"a"b,c\n"a" ,c\n"a\\"b",c\n"ab,c\n')
    text = "a string, b string, _corrupt_record string"
    assert rows(spark.read.csv(str(tmp_path / "q.csv"), schema=text)) == [
        ('"a""b"', "c", None),
        ('"a"b', "c", None),
        ("a", "c", None),
        ('a"b', "c", None),
        ("ab,c", None, '"ab,c'),
    ]
    (tmp_path / "latin.csv").write_bytes("ä;1!ö;2".encode("latin-1"))
    latin = spark.read.csv(str(tmp_path / "latin.csv"), sep=";", lineSep="!", encoding="ISO-8859-1")
    assert rows(latin) == [("ä", "1"), ("ö", "2")]


def test_json_modes(spark: SparkSession, json: str) -> None:
    assert spark.read.json(json).schema.simpleString() == "struct<_corrupt_record:string,a:string,b:string>"
    assert rows(spark.read.json(json, schema="a int, b string, _corrupt_record string")) == [
        (1, "x", None),
        (None, "y", '{"a":"no","b":"y"}'),
        (None, None, "{bad"),
        (3, "z", None),
        (4, None, None),
        (5, '{"c":1}', None),
    ]
    dropped = spark.read.json(json, schema="a int, b string", mode="DROPMALFORMED")
    assert rows(dropped) == [(1, "x"), (3, "z"), (4, None), (5, '{"c":1}')]
    assert condition(spark.read.json(json, schema="a int", mode="FAILFAST")) == "FAILED_READ_FILE.NO_HINT"
    assert spark.read.json(json, mode="DROPMALFORMED").schema.simpleString() == "struct<a:string,b:string>"
    assert spark.read.json(json, columnNameOfCorruptRecord="oops").columns == ["a", "b", "oops"]


def test_json_options(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "u.json")
    Path(path).write_bytes('{"a":1,"b":"ä"}\n{"a":2}\n'.encode("utf-16-le"))
    assert rows(spark.read.json(path, encoding="UTF-16LE", lineSep="\n")) == [(1, "ä"), (2, None)]
    with pytest.raises(IllegalArgumentException, match="lineSep option must be specified"):
        spark.read.json(path, encoding="UTF-16LE").collect()
    Path(path).write_text("// no\n{a: 1, 'b': \"31/12/2024\"}".replace("// no\n", "/* no */ "))
    read = spark.read.json(
        path, schema="a int, b date", allowComments=True, allowUnquotedFieldNames=True, dateFormat="dd/MM/yyyy"
    )
    assert rows(read) == [(1, datetime.date(2024, 12, 31))]
    Path(path).write_text('{"a":null,"b":1}\n{"a":null,"b":{}}')
    assert spark.read.json(path, dropFieldIfAllNull=True).columns == ["b"]


def test_text_lines_and_compression(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text("a;b;;c")
    assert rows(spark.read.text(str(tmp_path / "s.txt"), lineSep=";")) == [("a",), ("b",), ("",), ("c",)]
    with pytest.raises(IllegalArgumentException, match="'lineSep' cannot be an empty string"):
        spark.read.text(str(tmp_path / "s.txt"), lineSep="").collect()
    (tmp_path / "z.csv.bz2").write_bytes(bz2.compress(b"x,1\n") + bz2.compress(b"y,2\n"))
    assert rows(spark.read.csv(str(tmp_path / "z.csv.bz2"), inferSchema=True)) == [("x", 1), ("y", 2)]
    frame = spark.createDataFrame([("ä", 1), ("b,c", None)], "s string, i int")
    frame.write.csv(str(tmp_path / "w"), header=True, lineSep="!", encoding="UTF-16", compression="bzip2")
    (part,) = (tmp_path / "w").glob("part-*.csv.bz2")
    assert bz2.decompress(part.read_bytes()).decode("utf-16") == 's,i!ä,1!"b,c",!'
    frame.select("s").write.text(str(tmp_path / "t"), lineSep="|", compression="deflate")
    frame.write.json(str(tmp_path / "j"), lineSep="!!")
    assert rows(spark.read.json(str(tmp_path / "j"), lineSep="!!")) == [(1, "ä"), (None, "b,c")]


def test_file_metadata(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "s.txt")
    Path(path).write_text("a;b")
    frame = spark.read.text(path)
    assert frame.columns == ["value"]
    (row,) = frame.select("_metadata.*").collect()
    assert (row.file_path, row.file_name, row.file_size) == (f"file:{path}", "s.txt", 3)
    assert (row.file_block_start, row.file_block_length) == (0, 3)
    assert abs(row.file_modification_time.timestamp() - os.stat(path).st_mtime) < 0.01
    names = frame.select(F.input_file_name(), F.expr("input_file_block_start()"), F.expr("input_file_block_length()"))
    assert rows(names) == [(f"file://{path}", 0, 3)]
    assert rows(frame.filter("_metadata.file_size > 3")) == []
    assert condition(frame.select("_metadata.nope")) == "FIELD_NOT_FOUND"
    spark.range(4).repartition(2).write.parquet(str(tmp_path / "p"))
    parquet = spark.read.parquet(str(tmp_path / "p"))
    assert sorted(rows(parquet.select("_metadata.row_index"))) == [(0,), (0,), (1,), (1,)]
    assert parquet.select(F.input_file_name()).distinct().count() == 2
    assert rows(spark.range(1).select(F.input_file_name())) == [("",)]
    counts = parquet.groupBy(F.input_file_name()).count()
    assert counts.columns == ["input_file_name()", "count"]
    assert [(name.startswith("file:///"), count) for name, count in rows(counts)] == [(True, 2), (True, 2)]
    numbers = spark.range(0, 10, 1, 3)
    assert sorted(rows(numbers.groupBy(F.spark_partition_id()).count())) == [(0, 3), (1, 3), (2, 4)]


def test_files_by_time(spark: SparkSession, tmp_path: Path) -> None:
    for name, year in (("old", 2001), ("new", 2021)):
        (tmp_path / name).write_text(name)
        when = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp()
        os.utime(tmp_path / name, (when, when))
    folder = str(tmp_path)
    assert rows(spark.read.text(folder, modifiedBefore="2010-01-01T00:00:00")) == [("old",)]
    assert rows(spark.read.text(folder, modifiedAfter="2010-01-01T00:00:00")) == [("new",)]
    with pytest.raises(AnalysisException, match="The timestamp provided for the 'modifiedafter' option is invalid"):
        spark.read.text(folder, modifiedAfter="nonsense").collect()


def test_avro(spark: SparkSession, tmp_path: Path) -> None:
    frame = spark.sql(
        """select id, cast(id as int) i, id % 2 = 0 b, cast(id as float) f, id / 4 d, cast(id as string) s,
           cast(id as decimal(10,2)) m, array(id, null) a, map('k', id) k, named_struct('x', id, 'y', cast(null as string)) n,
           date'2024-02-29' dt, timestamp'2024-02-29 01:02:03.456789' ts, timestamp_ntz'2024-02-29 01:02:03' tn,
           cast('ab' as binary) y, if(id = 1, null, id) nul from range(3)"""
    )
    for codec in ("snappy", "deflate", "uncompressed", "zstandard", "bzip2"):
        path = str(tmp_path / codec)
        frame.coalesce(1).write.format("avro").option("compression", codec).save(path)
        read = spark.read.format("avro").load(path)
        assert read.schema.simpleString() == frame.schema.simpleString()
        assert rows(read) == rows(frame)
    assert spark.read.format("avro").load(path).select("s").count() == 3
    (Path(path) / "bad.avro").write_bytes(b"Obj\1\2")
    with pytest.raises(PySparkException):
        spark.read.format("avro").load(path + "/bad.avro").collect()
