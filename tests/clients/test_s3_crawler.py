"""S3 crawlers and classifiers through boto3, and jobs that read what a crawl made."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

PATIENCE_SECONDS = 60.0
CSV = b"id,name,score\n1,ada,2.5\n2,bob,4\n"
TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"


def unique(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:10]}"


class House:
    """One bucket, one database, and crawlers over them."""

    def __init__(self, endpoint: str) -> None:
        config = Config(retries={"max_attempts": 1})
        self.glue = boto3.client("glue", endpoint_url=endpoint, config=config)
        self.s3 = boto3.client("s3", endpoint_url=endpoint, config=config)
        self.logs = boto3.client("logs", endpoint_url=endpoint, config=config)
        self.bucket = unique("crawl").replace("_", "-")
        self.database = unique("crawl")
        self.s3.create_bucket(Bucket=self.bucket)
        self.crawlers: list[str] = []

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def crawler(self, *folders: str, **more: Any) -> str:
        name = unique("crawler")
        targets = [{"Path": f"s3://{self.bucket}/{folder}"} for folder in folders]
        wanted = {"Targets": {"S3Targets": targets}, "DatabaseName": self.database, "Role": "role"} | more
        self.glue.create_crawler(Name=name, **wanted)
        self.crawlers.append(name)
        return name

    def run(self, name: str) -> dict[str, Any]:
        self.glue.start_crawler(Name=name)
        limit = time.monotonic() + PATIENCE_SECONDS
        while (found := self.glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
            assert time.monotonic() < limit, found
            time.sleep(0.02)
        return dict(found["LastCrawl"])

    def crawl(self, *folders: str, **more: Any) -> str:
        name = self.crawler(*folders, **more)
        last = self.run(name)
        assert last["Status"] == "SUCCEEDED", last
        return name

    def table(self, name: str) -> dict[str, Any]:
        return dict(self.glue.get_table(DatabaseName=self.database, Name=name)["Table"])

    def tables(self, crawler: str) -> dict[str, dict[str, Any]]:
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=self.database)
        all_tables = [table for page in pages for table in page["TableList"]]
        return {table["Name"]: table for table in all_tables if table["Parameters"]["UPDATED_BY_CRAWLER"] == crawler}

    def partitions(self, table: str) -> dict[tuple[str, ...], dict[str, Any]]:
        pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=table)
        return {tuple(partition["Values"]): partition for page in pages for partition in page["Partitions"]}

    def log(self, crawler: str) -> list[str]:
        found = self.logs.get_log_events(logGroupName="/aws-glue/crawlers", logStreamName=crawler, startFromHead=True)
        return [event["message"] for event in found["events"]]


def columns(table: dict[str, Any]) -> dict[str, str]:
    return {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def house(endpoint: str) -> Iterator[House]:
    made = House(endpoint)
    yield made
    for name in made.crawlers:
        made.glue.delete_crawler(Name=name)


def arrow_table() -> pa.Table:
    return pa.table(
        {
            "Id": pa.array([1, 2], pa.int64()),
            "name": ["ada", "bob"],
            "tags": pa.array([["x"], []], pa.list_(pa.string())),
            "at": pa.array([{"x": 1, "y": 2.5}, None], pa.struct([("x", pa.int32()), ("y", pa.float64())])),
            "price": pa.array([None, None], pa.decimal128(12, 2)),
            "day": pa.array([0, 1], pa.date32()),
            "seen": pa.array([0, 1], pa.timestamp("us", tz="UTC")),
            "counts": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int32())),
        }
    )


ARROW_TYPES = {
    "id": "bigint",
    "name": "string",
    "tags": "array<string>",
    "at": "struct<x:int,y:double>",
    "price": "decimal(12,2)",
    "day": "date",
    "seen": "timestamp",
    "counts": "map<string,int>",
}


def parquet() -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(arrow_table(), buffer)
    return buffer.getvalue()


def orc(compression: str) -> bytes:
    buffer = io.BytesIO()
    pyarrow.orc.write_table(arrow_table(), buffer, compression=compression)
    return buffer.getvalue()


def test_csv_as_glue_writes_it(house: House) -> None:
    house.put("plain/people/a.csv", CSV)
    house.put("plain/people/_SUCCESS", b"")
    house.put("plain/people/empty.csv", b"")
    crawler = house.crawl("plain/people/", TablePrefix="raw_")
    table = house.tables(crawler)["raw_people"]
    assert columns(table) == {"id": "bigint", "name": "string", "score": "double"}
    storage = table["StorageDescriptor"]
    assert storage["Location"] == f"s3://{house.bucket}/plain/people/"
    assert storage["InputFormat"] == TEXT_INPUT
    assert storage["OutputFormat"] == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert storage["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    assert (storage["Compressed"], storage["NumberOfBuckets"]) == (False, -1)
    wanted = {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler,
        "areColumnsQuoted": "false",
        "averageRecordSize": str(len(CSV) // 2),
        "classification": "csv",
        "columnsOrdered": "true",
        "compressionType": "none",
        "delimiter": ",",
        "objectCount": "1",
        "recordCount": "2",
        "sizeKey": str(len(CSV)),
        "skip.header.line.count": "1",
        "typeOfData": "file",
    }
    assert table["Parameters"] == wanted == storage["Parameters"]
    assert (table["TableType"], table["Owner"], table["PartitionKeys"]) == ("EXTERNAL_TABLE", "owner", [])


def test_hive_and_positional_partitions(house: House) -> None:
    for year in ("2024", "2025"):
        house.put(f"sales/year={year}/month=01/a.csv", CSV)
    house.put("shops/eu/a.csv", CSV)
    house.put("shops/us/a.csv", CSV.replace(b"4", b"much"))
    crawler = house.crawl("sales/", "shops")
    tables = house.tables(crawler)
    assert set(tables) == {"sales", "shops"}
    assert [(key["Name"], key["Type"]) for key in tables["sales"]["PartitionKeys"]] == [("year", "string"), ("month", "string")]
    assert set(house.partitions("sales")) == {("2024", "01"), ("2025", "01")}
    assert [key["Name"] for key in tables["shops"]["PartitionKeys"]] == ["partition_0"]
    shops = house.partitions("shops")
    # A partition has its own schema; the table's holds both.
    assert columns(shops[("eu",)])["score"] == "double" and columns(shops[("us",)])["score"] == "string"
    assert columns(tables["shops"])["score"] == "string"
    assert shops[("eu",)]["StorageDescriptor"]["Location"] == f"s3://{house.bucket}/shops/eu/"
    assert shops[("eu",)]["Parameters"]["recordCount"] == "2"
    assert tables["shops"]["Parameters"]["objectCount"] == "2"
    crawls = house.glue.list_crawls(CrawlerName=crawler)["Crawls"]
    summary = json.loads(crawls[0]["Summary"])
    assert summary["TABLE"]["ADD"]["Count"] == 2 and summary["PARTITION"]["ADD"]["Count"] == 4
    assert crawls[0]["State"] == "COMPLETED"


def test_folders_that_differ_are_tables(house: House) -> None:
    house.put("mixed/People Data/a.csv", CSV)
    house.put("mixed/docs/a.json", b'{"a":1,"b":{"c":[1.5]}}\n{"a":2,"new":"x"}\n')
    house.put("mixed/loose/a.csv", CSV)
    house.put("mixed/loose/b.json", b'{"a":1}')
    crawler = house.crawl("mixed/", TablePrefix="m_")
    tables = house.tables(crawler)
    assert set(tables) == {"m_people_data", "m_docs", "m_a_csv", "m_b_json"}
    docs = tables["m_docs"]
    assert columns(docs) == {"a": "int", "b": "struct<c:array<double>>", "new": "string"}
    assert docs["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"paths": "a,b,new"},
    }
    assert tables["m_a_csv"]["StorageDescriptor"]["Location"].endswith("/mixed/loose/a.csv")
    # A second folder of the same name is told apart by a suffix.
    house.put("other/docs/a.json", b'{"z":1}')
    other = house.tables(house.crawl("other/docs/", TablePrefix="m_"))
    assert len(other) == 1 and next(iter(other)).startswith("m_docs_")


@pytest.mark.parametrize("compression", ["gzip", "bzip2", "zstd", "snappy"])
def test_compressed_text(house: House, compression: str) -> None:
    codecs: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "bzip2": bz2.compress,
        "zstd": lambda body: bytes(pa.compress(body, codec="zstd", asbytes=True)),
        "snappy": hadoop_snappy,
    }
    house.put(f"packed/{compression}/a.csv.{compression}", codecs[compression](CSV * 1))
    table = house.tables(house.crawl(f"packed/{compression}/"))[compression]
    assert columns(table) == {"id": "bigint", "name": "string", "score": "double"}
    assert table["Parameters"]["compressionType"] == compression
    assert table["StorageDescriptor"]["Compressed"] is True


def hadoop_snappy(body: bytes) -> bytes:
    packed = pa.compress(body, codec="snappy", asbytes=True)
    return len(body).to_bytes(4, "big") + len(packed).to_bytes(4, "big") + bytes(packed)


def test_parquet_and_orc(house: House) -> None:
    house.put("columnar/parquet/a.parquet", parquet())
    for codec in ("uncompressed", "zlib", "snappy", "lz4", "zstd"):
        house.put(f"columnar/orc/codec={codec}/a.orc", orc(codec))
    crawler = house.crawl("columnar/parquet/", "columnar/orc/")
    assert not [line for line in house.log(crawler) if "ERROR" in line]
    tables = house.tables(crawler)
    assert columns(tables["parquet"]) == ARROW_TYPES
    assert columns(tables["orc"]) == ARROW_TYPES
    assert tables["parquet"]["Parameters"]["recordCount"] == "2"
    assert tables["orc"]["Parameters"]["recordCount"] == "10"
    serde = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    assert tables["parquet"]["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == serde
    assert tables["orc"]["StorageDescriptor"]["InputFormat"] == "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat"


def test_avro(house: House) -> None:
    schema = {
        "type": "record",
        "name": "R",
        "fields": [
            {"name": "Id", "type": "long"},
            {"name": "name", "type": ["null", "string"]},
            {"name": "day", "type": {"type": "int", "logicalType": "date"}},
            {"name": "more", "type": {"type": "array", "items": {"type": "map", "values": "double"}}},
        ],
    }
    text = json.dumps(schema).encode()

    def number(value: int) -> bytes:
        value = value << 1
        out = b""
        while value >= 0x80:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    sync = b"S" * 16
    body = b"".join([number(1), b"\x02", number(1) + b"a", number(3), number(0)]) * 2
    header = b"Obj\x01" + number(1) + number(11) + b"avro.schema" + number(len(text)) + text + b"\x00" + sync
    house.put("avro/a.avro", header + number(2) + number(len(body)) + body + sync)
    table = house.tables(house.crawl("avro/"))["avro"]
    assert columns(table) == {"id": "bigint", "name": "string", "day": "date", "more": "array<map<string,double>>"}
    assert json.loads(table["Parameters"]["avro.schema.literal"]) == schema
    assert table["Parameters"]["recordCount"] == "2"


def test_an_unreadable_object_is_named_and_the_crawl_goes_on(house: House) -> None:
    house.put("broken/a.csv", CSV)
    house.put("broken/b.parquet", parquet()[:200])
    house.put("broken/c.csv.gz", gzip.compress(CSV)[:-9])
    house.put("broken/d.bin", bytes(range(256)))
    house.put("broken/e.ion", b"\xe0\x01\x00\xea\x21\x05")
    crawler = house.crawl("broken/")
    assert set(house.tables(crawler)) == {"broken"}
    errors = [line for line in house.log(crawler) if "ERROR" in line]
    for key in ("b.parquet", "c.csv.gz", "d.bin", "e.ion"):
        assert [line for line in errors if f"s3://{house.bucket}/broken/{key}" in line], key
    assert len(errors) == 4


def test_exclusions_samples_and_single_objects(house: House) -> None:
    house.put("left/a.csv", CSV)
    house.put("left/tmp/b.json", b'{"a":1}')
    house.put("left/old.csv.bak", b"nothing of the kind")
    target = {"Path": f"s3://{house.bucket}/left/", "Exclusions": ["tmp/**", "*.bak"]}
    crawler = house.crawl(Targets={"S3Targets": [target]})
    assert set(house.tables(crawler)) == {"left"}
    assert house.tables(crawler)["left"]["Parameters"]["objectCount"] == "1"

    for number in range(5):
        house.put(f"sampled/{number}.csv", CSV if number < 2 else b"\x00\x01 not read")
    sampled: dict[str, Any] = {"Path": f"s3://{house.bucket}/sampled/", "SampleSize": 2}
    crawler = house.crawl(Targets={"S3Targets": [sampled]})
    assert house.tables(crawler)["sampled"]["Parameters"]["objectCount"] == "5"
    assert not [line for line in house.log(crawler) if "ERROR" in line]

    single = house.crawl("left/a.csv", TablePrefix="one_")
    assert house.tables(single)["one_a_csv"]["StorageDescriptor"]["Location"] == f"s3://{house.bucket}/left/a.csv"


def test_policies_on_change(house: House) -> None:
    house.put("change/p=1/a.csv", CSV)
    house.put("change/p=2/a.csv", CSV)
    crawler = house.crawl("change/")
    first = house.table("change")["VersionId"]
    assert house.run(crawler)["Status"] == "SUCCEEDED"
    assert house.table("change")["VersionId"] == first  # nothing changed

    house.put("change/p=3/a.csv", b"id,name,score,new\n1,ada,2.5,true\n")
    house.s3.delete_object(Bucket=house.bucket, Key="change/p=1/a.csv")
    house.glue.update_crawler(Name=crawler, SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"})
    house.run(crawler)
    assert "new" not in columns(house.table("change"))
    assert set(house.partitions("change")) == {("1",), ("2",), ("3",)}  # new partitions are made regardless

    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"}
    house.glue.update_crawler(Name=crawler, SchemaChangePolicy=policy)
    house.run(crawler)
    assert columns(house.table("change"))["new"] == "boolean"
    assert "DEPRECATED_BY_CRAWLER" in house.partitions("change")[("1",)]["Parameters"]

    policy["DeleteBehavior"] = "DELETE_FROM_DATABASE"
    house.glue.update_crawler(Name=crawler, SchemaChangePolicy=policy)
    house.run(crawler)
    assert set(house.partitions("change")) == {("2",), ("3",)}
    for number in (2, 3):
        house.s3.delete_object(Bucket=house.bucket, Key=f"change/p={number}/a.csv")
    house.run(crawler)
    assert house.tables(crawler) == {}


def edited(house: House, name: str, changes: dict[str, str]) -> None:
    """Changes the types of columns by hand."""
    table = house.table(name)
    kept = ("Name", "Owner", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters", "Retention")
    for column in table["StorageDescriptor"]["Columns"]:
        column["Type"] = changes.get(column["Name"], column["Type"])
        column["Comment"] = "by hand"
    house.glue.update_table(DatabaseName=house.database, TableInput={key: table[key] for key in kept if key in table})


def test_a_schema_edited_by_hand(house: House) -> None:
    house.put("edited/p=1/a.csv", CSV)
    configuration = {
        "Version": 1.0,
        "CrawlerOutput": {
            "Tables": {"AddOrUpdateBehavior": "MergeNewColumns"},
            "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
        },
    }
    crawler = house.crawl("edited/", Configuration=json.dumps(configuration))
    edited(house, "edited", {"id": "string"})
    house.put("edited/p=2/a.csv", b"id,name,score,new\n1,ada,2.5,true\n")
    house.run(crawler)
    assert columns(house.table("edited")) == {"id": "string", "name": "string", "score": "double", "new": "boolean"}
    for partition in house.partitions("edited").values():
        assert columns(partition) == columns(house.table("edited"))
    assert house.table("edited")["StorageDescriptor"]["Columns"][0]["Comment"] == "by hand"

    # Without the configuration the crawler's schema counts; comments stay.
    house.glue.update_crawler(Name=crawler, Configuration="")
    house.run(crawler)
    assert columns(house.table("edited"))["id"] == "bigint"
    assert house.table("edited")["StorageDescriptor"]["Columns"][0]["Comment"] == "by hand"


def test_grouping(house: House) -> None:
    house.put("grouped/a/1.csv", CSV)
    house.put("grouped/b/1.csv", b"plate,maker\n7,x\n8,y\n")
    crawler = house.crawl("grouped/")
    assert set(house.tables(crawler)) == {"a", "b"}
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}
    combine = {"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}
    house.glue.update_crawler(Name=crawler, Configuration=json.dumps(combine), SchemaChangePolicy=policy)
    house.run(crawler)
    assert set(house.tables(crawler)) == {"grouped"}
    level = {"Version": 1.0, "Grouping": {"TableLevelConfiguration": 3}}
    house.glue.update_crawler(Name=crawler, Configuration=json.dumps(level))
    house.run(crawler)
    assert set(house.tables(crawler)) == {"a", "b"}
    threshold = {"Version": 1.0, "CrawlerOutput": {"Tables": {"TableThreshold": 1}}}
    house.glue.update_crawler(Name=crawler, Configuration=json.dumps(threshold))
    last = house.run(crawler)
    assert last["Status"] == "FAILED" and "threshold" in last["ErrorMessage"]


def test_new_folders_only(house: House) -> None:
    house.put("growing/day=1/a.csv", CSV)
    refused = refusal(
        house.crawler, RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}, **s3_target(house, "growing/")
    )
    assert refused[0] == "InvalidInputException" and "LOG" in refused[1]
    crawler = house.crawl(
        "growing/",
        RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
    )
    assert set(house.partitions("growing")) == {("1",)}
    house.put("growing/day=1/b.csv", b"\x00\x01 never looked at")
    house.put("growing/day=2/a.csv", CSV)
    house.run(crawler)
    assert set(house.partitions("growing")) == {("1",), ("2",)}
    assert not [line for line in house.log(crawler) if "ERROR" in line]
    house.s3.delete_object(Bucket=house.bucket, Key="growing/day=2/a.csv")
    house.run(crawler)
    assert set(house.partitions("growing")) == {("1",), ("2",)}
    code, message = refusal(
        house.crawler, RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVENT_MODE"}, **s3_target(house, "growing/")
    )
    assert code == "InvalidInputException" and "CRAWL_EVENT_MODE" in message


def test_a_partition_index_is_made(house: House) -> None:
    def configuration(wanted: bool) -> str:
        return json.dumps({"Version": 1.0, "CreatePartitionIndex": wanted})

    for day in ("2024-01-01", "2024-01-02"):
        for region in ("north", "south"):
            house.put(f"indexed/day={day}/region={region}/a.csv", CSV)
    house.put("flat/a.csv", CSV)
    crawler = house.crawl("indexed/", "flat/", Configuration=configuration(True))

    def indexes(table: str) -> list[dict[str, Any]]:
        found = house.glue.get_partition_indexes(DatabaseName=house.database, TableName=table)
        return list(found["PartitionIndexDescriptorList"])

    (index,) = indexes("indexed")
    assert (index["IndexName"], index["IndexStatus"]) == ("crawler_partition_index", "ACTIVE")
    assert [key["Name"] for key in index["Keys"]] == ["day", "region"]
    assert indexes("flat") == []
    pages = house.glue.get_paginator("get_partitions").paginate(
        DatabaseName=house.database, TableName="indexed", Expression="day = '2024-01-02' AND region > 'n'"
    )
    found = {tuple(each["Values"]) for page in pages for each in page["Partitions"]}
    assert found == {("2024-01-02", "north"), ("2024-01-02", "south")}
    # Another crawl leaves it as it is; so does one that asks for none. What it finds is in the index.
    house.put("indexed/day=2024-01-03/region=north/a.csv", CSV)
    assert house.run(crawler)["Status"] == "SUCCEEDED"
    house.glue.update_crawler(Name=crawler, Configuration=configuration(False))
    assert house.run(crawler)["Status"] == "SUCCEEDED"
    assert len(indexes("indexed")) == 1
    expression = "day = '2024-01-03'"
    more = house.glue.get_partitions(DatabaseName=house.database, TableName="indexed", Expression=expression)["Partitions"]
    assert [each["Values"] for each in more] == [["2024-01-03", "north"]]
    # A crawler that starts to ask for one makes it for a table that is there.
    house.put("late/day=1/a.csv", CSV)
    late = house.crawl("late/")
    assert indexes("late") == []
    house.glue.update_crawler(Name=late, Configuration=configuration(True))
    assert house.run(late)["Status"] == "SUCCEEDED"
    assert [each["IndexName"] for each in indexes("late")] == ["crawler_partition_index"]
    wrong = refusal(house.crawler, Configuration=configuration("yes"), **s3_target(house, "late/"))  # type: ignore[arg-type]
    assert wrong[0] == "InvalidInputException" and "CreatePartitionIndex" in wrong[1]


def s3_target(house: House, folder: str) -> dict[str, Any]:
    return {"Targets": {"S3Targets": [{"Path": f"s3://{house.bucket}/{folder}"}]}}


def test_catalog_targets(house: House) -> None:
    house.put("kept/p=1/a.csv", CSV)
    house.crawl("kept/")
    house.put("kept/p=2/a.csv", b"id,name,score,new\n1,ada,2.5,true\n")
    targets = {"CatalogTargets": [{"DatabaseName": house.database, "Tables": ["kept"]}]}
    assert "DeleteBehavior" in refusal(house.crawler, Targets=targets)[1]
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
    crawler = house.crawl(Targets=targets, SchemaChangePolicy=policy)
    assert columns(house.table("kept"))["new"] == "boolean"
    assert set(house.partitions("kept")) == {("1",), ("2",)}
    assert set(house.tables(crawler)) == {"kept"}


def test_targets_that_are_not_read_are_refused_by_name(house: House) -> None:
    for targets, word in (
        ({"JdbcTargets": [{"ConnectionName": "c", "Path": "db/%"}]}, "JDBC"),
        ({"MongoDBTargets": [{"ConnectionName": "c", "Path": "db/%"}]}, "MongoDB"),
        ({"DeltaTargets": [{"DeltaTables": ["s3://b/d/"]}]}, "Delta"),
        ({"IcebergTargets": [{"Paths": ["s3://b/d/"]}]}, "Iceberg"),
        ({"HudiTargets": [{"Paths": ["s3://b/d/"]}]}, "Hudi"),
        ({"S3Targets": [{"Path": "s3://b/", "EventQueueArn": "arn:aws:sqs:us-east-1:000000000000:q"}]}, "EventQueueArn"),
    ):
        code, message = refusal(house.crawler, Targets=targets)
        assert code == "InvalidInputException" and word in message
    assert "SampleSize" in refusal(house.crawler, Targets={"S3Targets": [{"Path": "s3://b/", "SampleSize": 250}]})[1]
    assert refusal(house.crawler, Classifiers=["nobody"], **s3_target(house, "x/"))[0] == "EntityNotFoundException"
    last = house.run(house.crawler(Targets={"S3Targets": [{"Path": "s3://no-such-bucket-here/"}]}))
    assert last["Status"] == "FAILED" and "no-such-bucket-here" in last["ErrorMessage"]


def test_classifiers(house: House) -> None:
    glue = house.glue
    grok, xml, path, csv = (unique(kind) for kind in ("grok", "xml", "json", "csv"))
    pattern = "^%{IP:client} %{WORD:verb} %{INT:ms:int} %{KIND:kind}$"
    glue.create_classifier(
        GrokClassifier={
            "Name": grok,
            "Classification": "visits",
            "GrokPattern": pattern,
            "CustomPatterns": "KIND (?:hit|miss)",
        }
    )
    glue.create_classifier(XMLClassifier={"Name": xml, "Classification": "books", "RowTag": "book"})
    glue.create_classifier(JsonClassifier={"Name": path, "JsonPath": "$.rows[*]"})
    glue.create_classifier(
        CsvClassifier={"Name": csv, "Delimiter": "~", "ContainsHeader": "ABSENT", "Header": ["K", "V"], "QuoteSymbol": "'"}
    )
    found = glue.get_classifier(Name=grok)["Classifier"]["GrokClassifier"]
    assert (found["Version"], found["GrokPattern"], found["Classification"]) == (1, pattern, "visits")
    assert refusal(glue.create_classifier, JsonClassifier={"Name": path, "JsonPath": "$"})[0] == "AlreadyExistsException"
    assert refusal(glue.create_classifier)[0] == "InvalidInputException"
    wrong = {"Name": "w", "Classification": "c", "GrokPattern": "%{NOBODY:x}"}
    assert "NOBODY" in refusal(glue.create_classifier, GrokClassifier=wrong)[1]
    glue.update_classifier(CsvClassifier={"Name": csv, "Header": ["Key", "Value"]})
    assert glue.get_classifier(Name=csv)["Classifier"]["CsvClassifier"]["Version"] == 2
    assert refusal(glue.update_classifier, CsvClassifier={"Name": grok})[0] == "InvalidInputException"
    assert refusal(glue.update_classifier, CsvClassifier={"Name": "nobody"})[0] == "EntityNotFoundException"
    names = [next(iter(each.values()))["Name"] for each in glue.get_classifiers()["Classifiers"]]
    assert {grok, xml, path, csv} <= set(names)

    house.put("custom/visits/a.log", b"10.0.0.1 GET 12 hit\n10.0.0.2 PUT 7 miss\n")
    house.put("custom/books/a.xml", b'<l><book id="1"><title>T</title></book><book id="2"><title>U</title></book></l>')
    house.put("custom/rows/a.json", b'{"rows":[{"a":1},{"a":2}]}')
    house.put("custom/pairs/a.txt", b"1~'x~y'\n2~'z'\n")
    crawler = house.crawl("custom/", Classifiers=[grok, xml, path, csv], TablePrefix="c_")
    tables = house.tables(crawler)
    assert {name: columns(table) for name, table in tables.items()} == {
        "c_visits": {"client": "string", "verb": "string", "ms": "int", "kind": "string"},
        "c_books": {"_id": "bigint", "title": "string"},
        "c_rows": {"a": "int"},
        "c_pairs": {"key": "bigint", "value": "string"},
    }
    visits = tables["c_visits"]
    assert visits["Parameters"]["classification"] == "visits"
    assert visits["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == "com.amazonaws.glue.serde.GrokSerDe"
    assert visits["StorageDescriptor"]["SerdeInfo"]["Parameters"]["input.format"] == pattern
    assert tables["c_books"]["Parameters"]["rowTag"] == "book"
    assert tables["c_pairs"]["StorageDescriptor"]["SerdeInfo"]["Parameters"]["quoteChar"] == "'"
    for name in (grok, xml, path, csv):
        glue.delete_classifier(Name=name)
    assert refusal(glue.delete_classifier, Name=grok)[0] == "EntityNotFoundException"
    assert refusal(glue.get_classifier, Name=grok)[0] == "EntityNotFoundException"
    assert house.run(crawler)["Status"] == "FAILED"  # its classifiers are gone


def test_history_metrics_and_schedules(house: House) -> None:
    house.put("watched/a.csv", CSV)
    crawler = house.crawler("watched/", Tags={"team": "a"})
    glue = house.glue
    assert refusal(glue.stop_crawler, Name=crawler)[0] == "CrawlerNotRunningException"
    assert refusal(glue.start_crawler_schedule, CrawlerName=crawler)[0] == "NoScheduleException"
    assert refusal(glue.stop_crawler_schedule, CrawlerName=crawler)[0] == "SchedulerNotRunningException"
    glue.update_crawler_schedule(CrawlerName=crawler, Schedule="cron(15 12 * * ? *)")
    assert refusal(glue.start_crawler_schedule, CrawlerName=crawler)[0] == "SchedulerRunningException"
    for _ in range(2):
        house.run(crawler)
    crawls = glue.list_crawls(CrawlerName=crawler, MaxResults=1)
    assert len(crawls["Crawls"]) == 1 and "NextToken" in crawls
    done = [{"FieldName": "STATE", "FilterOperator": "EQ", "FieldValue": "COMPLETED"}]
    assert len(glue.list_crawls(CrawlerName=crawler, Filters=done)["Crawls"]) == 2
    metrics = glue.get_crawler_metrics(CrawlerNameList=[crawler])["CrawlerMetricsList"][0]
    assert (metrics["TablesCreated"], metrics["StillEstimating"]) == (1, False)
    found = glue.batch_get_crawlers(CrawlerNames=[crawler, "nobody"])
    assert [each["Name"] for each in found["Crawlers"]] == [crawler] and found["CrawlersNotFound"] == ["nobody"]
    assert glue.list_crawlers(Tags={"team": "a"})["CrawlerNames"] == [crawler]


SCRIPT = """
import json, sys
from awsglue.context import GlueContext
from pyspark.context import SparkContext
glue = GlueContext(SparkContext.getOrCreate())
spark = glue.spark_session
database, *tables = {arguments!r}
for table in tables:
    rows = [
        row.asDict(recursive=True) for row in spark.table(f"{{database}}.{{table}}").collect()]
    dynamic = glue.create_dynamic_frame.from_catalog(database=database, table_name=table)
    print(json.dumps([table, rows, dynamic.count()], default=str, sort_keys=True))
