"""Many workflow runs while server, engines, drivers and zygotes are killed at random: every run must be accounted for.

Usage: soak.py --binary build/mastic [--runs 300] [--seed 1] [--log FILE]

A workflow is crawler → job → crawler → job. Afterwards these hold, or the soak fails with what does not:
- every run that StartWorkflowRun acknowledged is known, and every known run is in a final state;
- nothing in a run is still running or waiting;
- no trigger was lost: where a node ended well, the next one was started, and where it did not, none was;
- no script ran twice for one job run.
The log has a line for each kill, each start of the server and each outcome.
"""

from __future__ import annotations

import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

import botocore.exceptions
import killable_server
from killable_server import Server, is_alive

WORKFLOWS = 3
FINAL = {"COMPLETED", "STOPPED", "ERROR"}
PROCESSES = {"server": 2, "engine": 4, "driver": 4, "zygote": 1}  # how often each is killed, in proportion
# What a call meets while the server is down: the call may have been carried out or not.
BROKEN = (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)

SCRIPT = """
import os, time
ledger = os.open({ledger!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(ledger, (os.environ["MASTIC_RUN_ID"] + "\\n").encode())
from pyspark.sql import SparkSession
assert SparkSession.builder.getOrCreate().range(10).count() == 10
time.sleep(0.2)
"""


class Soak:
    def __init__(self, binary: pathlib.Path, folder: pathlib.Path, runs: int, seed: int, log: TextIO) -> None:
        killable_server.BINARY = binary
        self.random = random.Random(seed)
        self.runs, self.file, self.begun = runs, log, time.monotonic()
        self.ledger = folder / "ledger"
        self.kills: collections.Counter[str] = collections.Counter()
        self.acknowledged: list[tuple[str, str]] = []
        self.broken_starts = 0
        self.stopping = threading.Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        # One port for all its lives, so that clients find it again.
        self.server = Server(folder / "data", port)
        self.lock = threading.Lock()

    def say(self, text: str) -> None:
        with self.lock:
            print(f"{time.monotonic() - self.begun:9.2f}  {text}", file=self.file, flush=True)

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        """Repeats a call that may be repeated until the server is there again."""
        while True:
            try:
                return getattr(self.server.client(service), operation)(**arguments)
            except BROKEN:
                time.sleep(0.1)

    # --- what is run

    def prepare(self) -> None:
        glue = self.server.client("glue")
        dynamodb = self.server.client("dynamodb")
        for number in range(WORKFLOWS):
            workflow = f"workflow-{number}"
            glue.create_workflow(Name=workflow, MaxConcurrentRuns=1)
            for step in ("first", "second"):
                table = f"items-{number}-{step}"
                key = [{"AttributeName": "id", "KeyType": "HASH"}]
                attribute = [{"AttributeName": "id", "AttributeType": "S"}]
                dynamodb.create_table(
                    TableName=table, KeySchema=key, AttributeDefinitions=attribute, BillingMode="PAY_PER_REQUEST"
                )
                dynamodb.put_item(TableName=table, Item={"id": {"S": "a"}, "amount": {"N": "1"}})
                targets = {"DynamoDBTargets": [{"Path": table}]}
                glue.create_crawler(Name=f"crawler-{number}-{step}", Role="role", DatabaseName="soak", Targets=targets)
                self.server.put_script(f"job-{number}-{step}", SCRIPT.format(ledger=str(self.ledger)))
            chain = [f"crawler-{number}-first", f"job-{number}-first", f"crawler-{number}-second", f"job-{number}-second"]
            glue.create_trigger(
                Name=f"{workflow}-start", WorkflowName=workflow, Type="ON_DEMAND", Actions=[{"CrawlerName": chain[0]}]
            )
            for before, after in zip(chain, chain[1:], strict=False):
                of_job = before.startswith("job")
                condition = (
                    {"JobName": before, "State": "SUCCEEDED"} if of_job else {"CrawlerName": before, "CrawlState": "SUCCEEDED"}
                )
                glue.create_trigger(
                    Name=f"{workflow}-{after}",
                    WorkflowName=workflow,
                    Type="CONDITIONAL",
                    StartOnCreation=True,
                    Predicate={"Conditions": [{"LogicalOperator": "EQUALS", **condition}]},
                    Actions=[{"CrawlerName": after} if of_job else {"JobName": after}],
                )

    def drive(self, workflow: str, count: int) -> None:
        """Runs a workflow so often, one run after the other."""
        while count > 0:
            try:
                run = self.server.client("glue").start_workflow_run(Name=workflow)["RunId"]
            except BROKEN:
                self.broken_starts += 1  # it may have begun: the listing at the end tells
                time.sleep(0.2)
                continue
            except botocore.exceptions.ClientError as refused:
                if refused.response["Error"]["Code"] != "ConcurrentRunsExceededException":
                    raise
                time.sleep(0.2)  # the one whose answer was lost is still running
                continue
            self.acknowledged.append((workflow, run))
            self.wait_for_end(workflow, run)
            count -= 1

    def wait_for_end(self, workflow: str, run: str) -> None:
        limit = time.monotonic() + 300
        while (found := self.call("glue", "get_workflow_run", Name=workflow, RunId=run)["Run"])["Status"] not in FINAL:
            if time.monotonic() > limit:
                raise AssertionError(f"run {run} of {workflow} does not end: {found}")
            time.sleep(0.1)
        self.say(f"{workflow} {run[:12]} {found['Status']} {found['Statistics']}")

    # --- what is killed

    def kill_at_random(self) -> None:
        while not self.stopping.wait(self.random.uniform(0.5, 5)):
            kind = self.random.choices(list(PROCESSES), weights=list(PROCESSES.values()))[0]
            if kind == "server":
                self.server.kill()
                self.kills[kind] += 1
                self.say("killed the server")
                self.server.start()
                self.say("the server is up again")
                continue
            victims = self.processes(kind)
            if not victims:
                continue
            victim = self.random.choice(victims)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.kills[kind] += 1
            self.say(f"killed {kind} {victim}")

    def processes(self, kind: str) -> list[int]:
        """Drivers are forked from the zygote and have its command, but work in their run's folder."""
        if kind == "engine":
            return self.server.children(" engine ")
        python = self.server.children("mastic.zygote")
        drivers = [pid for pid in python if "/jobs/runs/" in folder_of(pid)]
        return drivers if kind == "driver" else [pid for pid in python if pid not in drivers]

    # --- what is asked at the end

    def account(self) -> list[str]:
        wrong = []
        states: collections.Counter[str] = collections.Counter()
        nodes: collections.Counter[str] = collections.Counter()
        known: set[tuple[str, str]] = set()
        for number in range(WORKFLOWS):
            workflow = f"workflow-{number}"
            for run in self.every_run(workflow):
                known.add((workflow, run["WorkflowRunId"]))
                states[run["Status"]] += 1
                wrong += [f"{workflow} {run['WorkflowRunId']}: {what}" for what in self.check(number, run, nodes)]
        wrong += [f"the acknowledged run {run} of {workflow} is gone" for workflow, run in set(self.acknowledged) - known]
        if len(known) > len(set(self.acknowledged)) + self.broken_starts:
            wrong.append(f"{len(known)} runs are known, {len(self.acknowledged)} were acknowledged")
        begun = collections.Counter(self.ledger.read_text().split()) if self.ledger.exists() else {}
        wrong += [f"the script of run {run} ran {times} times" for run, times in begun.items() if times > 1]
        self.say(f"{len(known)} runs, {len(self.acknowledged)} acknowledged, {self.broken_starts} starts without an answer")
        self.say(f"runs by state: {dict(states)}; nodes: {dict(nodes)}; scripts begun: {len(begun)}; kills: {dict(self.kills)}")
        return wrong

    def every_run(self, workflow: str) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self.call("glue", "get_workflow_runs", Name=workflow, IncludeGraph=True, **token)
            runs += page["Runs"]
            if "NextToken" not in page:
                return runs
            token = {"NextToken": page["NextToken"]}

    def check(self, number: int, run: dict[str, Any], nodes: collections.Counter[str]) -> list[str]:
        wrong = []
        if run["Status"] not in FINAL:
            wrong.append(f"its state is {run['Status']}")
        if run["Statistics"]["RunningActions"] or run["Statistics"]["WaitingActions"]:
            wrong.append(f"something is not over: {run['Statistics']}")
        by_name = {node["Name"]: node for node in run["Graph"]["Nodes"] if node["Type"] != "TRIGGER"}
        chain = [f"crawler-{number}-first", f"job-{number}-first", f"crawler-{number}-second", f"job-{number}-second"]
        before = "SUCCEEDED"
        for name in chain:
            outcome = outcome_of(by_name[name])
            nodes[f"{name.split('-')[0]} {outcome}"] += 1
            if (before == "SUCCEEDED") != (outcome is not None):
                wrong.append(f"{name} is {outcome} behind a node that is {before}")
            before = str(outcome)
        return wrong


