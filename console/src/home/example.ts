// The claims example without leaving the browser: a stack with its bucket, table, role, crawler and job, and some items.
import script from '../../../examples/claims/assets/claims_report.py?raw';
import { callJson, callQuery, child } from '~/aws/client';
import { glue } from '~/aws/glue';
import { createBucket, put, buckets } from '~/aws/s3';

export const names = { stack: 'claims-example', bucket: 'claims-example-reports', scripts: 'claims-example-scripts', table: 'claims', database: 'insurance', crawler: 'claims-crawler', job: 'claims-report' };

const template = {
  Description: 'Insurance claims: DynamoDB, crawler, PySpark job, CSV in S3',
  Resources: {
    Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: names.bucket } },
    Source: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: names.table, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'policy_id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'policy_id', KeyType: 'HASH' }] },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'claims-example-role',
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole'],
        Policies: [
          {
            PolicyName: 'claims',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'], Resource: [`arn:aws:s3:::${names.bucket}`, `arn:aws:s3:::${names.bucket}/*`, `arn:aws:s3:::${names.scripts}/*`] },
                { Effect: 'Allow', Action: ['dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'], Resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${names.table}` },
              ],
            },
          },
        ],
      },
    },
    Crawler: { Type: 'AWS::Glue::Crawler', Properties: { Name: names.crawler, Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, DatabaseName: names.database, Targets: { DynamoDBTargets: [{ Path: { Ref: 'Source' } }] } } },
    Job: {
      Type: 'AWS::Glue::Job',
      Properties: {
        Name: names.job,
        Description: 'Reports the claims of newer cars as CSV',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        GlueVersion: '4.0',
        WorkerType: 'G.1X',
        NumberOfWorkers: 2,
        Timeout: 5,
        Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: `s3://${names.scripts}/claims_report.py` },
        DefaultArguments: { '--DATABASE_NAME': names.database, '--TABLE_NAME': names.table, '--BUCKET_PATH': `s3://${names.bucket}/reports` },
      },
    },
  },
  Outputs: { BucketName: { Value: { Ref: 'Reports' } }, TableName: { Value: { Ref: 'Source' } }, JobName: { Value: { Ref: 'Job' } }, CrawlerName: { Value: { Ref: 'Crawler' } } },
};

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The same claims everywhere: a small generator with a fixed seed. */
export function claims(count: number): Record<string, { S?: string; N?: string }>[] {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: count }, (_, index) => ({
    policy_id: { S: `ID${String(index + 1).padStart(5, '0')}` },
    policy_tenure: { N: (random() * 1.4).toFixed(6) },
    age_of_car: { N: (Math.floor(random() * 100) / 100).toFixed(2) },
    age_of_policyholder: { N: (0.29 + random() * 0.7).toFixed(6) },
    make: { N: String(1 + Math.floor(random() * 5)) },
    model: { S: `M${1 + Math.floor(random() * 6)}` },
    fuel_type: { S: ['CNG', 'Petrol', 'Diesel'][Math.floor(random() * 3)]! },
    is_claim: { N: random() < 0.064 ? '1' : '0' },
  }));
}

async function untilDone(stack: string): Promise<void> {
  for (;;) {
    const answer = await callQuery('cloudformation', 'DescribeStacks', { StackName: stack });
    const status = child(answer.querySelector('Stacks > member'), 'StackStatus') ?? '';
    if (status === 'CREATE_COMPLETE') return;
    if (!status.endsWith('_IN_PROGRESS')) throw new Error(`The stack ${stack} ended as ${status}. Its events, on its page, say why.`);
    await wait(300);
  }
}

export async function loadExample(progress: (text: string) => void): Promise<void> {
  progress('Uploading the script');
  if (!(await buckets()).some((bucket) => bucket.name === names.scripts)) await createBucket(names.scripts);
  await put(names.scripts, 'claims_report.py', script, 'text/x-python');
  progress('Creating the stack: bucket, table, role, crawler, job');
  await callQuery('cloudformation', 'CreateStack', { StackName: names.stack, TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_NAMED_IAM'] });
  await untilDone(names.stack);
  const items = claims(2000);
  for (let at = 0; at < items.length; at += 25) {
    progress(`Writing claims to DynamoDB: ${at} of ${items.length}`);
    await callJson('dynamodb', 'BatchWriteItem', { RequestItems: { [names.table]: items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } })) } });
  }
  progress('Crawling the table');
  await glue('StartCrawler', { Name: names.crawler });
  for (;;) {
    const found = await glue<{ Crawler: { State: string } }>('GetCrawler', { Name: names.crawler });
    if (found.Crawler.State === 'READY') break;
    await wait(200);
  }
}
