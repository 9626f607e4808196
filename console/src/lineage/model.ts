// Answers about columns become boxes of datasets with their columns, and paths through them that can be lit up.
import type { LineageEdge, LineageGraph, LineageNode } from '~/aws/lineage';

export interface DatasetBox {
  id: string;
  text: string;
  namespace: string;
  name: string;
  columns: { name: string; type: string }[];
}
/** A column of a dataset; without a name, the dataset as a whole. */
export interface End {
  dataset: string;
  column: string;
}
export interface ColumnEdge {
  from: End;
  to: End;
  /** `value`: the column is made of it. `rows`: it decides which rows there are. `whole`: dataset to dataset is all that is known. */
  kind: 'value' | 'rows' | 'whole';
  how: LineageEdge['transformations'];
  job: LineageEdge['job'];
  /** Not known of a catalog table that stands between, when only its reader was asked about. */
  run?: LineageEdge['run'];
}
export interface Model {
  datasets: DatasetBox[];
  edges: ColumnEdge[];
  cut: boolean;
}

export const datasetId = (node: { namespace: string; name: string }): string => `${node.namespace} ${node.name}`;

/** A catalog table's text is DATABASE.TABLE. */
const tableText = (name: string): string => name.replace(/^table\//, '').replace('/', '.');

/** What decides rows stands with the whole dataset, in both directions; what it says of values stands with the column. */
function parts(edge: LineageEdge, from: End, to: End): Pick<ColumnEdge, 'from' | 'to' | 'kind' | 'how'>[] {
  const rows = edge.transformations.filter((each) => each.allRows);
  const values = edge.transformations.filter((each) => !each.allRows);
  const made = [];
  if (values.length > 0 || rows.length === 0) made.push({ from, to, kind: from.column === '' && to.column === '' ? ('whole' as const) : ('value' as const), how: values });
  if (rows.length > 0) made.push({ from, to: { dataset: to.dataset, column: '' }, kind: 'rows' as const, how: rows });
  return made;
}

const endKey = (end: End): string => `${end.dataset}\u0000${end.column}`;

/** Several answers in one; the same edge in two counts once. A table through which something was read stands in between. */
export function merge(graphs: LineageGraph[]): Model {
  const boxes = new Map<string, DatasetBox>();
  const boxOf = (node: { namespace: string; name: string }, text: string): DatasetBox => {
    const id = datasetId(node);
    const box = boxes.get(id) ?? { id, text, namespace: node.namespace, name: node.name, columns: [] };
    boxes.set(id, box);
    return box;
  };
  /** The column as the box spells it: names are without case, as Spark has them. */
  const columnOf = (box: DatasetBox, name: string, type: string): string => {
    const known = box.columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!known) box.columns.push({ name, type });
    return known?.name ?? name;
  };
  for (const node of graphs.flatMap((graph) => graph.nodes)) {
    const box = boxOf(node, node.text);
    if (node.column) columnOf(box, node.column, node.type ?? '');
  }
  const edges = new Map<string, ColumnEdge>();
  const between: ColumnEdge[] = [];
  const add = (edge: ColumnEdge) => edges.set(JSON.stringify([edge.from, edge.to, edge.kind, edge.job.name, edge.run?.id]), edge);
  for (const graph of graphs) {
    const byId = new Map<number, LineageNode>(graph.nodes.map((node) => [node.id, node]));
    for (const edge of graph.edges) {
      const source = byId.get(edge.from);
      const target = byId.get(edge.to);
      if (!source || !target) continue;
      const start: End = { dataset: datasetId(source), column: source.column ?? '' };
      let from = start;
      if (edge.via && datasetId(edge.via) !== datasetId(source)) {
        const box = boxOf(edge.via, tableText(edge.via.name));
        from = { dataset: box.id, column: source.column ? columnOf(box, source.column, source.type ?? '') : '' };
        between.push({ from: start, to: from, kind: from.column ? 'value' : 'whole', how: [], job: { namespace: '', name: edge.via.madeBy ?? '', type: 'CRAWLER' } });
      }
      for (const part of parts(edge, from, { dataset: datasetId(target), column: target.column ?? '' })) add({ ...part, job: edge.job, run: edge.run });
    }
  }
  const told = new Set([...edges.values()].map((edge) => `${endKey(edge.from)}\u0001${endKey(edge.to)}`));
  for (const edge of between) if (!told.has(`${endKey(edge.from)}\u0001${endKey(edge.to)}`)) add(edge);
  return { datasets: [...boxes.values()], edges: [...edges.values()], cut: graphs.some((graph) => graph.cut) };
}

