import * as path from 'node:path';
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { catalogTable, type StackConfiguration } from '../stack-configuration';

/**
 * The same pipeline in the shape in which the article's stack was published in 2022: provisioned throughput, the car's age
 * as text in the sort key, a policy resource of its own, and values that Glue's documentation does not list (the command
 * `glue-etl`, Python `3.9`, `--JOB_NAME` among the default arguments).
 */
export class PublishedClaimsStack extends Stack {
  constructor(scope: Construct, id: string, names: StackConfiguration) {
    super(scope, id, { description: 'Insurance claims, in the shape in which the article published them' });

    const bucket = new s3.Bucket(this, 'Reports', {
      bucketName: names.bucketName,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'GlueRole', {
      roleName: names.roleName,
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
      managedPolicies: [
        iam.ManagedPolicy.fromManagedPolicyArn(this, 'GlueService', 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole'),
        iam.ManagedPolicy.fromManagedPolicyArn(this, 'ReadTables', 'arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess'),
      ],
    });
    const script = new assets.Asset(this, 'Script', { path: path.join(__dirname, '../assets/claims_report.py') });
    new iam.Policy(this, 'BucketAccess', {
      force: true,
      policyName: 'glue-etl-bucket-access',
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
          resources: [bucket.bucketArn, bucket.arnForObjects('*')],
        }),
        new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [script.bucket.arnForObjects('*')] }),
      ],
    });
    const table = new dynamodb.Table(this, 'Source', {
      tableName: names.tableName,
      partitionKey: { name: 'policy_id', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'age_of_car', type: dynamodb.AttributeType.STRING },
      readCapacity: 5,
      writeCapacity: 5,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const crawler = new glue.CfnCrawler(this, 'Crawler', {
      name: names.crawlerName,
      role: role.roleName,
      databaseName: names.databaseName,
      tablePrefix: names.tablePrefix,
      targets: { dynamoDbTargets: [{ path: table.tableName }] },
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'DEPRECATE_IN_DATABASE' },
    });
    const job = new glue.CfnJob(this, 'Job', {
      name: names.jobName,
      description: 'Sample Glue job from DynamoDB to S3',
      role: role.roleArn,
      glueVersion: '3.0',
      workerType: 'G.1X',
      numberOfWorkers: 2,
      timeout: 5,
      command: { name: 'glue-etl', pythonVersion: '3.9', scriptLocation: script.s3ObjectUrl },
      defaultArguments: {
        '--JOB_NAME': names.jobName,
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
