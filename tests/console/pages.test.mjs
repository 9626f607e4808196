import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { base, glue, loadExample, open, run, seriousFindings } from './browser.mjs';

const shots = process.env.MASTIC_SHOTS;
const widths = [1280, 390];
const themes = ['light', 'dark'];

const only = new RegExp(process.env.MASTIC_PAGES ?? '');

async function makeVisualJob() {
  const { Jobs } = await glue('GetJobs');
  if (Jobs.some((job) => job.Name === 'looked-at')) return;
  const nodes = {
    'node-1': { DynamoDBCatalogSource: { Name: 'Claims', Database: 'insurance', Table: 'claims' } },
    'node-2': { SelectFields: { Name: 'Some columns', Inputs: ['node-1'], Paths: [['policy_id'], ['age_of_car']] } },
    'node-3': { S3DirectTarget: { Name: 'Report', Inputs: ['node-2'], Path: 's3://claims-example-reports/looked-at/', Format: 'csv' } },
  };
  await glue('CreateJob', {
    Name: 'looked-at', Role: 'claims-example-role', JobMode: 'VISUAL', GlueVersion: '5.0',
    Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: 's3://claims-example-scripts/looked-at.py' },
    CodeGenConfigurationNodes: nodes,
  });
}

async function makeWorkflow() {
  const { Workflows = [] } = await glue('ListWorkflows');
  if (Workflows.includes('looked-at')) return;
  await glue('CreateWorkflow', { Name: 'looked-at' });
  await glue('CreateTrigger', { Name: 'looked-at-start', WorkflowName: 'looked-at', Type: 'SCHEDULED', Schedule: 'cron(0 6 ? * MON-FRI *)', Actions: [{ CrawlerName: 'claims-crawler' }] });
  await glue('CreateTrigger', {
    Name: 'looked-at-then', WorkflowName: 'looked-at', Type: 'CONDITIONAL', Actions: [{ JobName: 'claims-report' }],
    Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', CrawlerName: 'claims-crawler', CrawlState: 'SUCCEEDED' }] },
  });
}

let first, runId;
before(async () => {
  first = await open();
  await loadExample(first.page);
  const { JobRuns = [] } = await glue('GetJobRuns', { JobName: 'claims-report' });
  if (!JobRuns.some((each) => each.JobRunState === 'SUCCEEDED')) {
    await first.page.goto(`${base}/jobs/claims-report`);
    await run(first.page, 'SUCCEEDED');
  }
  await makeVisualJob();
  await makeWorkflow();
  runId = (await glue('GetJobRuns', { JobName: 'claims-report' })).JobRuns.find((each) => each.JobRunState === 'SUCCEEDED').Id;
});
after(() => first.browser.close());

const pages = () => ({
  home: '/',
  jobs: '/jobs',
  'job-script': '/jobs/claims-report',
  'job-details': '/jobs/claims-report?tab=details',
  'job-runs': '/jobs/claims-report?tab=runs',
  'job-schedule': '/jobs/claims-report?tab=schedule',
  'job-new': '/jobs/new',
  run: `/jobs/claims-report/runs/${runId}`,
  'run-output': `/jobs/claims-report/runs/${runId}?tab=output`,
  'run-plan': `/jobs/claims-report/runs/${runId}?tab=plan`,
  'run-resources': `/jobs/claims-report/runs/${runId}?tab=resources`,
  'run-lineage': `/jobs/claims-report/runs/${runId}?tab=lineage`,
  compare: `/jobs/claims-report/compare?a=${runId}&b=${runId}`,
  visual: '/jobs/looked-at?tab=visual',
  workflows: '/workflows',
  workflow: '/workflows/looked-at',
  'workflow-edit': '/workflows/looked-at?tab=edit',
  triggers: '/triggers',
  databases: '/catalog',
  tables: '/catalog/insurance',
  table: '/catalog/insurance/claims',
  'table-data': '/catalog/insurance/claims?tab=preview',
  crawlers: '/crawlers',
  crawler: '/crawlers/claims-crawler',
  'crawler-new': '/crawlers/new',
  lineage: '/lineage',
  buckets: '/s3',
  objects: '/s3/claims-example-reports?prefix=reports/',
  items: '/dynamodb',
  item: '/dynamodb/claims',
  stacks: '/stacks',
  stack: '/stacks/claims-example',
  roles: '/roles',
  role: '/roles/claims-example-role',
  logs: '/logs',
  'log-group': '/logs?group=/aws-glue/jobs/output',
  settings: '/settings',
  nowhere: '/no/such/page',
});

for (const theme of themes) {
  for (const width of widths) {
    test(`${theme}, ${width} pixels`, async () => {
      const { browser, page, errors } = await open({ viewport: { width, height: width < 500 ? 844 : 800 }, bypassCSP: true });
      await page.addInitScript((chosen) => localStorage.setItem('mastic.theme', chosen), theme);
      const wrong = [];
      for (const [name, path] of Object.entries(pages())) {
        if (!only.test(name)) continue;
        await page.goto(base + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForTimeout(500);
        if (shots) {
          mkdirSync(shots, { recursive: true });
          await page.screenshot({ path: `${shots}/${name}-${width}-${theme}.png` });
        }
        for (const finding of await seriousFindings(page)) wrong.push(`${name}: ${finding}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) wrong.push(`${name}: ${over} pixels wider than the screen`);
      }
      await browser.close();
      assert.deepEqual(wrong, []);
      assert.deepEqual(errors, []);
    });
  }
}
