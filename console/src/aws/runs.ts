// What a run took and did: /_mastic/runs/JOB/RUN.
import { mastic } from './mastic';

export interface RunSummary {
  cpu_seconds?: number;
  engine_cpu_seconds?: number;
  driver_cpu_seconds?: number;
  memory_bytes?: number;
  peak_memory_bytes?: number;
  totals?: { queries?: number; rows_in?: number; rows_out?: number; bytes_read?: number; bytes_written?: number; spilled_bytes?: number; peak_memory_bytes?: number; query_seconds?: number } | null;
}
export interface Sample {
  milliseconds: number;
  cpu_milliseconds: number;
  engine_memory_bytes: number;
  driver_memory_bytes: number;
}
export interface Query {
  query: number;
  ended: string;
  seconds: number;
  cpu_seconds: number;
  rows_in: number;
  rows_out: number;
  bytes_read: number;
  bytes_written: number;
  peak_memory_bytes: number;
  spilled_bytes: number;
}
export interface Operator {
  operator: string;
  engine_operator: string;
  seconds: number;
  rows: number;
  rows_scanned: number;
  bytes: number;
  details: Record<string, string>;
  inputs: Operator[];
}

const path = (job: string, run: string, rest = '') => `runs/${encodeURIComponent(job)}/${encodeURIComponent(run)}${rest}`;
export const summary = (job: string, run: string) => mastic<RunSummary>(path(job, run));
export const usage = async (job: string, run: string) => (await mastic<{ samples: Sample[] }>(path(job, run, '/usage')))?.samples ?? null;
export const queries = async (job: string, run: string) => (await mastic<{ queries: Query[] }>(path(job, run, '/queries')))?.queries ?? null;
export const plan = async (job: string, run: string, query: number) => (await mastic<{ plan: Operator | null; plan_left_out?: string }>(path(job, run, `/queries/${query}`))) ?? null;
