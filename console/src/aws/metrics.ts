// How full the machine is, out of the server's metrics (Prometheus' text).
import { request } from './client';

/** Sums over labels: a gauge of several stores is one figure here. */
export function parseMetrics(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const parts = /^([A-Za-z_:][\w:]*)(?:\{.*\})?\s+([^\s]+)/.exec(line);
    const value = parts ? Number(parts[2]) : NaN;
    if (parts && !Number.isNaN(value)) found.set(parts[1]!, (found.get(parts[1]!) ?? 0) + value);
  }
  return found;
}

export interface Machine {
  running?: number;
  waiting?: number;
  maximum?: number;
  engines?: number;
  memory?: number;
  diskFree?: number;
}

export async function machine(): Promise<Machine | null> {
  const response = await request('metrics', '/_mastic/metrics');
  if (!response.ok) return null;
  const found = parseMetrics(await response.text());
  if (!found.has('mastic_runs_maximum')) return null;
  return {
    running: found.get('mastic_runs_running'),
    waiting: found.get('mastic_runs_waiting'),
    maximum: found.get('mastic_runs_maximum'),
    engines: found.get('mastic_pool_engines_ready'),
    memory: found.get('mastic_runs_memory_bytes'),
    diskFree: found.get('mastic_disk_free_bytes'),
  };
}
