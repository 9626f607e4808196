"""docs/glue-api.md says what the handlers do."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_list_of_glues_operations_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/generate_glue_api.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
