"""Events and stacks: rules and EventBridge-enabled buckets from a template and from the CDK start workflows."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from conftest import REPOSITORY
from test_cdk import Cdk, CdkError
from test_cloudformation_resources import Resources, Stack, gone, name, resource
from test_orchestration import make_job, wait_for

STACK_SOURCE = """
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';

const stack = new Stack(new App(), 'Events');
const bucket = new s3.Bucket(stack, 'Bucket', {
  bucketName: 'BUCKET', eventBridgeEnabled: true, removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true,
});
const workflow = new glue.CfnWorkflow(stack, 'Workflow', { name: 'WORKFLOW' });
const trigger = new glue.CfnTrigger(stack, 'Trigger', {
  type: 'EVENT', workflowName: workflow.ref, actions: [{ jobName: 'JOB' }], eventBatchingCondition: { batchSize: 1 },
});
trigger.addDependency(workflow);
const arn = stack.formatArn({ service: 'glue', resource: 'workflow', resourceName: workflow.ref });
new events.CfnRule(stack, 'Rule', {
  eventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
  targets: [{ id: 'workflow', arn, roleArn: 'arn:aws:iam::000000000000:role/events' }],
});
// MORE
"""


@pytest.fixture(scope="module")
def client(endpoint: str) -> Callable[[str], Any]:
    clients: dict[str, Any] = {}

    def get(service: str) -> Any:
        return clients.setdefault(service, boto3.client(service, endpoint_url=endpoint))

    return get


@pytest.fixture
def stack(client: Callable[[str], Any]) -> Stack:
    return Stack(client)


def first_run(glue: Any, workflow: str) -> Any:
    """The workflow's only run, once it has ended."""
    run = next(iter(glue.get_workflow_runs(Name=workflow)["Runs"]), None)
    return run if run and "CompletedOn" in run else None


def test_a_rule_and_a_bucket_that_tells(stack: Stack, client: Callable[[str], Any], endpoint: str) -> None:
    s3, events, glue = client("s3"), client("events"), client("glue")
    job = name("job")
    make_job(endpoint, job, "print('told')\n")
    pattern: dict[str, Any] = {"source": ["aws.s3"], "detail": {"bucket": {"name": [{"Ref": "B"}]}}}
    role = "arn:aws:iam::000000000000:role/r"
    workflow_arn = {"Fn::Sub": "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:workflow/${W}"}
    group_arn = {"Fn::GetAtt": ["G", "Arn"]}
    rule: dict[str, Any] = {
        "Description": "new objects",
        "EventPattern": pattern,
        "Targets": [{"Id": "w", "Arn": workflow_arn, "RoleArn": role}, {"Id": "g", "Arn": group_arn}],
        "Tags": [{"Key": "own", "Value": "1"}],
    }
    bucket: dict[str, Any] = {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}}

    def template() -> Resources:
        return {
            "B": resource("AWS::S3::Bucket", **bucket),
            "G": resource("AWS::Logs::LogGroup"),
            "W": resource("AWS::Glue::Workflow"),
            "T": resource(
                "AWS::Glue::Trigger",
                Type="EVENT",
                WorkflowName={"Ref": "W"},
                Actions=[{"JobName": job}],
                EventBatchingCondition={"BatchSize": 1},
            ),
            "R": resource("AWS::Events::Rule", **rule),
        }

    made = stack.deploy(template(), {"Arn": {"Fn::GetAtt": ["R", "Arn"]}})
    described = events.describe_rule(Name=made["R"])
    assert (described["Description"], described["State"], described["Arn"]) == ("new objects", "ENABLED", stack.outputs["Arn"])
    assert json.loads(described["EventPattern"])["detail"]["bucket"]["name"] == [made["B"]]
    assert {each["Id"] for each in events.list_targets_by_rule(Rule=made["R"])["Targets"]} == {"w", "g"}
    assert {"Key": "own", "Value": "1"} in events.list_tags_for_resource(ResourceARN=stack.outputs["Arn"])["Tags"]
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=made["B"])
    assert stack.drifted() == {}
    s3.put_object(Bucket=made["B"], Key="new", Body=b"1")
    run = wait_for(lambda: first_run(glue, made["W"]))
    assert run["Status"] == "COMPLETED" and run["Statistics"]["SucceededActions"] == 1

    # Changed in place: another pattern, off, one target less; the bucket tells no more.
    rule["State"], rule["Targets"] = "DISABLED", rule["Targets"][1:]
    pattern["detail-type"] = ["Object Deleted"]
    bucket.clear()
    changed = stack.deploy(template())
    assert changed == made
    described = events.describe_rule(Name=made["R"])
    assert described["State"] == "DISABLED" and "Object Deleted" in described["EventPattern"]
    assert [each["Id"] for each in events.list_targets_by_rule(Rule=made["R"])["Targets"]] == ["g"]
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=made["B"])
    s3.put_bucket_notification_configuration(Bucket=made["B"], NotificationConfiguration={"EventBridgeConfiguration": {}})
    events.enable_rule(Name=made["R"])
    assert "/State" in stack.drifted()["R"]

    # Another name is another rule.
    rule["Name"] = name("rule")
    renamed = stack.deploy(template())["R"]
    assert renamed == rule["Name"]
    gone("ResourceNotFoundException", events.describe_rule, Name=made["R"])
    s3.delete_object(Bucket=made["B"], Key="new")
    stack.delete()
    gone("ResourceNotFoundException", events.describe_rule, Name=renamed)


