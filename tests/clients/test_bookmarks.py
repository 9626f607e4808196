"""Job bookmarks: a job's next run reads what is new in S3."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError
from test_orchestration import ROLE, client, wait_for

SCRIPT = """
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "BUCKET", "COMMIT"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)
paths = {"paths": [f"s3://{args['BUCKET']}/in/"]}
frame = glue.create_dynamic_frame.from_options(
    "s3", paths, format="csv", format_options={"withHeader": True}, transformation_ctx="files"
)
table = glue.create_dynamic_frame.from_catalog(args["BUCKET"].replace("-", "_"), "items", transformation_ctx="table")
plain = glue.create_dynamic_frame.from_options("s3", paths, format="csv", format_options={"withHeader": True})
print("READ", sorted(row.id for row in frame.toDF().collect()), sorted(row.id for row in table.toDF().collect()), plain.count())
if args["COMMIT"] == "yes":
    job.commit()
"""


class Pipeline:
    def __init__(self, endpoint: str) -> None:
        self.glue, self.s3, self.logs = (client(endpoint, service) for service in ("glue", "s3", "logs"))
        self.bucket = self.job = f"bookmarks-{uuid.uuid4().hex[:8]}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.s3.put_object(Bucket=self.bucket, Key="script.py", Body=SCRIPT.encode())
        database = self.bucket.replace("-", "_")
        self.glue.create_database(DatabaseInput={"Name": database})
        storage = {
            "Columns": [{"Name": "id", "Type": "string"}],
            "Location": f"s3://{self.bucket}/in/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": ","},
            },
        }
        parameters = {"classification": "csv", "skip.header.line.count": "1"}
        table = {"Name": "items", "StorageDescriptor": storage, "Parameters": parameters, "TableType": "EXTERNAL_TABLE"}
        self.glue.create_table(DatabaseName=database, TableInput=table)
        self.glue.create_job(
            Name=self.job,
            Role=ROLE,
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{self.bucket}/script.py", "PythonVersion": "3"},
            DefaultArguments={"--BUCKET": self.bucket, "--COMMIT": "yes", "--job-bookmark-option": "job-bookmark-enable"},
        )

    def put(self, name: str) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=f"in/{name}.csv", Body=f"id\n{name}\n".encode())

    def run(self, **arguments: str) -> tuple[str, str]:
        """The run's id and what it has read."""
        given = {f"--{name.replace('_', '-') if name != 'COMMIT' else name}": value for name, value in arguments.items()}
        run = self.glue.start_job_run(JobName=self.job, Arguments=given)["JobRunId"]

        def ended() -> Any:
            found = self.glue.get_job_run(JobName=self.job, RunId=run)["JobRun"]
            return found if found["JobRunState"] in ("SUCCEEDED", "FAILED", "ERROR") else None

        record = wait_for(ended)
        assert record["JobRunState"] == "SUCCEEDED", record["ErrorMessage"]
        lines = self.logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run)["events"]
        return run, next(line["message"].removeprefix("READ ") for line in lines if line["message"].startswith("READ "))


def test_a_job_reads_what_is_new(endpoint: str) -> None:
    pipeline = Pipeline(endpoint)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        pipeline.glue.get_job_bookmark(JobName=pipeline.job)
    pipeline.put("a")
    pipeline.put("b")
    # A run without a commit has read nothing, as far as the next one is concerned.
    assert pipeline.run(COMMIT="no")[1] == "['a', 'b'] ['a', 'b'] 2"
    first, read = pipeline.run()
    assert read == "['a', 'b'] ['a', 'b'] 2"
    entry = pipeline.glue.get_job_bookmark(JobName=pipeline.job)["JobBookmarkEntry"]
    assert (entry["Version"], entry["RunId"]) == (1, first)
    assert set(json.loads(entry["JobBookmark"])) == {"files", "table"}

    assert pipeline.run()[1] == "[] [] 2"
    pipeline.put("c")
    assert pipeline.run(job_bookmark_option="job-bookmark-pause")[1] == "['c'] ['c'] 3"
    assert pipeline.run(job_bookmark_option="job-bookmark-disable")[1] == "['a', 'b', 'c'] ['a', 'b', 'c'] 3"
    third, read = pipeline.run()
    assert read == "['c'] ['c'] 3"
    pipeline.put("d")
    pipeline.run()
    # Between two runs: what came after the first one's input, up to the last one's.
    between = {"job_bookmark_option": "job-bookmark-pause", "job_bookmark_from": first, "job_bookmark_to": third}
    assert pipeline.run(**between)[1] == "['c'] ['c'] 4"

    pipeline.glue.reset_job_bookmark(JobName=pipeline.job, RunId=first)
    assert pipeline.run()[1] == "['c', 'd'] ['c', 'd'] 4"
    pipeline.glue.reset_job_bookmark(JobName=pipeline.job)
    assert pipeline.run()[1] == "['a', 'b', 'c', 'd'] ['a', 'b', 'c', 'd'] 4"
    pipeline.glue.delete_job(JobName=pipeline.job)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        pipeline.glue.get_job_bookmark(JobName=pipeline.job)
