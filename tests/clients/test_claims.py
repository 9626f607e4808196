"""The article's pipeline, as `make demo` runs it, in both shapes of the table."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys

import pytest
from conftest import BINARY, REPOSITORY

sys.path.insert(0, str(REPOSITORY / "examples" / "claims"))
import claims  # noqa: E402

COUNT = 2000


@pytest.mark.parametrize("shape", ["plain", "published"])
def test_the_claims_pipeline(shape: str) -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    command = [sys.executable, "examples/claims/demo.py", "--binary", str(BINARY), "--count", str(COUNT)]
    command += ["--published"] if shape == "published" else []
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    kept = [claim for claim in claims.generate(COUNT) if float(claim["age_of_car"]) < 0.7]
    place = "claims-reports/report" if shape == "plain" else "glue-etl-demo-bucket/write"
    found = re.search(rf"s3://{place}/part-00000-\S+\.csv  \(([\d,]+) rows\)", done.stdout)
    assert found, done.stdout
    assert int(found.group(1).replace(",", "")) == len(kept)
    shown = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ") and line.count(",") == 5]
    rows = list(csv.DictReader(io.StringIO("\n".join(shown))))
    by_id = {str(claim["policy_id"]): claim for claim in kept}
    assert len(rows) == 7
    for row in rows:
        claim = by_id[row["policy_id"]]
        assert row == {name: str(claim[name]) for name in row}
    # The newest cars that the filter lets through come first, as numbers and, in the published shape, as text.
    assert {row["age_of_car"] for row in rows} == {"0.69"}
    told = done.stdout.split("mastic lineage ")
    check_lineage(told[1], place, "age_of_car")
    check_lineage(told[2], place, "policy_id")


def check_lineage(told: str, place: str, column: str) -> None:
    """Each column is the table's own; age_of_car, by filter and sort, decided which rows there are and where."""
    lines = [line.strip(" │├└─") for line in told.splitlines()]
    assert lines[0] == f"s3://{place}#{column}"
    assert any(line.startswith(f"s3://{place}#{column} ") for line in lines)
    sources = {line.split("#")[1].split()[0]: index for index, line in enumerate(lines) if line.startswith("dynamodb:")}
    assert set(sources) == {"age_of_car", column}
    assert lines[sources[column] + 1].startswith("identity")
    rows = lines[sources["age_of_car"] + 1].split("decides rows: ")[1]
    assert "filter" in rows
    assert "0.7" in rows
    assert "sort" in rows
    made_by = lines[sources[column] + 2]
    assert re.search(r"by job \S+, jr_\w+… \(complete\), through \S+\.\S+ \(made by \S+\)", made_by), told
