"""Job: marks the beginning and the end of a run's work."""

from __future__ import annotations

import sys
from typing import Any


class Job:
    """A run's handle.

    Job bookmarks are not kept yet: a job that asks for them is told so on standard error and reads everything.
    """

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
        if self._args.get("job_bookmark_option") == "job-bookmark-enable":
            print("Mastic: job bookmarks are not supported yet; this run reads everything.", file=sys.stderr)

    @classmethod
    def isInitialized(cls) -> bool:
        return cls._initialized

    @classmethod
    def commit(cls) -> None:
        """Ends the job. What was written before is visible already: each write commits on its own."""
        cls._initialized = False
