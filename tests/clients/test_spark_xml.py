"""XML files: read by rowTag, with Spark's schema inference, modes and options; written under a root."""

from __future__ import annotations

import datetime
import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import DataFrame, DataFrameReader, SparkSession

BOOKS = """<?xml version="1.0"?>
<catalog xmlns:x="http://e">
  <!-- <book>not this</book> -->
  <book id="1" lang="en">
    <title>One &amp; only</title><price>10.5</price><x:sold>3</x:sold>
    <author>A</author><author>B</author>
    <size unit="cm">12</size><published>2024-01-02</published><inner><deep>x</deep></inner><empty/>
  </book>
  <book id="2"><title>  Two </title><price>7</price><author>C</author><published>2024-02-03</published></book>
</catalog>
"""


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


@pytest.fixture
def books(tmp_path: Path) -> str:
    (tmp_path / "books.xml").write_text(BOOKS)
    return str(tmp_path / "books.xml")


def rows(frame: DataFrame) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


def test_inference(spark: SparkSession, books: str) -> None:
    frame = spark.read.format("xml").option("rowTag", "book").load(books)
    assert frame.schema.simpleString() == (
        "struct<_id:bigint,_lang:string,author:array<string>,empty:string,inner:struct<deep:string>,price:double,"
        "published:date,size:struct<_VALUE:bigint,_unit:string>,title:string,x:sold:bigint>"
    )
    assert rows(frame.select("_id", "_lang", "author", "title", "price", "`x:sold`", "published", "size", "inner.deep")) == [
        (1, "en", ["A", "B"], "One & only", 10.5, 3, datetime.date(2024, 1, 2), (12, "cm"), "x"),
        (2, None, ["C"], "Two", 7.0, None, datetime.date(2024, 2, 3), None, None),
    ]
    assert frame.count() == 2


def test_options(spark: SparkSession, books: str) -> None:
    def read() -> DataFrameReader:
        return spark.read.option("rowTag", "book")

    assert set(dict(read().xml(books, inferSchema=False).dtypes).values()) == {
        *("string", "array<string>", "struct<deep:string>", "struct<_VALUE:string,_unit:string>")
    }
    assert "_id" not in read().xml(books, excludeAttribute=True).columns
    assert "sold" in read().xml(books, ignoreNamespace=True).columns
    named = read().xml(books, attributePrefix="@", valueTag="#v")
    assert dict(named.dtypes)["size"] == "struct<#v:bigint,@unit:string>"
    assert rows(read().xml(books, nullValue="7").select("price")) == [(10.5,), (None,)]
    spaced = read().xml(books, ignoreSurroundingSpaces=False, schema="title string")
    assert [row.title for row in spaced.collect()] == ["One & only", "  Two "]
    assert dict(read().option("prefersDecimal", "true").xml(books).dtypes)["price"] == "decimal(21,1)"


def test_schema_and_modes(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "m.xml")
    Path(path).write_text("<r><a><n>1</n><d>02/01/2024</d></a><a><n>x</n></a><a><n>3</n><b></a></r>")

    def read() -> DataFrameReader:
        return spark.read.option("rowTag", "a").option("dateFormat", "dd/MM/yyyy")

    schema = "n int, d date, _corrupt_record string"
    assert rows(read().xml(path, schema=schema)) == [
        (1, datetime.date(2024, 1, 2), None),
        (None, None, "<a><n>x</n></a>"),
        (None, None, "<a><n>3</n><b></a>"),
    ]
    assert read().xml(path).schema.simpleString() == "struct<_corrupt_record:string,d:date,n:string>"
    assert rows(read().xml(path, schema="n int, d date", mode="DROPMALFORMED")) == [(1, datetime.date(2024, 1, 2))]
    with pytest.raises(PySparkException) as raised:
        read().xml(path, schema="n int", mode="FAILFAST").collect()
    assert raised.value.getCondition() == "FAILED_READ_FILE.NO_HINT"
    with pytest.raises(AnalysisException) as missing:
        spark.read.format("xml").load(path).collect()
    assert missing.value.getCondition() == "XML_ROW_TAG_MISSING"
    nested = spark.read.option("rowTag", "r").xml(path, schema="a array<struct<n: string>>", mode="DROPMALFORMED")
    assert rows(nested) == []
    maps = spark.read.option("rowTag", "a").xml(path, schema="n int", mode="DROPMALFORMED")
    assert rows(maps) == [(1,)]


