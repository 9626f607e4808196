"""SIGKILL to the server, and to the process that looks at files, in the middle of a crawl; and a crawl that is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from killable_server import BINARY, Server, kill, wait_until

OBJECTS = 600
ROWS = "".join(f"{number},some text of row {number},{number / 7}\n" for number in range(2000)).encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    started = Server(tmp_path / "data")
    yield started
    started.close()


def prepare(server: Server) -> Any:
    """A crawler whose crawl takes a while."""
    s3, glue = server.client("s3"), server.client("glue")
    s3.create_bucket(Bucket="many")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: s3.put_object(Bucket="many", Key=f"t/{number:04}.csv", Body=ROWS), range(OBJECTS)))
    targets = {"S3Targets": [{"Path": "s3://many/t/"}]}
    glue.create_crawler(Name="many", Role="role", DatabaseName="found", Targets=targets)
    glue.start_crawler(Name="many")
    return glue


def ended(glue: Any) -> dict[str, Any]:
    wait_until(lambda: glue.get_crawler(Name="many")["Crawler"]["State"] == "READY", "the crawl's end")
    return dict(glue.get_crawler(Name="many")["Crawler"]["LastCrawl"])


def test_a_killed_server_leaves_no_crawler_running(server: Server) -> None:
    prepare(server)
    wait_until(lambda: server.children(" classify "), "the process that looks at files")
    helpers = server.children(" classify ")
    server.kill()
    server.start()
    for helper in helpers:
        wait_until(lambda helper=helper: not Path(f"/proc/{helper}/exe").exists(), "the end of the helper")
    glue = server.client("glue")
    crawler = glue.get_crawler(Name="many")["Crawler"]
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "FAILED")
    assert glue.list_crawls(CrawlerName="many")["Crawls"][0]["State"] == "FAILED"
    assert glue.get_databases()["DatabaseList"] == []  # nothing was written before all was read
    glue.start_crawler(Name="many")
    assert ended(glue)["Status"] == "SUCCEEDED"
    table = glue.get_table(DatabaseName="found", Name="t")["Table"]
    assert table["Parameters"]["objectCount"] == str(OBJECTS)


def test_a_killed_helper_costs_one_object(server: Server) -> None:
    glue = prepare(server)
    helper = wait_until(lambda: server.children(" classify "), "the process that looks at files")[0]
    kill(helper)
    assert ended(glue)["Status"] == "SUCCEEDED"
    table = glue.get_table(DatabaseName="found", Name="t")["Table"]
    assert int(table["Parameters"]["objectCount"]) >= OBJECTS - 1
    events = server.client("logs").filter_log_events(logGroupName="/aws-glue/crawlers")["events"]
    errors = [event["message"] for event in events if "ERROR" in event["message"]]
    assert len(errors) <= 1 and all("s3://many/t/" in error for error in errors)


def test_a_stopped_crawl_writes_nothing(server: Server) -> None:
    glue = prepare(server)
    glue.stop_crawler(Name="many")
    last = ended(glue)
    assert last["Status"] == "CANCELLED"
    assert glue.list_crawls(CrawlerName="many")["Crawls"][0]["State"] == "STOPPED"
    assert glue.get_databases()["DatabaseList"] == []
