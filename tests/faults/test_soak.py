"""A small soak; `make soak` is the long one."""

from __future__ import annotations

import io

import pytest
from killable_server import BINARY
from soak import soak


def test_every_run_is_accounted_for_under_random_kills() -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    log = io.StringIO()
    failures = soak(BINARY, runs=9, seed=7, log=log)
    assert failures == [], log.getvalue()
