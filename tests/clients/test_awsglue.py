"""awsglue in a real run: one script, `mastic run`, what it printed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY

SCRIPT = Path(__file__).parent / "scripts" / "transforms.py"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    command = [str(BINARY), "run", "--data", str(tmp_path_factory.mktemp("data")), str(SCRIPT), "--bucket", "frames"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [json.loads(line.removeprefix("RESULT ")) for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return dict(lines)


EXPECTED: dict[str, Any] = {
    # A cast that fails is null, a missing source is dropped, names match without case, dots nest.
    "apply_mapping": [
        {"key": "1", "who": {"name": "Ada", "age": 36}, "city": "x"},
        {"key": "2", "who": {"name": "Bob", "age": None}, "city": "y"},
    ],
    "select_fields": "struct<id:bigint,place:struct<zip:int>>",
    "drop_fields": "struct<id:bigint,name:string,place:struct<city:string>>",
    "rename_field": ["id", "full", "age", "place"],
    "resolve_cast": [{"age": 36}, {"age": None}],
    # int("none") raises ValueError: the record is dropped.
    "filter": [1],
    "join": [{"id": 1, "total": 9.5}],
    "drop_null_fields": ["a"],
    "tree": (
        "root\n|-- id: long\n|-- name: string\n|-- age: string\n|-- place: struct\n|    |-- city: string\n|    |-- zip: int\n"
    ),
    "json": [{"city": "x", "key": "1"}, {"city": "y", "key": "2"}],
    # Glue keeps blanks around a value, unlike Spark.
    "xml": [{"_id": 1, "n": " a "}, {"_id": 2, "n": ""}],
    "catalog": [{"id": 1, "age": "36", "name": "Ada"}, {"id": 2, "age": "none", "name": "Bob"}],
    "pushdown": [2],
    "spark_sql": [2],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_awsglue(results: dict[str, Any], name: str) -> None:
    assert results[name] == EXPECTED[name]
