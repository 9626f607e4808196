"""SIGKILL to each process in the middle of a run: nothing acknowledged is lost, and every run comes to an end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from killable_server import BINARY, Server, is_alive, kill, wait_until

WAITING_SCRIPT = "import os, time\nprint(os.getpid())\ntime.sleep(1000)\n"

# Computes for long, then writes: killed in between, it must leave no object behind.
WRITING_SCRIPT = """
import os
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(os.getpid())
frame = spark.range(3_000_000).selectExpr("id", "sha2(cast(id as string), 512) as text")
for number in range(1000):
    frame.write.mode("overwrite").parquet(f"s3://results/{number}")
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    started = Server(tmp_path / "data")
    yield started
    started.close()


def test_a_killed_driver_fails_its_run_and_no_other(server: Server) -> None:
    server.put_script("waiting", WAITING_SCRIPT)
    server.put_script("short", "print('done')")
    run = server.start_run("waiting")
    kill(server.driver(run))
    ended = server.ended_run("waiting", run)
    assert ended["JobRunState"] == "FAILED"
    assert "signal 9 (Killed)" in ended["ErrorMessage"]
    assert server.ended_run("short", server.start_run("short"))["JobRunState"] == "SUCCEEDED"


def test_a_killed_engine_fails_its_run_with_the_reason(server: Server) -> None:
    server.client("s3").create_bucket(Bucket="results")
    server.put_script("writing", WRITING_SCRIPT)
    run = server.start_run("writing")
    driver = server.driver(run)
    engines = server.children(" engine ")  # The run's, and the one that is kept warm.
    assert engines
    for engine in engines:
        kill(engine)
    ended = server.ended_run("writing", run)
    assert ended["JobRunState"] == "FAILED"
    assert "The run's engine ended while the script was running, with signal 9 (Killed)" in ended["ErrorMessage"]
    wait_until(lambda: not is_alive(driver), "the driver's end")
    assert_only_whole_results(server)


def test_a_killed_zygote_costs_no_run(server: Server) -> None:
    server.put_script("waiting", WAITING_SCRIPT)
    server.put_script("short", "print('done')")
    run = server.start_run("waiting")
    driver = server.driver(run)
    (zygote,) = [pid for pid in server.children("mastic.zygote") if pid != driver]
    kill(zygote)
    assert server.ended_run("short", server.start_run("short"))["JobRunState"] == "SUCCEEDED"
    assert server.run("waiting", run)["JobRunState"] == "RUNNING"
    assert is_alive(driver)
    server.client("glue").batch_stop_job_run(JobName="waiting", JobRunIds=[run])
    assert server.ended_run("waiting", run)["JobRunState"] == "STOPPED"


def test_a_killed_server_takes_its_processes_along_and_the_next_one_says_so(server: Server) -> None:
    server.put_script("waiting", WAITING_SCRIPT)
    run = server.start_run("waiting")
    server.driver(run)
    processes = list(server.descendants())
    assert len(processes) >= 3
    server.kill()
    wait_until(lambda: not any(map(is_alive, processes)), "the end of all the server's processes")
    server.start()
    record = server.run("waiting", run)
    assert record["JobRunState"] == "FAILED"
    assert record["ErrorMessage"] == "The server ended while this run was running, and the run ended with it"
    assert record["CompletedOn"] >= record["StartedOn"]


def test_what_a_killed_server_had_accepted_is_run_by_the_next_one_once(server: Server) -> None:
    """More runs than the machine takes at once; each appends its name to a file before and after its work."""
    ledger = server.data.parent / "ledger"
    script = (
        "import os, sys, time\n"
        f"ledger = os.open({str(ledger)!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
        "name = os.environ['MASTIC_RUN_ID']\n"
        "os.write(ledger, f'begin {name}\\n'.encode())\n"
        "time.sleep(0.3)\n"
        "os.write(ledger, f'end {name}\\n'.encode())\n"
    )
    server.put_script("ledger", script)
    server.client("glue").update_job(
        JobName="ledger",
        JobUpdate={
            "Role": "role",
            "Command": {"Name": "glueetl", "ScriptLocation": "s3://scripts/ledger.py"},
            "ExecutionProperty": {"MaxConcurrentRuns": 50},
            "GlueVersion": "4.0",
        },
    )
    runs = [server.start_run("ledger") for _ in range(12)]
    wait_until(lambda: ledger.exists() and ledger.read_text().count("end ") >= 2, "two runs")
    server.kill()
    server.start()
    states = {run: server.ended_run("ledger", run)["JobRunState"] for run in runs}
    lines = ledger.read_text().splitlines()
    for run, state in states.items():
        assert lines.count(f"begin {run}") == 1, "a run is begun exactly once"
        assert state in {"SUCCEEDED", "FAILED"}
        if state == "SUCCEEDED":
            assert f"end {run}" in lines
    assert list(states.values()).count("SUCCEEDED") >= 8  # Only what ran in the moment of the kill may have failed.


@pytest.mark.parametrize("seconds", [0.05, 0.4, 1.2])
def test_a_server_killed_while_a_run_writes_shows_only_whole_results(server: Server, seconds: float) -> None:
    server.client("s3").create_bucket(Bucket="results")
    server.put_script("writing", WRITING_SCRIPT)
    run = server.start_run("writing")
    server.driver(run)
    time.sleep(seconds)
    server.kill()
    server.start()
    assert server.run("writing", run)["JobRunState"] == "FAILED"
    assert_only_whole_results(server)
    assert [path for path in (server.data / "s3" / "incoming").rglob("*") if path.is_file()] == []


def assert_only_whole_results(server: Server) -> None:
    """Each result has its _SUCCESS and all its rows, or nothing at all."""
    s3 = server.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="results")
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    for folder in {key.split("/")[0] for key in keys}:
        assert f"{folder}/_SUCCESS" in keys
        assert any(key.startswith(f"{folder}/part-") for key in keys)
        assert not any("_temporary" in key for key in keys)
