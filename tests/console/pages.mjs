// Every page of the console, in the states that a person meets, over what `prepare` makes. An entry is an address, or one
// with what is clicked before it is looked at.
import { base, button, glue, loadExample, open, run } from './browser.mjs';

async function makeVisualJob() {
  const nodes = {
    'node-1': { DynamoDBCatalogSource: { Name: 'Claims', Database: 'insurance', Table: 'claims' } },
    'node-2': { SelectFields: { Name: 'Some columns', Inputs: ['node-1'], Paths: [['policy_id'], ['age_of_car']] } },
    'node-3': { S3DirectTarget: { Name: 'Report', Inputs: ['node-2'], Path: 's3://claims-example-reports/young-cars/', Format: 'csv' } },
  };
  await glue('CreateJob', {
    Name: 'young-cars', Role: 'claims-example-role', JobMode: 'VISUAL', GlueVersion: '5.0',
    Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: 's3://claims-example-scripts/young-cars.py' },
    CodeGenConfigurationNodes: nodes,
  });
}

async function makeWorkflow() {
  await glue('CreateWorkflow', { Name: 'nightly' });
  await glue('CreateTrigger', { Name: 'nightly-start', WorkflowName: 'nightly', Type: 'SCHEDULED', Schedule: 'cron(0 6 ? * MON-FRI *)', StartOnCreation: true, Actions: [{ CrawlerName: 'claims-crawler' }] });
  await glue('CreateTrigger', {
    Name: 'nightly-then', WorkflowName: 'nightly', Type: 'CONDITIONAL', StartOnCreation: true, Actions: [{ JobName: 'claims-report' }],
    Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', CrawlerName: 'claims-crawler', CrawlState: 'SUCCEEDED' }] },
  });
}

