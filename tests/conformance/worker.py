"""Runs one of PySpark's modules against a server and appends a JSON line for each test: {"id", "outcome", "message"}.

Usage: worker.py doctest|unittest MODULE RESULTS REMOTE SECONDS

Outcomes: pass, fail, skip. Tests that RESULTS already holds are left out, so a run goes on after a crash; the test that is
running stands in RESULTS.running. Nothing of the tests is loosened: rows, text and order count.
"""

from __future__ import annotations

import doctest
import importlib
import json
import os
import pathlib
import signal
import sys
import tempfile
import threading
import unittest
from collections.abc import Iterator
from typing import Any

# Examples of the classic API that Connect does not have; PySpark's own run leaves them out too.
NOT_CONNECT = {
    "pyspark.sql.dataframe.DataFrame.rdd",
    "pyspark.sql.dataframe.DataFrame.toJSON",
    "pyspark.sql.connect.session.SparkSession.Builder.master",
}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class TooLong(Exception):
    """A test took longer than it may."""


class Results:
    """The lines written so far, and the clock of the running test."""

    def __init__(self, path: pathlib.Path, seconds: float) -> None:
        self.path = path
        self.running = path.with_suffix(".running")
        self.seconds = seconds
        lines = path.read_text().splitlines() if path.exists() else []
        self.done = {json.loads(line)["id"] for line in lines}
        self.killer: threading.Timer | None = None
        signal.signal(signal.SIGALRM, self._too_long)

    def _too_long(self, *_: Any) -> None:
        raise TooLong(f"longer than {self.seconds:.0f} s")

    def begin(self, name: str) -> None:
        self.running.write_text(name)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        # What does not even answer to the alarm ends the process; the driver goes on after it.
        self.killer = threading.Timer(self.seconds * 2, os._exit, (3,))
        self.killer.daemon = True
        self.killer.start()

    def end(self, name: str, outcome: str, message: str = "") -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self.killer:
            self.killer.cancel()
        with self.path.open("a") as out:
            out.write(json.dumps({"id": name, "outcome": outcome, "message": message[:600]}) + "\n")
        self.done.add(name)
        self.running.unlink(missing_ok=True)


class Examples(doctest.DocTestRunner):
    """Remembers the first example that failed, instead of printing."""

    def __init__(self) -> None:
        super().__init__(optionflags=FLAGS | doctest.IGNORE_EXCEPTION_DETAIL, verbose=False)
        self.complaint = ""

    def report_start(self, *_: Any) -> None: ...

    def report_success(self, *_: Any) -> None: ...

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        self.complaint = self.complaint or f"{example.source.strip()} gave {got.strip()}"

    def report_unexpected_exception(self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any) -> None:
        self.complaint = self.complaint or f"{example.source.strip()} raised {exc_info[0].__name__}: {exc_info[1]}"
        if issubclass(exc_info[0], TooLong):
            raise exc_info[1]


def _names_of_pandas(module_name: str, spark: Any) -> dict[str, Any]:
    """What the examples of the pandas API count on, as PySpark's own run of them provides it."""
    if not module_name.startswith("pyspark.pandas"):
        return {}
    import numpy
    import pandas
    import pyspark.pandas
    from pyspark.sql import functions

    spark.sql("CREATE DATABASE IF NOT EXISTS examples")
    folder = tempfile.mkdtemp(prefix="mastic-conformance-")
    return {"ps": pyspark.pandas, "np": numpy, "pd": pandas, "sf": functions, "db": "examples", "path": folder}


def run_doctests(module_name: str, results: Results, remote: str) -> None:
    from pyspark.sql import SparkSession

    module = importlib.import_module(module_name)
    spark = SparkSession.builder.appName("doctest").remote(remote).getOrCreate()
    names = {**module.__dict__, "SparkSession": SparkSession, "spark": spark, **_names_of_pandas(module_name, spark)}
    tests = sorted(test for test in doctest.DocTestFinder().find(module, module_name, globs=names) if test.examples)
    for test in tests:
        if test.name in results.done:
            continue
        live = [example for example in test.examples if not example.options.get(doctest.SKIP)]
        if test.name in NOT_CONNECT or not live:
            results.end(test.name, "skip")
            continue
        runner = Examples()
        results.begin(test.name)
        try:
            runner.run(test, out=lambda _: None, clear_globs=False)
        except TooLong as error:
            runner.complaint = str(error)
        results.end(test.name, "fail" if runner.complaint else "pass", runner.complaint)


class Recorder(unittest.TestResult):
    """Writes each test's outcome as it comes."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.results = results
        self.outcome: tuple[str, str] = ("pass", "")

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.outcome = ("pass", "")
        self.results.begin(test.id())

    def stopTest(self, test: unittest.TestCase) -> None:
        self.results.end(test.id(), *self.outcome)
        super().stopTest(test)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.outcome = ("skip", reason)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        self._failed(test, err)

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        self._failed(test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        if err is not None:
            self._failed(test, err)

    def _failed(self, test: unittest.TestCase, err: Any) -> None:
        message = f"{err[0].__name__}: {err[1]}"
        if not isinstance(test, unittest.TestCase):  # setUpClass, setUpModule: none of its tests ran
            self.results.end(str(test), "fail", message)
        elif self.outcome[0] == "pass":
            self.outcome = ("fail", message)


def every_test(suite: unittest.TestSuite | unittest.TestCase) -> Iterator[unittest.TestCase]:
    if isinstance(suite, unittest.TestCase):
        yield suite
        return
    for each in suite:
        yield from every_test(each)


def run_unittests(module_name: str, results: Results) -> None:
    suite = unittest.defaultTestLoader.loadTestsFromName(module_name)
    left = [test for test in every_test(suite) if test.id() not in results.done]
    unittest.TestSuite(left).run(Recorder(results))


def main() -> None:
    kind, module, path, remote, seconds = sys.argv[1:]
    results = Results(pathlib.Path(path), float(seconds))
    if kind == "doctest":
        run_doctests(module, results, remote)
    else:
        run_unittests(module, results)
    # Left-over sessions and threads of tests must not hold the run.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
