import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, button, choose, endpoint, glue, loadExample, open, run } from './browser.mjs';

const columns = ['policy_id', 'policy_tenure', 'make', 'model', 'age_of_car', 'is_claim'];

/** The rows of the newest CSV files below a folder, in an order of their own. */
async function rowsBelow(prefix) {
  const listing = await (await fetch(`${endpoint}/claims-example-reports?list-type=2&prefix=${prefix}`)).text();
  const keys = [...listing.matchAll(/<Key>([^<]+)<\/Key>/g)].map((each) => each[1]).filter((key) => !key.endsWith('_SUCCESS'));
  const texts = await Promise.all(keys.map(async (key) => (await fetch(`${endpoint}/claims-example-reports/${key}`)).text()));
  return texts.flatMap((text) => text.trim().split('\n').slice(1)).sort();
}

let browser, page, errors;
before(async () => ({ browser, page, errors } = await open()));
after(async () => {
  await browser.close();
  assert.deepEqual(errors, [], 'errors in the page');
});

test('from an empty server to the CSV in the S3 browser', async () => {
  await loadExample(page);
  await page.goto(`${base}/jobs`);
  await page.getByRole('link', { name: 'claims-report' }).first().click();
  await run(page, 'SUCCEEDED');
  await page.getByRole('log').getByText(/claims of cars younger than 0.7/).waitFor();
  await page.getByRole('tab', { name: 'Output files' }).click();
  await page.getByRole('link', { name: 'Open in the S3 browser' }).click();
  await page.waitForURL(/\/s3\/claims-example-reports\?key=/);
  await page.getByRole('heading', { level: 1, name: /^part-/ }).waitFor(); // the page before shows the same rows
  const rows = page.getByRole('region', { name: /Rows of reports\/part-/ });
  await rows.waitFor();
  assert.deepEqual(await rows.locator('thead th').allInnerTexts().then((names) => names.slice(1)), columns);
  const ages = await rows.locator('tbody tr td:nth-child(6)').allInnerTexts();
  assert.ok(ages.length > 5 && ages.every((age) => Number(age) < 0.7), `ages: ${ages.slice(0, 5)}`);
});

test('a run that fails shows its line in the script', async () => {
  await page.goto(`${base}/jobs/new`);
  await page.getByLabel('Name', { exact: true }).fill('broken');
  await button(page, 'Create').click();
  await page.waitForURL(/jobs\/broken/);
  const editor = page.locator('.monaco-editor').first();
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('raise ValueError("told you")', { delay: 5 });
  await button(page, 'Save').click();
  await page.getByText('Saved the script').waitFor();
  const script = await (await fetch(`${endpoint}/mastic-scripts/scripts/broken.py`)).text();
  assert.match(script, /\njob\.commit\(\)\nraise ValueError\("told you"\)$/, 'what was typed, where it was typed');
  await run(page, 'FAILED');
  await page.getByText(`It failed in line ${script.split('\n').length}`).waitFor();
  await page.getByText('told you').first().waitFor();
  await button(page, 'Show the line').click();
  await page.locator('.error-line').first().waitFor();
});

test('the same pipeline in the visual editor, from an empty canvas', async () => {
  await loadExample(page);
  await page.goto(`${base}/jobs/new`);
  await page.getByRole('radio', { name: /Visual/ }).click();
  await page.getByLabel('Name', { exact: true }).fill('drawn');
  await button(page, 'Create').click();
  await page.waitForURL(/jobs\/drawn/);
  const add = async (menu, item) => {
    await button(page, menu).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await add('Source', /DynamoDB table of the catalog/);
  await page.getByRole('combobox', { name: 'Database' }).fill('insurance');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Table' }).fill('claims');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Output schema' }).click();
  await page.getByRole('row', { name: /age_of_car/ }).waitFor();

  await page.getByRole('tab', { name: 'Node', exact: true }).click();
  await add('Transform', /Filter rows/);
  await button(page, 'Add a condition').click();
  await page.getByRole('combobox', { name: 'Column' }).fill('age_of_car');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Comparison/ }).click();
  await page.getByRole('option', { name: '<', exact: true }).click();
  await page.getByLabel('Value', { exact: true }).fill('0.7');

  await add('Transform', /Select columns/);
  await page.getByRole('button', { name: /Columns to keep/ }).click();
  for (const name of columns) await page.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click();
  await page.keyboard.press('Escape');

  await add('Target', /^Files in S3/);
  await page.getByRole('button', { name: /^Format/ }).click();
  await page.getByRole('option', { name: 'csv', exact: true }).click();
  await page.getByRole('textbox', { name: 'S3 path' }).fill('s3://claims-example-reports/drawn/');
  await page.getByRole('tab', { name: 'Data preview' }).click();
  await page.getByText(/the first 50 rows/).waitFor();

  await button(page, 'Undo').click();
  await button(page, 'Redo').click();
  await button(page, 'Save').click();
  await page.getByText('Saved the job and wrote its script').waitFor();
  const nodes = Object.values((await glue('GetJob', { JobName: 'drawn' })).Job.CodeGenConfigurationNodes);
  assert.deepEqual(nodes.flatMap(Object.keys).sort(), ['DynamoDBCatalogSource', 'Filter', 'S3DirectTarget', 'SelectFields']);

  await run(page, 'SUCCEEDED');
  assert.deepEqual(await rowsBelow('drawn/'), await rowsBelow('reports/'), 'the same rows as the script gives');
});

test('a scheduled workflow', async () => {
  await loadExample(page);
  await page.goto(`${base}/workflows`);
  await button(page, 'Create workflow').click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('nightly');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(/workflows\/nightly/);
  await choose(page, page.getByRole('button', { name: /^Run a job or crawler|a job or crawler/ }), /claims-crawler/);
  await page.getByRole('radio', { name: 'By a schedule' }).click();
  await page.getByText('The next 10 times').waitFor();
  await button(page, 'Add').click();
  await choose(page, page.getByRole('button', { name: /a job or crawler/ }), /claims-report/);
  await choose(page, page.getByRole('button', { name: /After/ }), /claims-crawler/);
  await page.keyboard.press('Escape');
  await button(page, 'Add').click();
  await button(page, 'Save').click();
  await page.getByText('Saved the workflow').waitFor();
  const { Workflow } = await glue('GetWorkflow', { Name: 'nightly', IncludeGraph: true });
  const triggers = Workflow.Graph.Nodes.filter((node) => node.Type === 'TRIGGER').map((node) => node.TriggerDetails.Trigger);
  assert.deepEqual(triggers.map((trigger) => trigger.Type).sort(), ['CONDITIONAL', 'SCHEDULED']);
  assert.ok(triggers.every((trigger) => trigger.State === 'ACTIVATED'), JSON.stringify(triggers.map((trigger) => trigger.State)));

  await button(page, 'Run').click();
  await page.waitForURL(/workflows\/nightly\/runs\//);
  await page.locator('[data-testid=workflow-state][data-state=COMPLETED]').waitFor({ timeout: 60_000 });
  await page.locator('.box[data-state=SUCCEEDED]').first().waitFor();
});
