"""Which of PySpark's test modules make a suite."""

from __future__ import annotations

import pathlib

DOCTESTS = (
    "pyspark.sql.connect.functions.builtin",
    "pyspark.sql.dataframe",
    "pyspark.sql.column",
    "pyspark.sql.connect.group",
    "pyspark.sql.window",
    "pyspark.sql.connect.readwriter",
    "pyspark.sql.connect.catalog",
    "pyspark.sql.connect.session",
    "pyspark.sql.connect.tvf",
    "pyspark.sql.connect.udf",
    "pyspark.sql.types",
)
PREFIX = "pyspark.sql.tests.connect."
CORE = (
    *("functions", "dataframe", "column", "types", "sql", "group", "stat", "subquery", "tvf", "collection", "creation", "conf"),
    *("catalog", "readwriter", "errors", "serde", "repartition", "observation", "datasources", "udf", "udf_combinations"),
    *("unified_udf", "udtf"),
)
SAMPLE = ("functions", "dataframe", "column", "sql", "group", "subquery", "catalog", "udf")
# The pandas API on Spark: its examples.
PANDAS_API = tuple(
    f"pyspark.pandas.{name}"
    for name in (
        *("frame", "series", "groupby", "generic", "indexing", "window", "namespace", "base", "datetimes", "strings"),
        *("indexes.base", "indexes.multi", "indexes.datetimes", "indexes.category", "categorical", "accessors", "config"),
        *("extensions", "resample", "sql_formatter", "sql_processor", "typedef.typehints", "spark.accessors", "utils"),
    )
)
# What else runs against a server.
OTHERS = (
    *("parity_python_datasource", "parity_job_cancellation", "parity_resources", "parity_udf_profiler", "df_debug"),
    *("connect_session", "connect_plan", "connect_error", "connect_retry", "connect_channel", "utils"),
    *("parity_dataframe_query_context", "parity_nearest_by_join", "parity_frame_plot"),
)


def modules(suite: str, tests: pathlib.Path | None) -> list[str]:
    """The modules of a suite: doctests, sample, core, arrow, pandas, pandasapi or others. `tests`: what fetch.py makes."""
    if suite == "doctests":
        return list(DOCTESTS)
    if suite == "pandasapi":
        return list(PANDAS_API)
    if suite == "others":
        return [f"{PREFIX}test_{name}" for name in OTHERS]
    if suite in ("core", "sample"):
        return [f"{PREFIX}test_parity_{name}" for name in (CORE if suite == "core" else SAMPLE)]
    if suite in ("arrow", "pandas"):
        assert tests is not None
        found = sorted((tests / "pyspark/sql/tests/connect" / suite).glob("test_parity_*.py"))
        return [f"{PREFIX}{suite}.{file.stem}" for file in found]
    raise SystemExit(f"there is no suite {suite}: use doctests, sample, core, arrow, pandas, pandasapi or others")
