// Against a server with the key AKIACONSOLE / secret-of-the-console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, button, endpoint, look, open, settled } from './browser.mjs';

let browser, context, page, errors;
before(async () => ({ browser, context, page, errors } = await open({ bypassCSP: true })));
after(() => browser.close());

const call = (headers = {}) =>
  page.evaluate(
    async (more) => (await fetch('/', { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSGlue.GetJobs', ...more }, body: '{}' })).status,
    headers,
  );

/** The page at each width and in both themes. */
async function lookAtEach(name) {
  const wrong = [];
  for (const [width, height] of [[390, 844], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    await settled(page);
    wrong.push(...(await look(page, name)));
  }
  assert.deepEqual(wrong, []);
}

test('a wrong secret is refused, the right one signs in', async () => {
  await page.goto(`${base}/jobs`);
  await page.getByLabel('Access key ID').fill('AKIACONSOLE');
  await page.getByLabel('Secret access key').fill('wrong');
  await button(page, 'Sign in').click();
  await page.getByText('Not signed in').waitFor();
  await lookAtEach('sign-in');
  await page.getByLabel('Secret access key').fill('secret-of-the-console');
  await button(page, 'Sign in').click();
  await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
  await page.getByText('There is no job yet').waitFor();
  assert.deepEqual(errors, []);
});

test('an empty server says what to do first', async () => {
  await page.goto(`${base}/`);
  await button(page, 'Load the claims example').waitFor();
  await lookAtEach('home-empty');
});

test('the cookie alone does nothing, nor does another token', async () => {
  const [cookie] = (await context.cookies()).filter((each) => each.name === 'mastic_session');
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.equal(await call(), 403);
  assert.equal(await call({ 'x-mastic-csrf': '0'.repeat(64) }), 403);
  const session = await page.evaluate(async () => (await fetch('/_mastic/console/session')).json());
  assert.equal(await call({ 'x-mastic-csrf': session.csrf }), 200);
  const other = await fetch(`${endpoint}/_mastic/console/session`, { method: 'DELETE', headers: { origin: 'http://elsewhere.example', cookie: `mastic_session=${cookie.value}` } });
  assert.equal(other.status, 403);
});

test('S3 and the query protocols take the session, and sign-out ends it', async () => {
  await page.goto(`${base}/s3`);
  await page.getByText('There is no bucket yet').waitFor();
  await page.goto(`${base}/stacks`);
  await page.getByText('Nothing was deployed yet').waitFor();
  await page.goto(`${base}/settings`);
  await button(page, 'Sign out').click();
  await page.getByRole('heading', { name: 'Sign in to Mastic' }).waitFor();
});

test('a session that ended meanwhile asks again, and what was typed is kept', async () => {
  const signIn = async () => {
    await page.getByLabel('Access key ID').fill('AKIACONSOLE');
    await page.getByLabel('Secret access key').fill('secret-of-the-console');
    await button(page, 'Sign in').click();
  };
  await page.goto(`${base}/jobs/new`);
  await signIn();
  await page.getByLabel('Name', { exact: true }).fill('kept-name');
  await context.clearCookies();
  await button(page, 'Create').click();
  await page.getByRole('heading', { name: 'Sign in to Mastic' }).waitFor();
  await signIn();
  await page.getByLabel('Name', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'kept-name');
});

test('previews and statistics have a role’s rights', async () => {
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${base}/`);
  await button(page, 'Load the claims example').click();
  await page.waitForURL(/jobs\/claims-report/, { timeout: 60_000 });
  await page.goto(`${base}/catalog/insurance/claims?tab=preview`);
  // The crawler's role is the one that comes to mind.
  await page.getByRole('button', { name: /Role.*claims-example-role/ }).waitFor();
  await page.getByRole('region', { name: 'Rows of claims' }).getByRole('columnheader', { name: 'age_of_car' }).waitFor();
  await page.getByText('The first 100 rows, as the engine reads them').waitFor();
  await page.getByRole('tab', { name: 'Statistics' }).click();
  await button(page, 'Compute').click();
  await page.getByRole('row', { name: /age_of_car.*0\.99/ }).waitFor();
  assert.deepEqual(errors, []);
});
