// Lineage as the server tells it: /_mastic/lineage.
import { mastic } from './mastic';

export interface LineageNode {
  id: number;
  namespace: string;
  name: string;
  text: string;
  column?: string;
  type?: string;
  otherNames?: { namespace: string; name: string }[];
}
export interface LineageEdge {
  from: number;
  to: number;
  job: { namespace: string; name: string; type: string };
  run: { id: string; state: string; time: string };
  transformations: { type: string; subtype: string; description: string; masking: boolean; allRows: boolean }[];
  via?: { namespace: string; name: string; madeBy?: string };
}
export interface LineageGraph {
  nodes: LineageNode[];
  edges: LineageEdge[];
  cut: boolean;
}
export interface LineageDataset {
  namespace: string;
  name: string;
  text: string;
  lastWritten?: string;
  lastRead?: string;
  columns: { name: string; type: string }[];
}
export interface LineageRun {
  id: string;
  job: { name: string; type: string };
  state: string;
  started: string;
  inputs?: { namespace: string; name: string }[];
  outputs?: { namespace: string; name: string }[];
}

export interface LineageQuestion {
  namespace?: string;
  name?: string;
  dataset?: string;
  column?: string;
  job?: string;
  run?: string;
  since?: string;
  until?: string;
  rows?: boolean;
  /** Without a column: each of the dataset's. */
  columns?: boolean;
}

function query(question: LineageQuestion): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) if (value !== undefined && value !== '') parts.set(name, String(value));
  return parts.toString();
}

export const datasets = async (contains = '') => (await mastic<{ datasets: LineageDataset[] }>(`lineage/datasets?${new URLSearchParams({ contains, limit: '500' })}`))?.datasets ?? null;
export const graph = (question: LineageQuestion) => mastic<{ upstream: LineageGraph; downstream: LineageGraph }>(`lineage/graph?${query(question)}`);
export const lineageRuns = async (question: LineageQuestion) => (await mastic<{ runs: LineageRun[] }>(`lineage/runs?${query(question)}&limit=200`))?.runs ?? [];
export const lineageRun = (id: string) => mastic<LineageRun>(`lineage/runs/${encodeURIComponent(id)}`);
