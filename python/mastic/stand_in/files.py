"""`pyspark.files`: where `SparkContext.addFile` puts files."""

from __future__ import annotations

import os
import tempfile

__all__ = ["SparkFiles"]


class SparkFiles:
    _root: str | None = None

    @classmethod
    def get(cls, filename: str) -> str:
        return os.path.join(cls.getRootDirectory(), filename)

    @classmethod
    def getRootDirectory(cls) -> str:
        if cls._root is None:
            cls._root = tempfile.mkdtemp(prefix="spark-files-")
        return cls._root
