"""Runs the claims pipeline from end to end against a private server, and shows it.

Usage: demo.py --binary build/mastic [--count N] [--published] [--keep]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import claims
from botocore.config import Config
from cdk import Cdk

LOADERS = 4


class Steps:
    """Prints each step as it runs, and remembers how long it took."""

    def __init__(self) -> None:
        self.seconds: list[tuple[str, float]] = []
        self._live = sys.stdout.isatty()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        start = time.perf_counter()
        note = [""]

        def progress(text: str) -> None:
            note[0] = text
            if self._live:
                print(f"\r  …  {title:<34} {text:<40}", end="", flush=True)

        progress("")
        try:
            yield progress
        except BaseException:
            print(f"\r  ✗  {title:<34} {note[0]:<40}")
            raise
        took = time.perf_counter() - start
        self.seconds.append((title, took))
        print(f"{chr(13) if self._live else ''}  ✓  {title:<34} {note[0]:<40} {took:7.2f} s", flush=True)


class Server:
    """`mastic serve` on a free port with a data folder of its own."""

    def __init__(self, binary: str, folder: pathlib.Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [binary, "serve", "--data", str(folder / "data"), "--port", "0"], stderr=log, stdout=log
            )
        self.endpoint = self._wait()

    def _wait(self) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = re.search(r"listening on (http://\S+)", self.log.read_text())
            if found:
                return found.group(1)
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise SystemExit(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def connect(endpoint: str) -> Callable[[str], Any]:
    """boto3 clients that talk to the server. The data is ours: no need to validate it in Python as well."""
    session = boto3.Session(aws_access_key_id="demo", aws_secret_access_key="demo", region_name="us-east-1")
    config = Config(parameter_validation=False, max_pool_connections=LOADERS * 2, retries={"total_max_attempts": 2})
    return lambda service: session.client(service, endpoint_url=endpoint, config=config)


def deploy(cdk: Cdk, stack: str, assembly: pathlib.Path, progress: Callable[[str], None]) -> None:
    progress("bootstrap")
    cdk.run("bootstrap", "--app", str(assembly))
    progress("deploy")
    cdk.run("deploy", stack, "--app", str(assembly), "--require-approval", "never")


def outputs_of(cloudformation: Any, stack: str) -> dict[str, str]:
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def show_that_nothing_differs(cdk: Cdk, stack: str, assembly: pathlib.Path, progress: Callable[[str], None]) -> None:
    printed = cdk.run("diff", stack, "--app", str(assembly))
    if "no differences" not in printed:
        raise SystemExit(f"cdk diff should be clean, but printed:\n{printed}")
    progress("there were no differences")


def load(dynamodb: Any, table: str, count: int, published: bool, progress: Callable[[str], None]) -> None:
    """Puts the claims with BatchWriteItem, 25 at a time, from a few threads."""
    batches: queue.Queue[list[dict[str, Any]] | None] = queue.Queue(maxsize=64)
    written = 0
    failures: list[BaseException] = []
    lock = threading.Lock()

    def write() -> None:
        nonlocal written
        while (batch := batches.get()) is not None:
            if failures:
                continue  # drain, so that the producer never waits
            try:
                requests: Any = {table: batch}
                while requests:
                    requests = dynamodb.batch_write_item(RequestItems=requests).get("UnprocessedItems")
            except BaseException as error:  # noqa: BLE001 - handed to the main thread
                failures.append(error)
                continue
            with lock:
                written += len(batch)
                progress(f"{written:,} of {count:,} items")

    threads = [threading.Thread(target=write) for _ in range(LOADERS)]
    for thread in threads:
        thread.start()
    batch: list[dict[str, Any]] = []
    for claim in claims.generate(count):
        batch.append({"PutRequest": {"Item": claims.to_item(claim, published)}})
        if len(batch) == 25:
            batches.put(batch)
            batch = []
    if batch:
        batches.put(batch)
    for _ in threads:
        batches.put(None)
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def crawl(glue: Any, name: str, progress: Callable[[str], None]) -> tuple[str, str]:
    """Runs the crawler; gives the database and the table that it made."""
    glue.start_crawler(Name=name)
    while (crawler := glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
        progress(crawler["State"].lower())
        time.sleep(0.02)
    if crawler["LastCrawl"]["Status"] != "SUCCEEDED":
        raise SystemExit(f"the crawl failed: {crawler['LastCrawl'].get('ErrorMessage')}")
    database: str = crawler["DatabaseName"]
    table = glue.get_tables(DatabaseName=database)["TableList"][0]
    progress(f"{len(table['StorageDescriptor']['Columns'])} columns in {database}.{table['Name']}")
    return database, table["Name"]


def show_output(logs: Any, run_id: str) -> None:
    for group in ("output", "error"):
        with contextlib.suppress(logs.exceptions.ResourceNotFoundException):  # the run printed nothing there
            events = logs.get_log_events(logGroupName=f"/aws-glue/jobs/{group}", logStreamName=run_id, startFromHead=True)
            for event in events["events"]:
                print("     ", event["message"])


def run_job(glue: Any, logs: Any, name: str, progress: Callable[[str], None]) -> str:
    run_id: str = glue.start_job_run(JobName=name)["JobRunId"]
    while True:
        run = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
        progress(run["JobRunState"])
        if run["JobRunState"] not in ("STARTING", "RUNNING", "WAITING"):
            break
        time.sleep(0.01)
    if run["JobRunState"] != "SUCCEEDED":
        print()
        show_output(logs, run_id)
        raise SystemExit(f"the job run ended as {run['JobRunState']}: {run.get('ErrorMessage')}")
    return run_id


def show_csv(s3: Any, bucket: str) -> str:
    """Prints the first lines of the file that the job wrote; gives the folder that it lies in."""
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    files = [each["Key"] for each in listed if each["Key"].endswith(".csv")]
    body = s3.get_object(Bucket=bucket, Key=files[0])["Body"].read().decode()
    lines = body.splitlines()
    print(f"\ns3://{bucket}/{files[0]}  ({len(lines) - 1:,} rows)\n")
    for line in lines[:8]:
        print("    " + line)
    print("    …")
    return f"s3://{bucket}/{files[0].rpartition('/')[0]}"


def show_lineage(binary: str, folder: pathlib.Path, column: str) -> None:
    """Prints where a column comes from, and what else decided it."""
    command = [binary, "lineage", column, "--data", str(folder / "data")]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    print(f"\nmastic lineage {column}\n")
    for line in printed.splitlines():
        print("  " + line)


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs the claims pipeline from end to end and shows it.")
    parser.add_argument("--binary", required=True, help="the mastic program")
    parser.add_argument("--count", type=int, default=claims.COUNT, help=f"claims to load (default {claims.COUNT:,})")
    parser.add_argument("--published", action="store_true", help="age_of_car as a string sort key, as in the published stack")
    parser.add_argument("--keep", action="store_true", help="leave the server running at the end, until Ctrl-C")
    arguments = parser.parse_args()
    stack = "ClaimsAsPublished" if arguments.published else "Claims"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-demo-"))
    steps = Steps()
    print("The claims pipeline: AWS CDK → DynamoDB → crawler → data catalog → PySpark job → CSV in S3\n")
    server: Server | None = None
    try:
        with steps.step("start mastic serve") as progress:
            server = Server(arguments.binary, folder)
            progress(server.endpoint)
        client = connect(server.endpoint)
        s3, dynamodb, glue, logs = (client(name) for name in ("s3", "dynamodb", "glue", "logs"))
        cdk, assembly = Cdk(server.endpoint), folder / "cdk.out"
        with steps.step("cdk synth") as progress:
            cdk.synth(assembly)
            progress(stack)
        with steps.step("cdk bootstrap and deploy") as progress:
            deploy(cdk, stack, assembly, progress)
            names = outputs_of(client("cloudformation"), stack)
            progress(", ".join(names.values()))
        with steps.step("load claims (BatchWriteItem)") as progress:
            load(dynamodb, names["TableName"], arguments.count, arguments.published, progress)
        with steps.step("crawl the table") as progress:
            database, table = crawl(glue, names["CrawlerName"], progress)
        with steps.step("run the job") as progress:
            run_id = run_job(glue, logs, names["JobName"], progress)
            output = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id, startFromHead=True)
            progress("; ".join(event["message"].strip() for event in output["events"])[:40])
        with steps.step("cdk diff") as progress:
            show_that_nothing_differs(cdk, stack, assembly, progress)
        place = show_csv(s3, names["BucketName"])
        show_lineage(arguments.binary, folder, f"{place}#age_of_car")
        show_lineage(arguments.binary, folder, f"{place}#policy_id")
        total = sum(seconds for _, seconds in steps.seconds)
        print(f"\n{total:.2f} s in all. To look further:")
        if arguments.keep:
            print(f"\n    export AWS_ENDPOINT_URL={server.endpoint} AWS_DEFAULT_REGION=us-east-1")
            print("    export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo")
            print(f"    aws glue get-table --database-name {database} --name {table}")
            print(f"    aws logs get-log-events --log-group-name /aws-glue/jobs/output --log-stream-name {run_id}")
            print(f"    aws s3 ls --recursive s3://{names['BucketName']}/")
            print(f"\nThe server runs until Ctrl-C; its data is in {folder}.")
            with contextlib.suppress(KeyboardInterrupt):
                server.process.wait()
        else:
            print("\n    make demo KEEP=1                 the same, and the server stays up for boto3 and the AWS CLI")
            print("    examples/claims/                 the CDK app and the script that just ran")
            print("    build/mastic serve --help        a server of your own")
    finally:
        if server:
            server.stop()
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    main()
