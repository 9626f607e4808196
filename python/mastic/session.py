"""The script of an interactive session: takes statements out of its run's folder, one after the other, until it is idle.

The files are described in `src/glue/sessions/sessions.h`. A statement is Python; what it prints, and the value of an expression
that ends it, is its result. Statements share one namespace, which begins with `spark` and `sc`.
"""

from __future__ import annotations

import _thread
import ast
import contextlib
import io
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

_LOOK_SECONDS = 0.02


def _write(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.rename(path)


def _milliseconds() -> int:
    return int(time.time() * 1000)


class Session:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spark = SparkSession.builder.getOrCreate()
        self.names: dict[str, Any] = {"__name__": "__main__", "spark": self.spark, "sc": self.spark}
        self.current = 0  # the statement that runs

    def cancel_when_asked(self) -> None:
        """Interrupts the statement that runs, when its file says so; for a thread of its own."""
        interrupted = 0
        while True:
            number = self.current
            if number != interrupted and number and (self.folder / f"{number}.cancel").exists():
                interrupted = number
                with contextlib.suppress(Exception):
                    self.spark.interruptAll()
                if self.current == number:
                    _thread.interrupt_main()
            time.sleep(_LOOK_SECONDS)

    def run(self, number: int) -> None:
        result: dict[str, Any] = {"state": "RUNNING", "started": _milliseconds()}
        path = self.folder / f"{number}.result"
        if (self.folder / f"{number}.cancel").exists():
            _write(path, {"state": "CANCELLED", "completed": _milliseconds(), "text": ""})
            return
        _write(path, result)
        printed = io.StringIO()
        try:
            self.current = number
            with contextlib.redirect_stdout(printed):
                self.execute(json.loads((self.folder / f"{number}.statement").read_text())["code"], number)
            self.current = 0
            result["state"] = "AVAILABLE"
        except KeyboardInterrupt:
            result["state"] = "CANCELLED"
        except BaseException as raised:  # noqa: BLE001  A statement's failure is its result; the session goes on.
            cancelled = (self.folder / f"{number}.cancel").exists()
            result |= {"state": "CANCELLED" if cancelled else "ERROR", **_failure(raised)}
        finally:
            self.current = 0
        result |= {"completed": _milliseconds(), "text": printed.getvalue()}
        _write(path, result)

    def execute(self, code: str, number: int) -> None:
        tree = ast.parse(code, f"<statement {number}>")
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"<statement {number}>", "exec"), self.names)  # noqa: S102  Running it is what this is for.
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"<statement {number}>", "eval"), self.names)  # noqa: S307
            if value is not None:
                print(repr(value))


def _failure(raised: BaseException) -> dict[str, Any]:
    frames = [frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename.startswith("<statement")]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames)]
    lines += traceback.format_exception_only(type(raised), raised)
    return {"error": type(raised).__name__, "message": str(raised), "traceback": lines}


def main() -> None:
    idle_seconds = float(getResolvedOptions(sys.argv, ["IDLE_MINUTES"])["IDLE_MINUTES"]) * 60
    folder = Path(os.environ["MASTIC_RUN_FOLDER"]) / "statements"
    session = Session(folder)
    threading.Thread(target=session.cancel_when_asked, daemon=True).start()
    (folder / "ready").touch()
    number, since = 1, time.monotonic()
    while time.monotonic() - since < idle_seconds:
        if not (folder / f"{number}.statement").exists():
            time.sleep(_LOOK_SECONDS)
            continue
        # An interrupt that comes when its statement is over already is nobody's.
        with contextlib.suppress(KeyboardInterrupt):
            session.run(number)
        number, since = number + 1, time.monotonic()
