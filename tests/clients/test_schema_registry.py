"""The schema registry through boto3."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError
from test_orchestration import client


@pytest.fixture
def glue(endpoint: str) -> Any:
    return client(endpoint, "glue")


def record(*fields: dict[str, Any]) -> str:
    return json.dumps({"type": "record", "name": "Order", "fields": list(fields)})


ID = {"name": "id", "type": "int"}
NOTE = {"name": "note", "type": "string"}
NOTE_WITH_DEFAULT = {**NOTE, "default": ""}


def test_versions_are_compared(glue: Any) -> None:
    registry, schema = f"registry-{uuid.uuid4().hex[:8]}", "orders"
    made = glue.create_registry(RegistryName=registry, Description="d", Tags={"a": "b"})
    assert made["RegistryArn"].endswith(f":registry/{registry}")
    assert glue.get_tags(ResourceArn=made["RegistryArn"])["Tags"] == {"a": "b"}
    first = glue.create_schema(
        RegistryId={"RegistryName": registry},
        SchemaName=schema,
        DataFormat="AVRO",
        Compatibility="BACKWARD",
        SchemaDefinition=record(ID),
    )
    assert (first["LatestSchemaVersion"], first["NextSchemaVersion"], first["SchemaVersionStatus"]) == (1, 2, "AVAILABLE")
    at = {"SchemaId": {"RegistryName": registry, "SchemaName": schema}}
    by_arn = {"SchemaId": {"SchemaArn": first["SchemaArn"]}}
    assert glue.register_schema_version(SchemaDefinition=record(ID), **by_arn)["VersionNumber"] == 1
    assert glue.register_schema_version(SchemaDefinition=record(ID, NOTE), **at)["Status"] == "FAILURE"
    third = glue.register_schema_version(SchemaDefinition=record(ID, NOTE_WITH_DEFAULT), **at)
    assert (third["VersionNumber"], third["Status"]) == (3, "AVAILABLE")
    latest = glue.get_schema_version(SchemaVersionNumber={"LatestVersion": True}, **at)
    assert latest["SchemaVersionId"] == third["SchemaVersionId"] and latest["DataFormat"] == "AVRO"
    assert glue.get_schema_by_definition(SchemaDefinition=record(ID), **at)["SchemaVersionId"] == first["SchemaVersionId"]
    versions = glue.list_schema_versions(**at)["Schemas"]
    assert [(each["VersionNumber"], each["Status"]) for each in versions] == [
        (1, "AVAILABLE"),
        (2, "FAILURE"),
        (3, "AVAILABLE"),
    ]
    patch = json.loads(
        glue.get_schema_versions_diff(
            FirstSchemaVersionNumber={"VersionNumber": 1},
            SecondSchemaVersionNumber={"LatestVersion": True},
            SchemaDiffType="SYNTAX_DIFF",
            **at,
        )["Diff"]
    )
    assert patch == [{"op": "add", "path": "/fields/-", "value": NOTE_WITH_DEFAULT}]
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.register_schema_version(SchemaDefinition='{"type": "record"}', **at)
    glue.update_schema(Compatibility="DISABLED", SchemaVersionNumber={"VersionNumber": 3}, **at)
    assert glue.get_schema(**at)["SchemaCheckpoint"] == 3
    with pytest.raises(ClientError, match="DISABLED"):
        glue.register_schema_version(SchemaDefinition=record(NOTE), **at)
    errors = glue.delete_schema_versions(Versions="2-4", **at)["SchemaVersionErrors"]
    assert [each["VersionNumber"] for each in errors] == [3, 4]
    assert [each["SchemaName"] for each in glue.list_schemas(RegistryId={"RegistryName": registry})["Schemas"]] == [schema]
    assert glue.delete_schema(**at)["Status"] == "DELETING"
    assert glue.delete_registry(RegistryId={"RegistryName": registry})["Status"] == "DELETING"
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_schema(**at)


def test_metadata(glue: Any) -> None:
    name = f"schema-{uuid.uuid4().hex[:8]}"
    made = glue.create_schema(SchemaName=name, DataFormat="JSON", Compatibility="FULL_ALL", SchemaDefinition="{}")
    assert made["RegistryName"] == "default-registry"
    version = {"SchemaVersionId": made["SchemaVersionId"]}
    for value in ("one", "two"):
        glue.put_schema_version_metadata(MetadataKeyValue={"MetadataKey": "k", "MetadataValue": value}, **version)
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.put_schema_version_metadata(MetadataKeyValue={"MetadataKey": "k", "MetadataValue": "one"}, **version)
    found = glue.query_schema_version_metadata(**version)["MetadataInfoMap"]["k"]
    assert found["MetadataValue"] == "one" and found["OtherMetadataValueList"][0]["MetadataValue"] == "two"
    glue.remove_schema_version_metadata(MetadataKeyValue={"MetadataKey": "k", "MetadataValue": "one"}, **version)
    assert glue.query_schema_version_metadata(**version)["MetadataInfoMap"]["k"]["MetadataValue"] == "two"
    check = glue.check_schema_version_validity(DataFormat="PROTOBUF", SchemaDefinition="message A { int32 a = 1; }")
    assert check["Valid"] is True
    check = glue.check_schema_version_validity(DataFormat="AVRO", SchemaDefinition="nonsense")
    assert check["Valid"] is False and "JSON" in check["Error"]
    assert "default-registry" in [each["RegistryName"] for each in glue.list_registries()["Registries"]]
