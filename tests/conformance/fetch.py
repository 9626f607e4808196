"""PySpark's tests, which only its source distribution has, laid beside the client package that they test.

The client stays what it is; the tests are added in a copy of it, in the cache folder.
"""

from __future__ import annotations

import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

CACHE = pathlib.Path(os.environ.get("MASTIC_CACHE", pathlib.Path.home() / ".cache/mastic"))
PARTS = ("sql/tests", "testing", "errors/tests", "tests")


def _download(version: str, folder: pathlib.Path) -> pathlib.Path:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    done = subprocess.run([*command, f"pyspark=={version}", "-d", str(folder)], capture_output=True, text=True, check=False)
    archive = folder / f"pyspark-{version}.tar.gz"
    if not archive.exists():
        raise SystemExit(f"PySpark's source distribution could not be fetched: {done.stderr[-500:]}")
    return archive


def _unpack(archive: pathlib.Path, version: str, folder: pathlib.Path) -> None:
    inner = folder / "pyspark.zip"
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"pyspark-{version}/lib/pyspark.zip")
        assert member is not None
        with inner.open("wb") as out:
            shutil.copyfileobj(member, out)
    with zipfile.ZipFile(inner) as files:
        for name in files.namelist():
            if any(name.startswith(f"pyspark/{part}/") for part in PARTS):
                files.extract(name, folder / "full")


def tests_folder() -> pathlib.Path:
    """The folder to put on PYTHONPATH; fetched once for each version of the client (450 MB over the wire, 40 MB kept)."""
    version = importlib.metadata.version("pyspark-client")
    target = CACHE / f"pyspark-tests-{version}"
    if (target / ".complete").exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    import pyspark

    client = pathlib.Path(pyspark.__file__).parent
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        folder = pathlib.Path(scratch)
        _unpack(_download(version, folder), version, folder)
        made = folder / "made"
        shutil.copytree(client, made / "pyspark")
        for source in (folder / "full/pyspark").rglob("*"):
            place = made / "pyspark" / source.relative_to(folder / "full/pyspark")
            if source.is_file() and not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, place)
        (made / ".complete").touch()
        made.rename(target)
    return target


if __name__ == "__main__":
    print(tests_folder())
