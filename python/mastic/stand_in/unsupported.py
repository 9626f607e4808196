"""The error for what needs a JVM or executors."""

from __future__ import annotations

from pyspark.errors import PySparkNotImplementedError


def unsupported(what: str) -> PySparkNotImplementedError:
    return PySparkNotImplementedError(errorClass="NOT_IMPLEMENTED", messageParameters={"feature": what})
