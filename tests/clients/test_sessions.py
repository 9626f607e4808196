"""Interactive sessions: statements that really run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from test_orchestration import ROLE, client, wait_for

ENDED = ("AVAILABLE", "ERROR", "CANCELLED")


class Session:
    def __init__(self, endpoint: str, **settings: Any) -> None:
        self.glue = client(endpoint, "glue")
        self.id = f"session-{uuid.uuid4().hex[:8]}"
        made = self.glue.create_session(Id=self.id, Role=ROLE, Command={"Name": "glueetl", "PythonVersion": "3"}, **settings)
        assert made["Session"]["Status"] in ("PROVISIONING", "READY")
        wait_for(lambda: self.status() == "READY")

    def status(self) -> str:
        return str(self.glue.get_session(Id=self.id)["Session"]["Status"])

    def start(self, code: str) -> int:
        return int(self.glue.run_statement(SessionId=self.id, Code=code)["Id"])

    def statement(self, number: int) -> dict[str, Any]:
        return dict(self.glue.get_statement(SessionId=self.id, Id=number)["Statement"])

    def run(self, code: str) -> dict[str, Any]:
        number = self.start(code)

        def ended() -> Any:
            found = self.statement(number)
            return found if found["State"] in ENDED else None

        return dict(wait_for(ended))


@pytest.fixture
def session(endpoint: str) -> Iterator[Session]:
    made = Session(endpoint, Tags={"a": "b"})
    yield made
    if made.id in made.glue.list_sessions()["Ids"] and made.status() == "READY":
        made.glue.stop_session(Id=made.id)


def test_statements_share_their_names(session: Session) -> None:
    glue = session.glue
    first = session.run("x = 20\nprint('hello')\nx + 1")
    assert first["State"] == "AVAILABLE" and first["Output"]["Data"]["TextPlain"] == "hello\n21\n"
    assert first["Output"]["ExecutionCount"] == 1 and first["CompletedOn"] >= first["StartedOn"]
    assert session.run("spark.range(x).count()")["Output"]["Data"]["TextPlain"] == "20\n"
    failed = session.run("def f():\n    return 1 / 0\nf()")
    assert (failed["State"], failed["Output"]["ErrorName"], failed["Output"]["ErrorValue"]) == (
        "ERROR",
        "ZeroDivisionError",
        "division by zero",
    )
    assert "in f" in "".join(failed["Output"]["Traceback"])
    assert session.run("x")["Output"]["Data"]["TextPlain"] == "20\n"

    long = session.start("import time\nwhile True:\n    time.sleep(0.01)")
    waiting = session.start("'never'")
    wait_for(lambda: session.statement(long)["State"] == "RUNNING")
    assert session.statement(waiting)["State"] == "WAITING"
    for number in (waiting, long):
        glue.cancel_statement(SessionId=session.id, Id=number)
    wait_for(lambda: session.statement(waiting)["State"] == session.statement(long)["State"] == "CANCELLED")
    assert session.run("'alive'")["Output"]["Data"]["TextPlain"] == "'alive'\n"
    assert [each["Id"] for each in glue.list_statements(SessionId=session.id)["Statements"]] == list(range(1, 8))

    assert session.id in glue.list_sessions(Tags={"a": "b"})["Ids"]
    with pytest.raises(ClientError, match="IllegalSessionStateException"):
        glue.delete_session(Id=session.id)
    glue.stop_session(Id=session.id)
    wait_for(lambda: session.status() == "STOPPED")
    with pytest.raises(ClientError, match="IllegalSessionStateException"):
        session.start("1")
    assert session.statement(1)["State"] == "AVAILABLE"
    glue.delete_session(Id=session.id)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_session(Id=session.id)


def test_what_a_session_cannot_be(endpoint: str) -> None:
    glue = client(endpoint, "glue")
    with pytest.raises(ClientError, match="SPARK_CONNECT"):
        glue.create_session(Id="x", Role=ROLE, Command={"Name": "glueetl"}, SessionType="SPARK_CONNECT")
    with pytest.raises(ClientError, match="gluestreaming"):
        glue.create_session(Id="x", Role=ROLE, Command={"Name": "gluestreaming"})
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.run_statement(SessionId="none", Code="1")
