import * as path from 'node:path';
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/**
 * Every night at two: a crawler describes the day's orders, a job sums them up into files, a second crawler describes those,
 * and a second job writes them as a report.
 */
export class NightlyStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'A scheduled workflow: crawler, job, crawler, job' });

    const bucket = new s3.Bucket(this, 'Reports', {
      bucketName: 'nightly-reports',
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    const orders = this.table('Orders', 'nightly-orders', 'id');

    const role = new iam.Role(this, 'Role', {
      roleName: 'nightly',
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSGlueServiceRole')],
    });
    bucket.grantReadWrite(role);
    orders.grantReadData(role);

    const workflow = new glue.CfnWorkflow(this, 'Workflow', {
      name: 'nightly',
      description: 'Orders to a report',
      maxConcurrentRuns: 1,
      defaultRunProperties: { report: 'customers' },
    });
    const ordersCrawler = this.crawler('OrdersCrawler', 'nightly-orders', role, {
      dynamoDbTargets: [{ path: orders.tableName }],
    });
    const sumsCrawler = this.crawler('SumsCrawler', 'nightly-sums', role, { s3Targets: [{ path: bucket.s3UrlForObject('sums') }] });
    const sum = this.job('Sum', 'nightly-sum', role, 'sum_orders.py', { '--SUMS': bucket.s3UrlForObject('sums') });
    const report = this.job('Report', 'nightly-report', role, 'report.py', { '--BUCKET': bucket.bucketName });

    const start = new glue.CfnTrigger(this, 'AtTwo', {
      name: 'nightly-at-two',
      type: 'SCHEDULED',
      schedule: 'cron(0 2 * * ? *)',
      workflowName: workflow.ref,
      startOnCreation: true,
      actions: [{ crawlerName: ordersCrawler.ref }],
    });
    start.addDependency(workflow);
    this.after('nightly-crawled', { crawlerName: ordersCrawler.ref, crawlState: 'SUCCEEDED' }, { jobName: sum.ref }, start);
    this.after('nightly-summed', { jobName: sum.ref, state: 'SUCCEEDED' }, { crawlerName: sumsCrawler.ref }, start);
    this.after('nightly-crawled-sums', { crawlerName: sumsCrawler.ref, crawlState: 'SUCCEEDED' }, { jobName: report.ref }, start);

    new CfnOutput(this, 'WorkflowName', { value: workflow.ref });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
  }

  private table(id: string, name: string, key: string): dynamodb.Table {
    return new dynamodb.Table(this, id, {
      tableName: name,
      partitionKey: { name: key, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private crawler(id: string, name: string, role: iam.Role, targets: glue.CfnCrawler.TargetsProperty): glue.CfnCrawler {
    return new glue.CfnCrawler(this, id, {
      name,
      role: role.roleArn,
      databaseName: 'nightly',
      targets,
    });
  }

  private job(id: string, name: string, role: iam.Role, script: string, args: Record<string, string>): glue.CfnJob {
    const asset = new assets.Asset(this, `${id}Script`, { path: path.join(__dirname, '../assets', script) });
    asset.grantRead(role);
    return new glue.CfnJob(this, id, {
      name,
      role: role.roleArn,
      glueVersion: '4.0',
      workerType: 'G.1X',
      numberOfWorkers: 2,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: asset.s3ObjectUrl },
      defaultArguments: { '--enable-metrics': 'true', ...args },
    });
  }

  private after(
    name: string,
    condition: Omit<glue.CfnTrigger.ConditionProperty, 'logicalOperator'>,
    action: glue.CfnTrigger.ActionProperty,
    start: glue.CfnTrigger,
  ): void {
    const trigger = new glue.CfnTrigger(this, name, {
      name,
      type: 'CONDITIONAL',
      workflowName: 'nightly',
      startOnCreation: true,
      predicate: { conditions: [{ logicalOperator: 'EQUALS', ...condition }] },
      actions: [action],
    });
    trigger.addDependency(start);
  }
}
