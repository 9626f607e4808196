"""Policies attached to resources decide together with those of the caller."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import BINARY
from guarded_server import ACCOUNT, ROOT, Guarded, denial_of, document, statement

EXPLICIT = "with an explicit deny in a resource-based policy"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built: run 'make build'")
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def people(guarded: Guarded) -> dict[str, Any]:
    """Clients of S3: ann has no rights, bob has all of S3."""
    keys = {"ann": guarded.user("ann"), "bob": guarded.user("bob", statement("s3:*")), "root": ROOT}
    return {name: guarded.client("s3", *key) for name, key in keys.items()}


def bucket(people: dict[str, Any], name: str, *statements: dict[str, Any]) -> str:
    people["root"].create_bucket(Bucket=name)
    people["root"].put_object(Bucket=name, Key="k", Body=b"body")
    if statements:
        people["root"].put_bucket_policy(Bucket=name, Policy=document(*statements))
    return f"arn:aws:s3:::{name}"


def test_a_bucket_policy_grants(people: dict[str, Any]) -> None:
    ann = f"arn:aws:iam::{ACCOUNT}:user/ann"
    arn = bucket(people, "for-ann", statement("s3:GetObject", "arn:aws:s3:::for-ann/*", Principal={"AWS": ann}))
    assert people["ann"].get_object(Bucket="for-ann", Key="k")["Body"].read() == b"body"
    assert f"User: {ann} is not authorized to perform: s3:PutObject on resource: {arn}/k" in denial_of(
        people["ann"].put_object, Bucket="for-ann", Key="k", Body=b""
    )


def test_the_account_as_principal_leaves_it_to_the_callers_policies(people: dict[str, Any]) -> None:
    account = f"arn:aws:iam::{ACCOUNT}:root"
    bucket(people, "for-account", statement("s3:*", "arn:aws:s3:::for-account/*", Principal={"AWS": account}))
    assert "no identity-based policy allows" in denial_of(people["ann"].get_object, Bucket="for-account", Key="k")
    assert people["bob"].get_object(Bucket="for-account", Key="k")


def test_an_explicit_deny_wins(people: dict[str, Any]) -> None:
    deny = statement("s3:PutObject", "arn:aws:s3:::kept/*", effect="Deny", Principal="*")
    bucket(people, "kept")
    people["root"].put_bucket_policy(Bucket="kept", Policy=document(deny))
    assert denial_of(people["bob"].put_object, Bucket="kept", Key="k", Body=b"").endswith(EXPLICIT)
    assert denial_of(people["root"].put_object, Bucket="kept", Key="k", Body=b"").endswith(EXPLICIT)
    assert people["bob"].get_object(Bucket="kept", Key="k")
    people["root"].delete_bucket_policy(Bucket="kept")  # the account can always mend it
    people["bob"].put_object(Bucket="kept", Key="k", Body=b"")


def test_only_over_tls_means_no_foreign_network(people: dict[str, Any]) -> None:
    """What `enforceSSL` of the CDK writes: requests of this machine's own loopback are nobody else's to read."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    everything = ["arn:aws:s3:::tls", "arn:aws:s3:::tls/*"]
    bucket(people, "tls", statement("s3:*", everything, effect="Deny", Principal="*", Condition=insecure))
    assert people["bob"].get_object(Bucket="tls", Key="k")


def fetch(guarded: Guarded, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(guarded.endpoint + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def test_people_without_a_name(guarded: Guarded, people: dict[str, Any]) -> None:
    bucket(people, "closed")
    bucket(people, "public")
    people["root"].delete_public_access_block(Bucket="public")
    everyone = statement("s3:GetObject", "arn:aws:s3:::public/*", Principal="*")
    people["root"].put_bucket_policy(Bucket="public", Policy=document(everyone))
    assert fetch(guarded, "/public/k") == (200, b"body")
    for path in ("/closed/k", "/public", "/closed"):
        status, body = fetch(guarded, path)
        assert status == 403 and b"<Code>AccessDenied</Code>" in body, path
    block = {name: True for name in ("BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets")}
    people["root"].put_public_access_block(
        Bucket="public", PublicAccessBlockConfiguration={**block, "BlockPublicPolicy": False}
    )
    assert fetch(guarded, "/public/k")[0] == 403


def test_conditions_see_the_request(guarded: Guarded, people: dict[str, Any]) -> None:
    local = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
    far = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    late = {"DateGreaterThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}}
    for name, condition, allowed in (("near", local, True), ("far", far, False), ("late", late, False)):
        key = guarded.user(name, statement("s3:GetObject", Condition=condition))
        bucket(people, f"seen-{name}")
        s3 = guarded.client("s3", *key)
        if allowed:
            assert s3.get_object(Bucket=f"seen-{name}", Key="k")
        else:
            denial_of(s3.get_object, Bucket=f"seen-{name}", Key="k")


def test_tags_of_requests_and_of_resources(guarded: Guarded) -> None:
    wanted = {"StringEquals": {"aws:RequestTag/team": "etl"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    owned = {"StringEquals": {"aws:ResourceTag/team": "etl"}}
    key = guarded.user(
        "tagger", statement("glue:CreateDatabase", Condition=wanted), statement("dynamodb:DescribeTable", Condition=owned)
    )
    glue = guarded.client("glue", *key)
    denial_of(glue.create_database, DatabaseInput={"Name": "bare"})
    denial_of(glue.create_database, DatabaseInput={"Name": "more"}, Tags={"team": "etl", "other": "x"})
    glue.create_database(DatabaseInput={"Name": "tagged"}, Tags={"team": "etl"})

    root = guarded.client("dynamodb")
    for name, tags in (("theirs", []), ("ours", [{"Key": "team", "Value": "etl"}])):
        root.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=tags,
        )
    dynamodb = guarded.client("dynamodb", *key)
    assert dynamodb.describe_table(TableName="ours")
    denial_of(dynamodb.describe_table, TableName="theirs")


def test_policies_of_the_catalog_and_of_secrets(guarded: Guarded) -> None:
    key = guarded.user("eve", statement("glue:GetDatabases"))
    eve = f"arn:aws:iam::{ACCOUNT}:user/eve"
    root, glue = guarded.client("glue"), guarded.client("glue", *key)
    catalog = f"arn:aws:glue:us-east-1:{ACCOUNT}:"
    root.create_database(DatabaseInput={"Name": "shared"})
    denial_of(glue.get_database, Name="shared")
    grant = statement("glue:GetDatabase", [catalog + "catalog", catalog + "database/shared"], Principal={"AWS": eve})
    deny = statement("glue:GetDatabases", [catalog + "catalog"], effect="Deny", Principal={"AWS": eve})
    root.put_resource_policy(PolicyInJson=document(grant, deny))
    assert glue.get_database(Name="shared")
    assert denial_of(glue.get_databases).endswith(EXPLICIT)
    root.delete_resource_policy()
    denial_of(glue.get_database, Name="shared")

    secrets = guarded.client("secretsmanager")
    arn = secrets.create_secret(Name="password", SecretString="x")["ARN"]
    theirs = guarded.client("secretsmanager", *key)
    assert f"on resource: {arn} " in denial_of(theirs.get_secret_value, SecretId="password")
    secrets.put_resource_policy(
        SecretId="password",
        ResourcePolicy=json.dumps(
            {"Version": "2012-10-17", "Statement": statement("secretsmanager:GetSecretValue", Principal={"AWS": eve})}
        ),
    )
    assert theirs.get_secret_value(SecretId="password")["SecretString"] == "x"


def test_a_keys_policy_is_the_root_of_all_rights_to_it(guarded: Guarded) -> None:
    key = guarded.user("kim", statement("kms:*"))
    kim = f"arn:aws:iam::{ACCOUNT}:user/kim"
    root, kms = guarded.client("kms"), guarded.client("kms", *key)
    shared = root.create_key()["KeyMetadata"]["KeyId"]
    assert kms.describe_key(KeyId=shared)
    only_root = statement("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"})
    closed = root.create_key(Policy=document(only_root), BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]
    assert "because no resource-based policy allows the kms:DescribeKey action" in denial_of(kms.describe_key, KeyId=closed)
    assert kim
