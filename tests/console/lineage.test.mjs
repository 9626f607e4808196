// After the claims example ran: age_of_car from the DynamoDB table to the CSV and back, by clicking alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { base, button, loadExample, open, run } from './browser.mjs';

let browser, page, errors, runId;
before(async () => {
  ({ browser, page, errors } = await open());
  await loadExample(page);
  await page.goto(`${base}/jobs/claims-report`);
  await run(page, 'SUCCEEDED');
  runId = page.url().match(/jr_[0-9a-f]+/)[0];
});
after(async () => {
  await browser.close();
  assert.deepEqual(errors, [], 'errors in the page');
});

const column = (name, dataset) => button(page, `Column ${name} of ${dataset}`);
/** By the page's own button; the first link of that name is the navigation's. */
const openLineage = () => page.getByRole('link', { name: 'Lineage', exact: true }).nth(1).click();
const csv = 's3://claims-example-reports/reports';
const told = (title, text) => page.getByRole('region', { name: title }).getByRole('listitem').filter({ hasText: text });

test('downstream from the DynamoDB table: the value as it is, and whose rows it decides', async () => {
  await page.getByRole('link', { name: 'DynamoDB tables' }).click();
  await page.getByRole('link', { name: 'claims', exact: true }).click();
  await openLineage();
  await column('age_of_car', 'dynamodb:claims').click();
  await told('What came of it', `insurance.claims#age_of_car → ${csv}#age_of_car`).getByText('as it is (identity)').waitFor();
  await told('What came of it', 'dynamodb:claims#age_of_car → insurance.claims#age_of_car').getByRole('link', { name: 'claims-crawler' }).waitFor();
  await told('What came of it', `insurance.claims#age_of_car → ${csv}, every row`).getByText('decides rows: filter (age_of_car < 0.7), sort').waitFor();
  await page.getByText('age_of_car decides its rows').waitFor();
  assert.equal(await page.locator('.box .lit').count(), 2, 'its columns in the catalog and in the CSV are lit');
});

test('upstream from the CSV: where a column comes from, and what decided its rows', async () => {
  await column('age_of_car', csv).click();
  await told('Comes from', 'dynamodb:claims#age_of_car → insurance.claims#age_of_car').waitFor();
  await button(page, 'Show all').click();
  await page.getByRole('link', { name: 'S3 buckets' }).click();
  await page.getByRole('link', { name: 'claims-example-reports' }).click();
  await page.getByRole('link', { name: 'reports/' }).click();
  await openLineage();
  await column('policy_id', csv).click();
  await told('Comes from', `insurance.claims#policy_id → ${csv}#policy_id`).getByText('as it is (identity)').waitFor();
  await told('Comes from', `insurance.claims#age_of_car → ${csv}, every row`).getByText('decides rows: filter').waitFor();
  // The datasets that a column of another box reaches are asked for.
  await column('age_of_car', 'dynamodb:claims').click();
  await told('What came of it', `→ ${csv}#age_of_car`).waitFor();
});

test('narrowed by rows, job, run and time; all of it again', async () => {
  const decides = page.getByText('decides rows: filter');
  await page.getByText('Also what only decides which rows').click();
  await decides.waitFor({ state: 'detached' });
  await page.getByText('Also what only decides which rows').click();
  await decides.first().waitFor();

  await page.getByPlaceholder('any job').fill('claims-c');
  await page.getByRole('option', { name: 'claims-crawler' }).click();
  await page.waitForURL(/job=claims-crawler/);
  await decides.first().waitFor({ state: 'detached' });
  await page.getByPlaceholder('any job').fill('');
  await page.getByPlaceholder('any run').click();
  await page.getByRole('option', { name: new RegExp(runId) }).click();
  await page.waitForURL(new RegExp(`run=${runId}`));
  await decides.first().waitFor();

  await page.getByRole('button', { name: /In the time|all time/ }).click();
  await page.getByRole('radio', { name: /Last 1 hour|Last hour/i }).click();
  await button(page, 'Apply').click();
  await page.waitForURL(/when=last/);
  await decides.first().waitFor();
});

test('another dataset, by its name', async () => {
  await page.getByRole('link', { name: 'Lineage' }).first().click();
  await page.getByRole('link', { name: 'insurance.claims' }).click();
  await column('age_of_car', 'insurance.claims').click();
  await told('Comes from', 'dynamodb:claims#age_of_car').waitFor();
  await page.getByPlaceholder('database.table, s3://…').fill('no.such');
  await page.keyboard.press('Enter');
  await page.getByText('No run is known to have read or written no.such').waitFor();
  await page.getByRole('link', { name: 'See all datasets' }).click();
  await page.getByRole('link', { name: 'dynamodb:claims' }).waitFor();
});

test('of one run, and as a picture', async () => {
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByRole('link', { name: 'claims-report', exact: true }).first().click();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('link', { name: new RegExp(runId.slice(0, 15)) }).click();
  await page.getByRole('tab', { name: 'Lineage' }).click();
  await column('age_of_car', csv).click();
  await told('Comes from', 'decides rows: filter').first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as a picture').click()]);
  assert.equal(download.suggestedFilename(), 'lineage.png');
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  assert.ok(bytes.readUInt32BE(16) > 800 && bytes.length > 10_000, `${bytes.readUInt32BE(16)} pixels, ${bytes.length} bytes`);
});
