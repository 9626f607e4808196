import * as path from 'node:path';
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { catalogTable, type StackConfiguration } from '../stack-configuration';

/** The pipeline with today's defaults: claims in DynamoDB, a crawler, a PySpark job that writes one CSV to S3. */
export class ClaimsStack extends Stack {
  constructor(scope: Construct, id: string, names: StackConfiguration) {
    super(scope, id, { description: 'Insurance claims: DynamoDB, crawler, PySpark job, CSV in S3' });

    const bucket = new s3.Bucket(this, 'Reports', {
      bucketName: names.bucketName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const table = new dynamodb.Table(this, 'Source', {
      tableName: names.tableName,
      partitionKey: { name: 'policy_id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const script = new assets.Asset(this, 'Script', { path: path.join(__dirname, '../assets/claims_report.py') });

    const role = new iam.Role(this, 'GlueRole', {
      roleName: names.roleName,
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSGlueServiceRole')],
    });
    bucket.grantReadWrite(role);
    table.grantReadData(role);
    script.grantRead(role);

    const crawler = new glue.CfnCrawler(this, 'Crawler', {
      name: names.crawlerName,
      role: role.roleArn,
      databaseName: names.databaseName,
      targets: { dynamoDbTargets: [{ path: table.tableName }] },
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'DEPRECATE_IN_DATABASE' },
    });
    const job = new glue.CfnJob(this, 'Job', {
      name: names.jobName,
      description: 'Reports the claims of newer cars as CSV',
      role: role.roleArn,
      glueVersion: '4.0',
      workerType: 'G.1X',
      numberOfWorkers: 2,
      timeout: 5,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      defaultArguments: {
        '--DATABASE_NAME': names.databaseName,
        '--TABLE_NAME': catalogTable(names),
        '--BUCKET_PATH': `s3://${bucket.bucketName}/${names.reportFolder}`,
      },
    });

    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'CrawlerName', { value: crawler.ref });
    new CfnOutput(this, 'JobName', { value: job.ref });
  }
}
