"""Files read and written, and functions that once pretended: Spark's answers, or an error that says what lacks."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    engine = subprocess.Popen([str(BINARY), "engine", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    session = SparkSession.builder.remote(engine.stdout.readline().strip()).create()
    yield session
    session.stop()
    engine.terminate()
    engine.wait(30)


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


def refused(action: Any) -> str:
    with pytest.raises(PySparkException) as raised:
        action()
    assert raised.value.getCondition() == "UNSUPPORTED_FEATURE.MASTIC", str(raised.value)
    return str(raised.value)


def written(folder: Path) -> str:
    (part,) = folder.glob("part-*")
    return part.read_text()


def test_csv_cells_are_read_as_spark_parses_them(spark: SparkSession, tmp_path: Path) -> None:
    cells = ["12", "+7", " 12", "1.0", "1e3", "128", "2147483648", "x", ""]
    (tmp_path / "a.csv").write_text("".join(f"{cell}|{cell}|{cell}\n" for cell in cells))
    frame = spark.read.csv(str(tmp_path), sep="|", schema="i int, d double, t tinyint")
    assert rows(frame) == [
        (12, 12.0, 12),
        (7, 7.0, 7),
        (None, 12.0, None),
        (None, 1.0, None),
        (None, 1000.0, None),
        (128, 128.0, None),
        (None, 2147483648.0, None),
        (None, None, None),
        (None, None, None),
    ]


def test_csv_doubles_and_booleans(spark: SparkSession, tmp_path: Path) -> None:
    cells = ["-0.07", "NaN", "Inf", "-Inf", "Infinity", "infinity", "nan", "123456789.123456789", "1.", ".5", "TRUE", "f", "1"]
    (tmp_path / "a.csv").write_text("".join(f"{cell},{cell}\n" for cell in cells))
    found = rows(spark.read.csv(str(tmp_path), schema="d double, b boolean"))
    inf = float("inf")
    assert [repr(d) for d, _ in found] == [
        repr(d) for d in (-0.07, float("nan"), inf, -inf, inf, None, None, 123456789.123456789, 1.0, 0.5, None, None, 1.0)
    ]
    assert [b for _, b in found] == [None] * 10 + [True, None, None]


def test_csv_failfast_and_dropmalformed(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1,a\nx,b\n3,c\n")
    read = spark.read.schema("i int, s string")
    assert rows(read.csv(str(tmp_path), mode="DROPMALFORMED")) == [(1, "a"), (3, "c")]
    with pytest.raises(PySparkException, match="FAILED_READ_FILE.NO_HINT"):
        spark.read.schema("i int, s string").csv(str(tmp_path), mode="FAILFAST").collect()


def test_csv_trims(spark: SparkSession, tmp_path: Path) -> None:
    texts = ["  a b ", "\t x", "a text that is far too long to lie in the vector itself   ", "", None]
    frame = spark.createDataFrame([(text,) for text in texts], "s string").coalesce(1)
    frame.write.csv(str(tmp_path / "trimmed"))
    assert written(tmp_path / "trimmed") == 'a b\nx\na text that is far too long to lie in the vector itself\n""\n\n'
    frame.limit(1).write.csv(str(tmp_path / "left"), ignoreTrailingWhiteSpace=False)
    assert written(tmp_path / "left") == "a b \n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("  a , 1\nb,2\n")
    spread = spark.read.csv(str(tmp_path / "in"), schema="s string, i int", ignoreLeadingWhiteSpace=True)
    assert rows(spread) == [("a ", 1), ("b", 2)]


def test_a_line_of_many_megabytes_is_read(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x" * 9_000_000 + ",1\ny,2\n")
    frame = spark.read.csv(str(tmp_path), schema="s string, i int")
    assert rows(frame.select(F.length("s"), "i")) == [(9_000_000, 1), (1, 2)]


@pytest.mark.parametrize(
    ("form", "option", "value"),
    [
        ("csv", "singleVariantColumn", "v"),
        ("csv", "preferDate", "false"),
        ("csv", "locale", "fr-FR"),
        ("csv", "ignoreCorruptFiles", "true"),
        ("json", "singleVariantColumn", "v"),
        ("json", "locale", "fr-FR"),
        ("parquet", "datetimeRebaseMode", "LEGACY"),
    ],
)
def test_known_options_without_effect_are_refused(
    spark: SparkSession, tmp_path: Path, form: str, option: str, value: str
) -> None:
    reader = spark.read.schema("s string").format(form).option(option, value)
    assert option in refused(lambda: reader.load(str(tmp_path)).collect())


def test_files_are_picked_by_their_names(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1\n")
    (tmp_path / "b.txt").write_text("2\n")
    assert rows(spark.read.csv(str(tmp_path), pathGlobFilter="*.{csv,tsv}")) == [("1",)]
    (tmp_path / "c.json").write_text('{"a": 1, "b": {"c": true}}\n')
    schema = spark.read.json(str(tmp_path / "c.json"), primitivesAsString=True).schema
    assert schema.simpleString() == "struct<a:string,b:struct<c:string>>"


def test_options_that_ask_for_what_happens_anyway_are_taken(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n")
    options = {"nanValue": "NaN", "enforceSchema": "true", "noSuchOption": "x", "maxColumns": "99999", "lineSep": "\n"}
    assert rows(spark.read.options(**options).csv(str(tmp_path), schema="s string")) == [("a",)]


def test_write_options_without_effect_are_refused(spark: SparkSession, tmp_path: Path) -> None:
    frame = spark.range(1)
    assert "locale" in refused(lambda: frame.write.option("locale", "fr-FR").csv(str(tmp_path / "a")))
    avro = frame.write.format("avro").option("positionalFieldMatching", "true")
    assert "positionalFieldMatching" in refused(lambda: avro.save(str(tmp_path / "b")))


def test_random_values_are_drawn_once(spark: SparkSession) -> None:
    frame = spark.range(1000).select(F.pmod(F.rand(7) * 10 - 5, F.lit(3.0)).alias("x"), F.shiftleft(F.lit(1), 2))
    assert all(0 <= x < 3 for x, _ in rows(frame))


def test_conditions_have_their_texts(spark: SparkSession) -> None:
    def message(action: Any, condition: str) -> str:
        with pytest.raises(PySparkException) as raised:
            action()
        assert raised.value.getCondition() == condition
        return str(raised.value)

    frame = spark.range(1)
    assert "42604" in message(lambda: frame.select(F.col("`a")).collect(), "INVALID_ATTRIBUTE_NAME_SYNTAX")
    text = message(lambda: frame.union(spark.sql("select array(1)")).collect(), "INCOMPATIBLE_COLUMN_TYPE")
    assert "UNION can only be performed on tables with compatible column types" in text
    nullable = spark.sql("select cast(null as int) a")
    message(lambda: nullable.to(spark.range(1).select(F.col("id").alias("a")).schema).collect(), "NULLABLE_COLUMN_OR_FIELD")
    distinct = "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX"
    assert "DISTINCT" in message(lambda: spark.sql("select upper(distinct 'a')").collect(), distinct)
    dropping = frame.select(F.struct(F.lit(1).alias("a")).alias("s")).withColumn("s", F.col("s").dropFields("a"))
    message(dropping.collect, "DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS")
    with pytest.raises(PySparkException, match="requires the window to be ordered"):
        spark.sql("select row_number() over (partition by id) from range(1)").collect()
    with pytest.raises(PySparkException, match="cannot be 0"):
        spark.range(0, 3, 0).collect()


def test_encode_and_decode_obey_the_character_set(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("aé",), (None,)], "s string")
    encoded = frame.select(F.encode("s", "ISO-8859-1"), F.encode("s", "utf-16"), F.encode("s", "UTF-8"))
    assert rows(encoded) == [(b"a\xe9", b"\xfe\xff\x00a\x00\xe9", b"a\xc3\xa9"), (None, None, None)]
    assert rows(frame.select(F.decode(F.encode("s", "UTF-16LE"), "UTF-16LE"))) == [("aé",), (None,)]
    for action, condition in (
        (lambda: frame.select(F.encode("s", "latin1")).collect(), "INVALID_PARAMETER_VALUE.CHARSET"),
        (lambda: frame.select(F.encode("s", "US-ASCII")).collect(), "MALFORMED_CHARACTER_CODING"),
    ):
        with pytest.raises(PySparkException) as raised:
            action()
        assert raised.value.getCondition() == condition


def test_shuffle_shuffles(spark: SparkSession) -> None:
    frame = spark.sql("select sequence(1, 100) a, array('x', null, 'y') b, cast(null as array<int>) c from range(5)")
    found = rows(frame.select(F.shuffle("a"), F.shuffle("b"), F.shuffle("c")))
    assert all(sorted(a) == list(range(1, 101)) and a != sorted(a) for a, _, _ in found)
    assert len({tuple(a) for a, _, _ in found}) == 5
    assert all(sorted(b, key=str) == [None, "x", "y"] and c is None for _, b, c in found)
    seeded = frame.select(F.shuffle("a", 7))
    assert rows(seeded) == rows(seeded)


def test_a_write_that_fails_says_why(spark: SparkSession, tmp_path: Path) -> None:
    frame = spark.sql("select cast(s as int) i from values ('1'), ('x') t(s)")
    with pytest.raises(PySparkException) as raised:
        frame.write.csv(str(tmp_path / "a"))
    assert raised.value.getCondition() == "CAST_INVALID_INPUT"
    assert not list(tmp_path.glob("a/part-*"))


def test_records_are_judged_by_the_columns_that_are_wanted(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("1,a,2\nx,b,3\n4,c\n5,d,y\n")
    read = spark.read.csv(str(tmp_path / "p.csv"), schema="n int, s string, m int", mode="DROPMALFORMED")
    assert [tuple(row) for row in read.collect()] == [(1, "a", 2)]
    assert [row.n for row in read.select("n").collect()] == [1, 4, 5]
    assert [row.s for row in read.select("s").collect()] == ["a", "b", "c", "d"]
    assert [row.s for row in read.where("m > 0").select("s").collect()] == ["a", "b"]
    assert read.count() == 4
    unpruned = (
        spark.read.option("columnPruning", "false")
        .option("mode", "DROPMALFORMED")
        .csv(str(tmp_path / "p.csv"), schema="n int, s string, m int")
    )
    assert [row.n for row in unpruned.select("n").collect()] == [1, 5]
    spark.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")
    assert spark.read.csv(str(tmp_path / "p.csv"), schema="n int, s string, m int", mode="DROPMALFORMED").count() == 3
    spark.conf.unset("spark.sql.csv.parser.columnPruning.enabled")
    lines = spark.read.csv(str(tmp_path / "p.csv"), schema="n int, s string, m int", mode="DROPMALFORMED", multiLine=True)
    assert [row.s for row in lines.select("s").collect()] == ["a", "b", "d"]
    (tmp_path / "p.json").write_text('{"n":1,"m":"x"}\n{"n":"y","m":2}\n{bad\n')
    json = spark.read.json(str(tmp_path / "p.json"), schema="n int, m int", mode="DROPMALFORMED")
    assert json.collect() == []
    assert [row.n for row in json.select("n").collect()] == [1]


def test_corrupt_records_alone_are_not_to_be_had(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("1,a\nx,b\n")
    (tmp_path / "c.json").write_text('{"n":1}\n{bad\n')
    for read in (
        spark.read.csv(str(tmp_path / "c.csv"), schema="n int, s string, _corrupt_record string"),
        spark.read.json(str(tmp_path / "c.json"), schema="n int, _corrupt_record string"),
    ):
        for frame in (read.select("_corrupt_record"), read.where("_corrupt_record is not null").groupBy().count()):
            with pytest.raises(AnalysisException) as raised:
                frame.collect()
            assert raised.value.getCondition() == "UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN"
        kept = read.cache()
        assert kept.where("_corrupt_record is not null").count() == 1
        kept.unpersist()
