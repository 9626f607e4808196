import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpus, loadavg } from 'node:os';
import { base, endpoint, open, settled } from './browser.mjs';

const budget = 300 * 1024;

/** In a browser that has seen nothing: bytes that came for the shell, and milliseconds to the page's heading. */
async function firstLoad() {
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
    if (/\/_mastic\/console\/.*\.(js|css|html)$|\/_mastic\/console\/$/.test(url)) bytes += event.encodedDataLength;
  });
  const start = performance.now();
  await page.goto(`${base}/no/such/page`); // the shell with the smallest page
  await page.getByRole('heading', { level: 1 }).waitFor();
  const took = performance.now() - start;
  await settled(page);
  await browser.close();
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(errors, []);
  return { bytes, took };
}

test('the first load of the shell is small, quick and from here', async () => {
  const loads = [];
  for (let round = 0; round < 5; round += 1) loads.push(await firstLoad());
  const times = loads.map((each) => each.took).sort((a, b) => a - b);
  console.log(`first load: ${(loads[0].bytes / 1024).toFixed(0)} KiB came for the shell; ${times.map((each) => each.toFixed(0)).join(', ')} ms to the heading`);
  // On processors that others use the time says nothing of the console.
  if (loadavg()[0] < cpus().length * 1.5) assert.ok(times[0] < 1000, `${times[0]} ms`);
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
  console.log(`shell: ${(bytes / 1024).toFixed(0)} KiB of the ${budget / 1024} that it may have`);
  assert.ok(bytes > 0 && bytes < budget, `${bytes} bytes`);
});
