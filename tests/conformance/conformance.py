"""Runs PySpark's own tests against `mastic engine` and says which pass. See README.md.

Usage: conformance.py --binary build/mastic [--suites "doctests core arrow pandas …"] [--jobs 2] [--accept] [--report PAGE]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import fetch  # noqa: E402
import suites  # noqa: E402

MOST_CRASHES = 20  # of one module, before it is given up


@dataclass
class Outcome:
    """What became of one test: pass, fail, skip, or crash (the engine or the test's process died)."""

    name: str
    outcome: str
    message: str = ""


@dataclass
class Totals:
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(each.outcome == outcome for each in self.outcomes)

    @property
    def passed(self) -> set[str]:
        return {each.name for each in self.outcomes if each.outcome == "pass"}

    def line(self) -> str:
        ran = len(self.outcomes) - self.count("skip")
        share = 100 * self.count("pass") / max(1, ran)
        return (
            f"{self.count('pass')} of {ran} pass ({share:.1f} %), {self.count('crash')} crashes, {self.count('skip')} skipped"
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Engine:
    """One engine process on a port of its own."""

    def __init__(self, binary: str, folder: pathlib.Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.log = (folder / "engine.log").open("ab")
        command = [binary, "engine", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=environment, cwd=folder)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"the engine did not start; see {folder / 'engine.log'}")

    @property
    def remote(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def environment_for(tests: pathlib.Path | None, folder: pathlib.Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "TZ": "UTC",
        "SPARK_TESTING": "1",
        "SPARK_HOME": str(folder),
        "SPARK_SKIP_CONNECT_COMPAT_TESTS": "1",
        "PYARROW_IGNORE_TIMEZONE": "1",
        "PYTHONHASHSEED": "0",
        "COLUMNS": "120",
    }
    if tests:
        environment["PYTHONPATH"] = str(tests)  # for the engine's Python workers too: test functions pickle by reference
    return environment


def run_module(binary: str, module: str, tests: pathlib.Path | None, seconds: float, most_seconds: float) -> list[Outcome]:
    """One module against an engine of its own, going on after each crash of either side."""
    kind = "doctest" if module in (*suites.DOCTESTS, *suites.PANDAS_API) else "unittest"
    with tempfile.TemporaryDirectory(prefix="mastic-conformance-") as scratch:
        folder = pathlib.Path(scratch)
        shutil.copytree(HERE / "data", folder / "python/test_support", dirs_exist_ok=True)
        results = folder / "results.jsonl"
        environment = environment_for(tests, folder)
        outcomes: list[Outcome] = []
        deadline = time.monotonic() + most_seconds
        for _ in range(MOST_CRASHES):
            engine = Engine(binary, folder, environment)
            running = {**environment, "SPARK_REMOTE": engine.remote, "SPARK_CONNECT_TESTING_REMOTE": engine.remote}
            command = [sys.executable, str(HERE / "worker.py"), kind, module, str(results), engine.remote, str(seconds)]
            with (folder / "worker.log").open("ab") as log:
                process = subprocess.Popen(command, stdout=log, stderr=log, env=running, cwd=folder)
            ended = _wait(process, engine, deadline)
            unfinished = results.with_suffix(".running")
            engine_died = engine.process.poll() is not None
            engine.stop()
            if ended and not unfinished.exists():
                break
            if unfinished.exists():
                why = "the engine died" if engine_died else "the test's process died or hung"
                name = unfinished.read_text()
                with results.open("a") as out:
                    outcome = "crash" if engine_died else "fail"
                    out.write(json.dumps({"id": name, "outcome": outcome, "message": why}) + "\n")
                unfinished.unlink()
            if time.monotonic() > deadline:
                outcomes.append(Outcome(f"{module} (the rest)", "fail", "the module's time was over"))
                break
        lines = results.read_text().splitlines() if results.exists() else []
        outcomes += [Outcome(each["id"], each["outcome"], each["message"]) for each in map(json.loads, lines)]
        if not lines:
            tail = (folder / "worker.log").read_text(errors="replace")[-400:]
            outcomes.append(Outcome(module, "fail", f"could not be loaded: {tail}"))
        return outcomes


def _wait(process: subprocess.Popen[bytes], engine: Engine, deadline: float) -> bool:
    """Whether the module's process came to its end by itself."""
    dead_since: float | None = None
    while process.poll() is None:
        time.sleep(0.2)
        if engine.process.poll() is not None:
            dead_since = dead_since or time.monotonic()
        # A client retries a dead server for minutes: two seconds are enough to see that it is gone.
        if time.monotonic() > deadline or (dead_since and time.monotonic() - dead_since > 2):
            process.kill()
            process.wait()
            return False
    return process.returncode == 0


def run_suite(binary: str, suite: str, jobs: int, seconds: float = 30, module_seconds: float = 1200) -> Totals:
    """All modules of a suite, `jobs` at a time."""
    tests = None if suite in ("doctests", "pandasapi") else fetch.tests_folder()
    totals = Totals()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        modules = suites.modules(suite, tests)
        running = {pool.submit(run_module, binary, module, tests, seconds, module_seconds): module for module in modules}
        for done in concurrent.futures.as_completed(running):
            part = Totals(done.result())
            print(f"{running[done]}: {part.line()}", flush=True)
            totals.outcomes += part.outcomes
    return totals


def passing_file(suite: str) -> pathlib.Path:
    return HERE / "passing" / f"{suite}.txt"


def lost(suite: str, totals: Totals) -> list[Outcome]:
    """Tests that passed before and do not now."""
    path = passing_file(suite)
    before = set(path.read_text().split("\n")) - {""} if path.exists() else set()
    by_name = {each.name: each for each in totals.outcomes}
    missing = sorted(before - totals.passed)
    return [by_name.get(name, Outcome(name, "fail", "did not run")) for name in missing]


def reason_for(outcome: Outcome, reasons: list[tuple[str, str]]) -> str:
    for pattern, reason in reasons:
        if fnmatch.fnmatchcase(outcome.name, pattern):
            return reason
    return " ".join(outcome.message.split())[:160].replace("|", "\\|").replace("`", "'")


def page(results: dict[str, Totals]) -> str:
    """The compatibility page: totals by suite, then every miss with its reason."""
    lines = (HERE / "reasons.txt").read_text().splitlines()
    reasons = [
        (pattern.strip(), reason.strip())
        for pattern, _, reason in (line.partition("  ") for line in lines if line and not line.startswith("#"))
    ]
    text = [
        "# Spark compatibility",
        "",
        "Generated by `make conformance` from a run of PySpark's own tests; not edited by hand.",
    ]
    text += ["", "| suite | result |", "|---|---|"]
    text += [f"| {suite} | {totals.line()} |" for suite, totals in results.items()]
    for suite, totals in results.items():
        misses = sorted((each for each in totals.outcomes if each.outcome in ("fail", "crash")), key=lambda each: each.name)
        text += ["", f"## {suite}: what does not pass", "", "| test | reason |", "|---|---|"]
        text += [f"| `{each.name.removeprefix(suites.PREFIX)}` | {reason_for(each, reasons)} |" for each in misses]
    return "\n".join(text) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--suites", default="doctests core arrow pandas pandasapi others")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--seconds", type=float, default=30, help="that one test may take")
    parser.add_argument("--accept", action="store_true", help="write what passes now into passing/")
    parser.add_argument("--report", type=pathlib.Path, help="the page to write")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    results = {suite: run_suite(binary, suite, options.jobs, options.seconds) for suite in options.suites.split()}
    failed = False
    for suite, totals in results.items():
        print(f"\n{suite}: {totals.line()}")
        if options.accept:
            passing_file(suite).parent.mkdir(exist_ok=True)
            passing_file(suite).write_text("\n".join(sorted(totals.passed)) + "\n")
            continue
        for each in lost(suite, totals):
            failed = True
            print(f"  passed before, now {each.outcome}: {each.name}: {each.message[:200]}")
    if options.report:
        options.report.write_text(page(results))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
