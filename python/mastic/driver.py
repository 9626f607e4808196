"""A forked process becomes the driver of one run: limits, folders, environment, then the script as `__main__`.

In the run's folder the driver writes `stdout`, `stderr` and, as the last thing it does, `outcome`: the exit code on the
first line, behind it the error's text. A driver that is killed, or a script that leaves through os._exit, writes no
outcome; the server has the exit status then.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import os
import random
import resource
import signal
import socket
import sys
import threading
import time
import traceback
import types
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from mastic import messages
from mastic.request import Request

_ERROR_LENGTH_MAXIMUM = 4000


@dataclass
class Outcome:
    exit_code: int = 0
    error: str = ""


def run(channel: socket.socket, request: Request) -> NoReturn:
    """Runs the script of the request; never returns."""
    try:
        os.setsid()  # A process group of its own: a stop reaches what the script has started, too.
        messages.send(channel, "started", request.run, str(os.getpid()))
        channel.close()
        _open_standard_streams(request.folder)
        _limit(request.memory_limit_bytes)
        _enter(request)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        outcome = _run_script(request.script, request.arguments)
        _finish(outcome)
        _write_outcome(request.folder, outcome)
        os._exit(outcome.exit_code)
    except BaseException:  # noqa: BLE001  Ours, not the script's: say so where the run's user looks.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def _open_standard_streams(folder: Path) -> None:
    for number, path, flags in (
        (0, "/dev/null", os.O_RDONLY),
        (1, str(folder / "stdout"), os.O_WRONLY | os.O_APPEND | os.O_CREAT),
        (2, str(folder / "stderr"), os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    for stream in (sys.stdout, sys.stderr):
        assert hasattr(stream, "reconfigure")
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _limit(memory_limit_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_limit_bytes > 0:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_limit_bytes, memory_limit_bytes))


def _enter(request: Request) -> None:
    os.environ.pop("MASTER", None)  # With it, the client refuses to connect to a remote session.
    os.environ.update(request.environment)
    os.environ["MASTIC_RUN_FOLDER"] = str(request.folder)
    if "TZ" in request.environment:
        time.tzset()
    os.chdir(request.working_folder)
    sys.path[:0] = [str(Path(request.script).parent), *request.python_path]
    # A fork inherits the state of random generators; Python reseeds only its own.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _run_script(script: str, arguments: list[str]) -> Outcome:
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=builtins, __spec__=None, __cached__=None)
    sys.modules["__main__"] = main
    sys.argv = [script, *arguments]
    try:
        source = Path(script).read_bytes()
        exec(compile(source, script, "exec"), main.__dict__)  # noqa: S102  Running the script is what this is for.
    except SystemExit as left:
        return _outcome_of_exit(left)
    except BaseException as raised:  # noqa: BLE001  Whatever it is, it is reported as Python would.
        raised.__traceback__ = _without_our_frames(raised.__traceback__)
        sys.excepthook(type(raised), raised, raised.__traceback__)
        return Outcome(1, _describe(raised))
    return Outcome()


def _outcome_of_exit(left: SystemExit) -> Outcome:
    if left.code is None:
        return Outcome()
    if isinstance(left.code, int):
        code = left.code & 0xFF
    else:
        print(left.code, file=sys.stderr)
        code = 1
    return Outcome() if code == 0 else Outcome(code, f"SystemExit: {left.code}")


def _without_our_frames(frames: types.TracebackType | None) -> types.TracebackType | None:
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    return frames


def _describe(raised: BaseException) -> str:
    """The line with which the traceback ends; an exception of several lines is kept whole, within reason."""
    lines = traceback.format_exception_only(type(raised), raised)
    text = lines[-1] if isinstance(raised, SyntaxError) else "".join(lines)
    text = text.split("\n\nJVM stacktrace:")[0].strip()
    return text if len(text) <= _ERROR_LENGTH_MAXIMUM else text[:_ERROR_LENGTH_MAXIMUM] + "…"


def _finish(outcome: Outcome) -> None:
    """What the interpreter does at its end, save tearing down every module, which takes longer than many a run."""
    threading._shutdown()  # type: ignore[attr-defined]  # Waits for the script's threads that are no daemons.
    try:
        atexit._run_exitfuncs()
    except SystemExit as left:
        left_with = _outcome_of_exit(left)
        outcome.exit_code, outcome.error = left_with.exit_code, left_with.error
    for stream in (sys.stdout, sys.stderr):
        # The script may have closed it.
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _write_outcome(folder: Path, outcome: Outcome) -> None:
    temporary = folder / ".outcome"
    temporary.write_text(f"{outcome.exit_code}\n{outcome.error}", encoding="utf-8")
    temporary.rename(folder / "outcome")
