"""ECR's repositories through boto3. The fixture `endpoint` is the address of a running server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 365,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)


@pytest.fixture(scope="module")
def ecr(endpoint: str) -> Any:
    return boto3.client("ecr", endpoint_url=endpoint, region_name="eu-central-1", config=Config(retries={"max_attempts": 1}))


@pytest.fixture
def repository(ecr: Any) -> Iterator[str]:
    name = f"team/{uuid.uuid4().hex[:12]}"
    ecr.create_repository(repositoryName=name, tags=[{"Key": "team", "Value": "data"}])
    yield name
    ecr.delete_repository(repositoryName=name, force=True)


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """The code of the error that a call must give."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_repository_life(ecr: Any) -> None:
    name = f"life-{uuid.uuid4().hex[:12]}"
    created = ecr.create_repository(
        repositoryName=name, imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True}
    )["repository"]
    assert created["repositoryArn"] == f"arn:aws:ecr:eu-central-1:000000000000:repository/{name}"
    assert created["repositoryUri"] == f"000000000000.dkr.ecr.eu-central-1.amazonaws.com/{name}"
    assert created["imageTagMutability"] == "IMMUTABLE"
    assert created["encryptionConfiguration"] == {"encryptionType": "AES256"}
    assert refusal(ecr.create_repository, repositoryName=name) == "RepositoryAlreadyExistsException"
    assert ecr.describe_repositories(repositoryNames=[name])["repositories"] == [created]
    assert ecr.delete_repository(repositoryName=name)["repository"] == created
    assert refusal(ecr.delete_repository, repositoryName=name) == "RepositoryNotFoundException"
    assert refusal(ecr.describe_repositories, repositoryNames=[name]) == "RepositoryNotFoundException"


def test_pages(ecr: Any) -> None:
    names = sorted(f"pages/{uuid.uuid4().hex[:8]}" for _ in range(3))
    for name in names:
        ecr.create_repository(repositoryName=name)
    pages = list(ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) >= 2
    found = [repository["repositoryName"] for page in pages for repository in page["repositories"]]
    assert [name for name in found if name in names] == names
    for name in names:
        ecr.delete_repository(repositoryName=name)


def test_policies(ecr: Any, repository: str) -> None:
    where = {"repositoryName": repository}
    assert refusal(ecr.get_repository_policy, **where) == "RepositoryPolicyNotFoundException"
    assert refusal(ecr.get_lifecycle_policy, **where) == "LifecyclePolicyNotFoundException"
    assert refusal(ecr.delete_lifecycle_policy, **where) == "LifecyclePolicyNotFoundException"
    assert refusal(ecr.set_repository_policy, policyText="{}", **where) == "InvalidParameterException"
    assert (
        refusal(ecr.put_lifecycle_policy, lifecyclePolicyText='{"rules":[]}' + " " * 100, **where)
        == "InvalidParameterException"
    )
    ecr.set_repository_policy(policyText=POLICY, **where)
    ecr.put_lifecycle_policy(lifecyclePolicyText=LIFECYCLE, **where)
    assert ecr.get_repository_policy(**where)["policyText"] == POLICY
    assert ecr.get_lifecycle_policy(**where)["lifecyclePolicyText"] == LIFECYCLE
    assert ecr.delete_repository_policy(**where)["policyText"] == POLICY
    assert ecr.delete_lifecycle_policy(**where)["lifecyclePolicyText"] == LIFECYCLE
    assert refusal(ecr.get_repository_policy, **where) == "RepositoryPolicyNotFoundException"


def test_settings_and_tags(ecr: Any, repository: str) -> None:
    where = {"repositoryName": repository}
    ecr.put_image_tag_mutability(imageTagMutability="IMMUTABLE", **where)
    ecr.put_image_scanning_configuration(imageScanningConfiguration={"scanOnPush": True}, **where)
    assert (
        refusal(ecr.put_image_tag_mutability, imageTagMutability="MUTABLE_WITH_EXCLUSION", **where)
        == "InvalidParameterException"
    )
    found = ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    assert (found["imageTagMutability"], found["imageScanningConfiguration"]) == ("IMMUTABLE", {"scanOnPush": True})
    arn = found["repositoryArn"]
    ecr.tag_resource(resourceArn=arn, tags=[{"Key": "cost", "Value": "1"}])
    ecr.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert ecr.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "cost", "Value": "1"}]
    assert (
        refusal(ecr.list_tags_for_resource, resourceArn="arn:aws:ecr:eu-central-1:000000000000:thing/x")
        == "InvalidParameterException"
    )


def test_images_are_refused_by_name(ecr: Any, repository: str) -> None:
    with pytest.raises(ClientError, match="DescribeImages"):
        ecr.describe_images(repositoryName=repository)