def outcome_of(node: dict[str, Any]) -> str | None:
    """The state of a node's last start; None when it was not started."""
    runs = node.get("JobDetails", {}).get("JobRuns", []) + node.get("CrawlerDetails", {}).get("Crawls", [])
    return (runs[-1].get("JobRunState") or runs[-1].get("State")) if runs else None


def folder_of(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def soak(binary: pathlib.Path, runs: int, seed: int, log: TextIO) -> list[str]:
    """What does not hold afterwards; nothing, when all is well."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-soak-"))
    work = Soak(binary, folder, runs, seed, log)
    failures: list[str] = []

    def guarded(step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException as raised:  # noqa: BLE001  A thread's failure is the soak's.
            failures.append(repr(raised))

    try:
        work.prepare()
        killer = threading.Thread(target=guarded, args=(work.kill_at_random,))
        killer.start()
        shares = [runs // WORKFLOWS + (number < runs % WORKFLOWS) for number in range(WORKFLOWS)]
        drivers = [
            threading.Thread(target=guarded, args=(lambda n=number, c=count: work.drive(f"workflow-{n}", c),))
            for number, count in enumerate(shares)
        ]
        for driver in drivers:
            driver.start()
        for driver in drivers:
            driver.join()
        work.stopping.set()
        killer.join()
        # Of the starts without an answer, the last may still be running.
        for number in range(WORKFLOWS):
            for run in work.every_run(f"workflow-{number}"):
                guarded(lambda w=f"workflow-{number}", r=run["WorkflowRunId"]: work.wait_for_end(w, r))  # type: ignore[misc]
        failures += work.account()
    finally:
        work.stopping.set()
        processes = list(work.server.descendants())
        work.server.close()
        time.sleep(1)
        failures += [f"process {pid} outlives the server" for pid in processes if is_alive(pid)]
        shutil.rmtree(folder, ignore_errors=True)
    for failure in failures:
        work.say(f"WRONG: {failure}")
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description="Workflow runs under random SIGKILLs.")
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=pathlib.Path)
    options = parser.parse_args()
    with options.log.open("w") if options.log else sys.stdout as log:
        failures = soak(options.binary.resolve(), options.runs, options.seed, log)
    if options.log:
        print("".join(options.log.read_text().splitlines(keepends=True)[-12:]), end="")
    if failures:
        raise SystemExit(f"{len(failures)} things are wrong")


if __name__ == "__main__":
    main()
