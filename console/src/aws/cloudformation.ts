import { callQuery, child, children, members } from './client';

export interface Stack {
  name: string;
  id: string;
  status: string;
  reason: string;
  description: string;
  created: string;
  updated: string;
  outputs: { key: string; value: string; description: string; exported: string }[];
  parameters: { key: string; value: string }[];
  tags: { key: string; value: string }[];
}

export interface StackEvent {
  id: string;
  at: string;
  logical: string;
  physical: string;
  type: string;
  status: string;
  reason: string;
}

export interface StackResource {
  logical: string;
  physical: string;
  type: string;
  status: string;
  reason: string;
  at: string;
}

const text = (each: Element, name: string) => child(each, name) ?? '';

const toStack = (each: Element): Stack => ({
  name: text(each, 'StackName'),
  id: text(each, 'StackId'),
  status: text(each, 'StackStatus'),
  reason: text(each, 'StackStatusReason'),
  description: text(each, 'Description'),
  created: text(each, 'CreationTime'),
  updated: text(each, 'LastUpdatedTime'),
  outputs: members(each, 'Outputs').map((output) => ({ key: text(output, 'OutputKey'), value: text(output, 'OutputValue'), description: text(output, 'Description'), exported: text(output, 'ExportName') })),
  parameters: members(each, 'Parameters').map((parameter) => ({ key: text(parameter, 'ParameterKey'), value: text(parameter, 'ParameterValue') })),
  tags: members(each, 'Tags').map((tag) => ({ key: text(tag, 'Key'), value: text(tag, 'Value') })),
});

async function paged<Item>(action: string, list: string, make: (each: Element) => Item, input: Record<string, unknown> = {}, most = 2000): Promise<Item[]> {
  const found: Item[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await callQuery('cloudformation', action, { ...input, NextToken });
    found.push(...members(answer, list).map(make));
    NextToken = child(answer, 'NextToken') || undefined;
  } while (NextToken && found.length < most);
  return found;
}

export const stacks = () => paged('DescribeStacks', 'Stacks', toStack);
export const stack = async (StackName: string) => (await paged('DescribeStacks', 'Stacks', toStack, { StackName }))[0]!;
export const events = (StackName: string) =>
  paged('DescribeStackEvents', 'StackEvents', (each): StackEvent => ({ id: text(each, 'EventId'), at: text(each, 'Timestamp'), logical: text(each, 'LogicalResourceId'), physical: text(each, 'PhysicalResourceId'), type: text(each, 'ResourceType'), status: text(each, 'ResourceStatus'), reason: text(each, 'ResourceStatusReason') }), { StackName });
export const resources = (StackName: string) =>
  paged('ListStackResources', 'StackResourceSummaries', (each): StackResource => ({ logical: text(each, 'LogicalResourceId'), physical: text(each, 'PhysicalResourceId'), type: text(each, 'ResourceType'), status: text(each, 'ResourceStatus'), reason: text(each, 'ResourceStatusReason'), at: text(each, 'LastUpdatedTimestamp') }), { StackName });
export async function template(StackName: string): Promise<string> {
  const body = children(await callQuery('cloudformation', 'GetTemplate', { StackName }), 'TemplateBody')[0]?.textContent ?? '';
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Where in the console a resource is. */
export function resourcePath(type: string, physical: string): string | undefined {
  const id = encodeURIComponent(physical);
  switch (type) {
    case 'AWS::Glue::Job': return `/jobs/${id}`;
    case 'AWS::Glue::Crawler': return `/crawlers/${id}`;
    case 'AWS::Glue::Database': return `/catalog/${id}`;
    case 'AWS::Glue::Workflow': return `/workflows/${id}`;
    case 'AWS::Glue::Trigger': return '/triggers';
    case 'AWS::S3::Bucket': return `/s3/${physical}`;
    case 'AWS::DynamoDB::Table': return `/dynamodb/${id}`;
    case 'AWS::IAM::Role': return `/roles/${id}`;
    case 'AWS::Logs::LogGroup': return `/logs?group=${id}`;
    case 'AWS::CloudFormation::Stack': return `/stacks/${encodeURIComponent(physical.split('/')[1] ?? physical)}`;
    default: return undefined;
  }
}
