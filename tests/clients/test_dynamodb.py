"""DynamoDB through boto3. The fixture `endpoint` is the address of a running server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

Item = dict[str, Any]


@pytest.fixture(scope="module")
def client(endpoint: str) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}, max_pool_connections=32),
    )


@pytest.fixture
def make_table(client: Any) -> Iterator[Callable[..., str]]:
    """Creates tables with a string partition key `pk` and, unless told otherwise, a number sort key `sk`."""
    names: list[str] = []

    def make(sort: str | None = "N", **more: Any) -> str:
        name = f"t-{uuid.uuid4().hex[:12]}"
        attributes = [{"AttributeName": "pk", "AttributeType": "S"}]
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
        if sort:
            attributes.append({"AttributeName": "sk", "AttributeType": sort})
            keys.append({"AttributeName": "sk", "KeyType": "RANGE"})
        attributes += more.pop("attributes", [])
        client.create_table(
            TableName=name,
            AttributeDefinitions=attributes,
            KeySchema=keys,
            **({"BillingMode": "PAY_PER_REQUEST"} | more),
        )
        client.get_waiter("table_exists").wait(TableName=name)
        names.append(name)
        return name

    yield make
    for name in names:
        client.delete_table(TableName=name)


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and message of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return error["Code"], error["Message"]


def keyed(pk: str, sk: int, **more: Any) -> Item:
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}} | more


def everything(call: Callable[..., Any], **arguments: Any) -> list[Item]:
    items: list[Item] = []
    while True:
        page = call(**arguments)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


# Tables


def test_table_life(client: Any) -> None:
    name = f"life-{uuid.uuid4().hex[:8]}"
    created = client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        Tags=[{"Key": "team", "Value": "data"}],
    )["TableDescription"]
    assert created["TableArn"] == f"arn:aws:dynamodb:eu-central-1:000000000000:table/{name}"
    client.get_waiter("table_exists").wait(TableName=name)
    client.put_item(TableName=name, Item={"id": {"S": "ab"}, "n": {"N": "100"}})
    table = client.describe_table(TableName=name)["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 6
    assert (table["ItemCount"], table["TableSizeBytes"]) == (1, 7)
    assert name in client.list_tables()["TableNames"]
    arn = table["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "1"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "cost", "Value": "1"}]
    assert client.get_item(TableName=arn, Key={"id": {"S": "ab"}})["Item"]["n"] == {"N": "100"}
    code, message = refusal(
        client.create_table,
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert (code, message) == ("ResourceInUseException", f"Table already exists: {name}")
    assert client.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    client.get_waiter("table_not_exists").wait(TableName=name)
    assert refusal(client.describe_table, TableName=name) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Table: {name} not found",
    )
    assert refusal(client.put_item, TableName=name, Item={"id": {"S": "a"}}) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )


def test_table_settings(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    client.update_table(TableName=name, DeletionProtectionEnabled=True)
    assert refusal(client.delete_table, TableName=name)[0] == "ValidationException"
    client.update_table(
        TableName=name,
        BillingMode="PROVISIONED",
        ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
        DeletionProtectionEnabled=False,
    )
    table = client.describe_table(TableName=name)["Table"]
    assert table["DeletionProtectionEnabled"] is False
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}
    wanted = {"Enabled": True, "AttributeName": "expires"}
    assert client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)["TimeToLiveSpecification"] == wanted
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "expires",
    }
    assert refusal(client.update_time_to_live, TableName=name, TimeToLiveSpecification=wanted) == (
        "ValidationException",
        "TimeToLive is already enabled",
    )
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    off = {"PointInTimeRecoveryEnabled": False}
    client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=off)
    on = {"PointInTimeRecoveryEnabled": True}
    refused = refusal(client.update_continuous_backups, TableName=name, PointInTimeRecoverySpecification=on)
    assert "PointInTimeRecoveryEnabled" in refused[1]
    assert refusal(client.describe_continuous_backups, TableName="no-such")[0] == "TableNotFoundException"


def test_list_tables_pages(client: Any, make_table: Callable[..., str]) -> None:
    names = {make_table(sort=None) for _ in range(3)}
    found: list[str] = []
    for page in client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2}):
        assert len(page["TableNames"]) <= 2
        found += page["TableNames"]
    assert found == sorted(found)
    assert names <= set(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"BillingMode": "PROVISIONED"},
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when "
            "BillingMode is PROVISIONED",
        ),
        (
            {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
            "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
            "BillingMode is PAY_PER_REQUEST",
        ),
        (
            {"KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}]},
            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [other], AttributeDefinitions: [id]",
        ),
        (
            {"KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}]},
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            {
                "AttributeDefinitions": [
                    {"AttributeName": "id", "AttributeType": "S"},
                    {"AttributeName": "more", "AttributeType": "S"},
                ]
            },
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of "
            "attributes defined in AttributeDefinitions",
        ),
    ],
)
def test_create_table_refusals(client: Any, change: Item, message: str) -> None:
    request = {
        "TableName": f"bad-{uuid.uuid4().hex[:8]}",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    } | change
    assert refusal(client.create_table, **request) == ("ValidationException", message)


def test_unimplemented_is_named(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    with pytest.raises(ClientError) as caught:
        client.create_backup(TableName=name, BackupName="backup")
    assert "CreateBackup" in caught.value.response["Error"]["Message"]
    assert 400 <= caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


# Items


def test_all_kinds_come_back(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    item = keyed(
        "all",
        1,
        s={"S": 'quote " back \\ tab \t nul \x00 ümläut 🐬'},
        n={"N": "-12345678901234567890.123456789012345678"},
        b={"B": bytes(range(256))},
        t={"BOOL": True},
        f={"BOOL": False},
        nothing={"NULL": True},
        ss={"SS": ["a", "b"]},
        ns={"NS": ["1", "2.5"]},
        bs={"BS": [b"\x00", b"\xff"]},
        l={"L": [{"S": "x"}, {"L": []}, {"M": {}}]},
        m={"M": {"inner": {"M": {"deep": {"N": "0"}}}}},
        empty={"S": ""},
    )
    client.put_item(TableName=name, Item=item)
    assert client.get_item(TableName=name, Key=keyed("all", 1), ConsistentRead=True)["Item"] == item
    assert client.scan(TableName=name)["Items"] == [item]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1e3", "1000"), ("-0.0", "0"), ("0012.50", "12.5"), ("1E-5", "0.00001"), ("9.99e125", "999" + "0" * 123)],
)
def test_numbers_are_normalised(client: Any, make_table: Callable[..., str], given: str, kept: str) -> None:
    name = make_table()
    client.put_item(TableName=name, Item=keyed("n", 1, n={"N": given}))
    assert client.get_item(TableName=name, Key=keyed("n", 1))["Item"]["n"] == {"N": kept}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"N": "abc"}, "The parameter cannot be converted to a numeric value: abc"),
        ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
        ({"N": "1e126"}, "Number overflow. Attempting to store a number with magnitude larger than supported range"),
        ({"N": "1e-131"}, "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
        ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
        ({"SS": ["a", "a"]}, "One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
        ({"NULL": False}, "One or more parameter values were invalid: Null attribute value types must have the value of true"),
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        ({"S": "x" * (400 * 1024)}, "Item size has exceeded the maximum allowed size"),
    ],
)
def test_value_refusals(client: Any, make_table: Callable[..., str], value: Item, message: str) -> None:
    assert refusal(client.put_item, TableName=make_table(), Item=keyed("a", 1, v=value)) == ("ValidationException", message)


def test_key_refusals(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    schema = "The provided key element does not match the schema"
    assert refusal(client.get_item, TableName=name, Key={"pk": {"S": "a"}})[1] == schema
    assert refusal(client.get_item, TableName=name, Key={"pk": {"S": "a"}, "sk": {"S": "1"}})[1] == schema
    assert refusal(client.delete_item, TableName=name, Key=keyed("a", 1, x={"S": "1"}))[1] == schema
    prefix = "One or more parameter values were invalid: "
    assert refusal(client.put_item, TableName=name, Item={"pk": {"S": "a"}})[1] == prefix + "Missing the key sk in the item"
    assert (
        refusal(client.put_item, TableName=name, Item={"pk": {"N": "1"}, "sk": {"N": "1"}})[1]
        == prefix + "Type mismatch for key pk expected: S actual: N"
    )
    assert (
        refusal(client.put_item, TableName=name, Item=keyed("", 1))[1]
        == "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string "
        "value. Key: pk"
    )
    assert (
        refusal(client.put_item, TableName=name, Item=keyed("x" * 2049, 1))[1]
        == prefix + "Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )


def test_put_conditions_and_return_values(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    condition = "attribute_not_exists(pk)"
    client.put_item(TableName=name, Item=keyed("a", 1, v={"N": "1"}), ConditionExpression=condition)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(
            TableName=name,
            Item=keyed("a", 1),
            ConditionExpression=condition,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert caught.value.response["Error"]["Message"] == "The conditional request failed"
    assert caught.value.response["Item"] == keyed("a", 1, v={"N": "1"})
    answer = client.put_item(TableName=name, Item=keyed("a", 1, v={"N": "2"}), ReturnValues="ALL_OLD")
    assert answer["Attributes"] == keyed("a", 1, v={"N": "1"})
    assert refusal(client.put_item, TableName=name, Item=keyed("a", 1), ReturnValues="ALL_NEW")[1] == (
        "ReturnValues can only be ALL_OLD or NONE"
    )
    answer = client.delete_item(TableName=name, Key=keyed("a", 1), ReturnValues="ALL_OLD", ReturnConsumedCapacity="TOTAL")
    assert answer["Attributes"] == keyed("a", 1, v={"N": "2"})
    assert answer["ConsumedCapacity"] == {"TableName": name, "CapacityUnits": 1.0}
    assert "Attributes" not in client.delete_item(TableName=name, Key=keyed("a", 1), ReturnValues="ALL_OLD")


def test_update_item(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()

    def update(expression: str, returned: str = "ALL_NEW", **values: Any) -> Item:
        more = {"ExpressionAttributeValues": {f":{key}": value for key, value in values.items()}} if values else {}
        answer: Item = client.update_item(
            TableName=name, Key=keyed("u", 1), UpdateExpression=expression, ReturnValues=returned, **more
        )
        attributes: Item = answer.get("Attributes", {})
        return attributes

    assert update("SET a = :a, c = :m", a={"N": "1"}, m={"M": {"x": {"N": "1"}}}) == keyed(
        "u", 1, a={"N": "1"}, c={"M": {"x": {"N": "1"}}}
    )
    assert update("SET a = a + :a", "UPDATED_NEW", a={"N": "0.1"}) == {"a": {"N": "1.1"}}
    assert update("SET c.x = :a", "UPDATED_OLD", a={"N": "2"}) == {"c": {"M": {"x": {"N": "1"}}}}
    assert update("ADD tags :t REMOVE c", "ALL_OLD", t={"SS": ["p", "q"]})["c"] == {"M": {"x": {"N": "2"}}}
    assert update("DELETE tags :t", t={"SS": ["p"]})["tags"] == {"SS": ["q"]}
    assert update("SET l = list_append(if_not_exists(l, :e), :n)", e={"L": []}, n={"L": [{"N": "1"}]})["l"] == {
        "L": [{"N": "1"}]
    }
    arguments = {"TableName": name, "Key": keyed("u", 1), "ExpressionAttributeValues": {":v": {"S": "x"}}}
    assert refusal(client.update_item, UpdateExpression="SET pk = :v", **arguments)[1] == (
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
    )
    assert refusal(client.update_item, UpdateExpression="SET nope.x = :v", **arguments)[1] == (
        "The document path provided in the update expression is invalid for update"
    )
    assert refusal(client.update_item, UpdateExpression="SET a = a + :v", **arguments)[1].startswith(
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"
    )
    code, _ = refusal(client.update_item, UpdateExpression="SET a = :v", ConditionExpression="a = :v", **arguments)
    assert code == "ConditionalCheckFailedException"
    # An update of what is not there creates it, with nothing but a key when nothing is said.
    client.update_item(TableName=name, Key=keyed("new", 1))
    assert client.get_item(TableName=name, Key=keyed("new", 1))["Item"] == keyed("new", 1)


def test_counters_lose_nothing(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()

    def increment(_: int) -> None:
        client.update_item(
            TableName=name,
            Key=keyed("c", 1),
            UpdateExpression="ADD hits :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(increment, range(200)))
    assert client.get_item(TableName=name, Key=keyed("c", 1))["Item"]["hits"] == {"N": "200"}


def test_projection_and_expression_refusals(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    client.put_item(TableName=name, Item=keyed("a", 1, m={"M": {"x": {"N": "1"}, "y": {"N": "2"}}}, name={"S": "n"}))
    key = keyed("a", 1)
    got = client.get_item(TableName=name, Key=key, ProjectionExpression="m.x, #n", ExpressionAttributeNames={"#n": "name"})[
        "Item"
    ]
    assert got == {"m": {"M": {"x": {"N": "1"}}}, "name": {"S": "n"}}
    assert refusal(client.get_item, TableName=name, Key=key, ProjectionExpression="name")[1] == (
        "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name"
    )
    assert refusal(client.get_item, TableName=name, Key=key, ExpressionAttributeNames={"#n": "n"})[1] == (
        "ExpressionAttributeNames can only be specified when using expressions"
    )
    assert refusal(client.get_item, TableName=name, Key=key, ProjectionExpression="m", ExpressionAttributeNames={"#n": "n"})[
        1
    ] == ("Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}")
    assert refusal(client.scan, TableName=name, FilterExpression="m = :x")[1] == (
        "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: :x"
    )
    assert refusal(client.scan, TableName=name, FilterExpression="m = :x", ExpressionAttributeValues={":x": {"N": "z"}})[1] == (
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: z for key :x"
    )
    assert refusal(client.scan, TableName=name, FilterExpression="m =")[1] == (
        'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="'
    )


# Batches


def test_batch_write_and_get(client: Any, make_table: Callable[..., str]) -> None:
    name, other = make_table(), make_table(sort=None)
    puts = [{"PutRequest": {"Item": keyed("b", i, v={"S": "x" * 100})}} for i in range(24)]
    answer = client.batch_write_item(RequestItems={name: puts, other: [{"PutRequest": {"Item": {"pk": {"S": "o"}}}}]})
    assert answer["UnprocessedItems"] == {}
    answer = client.batch_get_item(
        RequestItems={
            name: {"Keys": [keyed("b", i) for i in range(30)], "ProjectionExpression": "sk"},
            other: {"Keys": [{"pk": {"S": "o"}}]},
        }
    )
    assert sorted(int(item["sk"]["N"]) for item in answer["Responses"][name]) == list(range(24))
    assert answer["Responses"][other] == [{"pk": {"S": "o"}}]
    assert answer["UnprocessedKeys"] == {}
    client.batch_write_item(RequestItems={name: [{"DeleteRequest": {"Key": keyed("b", i)}} for i in range(20)]})
    assert client.scan(TableName=name, Select="COUNT")["Count"] == 4

    twice = [{"PutRequest": {"Item": keyed("b", 1)}}, {"DeleteRequest": {"Key": keyed("b", 1)}}]
    duplicates = "Provided list of item keys contains duplicates"
    assert refusal(client.batch_write_item, RequestItems={name: twice})[1] == duplicates
    assert refusal(client.batch_get_item, RequestItems={name: {"Keys": [keyed("b", 1), keyed("b", 1)]}})[1] == duplicates
    too_many = [{"PutRequest": {"Item": keyed("b", i)}} for i in range(26)]
    assert refusal(client.batch_write_item, RequestItems={name: too_many})[0] == "ValidationException"
    # One wrong item, and nothing of the batch is there.
    wrong = [{"PutRequest": {"Item": keyed("w", 1)}}, {"PutRequest": {"Item": {"pk": {"S": "w"}}}}]
    assert refusal(client.batch_write_item, RequestItems={name: wrong})[0] == "ValidationException"
    assert "Item" not in client.get_item(TableName=name, Key=keyed("w", 1))


def test_transactions(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    client.put_item(TableName=name, Item=keyed("t", 1, v={"N": "1"}))
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": name, "Item": keyed("t", 2)}},
            {
                "Update": {
                    "TableName": name,
                    "Key": keyed("t", 1),
                    "UpdateExpression": "SET v = v + :n",
                    "ExpressionAttributeValues": {":n": {"N": "5"}},
                }
            },
        ]
    )
    answer = client.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": keyed("t", i)}} for i in (1, 2, 3)])
    assert answer["Responses"] == [{"Item": keyed("t", 1, v={"N": "6"})}, {"Item": keyed("t", 2)}, {}]
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(
            TransactItems=[
                {"Delete": {"TableName": name, "Key": keyed("t", 1)}},
                {
                    "ConditionCheck": {
                        "TableName": name,
                        "Key": keyed("t", 2),
                        "ConditionExpression": "attribute_exists(nope)",
                    }
                },
            ]
        )
    reasons = caught.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert caught.value.response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]"
    )
    assert "Item" in client.get_item(TableName=name, Key=keyed("t", 1))


def test_transactions_happen_once_for_a_token(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()

    def add(amount: str, token: str) -> None:
        update = {
            "TableName": name,
            "Key": keyed("once", 1),
            "UpdateExpression": "ADD v :n",
            "ExpressionAttributeValues": {":n": {"N": amount}},
        }
        client.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken=token)

    token = uuid.uuid4().hex
    add("1", token)
    add("1", token)
    add("1", uuid.uuid4().hex)
    assert client.get_item(TableName=name, Key=keyed("once", 1))["Item"]["v"] == {"N": "2"}
    with pytest.raises(client.exceptions.IdempotentParameterMismatchException):
        add("2", token)


# Query and Scan


@pytest.fixture
def ordered(client: Any, make_table: Callable[..., str]) -> str:
    name = make_table()
    for partition in ("a", "b"):
        for sort in (-10, -1.5, 0, 0.5, 2, 10, 100):
            client.put_item(
                TableName=name, Item={"pk": {"S": partition}, "sk": {"N": str(sort)}, "odd": {"BOOL": sort % 2 == 1}}
            )
    return name


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ("", {}, "-10 -1.5 0 0.5 2 10 100"),
        (" AND sk = :x", {":x": "2"}, "2"),
        (" AND sk < :x", {":x": "0"}, "-10 -1.5"),
        (" AND sk <= :x", {":x": "0"}, "-10 -1.5 0"),
        (" AND sk > :x", {":x": "0"}, "0.5 2 10 100"),
        (" AND sk >= :x", {":x": "2.0"}, "2 10 100"),
        (" AND sk BETWEEN :x AND :y", {":x": "-1.5", ":y": "2"}, "-1.5 0 0.5 2"),
    ],
)
def test_query_ranges(client: Any, ordered: str, condition: str, values: dict[str, str], expected: str) -> None:
    arguments = {
        "TableName": ordered,
        "KeyConditionExpression": "pk = :p" + condition,
        "ExpressionAttributeValues": {":p": {"S": "a"}} | {key: {"N": value} for key, value in values.items()},
    }
    got = [item["sk"]["N"] for item in client.query(**arguments)["Items"]]
    assert got == expected.split()
    backward = [item["sk"]["N"] for item in client.query(ScanIndexForward=False, **arguments)["Items"]]
    assert backward == got[::-1]
    paged = [item["sk"]["N"] for item in everything(client.query, Limit=2, ScanIndexForward=False, **arguments)]
    assert paged == backward


def test_query_filters_and_counts(client: Any, ordered: str) -> None:
    arguments: Item = {
        "TableName": ordered,
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "a"}},
    }
    counted = client.query(Select="COUNT", **arguments)
    assert (counted["Count"], counted["ScannedCount"], "Items" in counted) == (7, 7, False)
    page = client.query(Limit=3, ReturnConsumedCapacity="TOTAL", **arguments)
    assert page["LastEvaluatedKey"] == {"pk": {"S": "a"}, "sk": {"N": "0"}}
    assert page["ConsumedCapacity"]["CapacityUnits"] == 0.5
    arguments["ExpressionAttributeValues"] = {":p": {"S": "a"}, ":f": {"BOOL": False}}
    filtered = client.query(FilterExpression="odd = :f", **arguments)
    assert (filtered["Count"], filtered["ScannedCount"]) == (7, 7)
    refused = refusal(client.query, FilterExpression="sk = :f", **arguments)
    assert refused[1] == "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"


def test_query_by_prefix(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table(sort="S")
    for sort in ("a", "ab", "abc", "b", "a\u00ff", "aB"):
        client.put_item(TableName=name, Item={"pk": {"S": "p"}, "sk": {"S": sort}})
    found = client.query(
        TableName=name,
        KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
        ExpressionAttributeValues={":p": {"S": "p"}, ":s": {"S": "ab"}},
    )
    assert [item["sk"]["S"] for item in found["Items"]] == ["ab", "abc"]


def test_scan_segments_and_pages(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table(sort=None)
    items = [{"pk": {"S": f"item-{i}"}, "v": {"S": "x" * 3000}} for i in range(900)]
    for start in range(0, len(items), 25):
        client.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]})
    first = client.scan(TableName=name)
    assert len(first["Items"]) == 348  # as many of 3012 bytes as fit into 1 MB
    assert "LastEvaluatedKey" in first
    whole = everything(client.scan, TableName=name)
    assert sorted(item["pk"]["S"] for item in whole) == sorted(item["pk"]["S"] for item in items)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda i: everything(client.scan, TableName=name, Segment=i, TotalSegments=8), range(8)))
    assert sum(len(part) for part in parts) == 900
    assert all(len(part) > 50 for part in parts)
    # The order of a scan is that of its segments.
    assert [item["pk"] for part in parts for item in part] == [item["pk"] for item in whole]
    assert client.describe_table(TableName=name)["Table"]["ItemCount"] == 900
    assert refusal(client.scan, TableName=name, Segment=3, TotalSegments=2)[1] == (
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than "
        "TotalSegments: 2"
    )


def test_scan_filter(client: Any, ordered: str) -> None:
    found = client.scan(
        TableName=ordered,
        FilterExpression="sk > :n AND pk IN (:a, :b) AND NOT contains(pk, :b)",
        ExpressionAttributeValues={":n": {"N": "1"}, ":a": {"S": "a"}, ":b": {"S": "b"}},
        ProjectionExpression="sk",
    )
    assert sorted(Decimal(item["sk"]["N"]) for item in found["Items"]) == [2, 10, 100]
    assert found["ScannedCount"] == 14


# Secondary indexes

GLOBAL_INDEXES = [
    {
        "IndexName": "by-city",
        "KeySchema": [{"AttributeName": "city", "KeyType": "HASH"}, {"AttributeName": "age", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"},
    },
    {
        "IndexName": "by-age",
        "KeySchema": [{"AttributeName": "age", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["name"]},
    },
]
LOCAL_INDEXES = [
    {
        "IndexName": "local",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "age", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    },
]
INDEX_ATTRIBUTES = [{"AttributeName": "city", "AttributeType": "S"}, {"AttributeName": "age", "AttributeType": "N"}]


def person(sk: int, city: str, age: int) -> Item:
    return keyed("p", sk, city={"S": city}, age={"N": str(age)}, name={"S": f"n{sk}"}, note={"S": "secret"})


def test_indexes(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table(attributes=INDEX_ATTRIBUTES, GlobalSecondaryIndexes=GLOBAL_INDEXES, LocalSecondaryIndexes=LOCAL_INDEXES)
    people = [person(1, "Bonn", 30), person(2, "Bonn", 20), person(3, "Kiel", 30), keyed("p", 4)]
    for one in people:
        client.put_item(TableName=name, Item=one)

    def query(index: str, condition: str, **more: Any) -> list[Item]:
        values = more.pop("values")
        answer = client.query(
            TableName=name, IndexName=index, KeyConditionExpression=condition, ExpressionAttributeValues=values, **more
        )
        return list(answer["Items"])

    bonn = {":c": {"S": "Bonn"}}
    assert query("by-city", "city = :c", values=bonn) == [people[1], people[0]]
    thirty = {":a": {"N": "30"}}
    included = query("by-age", "age = :a", values=thirty)
    assert sorted(included, key=lambda one: int(one["sk"]["N"])) == [
        {key: one[key] for key in ("pk", "sk", "age", "name")} for one in (people[0], people[2])
    ]
    local = query("local", "pk = :p AND age > :a", values={":p": {"S": "p"}, ":a": {"N": "25"}})
    assert [set(one) for one in local] == [{"pk", "sk", "age"}] * 2
    fetched = query("local", "pk = :p AND age < :a", values={":p": {"S": "p"}, ":a": {"N": "25"}}, Select="ALL_ATTRIBUTES")
    assert fetched == [people[1]]
    assert len(everything(client.scan, TableName=name, IndexName="by-city", Limit=1)) == 3

    # Entries follow their item: moved, then gone.
    client.update_item(
        TableName=name,
        Key=keyed("p", 1),
        UpdateExpression="SET city = :c",
        ExpressionAttributeValues={":c": {"S": "Kiel"}},
    )
    client.delete_item(TableName=name, Key=keyed("p", 2))
    assert query("by-city", "city = :c", values=bonn) == []
    assert len(query("by-city", "city = :c", values={":c": {"S": "Kiel"}})) == 2

    assert refusal(client.put_item, TableName=name, Item=keyed("p", 9, age={"S": "x"}))[1].startswith(
        "One or more parameter values were invalid: Type mismatch for Index Key age Expected: N Actual: S IndexName: "
    )
    assert (
        refusal(
            client.query,
            TableName=name,
            IndexName="by-city",
            ConsistentRead=True,
            KeyConditionExpression="city = :c",
            ExpressionAttributeValues=bonn,
        )[1]
        == "Consistent reads are not supported on global secondary indexes"
    )
    described = client.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"]
    counts = {index["IndexName"]: index["ItemCount"] for index in described}
    assert counts == {"by-city": 2, "by-age": 2}


def test_index_added_later_is_filled(client: Any, make_table: Callable[..., str]) -> None:
    name = make_table()
    client.put_item(TableName=name, Item=person(1, "Bonn", 30))
    client.update_table(
        TableName=name,
        AttributeDefinitions=INDEX_ATTRIBUTES,
        GlobalSecondaryIndexUpdates=[{"Create": GLOBAL_INDEXES[0]}],
    )
    found = client.scan(TableName=name, IndexName="by-city")["Items"]
    assert found == [person(1, "Bonn", 30)]
    client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-city"}}])
    assert "GlobalSecondaryIndexes" not in client.describe_table(TableName=name)["Table"]


# The parameters that came before expressions


def test_legacy_parameters(client: Any, ordered: str) -> None:
    equal = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}
    above = {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "1"}]}
    found = client.query(TableName=ordered, KeyConditions={"pk": equal, "sk": above}, AttributesToGet=["sk"])["Items"]
    assert [item["sk"]["N"] for item in found] == ["2", "10", "100"]
    assert client.scan(TableName=ordered, ScanFilter={"pk": equal, "sk": above})["Count"] == 3
    answer = client.update_item(
        TableName=ordered,
        Key=keyed("a", 2),
        AttributeUpdates={"n": {"Action": "ADD", "Value": {"N": "3"}}, "odd": {"Action": "DELETE"}},
        Expected={"odd": {"Value": {"BOOL": False}}},
        ReturnValues="ALL_NEW",
    )
    assert answer["Attributes"] == keyed("a", 2, n={"N": "3"})
    code, message = refusal(
        client.scan,
        TableName=ordered,
        ScanFilter={"pk": equal},
        FilterExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "a"}},
    )
    assert (code, message) == (
        "ValidationException",
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
        "{ScanFilter} Expression parameters: {FilterExpression}",
    )
