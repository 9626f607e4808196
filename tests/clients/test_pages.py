"""The server's own paths, `/_mastic/…`: found before any service, open or for callers, whole or bit by bit."""

from __future__ import annotations

import pathlib
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from test_wire import Server


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("spool"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("spool"), "--keys")
    yield running
    running.stop()


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), {k.lower(): v for k, v in error.headers.items()}


def signed(
    server: Server, path: str, secret: str = "secret", service: str = "mastic", body: bytes | None = None
) -> tuple[int, str, dict[str, str]]:
    method = "POST" if body else "GET"
    request = AWSRequest(method=method, url=f"http://127.0.0.1:{server.port}{path}", data=body)
    SigV4Auth(Credentials("AKIDTEST", secret), service, "eu-west-1").add_auth(request)
    return ask(server, path, method, body, dict(request.headers.items()))


def test_pages_are_found_by_the_longest_prefix(open_server: Server) -> None:
    assert ask(open_server, "/_mastic/health")[:2] == (200, "fine\n")
    assert ask(open_server, "/_mastic/echo/a%20b/c?q=x%26y")[:2] == (200, "GET /a b/c x&y ")
    assert ask(open_server, "/_mastic/echo", "POST", b"body")[:2] == (200, "POST  - body")
    assert ask(open_server, "/_mastic/echoes")[0] == 404
    status, body, headers = ask(open_server, "/_mastic/nothing")
    assert (status, headers["content-type"]) == (404, "application/json")
    assert '"code":"NotFound"' in body


def test_another_site_may_not_change_anything(open_server: Server) -> None:
    assert ask(open_server, "/_mastic/echo", "POST", b"x", {"Origin": "http://evil.example"})[0] == 403
    own = f"http://127.0.0.1:{open_server.port}"
    assert ask(open_server, "/_mastic/echo", "POST", b"x", {"Origin": own})[0] == 200


def test_a_stream_comes_in_chunks_and_ends(open_server: Server) -> None:
    status, body, headers = ask(open_server, "/_mastic/count")
    assert (status, body) == (200, "1\n2\n3\n")
    assert headers["transfer-encoding"] == "chunked"


def test_with_keys_a_caller_must_be_known(locked: Server) -> None:
    assert ask(locked, "/_mastic/health")[0] == 200
    status, body, _ = ask(locked, "/_mastic/echo")
    assert status == 401
    assert "AuthenticationRequired" in body
    status, _, headers = ask(locked, "/_mastic/echo", headers={"Cookie": "session=good"})
    assert (status, headers["x-caller"]) == (200, "AKIDTEST")
    assert ask(locked, "/_mastic/echo", headers={"Cookie": "session=bad"})[0] == 401


def test_with_keys_a_signature_is_checked(locked: Server) -> None:
    assert signed(locked, "/_mastic/echo/x?q=1")[:2] == (200, "GET /x 1 ")
    assert signed(locked, "/_mastic/echo", body=b"hello")[:2] == (200, "POST  - hello")
    assert signed(locked, "/_mastic/echo", secret="wrong")[0] == 403
    assert signed(locked, "/_mastic/echo/closed")[0] == 403


def test_what_is_signed_for_s3_is_an_object(open_server: Server, tmp_path: pathlib.Path) -> None:
    del tmp_path
    assert signed(open_server, "/_mastic/health", service="s3")[1] != "fine\n"
