"""Glue's data catalog and crawlers through boto3. The fixture `endpoint` is the address of a running server."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError


def make_client(service: str, endpoint: str) -> Any:
    return boto3.client(service, endpoint_url=endpoint, region_name="eu-west-1", config=Config(retries={"max_attempts": 1}))


@pytest.fixture(scope="module")
def glue(endpoint: str) -> Any:
    return make_client("glue", endpoint)


@pytest.fixture(scope="module")
def dynamodb(endpoint: str) -> Any:
    return make_client("dynamodb", endpoint)


@pytest.fixture
def database(glue: Any) -> Iterator[str]:
    name = f"db_{uuid.uuid4().hex[:12]}"
    glue.create_database(DatabaseInput={"Name": name.upper(), "Description": "of a test"})
    yield name
    glue.delete_database(Name=name)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and message of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def table_input(name: str, *partition_keys: tuple[str, str]) -> dict[str, Any]:
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "csv"},
        "StorageDescriptor": {
            "Columns": [{"Name": "policy_id", "Type": "string", "Comment": "its id"}],
            "Location": "s3://bucket/claims/",
            "SerdeInfo": {"SerializationLibrary": "org.example.Serde", "Parameters": {"field.delim": ","}},
        },
        "PartitionKeys": [{"Name": key, "Type": type_} for key, type_ in partition_keys],
    }


def test_databases(glue: Any, database: str) -> None:
    found = glue.get_database(Name=database)["Database"]
    assert found["Name"] == database
    assert found["Description"] == "of a test"
    assert found["CatalogId"] == "000000000000"
    assert found["CreateTime"]
    assert refusal(glue.create_database, DatabaseInput={"Name": database}) == (
        "AlreadyExistsException",
        "Database already exists.",
    )
    glue.update_database(Name=database, DatabaseInput={"Name": database, "Parameters": {"a": "b"}})
    assert glue.get_database(Name=database)["Database"]["Parameters"] == {"a": "b"}
    assert refusal(glue.get_database, Name="nowhere") == ("EntityNotFoundException", "Database nowhere not found.")
    pages = glue.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 1})
    assert database in [entry["Name"] for page in pages for entry in page["DatabaseList"]]


def test_tables_and_versions(glue: Any, database: str) -> None:
    glue.create_table(DatabaseName=database, TableInput=table_input("Claims"))
    found = glue.get_table(DatabaseName=database, Name="CLAIMS")["Table"]
    assert found["Name"] == "claims"
    assert found["VersionId"] == "0"
    assert found["PartitionKeys"] == []
    assert found["StorageDescriptor"] == table_input("x")["StorageDescriptor"]
    assert refusal(glue.create_table, DatabaseName=database, TableInput=table_input("claims"))[0] == "AlreadyExistsException"
    assert refusal(glue.get_table, DatabaseName=database, Name="other") == (
        "EntityNotFoundException",
        "Table other not found.",
    )

    glue.update_table(DatabaseName=database, TableInput=table_input("claims") | {"Description": "second"})
    glue.update_table(DatabaseName=database, TableInput=table_input("claims"), SkipArchive=True)
    versions = glue.get_table_versions(DatabaseName=database, TableName="claims")["TableVersions"]
    assert [version["VersionId"] for version in versions] == ["2", "0"]
    assert glue.get_table_version(DatabaseName=database, TableName="claims", VersionId="0")["TableVersion"]["VersionId"] == "0"
    stale = refusal(glue.update_table, DatabaseName=database, TableInput=table_input("claims"), VersionId="1")
    assert stale[0] == "ConcurrentModificationException"
    glue.delete_table_version(DatabaseName=database, TableName="claims", VersionId="0")

    for name in ("claims_2023", "claims_2024", "policies"):
        glue.create_table(DatabaseName=database, TableInput=table_input(name))
    named = glue.get_tables(DatabaseName=database, Expression="claims_*")["TableList"]
    assert [table["Name"] for table in named] == ["claims_2023", "claims_2024"]
    pages = glue.get_paginator("get_tables").paginate(DatabaseName=database, PaginationConfig={"PageSize": 3})
    assert [len(page["TableList"]) for page in pages] == [3, 1]
    errors = glue.batch_delete_table(DatabaseName=database, TablesToDelete=["policies", "gone"])["Errors"]
    assert [error["TableName"] for error in errors] == ["gone"]
    assert errors[0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"


def test_partitions(glue: Any, database: str) -> None:
    glue.create_table(DatabaseName=database, TableInput=table_input("claims", ("year", "int"), ("region", "string")))
    where = {"DatabaseName": database, "TableName": "claims"}
    values = [[str(year), region] for year in (999, 2023, 2024) for region in ("eu", "us")]
    answer = glue.batch_create_partition(**where, PartitionInputList=[{"Values": value} for value in values])
    assert "Errors" not in answer or not answer["Errors"]
    assert refusal(glue.create_partition, **where, PartitionInput={"Values": ["2024", "eu"]})[0] == "AlreadyExistsException"
    assert refusal(glue.create_partition, **where, PartitionInput={"Values": ["2024"]})[0] == "InvalidInputException"

    def chosen(expression: str, **more: Any) -> list[list[str]]:
        pages = glue.get_paginator("get_partitions").paginate(
            **where, Expression=expression, PaginationConfig={"PageSize": 2}, **more
        )
        return [partition["Values"] for page in pages for partition in page["Partitions"]]

    assert chosen("year >= 2024") == [["2024", "eu"], ["2024", "us"]]
    assert chosen("year < 2023 and region in ('eu', 'asia')") == [["999", "eu"]]
    assert chosen("region not like 'u%' AND (year BETWEEN 2000 AND 2023)") == [["2023", "eu"]]
    assert refusal(glue.get_partitions, **where, Expression="month = 1")[0] == "InvalidInputException"
    segments = [chosen("", Segment={"SegmentNumber": number, "TotalSegments": 3}) for number in range(3)]
    assert sorted(value for segment in segments for value in segment) == sorted(values)

    glue.update_partition(**where, PartitionValueList=["999", "eu"], PartitionInput={"Values": ["1999", "eu"]})
    found = glue.batch_get_partition(**where, PartitionsToGet=[{"Values": ["1999", "eu"]}, {"Values": ["999", "eu"]}])
    assert [partition["Values"] for partition in found["Partitions"]] == [["1999", "eu"]]
    glue.delete_partition(**where, PartitionValues=["1999", "eu"])
    assert refusal(glue.get_partition, **where, PartitionValues=["1999", "eu"])[0] == "EntityNotFoundException"


def test_functions(glue: Any, database: str) -> None:
    glue.create_user_defined_function(
        DatabaseName=database, FunctionInput={"FunctionName": "Clean", "ClassName": "x.Clean", "OwnerType": "USER"}
    )
    found = glue.get_user_defined_functions(DatabaseName=database, Pattern="*")["UserDefinedFunctions"]
    assert [function["FunctionName"] for function in found] == ["clean"]
    glue.delete_user_defined_function(DatabaseName=database, FunctionName="clean")


def test_partition_indexes(glue: Any, database: str) -> None:
    glue.create_table(
        DatabaseName=database,
        TableInput=table_input("claims", ("year", "int"), ("region", "string")),
        PartitionIndexes=[{"IndexName": "by_year", "Keys": ["year"]}],
    )
    at = {"DatabaseName": database, "TableName": "claims"}
    entries = [{"Values": [str(year), region]} for year in range(1990, 2030) for region in ("eu", "us")]
    glue.batch_create_partition(PartitionInputList=entries, **at)
    glue.create_partition_index(PartitionIndex={"IndexName": "by_region", "Keys": ["region", "year"]}, **at)
    indexes = {each["IndexName"]: each for each in glue.get_partition_indexes(**at)["PartitionIndexDescriptorList"]}
    assert indexes["by_region"]["Keys"] == [{"Name": "region", "Type": "string"}, {"Name": "year", "Type": "int"}]
    assert {each["IndexStatus"] for each in indexes.values()} == {"ACTIVE"}
    found = glue.get_partitions(Expression="region = 'us' AND year > 2027", **at)["Partitions"]
    assert [each["Values"] for each in found] == [["2028", "us"], ["2029", "us"]]
    code, _ = refusal(glue.create_partition_index, PartitionIndex={"IndexName": "x", "Keys": ["policy_id"]}, **at)
    assert code == "InvalidInputException"
    glue.delete_partition_index(IndexName="by_year", **at)
    code, message = refusal(glue.delete_partition_index, IndexName="by_year", **at)
    assert code == "EntityNotFoundException" and "by_year" in message


def test_column_statistics(glue: Any, database: str) -> None:
    glue.create_table(DatabaseName=database, TableInput=table_input("claims", ("year", "int")))
    at = {"DatabaseName": database, "TableName": "claims"}
    glue.create_partition(PartitionInput={"Values": ["2024"]}, **at)
    figures = {"MaximumLength": 9, "AverageLength": 4.5, "NumberOfNulls": 2, "NumberOfDistinctValues": 100}
    statistics = {
        "ColumnName": "policy_id",
        "ColumnType": "string",
        "AnalyzedTime": 1_700_000_000,
        "StatisticsData": {"Type": "STRING", "StringColumnStatisticsData": figures},
    }
    unknown = {**statistics, "ColumnName": "unknown"}
    answer = glue.update_column_statistics_for_table(ColumnStatisticsList=[statistics, unknown], **at)
    assert [each["ColumnStatistics"]["ColumnName"] for each in answer["Errors"]] == ["unknown"]
    answer = glue.get_column_statistics_for_table(ColumnNames=["policy_id", "year"], **at)
    assert answer["ColumnStatisticsList"][0]["StatisticsData"]["StringColumnStatisticsData"] == figures
    assert answer["Errors"][0]["Error"]["ErrorCode"] == "EntityNotFoundException"
    of_partition = {"PartitionValues": ["2024"], **at}
    glue.update_column_statistics_for_partition(ColumnStatisticsList=[statistics], **of_partition)
    found = glue.get_column_statistics_for_partition(ColumnNames=["policy_id"], **of_partition)
    assert len(found["ColumnStatisticsList"]) == 1
    glue.delete_column_statistics_for_partition(ColumnName="policy_id", **of_partition)
    glue.delete_column_statistics_for_table(ColumnName="policy_id", **at)
    assert refusal(glue.delete_column_statistics_for_table, ColumnName="policy_id", **at)[0] == "EntityNotFoundException"


def test_a_statistics_task_computes_them(glue: Any, endpoint: str, database: str) -> None:
    s3 = make_client("s3", endpoint)
    bucket = f"statistics-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="claims/1.csv", Body=b"a,1,0.5,true\nbbb,5,,false\na,-2,1.5,true\n")
    columns = [("name", "string"), ("number", "int"), ("share", "double"), ("paid", "boolean")]
    described = table_input("claims")
    described["StorageDescriptor"] |= {
        "Columns": [{"Name": name, "Type": kind} for name, kind in columns],
        "Location": f"s3://{bucket}/claims/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": ","},
        },
    }
    glue.create_table(DatabaseName=database, TableInput=described)
    at = {"DatabaseName": database, "TableName": "claims"}
    code, _ = refusal(glue.start_column_statistics_task_run, Role="role", ColumnNameList=["none"], **at)
    assert code == "EntityNotFoundException"
    assert refusal(glue.stop_column_statistics_task_run, **at)[0] == "ColumnStatisticsTaskNotRunningException"
    task = glue.start_column_statistics_task_run(Role="role", **at)["ColumnStatisticsTaskRunId"]
    deadline = time.monotonic() + 60
    while True:
        run = glue.get_column_statistics_task_run(ColumnStatisticsTaskRunId=task)["ColumnStatisticsTaskRun"]
        if run["Status"] not in ("STARTING", "RUNNING"):
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert run["Status"] == "SUCCEEDED", run["ErrorMessage"]
    assert run["ColumnNameList"] == ["name", "number", "share", "paid"] and run["EndTime"] >= run["StartTime"]
    runs = glue.get_column_statistics_task_runs(**at)["ColumnStatisticsTaskRuns"]
    assert [each["ColumnStatisticsTaskRunId"] for each in runs] == [task]
    assert task in glue.list_column_statistics_task_runs()["ColumnStatisticsTaskRunIds"]
    found = glue.get_column_statistics_for_table(ColumnNames=[name for name, _ in columns], **at)
    data = {each["ColumnName"]: each["StatisticsData"] for each in found["ColumnStatisticsList"]}
    lengths = {"MaximumLength": 3, "AverageLength": 5 / 3, "NumberOfNulls": 0, "NumberOfDistinctValues": 2}
    assert data["name"]["StringColumnStatisticsData"] == pytest.approx(lengths)
    numbers = {"MinimumValue": -2, "MaximumValue": 5, "NumberOfNulls": 0, "NumberOfDistinctValues": 3}
    assert data["number"]["LongColumnStatisticsData"] == numbers
    shares = {"MinimumValue": 0.5, "MaximumValue": 1.5, "NumberOfNulls": 1, "NumberOfDistinctValues": 2}
    assert data["share"]["DoubleColumnStatisticsData"] == shares
    assert data["paid"]["BooleanColumnStatisticsData"] == {"NumberOfTrues": 2, "NumberOfFalses": 1, "NumberOfNulls": 0}


def test_search_tables(glue: Any, database: str) -> None:
    for number, name in enumerate(("customer_link", "xx-link-yy", "xxlinkyy")):
        described = {**table_input(name), "Description": f"the {number}. table"}
        glue.create_table(DatabaseName=database, TableInput=described)
    ours = {"Key": "DatabaseName", "Value": database}

    def search(**arguments: Any) -> list[str]:
        filters = [ours, *arguments.pop("Filters", [])]
        pages = glue.get_paginator("search_tables").paginate if glue.can_paginate("search_tables") else None
        if pages is None:
            return [each["Name"] for each in glue.search_tables(Filters=filters, **arguments)["TableList"]]
        return [each["Name"] for page in pages(Filters=filters, **arguments) for each in page["TableList"]]

    assert search(Filters=[{"Key": "Name", "Value": "link"}]) == ["xx-link-yy"]
    assert search(SearchText="2") == ["xxlinkyy"]
    assert search(SearchText='"the 0. table"') == ["customer_link"]
    assert search(Filters=[{"Key": "classification", "Value": "csv"}]) == ["customer_link", "xx-link-yy", "xxlinkyy"]
    later = {"Key": "UpdateTime", "Value": "2000-01-01 00:00:00", "Comparator": "GREATER_THAN"}
    assert search(Filters=[later], SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}])[0] == "xxlinkyy"
    first = glue.search_tables(Filters=[ours], MaxResults=2)
    rest = glue.search_tables(Filters=[ours], MaxResults=2, NextToken=first["NextToken"])
    assert [each["Name"] for each in rest["TableList"]] == ["xxlinkyy"] and "NextToken" not in rest
    code, message = refusal(glue.search_tables, Filters=[{"Key": "Name", "Value": "x", "Comparator": "LESS_THAN"}])
    assert code == "InvalidInputException" and "LESS_THAN" in message


def test_the_accounts_catalog(glue: Any, database: str) -> None:
    own = glue.get_catalog(CatalogId="000000000000")["Catalog"]
    assert own["ResourceArn"] == "arn:aws:glue:eu-west-1:000000000000:catalog"
    assert glue.get_catalogs()["CatalogList"] == []
    assert glue.get_catalogs(IncludeRoot=True)["CatalogList"] == [own]
    assert refusal(glue.create_catalog, Name="other", CatalogInput={})[1].endswith("CreateCatalog")
    glue.create_table(DatabaseName=database, TableInput=table_input("claims", ("year", "int")))
    asked = {"CatalogId": "000000000000", "DatabaseName": database, "SupportedPermissionTypes": ["COLUMN_PERMISSION"]}
    table = glue.get_unfiltered_table_metadata(Name="claims", **asked)
    assert table["AuthorizedColumns"] == ["policy_id", "year"] and table["IsRegisteredWithLakeFormation"] is False
    glue.create_partition(DatabaseName=database, TableName="claims", PartitionInput={"Values": ["2024"]})
    partition = glue.get_unfiltered_partition_metadata(TableName="claims", PartitionValues=["2024"], **asked)
    assert partition["Partition"]["Values"] == ["2024"]
    found = glue.get_unfiltered_partitions_metadata(TableName="claims", Expression="year > 2023", **asked)
    assert len(found["UnfilteredPartitions"]) == 1


def test_what_is_not_acted_on_is_refused_by_name(glue: Any, database: str) -> None:
    code, message = refusal(glue.get_table, DatabaseName=database, Name="x", TransactionId="1")
    assert code == "InvalidInputException" and "TransactionId" in message
    code, message = refusal(glue.get_tables, CatalogId="123456789012", DatabaseName=database)
    assert code == "EntityNotFoundException" and "123456789012" in message


@pytest.fixture
def claims(dynamodb: Any) -> Iterator[str]:
    name = f"Claims.{uuid.uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "policy_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "policy_id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    items: list[dict[str, Any]] = [
        {"age_of_car": {"N": "1"}, "is_claim": {"N": "0"}, "mixed": {"S": "x"}, "tags": {"SS": ["a", "b"]}},
        {"age_of_car": {"N": "0.05"}, "is_claim": {"N": "1"}, "mixed": {"N": "7"}, "car": {"M": {"make": {"N": "1"}}}},
    ]
    for number, item in enumerate(items):
        dynamodb.put_item(TableName=name, Item={"policy_id": {"S": f"ID{number}"}} | item)
    yield name
    dynamodb.delete_table(TableName=name)


def wait_until_ready(glue: Any, crawler: str) -> dict[str, Any]:
    for _ in range(300):
        found: dict[str, Any] = glue.get_crawler(Name=crawler)["Crawler"]
        if found["State"] == "READY":
            return found
        time.sleep(0.05)
    raise AssertionError(f"{crawler} does not become READY")


def test_a_crawl_writes_the_catalog(glue: Any, claims: str) -> None:
    name = f"crawler-{uuid.uuid4().hex[:12]}"
    database = f"made_{uuid.uuid4().hex[:12]}"
    glue.create_crawler(
        Name=name,
        Role="arn:aws:iam::000000000000:role/x",
        DatabaseName=database,
        TablePrefix="demo-",
        Targets={"DynamoDBTargets": [{"Path": claims}]},
        Tags={"team": "claims"},
    )
    definition = glue.get_crawler(Name=name)["Crawler"]
    assert definition["State"] == "READY"
    assert definition["SchemaChangePolicy"] == {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    }
    assert name in glue.list_crawlers(Tags={"team": "claims"})["CrawlerNames"]
    assert name not in glue.list_crawlers(Tags={"team": "others"})["CrawlerNames"]

    glue.start_crawler(Name=name)
    last = wait_until_ready(glue, name)["LastCrawl"]
    assert last["Status"] == "SUCCEEDED"
    table = glue.get_table(DatabaseName=database, Name="demo-" + claims.lower().replace(".", "_"))["Table"]
    columns = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    assert columns == {
        "age_of_car": "double",
        "car": "struct<make:bigint>",
        "is_claim": "bigint",
        "mixed": "uniontype<string,bigint>",
        "policy_id": "string",
        "tags": "array<string>",
    }
    assert table["StorageDescriptor"]["Location"] == f"arn:aws:dynamodb:eu-west-1:000000000000:table/{claims}"
    assert table["Parameters"]["classification"] == "dynamodb"
    assert table["Parameters"]["recordCount"] == "2"
    assert table["Parameters"]["UPDATED_BY_CRAWLER"] == name

    glue.start_crawler(Name=name)
    wait_until_ready(glue, name)
    assert glue.get_table(DatabaseName=database, Name=table["Name"])["Table"]["VersionId"] == "0"
    crawls = glue.list_crawls(CrawlerName=name)["Crawls"]
    assert [crawl["State"] for crawl in crawls] == ["COMPLETED", "COMPLETED"]
    assert glue.get_crawler_metrics(CrawlerNameList=[name])["CrawlerMetricsList"][0]["TablesCreated"] == 1
    glue.delete_crawler(Name=name)
    assert refusal(glue.get_crawler, Name=name) == (
        "EntityNotFoundException",
        f"Crawler entry with name {name} does not exist",
    )
    glue.delete_database(Name=database)


def test_a_crawl_that_cannot_be_done_says_what(glue: Any) -> None:
    name = f"crawler-{uuid.uuid4().hex[:12]}"
    glue.create_crawler(Name=name, Role="x", DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://bucket/x"}]})
    glue.start_crawler(Name=name)
    last = wait_until_ready(glue, name)["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert "The specified bucket does not exist: bucket" in last["ErrorMessage"]
    glue.update_crawler(Name=name, Targets={"DynamoDBTargets": [{"Path": "nowhere"}], "S3Targets": []})
    glue.start_crawler(Name=name)
    assert "nowhere" in wait_until_ready(glue, name)["LastCrawl"]["ErrorMessage"]
    assert refusal(glue.stop_crawler, Name=name)[0] == "CrawlerNotRunningException"
    code, message = refusal(glue.update_crawler, Name=name, Schedule="every hour")
    assert code == "InvalidInputException" and "schedule" in message
    glue.delete_crawler(Name=name)


def test_tags(glue: Any, database: str) -> None:
    arn = f"arn:aws:glue:eu-west-1:000000000000:database/{database}"
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"a": "1", "b": "2"})
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["a"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"b": "2"}
    assert refusal(glue.get_tags, ResourceArn=arn + "x")[0] == "EntityNotFoundException"
