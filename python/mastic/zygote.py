"""The process that drivers are forked from: it has imported what scripts import, and does nothing else.

    python -P -m mastic.zygote      with a stream socket to the server as file descriptor 3

It says "ready", then takes one request a run (see request.py). A driver is forked twice, so that it becomes the
server's own child: the server sees its exit itself, and a zygote that dies takes no run with it. The driver answers
"started", the run and its process number before the script begins and closes its end: when the server reads the end of
this socket, a run that has not been answered for will never begin.

No gRPC channel, no thread and no AWS client may be made here: a fork would inherit half of it.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys

from mastic import driver, messages, processes, stand_in
from mastic.request import Request

# What two thirds of real Glue scripts import, directly or not; pandas alone is most of a second.
_WARM_MODULES = (
    "numpy",
    "pandas",
    "pyarrow",
    "pyarrow.pandas_compat",
    "grpc",
    "grpc_status.rpc_status",
    "google.rpc.error_details_pb2",
    "zstandard",
    "pyspark.sql.functions",
    "pyspark.sql.types",
    "pyspark.sql.window",
    "pyspark.sql.connect.session",
    "pyspark.sql.connect.dataframe",
    "pyspark.sql.connect.functions",
    "pyspark.sql.connect.group",
    "pyspark.sql.connect.readwriter",
    "pyspark.sql.connect.catalog",
    "pyspark.sql.connect.window",
    "pyspark.sql.connect.udf",
    "pyspark.sql.connect.client.reattach",
    "pyspark.sql.connect.client.artifact",
    "boto3",
    "boto3.session",
    "botocore.client",
    "botocore.endpoint",
    "botocore.auth",
    "concurrent.futures.thread",
    "multiprocessing.pool",
    "argparse",
    "csv",
    "datetime",
    "decimal",
    "json",
    "logging",
    "random",
    "re",
    "time",
    "traceback",
    "urllib.request",
    "uuid",
)
_WARM_MODULES_OF_OURS = ("awsglue.context", "awsglue.dynamicframe", "awsglue.job", "awsglue.transforms", "awsglue.utils")


def main() -> None:
    server = int(os.environ.pop("MASTIC_SERVER_PID", "0")) or os.getppid()
    processes.die_with_parent(server)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server, which ends its runs in order.
    channel = socket.socket(fileno=3)
    _import_everything()
    messages.send(channel, "ready")
    while (strings := messages.receive(channel)) is not None:
        _launch(channel, Request.read(strings), server)


def _import_everything() -> None:
    os.environ.setdefault("SPARK_CONNECT_MODE_ENABLED", "1")
    for name in _WARM_MODULES:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as missing:
            print(f"[zygote] not warmed: {missing}", file=sys.stderr, flush=True)
    stand_in.install()
    for name in _WARM_MODULES_OF_OURS:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as missing:
            print(f"[zygote] not warmed: {missing}", file=sys.stderr, flush=True)
    gc.collect()
    gc.freeze()  # The collector leaves these objects' pages alone, so drivers go on sharing them.


def _launch(channel: socket.socket, request: Request, server: int) -> None:
    between = os.fork()
    if between == 0:
        between = os.getpid()
        if os.fork() == 0:
            processes.wait_until_adopted(between)
            processes.die_with_parent(server)
            driver.run(channel, request)
        os._exit(0)
    os.waitpid(between, 0)


if __name__ == "__main__":
    main()
