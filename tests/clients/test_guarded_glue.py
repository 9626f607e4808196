"""With keys: what crawlers, visual jobs and previews need rights for, and which refusal names the right that is missing."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import BINARY
from guarded_server import ACCOUNT, Guarded, denial_of, statement

Key = tuple[str, str]

NODES: dict[str, Any] = {
    "node-1": {
        "S3CsvSource": {
            "Name": "people",
            "Paths": ["s3://data/people/"],
            "Separator": "comma",
            "QuoteChar": "quote",
            "WithHeader": True,
            "Recurse": True,
        }
    },
    "node-2": {"S3DirectTarget": {"Name": "Out", "Inputs": ["node-1"], "Path": "s3://data/out/", "Format": "json"}},
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    s3 = server.client("s3")
    for bucket in ("data", "scripts"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="data", Key="people/a.csv", Body=b"id,name\n1,ann\n2,bob\n")
    server.client("glue").create_database(DatabaseInput={"Name": "crawled"})
    try:
        yield server
    finally:
        server.stop()


READ_DATA = statement("s3:GetObject", "arn:aws:s3:::data/*")
LIST_DATA = statement("s3:ListBucket", "arn:aws:s3:::data")


@pytest.mark.parametrize(
    ("name", "rights", "missing"),
    [
        ("cannot-list", [READ_DATA], "s3:ListBucket"),
        ("cannot-read", [LIST_DATA], "s3:GetObject"),
        ("may", [READ_DATA, LIST_DATA], ""),
    ],
)
def test_an_s3_crawl_reads_with_its_role(guarded: Guarded, name: str, rights: list[Any], missing: str) -> None:
    role = guarded.role(name, "glue.amazonaws.com", *rights, statement(["glue:*", "logs:*"]))
    glue, logs = guarded.client("glue"), guarded.client("logs")
    targets = {"S3Targets": [{"Path": "s3://data/people/"}]}
    glue.create_crawler(Name=name, Role=role, DatabaseName="crawled", TablePrefix=f"{name}_", Targets=targets)
    last = guarded.crawl(name)
    tables = [table["Name"] for table in glue.get_tables(DatabaseName="crawled", Expression=f"{name}.*")["TableList"]]
    if not missing:
        assert last["Status"] == "SUCCEEDED" and len(tables) == 1, last
        return
    lines = [each["message"] for each in logs.get_log_events(logGroupName="/aws-glue/crawlers", logStreamName=name)["events"]]
    told = "\n".join([last.get("ErrorMessage", ""), *lines])
    assert f"not authorized to perform: {missing}" in told and f"assumed-role/{name}/" in told, told
    assert tables == []


def test_a_crawl_may_write_only_what_its_role_may(guarded: Guarded) -> None:
    role = guarded.role("no-catalog", "glue.amazonaws.com", READ_DATA, LIST_DATA, statement("logs:*"))
    targets = {"S3Targets": [{"Path": "s3://data/people/"}]}
    guarded.client("glue").create_crawler(Name="no-catalog", Role=role, DatabaseName="crawled", Targets=targets)
    last = guarded.crawl("no-catalog")
    assert last["Status"] == "FAILED" and "not authorized to perform: glue:" in last["ErrorMessage"], last


def test_who_makes_a_visual_job_must_be_allowed_to_write_its_script(guarded: Guarded) -> None:
    role = guarded.role("visual", "glue.amazonaws.com", READ_DATA, LIST_DATA)
    glue_rights = statement(["glue:CreateJob", "glue:UpdateJob", "glue:GetJob"])
    pass_role = statement("iam:PassRole", role)
    write = statement("s3:PutObject", "arn:aws:s3:::scripts/mine/*")
    author = guarded.client("glue", *guarded.user("author", glue_rights, pass_role, write))
    reader = guarded.client("glue", *guarded.user("reader", glue_rights, pass_role))

    def job(location: str) -> dict[str, Any]:
        command = {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": location}
        return {"Role": role, "Command": command, "GlueVersion": "5.0", "CodeGenConfigurationNodes": NODES}

    mine, theirs = "s3://scripts/mine/a.py", "s3://scripts/theirs/a.py"
    message = denial_of(reader.create_job, Name="drawn", **job(mine))
    assert f"user/reader is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::{mine[5:]}" in message
    denial_of(author.create_job, Name="drawn", **job(theirs))
    with pytest.raises(reader.exceptions.EntityNotFoundException):
        reader.get_job(JobName="drawn")
    author.create_job(Name="drawn", **job(mine))
    s3 = guarded.client("s3")
    written = s3.get_object(Bucket="scripts", Key="mine/a.py")["Body"].read()
    assert b"s3://data/out/" in written

    for who, location in ((reader, mine), (author, theirs)):
        update = {**job(location), "Description": "changed"}
        assert "s3:PutObject" in denial_of(who.update_job, JobName="drawn", JobUpdate=update)
    kept = author.get_job(JobName="drawn")["Job"]
    assert "Description" not in kept and kept["Command"]["ScriptLocation"] == mine
    assert s3.get_object(Bucket="scripts", Key="mine/a.py")["Body"].read() == written
    author.update_job(JobName="drawn", JobUpdate={**job(mine), "Description": "changed"})
    # A job whose script is the author's own needs no right to write it.
    plain = {key: value for key, value in job(mine).items() if key != "CodeGenConfigurationNodes"}
    reader.create_job(Name="plain", **plain)


def preview(server: Guarded, key: Key | None, role: str) -> tuple[int, str]:
    body = json.dumps({"CodeGenConfigurationNodes": NODES, "GlueVersion": "5.0", "Role": role})
    request = AWSRequest(
        method="POST",
        url=f"{server.endpoint}/_mastic/glue/preview?node=node-1",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    if key is not None:
        SigV4Auth(Credentials(*key), "mastic", "us-east-1").add_auth(request)
    sent = urllib.request.Request(request.url, data=body.encode(), headers=dict(request.headers.items()), method="POST")
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_preview_needs_the_rights_of_a_run(guarded: Guarded) -> None:
    role = guarded.role("looks", "glue.amazonaws.com", READ_DATA, LIST_DATA)
    start, hand_over = statement("glue:StartJobRun"), statement("iam:PassRole", role)
    nobody = guarded.user("nobody")
    starter = guarded.user("starter", start)
    passer = guarded.user("passer", hand_over)
    both = guarded.user("both", start, hand_over)
    assert preview(guarded, None, role)[0] in (401, 403)
    for key, missing in ((nobody, "glue:StartJobRun"), (passer, "glue:StartJobRun"), (starter, "iam:PassRole")):
        status, told = preview(guarded, key, role)
        assert status == 403 and missing in told, told
    status, told = preview(guarded, both, role)
    assert status == 200 and json.loads(told)["frames"][0]["rows"] == [["1", "ann"], ["2", "bob"]], told
    assert preview(guarded, both, "")[1].count("Choose a role") == 1
    # It reads with the role's rights, not with the caller's or the operator's.
    blind = guarded.role("blind", "glue.amazonaws.com")
    seer = guarded.user("seer", start, statement("iam:PassRole", blind), READ_DATA, LIST_DATA)
    status, told = preview(guarded, seer, blind)
    assert "assumed-role/blind/GlueJobRunnerSession is not authorized to perform: s3:" in told and ACCOUNT in told
