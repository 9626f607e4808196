// A server that a test owns: it may be killed and started again on the same port and data.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export async function ownServer(binary = process.env.MASTIC_BINARY) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'mastic-console-'));
  let process_;
  const ended = () => new Promise((resolve) => (process_.exitCode !== null || process_.signalCode !== null ? resolve() : process_.once('exit', resolve)));
  const server = {
    endpoint: `http://127.0.0.1:${port}`,
    folder,
    async start() {
      process_ = spawn(binary, ['serve', '--data', folder, '--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
      await new Promise((resolve, reject) => {
        process_.stderr.on('data', (text) => String(text).includes('listening on') && resolve());
        process_.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      });
    },
    async kill() {
      process_.kill('SIGKILL');
      await ended();
    },
    async stop() {
      process_.kill('SIGTERM');
      await ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