def test_nested_values(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "n.xml").write_text(
        "<r><a><p><k>1</k><l>2</l></p><s/><t>a<b>c</b></t><e></e><z on='true'>1</z><z on='false'/></a></r>"
    )
    schema = "p map<string, int>, s struct<x: int>, t string, e string, z array<struct<_VALUE: int, _on: boolean>>"
    frame = spark.read.option("rowTag", "a").xml(str(tmp_path / "n.xml"), schema=schema)
    assert rows(frame) == [({"k": 1, "l": 2}, None, "a<b>c</b>", "", [(1, True), (None, False)])]


def test_writing(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "out")
    frame = spark.sql(
        "SELECT 1 AS _id, 'a<b' AS name, array(1, 2) AS n, named_struct('x', 1.5D, '_u', 'm') AS s, "
        "cast(null AS int) AS nothing, timestamp'2024-01-02 03:04:05' AS at"
    )
    frame.write.option("rowTag", "person").option("rootTag", "people kind='all'").xml(path)
    (part,) = Path(path).glob("*.xml")
    assert part.read_text() == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<people kind='all'>\n"
        '    <person id="1">\n'
        "        <name>a&lt;b</name>\n"
        "        <n>1</n>\n"
        "        <n>2</n>\n"
        '        <s u="m">\n'
        "            <x>1.5</x>\n"
        "        </s>\n"
        "        <at>2024-01-02T03:04:05.000Z</at>\n"
        "    </person>\n"
        "</people>"
    )
    back = spark.read.option("rowTag", "person").xml(path)
    assert rows(back.select("_id", "name", "n", "s.x", "s._u")) == [(1, "a<b", [1, 2], 1.5, "m")]
    spark.range(1).selectExpr("id", "array(array(1)) AS a", "cast(null AS int) AS n").write.mode("overwrite").format(
        "xml"
    ).options(declaration="", nullValue="-", arrayElementName="e", compression="gzip").save(path)
    (packed,) = Path(path).glob("*.xml.gz")
    text = gzip.decompress(packed.read_bytes()).decode()
    assert text == "<ROWS>\n    <ROW>\n        <id>0</id>\n        <e>1</e>\n        <n>-</n>\n    </ROW>\n</ROWS>"
    assert rows(spark.read.option("rowTag", "ROW").option("nullValue", "-").xml(path)) == [(1, 0, None)]


def test_rows_of_texts(spark: SparkSession) -> None:
    texts = spark.createDataFrame([("<p><a>1</a></p>",), ("<p><a>2</a><b>x</b></p>",)], "t string")
    frame = spark.read.xml(texts)
    assert frame.schema.simpleString() == "struct<a:bigint,b:string>"
    assert rows(frame) == [(1, None), (2, "x")]


def test_rows_are_checked_by_a_schema(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>'
        '<xs:element name="n" type="xs:long"/></xs:sequence></xs:complexType></xs:element></xs:schema>'
    )
    (tmp_path / "a.xml").write_text("<r><a><n>1</n></a><a><n>2</n><m>3</m></a></r>")
    read = spark.read.option("rowTag", "a").option("rowValidationXSDPath", str(tmp_path / "a.xsd"))
    frame = read.xml(str(tmp_path / "a.xml"))
    assert rows(frame) == [(None, 1), ("<a><n>2</n><m>3</m></a>", None)]
