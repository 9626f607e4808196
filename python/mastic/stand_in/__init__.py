"""What scripts expect of PySpark's context and RDDs, over a Spark Connect session.

The Connect client has no `pyspark.context`, `pyspark.rdd`, `pyspark.files` and `pyspark.broadcast`, yet nearly every Glue
script begins with `SparkContext()`. `install()` puts modules of those names into `sys.modules`; nothing is written to
disk, and there is no `pyspark.core`: the client takes that package's presence for a sign that a JVM is at hand.

RDDs here are lists in the driver: right for what scripts do with them (names of tables, a few lines of text), wrong for
data of size. What has no counterpart raises PySparkNotImplementedError and names itself.
"""

from __future__ import annotations

import sys

import pyspark
import pyspark.sql
import pyspark.sql.context

from mastic.stand_in import broadcast, context, files, patches, rdd, sql_context

_MODULES = {
    "pyspark.context": context,
    "pyspark.rdd": rdd,
    "pyspark.files": files,
    "pyspark.broadcast": broadcast,
}
_NAMES = {
    "SparkContext": context.SparkContext,
    "SparkFiles": files.SparkFiles,
    "RDD": rdd.RDD,
    "Broadcast": broadcast.Broadcast,
    "SQLContext": sql_context.SQLContext,
    "HiveContext": sql_context.HiveContext,
}


def install() -> None:
    """Safe to call again."""
    for name, module in _MODULES.items():
        sys.modules[name] = module
        setattr(pyspark, name.rpartition(".")[2], module)
    for name, thing in _NAMES.items():
        setattr(pyspark, name, thing)
    for module in (pyspark.sql, pyspark.sql.context):
        for name in ("SQLContext", "HiveContext"):
            setattr(module, name, _NAMES[name])
    patches.apply()
