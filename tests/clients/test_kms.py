"""Key Management Service through boto3."""

from __future__ import annotations

import json
import threading
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import BINARY, drain, start_server


@pytest.fixture(scope="module")
def kms(endpoint: str) -> Any:
    return boto3.client("kms", endpoint_url=endpoint)


def code_of(failure: pytest.ExceptionInfo[ClientError]) -> str:
    return str(failure.value.response["Error"]["Code"])


def refused(code: str, call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as failure:
        call(**arguments)
    assert code_of(failure) == code
    return str(failure.value.response["Error"].get("Message", ""))


def new_key(kms: Any, **arguments: Any) -> dict[str, Any]:
    made: dict[str, Any] = kms.create_key(**arguments)["KeyMetadata"]
    return made


def test_a_key_is_described_listed_and_tagged(kms: Any) -> None:
    key = new_key(kms, Description="first", Tags=[{"TagKey": "team", "TagValue": "data"}])
    assert key["KeyState"] == "Enabled" and key["Enabled"] and key["KeyManager"] == "CUSTOMER"
    assert key["KeySpec"] == key["CustomerMasterKeySpec"] == "SYMMETRIC_DEFAULT" and key["Origin"] == "AWS_KMS"
    assert key["Arn"] == f"arn:aws:kms:us-east-1:000000000000:key/{key['KeyId']}"
    assert kms.describe_key(KeyId=key["Arn"])["KeyMetadata"] == key
    listed = [each for page in kms.get_paginator("list_keys").paginate(Limit=1) for each in page["Keys"]]
    assert {"KeyId": key["KeyId"], "KeyArn": key["Arn"]} in listed
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "stage", "TagValue": "test"}])
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["team"])
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "stage", "TagValue": "test"}]
    kms.update_key_description(KeyId=key["KeyId"], Description="second")
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Description"] == "second"


def test_encryption_is_bound_to_its_context(kms: Any) -> None:
    key = new_key(kms)
    context = {"table": "claims", "column": "name"}
    made = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"text", EncryptionContext=context)
    assert made["KeyId"] == key["Arn"] and made["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    blob = made["CiphertextBlob"]
    assert b"text" not in blob
    read = kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
    assert (read["Plaintext"], read["KeyId"]) == (b"text", key["Arn"])
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob)
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob, EncryptionContext={"table": "claims"})
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob[:-1] + b"?", EncryptionContext=context)
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=b"nothing of ours")
    other = new_key(kms)
    refused("IncorrectKeyException", kms.decrypt, CiphertextBlob=blob, KeyId=other["KeyId"], EncryptionContext=context)
    moved = kms.re_encrypt(
        CiphertextBlob=blob,
        SourceEncryptionContext=context,
        DestinationKeyId=other["Arn"],
        DestinationEncryptionContext={"new": "one"},
    )
    assert (moved["SourceKeyId"], moved["KeyId"]) == (key["Arn"], other["Arn"])
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"new": "one"})["Plaintext"] == b"text"
    refused(
        "InvalidKeyUsageException", kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_256"
    )
    refused("DryRunOperationException", kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x", DryRun=True)
    refused("ValidationException", kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x" * 4097)


def test_data_keys(kms: Any) -> None:
    key = new_key(kms)
    made = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext={"a": "b"})
    assert len(made["Plaintext"]) == 32 and made["KeyId"] == key["Arn"]
    assert kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})["Plaintext"] == made["Plaintext"]
    assert len(kms.generate_data_key(KeyId=key["KeyId"], NumberOfBytes=64)["Plaintext"]) == 64
    hidden = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], KeySpec="AES_128")
    assert "Plaintext" not in hidden and len(kms.decrypt(CiphertextBlob=hidden["CiphertextBlob"])["Plaintext"]) == 16
    refused("ValidationException", kms.generate_data_key, KeyId=key["KeyId"])
    refused("ValidationException", kms.generate_data_key, KeyId=key["KeyId"], KeySpec="AES_256", NumberOfBytes=16)
    assert len(kms.generate_random(NumberOfBytes=24)["Plaintext"]) == 24


