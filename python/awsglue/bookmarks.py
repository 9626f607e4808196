"""Job bookmarks: what a job has read already, so that its next run reads only what is new.

As in Glue: a source takes part when it has a `transformation_ctx`; of S3 the objects count that were modified after those
read before; `Job.commit` keeps the state of all sources of the run at once, and without it nothing is kept.
`job-bookmark-pause` reads what is new (or what came between two runs) and keeps nothing.

The state is read through GetJobBookmark. It is handed over as the file `bookmark` in the run's folder, which appears whole
or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

_RUN_FOLDER = "MASTIC_RUN_FOLDER"
_FILE = "bookmark"


@dataclass
class S3State:
    """Everything up to a moment, and of that moment itself the objects that were seen: others may still come."""

    until: float = -1.0
    at: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, state: dict[str, Any] | None) -> S3State:
        return cls(float(state["until"]), set(state["at"])) if state else cls()

    def holds(self, name: str, modified: float) -> bool:
        return modified < self.until or (modified == self.until and name in self.at)

    def add(self, name: str, modified: float) -> None:
        if modified > self.until:
            self.until, self.at = modified, set()
        if modified == self.until:
            self.at.add(name)

    def write(self) -> dict[str, Any]:
        return {"type": "s3", "until": self.until, "at": sorted(self.at)}


@dataclass(frozen=True)
class Selection:
    """The objects below some paths: those that are to be read, and whether there are others."""

    new: list[str]
    found: bool


class Bookmark:
    """The bookmark of one run."""

    def __init__(self, job_name: str, option: str, first: str | None = None, last: str | None = None) -> None:
        self._writes = option == "job-bookmark-enable"
        # With two runs given: what came after the first one's input, up to and with the last one's.
        self._before = _state_of(job_name, first)
        self._up_to = _state_of(job_name, last) if last else None
        self._seen: dict[str, dict[str, Any]] = {}

    def select(self, context: str, paths: Iterable[str]) -> Selection:
        """The objects below the paths that this source has not read yet."""
        before = S3State.read(self._before.get(context))
        up_to = S3State.read(self._up_to.get(context)) if self._up_to is not None else None
        after = S3State(before.until, set(before.at))
        new, found = [], False
        for name, modified in _objects(paths):
            found = True
            if before.holds(name, modified) or (up_to is not None and not up_to.holds(name, modified)):
                continue
            new.append(name)
            after.add(name, modified)
        self._seen[context] = after.write()
        return Selection(new, found)

    def commit(self) -> None:
        """Keeps the state: of the sources read in this run the new one, of others what they had."""
        folder = os.environ.get(_RUN_FOLDER)
        if not self._writes or not folder:
            return
        temporary = Path(folder) / f".{_FILE}"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({**self._before, **self._seen}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(Path(folder) / _FILE)
        self._before, self._seen = {**self._before, **self._seen}, {}


# The run's, from Job.init on; None: bookmarks are disabled.
current: Bookmark | None = None


def begin(job_name: str, arguments: dict[str, Any]) -> None:
    """Begins the bookmark that a job's arguments ask for."""
    global current
    option = arguments.get("job_bookmark_option") or "job-bookmark-disable"
    if option == "job-bookmark-disable":
        current = None
        return
    current = Bookmark(job_name, option, arguments.get("job_bookmark_from"), arguments.get("job_bookmark_to"))


def for_source(context: str) -> Bookmark | None:
    """The bookmark that a source takes part in; without a transformation_ctx none, as in Glue."""
    return current if context else None


def _state_of(job_name: str, run_id: str | None) -> dict[str, Any]:
    """The state that a run has left; without a run, the newest. A job that never committed has none."""
    run = {"RunId": run_id} if run_id else {}
    try:
        entry = boto3.client("glue").get_job_bookmark(JobName=job_name, **run)["JobBookmarkEntry"]
    except ClientError as refused:
        if run_id or refused.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        return {}
    return dict(json.loads(entry.get("JobBookmark") or "{}"))


def _objects(paths: Iterable[str]) -> Iterable[tuple[str, float]]:
    client = boto3.client("s3")
    for path in paths:
        place = urlsplit(path)
        prefix = place.path.lstrip("/")
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=place.netloc, Prefix=prefix):
            for each in page.get("Contents", []):
                key = each["Key"]
                # A prefix names a folder or one object, not what merely begins like it.
                inside = not prefix or prefix.endswith("/") or key == prefix or key.startswith(f"{prefix}/")
                if inside and not _is_hidden(key):
                    yield f"s3://{place.netloc}/{key}", each["LastModified"].timestamp()


def _is_hidden(key: str) -> bool:
    """As Spark has it: names that begin with `_` or `.`, and objects that stand for folders."""
    name = key.rpartition("/")[2]
    return not name or name.startswith(("_", "."))
