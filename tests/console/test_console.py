"""The web console in a real browser; see README.md. Each file of tests gets a server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "clients"))

from conftest import BINARY, drain, end, start_server  # noqa: E402

CACHE = Path(os.environ.get("MASTIC_CACHE", Path.home() / ".cache" / "mastic"))
NODE = CACHE / "node" / "bin" / "node"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
KEYS = "AKIACONSOLE:secret-of-the-console"


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ["first_load", "paths", "lineage", "errors", "pages", "keys"])
def test_in_the_browser(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    for needed in (BINARY, NODE, CHROMIUM, REPOSITORY / "console" / "node_modules"):
        if not needed.exists():
            pytest.skip(f"{needed} is not there: run 'make setup build'")
    if name == "keys":
        monkeypatch.setenv("MASTIC_ACCESS_KEYS", KEYS)
    process, endpoint = start_server(BINARY, tmp_path)
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    try:
        ran = subprocess.run(
            [str(NODE), "--test", "--test-reporter=spec", str(HERE / f"{name}.test.mjs")],
            env={**os.environ, "MASTIC_TEST_ENDPOINT": endpoint, "MASTIC_BINARY": str(BINARY), "CHROMIUM": str(CHROMIUM)},
            capture_output=True,
            text=True,
            timeout=1180,
        )
    finally:
        end(process)
    print(ran.stdout)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
