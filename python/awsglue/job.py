"""Job: marks the beginning and the end of a run's work."""

from __future__ import annotations

from typing import Any

from awsglue import bookmarks


class Job:
    """A run's handle: from init to commit the sources take part in the job's bookmark, when its arguments ask for one."""

    _initialized = False

    def __init__(self, glue_context: Any) -> None:
        from pyspark.sql import SparkSession

        from awsglue.context import GlueContext

        if not isinstance(glue_context, GlueContext | SparkSession):
            raise Exception("Invalid context type, expected GlueContext or SparkSession: " + type(glue_context).__name__)
        self._context = glue_context
        self._job_name: str | None = None
        self._args: dict[str, Any] = {}

    def init(self, job_name: str, args: dict[str, Any] | None = None) -> None:
        """Begins the job. `args` is what getResolvedOptions gave."""
        self._job_name = job_name
        self._args = dict(args or {})
        Job._initialized = True
        bookmarks.begin(job_name, self._args)

    @classmethod
    def isInitialized(cls) -> bool:
        return cls._initialized

    @classmethod
    def commit(cls) -> None:
        """Ends the job and keeps its bookmark. What was written is visible already: each write commits on its own."""
        if bookmarks.current is not None:
            bookmarks.current.commit()
        cls._initialized = False
