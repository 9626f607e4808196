"""One Mastic server for all client tests of a run.

MASTIC_TEST_ENDPOINT aims the tests at a server that runs already (or at the real thing); else MASTIC_BINARY, by default
build/mastic, is started with a temporary data folder on a free port.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MASTIC_BINARY", REPOSITORY / "build" / "mastic"))
ANNOUNCEMENT = "listening on "

# In a worker of pytest-xdist, pyspark looks for a Spark installation unless it is told where one would be.
os.environ.setdefault("SPARK_HOME", os.devnull)

# Any key will do; what the machine is configured with must play no part.
os.environ["AWS_ACCESS_KEY_ID"] = "test"
os.environ["AWS_SECRET_ACCESS_KEY"] = "test"
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.devnull
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def start_server(binary: Path, data: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Starts the server and gives it with its endpoint, which it announces on standard error."""
    command = [str(binary), "serve", "--data", str(data), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if ANNOUNCEMENT in line:
            return process, line.split(ANNOUNCEMENT, 1)[1].split()[0]
    raise RuntimeError(f"{' '.join(command)} ended with {process.wait()}:\n{''.join(lines)}")


def end(process: subprocess.Popen[str]) -> None:
    """Asks the process to end; kills it when it does not within 20 s."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def drain(process: subprocess.Popen[str]) -> None:
    """Keeps the server's log from filling the pipe."""
    assert process.stderr is not None
    for _ in process.stderr:
        pass


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    given = os.environ.get("MASTIC_TEST_ENDPOINT")
    if given:
        yield given
        return
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    with tempfile.TemporaryDirectory(prefix="mastic-test-") as data:
        process, address = start_server(BINARY, Path(data))
        threading.Thread(target=drain, args=(process,), daemon=True).start()
        try:
            yield address
        finally:
            end(process)