def test_states(kms: Any) -> None:
    key = new_key(kms)["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    assert "is disabled" in refused("DisabledException", kms.encrypt, KeyId=key, Plaintext=b"x")
    refused("DisabledException", kms.decrypt, CiphertextBlob=blob)
    refused("DisabledException", kms.enable_key_rotation, KeyId=key)
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    scheduled = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert scheduled["KeyState"] == "PendingDeletion" and scheduled["PendingWindowInDays"] == 7
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert described["DeletionDate"] == scheduled["DeletionDate"] and not described["Enabled"]
    assert "is pending deletion" in refused("KMSInvalidStateException", kms.encrypt, KeyId=key, Plaintext=b"x")
    refused("KMSInvalidStateException", kms.enable_key, KeyId=key)
    refused("KMSInvalidStateException", kms.schedule_key_deletion, KeyId=key)
    refused("KMSInvalidStateException", kms.create_alias, AliasName="alias/late", TargetKeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    refused("KMSInvalidStateException", kms.cancel_key_deletion, KeyId=key)
    refused("ValidationException", kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=6)


def test_aliases(kms: Any) -> None:
    one, two = new_key(kms), new_key(kms)
    kms.create_alias(AliasName="alias/app/main", TargetKeyId=one["KeyId"])
    arn = "arn:aws:kms:us-east-1:000000000000:alias/app/main"
    assert arn in refused("AlreadyExistsException", kms.create_alias, AliasName="alias/app/main", TargetKeyId=two["KeyId"])
    blob = kms.encrypt(KeyId="alias/app/main", Plaintext=b"x")["CiphertextBlob"]
    kms.update_alias(AliasName="alias/app/main", TargetKeyId=two["Arn"])
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyId"] == two["KeyId"]
    assert kms.decrypt(CiphertextBlob=blob)["KeyId"] == one["Arn"]
    listed = kms.list_aliases(KeyId=two["KeyId"])["Aliases"]
    assert [(each["AliasName"], each["AliasArn"], each["TargetKeyId"]) for each in listed] == [
        ("alias/app/main", arn, two["KeyId"])
    ]
    kms.delete_alias(AliasName="alias/app/main")
    assert f"Alias {arn} is not found" in refused("NotFoundException", kms.describe_key, KeyId="alias/app/main")
    refused("NotFoundException", kms.delete_alias, AliasName="alias/app/main")
    refused("NotFoundException", kms.update_alias, AliasName="alias/app/main", TargetKeyId=two["KeyId"])
    refused("ValidationException", kms.create_alias, AliasName="app", TargetKeyId=one["KeyId"])
    refused("NotAuthorizedException", kms.create_alias, AliasName="alias/aws/mine", TargetKeyId=one["KeyId"])


def test_keys_that_aws_manages(kms: Any) -> None:
    names = [each["AliasName"] for page in kms.get_paginator("list_aliases").paginate(Limit=3) for each in page["Aliases"]]
    assert "alias/aws/s3" in names and names == sorted(names)
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    assert key["KeyManager"] == "AWS" and kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"] == key["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    refused("AccessDeniedException", kms.schedule_key_deletion, KeyId=key["KeyId"])
    refused("NotFoundException", kms.describe_key, KeyId="alias/aws/nosuch")


def test_policies_and_rotation(kms: Any) -> None:
    key = new_key(kms)["KeyId"]
    default = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    assert default["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::000000000000:root"}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    assert kms.get_key_policy(KeyId=key)["Policy"] == policy
    assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
    refused("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, Policy="{}")
    refused("NotFoundException", kms.get_key_policy, KeyId=key, PolicyName="other")
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    status = kms.get_key_rotation_status(KeyId=key)
    assert status["KeyRotationEnabled"] and status["RotationPeriodInDays"] == 90 and "NextRotationDate" in status
    blob = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    kms.rotate_key_on_demand(KeyId=key)
    assert [each["RotationType"] for each in kms.list_key_rotations(KeyId=key)["Rotations"]] == ["ON_DEMAND"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"old"
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


def test_what_is_not_there_or_not_possible(kms: Any) -> None:
    missing = str(uuid.uuid4())
    assert f"key/{missing}' does not exist" in refused("NotFoundException", kms.describe_key, KeyId=missing)
    refused("NotFoundException", kms.describe_key, KeyId="no-key")
    refused("InvalidArnException", kms.describe_key, KeyId="arn:aws:s3:::bucket")
    key = new_key(kms)["KeyId"]
    kms.create_alias(AliasName="alias/only-for-reading", TargetKeyId=key)
    refused("NotFoundException", kms.disable_key, KeyId="alias/only-for-reading")
    for arguments in (
        {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
        {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
        {"Origin": "EXTERNAL"},
        {"MultiRegion": True},
    ):
        named = str(next(iter(arguments.values())) if "MultiRegion" not in arguments else "MultiRegion")
        assert named in refused("UnsupportedOperationException", kms.create_key, **arguments)
    refused("InvalidGrantTokenException", kms.encrypt, KeyId=key, Plaintext=b"x", GrantTokens=["token"])


def test_the_tagging_service_sees_keys(kms: Any, endpoint: str) -> None:
    key = new_key(kms, Tags=[{"TagKey": "found-by", "TagValue": "tagging"}])
    tagging = boto3.client("resourcegroupstaggingapi", endpoint_url=endpoint)
    found = tagging.get_resources(ResourceTypeFilters=["kms"], TagFilters=[{"Key": "found-by"}])["ResourceTagMappingList"]
    assert found == [{"ResourceARN": key["Arn"], "Tags": [{"Key": "found-by", "Value": "tagging"}]}]
    tagging.tag_resources(ResourceARNList=[key["Arn"]], Tags={"more": "tags"})
    assert {"TagKey": "more", "TagValue": "tags"} in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]


def test_keys_survive_a_killed_server(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    process, endpoint = start_server(BINARY, tmp_path)
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    kms = boto3.client("kms", endpoint_url=endpoint)
    key = new_key(kms)["KeyId"]
    kms.create_alias(AliasName="alias/kept", TargetKeyId=key)
    blob = kms.encrypt(KeyId=key, Plaintext=b"kept")["CiphertextBlob"]
    process.kill()
    process.wait()
    assert (tmp_path / "kms" / "kms.key").stat().st_mode & 0o777 == 0o600
    process, endpoint = start_server(BINARY, tmp_path)
    threading.Thread(target=drain, args=(process,), daemon=True).start()
    try:
        kms = boto3.client("kms", endpoint_url=endpoint)
        assert kms.decrypt(CiphertextBlob=blob, KeyId="alias/kept")["Plaintext"] == b"kept"
    finally:
        process.kill()
        process.wait()
