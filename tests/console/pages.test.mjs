// Each page at 1280 and 390 pixels, light and dark: loaded once for each width, then painted in the other theme.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, look, open, settled } from './browser.mjs';
import { pages, prepare } from './pages.mjs';

const only = new RegExp(process.env.MASTIC_PAGES ?? '');
const widths = [1280, 390];

let ids;
before(async () => {
  ids = await prepare();
});

async function visit(page, name, entry) {
  const [path, act] = Array.isArray(entry) ? entry : [entry];
  await page.goto(base + path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await settled(page);
  if (act) {
    await act(page);
    await settled(page);
  }
  return look(page, name);
}

for (const width of widths) {
  test(`${width} pixels, light and dark`, async () => {
    const { browser, context, errors } = await open({ viewport: { width, height: width < 500 ? 844 : 800 }, bypassCSP: true });
    const wrong = [];
    const queue = Object.entries(pages(ids)).filter(([name]) => only.test(name));
    // Two pages at a time: while one waits for the server the other is looked at.
    const worker = async () => {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('pageerror', (error) => errors.push(error.message));
      for (let next = queue.shift(); next; next = queue.shift()) {
        const started = Date.now();
        wrong.push(...(await visit(page, ...next).catch((error) => [`${next[0]}, ${width}: ${error.message}`])));
        if (process.env.MASTIC_TIMES) console.log(`${next[0]}, ${width}: ${Date.now() - started} ms`);
      }
    };
    await Promise.all([worker(), worker()]);
    await browser.close();
    assert.deepEqual(wrong, []);
    assert.deepEqual(errors, []);
  });
}
