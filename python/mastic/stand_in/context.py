"""`pyspark.context`: the SparkContext of a run, in front of its Spark Connect session.

The context itself asks nothing of the server. What its SparkConf and hadoopConfiguration() hold reaches the session when
the session is made (see patches.py), or at once when there is one already.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from pyspark.accumulators import Accumulator, AccumulatorParam
from pyspark.conf import SparkConf
from pyspark.sql import SparkSession

from mastic.stand_in.broadcast import Broadcast
from mastic.stand_in.files import SparkFiles
from mastic.stand_in.hadoop import HadoopConfiguration, JavaSparkContext, Jvm
from mastic.stand_in.rdd import RDD
from mastic.stand_in.unsupported import unsupported

T = TypeVar("T")

__all__ = ["SparkContext"]

_LOG_LEVELS = ("ALL", "DEBUG", "ERROR", "FATAL", "INFO", "OFF", "TRACE", "WARN")


class SparkContext:
    _active_spark_context: ClassVar[SparkContext | None] = None
    _lock: ClassVar[threading.RLock] = threading.RLock()
    _next_accumulator: ClassVar[int] = 0

    PACKAGE_EXTENSIONS: ClassVar[tuple[str, ...]] = (".zip", ".egg", ".jar", ".whl")

    def __init__(
        self,
        master: str | None = None,
        appName: str | None = None,
        sparkHome: str | None = None,
        pyFiles: list[str] | None = None,
        environment: dict[str, Any] | None = None,
        batchSize: int = 0,
        serializer: Any = None,
        conf: SparkConf | None = None,
        gateway: Any = None,
        jsc: Any = None,
        profiler_cls: Any = None,
        udf_profiler_cls: Any = None,
        memory_profiler_cls: Any = None,
    ) -> None:
        with SparkContext._lock:
            if SparkContext._active_spark_context is not None:
                raise ValueError(
                    "Cannot run multiple SparkContexts at once; use SparkContext.getOrCreate(), or stop() the one that runs"
                )
            SparkContext._active_spark_context = self
        self._conf = SparkConf(loadDefaults=False)
        for name, value in conf.getAll() if conf is not None else ():
            self._conf.set(name, value)
        if appName is not None:
            self._conf.setAppName(appName)
        self._conf.setIfMissing("spark.app.name", os.environ.get("MASTIC_JOB_NAME", "pyspark-shell"))
        # There is one engine, this run's: a master that a script names for another setting is not looked for.
        self._master = master or self._conf.get("spark.master") or "local[*]"
        self._properties: dict[str, str] = {}
        self._checkpoint_folder: str | None = None
        self._jsc: JavaSparkContext | None = JavaSparkContext(HadoopConfiguration(self._publish))
        self._jvm = Jvm("SparkContext._jvm")
        self._gateway = Jvm("SparkContext._gateway")
        self.environment = environment or {}
        self.startTime = int(time.time() * 1000)
        for path in pyFiles or ():
            self.addPyFile(path)

    @classmethod
    def getOrCreate(cls, conf: SparkConf | None = None) -> SparkContext:
        with SparkContext._lock:
            if SparkContext._active_spark_context is None:
                SparkContext(conf=conf)
            assert SparkContext._active_spark_context is not None
            return SparkContext._active_spark_context

    def stop(self) -> None:
        with SparkContext._lock:
            if SparkContext._active_spark_context is self:
                SparkContext._active_spark_context = None
        self._jsc = None
        session = _current_session()
        if session is not None:
            session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<SparkContext master={self.master} appName={self.appName}>"

    # --- what it is ---

    @property
    def master(self) -> str:
        return self._master

    @property
    def appName(self) -> str:
        return str(self._conf.get("spark.app.name"))

    @property
    def applicationId(self) -> str:
        return os.environ.get("MASTIC_RUN_ID", f"local-{self.startTime}")

    @property
    def version(self) -> str:
        return str(self._session().version)

    @property
    def pythonVer(self) -> str:
        return f"{sys.version_info.major}.{sys.version_info.minor}"

    @property
    def uiWebUrl(self) -> str | None:
        return None

    @property
    def defaultParallelism(self) -> int:
        return len(os.sched_getaffinity(0))

    @property
    def defaultMinPartitions(self) -> int:
        return min(self.defaultParallelism, 2)

    @property
    def resources(self) -> dict[str, Any]:
        return {}

    def sparkUser(self) -> str:
        return os.environ.get("SPARK_USER") or os.environ.get("USER") or "spark"

    # --- settings ---

    def getConf(self) -> SparkConf:
        copy = SparkConf(loadDefaults=False)
        copy.setAll(self._conf.getAll())
        return copy

    def setLogLevel(self, logLevel: str) -> None:
        """Checked as Spark does; there is no log of Spark's own to make louder."""
        if logLevel.upper() not in _LOG_LEVELS:
            raise ValueError(f"Supplied level did not match one of {', '.join(_LOG_LEVELS)}: {logLevel}")

    @classmethod
    def setSystemProperty(cls, key: str, value: str) -> None:
        if key.startswith("spark."):
            SparkContext.getOrCreate()._publish(key, value)

    def setLocalProperty(self, key: str, value: str | None) -> None:
        if value is None:
            self._properties.pop(key, None)
        else:
            self._properties[key] = value

    def getLocalProperty(self, key: str) -> str | None:
        return self._properties.get(key)

    def setJobGroup(self, groupId: str, description: str, interruptOnCancel: bool = False) -> None:
        self.setLocalProperty("spark.jobGroup.id", groupId)
        self.setLocalProperty("spark.job.description", description)
        self._session().addTag(groupId.replace(",", "_"))

    def setJobDescription(self, value: str) -> None:
        self.setLocalProperty("spark.job.description", value)

    def addJobTag(self, tag: str) -> None:
        self._session().addTag(tag)

    def removeJobTag(self, tag: str) -> None:
        self._session().removeTag(tag)

    def getJobTags(self) -> set[str]:
        return set(self._session().getTags())

    def clearJobTags(self) -> None:
        self._session().clearTags()

    def cancelJobGroup(self, groupId: str) -> None:
        self._session().interruptTag(groupId.replace(",", "_"))

    def cancelJobsWithTag(self, tag: str) -> None:
        self._session().interruptTag(tag)

    def cancelAllJobs(self) -> None:
        self._session().interruptAll()

    def setCheckpointDir(self, dirName: str) -> None:
        self._checkpoint_folder = dirName
        self._publish("spark.checkpoint.dir", dirName)

    def getCheckpointDir(self) -> str | None:
        return self._checkpoint_folder

    # --- files ---

    def addFile(self, path: str, recursive: bool = False) -> None:
        local = path.removeprefix("file://")
        target = os.path.join(SparkFiles.getRootDirectory(), os.path.basename(local.rstrip("/")))
        if "://" in local:
            _download(local, target)
        elif os.path.isdir(local):
            if not recursive:
                raise ValueError(f"Added file is a directory and recursive is not turned on: {path}")
            shutil.copytree(local, target, dirs_exist_ok=True)
        else:
            shutil.copy(local, target)

    def addPyFile(self, path: str) -> None:
        self.addFile(path)
        name = os.path.basename(path)
        root = SparkFiles.getRootDirectory()
        entry = os.path.join(root, name) if name.endswith(self.PACKAGE_EXTENSIONS) else root
        if entry not in sys.path:
            sys.path.insert(1, entry)

    def addArchive(self, path: str) -> None:
        shutil.unpack_archive(path.split("#")[0].removeprefix("file://"), SparkFiles.getRootDirectory())

    @property
    def listFiles(self) -> list[str]:
        return sorted(os.listdir(SparkFiles.getRootDirectory()))

    # --- data ---

    def parallelize(self, c: Iterable[T], numSlices: int | None = None) -> RDD[T]:
        values = list(c)
        return RDD(lambda: values, self, numSlices or 1)

    def emptyRDD(self) -> RDD[Any]:
        return RDD(list, self, 0)

    def range(self, start: int, end: int | None = None, step: int = 1, numSlices: int | None = None) -> RDD[int]:
        return self.parallelize(range(0, start, step) if end is None else range(start, end, step), numSlices)

    def textFile(self, name: str, minPartitions: int | None = None, use_unicode: bool = True) -> RDD[str]:
        return RDD(lambda: [row[0] for row in self._session().read.text(name.split(",")).collect()], self)

    def wholeTextFiles(self, path: str, minPartitions: int | None = None, use_unicode: bool = True) -> RDD[tuple[str, str]]:
        def read() -> list[tuple[str, str]]:
            from pyspark.sql.functions import input_file_name

            frame = self._session().read.text(path.split(","), wholetext=True)
            return [(row[1], row[0]) for row in frame.select("value", input_file_name()).collect()]

        return RDD(read, self)

    def union(self, rdds: list[RDD[T]]) -> RDD[T]:
        return RDD(lambda: [value for part in rdds for value in part.collect()], self, sum(r.getNumPartitions() for r in rdds))

    def broadcast(self, value: T) -> Broadcast[T]:
        return Broadcast(value)

    def accumulator(self, value: T, accum_param: AccumulatorParam[T] | None = None) -> Accumulator[T]:
        from pyspark import accumulators

        if accum_param is None:
            known: dict[type, Any] = {int: accumulators.INT_ACCUMULATOR_PARAM, float: accumulators.FLOAT_ACCUMULATOR_PARAM}
            accum_param = known.get(type(value))
            if accum_param is None:
                raise TypeError(f"No default accumulator param for type {type(value)}")
        SparkContext._next_accumulator += 1
        return Accumulator(SparkContext._next_accumulator - 1, value, accum_param)

    # --- inside ---

    def _session(self) -> Any:
        return SparkSession.builder.getOrCreate()

    def _publish(self, name: str, value: str) -> None:
        """Keeps a setting for the session that will be made, and tells the one that is there."""
        self._conf.set(name, value)
        session = _current_session()
        if session is not None:
            session.conf._set_all(configs={name: value}, silent=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise unsupported(f"SparkContext.{name}")


def _current_session() -> Any:
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    return ConnectSession.getActiveSession() or ConnectSession._get_default_session()


def _download(url: str, target: str) -> None:
    scheme, _, rest = url.partition("://")
    if scheme not in ("s3", "s3a", "s3n"):
        raise unsupported(f"SparkContext.addFile of {url}")
    import boto3

    bucket, _, key = rest.partition("/")
    boto3.client("s3").download_file(bucket, key, target)