"""


def test_jobs_read_what_crawls_made(house: House) -> None:
    house.put("read/csv/y=1/a.csv.gz", gzip.compress(CSV))
    house.put("read/csv/y=2/a.csv.gz", gzip.compress(CSV))
    house.put("read/headless/a.csv", b"1;x\n2;y\n")
    house.put("read/json/a.json", b'{"Id":1,"at":{"x":[1,2]}}\n{"Id":2,"name":"bob"}\n')
    house.put("read/pretty/a.json", b'{\n "a": 1\n}\n{\n "a": 2\n}\n')
    house.put("read/parquet/k=1/a.parquet", parquet())
    house.put("read/orc/a.orc", orc("zlib"))
    crawler = house.crawl(
        "read/csv/", "read/headless/", "read/json/", "read/pretty/", "read/parquet/", "read/orc/", TablePrefix="r_"
    )
    tables = sorted(house.tables(crawler))
    assert len(tables) == 6, tables
    script = SCRIPT.format(arguments=(house.database, *tables))
    house.put("jobs/read.py", script.encode())
    name = unique("job")
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{house.bucket}/jobs/read.py", "PythonVersion": "3"}
    house.glue.create_job(Name=name, Role="role", Command=command, GlueVersion="5.0")
    run_id = house.glue.start_job_run(JobName=name)["JobRunId"]
    limit = time.monotonic() + PATIENCE_SECONDS
    while (run := house.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"])["JobRunState"] in ("STARTING", "RUNNING"):
        assert time.monotonic() < limit, run
        time.sleep(0.05)
    assert run["JobRunState"] == "SUCCEEDED", run
    lines: list[Any] = []
    while len(lines) < len(tables):
        assert time.monotonic() < limit, lines
        answer = house.logs.filter_log_events(logGroupName="/aws-glue/jobs/output", logStreamNamePrefix=run_id)
        lines = [json.loads(event["message"]) for event in answer["events"] if event["message"].startswith("[")]
    rows = {table: (found, count) for table, found, count in lines}
    assert [row["name"] for row in rows["r_json"][0]] == [None, "bob"]
    assert [row["id"] for row in rows["r_json"][0]] == [1, 2] and rows["r_json"][1] == 2
    assert rows["r_json"][0][0]["at"] == {"x": [1, 2]}
    assert sorted((row["id"], row["score"], row["y"]) for row in rows["r_csv"][0]) == [
        (1, 2.5, "1"),
        (1, 2.5, "2"),
        (2, 4.0, "1"),
        (2, 4.0, "2"),
    ]
    assert rows["r_csv"][1] == 4
    assert rows["r_headless"][0] == [{"col0": 1, "col1": "x"}, {"col0": 2, "col1": "y"}]
    assert rows["r_pretty"][0] == [{"a": 1}, {"a": 2}] and rows["r_pretty"][1] == 2
    for columnar in ("r_parquet", "r_orc"):
        assert [row["id"] for row in rows[columnar][0]] == [1, 2] and rows[columnar][1] == 2
        assert rows[columnar][0][0]["tags"] == ["x"] and rows[columnar][0][0]["at"] == {"x": 1, "y": 2.5}
    house.glue.delete_job(JobName=name)