async function makeTable() {
  const storage = (columns) => ({ Columns: columns, Location: 's3://claims-example-reports/events/', InputFormat: 'org.apache.hadoop.mapred.TextInputFormat', OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' });
  const columns = [{ Name: 'id', Type: 'string', Comment: 'of the event' }, { Name: 'amount', Type: 'decimal(12,2)' }];
  const input = (more) => ({ Name: 'events', Description: 'By day and region', PartitionKeys: [{ Name: 'day', Type: 'string' }, { Name: 'region', Type: 'string' }], StorageDescriptor: storage([...columns, ...more]), Parameters: { classification: 'csv' }, TableType: 'EXTERNAL_TABLE' });
  await glue('CreateTable', { DatabaseName: 'insurance', TableInput: input([]) });
  await glue('UpdateTable', { DatabaseName: 'insurance', TableInput: input([{ Name: 'note', Type: 'string' }]) });
  const days = Array.from({ length: 15 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);
  await glue('BatchCreatePartition', {
    DatabaseName: 'insurance', TableName: 'events',
    PartitionInputList: days.flatMap((day) => ['north', 'south'].map((region) => ({ Values: [day, region], StorageDescriptor: { ...storage(columns), Location: `s3://claims-example-reports/events/day=${day}/region=${region}/` } }))),
  });
  await glue('StartColumnStatisticsTaskRun', { DatabaseName: 'insurance', TableName: 'claims', Role: 'claims-example-role' });
}

async function makeFailure() {
  await glue('CreateJob', {
    Name: 'renamed-table', Role: 'claims-example-role', GlueVersion: '5.0',
    Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: 's3://claims-example-scripts/claims_report.py' },
    DefaultArguments: { '--DATABASE_NAME': 'insurance', '--TABLE_NAME': 'no_such_table', '--BUCKET_PATH': 's3://claims-example-reports/renamed-table' },
  });
  await glue('StartJobRun', { JobName: 'renamed-table' });
}

async function until(what, done) {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await done();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
}

/** The claims example that ran, a workflow that ran, a job that failed; gives the ids that addresses need. */
export async function prepare() {
  const { Jobs } = await glue('GetJobs');
  if (!Jobs.some((job) => job.Name === 'young-cars')) {
    const { browser, page } = await open();
    try {
      await loadExample(page);
      await page.goto(`${base}/jobs/claims-report`);
      await run(page, 'SUCCEEDED');
    } finally {
      await browser.close();
    }
    await makeVisualJob();
    await makeWorkflow();
    await makeTable();
    await makeFailure();
    await glue('StartWorkflowRun', { Name: 'nightly' });
  }
  const failed = await until('the failed run', async () => (await glue('GetJobRuns', { JobName: 'renamed-table' })).JobRuns.find((each) => each.JobRunState === 'FAILED'));
  const flow = await until('the workflow’s run', async () => (await glue('GetWorkflowRuns', { Name: 'nightly' })).Runs?.find((each) => each.Status === 'COMPLETED'));
  const runs = (await glue('GetJobRuns', { JobName: 'claims-report' })).JobRuns.filter((each) => each.JobRunState === 'SUCCEEDED');
  return { run: runs.at(-1).Id, other: runs[0].Id, failed: failed.Id, flow: flow.WorkflowRunId };
}

const node = (page) => page.locator('.react-flow__node', { hasText: 'Some columns' });

export const pages = (ids) => ({
  home: '/',
  jobs: '/jobs',
  'job-script': '/jobs/claims-report',
  'job-details': '/jobs/claims-report?tab=details',
  'job-runs': '/jobs/claims-report?tab=runs',
  'job-schedule': '/jobs/claims-report?tab=schedule',
  'job-gone': '/jobs/no-such-job',
  'job-new': '/jobs/new',
  'job-run-dialog': ['/jobs/claims-report', async (page) => {
    await button(page, 'Run').click();
    await page.getByRole('dialog').waitFor();
  }],
  'job-delete': ['/jobs/claims-report', async (page) => {
    await button(page, 'Delete').click();
    await page.getByRole('dialog').waitFor();
  }],
  run: `/jobs/claims-report/runs/${ids.run}`,
  'run-output': `/jobs/claims-report/runs/${ids.run}?tab=output`,
  'run-plan': `/jobs/claims-report/runs/${ids.run}?tab=plan`,
  'run-resources': `/jobs/claims-report/runs/${ids.run}?tab=resources`,
  'run-lineage': `/jobs/claims-report/runs/${ids.run}?tab=lineage`,
  'run-script': `/jobs/claims-report/runs/${ids.run}?tab=script`,
  'run-arguments': `/jobs/claims-report/runs/${ids.run}?tab=arguments`,
  'run-failed': `/jobs/renamed-table/runs/${ids.failed}`,
  'run-failed-script': `/jobs/renamed-table/runs/${ids.failed}?tab=script`,
  'run-gone': '/jobs/claims-report/runs/jr_0000',
  compare: `/jobs/claims-report/compare?a=${ids.run}&b=${ids.other}`,
  visual: '/jobs/young-cars?tab=visual',
  'visual-node': ['/jobs/young-cars?tab=visual', (page) => node(page).click()],
  'visual-preview': ['/jobs/young-cars?tab=visual', async (page) => {
    await node(page).click();
    await page.getByRole('tab', { name: 'Data preview' }).click();
    await page.getByText(/the first 50 rows/).waitFor();
  }],
  workflows: '/workflows',
  workflow: '/workflows/nightly',
  'workflow-edit': '/workflows/nightly?tab=edit',
  'workflow-cron': ['/workflows/nightly?tab=edit', async (page) => {
    await page.getByRole('radio', { name: 'By a schedule' }).click();
    await page.getByText('The next 10 times').scrollIntoViewIfNeeded();
  }],
  'workflow-run': `/workflows/nightly/runs/${ids.flow}`,
  'workflow-gone': '/workflows/no-such-workflow',
  triggers: '/triggers',
  databases: '/catalog',
  tables: '/catalog/insurance',
  table: '/catalog/insurance/claims',
  'table-edit': ['/catalog/insurance/events', (page) => button(page, 'Edit schema').click()],
  'table-data': ['/catalog/insurance/claims?tab=preview', (page) => page.getByText('as the engine reads them').waitFor()],
  'table-statistics': '/catalog/insurance/claims?tab=statistics',
  'table-partitions': '/catalog/insurance/events?tab=partitions',
  'table-versions': '/catalog/insurance/events?tab=versions',
  'table-uses': '/catalog/insurance/claims?tab=uses',
  'table-details': '/catalog/insurance/claims?tab=details',
  'table-gone': '/catalog/insurance/no_such_table',
  crawlers: '/crawlers',
  crawler: '/crawlers/claims-crawler',
  'crawler-new': '/crawlers/new',
  lineage: '/lineage',
  'lineage-dataset': '/lineage?dataset=insurance.claims',
  'lineage-column': ['/lineage?dataset=dynamodb:claims&column=age_of_car', (page) => page.getByText('age_of_car decides its rows').first().waitFor()],
  buckets: '/s3',
  objects: '/s3/claims-example-reports?prefix=reports/',
  'object-gone': '/s3/claims-example-reports?key=no/such/key.csv',
  items: '/dynamodb',
  item: '/dynamodb/claims',
  'item-editor': ['/dynamodb/claims', async (page) => {
    await page.getByRole('link', { name: /^ID0/ }).or(page.getByRole('button', { name: /^ID0/ })).first().click();
    await page.getByRole('dialog').locator('.monaco-editor .view-line').first().waitFor();
  }],
  stacks: '/stacks',
  stack: '/stacks/claims-example',
  'stack-events': '/stacks/claims-example?tab=events',
  'stack-gone': '/stacks/no-such-stack',
  roles: '/roles',
  role: '/roles/claims-example-role',
  logs: '/logs',
  'log-group': '/logs?group=/aws-glue/jobs/output',
  settings: '/settings',
  nowhere: '/no/such/page',
});
