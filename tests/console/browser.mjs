// What the tests share: the browser, the server's address, a call to it for checking what clicks have done.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';

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

/** Until nothing turns, nothing loads and the page has stood still for a moment. */
export async function settled(page) {
  await page.waitForFunction(
    () => {
      const turning = document.querySelector('[class*=awsui_circle-left]');
      const canvas = document.querySelector('.react-flow');
      const bare = canvas && !canvas.querySelector('.react-flow__node') && !document.querySelector('.visual-empty');
      const busy = turning || bare;
      const now = document.getElementById('root').innerText.length + document.querySelectorAll('*').length * 7;
      const same = window.masticSeen === now;
      window.masticSeen = now;
      return same && !busy;
    },
    undefined,
    { polling: 120 },
  );
}

/** axe's findings, of some rules or of WCAG AA, that are serious or critical, as lines. */
export async function seriousFindings(page, rules) {
  await page.evaluate(axeSource);
  const runOnly = rules ? { type: 'rule', values: rules } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
  const found = await page.evaluate((only) => window.axe.run({ runOnly: only, resultTypes: ['violations'] }), runOnly);
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

const shots = process.env.MASTIC_SHOTS;

async function paint(page, theme) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** What is wrong with the page that stands there, in both themes; with MASTIC_SHOTS=FOLDER it leaves a picture of each. */
export async function look(page, name) {
  const wrong = [];
  const { width } = page.viewportSize();
  const isNarrow = width < 500;
  if (shots) mkdirSync(shots, { recursive: true });
  for (const theme of ['light', 'dark']) {
    await paint(page, theme);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}-${theme}.png` });
    // Roles and names are the same in each theme and at each width; colours, and what scrolls, are not.
    if (isNarrow === (theme === 'light')) continue;
    const rules = isNarrow ? ['color-contrast', 'scrollable-region-focusable', 'button-name', 'link-name'] : undefined;
    for (const finding of await seriousFindings(page, rules)) wrong.push(`${name}, ${width}, ${theme}: ${finding}`);
  }
  await paint(page, 'light');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) wrong.push(`${name}: ${over} pixels wider than the screen of ${width}`);
  return wrong;
}
