"""The console in Chromium over much: 100,000 runs, a log of a million lines, a canvas of 300 nodes. consoles.mjs measures.

The runs are copies of one that really ran, made in the server's own store while the server stands still: as many real ones
would take a day.
"""

from __future__ import annotations

import json
import pathlib
import sqlite3
import subprocess
import time
from collections.abc import Callable
from typing import Any

import peers

RUNS, LINES, LANES = 100_000, 1_000_000, 50
PRINTER = f"for i in range({LINES}):\n    print('line', i, 'of a million: something happened, rows=123 bytes=456')\n"
DAY_APART = 60_000_000  # microseconds between two copies of the run


def _job(glue: Any, s3: Any, name: str, script: str) -> str:
    """Makes the Python shell job and runs it once; gives the run's id."""
    s3.put_object(Bucket="scripts", Key=f"{name}.py", Body=script.encode())
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": f"s3://scripts/{name}.py"}
    glue.create_job(Name=name, Role="bench", Command=command)
    run_id: str = glue.start_job_run(JobName=name)["JobRunId"]
    while (state := glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]["JobRunState"]) in ("STARTING", "RUNNING"):
        time.sleep(0.2)
    if state != "SUCCEEDED":
        raise SystemExit(f"{name} ended as {state}")
    return run_id


def _copy_runs(database: pathlib.Path, run_id: str) -> None:
    with sqlite3.connect(database) as store:
        store.row_factory = sqlite3.Row
        row = dict(store.execute("SELECT * FROM run WHERE run_id = ?", (run_id,)).fetchone())
        del row["sequence"]
        names = ", ".join(row)
        places = ", ".join(f":{name}" for name in row)

        def copies() -> Any:
            for number in range(1, RUNS):
                copy_id = f"jr_{number:064x}"
                shift = (number - RUNS) * DAY_APART
                moved = {name: row[name] + shift for name in ("accepted", "started", "completed", "modified")}
                yield {**row, **moved, "run_id": copy_id, "details": row["details"].replace(run_id, copy_id)}

        store.executemany(f"INSERT INTO run({names}) VALUES({places})", copies())


def _nodes() -> dict[str, Any]:
    nodes: dict[str, Any] = {}
    last = ""
    for lane in range(LANES):
        nodes[f"s{lane}"] = {"DynamoDBCatalogSource": {"Name": f"Claims {lane}", "Database": "insurance", "Table": "claims"}}
        before = f"s{lane}"
        for step in range(4):
            name = f"t{lane}x{step}"
            nodes[name] = {"SelectFields": {"Name": f"Select {lane}.{step}", "Inputs": [before], "Paths": [["policy_id"]]}}
            before = name
        if last:
            nodes[f"u{lane}"] = {"Union": {"Name": f"Union {lane}", "Inputs": [last, before], "UnionType": "ALL"}}
            before = f"u{lane}"
        last = before
    nodes["target"] = {"S3DirectTarget": {"Name": "Report", "Inputs": [last], "Path": "s3://scripts/wide/", "Format": "csv"}}
    return nodes


def measure(
    binary: str, rounds: int, client: Callable[[peers.Server, str], Any], add: Callable[[str, str, float], None]
) -> None:
    """`add` takes a measure, its unit and a figure."""
    server = peers.mastic(binary)
    try:
        glue, s3 = client(server, "glue"), client(server, "s3")
        s3.create_bucket(Bucket="scripts")
        printed = _job(glue, s3, "printer", PRINTER)
        quick = _job(glue, s3, "quick", "print('done')\n")
        script = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://scripts/wide.py"}
        glue.create_job(
            Name="wide", Role="bench", JobMode="VISUAL", GlueVersion="5.0", Command=script, CodeGenConfigurationNodes=_nodes()
        )
        server.process.terminate()
        server.process.wait(60)
        _copy_runs(server.folder / "data/jobs/jobs.db", quick)
        command = [binary, "serve", "--data", str(server.folder / "data"), "--port", str(server.port)]
        server.process = peers.start("mastic", command, server.port, server.folder).process
        for _ in range(rounds):
            done = subprocess.run(
                [peers.CACHE.parent / "node/bin/node", pathlib.Path(__file__).with_suffix(".mjs")],
                env={"PATH": "/usr/bin:/bin", "MASTIC_TEST_ENDPOINT": f"http://{server.endpoint}", "MASTIC_PRINTED": printed},
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            if done.returncode != 0:
                raise SystemExit(done.stdout + done.stderr)
            for line in done.stdout.splitlines():
                figure = json.loads(line)
                add(figure["measure"], figure["unit"], figure["value"])
    finally:
        server.stop()
