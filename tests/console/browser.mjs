// What the tests share: the browser, the server's address, a call to it for checking what clicks have done.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(new URL('../../console/package.json', import.meta.url));
export const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const endpoint = process.env.MASTIC_TEST_ENDPOINT;
export const base = `${endpoint}/_mastic/console`;

export async function open(options = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  return { browser, context, page, errors };
}

export async function glue(operation, input = {}) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSGlue.${operation}` },
    body: JSON.stringify(input),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(body)}`);
  return body;
}

/** axe's findings that are serious or critical, as lines. */
export async function seriousFindings(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  return found.violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)}`));
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });

/** The claims example, by its button, unless it is there already. */
export async function loadExample(page) {
  const { Jobs = [] } = await glue('GetJobs');
  if (Jobs.some((job) => job.Name === 'claims-report')) return;
  await page.goto(`${base}/`);
  await button(page, 'Load the claims example').click();
  await page.waitForURL(/jobs\/claims-report/, { timeout: 60_000 });
}

/** Runs the job of the page that is open, with its defaults; waits for the run's end. */
export async function run(page, state) {
  await button(page, 'Run').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/runs\/jr_/);
  await page.locator(`[data-testid=run-state][data-state=${state}]`).waitFor({ timeout: 60_000 });
}

/** Chooses out of a Cloudscape dropdown (a select, an autosuggest that is open, a menu). */
export async function choose(page, control, option) {
  await control.click();
  await page.getByRole('option', { name: option }).or(page.getByRole('menuitem', { name: option })).first().click();
}
