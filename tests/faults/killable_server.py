"""A server that tests may kill and start again on the same data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MASTIC_BINARY", REPOSITORY / "build" / "mastic"))
PATIENCE_SECONDS = 60.0
ANNOUNCEMENT = "listening on "

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """The first true value of the condition."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < limit, f"waited in vain for {what}"
        time.sleep(0.01)
    return value


class Server:
    """`mastic serve` on one data folder, through its deaths."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self.data, self.port = data, port
        self.start()

    def start(self) -> None:
        command = [str(BINARY), "serve", "--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        read: list[str] = []
        for line in self.process.stderr:
            read.append(line)
            if ANNOUNCEMENT in line:
                self.endpoint = line.split(ANNOUNCEMENT, 1)[1].split()[0]
                break
        else:
            raise RuntimeError("".join(read))
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint, **KEYS)

    def descendants(self) -> dict[int, str]:
        """Every process below the server, with its command."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except (OSError, IndexError):
                    continue
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found and pid not in found}:
            found |= more
        found.discard(self.process.pid)
        return {pid: command_of(pid) for pid in found}

    def children(self, part_of_command: str) -> list[int]:
        return [pid for pid, command in self.descendants().items() if part_of_command in command]

    # --- a job ---

    def put_script(self, job: str, script: str) -> None:
        s3 = self.client("s3")
        if not any(bucket["Name"] == "scripts" for bucket in s3.list_buckets()["Buckets"]):
            s3.create_bucket(Bucket="scripts")
        s3.put_object(Bucket="scripts", Key=f"{job}.py", Body=script.encode())
        command = {"Name": "glueetl", "ScriptLocation": f"s3://scripts/{job}.py"}
        self.client("glue").create_job(Name=job, Role="role", Command=command, GlueVersion="4.0")

    def start_run(self, job: str) -> str:
        return str(self.client("glue").start_job_run(JobName=job)["JobRunId"])

    def run(self, job: str, run: str) -> dict[str, Any]:
        record: dict[str, Any] = self.client("glue").get_job_run(JobName=job, RunId=run)["JobRun"]
        return record

    def ended_run(self, job: str, run: str) -> dict[str, Any]:
        unfinished = {"STARTING", "RUNNING", "WAITING", "STOPPING"}
        wait_until(lambda: self.run(job, run)["JobRunState"] not in unfinished, f"the end of run {run}")
        return self.run(job, run)

    def printed(self, run: str) -> str:
        file = self.data / "jobs" / "runs" / run / "stdout"
        return file.read_text() if file.exists() else ""

    def driver(self, run: str) -> int:
        """The process that a script has printed its number of."""
        return int(wait_until(lambda: self.printed(run).endswith("\n") and self.printed(run), "the script's first line"))


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
