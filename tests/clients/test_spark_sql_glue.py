"""One truth: what a job's SQL makes, Glue's API shows, and the other way round."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

BUCKET = "sql-" + uuid.uuid4().hex[:12]
DATABASE = "sql_" + uuid.uuid4().hex[:12]
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def clients(endpoint: str) -> Iterator[dict[str, Any]]:
    made = {name: boto3.client(name, endpoint_url=endpoint) for name in ("s3", "glue", "logs")}
    made["s3"].create_bucket(Bucket=BUCKET)
    yield made


def run_script(clients: dict[str, Any], script: str, lines: int) -> list[str]:
    name = "job-" + uuid.uuid4().hex[:12]
    clients["s3"].put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}.py", "PythonVersion": "3"}
    clients["glue"].create_job(Name=name, Role="role", Command=command, GlueVersion="5.0")
    run_id = clients["glue"].start_job_run(JobName=name)["JobRunId"]
    limit = time.monotonic() + PATIENCE_SECONDS
    while (record := clients["glue"].get_job_run(JobName=name, RunId=run_id)["JobRun"])["JobRunState"] in (
        "STARTING",
        "RUNNING",
    ):
        assert time.monotonic() < limit, record
        time.sleep(0.05)
    assert record["JobRunState"] == "SUCCEEDED", record
    # Lines reach the log on a way of their own: the last of them may come just after the run's end.
    while len(found := lines_of(clients, run_id)) < lines:
        assert time.monotonic() < limit, found
        time.sleep(0.02)
    return found


def lines_of(clients: dict[str, Any], run_id: str) -> list[str]:
    answer = clients["logs"].filter_log_events(logGroupName="/aws-glue/jobs/output", logStreamNamePrefix=run_id)
    return [event["message"].strip() for event in answer["events"]]


def test_sql_and_the_api_see_the_same_catalog(clients: dict[str, Any]) -> None:
    clients["glue"].create_database(DatabaseInput={"Name": DATABASE, "LocationUri": f"s3://{BUCKET}/{DATABASE}"})
    clients["s3"].put_object(Bucket=BUCKET, Key="plain/a.csv", Body=b"1;one\n2;two\n")
    clients["glue"].create_table(
        DatabaseName=DATABASE,
        TableInput={
            "Name": "plain",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "csv"},
            "StorageDescriptor": {
                "Columns": [{"Name": "k", "Type": "bigint"}, {"Name": "v", "Type": "string", "Comment": "said"}],
                "Location": f"s3://{BUCKET}/plain/",
                "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": {"field.delim": ";"},
                },
            },
        },
    )
    output = run_script(
        clients,
        f"""
from awsglue.context import GlueContext
from pyspark.context import SparkContext

spark = GlueContext(SparkContext()).spark_session
spark.sql("USE {DATABASE}")
print(sorted(tuple(row) for row in spark.sql("SELECT k, v FROM plain").collect()))
spark.sql("CREATE TABLE made (Id INT COMMENT 'number', day STRING) USING parquet PARTITIONED BY (day)"
          " TBLPROPERTIES ('owner' = 'me')")
spark.sql("INSERT INTO made VALUES (1, 'mon'), (2, 'tue')")
spark.sql("CREATE VIEW seen AS SELECT id FROM made WHERE day = 'tue'")
print(spark.table("made").columns, [tuple(row) for row in spark.sql("SELECT * FROM seen").collect()])
print([row[0] for row in spark.sql("SHOW PARTITIONS made").collect()])
""",
        lines=3,
    )
    assert output == ["[(1, 'one'), (2, 'two')]", "['Id', 'day'] [(2,)]", "['day=mon', 'day=tue']"]
    table = clients["glue"].get_table(DatabaseName=DATABASE, Name="made")["Table"]
    assert [(column["Name"], column["Type"]) for column in table["StorageDescriptor"]["Columns"]] == [("id", "int")]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["day"]
    assert table["Parameters"]["owner"] == "me" and table["Parameters"]["classification"] == "parquet"
    assert table["StorageDescriptor"]["Location"].rstrip("/") == f"s3://{BUCKET}/{DATABASE}/made"
    partitions = clients["glue"].get_partitions(DatabaseName=DATABASE, TableName="made")["Partitions"]
    assert sorted(partition["Values"] for partition in partitions) == [["mon"], ["tue"]]
    view = clients["glue"].get_table(DatabaseName=DATABASE, Name="seen")["Table"]
    assert view["TableType"] == "VIRTUAL_VIEW" and "FROM made" in view["ViewOriginalText"]
    drop = f"SparkSession.builder.getOrCreate().sql('DROP DATABASE {DATABASE} CASCADE')"
    run_script(clients, f"from pyspark.sql import SparkSession\n{drop}\n", lines=0)
    assert not clients["s3"].list_objects_v2(Bucket=BUCKET, Prefix=f"{DATABASE}/made/").get("Contents")
    with pytest.raises(clients["glue"].exceptions.EntityNotFoundException):
        clients["glue"].get_database(Name=DATABASE)
