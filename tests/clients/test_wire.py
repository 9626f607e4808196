"""The wire, byte by byte: raw sockets where clients would be too well behaved, boto3 where the client's own reading counts."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import io
import os
import pathlib
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = pathlib.Path(__file__).parents[2]


def find_server() -> pathlib.Path:
    """The newest build of the test server, or the one that MASTIC_WIRE_TEST_SERVER names."""
    if named := os.environ.get("MASTIC_WIRE_TEST_SERVER"):
        return pathlib.Path(named)
    built = sorted(ROOT.glob("build*/wire_test_server"), key=lambda p: p.stat().st_mtime)
    if not built:
        pytest.skip("wire_test_server is not built")
    return built[-1]


class Server:
    """A running test server."""

    def __init__(self, spool: pathlib.Path, *options: str) -> None:
        self.spool = spool
        self.process = subprocess.Popen(
            [str(find_server()), "--spool", str(spool), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(10) == 0

    def client(self, service: str, secret: str = "secret", key: str = "AKIDTEST", **config: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="eu-west-1",
            config=Config(retries={"max_attempts": 0}, **config),
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("spool"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a key configured."""
    running = Server(tmp_path_factory.mktemp("spool"), "--keys")
    yield running
    running.stop()


class Wire:
    """A raw connection that can read answers one by one."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.held = b""

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)

    def read_until(self, mark: bytes) -> bytes:
        while mark not in self.held:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(self.held)
            self.held += more
        found, self.held = self.held.split(mark, 1)
        return found

    def answer(self, head_only: bool = False) -> tuple[int, dict[str, str], bytes]:
        lines = self.read_until(b"\r\n\r\n").decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        length = 0 if head_only else int(headers.get("content-length", "0"))
        while len(self.held) < length:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(self.held)
            self.held += more
        body, self.held = self.held[:length], self.held[length:]
        return int(lines[0].split()[1]), headers, body

    def is_closed(self) -> bool:
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    connection = Wire(server.port)
    yield connection
    connection.socket.close()


def put(path: str, body: bytes, *headers: str) -> bytes:
    lines = [f"PUT {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]).encode() + b"\r\n\r\n"


def logs_request(body: bytes, target: str = "Logs_20140328.DescribeLogGroups") -> bytes:
    head = f"POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: {target}\r\nContent-Type: application/x-amz-json-1.1\r\n"
    return (head + f"Content-Length: {len(body)}\r\n\r\n").encode() + body


# Connections.


def test_one_connection_serves_many_requests(wire: Wire) -> None:
    for number in range(50):
        body = os.urandom(number * 100)
        wire.send(put(f"/b/keep{number}", body))
        status, headers, _ = wire.answer()
        assert status == 200
        assert headers["etag"] == f'"{hashlib.md5(body).hexdigest()}"'
        wire.send(get(f"/b/keep{number}"))
        assert wire.answer()[2] == body


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    wire.send(b"".join(put(f"/b/p{n}", b"x" * n) + get(f"/b/p{n}") for n in range(40)))
    for number in range(40):
        assert wire.answer()[0] == 200
        assert wire.answer()[2] == b"x" * number


def test_a_request_may_arrive_byte_by_byte(wire: Wire) -> None:
    for byte in put("/b/slow", b"slow body"):
        wire.send(bytes([byte]))
    assert wire.answer()[0] == 200


def test_connection_close_is_obeyed(wire: Wire) -> None:
    wire.send(get("/_mastic/health", "Connection: close"))
    status, headers, body = wire.answer()
    assert (status, headers["connection"], body) == (200, "close", b"fine\n")
    assert wire.is_closed()


def test_http_1_0_closes(wire: Wire) -> None:
    wire.send(b"GET /_mastic/health HTTP/1.0\r\n\r\n")
    assert wire.answer()[0] == 200
    assert wire.is_closed()


def test_head_has_a_length_and_no_body(wire: Wire) -> None:
    wire.send(b"HEAD /_mastic/health HTTP/1.1\r\nHost: h\r\n\r\n", get("/_mastic/health"))
    assert wire.answer(head_only=True)[1]["content-length"] == "5"
    assert wire.answer()[2] == b"fine\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nA : b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 300 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", 431),
        (b"PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    ],
)
def test_bad_requests_are_refused_and_the_connection_ends(wire: Wire, request_bytes: bytes, status: int) -> None:
    wire.send(request_bytes)
    assert wire.answer()[0] == status
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.is_closed()


def test_a_head_that_never_ends_is_given_up(wire: Wire) -> None:
    wire.send(b"GET / HTTP/1.1\r\nHost:")
    assert wire.is_closed()  # after the test server's one second


def test_garbage_does_not_harm_the_server(server: Server) -> None:
    for seed in range(50):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(hashlib.sha512(bytes([seed])).digest() * 20 + b"\r\n\r\n")
    assert server.process.poll() is None


def test_many_connections_at_once(server: Server) -> None:
    wires = [Wire(server.port) for _ in range(200)]
    for number, one in enumerate(wires):
        one.send(put(f"/b/many{number}", b"y" * number))
    for one in wires:
        assert one.answer()[0] == 200
        one.socket.close()


# Bodies.


def test_expect_100_continue(wire: Wire) -> None:
    wire.send(put("/b/expect", b"", "Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 5"))
    assert wire.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue"
    wire.send(b"hello")
    assert wire.answer()[0] == 200


def test_a_refused_request_is_not_invited_to_send_its_body(wire: Wire) -> None:
    request = b"PUT /b/k?acl HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\nExpect: 100-continue\r\n\r\n"
    wire.send(request)
    status, headers, body = wire.answer()
    assert status == 400
    assert b"<Code>NotImplemented</Code>" in body
    assert headers["connection"] == "close"


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 3_000_000])
def test_bodies_lie_in_memory_or_in_a_file(server: Server, wire: Wire, size: int) -> None:
    body = os.urandom(size)
    wire.send(put("/b/size", body))
    assert wire.answer()[0] == 200
    wire.send(get("/b/size"))
    _, headers, got = wire.answer()
    assert got == body
    assert headers["content-disposition"] == ("file" if size > 65536 else "memory")
    assert list(server.spool.iterdir()) == []


def test_chunked_bodies(wire: Wire) -> None:
    body = os.urandom(200_000)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:10], body[10:150_000], body[150_000:]))
    wire.send(
        b"PUT /b/chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n" + get("/b/chunked")
    )
    assert wire.answer()[0] == 200
    assert wire.answer()[2] == body


def test_a_chunked_json_body(wire: Wire) -> None:
    head = logs_request(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    wire.send(head + b'5\r\n{"lim\r\n7\r\nit": 7}\r\n0\r\n\r\n')
    assert b'"retentionInDays":7' in wire.answer()[2]


def test_aws_chunked_with_a_trailer(wire: Wire) -> None:
    crc = base64.b64encode(binascii.crc32(b"hello world").to_bytes(4)).decode()
    headers = (
        "Content-Encoding: aws-chunked",
        "X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Decoded-Content-Length: 11",
        "X-Amz-Trailer: x-amz-checksum-crc32",
    )
    for checksum, status in ((crc, 200), ("AAAAAA==", 400)):
        body = f"5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:{checksum}\r\n\r\n".encode()
        wire.send(put("/b/aws-chunked", body, *headers))
        answer = wire.answer()
        assert answer[0] == status
        if status == 200:
            assert answer[1]["x-amz-checksum-crc32"] == crc
        else:
            assert b"<Code>BadDigest</Code>" in answer[2]
    wire.send(put("/b/aws-chunked", b"5\r\nhello\r\n0\r\n\r\n", *headers))
    assert b"<Code>IncompleteBody</Code>" in wire.answer()[2]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Content-MD5: " + base64.b64encode(hashlib.md5(b"other").digest()).decode(), "BadDigest"),
        ("Content-MD5: nonsense", "InvalidDigest"),
        ("x-amz-checksum-crc32: AAAAAA==", "BadDigest"),
        ("x-amz-checksum-sha256: AAAA", "BadDigest"),
        ("x-amz-content-sha256: " + hashlib.sha256(b"other").hexdigest(), "XAmzContentSHA256Mismatch"),
    ],
)
def test_a_body_that_is_not_what_was_promised(wire: Wire, header: str, code: str) -> None:
    wire.send(put("/b/digest", b"body", header))
    status, _, body = wire.answer()
    assert status == 400
    assert f"<Code>{code}</Code>".encode() in body
    wire.send(get("/b/digest"))
    assert wire.answer()[0] == 404


def test_a_body_that_ends_too_early_leaves_nothing(server: Server, wire: Wire) -> None:
    wire.send(put("/b/short", b"x" * 100_000).replace(b"Content-Length: 100000", b"Content-Length: 200000"))
    wire.socket.shutdown(socket.SHUT_WR)
    wire.answer()
    with pytest.raises(ClientError):
        server.client("s3").get_object(Bucket="b", Key="short")
    assert list(server.spool.iterdir()) == []


def test_a_json_body_that_is_too_large(wire: Wire) -> None:
    head = logs_request(b"").replace(b"Content-Length: 0", b"Content-Length: 99000000")
    wire.send(head)
    assert wire.answer()[0] == 413


# Finding service, operation and bucket.


def test_services_are_found_by_scope_target_and_action(server: Server, wire: Wire) -> None:
    assert (
        server.client("logs").describe_log_groups(logGroupNamePrefix="p")["logGroups"][0]["logGroupName"]
        == "p|eu-west-1|AKIDTEST"
    )
    wire.send(logs_request(b'{"logGroupNamePrefix":"q"}'))
    assert b"q|us-east-1|" in wire.answer()[2]
    form = b"Action=CreateTopic&Version=2010-03-31&Name=n"
    wire.send(
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + f"Content-Length: {len(form)}\r\n\r\n".encode()
        + form
    )
    assert b"<TopicArn>n</TopicArn>" in wire.answer()[2]


def test_what_is_not_implemented_says_so_by_name(server: Server) -> None:
    for call, code, name in (
        (lambda: server.client("logs").put_account_policy(policyName="p", policyDocument="d", policyType="X"),
         "UnknownOperationException", "PutAccountPolicy"),
        (lambda: server.client("cloudformation").list_types(), "InvalidAction", "ListTypes"),
        (lambda: server.client("s3").list_buckets(), "NotImplemented", "ListBuckets"),
        (lambda: server.client("kinesis").list_streams(), "UnknownOperationException", "kinesis"),
        (lambda: server.client("iam").list_roles(), "InvalidAction", "iam"),
    ):  # fmt: skip
        with pytest.raises(ClientError) as raised:
            call()
        assert raised.value.response["Error"]["Code"] == code
        assert name in raised.value.response["Error"]["Message"]
        assert 400 <= raised.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


def test_wrong_json_and_broken_constraints(wire: Wire) -> None:
    wire.send(logs_request(b"{"))
    status, headers, body = wire.answer()
    assert status == 400
    assert headers["x-amzn-errortype"] == "SerializationException"
    wire.send(logs_request(b'{"limit": 0}'))
    status, headers, body = wire.answer()
    assert headers["x-amzn-errortype"] == "InvalidParameterException"
    assert b"Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1" in body


@pytest.mark.parametrize(
    "key", ["a//b/../c", "/lead", "trail/", "sp ace", "pl+us", "per%cent", "ü€𝄞", "q?x=y", "h#ash", "%2F", ".", ".."]
)
def test_keys_may_hold_anything(server: Server, key: str) -> None:
    s3 = server.client("s3")
    s3.put_object(Bucket="keys", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="keys", Key=key)["Body"].read() == key.encode()
    assert key in [row["Key"] for row in s3.list_objects_v2(Bucket="keys", Prefix=key)["Contents"]]


def test_a_bucket_in_the_host(wire: Wire) -> None:
    wire.send(put("/virtual", b"v").replace(b"Host: 127.0.0.1", b"Host: bucket.localhost:4566"))
    assert wire.answer()[0] == 200
    wire.send(get("/bucket/virtual"))
    assert wire.answer()[2] == b"v"
    wire.send(get("/bucket/virtual").replace(b"Host: 127.0.0.1", b"Host: other.localhost"))
    assert wire.answer()[2] == b"v"


def test_query_lists_and_errors(server: Server) -> None:
    cloudformation = server.client("cloudformation")
    parameters = [{"ParameterKey": f"k{n}", "ParameterValue": f"v{n}"} for n in range(12)]
    answer = cloudformation.create_stack(StackName="s", TemplateBody="{}", Tags=[], Parameters=parameters)
    assert answer["StackId"] == "s tags 0 " + " ".join(f"k{n}=v{n}" for n in range(12))
    stack = cloudformation.describe_stacks()["Stacks"][0]
    assert stack["StackName"] == '<all> & "more"'
    assert stack["CreationTime"] == datetime.datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=datetime.UTC)
    with pytest.raises(ClientError, match="Stack with id absent does not exist"):
        cloudformation.describe_stacks(StackName="absent")


# Signatures.


def test_a_right_key_is_let_in(locked: Server) -> None:
    s3 = locked.client("s3")
    s3.put_object(Bucket="b", Key="k a/ü", Body=b"signed", Metadata={"two": "a  b"})
    s3.put_object(Bucket="b", Key="stream", Body=io.BytesIO(b"z" * 200_000))
    assert s3.get_object(Bucket="b", Key="k a/ü")["Body"].read() == b"signed"
    assert len(s3.list_objects_v2(Bucket="b", Prefix="k a")["Contents"]) == 1
    assert locked.client("logs").describe_log_groups()["logGroups"]
    assert locked.client("cloudformation").describe_stacks()["Stacks"]


@pytest.mark.parametrize(
    ("service", "key", "secret", "code"),
    [
        ("s3", "AKIDTEST", "wrong", "SignatureDoesNotMatch"),
        ("s3", "AKIDOTHER", "secret", "InvalidAccessKeyId"),
        ("logs", "AKIDTEST", "wrong", "InvalidSignatureException"),
        ("logs", "AKIDOTHER", "secret", "UnrecognizedClientException"),
        ("cloudformation", "AKIDTEST", "wrong", "SignatureDoesNotMatch"),
        ("cloudformation", "AKIDOTHER", "secret", "InvalidClientTokenId"),
    ],
)
def test_a_wrong_key_is_kept_out(locked: Server, service: str, key: str, secret: str, code: str) -> None:
    client = locked.client(service, secret=secret, key=key)
    calls = {
        "s3": lambda: client.put_object(Bucket="b", Key="x", Body=b"x"),
        "logs": lambda: client.describe_log_groups(),
        "cloudformation": lambda: client.describe_stacks(),
    }
    with pytest.raises(ClientError) as raised:
        calls[service]()
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unsigned_request_is_kept_out(locked: Server) -> None:
    connection = Wire(locked.port)
    connection.send(get("/b/k"))
    assert b"<Code>AccessDenied</Code>" in connection.answer()[2]
    connection.send(logs_request(b"{}"))
    assert b"MissingAuthenticationToken" in connection.answer()[2]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls(locked: Server, version: str) -> None:
    locked.client("s3").put_object(Bucket="b", Key="pre signed+ü", Body=b"presigned")
    s3 = locked.client("s3", signature_version=version)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "pre signed+ü"}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == b"presigned"
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(url.replace("pre%20signed", "other"))
    assert raised.value.code == 403
    upload = s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "up"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(upload, data=b"up", method="PUT", headers={"Content-Type": ""}))
    assert locked.client("s3").get_object(Bucket="b", Key="up")["Body"].read() == b"up"
    late = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "up"}, ExpiresIn=-5 if version == "s3" else 1)
    if version == "s3v4":
        time.sleep(2.1)  # the server runs on the machine's clock
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(late)
    assert raised.value.code == 403


def test_a_stopping_server_answers_what_has_begun(tmp_path: pathlib.Path) -> None:
    running = Server(tmp_path)
    connection = Wire(running.port)
    connection.send(put("/b/begun", b"x" * 10).removesuffix(b"x" * 5))
    time.sleep(0.2)
    stopper = threading.Thread(target=running.stop)
    stopper.start()
    time.sleep(0.3)
    connection.send(b"x" * 5)
    status, headers, _ = connection.answer()
    assert (status, headers["connection"]) == (200, "close")
    stopper.join()
