"""S3 as boto3 and the AWS CLI see it."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from conftest import BINARY, drain, start_server

MIB = 1024 * 1024
DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "SHA1": lambda data: hashlib.sha1(data).digest(),
    "SHA256": lambda data: hashlib.sha256(data).digest(),
}


def make_client(endpoint: str, **options: Any) -> Any:
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, **options)
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=config)


@pytest.fixture(scope="module")
def s3(endpoint: str) -> Any:
    return make_client(endpoint)


@pytest.fixture()
def bucket(s3: Any) -> Iterator[str]:
    name = "test-" + uuid.uuid4().hex[:20]
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        keys = [{"Key": entry["Key"]} for entry in page.get("Contents", [])]
        if keys:
            s3.delete_objects(Bucket=name, Delete={"Objects": keys, "Quiet": True})
    s3.delete_bucket(Bucket=name)


class Refused:
    """A context in which a call must fail with this code (and status)."""

    def __init__(self, code: str, status: int | None = None) -> None:
        self.code = code
        self.status = status
        self.response: dict[str, Any] = {}

    def __enter__(self) -> Refused:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        assert error is not None, f"nothing was raised, {self.code} was expected"
        if not isinstance(error, ClientError):
            return False
        self.response = error.response
        assert error.response["Error"]["Code"] == self.code, error.response
        if self.status is not None:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == self.status
        return True


# Buckets


def test_bucket_life(s3: Any) -> None:
    name = "test-" + uuid.uuid4().hex[:20]
    with Refused("404"):
        s3.head_bucket(Bucket=name)
    assert s3.create_bucket(Bucket=name)["Location"] == f"/{name}"
    s3.create_bucket(Bucket=name)  # us-east-1: once more is no failure
    assert s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "us-east-1"
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    listed = {entry["Name"]: entry for entry in s3.list_buckets()["Buckets"]}
    assert abs(listed[name]["CreationDate"] - datetime.now(UTC)) < timedelta(minutes=5)
    s3.put_object(Bucket=name, Key="k", Body=b"")
    with Refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=name)
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)
    with Refused("NoSuchBucket", 404) as refused:
        s3.list_objects_v2(Bucket=name)
    assert refused.response["Error"]["BucketName"] == name


def test_bucket_in_another_region(s3: Any, endpoint: str) -> None:
    name = "test-" + uuid.uuid4().hex[:20]
    client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-west-1")
    with Refused("IllegalLocationConstraintException", 400):
        client.create_bucket(Bucket=name)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with Refused("BucketAlreadyOwnedByYou", 409):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"
    s3.delete_bucket(Bucket=name)


def test_bucket_names(endpoint: str) -> None:
    client = make_client(endpoint)
    client.meta.events.unregister("before-parameter-build.s3", _botocore_bucket_check())
    for name in ("ab", "UPPER-case", "a..b", "192.168.5.4", "-dash"):
        with Refused("InvalidBucketName", 400):
            client.create_bucket(Bucket=name)


def _botocore_bucket_check() -> Any:
    from botocore.handlers import validate_bucket_name

    return validate_bucket_name


def test_bucket_tags_and_settings(s3: Any, bucket: str) -> None:
    with Refused("NoSuchTagSet", 404):
        s3.get_bucket_tagging(Bucket=bucket)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "claims"}]})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "team", "Value": "claims"}]
    s3.delete_bucket_tagging(Bucket=bucket)
    with Refused("NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket=bucket)
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"][0]["Permission"] == "FULL_CONTROL"
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    for call, code in (
        (s3.get_bucket_policy, "NoSuchBucketPolicy"),
        (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
        (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
    ):
        with Refused(code, 404):
            call(Bucket=bucket)


def test_what_is_not_implemented_says_so(s3: Any, bucket: str) -> None:
    with Refused("NotImplemented", 400) as refused:
        s3.put_bucket_inventory_configuration(
            Bucket=bucket,
            Id="i",
            InventoryConfiguration={
                "Id": "i",
                "IsEnabled": True,
                "IncludedObjectVersions": "All",
                "Schedule": {"Frequency": "Daily"},
                "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::b", "Format": "CSV"}},
            },
        )
    assert "PutBucketInventoryConfiguration" in refused.response["Error"]["Message"]
    with Refused("NotImplemented", 400) as refused:
        s3.put_object(Bucket=bucket, Key="k", Body=b"", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    assert "x-amz-server-side-encryption-customer-algorithm" in refused.response["Error"]["Message"]
    with Refused("AccessControlListNotSupported", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="public-read")
    s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="bucket-owner-full-control")


# Objects


@pytest.mark.parametrize("size", [0, 1, 16 * 1024, 16 * 1024 + 1, 64 * 1024, 64 * 1024 + 1, 3 * MIB + 17])
def test_put_and_get(s3: Any, bucket: str, size: int) -> None:
    content = os.urandom(size)
    etag = '"' + hashlib.md5(content).hexdigest() + '"'
    key = "dir/a key+with %41 ümläut & <xml>?"
    assert s3.put_object(Bucket=bucket, Key=key, Body=content)["ETag"] == etag
    got = s3.get_object(Bucket=bucket, Key=key)
    assert got["Body"].read() == content
    assert got["ETag"] == etag
    assert got["ContentLength"] == size
    assert got["ContentType"] == "binary/octet-stream"
    assert got["AcceptRanges"] == "bytes"
    head = s3.head_object(Bucket=bucket, Key=key)
    assert (head["ETag"], head["ContentLength"]) == (etag, size)
    s3.put_object(Bucket=bucket, Key=key, Body=b"new")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"new"


def test_keys_are_never_paths(s3: Any, bucket: str) -> None:
    keys = ["../../etc/passwd", "/", "//", "a//b", ".", "..", "a/", "é" * 512]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode() + b"x" * 20000)
    for key in keys:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read().startswith(key.encode())
    assert sorted(entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]) == sorted(keys)
    with Refused("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b"")


def test_headers_and_metadata(s3: Any, bucket: str) -> None:
    expires = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    s3.put_object(
        Bucket=bucket,
        Key="k",
        Body=b"x",
        ContentType="text/csv",
        ContentEncoding="gzip",
        ContentDisposition='attachment; filename="a.csv"',
        ContentLanguage="de",
        CacheControl="max-age=3",
        Expires=expires,
        Metadata={"Owner": "Claims Team", "empty": ""},
        StorageClass="STANDARD_IA",
    )
    for got in (s3.head_object(Bucket=bucket, Key="k"), s3.get_object(Bucket=bucket, Key="k")):
        assert got["ContentType"] == "text/csv"
        assert got["ContentEncoding"] == "gzip"
        assert got["ContentDisposition"] == 'attachment; filename="a.csv"'
        assert got["ContentLanguage"] == "de"
        assert got["CacheControl"] == "max-age=3"
        assert got["Metadata"] == {"owner": "Claims Team", "empty": ""}
        assert got["StorageClass"] == "STANDARD_IA"
        assert got["ExpiresString"] == "Wed, 02 Jan 2030 03:04:05 GMT"
    override = s3.get_object(
        Bucket=bucket, Key="k", ResponseContentType="text/plain", ResponseCacheControl="no-store", ResponseContentEncoding="br"
    )
    assert (override["ContentType"], override["CacheControl"], override["ContentEncoding"]) == ("text/plain", "no-store", "br")
    with Refused("MetadataTooLarge", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata={"big": "x" * 2100})
    with Refused("InvalidStorageClass", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", StorageClass="GLACIER")


def test_missing_objects(s3: Any, bucket: str) -> None:
    with Refused("NoSuchKey", 404) as refused:
        s3.get_object(Bucket=bucket, Key="missing")
    assert refused.response["Error"]["Key"] == "missing"
    with Refused("404"):
        s3.head_object(Bucket=bucket, Key="missing")
    assert s3.delete_object(Bucket=bucket, Key="missing")["ResponseMetadata"]["HTTPStatusCode"] == 204
    with Refused("NoSuchBucket", 404):
        s3.get_object(Bucket="no-such-bucket-here", Key="k")
    with Refused("NoSuchBucket", 404):
        s3.put_object(Bucket="no-such-bucket-here", Key="k", Body=b"x" * 100_000)
    with Refused("InvalidArgument", 400):
        s3.get_object(Bucket=bucket, Key="k", VersionId="abc")
    with Refused("NoSuchVersion", 404):
        s3.get_object(Bucket=bucket, Key="k", VersionId="null")


@pytest.mark.parametrize("size", [1000, 200_000])
def test_ranges(s3: Any, bucket: str, size: int) -> None:
    content = os.urandom(size)
    s3.put_object(Bucket=bucket, Key="k", Body=content)

    def get(header: str) -> tuple[bytes, int, str | None]:
        got = s3.get_object(Bucket=bucket, Key="k", Range=header)
        return got["Body"].read(), got["ResponseMetadata"]["HTTPStatusCode"], got.get("ContentRange")

    assert get("bytes=0-9") == (content[:10], 206, f"bytes 0-9/{size}")
    assert get("bytes=990-") == (content[990:], 206, f"bytes 990-{size - 1}/{size}")
    assert get("bytes=-7") == (content[-7:], 206, f"bytes {size - 7}-{size - 1}/{size}")
    assert get(f"bytes=5-{size * 2}") == (content[5:], 206, f"bytes 5-{size - 1}/{size}")
    assert get("bytes=0-1,4-5") == (content, 200, None)
    with Refused("InvalidRange", 416) as refused:
        get(f"bytes={size}-")
    assert refused.response["Error"]["ActualObjectSize"] == str(size)
    head = s3.head_object(Bucket=bucket, Key="k", Range="bytes=1-2")
    assert (head["ContentLength"], head["ResponseMetadata"]["HTTPStatusCode"]) == (2, 206)


def test_conditional_reads(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    modified = s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    before, after = modified - timedelta(seconds=5), modified + timedelta(seconds=5)

    def get(**conditions: Any) -> bytes:
        return bytes(s3.get_object(Bucket=bucket, Key="k", **conditions)["Body"].read())

    assert get(IfMatch=etag) == b"x"
    assert get(IfMatch=etag, IfUnmodifiedSince=before) == b"x"
    assert get(IfNoneMatch='"other"') == b"x"
    assert get(IfNoneMatch='"other"', IfModifiedSince=after) == b"x"
    assert get(IfModifiedSince=before) == b"x"
    with Refused("PreconditionFailed", 412) as refused:
        get(IfMatch='"other"')
    assert refused.response["Error"]["Condition"] == "If-Match"
    with Refused("PreconditionFailed", 412):
        get(IfUnmodifiedSince=before)
    with Refused("304", 304) as refused:
        get(IfNoneMatch=etag)
    assert refused.response["ResponseMetadata"]["HTTPHeaders"]["etag"] == etag
    with Refused("304", 304):
        get(IfModifiedSince=modified)
    with Refused("304", 304):
        s3.head_object(Bucket=bucket, Key="k", IfNoneMatch=etag)
    with Refused("412", 412):
        s3.head_object(Bucket=bucket, Key="k", IfMatch='"other"')


def test_conditional_writes(s3: Any, bucket: str) -> None:
    with Refused("NoSuchKey", 404):
        s3.put_object(Bucket=bucket, Key="k", Body=b"0", IfMatch='"other"')
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with Refused("PreconditionFailed", 412):
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    with Refused("PreconditionFailed", 412):
        s3.put_object(Bucket=bucket, Key="k", Body=b"2" * 100_000, IfMatch='"other"')
    s3.put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)
    with Refused("PreconditionFailed", 412):
        s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"3"


def test_digests_are_checked(s3: Any, bucket: str) -> None:
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    with Refused("BadDigest", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5=wrong)
    with Refused("InvalidDigest", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5="nonsense")
    wrong_sha = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    for body in (b"x", b"x" * 200_000):
        with Refused("BadDigest", 400):
            s3.put_object(Bucket=bucket, Key="k", Body=body, ChecksumSHA256=wrong_sha)
    with Refused("NoSuchKey"):
        s3.get_object(Bucket=bucket, Key="k")


@pytest.mark.parametrize("size", [5, 300_000])
def test_checksums(s3: Any, bucket: str, size: int) -> None:
    content = os.urandom(size)
    for algorithm, digest in DIGESTS.items():
        member = "Checksum" + algorithm
        put = s3.put_object(Bucket=bucket, Key=algorithm, Body=content, ChecksumAlgorithm=algorithm)
        assert put[member] == base64.b64encode(digest(content)).decode()
        got = s3.get_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        assert got["Body"].read() == content
        assert got[member] == put[member]
        assert got["ChecksumType"] == "FULL_OBJECT"
        attributes = s3.get_object_attributes(
            Bucket=bucket, Key=algorithm, ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass", "ObjectParts"]
        )
        assert attributes["Checksum"][member] == put[member]
        assert attributes["ETag"] == hashlib.md5(content).hexdigest()
        assert (attributes["ObjectSize"], attributes["StorageClass"]) == (size, "STANDARD")
        assert "ObjectParts" not in attributes
    # The check value of CRC-64/NVME and CRC-32C is that of "123456789".
    for name, value in (("CRC64NVME", 0xAE8B14860A799888), ("CRC32C", 0xE3069283)):
        raw = value.to_bytes(8 if name == "CRC64NVME" else 4, "big")
        given: dict[str, Any] = {"Checksum" + name: base64.b64encode(raw).decode()}
        s3.put_object(Bucket=bucket, Key=name, Body=b"123456789", **given)
        assert s3.head_object(Bucket=bucket, Key=name, ChecksumMode="ENABLED")["Checksum" + name] == given["Checksum" + name]


def test_delete_objects(s3: Any, bucket: str) -> None:
    for i in range(5):
        s3.put_object(Bucket=bucket, Key=f"k{i}", Body=b"x" * (i * 10_000))
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k0"}, {"Key": "k1"}, {"Key": "never"}]})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["k0", "k1", "never"]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": [{"Key": "k2"}]})
    assert "Deleted" not in answer and "Errors" not in answer
    answer = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": [{"Key": "k3", "ETag": '"other"'}, {"Key": "k4", "VersionId": "abc"}]}
    )
    assert {entry["Key"]: entry["Code"] for entry in answer["Errors"]} == {"k3": "PreconditionFailed", "k4": "NoSuchVersion"}
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["k3", "k4"]


@pytest.mark.parametrize("size", [100, 200_000])
def test_copy(s3: Any, bucket: str, size: int) -> None:
    content = os.urandom(size)
    source = "dir/sour ce+ü.txt"
    etag = s3.put_object(Bucket=bucket, Key=source, Body=content, ContentType="text/csv", Metadata={"a": "1"}, Tagging="t=1")[
        "ETag"
    ]
    result = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": source})["CopyObjectResult"]
    assert result["ETag"] == etag
    head = s3.head_object(Bucket=bucket, Key="copy")
    assert (head["ContentType"], head["Metadata"]) == ("text/csv", {"a": "1"})
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "t", "Value": "1"}]
    s3.copy_object(
        Bucket=bucket,
        Key="copy",
        CopySource=f"{bucket}/copy",
        MetadataDirective="REPLACE",
        Metadata={"b": "2"},
        TaggingDirective="REPLACE",
        Tagging="u=2",
        ChecksumAlgorithm="SHA256",
    )
    head = s3.head_object(Bucket=bucket, Key="copy", ChecksumMode="ENABLED")
    assert (head["ContentType"], head["Metadata"]) == ("binary/octet-stream", {"b": "2"})
    assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(content).digest()).decode()
    s3.delete_object(Bucket=bucket, Key=source)
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == content
    with Refused("InvalidRequest", 400):
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/copy")
    with Refused("NoSuchKey", 404):
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/{source}")
    with Refused("PreconditionFailed", 412):
        s3.copy_object(Bucket=bucket, Key="copy2", CopySource=f"{bucket}/copy", CopySourceIfNoneMatch=etag)
    with Refused("PreconditionFailed", 412):
        s3.copy_object(Bucket=bucket, Key="copy2", CopySource=f"{bucket}/copy", CopySourceIfMatch='"other"')
    s3.copy_object(Bucket=bucket, Key="copy2", CopySource=f"{bucket}/copy", CopySourceIfMatch=etag)


def test_object_tags(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=1&b=two%20words")
    assert s3.head_object(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPHeaders"]["x-amz-tagging-count"] == "2"
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "two words"},
    ]
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": ""}]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "c", "Value": ""}]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    with Refused("InvalidTag", 400):
        s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "1"}] * 2})
    with Refused("BadRequest", 400):
        s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": str(i), "Value": ""} for i in range(11)]})
    with Refused("NoSuchKey", 404):
        s3.get_object_tagging(Bucket=bucket, Key="missing")


# Listing


def test_list_v2(s3: Any, bucket: str) -> None:
    keys = ["a", "b/1", "b/2", "b/c/1", "b+ü", "c d/1", "z"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    page = s3.list_objects_v2(Bucket=bucket)
    assert [entry["Key"] for entry in page["Contents"]] == sorted(keys, key=str.encode)
    assert (page["KeyCount"], page["MaxKeys"], page["IsTruncated"], page["Name"]) == (7, 1000, False, bucket)
    assert page["Contents"][0]["ETag"] == '"' + hashlib.md5(b"a").hexdigest() + '"'
    assert (page["Contents"][0]["Size"], page["Contents"][0]["StorageClass"]) == (1, "STANDARD")
    assert "Owner" not in page["Contents"][0]
    assert "ID" in s3.list_objects_v2(Bucket=bucket, FetchOwner=True)["Contents"][0]["Owner"]

    page = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [entry["Key"] for entry in page["Contents"]] == ["a", "b+ü", "z"]
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["b/", "c d/"]
    assert page["KeyCount"] == 5
    page = s3.list_objects_v2(Bucket=bucket, Delimiter="/", Prefix="b/")
    assert [entry["Key"] for entry in page["Contents"]] == ["b/1", "b/2"]
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["b/c/"]
    page = s3.list_objects_v2(Bucket=bucket, StartAfter="b/1", MaxKeys=2)
    assert [entry["Key"] for entry in page["Contents"]] == ["b/2", "b/c/1"]
    assert page["IsTruncated"]
    page = s3.list_objects_v2(Bucket=bucket, ContinuationToken=page["NextContinuationToken"])
    assert [entry["Key"] for entry in page["Contents"]] == ["c d/1", "z"]
    with Refused("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, ContinuationToken="nonsense")
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"] == 0
    with Refused("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, MaxKeys=-1)

    seen = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}):
        seen += [entry["Key"] for entry in page.get("Contents", [])] + [e["Prefix"] for e in page.get("CommonPrefixes", [])]
    assert seen == ["a", "b+ü", "b/", "c d/", "z"]


def test_list_v1_and_versions(s3: Any, bucket: str) -> None:
    for key in ("a", "b/1", "b/2", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    page = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=2)
    assert [entry["Key"] for entry in page["Contents"]] == ["a"]
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["b/"]
    assert (page["IsTruncated"], page["NextMarker"]) == (True, "b/")
    page = s3.list_objects(Bucket=bucket, Delimiter="/", Marker="b/")
    assert [entry["Key"] for entry in page["Contents"]] == ["c"]
    assert "CommonPrefixes" not in page
    page = s3.list_objects(Bucket=bucket, MaxKeys=3)
    assert "NextMarker" not in page
    assert [entry["Key"] for entry in s3.list_objects(Bucket=bucket, Marker="b/1")["Contents"]] == ["b/2", "c"]
    versions = s3.list_object_versions(Bucket=bucket, MaxKeys=3)
    assert [(v["Key"], v["VersionId"], v["IsLatest"]) for v in versions["Versions"]] == [
        ("a", "null", True),
        ("b/1", "null", True),
        ("b/2", "null", True),
    ]
    rest = s3.list_object_versions(
        Bucket=bucket, KeyMarker=versions["NextKeyMarker"], VersionIdMarker=versions["NextVersionIdMarker"]
    )
    assert [version["Key"] for version in rest["Versions"]] == ["c"]


def test_list_many(s3: Any, bucket: str) -> None:
    keys = sorted(f"{i % 7}/{i:05d}" for i in range(1200))
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket))
    assert [len(page["Contents"]) for page in pages] == [1000, 200]
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == keys


# Multipart uploads


def joint_etag(parts: list[bytes]) -> str:
    return '"' + hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest() + f'-{len(parts)}"'


def upload_parts(s3: Any, bucket: str, upload_id: str, parts: list[bytes], **options: Any) -> list[dict[str, Any]]:
    done = []
    for number, part in enumerate(parts, 1):
        answer = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=number, Body=part, **options)
        named = {name: value for name, value in answer.items() if name.startswith("Checksum") and name != "ChecksumType"}
        done.append({"PartNumber": number, "ETag": answer["ETag"], **named})
    return done


def test_multipart(s3: Any, bucket: str) -> None:
    parts = [os.urandom(5 * MIB), os.urandom(5 * MIB + 1), b"end"]
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k", ContentType="text/csv", Metadata={"a": "1"}, Tagging="t=1")[
        "UploadId"
    ]
    done = upload_parts(s3, bucket, upload_id, parts)
    listed = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload_id, MaxParts=2)
    assert [(part["PartNumber"], part["Size"], part["ETag"]) for part in listed["Parts"]] == [
        (1, 5 * MIB, done[0]["ETag"]),
        (2, 5 * MIB + 1, done[1]["ETag"]),
    ]
    assert (listed["IsTruncated"], listed["NextPartNumberMarker"]) == (True, 2)
    uploads = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(upload["Key"], upload["UploadId"]) for upload in uploads] == [("k", upload_id)]
    with Refused("NoSuchKey"):
        s3.get_object(Bucket=bucket, Key="k")

    answer = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": done})
    assert answer["ETag"] == joint_etag(parts)
    assert answer["Location"].endswith(f"/{bucket}/k")
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["Body"].read() == b"".join(parts)
    assert (got["ETag"], got["ContentType"], got["Metadata"]) == (joint_etag(parts), "text/csv", {"a": "1"})
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    assert second["Body"].read() == parts[1]
    assert (second["PartsCount"], second["ResponseMetadata"]["HTTPStatusCode"]) == (3, 206)
    with Refused("InvalidPartNumber", 416):
        s3.get_object(Bucket=bucket, Key="k", PartNumber=4)
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectParts"])
    assert attributes["ObjectParts"]["TotalPartsCount"] == 3
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    with Refused("NoSuchUpload", 404):
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": done})
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")["CopyObjectResult"]
    assert copied["ETag"] == '"' + hashlib.md5(b"".join(parts)).hexdigest() + '"'


def test_multipart_refusals(s3: Any, bucket: str) -> None:
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    done = upload_parts(s3, bucket, upload_id, [b"small", b"too"])

    def complete(parts: list[dict[str, Any]], **options: Any) -> Any:
        return s3.complete_multipart_upload(
            Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": parts}, **options
        )

    with Refused("EntityTooSmall", 400) as refused:
        complete(done)
    assert refused.response["Error"]["PartNumber"] == "1"
    with Refused("InvalidPartOrder", 400):
        complete(done[::-1])
    with Refused("InvalidPart", 400):
        complete([{"PartNumber": 3, "ETag": done[0]["ETag"]}])
    with Refused("InvalidPart", 400):
        complete([{"PartNumber": 1, "ETag": done[1]["ETag"]}])
    with Refused("MalformedXML", 400):
        complete([])
    with Refused("InvalidArgument", 400):
        s3.upload_part(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=10_001, Body=b"")
    with Refused("NoSuchUpload", 404):
        s3.upload_part(Bucket=bucket, Key="k", UploadId="nonsense", PartNumber=1, Body=b"")
    with Refused("NoSuchUpload", 404):
        s3.list_parts(Bucket=bucket, Key="other", UploadId=upload_id)
    s3.put_object(Bucket=bucket, Key="k", Body=b"there")
    with Refused("PreconditionFailed", 412):
        complete(done[:1], IfNoneMatch="*")
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id)
    with Refused("NoSuchUpload", 404):
        s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"there"


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        ("CRC32", "COMPOSITE"),
        ("CRC32", "FULL_OBJECT"),
        ("SHA256", "COMPOSITE"),
        ("SHA1", "COMPOSITE"),
    ],
)
def test_multipart_checksums(s3: Any, bucket: str, algorithm: str, kind: str) -> None:
    parts = [os.urandom(5 * MIB), os.urandom(100_000)]
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm=algorithm, ChecksumType=kind)["UploadId"]
    done = upload_parts(s3, bucket, upload_id, parts, ChecksumAlgorithm=algorithm)
    other = "SHA1" if algorithm == "SHA256" else "SHA256"
    with Refused("InvalidRequest", 400):
        s3.upload_part(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=3, Body=b"", ChecksumAlgorithm=other)
    member = "Checksum" + algorithm
    digest = DIGESTS[algorithm]
    if kind == "COMPOSITE":
        with Refused("InvalidRequest", 400):
            bare = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in done]
            s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": bare})
        expected = base64.b64encode(digest(b"".join(digest(part) for part in parts))).decode() + "-2"
    else:
        expected = base64.b64encode(digest(b"".join(parts))).decode()
        with Refused("BadDigest", 400):
            s3.complete_multipart_upload(
                Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": done}, ChecksumCRC32="AAAAAA=="
            )
    answer = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": done})
    assert (answer[member], answer["ChecksumType"]) == (expected, kind)
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"".join(parts)
    assert (got[member], got["ChecksumType"]) == (expected, kind)
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ObjectParts", "Checksum"])
    assert attributes["ObjectParts"]["Parts"][1]["Size"] == 100_000
    assert attributes["ObjectParts"]["Parts"][1][member] == done[1][member]


def test_upload_part_copy(s3: Any, bucket: str) -> None:
    content = os.urandom(6 * MIB)
    s3.put_object(Bucket=bucket, Key="source", Body=content)
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    done = []
    for number, given in ((1, {}), (2, {"CopySourceRange": f"bytes=1-{5 * MIB}"}), (3, {"CopySourceRange": "bytes=0-9"})):
        answer = s3.upload_part_copy(
            Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=number, CopySource=f"{bucket}/source", **given
        )
        done.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    assert done[2]["ETag"] == '"' + hashlib.md5(content[:10]).hexdigest() + '"'
    with Refused("InvalidArgument", 400):
        s3.upload_part_copy(
            Bucket=bucket,
            Key="k",
            UploadId=upload_id,
            PartNumber=4,
            CopySource=f"{bucket}/source",
            CopySourceRange=f"bytes=0-{6 * MIB}",
        )
    s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id, MultipartUpload={"Parts": done})
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == content + content[1 : 5 * MIB + 1] + content[:10]


def test_managed_transfers(s3: Any, bucket: str, tmp_path: Path) -> None:
    content = os.urandom(20 * MIB)
    (tmp_path / "up").write_bytes(content)
    s3.upload_file(str(tmp_path / "up"), bucket, "big", ExtraArgs={"ChecksumAlgorithm": "CRC64NVME"} if has_crt() else None)
    s3.download_file(bucket, "big", str(tmp_path / "down"))
    assert (tmp_path / "down").read_bytes() == content
    s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "big-copy")
    assert s3.get_object(Bucket=bucket, Key="big-copy")["Body"].read() == content


def has_crt() -> bool:
    try:
        import awscrt  # noqa: F401
    except ImportError:
        return False
    return True


# The wire


def test_presigned_urls(s3: Any, bucket: str) -> None:
    address = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    request = urllib.request.Request(address, data=b"by url", method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    address = s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "k", "ResponseContentType": "text/plain"}, ExpiresIn=60
    )
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"by url"
        assert answer.headers["Content-Type"] == "text/plain"
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(address.replace("/k?", "/missing?"))
    assert raised.value.code == 404
    assert b"<Code>NoSuchKey</Code>" in raised.value.read()


def test_the_coding_of_the_transfer_is_not_kept(s3: Any, endpoint: str, bucket: str) -> None:
    content = os.urandom(150_000)
    checksum = base64.b64encode(zlib.crc32(content).to_bytes(4, "big"))
    chunks = [content[i : i + 70_000] for i in range(0, len(content), 70_000)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    body += b"0\r\nx-amz-checksum-crc32:" + checksum + b"\r\n\r\n"
    headers = {
        "Content-Encoding": "gzip,aws-chunked",
        "Content-Type": "text/csv",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": str(len(content)),
        "x-amz-trailer": "x-amz-checksum-crc32",
    }
    address = f"{endpoint}/{bucket}/k"
    with urllib.request.urlopen(urllib.request.Request(address, data=body, headers=headers, method="PUT")) as answer:
        assert answer.headers["ETag"] == '"' + hashlib.md5(content).hexdigest() + '"'
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == content
    assert (got["ContentEncoding"], got["ChecksumCRC32"]) == ("gzip", checksum.decode())


# The AWS CLI


@pytest.fixture()
def cli(endpoint: str) -> Any:
    program = Path(sys.executable).with_name("aws")
    if not program.exists():
        pytest.skip("the AWS CLI is not installed beside this Python")

    def run(*arguments: str) -> str:
        command = [str(program), "--endpoint-url", endpoint, "--region", "us-east-1", "s3", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_aws_cli(cli: Any, s3: Any, bucket: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "a.txt").write_bytes(b"a")
    (tree / "sub" / "b c.txt").write_bytes(os.urandom(100_000))
    (tree / "big").write_bytes(os.urandom(10 * MIB))
    cli("cp", str(tree / "a.txt"), f"s3://{bucket}/one.txt")
    assert "one.txt" in cli("ls", f"s3://{bucket}/")
    cli("sync", str(tree), f"s3://{bucket}/tree")
    assert cli("sync", str(tree), f"s3://{bucket}/tree") == ""
    listed = cli("ls", "--recursive", f"s3://{bucket}/tree/")
    assert [line.split(None, 3)[3] for line in listed.splitlines()] == ["tree/a.txt", "tree/big", "tree/sub/b c.txt"]
    assert "PRE sub/" in cli("ls", f"s3://{bucket}/tree/")
    cli("sync", f"s3://{bucket}/tree", str(tmp_path / "back"))
    for name in ("a.txt", "big", "sub/b c.txt"):
        assert (tmp_path / "back" / name).read_bytes() == (tree / name).read_bytes()
    cli("cp", f"s3://{bucket}/tree/big", f"s3://{bucket}/big-copy")
    cli("mv", f"s3://{bucket}/one.txt", f"s3://{bucket}/moved.txt")
    cli("rm", f"s3://{bucket}/moved.txt")
    cli("rm", "--recursive", f"s3://{bucket}/tree")
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["big-copy"]
    assert bucket in cli("ls")


# What was acknowledged is there at once, for everybody


def test_read_after_write(s3: Any, endpoint: str, bucket: str) -> None:
    other = make_client(endpoint)
    for i in range(50):
        s3.put_object(Bucket=bucket, Key="k", Body=str(i).encode() * (1 + i * 1000))
        assert other.get_object(Bucket=bucket, Key="k")["Body"].read().startswith(str(i).encode())
        assert other.list_objects_v2(Bucket=bucket)["Contents"][0]["Size"] == len(str(i)) * (1 + i * 1000)


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built")
    acknowledged: dict[str, str] = {}  # key → ETag
    for life in range(3):
        process, address = start_server(BINARY, tmp_path)
        threading.Thread(target=drain, args=(process,), daemon=True).start()
        client = make_client(address)
        if life == 0:
            client.create_bucket(Bucket="kept")
        listed = {
            entry["Key"]: entry["ETag"]
            for page in client.get_paginator("list_objects_v2").paginate(Bucket="kept")
            for entry in page.get("Contents", [])
        }
        assert acknowledged.items() <= listed.items()
        for key, etag in listed.items():  # also what was written but not acknowledged is whole
            body = client.get_object(Bucket="kept", Key=key)["Body"].read()
            assert '"' + hashlib.md5(body).hexdigest() + '"' == etag
        acknowledged = listed | put_until_killed(client, process, life)
    process.wait()


def put_until_killed(client: Any, process: subprocess.Popen[str], life: int) -> dict[str, str]:
    """Four writers put objects, small and large; the server is killed under their hands."""
    acknowledged: dict[str, str] = {}

    def write(writer: int) -> None:
        for i in range(100_000):
            key = f"{life}/{writer}/{i}"
            body = os.urandom((100, 30_000, 400_000)[i % 3])
            try:
                acknowledged[key] = client.put_object(Bucket="kept", Key=key, Body=body)["ETag"]
            except (ClientError, BotoCoreError):
                return

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 60:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    for writer in writers:
        writer.join()
    return acknowledged
