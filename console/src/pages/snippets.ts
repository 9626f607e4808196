// Lines that point each tool to this server.
export interface Snippets {
  id: string;
  label: string;
  language: string;
  notes?: string;
  parts: string[];
}

export function snippets(endpoint: string, accessKey?: string): Snippets[] {
  const key = accessKey ?? 'any';
  const secret = accessKey ? 'YOUR_SECRET' : 'any';
  return [
    { id: 'environment', label: 'Environment', language: 'bash', notes: 'Enough for boto3, the AWS CLI, the CDK and most SDKs.', parts: [`export AWS_ENDPOINT_URL=${endpoint}\nexport AWS_DEFAULT_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID=${key}\nexport AWS_SECRET_ACCESS_KEY=${secret}`] },
    { id: 'boto3', label: 'boto3', language: 'python', parts: [`import boto3\n\nglue = boto3.client(\n    "glue",\n    endpoint_url="${endpoint}",\n    region_name="us-east-1",\n    aws_access_key_id="${key}",\n    aws_secret_access_key="${secret}",\n)\nrun = glue.start_job_run(JobName="claims-report")\nprint(glue.get_job_run(JobName="claims-report", RunId=run["JobRunId"])["JobRun"]["JobRunState"])`] },
    { id: 'cli', label: 'AWS CLI', language: 'bash', parts: [`aws --endpoint-url ${endpoint} glue get-jobs\naws --endpoint-url ${endpoint} s3 ls\naws --endpoint-url ${endpoint} logs tail /aws-glue/jobs/output --follow`] },
    { id: 'cdk', label: 'CDK', language: 'bash', notes: 'With the environment above:', parts: ['npx cdk bootstrap\nnpx cdk deploy\nnpx cdk diff'] },
    {
      id: 'terraform',
      label: 'Terraform',
      language: 'hcl',
      parts: [`provider "aws" {\n  region                      = "us-east-1"\n  access_key                  = "${key}"\n  secret_key                  = "${secret}"\n  skip_credentials_validation = true\n  skip_metadata_api_check     = true\n  skip_requesting_account_id  = true\n  s3_use_path_style           = true\n\n  endpoints {\n    cloudformation = "${endpoint}"\n    dynamodb       = "${endpoint}"\n    glue           = "${endpoint}"\n    iam            = "${endpoint}"\n    logs           = "${endpoint}"\n    s3             = "${endpoint}"\n    ssm            = "${endpoint}"\n    sts            = "${endpoint}"\n  }\n}`],
    },
    { id: 'run', label: 'One script', language: 'bash', notes: 'Without a server at all:', parts: ['mastic run job.py --DATABASE_NAME insurance'] },
  ];
}
