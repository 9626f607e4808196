"""The AWS CLI through a whole pipeline: load, crawl, run, read the logs. (`aws s3` has its tests in test_s3.py.)"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def aws(endpoint: str, *words: str) -> Any:
    command = [sys.executable, "-m", "awscli", "--endpoint-url", endpoint, "--output", "json", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"aws {' '.join(words)}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout.strip().startswith("{") else done.stdout


def test_pipeline(endpoint: str, tmp_path: Path) -> None:
    key = ["AttributeName=id,AttributeType=S", "AttributeName=id,KeyType=HASH"]
    table = ["--table-name", "cli-cars"]
    aws(endpoint, "dynamodb", "create-table", *table, "--attribute-definitions", key[0], "--key-schema", key[1],
        "--billing-mode", "PAY_PER_REQUEST")  # fmt: skip
    puts = [{"PutRequest": {"Item": {"id": {"S": f"c{number}"}, "age": {"N": str(number)}}}} for number in range(5)]
    aws(endpoint, "dynamodb", "batch-write-item", "--request-items", json.dumps({"cli-cars": puts}))
    assert aws(endpoint, "dynamodb", "scan", *table)["Count"] == 5
    query = ["--key-condition-expression", "id = :id", "--expression-attribute-values", '{":id": {"S": "c3"}}']
    assert aws(endpoint, "dynamodb", "query", *table, *query)["Items"] == [{"id": {"S": "c3"}, "age": {"N": "3"}}]

    targets = json.dumps({"DynamoDBTargets": [{"Path": "cli-cars"}]})
    aws(endpoint, "glue", "create-crawler", "--name", "cli", "--role", "any", "--database-name", "cli", "--targets", targets)
    aws(endpoint, "glue", "start-crawler", "--name", "cli")
    while aws(endpoint, "glue", "get-crawler", "--name", "cli")["Crawler"]["State"] != "READY":
        time.sleep(0.1)
    columns = aws(endpoint, "glue", "get-table", "--database-name", "cli", "--name", "cli_cars")["Table"]["StorageDescriptor"][
        "Columns"
    ]
    assert [(column["Name"], column["Type"]) for column in columns] == [("age", "bigint"), ("id", "string")]

    script = tmp_path / "job.py"
    script.write_text(
        "from pyspark.sql import SparkSession\nprint(SparkSession.builder.getOrCreate().table('cli.cli_cars').count())\n"
    )
    aws(endpoint, "s3", "mb", "s3://cli-scripts")
    aws(endpoint, "s3", "cp", str(script), "s3://cli-scripts/job.py")
    place = "Name=glueetl,ScriptLocation=s3://cli-scripts/job.py"
    aws(endpoint, "glue", "create-job", "--name", "cli", "--role", "any", "--command", place)
    run = aws(endpoint, "glue", "start-job-run", "--job-name", "cli")["JobRunId"]
    while (state := aws(endpoint, "glue", "get-job-run", "--job-name", "cli", "--run-id", run)["JobRun"])["JobRunState"] in (
        "STARTING",
        "RUNNING",
    ):
        time.sleep(0.1)
    assert state["JobRunState"] == "SUCCEEDED", state.get("ErrorMessage")
    stream = ["--log-group-name", "/aws-glue/jobs/output", "--log-stream-name", run]
    assert [event["message"].strip() for event in aws(endpoint, "logs", "get-log-events", *stream)["events"]] == ["5"]