function grouped(edges: ColumnEdge[], by: (edge: ColumnEdge) => string): Map<string, ColumnEdge[]> {
  const groups = new Map<string, ColumnEdge[]>();
  for (const edge of edges) {
    const group = groups.get(by(edge));
    if (group) group.push(edge);
    else groups.set(by(edge), [edge]);
  }
  return groups;
}

export interface Reach {
  columns: Set<string>;
  up: Set<ColumnEdge>;
  down: Set<ColumnEdge>;
}

/** Everything that a column comes from and that comes of it. */
export function reach(model: Model, start: End): Reach {
  const columns = new Set([endKey(start)]);
  const walk = (edgesAt: (end: End) => ColumnEdge[], next: (edge: ColumnEdge) => End): Set<ColumnEdge> => {
    const edges = new Set<ColumnEdge>();
    const seen = new Set([endKey(start)]);
    const queue = [start];
    for (let now = queue.pop(); now; now = queue.pop()) {
      for (const edge of edgesAt(now)) {
        edges.add(edge);
        const end = next(edge);
        columns.add(endKey(end));
        if (seen.has(endKey(end))) continue;
        seen.add(endKey(end));
        queue.push(end);
      }
    }
    return edges;
  };
  const into = grouped(model.edges, (edge) => endKey(edge.to));
  const outOf = grouped(model.edges, (edge) => endKey(edge.from));
  // What decides a dataset's rows has a say in each of its columns.
  const up = walk(
    (end) => [...(into.get(endKey(end)) ?? []), ...(end.column === '' ? [] : (into.get(endKey({ ...end, column: '' })) ?? []).filter((edge) => edge.kind === 'rows'))],
    (edge) => edge.from,
  );
  const down = walk(
    (end) => outOf.get(endKey(end)) ?? [],
    (edge) => edge.to,
  );
  return { columns, up, down };
}

export const isLit = (lit: Reach | undefined, dataset: string, column: string): boolean => lit?.columns.has(endKey({ dataset, column })) ?? false;

/** Edges to draw: datasets are joined as wholes only where nothing finer is known. */
export function drawn(model: Model): ColumnEdge[] {
  const pair = (edge: ColumnEdge) => `${edge.from.dataset}\u0001${edge.to.dataset}`;
  const finer = new Set(model.edges.filter((edge) => edge.kind !== 'whole').map(pair));
  return model.edges.filter((edge) => edge.kind !== 'whole' || !finer.has(pair(edge)));
}

const words: Record<string, string> = {
  IDENTITY: 'as it is (identity)',
  TRANSFORMATION: 'made of it',
  AGGREGATION: 'many values in one (aggregation)',
  CONDITIONAL: 'decides the value (conditional)',
  WINDOW: 'decides the value (window)',
  GROUP_BY: 'group by',
};

/** "decides rows: filter (age_of_car < 0.7), sort". */
export function howWords(edge: ColumnEdge): string {
  if (edge.how.length === 0) return edge.job.type === 'CRAWLER' && edge.kind === 'value' ? 'as it is (identity)' : 'how is not known';
  const said = [...new Set(edge.how.map((each) => `${words[each.subtype] ?? each.subtype.toLowerCase()}${each.description ? ` ${each.description}` : ''}${each.masking ? ', masked' : ''}`))].join(', ');
  return edge.kind === 'rows' ? `decides rows: ${said}` : said;
}
