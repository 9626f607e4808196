"""Spark SQL's statements and the catalog, in an engine that runs alone: its catalog is its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY
from pyspark.errors import AnalysisException, ParseException, PySparkException
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


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


def condition_of(spark: SparkSession, text: str) -> str | None:
    with pytest.raises(PySparkException) as raised:
        spark.sql(text).collect()
    return raised.value.getCondition()


def test_tables_are_made_filled_and_dropped(spark: SparkSession) -> None:
    spark.sql("CREATE DATABASE shop COMMENT 'goods' WITH DBPROPERTIES ('a' = 'b')")
    spark.sql("USE shop")
    spark.sql("CREATE TABLE items (Id INT, name STRING COMMENT 'what', price DECIMAL(8,2)) USING parquet COMMENT 'all'")
    spark.sql("INSERT INTO items VALUES (1, 'pen', 1.5), (2, 'ink', 3)")
    spark.sql("INSERT INTO items (name, id) SELECT 'cap', 3")
    spark.sql("INSERT INTO items BY NAME SELECT 4 AS id, 2 AS price")
    assert rows(spark.sql("SELECT id, name, CAST(price AS STRING) FROM items ORDER BY id")) == [
        (1, "pen", "1.50"),
        (2, "ink", "3.00"),
        (3, "cap", None),
        (4, None, "2.00"),
    ]
    assert spark.table("items").columns == ["Id", "name", "price"]
    assert condition_of(spark, "INSERT INTO items VALUES (1, 'x')") == "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
    assert condition_of(spark, "CREATE TABLE items (id INT)") == "TABLE_OR_VIEW_ALREADY_EXISTS"
    spark.sql("INSERT OVERWRITE items SELECT 9, 'new', 0.5")
    assert spark.table("shop.items").count() == 1
    spark.sql("CREATE TABLE copy USING csv AS SELECT id, name FROM items")
    assert rows(spark.table("copy")) == [(9, "new")]
    spark.sql("TRUNCATE TABLE copy")
    assert spark.table("copy").count() == 0
    spark.sql("ALTER TABLE copy RENAME TO other")
    spark.sql("ALTER TABLE items ADD COLUMNS (note STRING DEFAULT 'none')")
    spark.sql("INSERT INTO items (id) VALUES (10)")
    assert rows(spark.sql("SELECT id, note FROM items ORDER BY id")) == [(9, None), (10, "none")]
    assert rows(spark.sql("SHOW TABLES")) == [("shop", "items", False), ("shop", "other", False)]
    assert condition_of(spark, "DROP DATABASE shop") == "SCHEMA_NOT_EMPTY"
    assert "CREATE TABLE spark_catalog.shop.items" in spark.sql("SHOW CREATE TABLE items").first()[0]  # type: ignore[index]
    spark.sql("USE default")
    spark.sql("DROP DATABASE shop CASCADE")
    assert not spark.catalog.databaseExists("shop")


def test_partitions(spark: SparkSession, tmp_path: Path) -> None:
    spark.sql(f"CREATE TABLE log (v INT, day STRING, hour INT) USING parquet PARTITIONED BY (day, hour) LOCATION '{tmp_path}'")
    spark.sql("INSERT INTO log PARTITION (day = 'mon', hour) SELECT 1, 7")
    spark.sql("INSERT INTO log SELECT 2, 'tue', 8")
    spark.sql("INSERT INTO log PARTITION (day = 'wed', hour = 9) VALUES (3)")
    assert [row[0] for row in spark.sql("SHOW PARTITIONS log").collect()] == [
        "day=mon/hour=7",
        "day=tue/hour=8",
        "day=wed/hour=9",
    ]
    spark.sql("INSERT OVERWRITE log PARTITION (day = 'mon', hour) SELECT 4, 1")
    assert sorted(rows(spark.sql("SELECT v, day, hour FROM log"))) == [(2, "tue", 8), (3, "wed", 9), (4, "mon", 1)]
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    try:
        spark.sql("INSERT OVERWRITE log SELECT 5, 'tue', 8")
    finally:
        spark.conf.unset("spark.sql.sources.partitionOverwriteMode")
    assert sorted(rows(spark.sql("SELECT v, day, hour FROM log"))) == [(3, "wed", 9), (4, "mon", 1), (5, "tue", 8)]
    spark.sql("ALTER TABLE log DROP PARTITION (day = 'wed', hour = 9)")
    assert condition_of(spark, "ALTER TABLE log DROP PARTITION (day = 'wed', hour = 9)") == "PARTITIONS_NOT_FOUND"
    assert len(spark.catalog.listPartitions("log")) == 2
    # An external table's files stay, and are found again.
    spark.sql("MSCK REPAIR TABLE log")
    assert len(spark.catalog.listPartitions("log")) == 3
    spark.sql("INSERT OVERWRITE log SELECT 6, 'sun', 1")
    assert rows(spark.sql("SELECT v, day, hour FROM log")) == [(6, "sun", 1)]
    spark.sql("DROP TABLE log")
    assert any(tmp_path.rglob("*.parquet"))


def test_views_keep_their_meaning(spark: SparkSession) -> None:
    spark.sql("CREATE DATABASE views")
    spark.sql("CREATE TABLE views.t (a INT, b STRING) USING json")
    spark.sql("INSERT INTO views.t VALUES (1, 'x'), (2, 'y')")
    spark.sql("USE views")
    spark.sql("CREATE VIEW big (key COMMENT 'k', label) AS SELECT * FROM t WHERE a > 1")
    spark.sql("USE default")
    assert rows(spark.sql("SELECT label, key FROM views.big")) == [("y", 2)]
    assert [view.name for view in spark.catalog.listViews("views")] == ["big"]
    spark.sql("CREATE OR REPLACE TEMP VIEW mine AS SELECT 1 AS one")
    assert condition_of(spark, "CREATE VIEW bad AS SELECT * FROM mine") == "INVALID_TEMP_OBJ_REFERENCE"
    spark.sql("ALTER VIEW views.big AS SELECT 7 AS seven")
    assert rows(spark.table("views.big")) == [(7,)]
    assert condition_of(spark, "DROP TABLE views.big") == "WRONG_COMMAND_FOR_OBJECT_TYPE"
    spark.sql("DROP DATABASE views CASCADE")


def test_save_as_table_and_write_to(spark: SparkSession) -> None:
    frame = spark.range(4).selectExpr("id", "id % 2 AS part")
    frame.write.partitionBy("part").saveAsTable("saved")
    assert spark.table("saved").columns == ["id", "part"]
    with pytest.raises(AnalysisException) as raised:
        frame.write.saveAsTable("saved")
    assert raised.value.getCondition() == "TABLE_OR_VIEW_ALREADY_EXISTS"
    frame.write.mode("append").saveAsTable("saved")
    assert spark.table("saved").count() == 8
    frame.limit(1).write.mode("overwrite").insertInto("saved")
    assert spark.table("saved").count() == 1
    frame.write.bucketBy(3, "id").sortBy("id").mode("overwrite").saveAsTable("saved")
    assert sorted(rows(spark.table("saved"))) == sorted(rows(frame))
    assert [column.name for column in spark.catalog.listColumns("saved") if column.isBucket] == ["id"]
    with pytest.raises(AnalysisException):
        frame.writeTo("nowhere").append()
    frame.writeTo("again").using("orc").create()
    frame.writeTo("again").append()
    assert spark.table("again").count() == 8
    spark.sql("DROP TABLE saved")
    spark.sql("DROP TABLE again")


def test_describe_and_show(spark: SparkSession) -> None:
    spark.sql(
        "CREATE TABLE d (a INT COMMENT 'first', p STRING) USING csv OPTIONS (header true) PARTITIONED BY (p) "
        "TBLPROPERTIES (k = 'v')"
    )
    assert rows(spark.sql("DESCRIBE d")) == [
        ("a", "int", "first"),
        ("p", "string", None),
        ("# Partition Information", "", ""),
        ("# col_name", "data_type", "comment"),
        ("p", "string", None),
    ]
    extended = {row[0]: row[1] for row in spark.sql("DESCRIBE EXTENDED d").collect()}
    assert extended["Provider"] == "csv" and extended["Type"] == "MANAGED" and extended["Table Properties"] == "[k=v]"
    assert rows(spark.sql("SHOW TBLPROPERTIES d")) == [("k", "v")]
    assert rows(spark.sql("SHOW COLUMNS IN d")) == [("a",), ("p",)]
    assert rows(spark.sql("DESCRIBE QUERY SELECT 1 AS one, 'x' AS two")) == [("one", "int", None), ("two", "string", None)]
    assert ("Namespace Name", "default") in rows(spark.sql("DESCRIBE DATABASE default"))
    assert rows(spark.sql("SHOW FUNCTIONS LIKE 'to_date'")) == [("to_date",)]
    spark.sql("INSERT INTO d VALUES (1, 'x')")
    spark.sql("ANALYZE TABLE d COMPUTE STATISTICS")
    assert "1 rows" in {row[0]: row[1] for row in spark.sql("DESCRIBE EXTENDED d").collect()}["Statistics"]
    spark.sql("DROP TABLE d")


def test_variables_and_execute_immediate(spark: SparkSession) -> None:
    spark.sql("DECLARE VARIABLE n INT DEFAULT 5")
    spark.sql("SET VAR n = (SELECT max(id) FROM range(8))")
    assert rows(spark.sql("SELECT n + 1")) == [(8,)]
    assert rows(spark.sql("EXECUTE IMMEDIATE 'SELECT ?' USING n")) == [(7,)]
    spark.sql("DROP TEMPORARY VARIABLE n")
    assert (condition_of(spark, "SELECT n") or "").startswith("UNRESOLVED_COLUMN")


def test_queries(spark: SparkSession) -> None:
    cases: dict[str, list[tuple[Any, ...]]] = {
        "SELECT * FROM VALUES (1, 2) AS t(a, b) UNPIVOT (v FOR k IN (a AS 'x', b))": [("x", 1), ("b", 2)],
        "SELECT a, sum(b) FROM VALUES (1, 2), (1, 3) AS t(a, b) GROUP BY ALL": [(1, 5)],
        "SELECT * FROM VALUES (2, 'b'), (1, 'a') AS t(a, b) ORDER BY ALL": [(1, "a"), (2, "b")],
        "SELECT a FROM VALUES (1), (2), (3) AS t(a) QUALIFY row_number() OVER (ORDER BY a DESC) = 1": [(3,)],
        "SELECT * FROM IDENTIFIER('ran' || 'ge')(2)": [(0,), (1,)],
        "FROM range(5) |> WHERE id > 2 |> AGGREGATE sum(id) AS s |> EXTEND s + 1 AS t": [(7, 8)],
        "SELECT id FROM range(10) LIMIT 1 + 1 OFFSET 3": [(3,), (4,)],
        "SELECT * FROM VALUES (1, 'a', 5), (1, 'b', 6) AS t(k, c, v) PIVOT (sum(v) FOR c IN ('a' AS x, 'b'))": [(1, 5, 6)],
        "SELECT a, b, count(*) FROM VALUES (1, 2) AS t(a, b) GROUP BY a, ROLLUP (b) ORDER BY b": [(1, None, 1), (1, 2, 1)],
        "SELECT timestampdiff(MONTH, DATE'2024-01-31', DATE'2024-03-31')": [(2,)],
    }
    for text, want in cases.items():
        assert rows(spark.sql(text)) == want, text


def test_errors_name_their_place(spark: SparkSession) -> None:
    with pytest.raises(ParseException) as raised:
        spark.sql("SELECT 1\nFROM range(3) x y")
    assert "(line 2, pos 16)" in str(raised.value)
    assert condition_of(spark, "SELECT * FROM nowhere.t") == "TABLE_OR_VIEW_NOT_FOUND"
    assert condition_of(spark, "USE nowhere") == "SCHEMA_NOT_FOUND"
    assert condition_of(spark, "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE") == "TABLE_OR_VIEW_NOT_FOUND"
    assert condition_of(spark, "SELECT " + "(" * 5000 + "1") == "FAILED_TO_PARSE_TOO_COMPLEX"


def test_caching_keeps_rows(spark: SparkSession, tmp_path: Path) -> None:
    spark.sql(f"CREATE TABLE kept (c STRING) USING text LOCATION '{tmp_path}'")
    spark.sql("INSERT INTO kept SELECT 'a'")
    spark.sql("CACHE TABLE kept")
    for part in tmp_path.iterdir():
        part.unlink()
    assert spark.sql("SELECT * FROM kept").count() == 1
    assert spark.catalog.isCached("spark_catalog.default.kept")
    spark.sql("REFRESH TABLE kept")
    assert spark.table("kept").count() == 0
    spark.sql("UNCACHE TABLE kept")
    assert not spark.catalog.isCached("kept")
    spark.sql("DROP TABLE kept")


def test_names_with_hyphens_are_to_be_quoted(spark: SparkSession) -> None:
    with pytest.raises(ParseException) as raised:
        spark.sql("SELECT * FROM my-own.table")
    assert raised.value.getCondition() == "INVALID_IDENTIFIER"
    assert raised.value.getMessageParameters() == {"ident": "my-own"}
    assert "(line 1, pos 14)" in str(raised.value)
    assert rows(spark.sql("SELECT a-b FROM VALUES (3, 1) AS t(a, b)")) == [(2,)]
