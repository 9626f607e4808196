"""What of PySpark's own tests passed before, passes still: the doctests, and a sample of the parity tests."""

from __future__ import annotations

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import conformance
import fetch
import suites


@pytest.mark.timeout(1500)  # a whole suite; each of its tests has a limit of its own
@pytest.mark.parametrize("suite", ["doctests", "sample"])
def test_what_passed_before_passes(suite: str) -> None:
    binary = os.environ["MASTIC_BINARY"]
    missing = conformance.lost(suite, conformance.run_suite(binary, suite, jobs=1))
    tests = None if suite == "doctests" else fetch.tests_folder()
    # Two more looks at those modules alone: a machine busy with other tests makes slow ones run out of time, and some of
    # PySpark's examples print rows whose order Spark itself leaves open.
    for _ in range(2):
        again = {
            each.name
            for module in suites.modules(suite, tests)
            if any(one.name.startswith(module) for one in missing)
            for each in conformance.run_module(binary, module, tests, 60, 1200)
            if each.outcome == "pass"
        }
        missing = [each for each in missing if each.name not in again]
    assert not missing, "\n".join(f"{each.name}: {each.outcome}: {each.message[:200]}" for each in missing)


def test_a_lost_test_is_told(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "passing_file", lambda suite: tmp_path / f"{suite}.txt")
    (tmp_path / "some.txt").write_text("a.b\na.c\na.d\n")
    totals = conformance.Totals([conformance.Outcome("a.b", "pass"), conformance.Outcome("a.c", "fail", "why")])
    assert [(each.name, each.message) for each in conformance.lost("some", totals)] == [("a.c", "why"), ("a.d", "did not run")]
