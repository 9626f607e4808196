import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, endpoint, open } from './browser.mjs';

const budget = 300 * 1024;

test('the first load of the shell is small, quick and from here', async () => {
  const { browser, page, errors } = await open();
  const elsewhere = [];
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const urls = new Map();
  session.on('Network.responseReceived', (event) => urls.set(event.requestId, event.response.url));
  session.on('Network.loadingFinished', (event) => {
    const url = urls.get(event.requestId) ?? '';
    if (!url.startsWith(endpoint) && !url.startsWith('data:') && !url.startsWith('blob:')) elsewhere.push(url);
    if (/\/_mastic\/console\/.*\.(js|css|html)$|\/_mastic\/console\/$/.test(url) && !url.includes('woff2')) bytes += event.encodedDataLength;
  });
  const start = Date.now();
  await page.goto(`${base}/no/such/page`); // the shell with the smallest page
  await page.getByRole('heading', { level: 1 }).waitFor();
  const took = Date.now() - start;
  await page.waitForTimeout(500);
  await browser.close();
  console.log(`first load: ${(bytes / 1024).toFixed(0)} KiB of scripts and styles for the shell, ${took} ms to the heading`);
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(errors, []);
});

test('its policy lets nothing else in', async () => {
  const response = await fetch(`${base}/`);
  const policy = response.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal((await fetch(`${base}/assets/gone.js`)).status, 404);
  assert.equal((await fetch(`${base}/any/deep/link`)).status, 200);
});

test('the shell, which is what the first page names, keeps to its budget', async () => {
  const page = await (await fetch(`${base}/`)).text();
  let bytes = 0;
  for (const [path] of page.matchAll(/\/_mastic\/console\/[^"]+\.(js|css)/g)) {
    const response = await fetch(endpoint + path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    bytes += Number(response.headers.get('content-length'));
  }
  console.log(`shell: ${(bytes / 1024).toFixed(0)} KiB`);
  assert.ok(bytes > 0 && bytes < budget, `${bytes} bytes`);
});
