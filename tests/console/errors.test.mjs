// What goes wrong is shown where it happened, with what to do; nothing typed is lost. The server is the test's own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ownServer } from './server.mjs';

const server = await ownServer();
process.env.MASTIC_TEST_ENDPOINT = server.endpoint;
const { base, button, glue, loadExample, open, run } = await import('./browser.mjs');

let browser, page, errors;
before(async () => {
  ({ browser, page, errors } = await open());
  // Leaving with something unsaved asks; the test says yes.
  page.on('dialog', (dialog) => void dialog.accept());
  await loadExample(page);
});
after(async () => {
  await browser.close();
  await server.stop();
  assert.deepEqual(errors, [], 'errors in the page');
});

const typed = () => page.locator('.monaco-editor .view-lines').first();
async function typeAtEnd(text) {
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

test('the server goes while one types, and comes back', async () => {
  await page.goto(`${base}/jobs/claims-report`);
  await typeAtEnd('\n# before it went');
  await server.kill();
  await page.keyboard.type(' and after');
  await button(page, 'Save').click();
  await page.getByText('Saving the script: the server does not answer').waitFor();
  await page.getByText('what you typed stays here').first().waitFor();
  await page.getByText('The server does not answer', { exact: true }).waitFor();
  await typed().getByText('before it went and after').waitFor();
  await server.start();
  await page.getByText('The server does not answer', { exact: true }).waitFor({ state: 'detached' });
  await button(page, 'Try again').click();
  await page.getByText('Saved the script').waitFor();
  const script = await (await fetch(`${server.endpoint}/claims-example-scripts/claims_report.py`)).text();
  assert.match(script, /# before it went and after$/);
});

test('what was typed outlives the server and the page', async () => {
  await page.goto(`${base}/jobs/claims-report?tab=details`);
  await page.getByLabel('Description').fill('typed before the server went');
  await server.kill();
  await page.getByLabel('Timeout in minutes').fill('77');
  await server.start();
  await page.reload();
  assert.equal(await page.getByLabel('Description').inputValue(), 'typed before the server went');
  assert.equal(await page.getByLabel('Timeout in minutes').inputValue(), '77');
  await button(page, 'Save').click();
  await page.getByText('Saved the job.').waitFor();
  assert.equal((await glue('GetJob', { JobName: 'claims-report' })).Job.Timeout, 77);
});

test('somebody else changes the job meanwhile', async () => {
  await page.getByLabel('Description').fill('mine');
  const { Job } = await glue('GetJob', { JobName: 'claims-report' });
  await glue('UpdateJob', { JobName: 'claims-report', JobUpdate: { Role: Job.Role, Command: Job.Command, DefaultArguments: Job.DefaultArguments, GlueVersion: Job.GlueVersion, Description: 'theirs', Timeout: 88 } });
  await button(page, 'Save').click();
  await page.getByText('Somebody else changed this job meanwhile').waitFor();
  assert.equal(await page.getByLabel('Description').inputValue(), 'mine');
  assert.equal((await glue('GetJob', { JobName: 'claims-report' })).Job.Description, 'theirs');
  await button(page, 'Save mine over it').click();
  await page.getByText('Saved the job.').last().waitFor();
  assert.equal((await glue('GetJob', { JobName: 'claims-report' })).Job.Description, 'mine');
});

test('somebody else saves another version of the schema meanwhile', async () => {
  await page.goto(`${base}/catalog/insurance/claims`);
  await button(page, 'Edit schema').click();
  await page.getByLabel('Description').fill('my words');
  const { Table } = await glue('GetTable', { DatabaseName: 'insurance', Name: 'claims' });
  const theirs = { ...Table.StorageDescriptor, Columns: [...Table.StorageDescriptor.Columns, { Name: 'their_column', Type: 'string' }] };
  await glue('UpdateTable', { DatabaseName: 'insurance', TableInput: { Name: 'claims', Parameters: Table.Parameters, StorageDescriptor: theirs } });
  await button(page, 'Save').click();
  await page.getByText(/Somebody saved version \d+ meanwhile/).waitFor();
  await page.getByText(/their_column removed/).waitFor();
  assert.equal(await page.getByLabel('Description').inputValue(), 'my words');
  await button(page, 'Take theirs, drop mine').click();
  await page.getByRole('row', { name: /their_column/ }).waitFor();
});

test('somebody else changes the item meanwhile', async () => {
  await page.goto(`${base}/dynamodb/claims`);
  await page.getByRole('button', { name: /^ID0/ }).first().click();
  const id = (await page.getByRole('heading', { name: /^Item ID/ }).innerText()).replace('Item ', '');
  await typeAtEnd('');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('{"policy_id": {"S": "');
  await page.getByText(/JSON/).first().waitFor();
  assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Save' }).isDisabled(), true, 'what is no JSON is not saved');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(`{"policy_id": {"S": "${id}"}, "mine": {"N": "1"}}`);
  const put = (Item) => fetch(server.endpoint, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.PutItem' }, body: JSON.stringify({ TableName: 'claims', Item }) });
  assert.equal((await put({ policy_id: { S: id }, theirs: { N: '2' } })).status, 200);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else changed this item meanwhile').waitFor();
  await typed().getByText('mine').waitFor();
  await button(page, 'Save mine over it').click();
  await page.getByText('Saved the item.').waitFor();
});

test('bad expressions are shown where they were typed', async () => {
  await glue('CreateTable', { DatabaseName: 'insurance', TableInput: { Name: 'by_day', PartitionKeys: [{ Name: 'day', Type: 'string' }], StorageDescriptor: { Columns: [{ Name: 'a', Type: 'int' }], Location: 's3://claims-example-reports/by_day/' } } });
  await page.goto(`${base}/catalog/insurance/by_day?tab=partitions`);
  await page.getByLabel('Only those for which').fill("day = = '3'");
  await button(page, 'Find').click();
  await page.getByText('Listing partitions failed').waitFor();
  assert.equal(await page.getByLabel('Only those for which').inputValue(), "day = = '3'");
  await page.getByLabel('Only those for which').fill("day = '3'");
  await button(page, 'Find').click();
  await page.getByText('Listing partitions failed').waitFor({ state: 'detached' });

  await page.goto(`${base}/logs?group=/aws-glue/crawlers`);
  await page.getByLabel('Filter pattern').fill('{ $.x = ');
  await button(page, 'Search').click();
  await page.getByText('The search failed').waitFor();
  assert.equal(await page.getByLabel('Filter pattern').inputValue(), '{ $.x = ');

  await page.goto(`${base}/jobs/claims-report?tab=schedule`);
  await button(page, 'Add a schedule').click();
  await page.getByRole('textbox', { name: 'Schedule', exact: true }).fill('cron(99 6 * * ? *)');
  await page.getByText(/99/).first().waitFor();
});

test('a bad query is shown on its node, which keeps it', async () => {
  await glue('CreateJob', {
    Name: 'asks', Role: 'claims-example-role', JobMode: 'VISUAL', GlueVersion: '5.0',
    Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: 's3://claims-example-scripts/asks.py' },
    CodeGenConfigurationNodes: {
      'node-1': { DynamoDBCatalogSource: { Name: 'Claims', Database: 'insurance', Table: 'claims' } },
      'node-2': { SparkSQL: { Name: 'Asked', Inputs: ['node-1'], SqlQuery: 'select nothing_of_the_kind from myDataSource', SqlAliases: [{ From: 'node-1', Alias: 'myDataSource' }] } },
    },
  });
  await page.goto(`${base}/jobs/asks?tab=visual`);
  await page.locator('.react-flow__node', { hasText: 'Asked' }).click();
  await page.getByRole('tab', { name: 'Data preview' }).click();
  await page.getByText('The node cannot be computed').waitFor();
  await page.getByText(/nothing_of_the_kind/).first().waitFor();
  await page.getByRole('tab', { name: 'Node', exact: true }).click();
  await typed().getByText('nothing_of_the_kind').waitFor();
  await glue('DeleteJob', { JobName: 'asks' });
});

test('a run that is gone says so, beside what is still known', async () => {
  await page.goto(`${base}/jobs/claims-report`);
  await run(page, 'SUCCEEDED');
  await glue('DeleteJob', { JobName: 'claims-report' });
  await page.reload();
  await page.getByText('Reading the run failed').waitFor();
  await page.getByText('It may have been deleted or renamed meanwhile').first().waitFor();
  await page.getByRole('link', { name: 'Jobs', exact: true }).first().click();
  await page.getByText('There is no job yet').waitFor();
});