def test_what_a_rule_cannot_do_fails_the_stack_by_name(client: Callable[[str], Any]) -> None:
    queue = {"Id": "q", "Arn": "arn:aws:sqs:us-east-1:000000000000:queue"}
    refused = Stack(client)
    rule = resource("AWS::Events::Rule", EventPattern={"source": ["x"]}, Targets=[queue])
    assert refused.submit({"R": rule}) == "ROLLBACK_COMPLETE"
    assert any("sqs" in reason for reason in refused.reasons())
    before = client("events").list_rules()["Rules"]
    assert not [each for each in before if each["Name"].startswith(refused.name)]


def test_bucket_notifications_as_the_cdk_puts_them(stack: Stack, client: Callable[[str], Any]) -> None:
    s3 = client("s3")
    handler = "BucketNotificationsHandler050a0587b7544547bf325f094a3db8347ECC3691"
    function = {"Handler": "index.handler", "Runtime": "python3.13", "Role": "r", "Code": {"ZipFile": "import boto3"}}
    theirs = name("theirs")
    s3.create_bucket(Bucket=theirs)

    def template(configuration: dict[str, Any]) -> Resources:
        token = {"Fn::GetAtt": [handler, "Arn"]}
        more = {"ServiceToken": token, "NotificationConfiguration": configuration, "SkipDestinationValidation": False}
        return {
            "B": resource("AWS::S3::Bucket"),
            handler: resource("AWS::Lambda::Function", **function),
            "N": resource("Custom::S3BucketNotifications", BucketName={"Ref": "B"}, Managed=True, **more),
            "M": resource("Custom::S3BucketNotifications", BucketName=theirs, Managed=False, **more),
        }

    bucket = stack.deploy(template({"EventBridgeConfiguration": {}}))["B"]
    for each in (bucket, theirs):
        assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=each)
    assert stack.drifted() == {}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert stack.drifted() == {"N": ["/NotificationConfiguration"]}
    queues = {"QueueConfigurations": [{"QueueArn": "arn:aws:sqs:us-east-1:0:q", "Events": ["s3:ObjectCreated:*"]}]}
    assert stack.submit(template(queues)) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("QueueConfigurations are not supported" in reason for reason in stack.reasons())
    stack.delete()
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=theirs)


def test_a_bucket_of_the_cdk_starts_a_workflow(client: Callable[[str], Any], endpoint: str, tmp_path: pathlib.Path) -> None:
    s3, glue = client("s3"), client("glue")
    names = {kind.upper(): name(kind) for kind in ("bucket", "workflow", "job")}
    make_job(endpoint, names["JOB"], "print('an object came')\n")
    source = STACK_SOURCE
    for kind, given in names.items():
        source = source.replace(f"'{kind}'", f"'{given}'")
    (tmp_path / "node_modules").symlink_to(REPOSITORY / "examples/claims/node_modules")
    (tmp_path / "tsconfig.json").write_text((REPOSITORY / "examples/claims/tsconfig.json").read_text())
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "npx ts-node --transpile-only app.ts", "versionReporting": False}))
    (tmp_path / "app.ts").write_text(source)
    cdk = Cdk(endpoint, tmp_path)
    cdk.run("bootstrap", "aws://000000000000/us-east-1")
    cdk.run("deploy", "Events", "--require-approval", "never")
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=names["BUCKET"])
    s3.put_object(Bucket=names["BUCKET"], Key="new/1", Body=b"1")
    run = wait_for(lambda: first_run(glue, names["WORKFLOW"]))
    assert run["Status"] == "COMPLETED" and run["Statistics"]["SucceededActions"] == 1

    # A function of the author's own cannot run here, and that is said.
    function = "new lambda.Function(stack, 'F', { code: lambda.Code.fromInline('x'), handler: 'i.h', runtime: RUNTIME })"
    added = f"bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination({function}));"
    (tmp_path / "app.ts").write_text(source.replace("// MORE", added.replace("RUNTIME", "lambda.Runtime.PYTHON_3_12")))
    with pytest.raises(CdkError, match="AWS::Lambda::Permission"):
        cdk.run("deploy", "Events", "--require-approval", "never")
    cdk.run("destroy", "Events", "--force")
    gone("404", s3.head_bucket, Bucket=names["BUCKET"])
