"""The settings of S3 buckets, and versions of objects, as boto3, the CDK and Terraform's provider use them."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from conftest import BINARY, start_server


def make_client(endpoint: str) -> Any:
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=config)


@pytest.fixture(scope="module")
def s3(endpoint: str) -> Any:
    return make_client(endpoint)


def empty(s3: Any, bucket: str) -> None:
    """As Terraform's force_destroy and the CDK's autoDeleteObjects do."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3}):
        entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
        names = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
        if names:
            assert "Errors" not in s3.delete_objects(Bucket=bucket, Delete={"Objects": names, "Quiet": True})


@pytest.fixture()
def bucket(s3: Any) -> Iterator[str]:
    name = "test-" + uuid.uuid4().hex[:20]
    s3.create_bucket(Bucket=name)
    yield name
    empty(s3, name)
    s3.delete_bucket(Bucket=name)


@pytest.fixture()
def versioned(s3: Any, bucket: str) -> str:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def refused(code: str, call: Any, **arguments: Any) -> ClientError:
    """The error of a call that must fail with this code, and not with a 5xx, which clients would repeat."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    assert raised.value.response["Error"]["Code"] == code
    assert 400 <= raised.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    return raised.value


def content(s3: Any, bucket: str, key: str, **arguments: Any) -> bytes:
    body: bytes = s3.get_object(Bucket=bucket, Key=key, **arguments)["Body"].read()
    return body


# Settings


def test_what_terraform_reads_of_a_new_bucket(s3: Any, bucket: str) -> None:
    s3.head_bucket(Bucket=bucket)
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    for read, code in (
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_policy_status", "NoSuchBucketPolicy"),
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
    ):
        error = refused(code, getattr(s3, read), Bucket=bucket)
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    grants = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL"]
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    assert set(s3.get_bucket_notification_configuration(Bucket=bucket)) == {"ResponseMetadata"}
    # What every bucket has since 2023.
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule == {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    controls = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def statement(bucket: str, **changes: Any) -> dict[str, Any]:
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def test_policy(s3: Any, bucket: str) -> None:
    given = policy(statement(bucket))
    s3.put_bucket_policy(Bucket=bucket, Policy=given)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == given
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": False}
    for broken in (
        "no json",
        "[]",
        "{}",
        policy(statement(bucket, Effect=None)),
        policy(statement(bucket, Effect="Maybe")),
        policy(statement(bucket, Principal=None)),
        policy(statement(bucket, Action=None)),
        policy(statement(bucket, Resource=None)),
        policy(statement(bucket, Resource="arn:aws:s3:::another-bucket/*")),
    ):
        refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=broken)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == given
    public = policy(statement(bucket, Effect="Allow", Condition=None, Principal={"AWS": "*"}))
    refused("AccessDenied", s3.put_bucket_policy, Bucket=bucket, Policy=public)
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"] == {"IsPublic": True}
    s3.delete_bucket_policy(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    refused("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=bucket)


def test_public_access_block_and_ownership(s3: Any, bucket: str) -> None:
    some = {"BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": True, "RestrictPublicBuckets": False}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=some)
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == some
    s3.delete_public_access_block(Bucket=bucket)
    refused("NoSuchPublicAccessBlockConfiguration", s3.get_public_access_block, Bucket=bucket)

    s3.delete_bucket_ownership_controls(Bucket=bucket)
    refused("OwnershipControlsNotFoundError", s3.get_bucket_ownership_controls, Bucket=bucket)
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    error = refused(
        "NotImplemented",
        s3.put_bucket_ownership_controls,
        Bucket=bucket,
        OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
    )
    assert "ObjectWriter" in str(error)


def encryption(algorithm: str, key: str | None = None, bucket_key: bool = False) -> dict[str, Any]:
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}]}


def test_encryption(s3: Any, bucket: str) -> None:
    key = "arn:aws:kms:us-east-1:000000000000:key/0b9a36d7-0000-0000-0000-000000000000"
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    assert "ServerSideEncryption" not in s3.head_object(Bucket=bucket, Key="plain")
    assert s3.put_object(Bucket=bucket, Key="aes", Body=b"x", ServerSideEncryption="AES256")["ServerSideEncryption"] == "AES256"

    put = s3.put_object(Bucket=bucket, Key="kms", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key.split("/")[1])
    for answer in (put, s3.head_object(Bucket=bucket, Key="kms"), s3.get_object(Bucket=bucket, Key="kms")):
        assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", key)
    refused("InvalidArgument", s3.put_object, Bucket=bucket, Key="k", Body=b"", ServerSideEncryption="AES256", SSEKMSKeyId=key)

    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption("aws:kms", key, True))
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"] == encryption("aws:kms", key, True)
    put = s3.put_object(Bucket=bucket, Key="default", Body=b"x")
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"], put["BucketKeyEnabled"]) == ("aws:kms", key, True)
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/plain")
    assert copied["ServerSideEncryption"] == "aws:kms"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m", ServerSideEncryption="AES256")
    assert upload["ServerSideEncryption"] == "AES256"
    part = s3.upload_part(Bucket=bucket, Key="m", UploadId=upload["UploadId"], PartNumber=1, Body=b"part")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload["UploadId"], MultipartUpload=parts)
    assert done["ServerSideEncryption"] == "AES256"

    refused(
        "InvalidArgument",
        s3.put_bucket_encryption,
        Bucket=bucket,
        ServerSideEncryptionConfiguration=encryption("AES256", key),
    )
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"] == encryption("AES256")


def test_lifecycle(s3: Any, bucket: str) -> None:
    rules = [
        {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}},
        {
            "ID": "some",
            "Status": "Disabled",
            "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeGreaterThan": 10}},
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 2},
        },
        {
            "ID": "uploads",
            "Status": "Enabled",
            "Filter": {},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        },
        {
            "ID": "date",
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": "k", "Value": "<&>"}},
            "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    held = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert held["Rules"] == rules
    assert held["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    for broken, code in (
        ([{"Status": "Enabled", "Filter": {}}], "InvalidRequest"),
        ([{"Status": "Enabled", "Expiration": {"Days": 1}}], "MalformedXML"),
        ([{"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}], "InvalidArgument"),
        ([rules[0], rules[0]], "InvalidArgument"),
    ):
        refused(code, s3.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration={"Rules": broken})
    s3.delete_bucket_lifecycle(Bucket=bucket)
    refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket=bucket)


def test_acls(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    owner = s3.get_object_acl(Bucket=bucket, Key="k")["Owner"]
    acl = s3.get_bucket_acl(Bucket=bucket)
    assert acl["Grants"][0]["Grantee"]["ID"] == owner["ID"]
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": acl["Owner"], "Grants": acl["Grants"]})
    s3.put_object_acl(Bucket=bucket, Key="k", ACL="private")
    refused("AccessControlListNotSupported", s3.put_bucket_acl, Bucket=bucket, ACL="public-read")
    refused("AccessControlListNotSupported", s3.put_bucket_acl, Bucket=bucket, GrantWrite="id=1")
    refused("AccessControlListNotSupported", s3.put_object_acl, Bucket=bucket, Key="k", ACL="public-read")
    refused("NoSuchKey", s3.get_object_acl, Bucket=bucket, Key="missing")


def test_what_is_not_acted_on_is_refused_by_name(s3: Any, bucket: str) -> None:
    calls: list[tuple[str, dict[str, Any], str]] = [
        (
            "put_bucket_cors",
            {"CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}},
            "CORS",
        ),
        ("put_bucket_website", {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}}, "website"),
        (
            "put_bucket_logging",
            {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": ""}}},
            "logging",
        ),
        (
            "put_bucket_notification_configuration",
            {
                "NotificationConfiguration": {
                    "QueueConfigurations": [{"QueueArn": "arn:aws:sqs:::q", "Events": ["s3:ObjectCreated:*"]}]
                }
            },
            "QueueConfiguration",
        ),
        (
            "put_bucket_replication",
            {
                "ReplicationConfiguration": {
                    "Role": "arn:aws:iam::000000000000:role/r",
                    "Rules": [{"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::b"}}],
                }
            },
            "replication",
        ),
        ("put_bucket_accelerate_configuration", {"AccelerateConfiguration": {"Status": "Enabled"}}, "acceleration"),
        ("put_bucket_request_payment", {"RequestPaymentConfiguration": {"Payer": "Requester"}}, "Requester"),
        ("put_object_lock_configuration", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}, "object lock"),
    ]
    for call, arguments, name in calls:
        assert name in str(refused("NotImplemented", getattr(s3, call), Bucket=bucket, **arguments))
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "BucketOwner"})
    s3.delete_bucket_cors(Bucket=bucket)
    s3.delete_bucket_website(Bucket=bucket)
    s3.delete_bucket_replication(Bucket=bucket)


def test_the_expected_owner_is_checked(s3: Any, bucket: str) -> None:
    for call in (s3.get_bucket_versioning, s3.get_bucket_encryption, s3.delete_bucket_policy, s3.head_bucket):
        call(Bucket=bucket, ExpectedBucketOwner="000000000000")
        with pytest.raises(ClientError) as raised:
            call(Bucket=bucket, ExpectedBucketOwner="111111111111")
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


# Versions


def test_versions(s3: Any, versioned: str) -> None:
    bucket = versioned
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"2" * 100_000)["VersionId"]
    assert len({first, second}) == 2
    assert content(s3, bucket, "k") == b"2" * 100_000
    assert content(s3, bucket, "k", VersionId=first) == b"one"
    assert s3.head_object(Bucket=bucket, Key="k")["VersionId"] == second
    assert s3.head_object(Bucket=bucket, Key="k", VersionId=first)["ContentLength"] == 3

    removed = s3.delete_object(Bucket=bucket, Key="k")
    assert removed["DeleteMarker"] is True
    marker = removed["VersionId"]
    error = refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="k")
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    error = refused("404", s3.head_object, Bucket=bucket, Key="k")
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    error = refused("MethodNotAllowed", s3.get_object, Bucket=bucket, Key="k", VersionId=marker)
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert content(s3, bucket, "k", VersionId=second) == b"2" * 100_000

    listed = s3.list_object_versions(Bucket=bucket)
    assert [(entry["VersionId"], entry["IsLatest"]) for entry in listed["DeleteMarkers"]] == [(marker, True)]
    assert [(entry["VersionId"], entry["IsLatest"]) for entry in listed["Versions"]] == [(second, False), (first, False)]

    # Without its delete marker the object is there again; without its newest version, it is the one before.
    removed = s3.delete_object(Bucket=bucket, Key="k", VersionId=marker)
    assert (removed["VersionId"], removed["DeleteMarker"]) == (marker, True)
    assert content(s3, bucket, "k") == b"2" * 100_000
    s3.delete_object(Bucket=bucket, Key="k", VersionId=second)
    assert content(s3, bucket, "k") == b"one"
    refused("NoSuchVersion", s3.get_object, Bucket=bucket, Key="k", VersionId=second)
    refused("InvalidArgument", s3.get_object, Bucket=bucket, Key="k", VersionId="made-up")
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k", "VersionId": first})
    assert copied["CopySourceVersionId"] == first
    s3.put_object_tagging(Bucket=bucket, Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.delete_object(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k", VersionId=first)["TagSet"] == [{"Key": "a", "Value": "b"}]
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)


def test_null_versions(s3: Any, bucket: str) -> None:
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.head_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    real = s3.put_object(Bucket=bucket, Key="k", Body=b"real")["VersionId"]
    assert content(s3, bucket, "k", VersionId="null") == b"before"

    def ids() -> list[tuple[str, bool]]:
        listed = s3.list_object_versions(Bucket=bucket)
        entries = listed.get("Versions", []) + listed.get("DeleteMarkers", [])
        return [(entry["VersionId"], entry["IsLatest"]) for entry in entries]

    assert ids() == [(real, True), ("null", False)]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"after")["VersionId"] == "null"
    assert content(s3, bucket, "k") == content(s3, bucket, "k", VersionId="null") == b"after"
    assert ids() == [("null", True), (real, False)]
    assert s3.delete_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    assert ids() == [(real, False), ("null", True)]
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert content(s3, bucket, "k") == b"real"


def test_many_versions_by_page(s3: Any, versioned: str) -> None:
    expected: list[tuple[str, str]] = []
    for key in ("a", "b/1", "b/2", "c"):
        ids = [s3.put_object(Bucket=versioned, Key=key, Body=os.urandom(3))["VersionId"] for _ in range(4)]
        if key != "a":
            ids.append(s3.delete_object(Bucket=versioned, Key=key)["VersionId"])
        expected += [(key, version) for version in reversed(ids)]
    for size in (1, 2, 3, 1000):
        seen: list[tuple[str, str]] = []
        latest = 0
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=versioned, PaginationConfig={"PageSize": size}):
            entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
            assert len(entries) <= size
            seen += [(entry["Key"], entry["VersionId"]) for entry in entries]
            latest += sum(entry["IsLatest"] for entry in entries)
        assert sorted(seen) == sorted(expected)
        assert size > 1 or seen == expected
        assert latest == 4
    listed = s3.list_object_versions(Bucket=versioned, Delimiter="/")
    assert [prefix["Prefix"] for prefix in listed["CommonPrefixes"]] == ["b/"]
    assert {entry["Key"] for entry in listed["Versions"]} == {"a", "c"}
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=versioned)["Contents"]] == ["a"]
    answer = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "a"}, {"Key": "c", "VersionId": expected[-1][1]}]})
    by_key = {entry["Key"]: entry for entry in answer["Deleted"]}
    assert by_key["a"]["DeleteMarker"] is True and by_key["a"]["DeleteMarkerVersionId"]
    assert by_key["c"]["VersionId"] == expected[-1][1]


def test_versions_and_settings_outlive_the_server(tmp_path: Path) -> None:
    def while_running(visit: Any) -> Any:
        process, endpoint = start_server(BINARY, tmp_path)
        try:
            return visit(make_client(endpoint))
        finally:
            process.kill()
            process.wait()

    given = policy(statement("kept"))
    rules = [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "p"}, "Expiration": {"Days": 3}}]

    def write(s3: Any) -> list[str]:
        s3.create_bucket(Bucket="kept")
        s3.put_bucket_policy(Bucket="kept", Policy=given)
        s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_encryption(Bucket="kept", ServerSideEncryptionConfiguration=encryption("aws:kms", "alias/k"))
        s3.put_bucket_lifecycle_configuration(Bucket="kept", LifecycleConfiguration={"Rules": rules})
        s3.put_bucket_tagging(Bucket="kept", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        return [s3.put_object(Bucket="kept", Key="k", Body=body * 30_000)["VersionId"] for body in (b"1", b"2")]

    def read(s3: Any) -> None:
        assert s3.get_bucket_policy(Bucket="kept")["Policy"] == given
        assert s3.get_bucket_versioning(Bucket="kept")["Status"] == "Enabled"
        held = s3.get_bucket_encryption(Bucket="kept")["ServerSideEncryptionConfiguration"]
        assert held == encryption("aws:kms", "alias/k")
        assert s3.get_bucket_lifecycle_configuration(Bucket="kept")["Rules"] == rules
        assert s3.get_bucket_tagging(Bucket="kept")["TagSet"] == [{"Key": "a", "Value": "b"}]
        assert all(s3.get_public_access_block(Bucket="kept")["PublicAccessBlockConfiguration"].values())
        assert content(s3, "kept", "k", VersionId=ids[0]) == b"1" * 30_000
        assert content(s3, "kept", "k") == b"2" * 30_000
        third = s3.put_object(Bucket="kept", Key="k", Body=b"3")["VersionId"]
        listed = [entry["VersionId"] for entry in s3.list_object_versions(Bucket="kept")["Versions"]]
        assert listed == [third, ids[1], ids[0]]

    ids: list[str] = while_running(write)
    while_running(read)


def test_lifecycle_rules_are_carried_out(tmp_path: Path) -> None:
    """What is due when the server starts goes at once."""
    process, endpoint = start_server(BINARY, tmp_path)
    try:
        s3 = make_client(endpoint)
        s3.create_bucket(Bucket="aging")
        for key in ("old/1", "old/2", "new/1"):
            s3.put_object(Bucket="aging", Key=key, Body=b"x", Tagging="keep=yes" if key == "old/2" else "")
        s3.create_multipart_upload(Bucket="aging", Key="old/upload")
        due = {"Date": datetime(2020, 1, 1, tzinfo=UTC)}
        rules = [
            {"ID": "on", "Status": "Enabled", "Filter": {"Prefix": "old/1"}, "Expiration": due},
            {"ID": "off", "Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": due},
            {"ID": "later", "Status": "Enabled", "Filter": {"Prefix": "new/"}, "Expiration": {"Days": 1}},
            {"ID": "tag", "Status": "Enabled", "Filter": {"Tag": {"Key": "keep", "Value": "no"}}, "Expiration": due},
        ]
        s3.put_bucket_lifecycle_configuration(Bucket="aging", LifecycleConfiguration={"Rules": rules})
    finally:
        process.kill()
        process.wait()
    process, endpoint = start_server(BINARY, tmp_path)
    try:
        s3 = make_client(endpoint)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="aging")["Contents"]]
            if "old/1" not in keys:
                break
            time.sleep(0.05)
        assert keys == ["new/1", "old/2"]
        assert len(s3.list_multipart_uploads(Bucket="aging")["Uploads"]) == 1
    finally:
        process.kill()
        process.wait()
