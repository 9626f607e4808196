// Measures the console against a server that consoles.py has filled. One line of JSON for each figure.
import { base, button, endpoint, open } from '../tests/console/browser.mjs';

const say = (measure, unit, value) => console.log(JSON.stringify({ measure, unit, value }));

async function timed(measure, act) {
  const start = performance.now();
  await act();
  say(measure, 'ms', performance.now() - start);
}

const { browser, page, errors } = await open();
page.setDefaultTimeout(120_000);

// The first load: a browser that has seen nothing.
const html = await (await fetch(`${base}/`)).text();
let bytes = 0;
for (const [path] of html.matchAll(/\/_mastic\/console\/[^"]+\.(js|css)/g)) {
  const answer = await fetch(endpoint + path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
  bytes += Number(answer.headers.get('content-length'));
}
say('Console: the shell, compressed', 'KiB', bytes / 1024);
await timed('Console: first load until the page is there', async () => {
  await page.goto(`${base}/no/such/page`);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

// 100,000 runs.
await page.goto(`${base}/jobs/quick?tab=details`);
await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
const runs = (count) => page.getByText(`(${count.toLocaleString('en')})`, { exact: true });
await timed('Console: a list of 100,000 runs, its first page', async () => {
  await page.getByRole('tab', { name: 'Runs' }).click();
  await runs(200).waitFor();
});
await timed('Console: … a thousand older ones', async () => {
  await button(page, 'Load older').click();
  await runs(1200).waitFor();
});
await timed('Console: … all of them', async () => {
  await button(page, 'Load all').click();
  await runs(100_000).waitFor();
});
await timed('Console: … the next page of all', async () => {
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByRole('button', { name: 'Page 2', exact: true, pressed: true }).or(page.locator('[aria-current=true]', { hasText: /^2$/ })).first().waitFor();
});
await timed('Console: … one found among all', async () => {
  await page.getByPlaceholder('Find a run').fill('jr_000000000000000000000000000000000000000000000000000000000000abcd');
  await page.getByText('1 match', { exact: true }).first().waitFor();
});

// A log of a million lines.
await page.goto(`${base}/jobs/printer/runs/${process.env.MASTIC_PRINTED}?tab=arguments`);
await page.locator('[data-testid=run-state]').waitFor();
await page.goto('about:blank');
await timed('Console: a log of 1,000,000 lines, the page with its first lines', async () => {
  await page.goto(`${base}/jobs/printer/runs/${process.env.MASTIC_PRINTED}`);
  await page.getByRole('log').getByText('line 1 of a million').waitFor();
});
await timed('Console: … to its end', async () => {
  await button(page, 'Read to the end').click();
  await page.getByRole('log').getByText('line 999999 of a million').waitFor();
});
await timed('Console: … one line found among all', async () => {
  await page.getByLabel('Find in the log').fill('line 765432 of');
  await page.getByText('1 line of 1,000,000').waitFor();
});

// A canvas of 300 nodes.
await page.goto(`${base}/jobs/wide?tab=details`);
await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
const places = () => page.evaluate(() => [...document.querySelectorAll('.react-flow__node, .react-flow__viewport')].map((each) => each.style.transform).join());
const started = performance.now();
await page.getByRole('tab', { name: 'Visual' }).click();
let laid = started;
for (let before = '', same = 0; same < 4; ) {
  const now = await places();
  same = now !== '' && now === before ? same + 1 : 0;
  if (same === 0) laid = performance.now();
  before = now;
  await page.waitForTimeout(100);
}
say('Console: a canvas of 300 nodes, laid out', 'ms', laid - started);

async function frames(act) {
  await page.evaluate(() => {
    window.masticFrames = [];
    let last = performance.now();
    const tick = (now) => {
      window.masticFrames.push(now - last);
      last = now;
      window.masticTick = requestAnimationFrame(tick);
    };
    window.masticTick = requestAnimationFrame(tick);
  });
  await act();
  return page.evaluate(() => {
    cancelAnimationFrame(window.masticTick);
    return window.masticFrames.slice(1).sort((a, b) => a - b);
  });
}
const box = await page.locator('.visual-canvas').boundingBox();
const dragged = await frames(async () => {
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  for (let step = 0; step < 120; step += 1) await page.mouse.move(box.x + 20 + step * 2, box.y + 20 + step * 2);
  await page.mouse.up();
});
say('Console: … a frame while it is dragged', 'ms', dragged[dragged.length >> 1]);
say('Console: … nineteen of twenty frames', 'ms', dragged[Math.floor(dragged.length * 0.95)]);

await browser.close();
if (errors.length > 0) throw new Error(errors.join('\n'));
