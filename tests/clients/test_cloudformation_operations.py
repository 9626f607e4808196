"""CloudFormation's rarer ways through boto3: failures that stand, rollbacks asked for, nested stacks, references, paging."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

Resources = dict[str, dict[str, Any]]


def name(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def cloudformation(endpoint: str) -> Any:
    return boto3.client("cloudformation", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def s3(endpoint: str) -> Any:
    return boto3.client("s3", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def logs(endpoint: str) -> Any:
    return boto3.client("logs", endpoint_url=endpoint)


@pytest.fixture(scope="module")
def ssm(endpoint: str) -> Any:
    return boto3.client("ssm", endpoint_url=endpoint)


def ended(client: Any, stack: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        record: dict[str, Any] = client.describe_stacks(StackName=stack)["Stacks"][0]
        if not record["StackStatus"].endswith("_IN_PROGRESS"):
            return record
        time.sleep(0.02)
    raise AssertionError(f"{stack} did not end")


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def body(resources: Resources, **more: Any) -> str:
    return json.dumps({"Resources": resources} | more)


def bucket(of: str, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": of}} | more


def group(of: str, days: int = 7, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": of, "RetentionInDays": days}} | more


def exists(s3: Any, of: str) -> bool:
    return of in {each["Name"] for each in s3.list_buckets()["Buckets"]}


def days_of(logs: Any, of: str) -> list[int]:
    return [each["retentionInDays"] for each in logs.describe_log_groups(logGroupNamePrefix=of)["logGroups"]]


def events_of(client: Any, stack: str) -> list[tuple[str, str]]:
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]
    return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in reversed(events)]


@pytest.fixture
def taken(s3: Any) -> str:
    """A bucket that is there: nobody makes it again."""
    of = name("taken")
    s3.create_bucket(Bucket=of)
    return of


def failing(made: str, taken: str) -> str:
    return body({"Made": bucket(made), "Fails": bucket(taken, DependsOn="Made")})


def test_a_failed_creation_may_stand_and_is_rolled_back_when_asked(cloudformation: Any, s3: Any, taken: str) -> None:
    for arguments in ({"DisableRollback": True}, {"OnFailure": "DO_NOTHING"}):
        stack, made = name("stack"), name("made")
        identity = cloudformation.create_stack(StackName=stack, TemplateBody=failing(made, taken), **arguments)["StackId"]
        record = ended(cloudformation, stack)
        assert record["StackStatus"] == "CREATE_FAILED" and record["DisableRollback"]
        assert record["StackStatusReason"].startswith("The following resource(s) failed to create: [Fails].")
        assert exists(s3, made)
        cloudformation.rollback_stack(StackName=stack, ClientRequestToken="back")
        assert ended(cloudformation, stack)["StackStatus"] == "ROLLBACK_COMPLETE"
        assert not exists(s3, made) and exists(s3, taken)
        assert refusal(cloudformation.rollback_stack, StackName=stack) == (
            "ValidationError",
            f"Stack:{identity} is in ROLLBACK_COMPLETE state and can not be rolled back.",
        )
        cloudformation.delete_stack(StackName=stack)
        assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_creation_may_go_altogether(cloudformation: Any, s3: Any, taken: str) -> None:
    stack, made = name("stack"), name("made")
    identity = cloudformation.create_stack(StackName=stack, TemplateBody=failing(made, taken), OnFailure="DELETE")["StackId"]
    assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE"
    assert not exists(s3, made)
    assert refusal(cloudformation.describe_stacks, StackName=stack)[1] == f"Stack with id {stack} does not exist"


def test_what_a_rollback_retains(cloudformation: Any, s3: Any, taken: str) -> None:
    kept, gone = name("kept"), name("gone")
    for made, arguments in ((kept, {}), (gone, {"RetainExceptOnCreate": True})):
        stack = name("stack")
        template = body({"Made": bucket(made, DeletionPolicy="Retain"), "Fails": bucket(taken, DependsOn="Made")})
        cloudformation.create_stack(StackName=stack, TemplateBody=template, **arguments)
        assert ended(cloudformation, stack)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert exists(s3, kept) and not exists(s3, gone)


def test_a_failed_update_may_stand(cloudformation: Any, s3: Any, logs: Any, taken: str) -> None:
    stack, first, second, of = name("stack"), name("first"), name("second"), name("/group")

    def template(made: str, days: int, fails: str = "") -> str:
        resources = {"Made": bucket(made), "Group": group(of, days)}
        if fails:
            resources["Fails"] = bucket(fails, DependsOn=["Made", "Group"])
        return body(resources, Outputs={"Name": {"Value": {"Ref": "Made"}}})

    cloudformation.create_stack(StackName=stack, TemplateBody=template(first, 7))
    ended(cloudformation, stack)
    # Rolled back when asked.
    cloudformation.update_stack(StackName=stack, TemplateBody=template(second, 30, taken), DisableRollback=True)
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_FAILED"
    assert exists(s3, first) and exists(s3, second) and days_of(logs, of) == [30]
    cloudformation.rollback_stack(StackName=stack)
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and record["Outputs"][0]["OutputValue"] == first
    assert exists(s3, first) and not exists(s3, second) and days_of(logs, of) == [7]
    # Updated on.
    cloudformation.update_stack(StackName=stack, TemplateBody=template(second, 30, taken), DisableRollback=True)
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_FAILED"
    cloudformation.update_stack(StackName=stack, TemplateBody=template(second, 30))
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "UPDATE_COMPLETE" and record["Outputs"][0]["OutputValue"] == second
    assert not exists(s3, first) and exists(s3, second) and exists(s3, taken)
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, record["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert exists(s3, taken) and not exists(s3, second)


def test_a_rollback_that_fails_is_continued(cloudformation: Any, logs: Any, taken: str) -> None:
    stack, of, other = name("stack"), name("/group"), name("/other")

    def template(days: int, fails: str = "") -> str:
        resources = {"Group": group(of, days), "Other": group(other, days)}
        if fails:
            resources["Fails"] = bucket(fails, DependsOn=["Group", "Other"])
        return body(resources)

    def break_rollback() -> None:
        """An update that fails and stands, and whose group somebody deletes: it cannot be set back."""
        cloudformation.update_stack(StackName=stack, TemplateBody=template(30, taken), DisableRollback=True)
        assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_FAILED"
        logs.delete_log_group(logGroupName=of)
        cloudformation.rollback_stack(StackName=stack)
        record = ended(cloudformation, stack)
        assert record["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
        assert record["StackStatusReason"].startswith("The following resource(s) failed to update: [Group].")

    cloudformation.create_stack(StackName=stack, TemplateBody=template(7))
    assert ended(cloudformation, stack)["StackStatus"] == "CREATE_COMPLETE"
    assert refusal(cloudformation.continue_update_rollback, StackName=stack)[0] == "ValidationError"
    break_rollback()
    assert refusal(cloudformation.update_stack, StackName=stack, TemplateBody=template(1))[0] == "ValidationError"
    cloudformation.continue_update_rollback(StackName=stack)  # Nothing was mended.
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    logs.create_log_group(logGroupName=of)
    cloudformation.continue_update_rollback(StackName=stack)
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert days_of(logs, of) == [7] and days_of(logs, other) == [7]
    break_rollback()
    cloudformation.continue_update_rollback(StackName=stack, ResourcesToSkip=["Group"])
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert days_of(logs, of) == [] and days_of(logs, other) == [7]
    failed = cloudformation.describe_events(StackName=stack, Filters={"FailedEvents": True})["OperationEvents"]
    assert {event["ResourceStatus"] for event in failed} <= {"UPDATE_FAILED", "CREATE_FAILED", "UPDATE_ROLLBACK_FAILED"}
    assert "Group" in {event.get("LogicalResourceId") for event in failed}
    assert len(cloudformation.describe_events(StackName=stack)["OperationEvents"]) > len(failed)


def test_the_events_of_a_change_set_say_why_it_failed(cloudformation: Any) -> None:
    stack = name("stack")
    cloudformation.create_change_set(
        StackName=stack, ChangeSetName="set", ChangeSetType="CREATE", TemplateBody=body({"A": {"Type": "AWS::No::Thing"}})
    )
    (event,) = cloudformation.describe_events(StackName=stack, ChangeSetName="set")["OperationEvents"]
    assert "AWS::No::Thing" in event["ResourceStatusReason"] and event["ResourceStatus"] == "FAILED"
    cloudformation.delete_stack(StackName=stack)


def test_an_update_is_cancelled(cloudformation: Any, logs: Any) -> None:
    stack, prefix, count = name("stack"), name("/cancelled"), 110

    def template(days: int) -> str:
        chain: Resources = {"G0": group(f"{prefix}/0", days)}
        for number in range(1, count):
            chain[f"G{number}"] = group(f"{prefix}/{number}", days, DependsOn=f"G{number - 1}")
        return body(chain)

    identity = cloudformation.create_stack(StackName=stack, TemplateBody=template(7))["StackId"]
    assert ended(cloudformation, stack)["StackStatus"] == "CREATE_COMPLETE"
    assert refusal(cloudformation.cancel_update_stack, StackName=stack) == (
        "ValidationError",
        "CancelUpdateStack cannot be called from current stack status",
    )
    cloudformation.update_stack(StackName=stack, TemplateBody=template(30))
    cloudformation.cancel_update_stack(StackName=stack)
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    found = [each["retentionInDays"] for page in pages for each in page["logGroups"]]
    assert found == [7] * count
    updated = [event for event in events_of(cloudformation, stack) if event == (f"G{count - 1}", "UPDATE_IN_PROGRESS")]
    assert updated == []
    # Paging: a hundred resources, and a hundred events, a page.
    first = cloudformation.list_stack_resources(StackName=stack)
    assert len(first["StackResourceSummaries"]) == 100 and first["NextToken"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    listed = [each["LogicalResourceId"] for page in pages for each in page["StackResourceSummaries"]]
    assert sorted(listed) == sorted(f"G{number}" for number in range(count))
    events = cloudformation.describe_stack_events(StackName=stack)
    assert len(events["StackEvents"]) == 100 and events["NextToken"]
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    identities = [each["EventId"] for page in pages for each in page["StackEvents"]]
    assert len(identities) == len(set(identities)) > 3 * count
    assert "NextToken is invalid" in refusal(cloudformation.describe_stack_events, StackName=stack, NextToken="x")[1]
    cloudformation.delete_stack(StackName=stack)
    assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE"


def test_stacks_come_in_pages(cloudformation: Any) -> None:
    prefix, count = name("many"), 103
    wait = {"Type": "AWS::CDK::Metadata"}
    for number in range(count):
        cloudformation.create_stack(StackName=f"{prefix}-{number}", TemplateBody=body({"M": wait}))
    pages = list(cloudformation.get_paginator("describe_stacks").paginate())
    assert len(pages) > 1 and len(pages[0]["Stacks"]) == 100
    names = [each["StackName"] for page in pages for each in page["Stacks"] if each["StackName"].startswith(prefix)]
    assert len(names) == len(set(names)) == count
    listed = [
        each["StackName"]
        for page in cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=["CREATE_COMPLETE"])
        for each in page["StackSummaries"]
    ]
    assert {each for each in listed if each.startswith(prefix)} == set(names)
    for number in range(count):
        cloudformation.delete_stack(StackName=f"{prefix}-{number}")


def test_a_template_comes_back_byte_for_byte(endpoint: str) -> None:
    plain = boto3.client("cloudformation", endpoint_url=endpoint)
    plain.meta.events.unregister("after-call.cloudformation.GetTemplate", _decoder())
    texts = (
        '{ "Resources" :\r\n\t{"M":{"Type":"AWS::CDK::Metadata"} },\n"Description":"\\u00e4 <&> \\"é\\" 😀" }\n\n',
        "# a comment\nDescription: 'ä <&>'\nResources:\n  M: {Type: AWS::CDK::Metadata}   \n\n",
    )
    for text in texts:
        stack = name("stack")
        plain.create_stack(StackName=stack, TemplateBody=text)
        ended(plain, stack)
        for stage in ("Original", "Processed"):
            assert plain.get_template(StackName=stack, TemplateStage=stage)["TemplateBody"] == text
        plain.create_change_set(StackName=stack, ChangeSetName="set", TemplateBody=text + " ")
        assert plain.get_template(StackName=stack, ChangeSetName="set")["TemplateBody"] == text + " "
        plain.delete_stack(StackName=stack)


def _decoder() -> Any:
    from botocore.handlers import json_decode_template_body

    return json_decode_template_body


def test_templates_are_summarised_and_validated(cloudformation: Any, s3: Any, endpoint: str) -> None:
    template = {
        "Description": "what it is",
        "Metadata": {"a": 1},
        "Parameters": {
            "Size": {"Type": "Number", "Default": 3, "AllowedValues": [1, 3], "Description": "how much"},
            "Secret": {"Type": "String", "NoEcho": True},
        },
        "Resources": {
            "B": {"Type": "AWS::S3::Bucket"},
            "C": {"Type": "AWS::S3::Bucket"},
            "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        },
    }
    text = json.dumps(template)
    summary = cloudformation.get_template_summary(TemplateBody=text)
    parameters = {each["ParameterKey"]: each for each in summary["Parameters"]}
    assert parameters["Size"]["DefaultValue"] == "3" and parameters["Size"]["ParameterType"] == "Number"
    assert parameters["Size"]["ParameterConstraints"]["AllowedValues"] == ["1", "3"]
    assert parameters["Secret"]["NoEcho"] is True and "DefaultValue" not in parameters["Secret"]
    assert sorted(set(summary["ResourceTypes"])) == ["AWS::IAM::Role", "AWS::S3::Bucket"]
    identifiers = {each["ResourceType"]: each["LogicalResourceIds"] for each in summary["ResourceIdentifierSummaries"]}
    assert identifiers["AWS::S3::Bucket"] == ["B", "C"]
    assert summary["Capabilities"] == ["CAPABILITY_IAM"] and "AWS::IAM::Role" in summary["CapabilitiesReason"]
    assert summary["Description"] == "what it is" and json.loads(summary["Metadata"]) == {"a": 1}
    unknown = body({"A": {"Type": "AWS::No::Thing"}})
    assert "AWS::No::Thing" in refusal(cloudformation.get_template_summary, TemplateBody=unknown)[1]
    warned = cloudformation.get_template_summary(
        TemplateBody=unknown, TemplateSummaryConfig={"TreatUnrecognizedResourceTypesAsWarnings": True}
    )
    assert warned["Warnings"]["UnrecognizedResourceTypes"] == ["AWS::No::Thing"]

    templates = name("templates")
    s3.create_bucket(Bucket=templates)
    s3.put_object(Bucket=templates, Key="t.json", Body=text)
    validated = cloudformation.validate_template(TemplateURL=f"{endpoint}/{templates}/t.json")
    assert {each["ParameterKey"] for each in validated["Parameters"]} == {"Size", "Secret"}
    assert validated["Capabilities"] == ["CAPABILITY_IAM"]
    wrong = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Nothing"}}}}}
    code, message = refusal(cloudformation.validate_template, TemplateBody=json.dumps(wrong))
    assert code == "ValidationError" and "Unresolved resource dependencies [Nothing]" in message
    assert refusal(cloudformation.validate_template, TemplateBody="{")[0] == "ValidationError"
    assert refusal(cloudformation.validate_template, TemplateBody=json.dumps({"Outputs": {}}))[0] == "ValidationError"


def test_dynamic_references(cloudformation: Any, ssm: Any, logs: Any, endpoint: str, taken: str) -> None:
    secrets = boto3.client("secretsmanager", endpoint_url=endpoint)
    glue = boto3.client("glue", endpoint_url=endpoint)
    stack, of, secret = name("stack"), name("/group"), name("secret")
    ssm.put_parameter(Name=f"{of}/days", Value="7", Type="String")
    ssm.put_parameter(Name=f"{of}/days", Value="30", Type="String", Overwrite=True)
    secrets.create_secret(Name=secret, SecretString=json.dumps({"user": "admin", "password": "first"}))

    def template(days: str, description: str, fails: str = "") -> str:
        properties = {
            "JDBC_CONNECTION_URL": "jdbc:postgresql://h/d",
            "USERNAME": f"{{{{resolve:secretsmanager:{secret}:SecretString:user}}}}",
            "PASSWORD": {"Fn::Sub": f"{{{{resolve:secretsmanager:{secret}:SecretString:password}}}}"},
        }
        connection = {"ConnectionType": "JDBC", "Description": description, "ConnectionProperties": properties}
        resources: Resources = {
            "G": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": of, "RetentionInDays": days}},
            "C": {"Type": "AWS::Glue::Connection", "Properties": {"CatalogId": "000000000000", "ConnectionInput": connection}},
        }
        if fails:
            resources["Fails"] = bucket(fails, DependsOn=["G", "C"])
        return body(resources)

    def connected() -> dict[str, str]:
        found = glue.get_connection(Name=connection)["Connection"]
        return {key: found["ConnectionProperties"][key] for key in ("USERNAME", "PASSWORD")} | {"d": found["Description"]}

    cloudformation.create_stack(StackName=stack, TemplateBody=template(f"{{{{resolve:ssm:{of}/days:1}}}}", "one"))
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "CREATE_COMPLETE", events_of(cloudformation, stack)
    assert days_of(logs, of) == [7]
    resources = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    connection = next(each["PhysicalResourceId"] for each in resources if each["LogicalResourceId"] == "C")
    assert connected() == {"USERNAME": "admin", "PASSWORD": "first", "d": "one"}
    # Without a version the newest holds; and what is kept of a secret is its name alone.
    newest = template(f"{{{{resolve:ssm:{of}/days}}}}", "two")
    cloudformation.update_stack(StackName=stack, TemplateBody=newest)
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert days_of(logs, of) == [30] and connected()["d"] == "two"
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    assert not any('"first"' in event.get("ResourceProperties", "") for event in events)
    # The way back resolves, too.
    cloudformation.update_stack(StackName=stack, TemplateBody=template(f"{{{{resolve:ssm:{of}/days:1}}}}", "three", taken))
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert days_of(logs, of) == [30] and connected() == {"USERNAME": "admin", "PASSWORD": "first", "d": "two"}
    cloudformation.delete_stack(StackName=stack)
    missing = name("stack")
    cloudformation.create_stack(StackName=missing, TemplateBody=body({"G": group("{{resolve:ssm:/no/such}}")}))
    assert ended(cloudformation, missing)["StackStatus"] == "ROLLBACK_COMPLETE"


def test_parameters_from_systems_manager(cloudformation: Any, ssm: Any, logs: Any) -> None:
    stack, of = name("stack"), name("/group")
    ssm.put_parameter(Name=f"{of}/name", Value=f"{of}/one", Type="String")
    ssm.put_parameter(Name=f"{of}/list", Value="7,30", Type="StringList")
    parameters = {
        "Name": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": f"{of}/name"},
        "Days": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": f"{of}/list"},
        "Key": {"Type": "AWS::SSM::Parameter::Name", "Default": f"{of}/name"},
    }
    resources: Resources = {
        "G": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": {"Ref": "Name"}, "RetentionInDays": {"Fn::Select": [1, {"Ref": "Days"}]}},
        }
    }
    template = body(resources, Parameters=parameters, Outputs={"Key": {"Value": {"Ref": "Key"}}})
    cloudformation.create_stack(StackName=stack, TemplateBody=template)
    record = ended(cloudformation, stack)
    assert record["StackStatus"] == "CREATE_COMPLETE" and record["Outputs"][0]["OutputValue"] == f"{of}/name"
    shown = {each["ParameterKey"]: (each["ParameterValue"], each.get("ResolvedValue")) for each in record["Parameters"]}
    assert shown == {"Name": (f"{of}/name", f"{of}/one"), "Days": (f"{of}/list", "7,30"), "Key": (f"{of}/name", None)}
    assert days_of(logs, f"{of}/one") == [30]
    # An update with the same text sees what Systems Manager holds now.
    ssm.put_parameter(Name=f"{of}/list", Value="7,60", Type="StringList", Overwrite=True)
    cloudformation.update_stack(StackName=stack, UsePreviousTemplate=True)
    assert ended(cloudformation, stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert days_of(logs, f"{of}/one") == [60]
    given = [{"ParameterKey": "Name", "ParameterValue": "/no/such"}]
    code, message = refusal(cloudformation.update_stack, StackName=stack, UsePreviousTemplate=True, Parameters=given)
    assert (code, message) == (
        "ValidationError",
        "Unable to fetch parameters [/no/such] from parameter store for this account.",
    )
    cloudformation.delete_stack(StackName=stack)


class Nest:
    """A parent with a child whose bucket is replaced when its name changes."""

    def __init__(self, cloudformation: Any, s3: Any) -> None:
        self.cloudformation, self.s3 = cloudformation, s3
        self.stack, self.templates = name("stack"), name("templates")
        s3.create_bucket(Bucket=self.templates)
        child = {
            "Parameters": {"Name": {"Type": "String"}},
            "Resources": {
                "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}},
                "Kept": {"Type": "AWS::S3::Bucket"},
            },
            "Outputs": {"Arn": {"Value": {"Fn::GetAtt": "B.Arn"}}},
        }
        middle = {
            "Parameters": {"Name": {"Type": "String"}},
            "Resources": {"Inner": self.nested("child.json", {"Ref": "Name"})},
        }
        s3.put_object(Bucket=self.templates, Key="child.json", Body=json.dumps(child))
        s3.put_object(Bucket=self.templates, Key="middle.json", Body=json.dumps(middle))

    def nested(self, key: str, of: Any) -> dict[str, Any]:
        url = f"https://{self.templates}.s3.amazonaws.com/{key}"
        return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": {"Name": of}}}

    def template(self, of: str, fails: str = "", key: str = "child.json") -> dict[str, Any]:
        resources = {"Child": self.nested(key, of)}
        if fails:
            resources["Fails"] = bucket(fails, DependsOn="Child")
        return {"StackName": self.stack, "TemplateBody": body(resources), "Capabilities": ["CAPABILITY_AUTO_EXPAND"]}

    def create(self, of: str, key: str = "child.json") -> None:
        self.cloudformation.create_stack(**self.template(of, key=key))
        assert ended(self.cloudformation, self.stack)["StackStatus"] == "CREATE_COMPLETE"

    def child(self) -> str:
        listed = self.cloudformation.describe_stack_resource(StackName=self.stack, LogicalResourceId="Child")
        return str(listed["StackResourceDetail"]["PhysicalResourceId"])

    def marked(self, of: str) -> bool:
        """Whether the bucket is still the one that was marked: not deleted and made again."""
        return any(each["Key"] == "mark" for each in self.s3.list_objects_v2(Bucket=of).get("Contents", []))


@pytest.mark.parametrize("key", ["child.json", "middle.json"])
def test_a_child_goes_back_with_its_parent(cloudformation: Any, s3: Any, taken: str, key: str) -> None:
    nest, first, second = Nest(cloudformation, s3), name("first"), name("second")
    nest.create(first, key)
    s3.put_object(Bucket=first, Key="mark", Body=b"")
    child = nest.child()
    cloudformation.update_stack(**nest.template(second, taken, key))
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert nest.marked(first) and not exists(s3, second)
    assert ended(cloudformation, child)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and nest.child() == child
    statuses = [status for of, status in events_of(cloudformation, child) if of == child.split("/")[1]]
    assert statuses[-4:] == [
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    # And forward, once nothing fails: what the child replaced goes at the parent's end.
    s3.delete_object(Bucket=first, Key="mark")
    cloudformation.update_stack(**nest.template(second, key=key))
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert ended(cloudformation, child)["StackStatus"] == "UPDATE_COMPLETE"
    assert exists(s3, second) and not exists(s3, first)
    identity = cloudformation.describe_stacks(StackName=nest.stack)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=nest.stack)
    assert ended(cloudformation, identity)["StackStatus"] == "DELETE_COMPLETE" and not exists(s3, second)


def test_a_child_waits_with_a_parent_that_stands(cloudformation: Any, s3: Any, taken: str) -> None:
    nest, first, second, third = Nest(cloudformation, s3), name("first"), name("second"), name("third")
    nest.create(first)
    s3.put_object(Bucket=first, Key="mark", Body=b"")
    cloudformation.update_stack(**nest.template(second, taken), DisableRollback=True)
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_FAILED"
    child = cloudformation.describe_stacks(StackName=nest.child())["Stacks"][0]
    assert child["StackStatus"] == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" and exists(s3, first) and exists(s3, second)
    assert child["Outputs"][0]["OutputValue"] == f"arn:aws:s3:::{second}"
    cloudformation.rollback_stack(StackName=nest.stack)
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    child = cloudformation.describe_stacks(StackName=nest.child())["Stacks"][0]
    assert child["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and child["Outputs"][0]["OutputValue"] == f"arn:aws:s3:::{first}"
    assert nest.marked(first) and not exists(s3, second)
    # Twice updated without a way back in between: the first stays until all has succeeded.
    cloudformation.update_stack(**nest.template(second, taken), DisableRollback=True)
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_FAILED"
    s3.delete_object(Bucket=first, Key="mark")
    cloudformation.update_stack(**nest.template(third))
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert exists(s3, third) and not exists(s3, first) and not exists(s3, second)
    cloudformation.delete_stack(StackName=nest.stack)


def test_a_child_that_fails_fails_its_parent(cloudformation: Any, s3: Any, taken: str) -> None:
    nest, first = Nest(cloudformation, s3), name("first")
    nest.create(first)
    s3.put_object(Bucket=first, Key="mark", Body=b"")
    cloudformation.update_stack(**nest.template(taken))
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert ended(cloudformation, nest.child())["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and nest.marked(first)
    fresh = Nest(cloudformation, s3)
    cloudformation.create_stack(**fresh.template(taken))
    assert ended(cloudformation, fresh.stack)["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = cloudformation.describe_stack_events(StackName=fresh.stack)["StackEvents"]
    assert any("was not successfully created" in each.get("ResourceStatusReason", "") for each in reasons)


def test_the_tags_of_a_stack_follow_it(cloudformation: Any, s3: Any, logs: Any) -> None:
    nest, first, of = Nest(cloudformation, s3), name("first"), name("/group")

    def template() -> dict[str, Any]:
        resources = {"Child": nest.nested("child.json", first), "G": group(of)}
        return {"StackName": nest.stack, "TemplateBody": body(resources), "Capabilities": ["CAPABILITY_AUTO_EXPAND"]}

    def tags() -> tuple[dict[str, str], dict[str, str]]:
        arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{of}"
        of_bucket = s3.get_bucket_tagging(Bucket=first)["TagSet"]
        return logs.list_tags_for_resource(resourceArn=arn)["tags"], {each["Key"]: each["Value"] for each in of_bucket}

    cloudformation.create_stack(**template(), Tags=[{"Key": "team", "Value": "a"}, {"Key": "old", "Value": "x"}])
    assert ended(cloudformation, nest.stack)["StackStatus"] == "CREATE_COMPLETE"
    assert tags() == ({"team": "a", "old": "x"}, {"team": "a", "old": "x"})
    cloudformation.update_stack(**template(), Tags=[{"Key": "team", "Value": "b"}])
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert tags() == ({"team": "b"}, {"team": "b"})
    described = cloudformation.describe_stacks(StackName=nest.child())["Stacks"][0]
    assert described["Tags"] == [{"Key": "team", "Value": "b"}] and described["RootId"] == described["ParentId"]
    # Tags that are not mentioned stay; an empty list takes them away.
    assert refusal(cloudformation.update_stack, **template())[1] == "No updates are to be performed."
    cloudformation.update_stack(**template(), Tags=[])
    assert ended(cloudformation, nest.stack)["StackStatus"] == "UPDATE_COMPLETE"
    assert logs.list_tags_for_resource(resourceArn=f"arn:aws:logs:us-east-1:000000000000:log-group:{of}")["tags"] == {}
    cloudformation.delete_stack(StackName=nest.stack)


def test_imports_are_refused_by_name(cloudformation: Any) -> None:
    code, message = refusal(
        cloudformation.create_change_set,
        StackName=name("stack"),
        ChangeSetName="set",
        ChangeSetType="IMPORT",
        TemplateBody=body({"B": {"Type": "AWS::S3::Bucket"}}),
        ResourcesToImport=[
            {"ResourceType": "AWS::S3::Bucket", "LogicalResourceId": "B", "ResourceIdentifier": {"BucketName": "b"}}
        ],
    )
    assert code == "ValidationError" and "IMPORT" in message
