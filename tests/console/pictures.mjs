// The pictures of docs/console.md, made anew from the real pages: `make pictures`, or `node tests/console/pictures.mjs`.
import { fileURLToPath } from 'node:url';
import { ownServer } from './server.mjs';

const server = await ownServer();
process.env.MASTIC_TEST_ENDPOINT = server.endpoint;
const { base, glue, open, settled } = await import('./browser.mjs');
const { pages, prepare } = await import('./pages.mjs');
const folder = fileURLToPath(new URL('../../docs/console/', import.meta.url));

// file: the page's name in pages.mjs, its width and height, its theme
const pictures = {
  home: ['home', 1160, 720],
  run: ['run', 1160, 720],
  plan: ['run-plan', 1160, 1060],
  resources: ['run-resources', 1160, 900],
  table: ['table-statistics', 1160, 720],
  workflow: ['workflow-run', 1160, 700],
  visual: ['visual-preview', 1280, 800],
  lineage: ['lineage-column', 1160, 1260],
  'failed-dark': ['run-failed-script', 1160, 1080, 'dark'],
  phone: ['run', 390, 844],
  'phone-dark': ['lineage-column', 390, 844, 'dark'],
};

const ids = await prepare();
const { browser, page } = await open();
try {
  // Something that runs while the home page is looked at.
  await fetch(`${server.endpoint}/claims-example-scripts/waits.py`, { method: 'PUT', body: 'import time\nprint("waits")\ntime.sleep(120)\n' });
  await glue('CreateJob', { Name: 'hourly-import', Role: 'claims-example-role', Command: { Name: 'pythonshell', PythonVersion: '3.9', ScriptLocation: 's3://claims-example-scripts/waits.py' } });
  await glue('StartJobRun', { JobName: 'hourly-import' });
  for (const [file, [name, width, height, theme = 'light']] of Object.entries(pictures)) {
    const entry = pages(ids)[name];
    const [path, act] = Array.isArray(entry) ? entry : [entry];
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.goto(base + path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await settled(page);
    if (act) {
      await act(page);
      await settled(page);
    }
    await page.screenshot({ path: `${folder}${file}.png` });
  }
} finally {
  await browser.close();
  await server.stop();
}
