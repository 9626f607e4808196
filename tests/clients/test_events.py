"""Events about changes of state, delivered to a webhook and to a command; the server's structured log."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
from conftest import ANNOUNCEMENT, BINARY, end
from guarded_server import Guarded, denial_of, statement


class Serving:
    def __init__(self, process: subprocess.Popen[str], endpoint: str, lines: list[str]) -> None:
        self.process, self.endpoint, self.lines = process, endpoint, lines

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint)


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Serving]:
    command = [str(BINARY), "serve", "--data", str(data), "--port", "0", "--warm-engines", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines: list[str] = []
    endpoint = ""
    for line in process.stderr:
        lines.append(line)
        if ANNOUNCEMENT in line:
            endpoint = line.split(ANNOUNCEMENT, 1)[1].split()[0]
            break
    assert endpoint, lines
    errors = process.stderr

    def read() -> None:
        lines.extend(errors)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield Serving(process, endpoint, lines)
    finally:
        end(process)
        reader.join(10)


class Hook(HTTPServer):
    """Refuses the first `refusals` requests, then takes events."""

    def __init__(self, refusals: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self.refusals = refusals
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.refusals -= 1
                self.send_response(503 if hook.refusals >= 0 else 204)
                self.end_headers()
                if hook.refusals < 0:
                    hook.events.append(json.loads(body))

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/glue"


def wait_until(holds: Any, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.05)
    assert holds()


def test_a_webhook_gets_every_change_in_order(tmp_path: Path) -> None:
    hook = Hook(refusals=2)
    with serving(tmp_path / "data", "--events-webhook", hook.url) as server:
        glue, s3 = server.client("glue"), server.client("s3")
        glue.create_database(DatabaseInput={"Name": "d"})
        glue.create_table(DatabaseName="d", TableInput={"Name": "t", "PartitionKeys": [{"Name": "p", "Type": "string"}]})
        glue.create_partition(DatabaseName="d", TableName="t", PartitionInput={"Values": ["x"]})
        s3.create_bucket(Bucket="hooked")
        s3.put_object(Bucket="hooked", Key="s.py", Body=b"raise SystemExit('no luck')")
        command = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://hooked/s.py"}
        glue.create_job(Name="j", Role="r", Command=command, GlueVersion="5.0")
        run = glue.start_job_run(JobName="j")["JobRunId"]
        wait_until(lambda: len(hook.events) >= 4, 60)
    kinds = [(e["detail-type"], e["detail"].get("typeOfChange", e["detail"].get("state"))) for e in hook.events]
    assert kinds == [
        ("Glue Data Catalog Database State Change", "CreateDatabase"),
        ("Glue Data Catalog Database State Change", "CreateTable"),
        ("Glue Data Catalog Table State Change", "CreatePartition"),
        ("Glue Job State Change", "FAILED"),
    ]
    last = hook.events[-1]
    assert last["detail"]["jobRunId"] == run
    assert last["detail"]["severity"] == "ERROR"
    assert hook.events[2]["detail"]["changedPartitions"] == ["[x]"]
    assert set(last) == {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}


def test_what_was_not_delivered_is_delivered_by_the_next_server(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--events-webhook", "http://127.0.0.1:9/nobody") as server:
        server.client("glue").create_database(DatabaseInput={"Name": "late"})
        server.process.kill()
        server.process.wait()
    hook = Hook()
    with serving(tmp_path / "data", "--events-webhook", hook.url):
        wait_until(lambda: len(hook.events) == 1)
    assert hook.events[0]["detail"]["databaseName"] == "late"


def test_a_command_gets_events_and_the_log_is_json(tmp_path: Path) -> None:
    got = tmp_path / "got"
    options = ["--events-command", f"sh -c 'cat >> {got}; echo >> {got}'", "--log-format", "json"]
    with serving(tmp_path / "data", *options) as server:
        glue = server.client("glue")
        request = glue.create_database(DatabaseInput={"Name": "c"})["ResponseMetadata"]["RequestId"]
        with suppress(glue.exceptions.EntityNotFoundException):
            glue.get_database(Name="missing")
        wait_until(lambda: got.exists() and got.read_text().endswith("\n"))
    assert json.loads(got.read_text())["detail"] == {"databaseName": "c", "typeOfChange": "CreateDatabase"}
    records = [json.loads(line) for line in server.lines if line.startswith("{")]
    (of_request,) = [r for r in records if r.get("request_id") == request]
    assert (of_request["service"], of_request["operation"], of_request["status"]) == ("glue", "CreateDatabase", 200)
    assert of_request["microseconds"] > 0
    assert of_request["level"] == "info"
    assert [r["status"] for r in records if r.get("operation") == "GetDatabase"] == [400]


def test_wrong_options_are_refused(tmp_path: Path) -> None:
    for options in (["--log-format", "xml"], ["--events-webhook", "ftp://x"], ["--log-level", "loud"]):
        command = [str(BINARY), "serve", "--data", str(tmp_path / "data"), "--port", "0", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode in (1, 2)
        assert options[1] in done.stderr


def test_with_keys_policies_guard_metrics_and_pages(tmp_path: Path) -> None:
    server = Guarded(tmp_path)
    try:
        only = {"Condition": {"StringEquals": {"cloudwatch:namespace": "Mine"}}}
        key = server.user("measurer", statement("cloudwatch:PutMetricData", **only))
        mine = server.client("cloudwatch", *key)
        mine.put_metric_data(Namespace="Mine", MetricData=[{"MetricName": "m", "Value": 1}])
        assert "cloudwatch:PutMetricData" in denial_of(
            mine.put_metric_data, Namespace="Other", MetricData=[{"MetricName": "m"}]
        )
        assert "cloudwatch:ListMetrics" in denial_of(mine.list_metrics)
        for path, status in (("health", 200), ("ready", 200), ("metrics", 200), ("events", 401), ("runs/j/r", 401)):
            try:
                with urllib.request.urlopen(f"{server.endpoint}/_mastic/{path}", timeout=10) as response:
                    assert response.status == status
            except urllib.error.HTTPError as error:
                assert error.code == status
    finally:
        server.stop()
