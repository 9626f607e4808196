"""What a session uploaded (addArtifacts), as its workers see it.

The engine keeps `pyfiles/…`, `files/…` and `archives/name#folder` below one folder. A worker finds Python files and
packages on its path, and the session's files and unpacked archives in its working folder, as under Spark.
"""

from __future__ import annotations

import fcntl
import importlib
import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

_ON_PATH = (".zip", ".egg", ".jar")


def use(folder: str) -> None:
    root = Path(folder)
    if not root.is_dir():
        return
    work = root / "work"
    with _locked(root):
        work.mkdir(exist_ok=True)
        for kind in ("pyfiles", "files"):
            for source in sorted((root / kind).glob("**/*")):
                if source.is_file():
                    _link(source, work / source.relative_to(root / kind))
        for source in sorted((root / "archives").glob("**/*")):
            if source.is_file():
                _unpack(source, work)
    _put_on_path(str(work))
    for package in sorted((root / "pyfiles").glob("**/*")):
        if package.suffix in _ON_PATH:
            _put_on_path(str(package))
    importlib.invalidate_caches()
    os.chdir(work)
    _tell_spark_files(str(work))


def _put_on_path(entry: str) -> None:
    if entry not in sys.path:
        sys.path.insert(1, entry)


def _tell_spark_files(folder: str) -> None:
    """pyspark.files.SparkFiles, where the installed pyspark has it (the client alone has not)."""
    try:
        files = importlib.import_module("pyspark.core.files").SparkFiles
    except ImportError:
        return
    files._root_directory = folder
    files._is_running_on_worker = True


class _locked:
    """Two workers of a session may start at once."""

    def __init__(self, root: Path) -> None:
        self._file = open(root / ".lock", "w")  # noqa: SIM115

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.symlink(source, target)


def _unpack(source: Path, work: Path) -> None:
    """`archives/pyfiles.zip#lib` is unpacked into `lib`; without a fragment into a folder of the archive's name."""
    name, _, fragment = source.name.partition("#")
    target = work / (fragment or name)
    if target.exists():
        return
    partly = work / (".unpacking-" + target.name)
    shutil.rmtree(partly, ignore_errors=True)
    partly.mkdir(parents=True)
    if name.endswith((".zip", ".jar")):
        with zipfile.ZipFile(source) as archive:
            archive.extractall(partly)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            archive.extractall(partly, filter="data")
    else:
        shutil.copy(source, partly / name)
    partly.rename(target)
