"""The program as a person meets it in a terminal."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import BINARY, start_server

pytestmark = pytest.mark.skipif(not BINARY.exists(), reason=f"{BINARY} is not built: run 'make build'")


def mastic(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=cwd)


def test_help_and_version() -> None:
    assert mastic("--version").stdout.startswith("mastic ")
    assert "serve" in mastic("--help").stdout
    assert "--data" in mastic("run", "--help").stdout


def test_mistakes_are_told_with_what_to_do() -> None:
    wrong = mastic("serve", "--prot", "1")
    assert wrong.returncode == 2
    assert "did you mean --port?" in wrong.stderr
    assert mastic("run").returncode == 2
    assert "no such script" in mastic("run", "/nowhere.py").stderr


def test_run_prints_what_the_script_prints_and_ends_as_it_does(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("NAME = 'beside'")
    (tmp_path / "input.txt").write_text("text\n")
    (tmp_path / "claims.py").write_text(
        "import sys\nfrom beside import NAME\n"
        "print(NAME, open('input.txt').read().strip(), sys.argv[1:])\n"
        "print('to stderr', file=sys.stderr)\nsys.exit(7)\n"
    )
    done = mastic("run", "--data", tmp_path / "data", "claims.py", "--DAY", "1", cwd=tmp_path)
    assert done.returncode == 7
    assert done.stdout == "beside text ['--JOB_NAME', 'claims', '--DAY', '1']\n"
    assert done.stderr == "to stderr\n"


def test_run_keeps_objects_for_the_next_run(tmp_path: Path) -> None:
    script = tmp_path / "write.py"
    script.write_text(
        "import boto3, sys\ns3 = boto3.client('s3')\n"
        "if 'first' in sys.argv: s3.create_bucket(Bucket='kept')\n"
        "print([b['Name'] for b in s3.list_buckets()['Buckets']])\n"
    )
    assert mastic("run", "--data", tmp_path / "data", script, "first").stdout == "['kept']\n"
    assert mastic("run", "--data", tmp_path / "data", script).stdout == "['kept']\n"


def test_ctrl_c_stops_the_script(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text("import time\nprint('begun')\nwhile True: time.sleep(1)\n")
    process = subprocess.Popen(
        [str(BINARY), "run", "--data", str(tmp_path / "data"), str(script)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130


def test_two_servers_do_not_share_a_data_folder(tmp_path: Path) -> None:
    process, _ = start_server(BINARY, tmp_path)
    try:
        second = mastic("serve", "--data", tmp_path, "--port", "0")
        assert second.returncode == 1
        assert f"in use by another mastic, process {process.pid}" in second.stderr
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_port_in_use_and_a_folder_that_may_not_be_written_are_told(tmp_path: Path) -> None:
    process, endpoint = start_server(BINARY, tmp_path / "one")
    try:
        second = mastic("serve", "--data", tmp_path / "two", "--port", endpoint.rsplit(":", 1)[1])
        assert second.returncode == 1
        assert "Address already in use" in second.stderr
    finally:
        process.terminate()
        process.wait(timeout=20)
    unwritable = mastic("serve", "--data", "/proc/nowhere", "--port", "0")
    assert unwritable.returncode == 1
    assert "/proc/nowhere" in unwritable.stderr


def test_an_engine_ends_with_its_standard_input() -> None:
    process = subprocess.Popen(
        [str(BINARY), "engine", "--port", "0", "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    assert process.stdout.readline().startswith("sc://127.0.0.1:")
    process.stdin.close()
    began = time.monotonic()
    process.wait(timeout=20)
    assert time.monotonic() - began < 10
