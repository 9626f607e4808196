"""What the Connect classes lack of the classic ones, added to them once in the process.

Each function says what scripts do and why the client refuses it.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.connect.dataframe import DataFrame as ConnectDataFrame
from pyspark.sql.connect.readwriter import DataFrameReader as ConnectReader
from pyspark.sql.connect.session import SparkSession as ConnectSession

from mastic.stand_in.context import SparkContext
from mastic.stand_in.hadoop import Jvm
from mastic.stand_in.rdd import RDD
from mastic.stand_in.unsupported import unsupported

_applied = False
_SESSION_SETTINGS = ("spark.sql.", "spark.hadoop.", "spark.checkpoint.", "spark.remote")


def apply() -> None:
    global _applied
    if _applied:
        return
    _applied = True
    _let_builders_name_a_master()
    _give_sessions_the_context_settings()
    _give_sessions_a_context()
    _give_frames_rdds()
    _read_rdds()


def _let_builders_name_a_master() -> None:
    """`.master("local[*]")` is in many scripts; with SPARK_REMOTE set, the client refuses it. The run has one engine."""

    def drop_master(self: Any) -> None:
        if "SPARK_REMOTE" in os.environ:
            self._options.pop("spark.master", None)
            self._options.pop("spark.submit.deployMode", None)

    SparkSession.Builder._validate_startup_urls = drop_master  # type: ignore[method-assign]
    # The Connect session's own builder: reached through `spark.builder` on an instance, without an address.
    # The catalog is Glue's, which is what Hive support is for.
    for builder in (ConnectSession.Builder, SparkSession.Builder):
        builder.enableHiveSupport = lambda self: self  # type: ignore[method-assign]
    create = ConnectSession.Builder.create

    def create_with_address(self: Any) -> Any:
        if self._channel_builder is None and "spark.remote" not in self._options and "SPARK_REMOTE" in os.environ:
            self._options["spark.remote"] = os.environ["SPARK_REMOTE"]
        for name, value in _version_defaults().items():
            self._options.setdefault(name, value)
        return create(self)

    ConnectSession.Builder.create = create_with_address  # type: ignore[method-assign]


_SPARK_VERSIONS = {"3.0": "3.1.1", "4.0": "3.3.0", "5.0": "3.5.4", "5.1": "3.5.6"}


def _version_defaults() -> dict[str, str]:
    """Glue up to 5.1 runs Spark 3, whose defaults differ (ANSI mode is off); engines have Spark 4's unless they are told."""
    version = os.environ.get("GLUE_VERSION", "")
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) >= 6:
        return {}
    return {"spark.mastic.sparkVersion": _SPARK_VERSIONS.get(version, "3.5.4")}


def _give_sessions_the_context_settings() -> None:
    """A SparkConf given to SparkContext() is in force in the session that comes later. What settings it has for executors
    and the like say nothing to an engine, and the client would warn of each that cannot be changed any more."""
    get_or_create = ConnectSession.Builder.getOrCreate

    def with_settings(self: Any) -> Any:
        context = SparkContext._active_spark_context
        if context is not None:
            for name, value in context._conf.getAll():
                self._options.setdefault(name, value)
        for name in [name for name in self._options if not name.startswith(_SESSION_SETTINGS)]:
            del self._options[name]
        return get_or_create(self)

    ConnectSession.Builder.getOrCreate = with_settings  # type: ignore[method-assign]


def _give_sessions_a_context() -> None:
    """`spark.sparkContext`, `spark._jsc`, `spark._jvm`, `spark.newSession()`."""
    ConnectSession.sparkContext = ConnectSession._sc = property(  # type: ignore[attr-defined]
        lambda self: SparkContext.getOrCreate()
    )
    ConnectSession._jsc = property(lambda self: SparkContext.getOrCreate()._jsc)  # type: ignore[attr-defined]
    ConnectSession._jvm = property(lambda self: Jvm("SparkSession._jvm"))  # type: ignore[attr-defined]

    def new_session(self: Any) -> Any:
        return ConnectSession(connection=os.environ["SPARK_REMOTE"])

    ConnectSession.newSession = new_session  # type: ignore[attr-defined]
    stop = ConnectSession.stop

    def stop_with_context(self: Any) -> None:
        """As in Spark, the context ends with the session."""
        SparkContext._active_spark_context = None
        stop(self)

    ConnectSession.stop = stop_with_context  # type: ignore[method-assign]


class _JavaSchema:
    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def treeString(self) -> str:
        return str(self._frame._tree_string() if hasattr(self._frame, "_tree_string") else self._frame.schema.treeString())

    def json(self) -> str:
        return str(self._frame.schema.json())


class _JavaFrame:
    """`df._jdf.schema().treeString()` is what scripts do with it."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def schema(self) -> _JavaSchema:
        return _JavaSchema(self._frame)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(f"DataFrame._jdf.{name}")


def _give_frames_rdds() -> None:
    """`df.rdd.flatMap(…).collect()`: the most frequent use of RDDs, to turn a column into a list."""
    ConnectDataFrame.rdd = property(lambda self: RDD(self.collect, None))  # type: ignore[method-assign, assignment]
    ConnectDataFrame._jdf = property(_JavaFrame)
    to_json = ConnectDataFrame.toJSON

    def to_json_strings(self: Any, use_unicode: bool = True) -> RDD[str]:
        """Classic PySpark gives an RDD of strings, the Connect client a DataFrame."""
        frame = to_json(self)
        return RDD(lambda: [row[0] for row in frame.collect()], None)

    ConnectDataFrame.toJSON = to_json_strings  # type: ignore[method-assign, assignment]

    def sql_context(self: Any) -> Any:
        from mastic.stand_in.sql_context import SQLContext

        return SQLContext(None, self.sparkSession)

    ConnectDataFrame.sql_ctx = property(sql_context)  # type: ignore[attr-defined]


def _read_rdds() -> None:
    """`spark.read.json(sc.parallelize([text]))` and `spark.createDataFrame(rdd)`: the client takes paths and lists."""

    def reading(name: str, suffix: str) -> None:
        read = getattr(ConnectReader, name)

        def read_path_or_rdd(self: Any, path: Any, *arguments: Any, **options: Any) -> Any:
            return read(self, _as_file(path, suffix) if isinstance(path, RDD) else path, *arguments, **options)

        setattr(ConnectReader, name, read_path_or_rdd)

    reading("json", ".json")
    reading("csv", ".csv")
    create_frame = ConnectSession.createDataFrame

    def create_frame_from_rdd(self: Any, data: Any, *arguments: Any, **options: Any) -> Any:
        return create_frame(self, data.collect() if isinstance(data, RDD) else data, *arguments, **options)

    ConnectSession.createDataFrame = create_frame_from_rdd  # type: ignore[method-assign]


def _as_file(lines: RDD[str], suffix: str) -> str:
    """The engine is on this machine and reads the file when the frame is used; it goes with the run's scratch folder."""
    with tempfile.NamedTemporaryFile("w", suffix=suffix, delete=False, encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines.collect())
    return f"file://{file.name}"
