"""The claims pipeline deployed by the unmodified CDK to a server with keys: all of it acts under the roles it deploys."""

from __future__ import annotations

import pathlib
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import BINARY, REPOSITORY
from guarded_server import ACCOUNT, ROOT, Guarded

EXAMPLE = REPOSITORY / "examples" / "claims"
sys.path.insert(0, str(EXAMPLE))
import claims  # noqa: E402
from cdk import Cdk  # noqa: E402

COUNT = 200


class App:
    """A copy of the example that a test may edit, deployed with the operator's key."""

    def __init__(self, folder: pathlib.Path, server: Guarded) -> None:
        self.folder = folder
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "cdk.out"), dirs_exist_ok=True)
        (folder / "node_modules").symlink_to(EXAMPLE / "node_modules")
        self._cdk = Cdk(server.endpoint, folder, *ROOT)
        self._cdk.run("bootstrap", f"aws://{ACCOUNT}/us-east-1")

    def deploy(self, stack: str) -> str:
        return self._cdk.run("deploy", stack, "--require-approval", "never")

    def remove(self, file: str, line: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert line in text, f"{line!r} is not in {file}"
        path.write_text(text.replace(line, ""))


@pytest.fixture
def guarded(tmp_path: pathlib.Path) -> Iterator[Guarded]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path)
    try:
        yield server
    finally:
        server.stop()


def load(dynamodb: Any, table: str, published: bool) -> int:
    """Loads claims; gives how many the report is to hold."""
    generated = list(claims.generate(COUNT))
    items = [{"PutRequest": {"Item": claims.to_item(claim, published)}} for claim in generated]
    for start in range(0, COUNT, 25):
        dynamodb.batch_write_item(RequestItems={table: items[start : start + 25]})
    return sum(float(claim["age_of_car"]) < 0.7 for claim in generated)


def rows_of_report(s3: Any, bucket: str) -> int:
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"] if each["Key"].endswith(".csv")]
    assert len(keys) == 1
    return len(s3.get_object(Bucket=bucket, Key=keys[0])["Body"].read().decode().splitlines()) - 1


SHAPES = [
    pytest.param("Claims", "claims", "claims-crawler", "claims-report", "claims-reports", False, id="plain"),
    pytest.param(
        "ClaimsAsPublished",
        "glue-etl-demo-source",
        "glue-dynamo-crawler",
        "glue-etl-demo-job",
        "glue-etl-demo-bucket",
        True,
        id="published",
    ),
]


@pytest.mark.timeout(300)  # up to four runs of the CDK
@pytest.mark.parametrize(("stack", "table", "crawler", "job", "bucket", "published"), SHAPES)
def test_the_pipeline_runs_under_the_deployed_role(
    tmp_path: pathlib.Path, guarded: Guarded, stack: str, table: str, crawler: str, job: str, bucket: str, published: bool
) -> None:
    app = App(tmp_path / "app", guarded)
    assert "✅" in app.deploy(stack)
    expected = load(guarded.client("dynamodb"), table, published)
    crawl = guarded.crawl(crawler)
    assert crawl["Status"] == "SUCCEEDED", crawl
    run = guarded.run(job)
    assert run["JobRunState"] == "SUCCEEDED", run
    assert rows_of_report(guarded.client("s3"), bucket) == expected
    if published:
        return

    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/claims-glue-role"
    app.remove("lib/claims-stack.ts", "    bucket.grantReadWrite(role);\n")
    app.deploy(stack)
    run = guarded.run(job)
    assert run["JobRunState"] == "FAILED"
    denial = (
        f"User: {session}/GlueJobRunnerSession is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::{bucket}/"
    )
    assert denial in run["ErrorMessage"]
    assert "because no identity-based policy allows the s3:PutObject action" in run["ErrorMessage"]

    app.remove("lib/claims-stack.ts", "    table.grantReadData(role);\n")
    app.deploy(stack)
    crawl = guarded.crawl(crawler)
    assert crawl["Status"] == "FAILED"
    arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"
    assert (
        f"User: {session}/AWS-Crawler is not authorized to perform: dynamodb:DescribeTable on resource: {arn}"
        in (crawl["ErrorMessage"])
    )
