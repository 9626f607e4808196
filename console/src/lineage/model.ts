// Answers about columns become boxes of datasets with their columns, and one path through them that can be lit up.
import type { LineageEdge, LineageGraph, LineageNode } from '~/aws/lineage';

export interface DatasetBox {
  id: string;
  text: string;
  namespace: string;
  name: string;
  columns: { name: string; type: string }[];
}
export interface ColumnEdge {
  from: { dataset: string; column: string };
  to: { dataset: string; column: string };
  edge: LineageEdge;
}
export interface Model {
  datasets: DatasetBox[];
  edges: ColumnEdge[];
  cut: boolean;
}

export const datasetId = (node: { namespace: string; name: string }): string => `${node.namespace} ${node.name}`;

/** Both directions in one; the same edge in both counts once. */
export function merge(graphs: LineageGraph[]): Model {
  const boxes = new Map<string, DatasetBox>();
  const edges = new Map<string, ColumnEdge>();
  for (const graph of graphs) {
    const byId = new Map<number, LineageNode>(graph.nodes.map((node) => [node.id, node]));
    for (const node of graph.nodes) {
      const id = datasetId(node);
      const box = boxes.get(id) ?? { id, text: node.text, namespace: node.namespace, name: node.name, columns: [] };
      if (node.column && !box.columns.some((each) => each.name === node.column)) box.columns.push({ name: node.column, type: node.type ?? '' });
      boxes.set(id, box);
    }
    for (const edge of graph.edges) {
      const from = byId.get(edge.from);
      const to = byId.get(edge.to);
      if (!from || !to) continue;
      const made: ColumnEdge = { from: { dataset: datasetId(from), column: from.column ?? '' }, to: { dataset: datasetId(to), column: to.column ?? '' }, edge };
      edges.set(JSON.stringify([made.from, made.to, edge.job.name, edge.run.id]), made);
    }
  }
  return { datasets: [...boxes.values()], edges: [...edges.values()], cut: graphs.some((graph) => graph.cut) };
}

const key = (end: { dataset: string; column: string }): string => `${end.dataset}\u0000${end.column}`;

/** Everything that a column comes from and that comes of it. */
export function reach(model: Model, start: { dataset: string; column: string }): { columns: Set<string>; edges: Set<ColumnEdge> } {
  const columns = new Set([key(start)]);
  const edges = new Set<ColumnEdge>();
  for (const side of ['from', 'to'] as const) {
    const other = side === 'from' ? 'to' : 'from';
    const seen = new Set([key(start)]);
    const queue = [key(start)];
    while (queue.length > 0) {
      const now = queue.pop()!;
      for (const edge of model.edges) {
        if (key(edge[side]) !== now) continue;
        edges.add(edge);
        const next = key(edge[other]);
        columns.add(next);
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }
  return { columns, edges };
}

export const isLit = (lit: { columns: Set<string> } | undefined, dataset: string, column: string): boolean => lit?.columns.has(`${dataset}\u0000${column}`) ?? false;

/** "from a by a filter on x > 1 in the job j". */
export function edgeWords(edge: ColumnEdge): string {
  const how = edge.edge.transformations.map((each) => `${each.allRows ? 'decides rows, ' : ''}${each.subtype.toLowerCase() || each.type.toLowerCase()}${each.description ? ` ${each.description}` : ''}`);
  return `${edge.from.column || 'the whole'} → ${edge.to.column || 'the whole'}: ${how.join('; ') || 'taken as it is'}, in ${edge.edge.job.name}`;
}
