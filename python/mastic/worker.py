"""The process that Python workers are forked from, and what a worker does.

    python -P -m mastic.worker ENGINE_PROCESS      with a stream socket to the engine as file descriptor 3

A request is a length with the worker's own socket beside it (SCM_RIGHTS), then the artifacts' folder and the variables
of its environment. The answer is the worker's process number. The worker itself is Spark's: pyspark.worker speaks its
own protocol on that socket, one task after another, until the engine closes it.

No thread may be made here before a fork.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib
import io
import os
import signal
import socket
import struct
import sys
import time
from typing import Any, BinaryIO

from mastic import processes

_CONTROL = 3
_WARM_MODULES = (
    "numpy",
    "pandas",
    "pyarrow",
    "pyarrow.compute",
    "pyarrow.pandas_compat",
    "pyspark.worker",
    "pyspark.cloudpickle",
    "pyspark.sql.functions",
    "pyspark.sql.types",
    "pyspark.sql.pandas.types",
    "pyspark.sql.connect.functions",
    "mastic.pickled_rows",
)


def main() -> None:
    os.closerange(_CONTROL + 1, 4096)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody asks how a worker ended: the engine sees its socket close.
    control = socket.socket(fileno=_CONTROL)
    os.environ["SPARK_PYTHON_RUNTIME"] = "PYTHON_WORKER"  # as Spark's executors tell theirs; pyspark.worker may ask
    for name in _WARM_MODULES:
        try:
            importlib.import_module(name)
        except ImportError as missing:
            print(f"[worker] not warmed: {missing}", file=sys.stderr, flush=True)
    if pyspark := sys.modules.get("pyspark"):
        # Spark's executors have it set, and modules of PySpark ask for it when they are imported.
        os.environ.setdefault("SPARK_HOME", os.path.dirname(str(pyspark.__file__)))
    gc.collect()
    gc.freeze()
    own_process = os.getpid()
    while True:
        head, descriptors, _, _ = socket.recv_fds(control, 4, 1)
        if len(head) < 4:
            return  # The engine is gone; the workers end with this process.
        texts = _texts(_exactly(control, struct.unpack("!i", head)[0]))
        process = os.fork()
        if process == 0:
            control.close()
            processes.die_with_parent(own_process)
            _work(descriptors[0], texts[0], dict(zip(texts[1::2], texts[2::2], strict=False)))
        os.close(descriptors[0])
        control.sendall(struct.pack("!i", process))


def _exactly(control: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = control.recv(size - len(data))
        if not part:
            os._exit(0)
        data += part
    return bytes(data)


def _texts(data: bytes) -> list[str]:
    texts = []
    at = 0
    while at < len(data):
        size = struct.unpack_from("!i", data, at)[0]
        texts.append(data[at + 4 : at + 4 + size].decode())
        at += 4 + size
    return texts


class _TiedReader(io.FileIO):
    """Sends what has been written before it waits for more: the engine may wait for an answer to what it has sent."""

    def __init__(self, descriptor: int, output: BinaryIO) -> None:
        super().__init__(descriptor)
        self._output = output

    def readinto(self, buffer: Any) -> Any:
        self._output.flush()
        return super().readinto(buffer)


def _work(descriptor: int, files_folder: str, environment: dict[str, str]) -> None:
    """Serves tasks; never returns."""
    code = 0
    try:
        for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        # A function that takes all memory shall be what the kernel ends, not the engine.
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
        os.environ.update(environment)
        if "TZ" in environment:
            time.tzset()
        os.setpgid(0, 0)
        if files_folder:
            from mastic import artifacts

            artifacts.use(files_folder)
        spark_worker = importlib.import_module(os.environ.pop("MASTIC_WORKER_MODULE", "pyspark.worker"))
        from mastic import pickled_rows

        pickled_rows.install()
        outfile = os.fdopen(descriptor, "wb", 1 << 16)
        infile = io.BufferedReader(_TiedReader(os.dup(descriptor), outfile), 1 << 16)
        while infile.peek(1):  # The engine closes its end when it needs this worker no more.
            try:
                spark_worker.main(infile, outfile)
            finally:
                outfile.flush()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BrokenPipeError:
        code = 1
    except BaseException:
        faulthandler.disable()
        import traceback

        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code & 0xFF)


if __name__ == "__main__":
    main()
