// The graph of a visual job: nodes as CreateJob takes them, what is wrong with each, and the columns that each one gives.
import type { Job } from '~/aws/glue';
import { kindOf } from './kinds';

export interface VisualNode {
  id: string;
  kind: string;
  settings: Record<string, unknown> & { Name: string; Inputs?: string[] };
}
export interface Column {
  name: string;
  type: string;
}
export type Place = { x: number; y: number };
export interface Graph {
  nodes: VisualNode[];
  places: Record<string, Place>;
}

export function fromJob(job: Job): Graph {
  const nodes = Object.entries(job.CodeGenConfigurationNodes ?? {}).flatMap(([id, node]): VisualNode[] => {
    const [kind, settings] = Object.entries(node)[0] ?? [];
    return kind && settings ? [{ id, kind, settings: { ...settings, Name: String(settings.Name ?? kind) } }] : [];
  });
  return { nodes, places: {} };
}

export function toNodes(graph: Graph): Record<string, Record<string, Record<string, unknown>>> {
  return Object.fromEntries(
    graph.nodes.map((node) => {
      if (!kindOf(node.kind)) return [node.id, { [node.kind]: node.settings }];
      // Empty texts and lists that the API would refuse are left out, unless the kind needs them there.
      const needed = new Set(kindOf(node.kind)?.fields.filter((field) => field.required).map((field) => field.name) ?? []);
      const settings = Object.fromEntries(Object.entries(node.settings).filter(([name, value]) => needed.has(name) || name === 'Inputs' || name === 'Name' || !(value === '' || value === undefined || (Array.isArray(value) && value.length === 0))));
      if ((kindOf(node.kind)?.inputs[1] ?? 1) === 0) delete settings.Inputs;
      return [node.id, { [node.kind]: settings }];
    }),
  );
}

export function newId(taken: string[]): string {
  for (;;) {
    const id = `node-${Math.floor(Math.random() * 1e13).toString().padStart(13, '0')}`;
    if (!taken.includes(id)) return id;
  }
}

export function freeName(graph: Graph, wanted: string): string {
  const names = new Set(graph.nodes.map((node) => node.settings.Name));
  for (let index = 1; ; index += 1) {
    const name = index === 1 ? wanted : `${wanted} ${index}`;
    if (!names.has(name)) return name;
  }
}

export const inputsOf = (node: VisualNode): string[] => (Array.isArray(node.settings.Inputs) ? node.settings.Inputs : []);

export function addNode(graph: Graph, kindId: string, from?: string, place?: Place): { graph: Graph; id: string } {
  const kind = kindOf(kindId)!;
  const id = newId(graph.nodes.map((node) => node.id));
  const inputs = kind.inputs[1] === 0 ? undefined : from ? [from] : [];
  const settings: VisualNode['settings'] = { Name: freeName(graph, kind.label), ...(inputs ? { Inputs: inputs } : {}), ...structuredClone(kind.initial) };
  const made = syncAliases({ id, kind: kindId, settings });
  return { graph: { nodes: [...graph.nodes, made], places: place ? { ...graph.places, [id]: place } : graph.places }, id };
}

/** A query's inputs have names; each input has one. */
function syncAliases(node: VisualNode): VisualNode {
  if (node.kind !== 'SparkSQL') return node;
  const old = (node.settings.SqlAliases ?? []) as { From: string; Alias: string }[];
  const used = new Set(old.map((each) => each.Alias));
  const free = () => {
    for (let index = 1; ; index += 1) {
      const name = index === 1 ? 'input' : `input${index}`;
      if (!used.has(name)) {
        used.add(name);
        return name;
      }
    }
  };
  return { ...node, settings: { ...node.settings, SqlAliases: inputsOf(node).map((From) => old.find((each) => each.From === From) ?? { From, Alias: free() }) } };
}

export function changeNode(graph: Graph, id: string, part: Record<string, unknown>): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? { ...node, settings: { ...node.settings, ...part } as VisualNode['settings'] } : node)) };
}

function goesTo(graph: Graph, from: string, to: string): boolean {
  if (from === to) return true;
  return graph.nodes.filter((node) => inputsOf(node).includes(from)).some((node) => goesTo(graph, node.id, to));
}

/** Why the arrow may not be; nothing when it may. */
export function connectProblem(graph: Graph, from: string, to: string): string | undefined {
  const target = graph.nodes.find((node) => node.id === to);
  const source = graph.nodes.find((node) => node.id === from);
  if (!source || !target) return 'There is no such node.';
  const kind = kindOf(target.kind);
  if (kindOf(source.kind)?.group === 'target') return 'A target gives nothing on.';
  if (!kind) return 'This node is shown only; its inputs stay.';
  if (kind.inputs[1] === 0) return 'A source takes no input.';
  if (inputsOf(target).includes(from)) return 'They are connected already.';
  if (goesTo(graph, to, from)) return 'That would go round in a circle.';
  if (kind.inputs[1] > 1 && inputsOf(target).length >= kind.inputs[1]) return `${target.settings.Name} takes ${kind.inputs[1]} inputs.`;
  return undefined;
}

export function connect(graph: Graph, from: string, to: string): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      if (node.id !== to) return node;
      const single = (kindOf(node.kind)?.inputs[1] ?? 1) === 1;
      return syncAliases({ ...node, settings: { ...node.settings, Inputs: single ? [from] : [...inputsOf(node), from] } });
    }),
  };
}

export function disconnect(graph: Graph, from: string, to: string): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === to ? syncAliases({ ...node, settings: { ...node.settings, Inputs: inputsOf(node).filter((each) => each !== from) } }) : node)) };
}

export function removeNodes(graph: Graph, ids: string[]): Graph {
  const nodes = graph.nodes.filter((node) => !ids.includes(node.id)).map((node) => (inputsOf(node).some((each) => ids.includes(each)) ? syncAliases({ ...node, settings: { ...node.settings, Inputs: inputsOf(node).filter((each) => !ids.includes(each)) } }) : node));
  return { nodes, places: Object.fromEntries(Object.entries(graph.places).filter(([id]) => !ids.includes(id))) };
}

/** Copies keep the arrows among themselves. */
export function copyNodes(graph: Graph, copied: VisualNode[]): { graph: Graph; ids: string[] } {
  let next = graph;
  const renamed = new Map<string, string>();
  for (const node of copied) renamed.set(node.id, newId([...next.nodes.map((each) => each.id), ...renamed.values()]));
  const places = { ...graph.places };
  for (const node of copied) {
    const id = renamed.get(node.id)!;
    const inputs = inputsOf(node).map((each) => renamed.get(each)).filter((each) => each !== undefined);
    const aliases = node.kind === 'SparkSQL' ? { SqlAliases: ((node.settings.SqlAliases ?? []) as { From: string; Alias: string }[]).flatMap((each) => (renamed.has(each.From) ? [{ ...each, From: renamed.get(each.From)! }] : [])) } : {};
    next = { ...next, nodes: [...next.nodes, { ...node, id, settings: { ...structuredClone(node.settings), ...aliases, Name: freeName(next, `${node.settings.Name} copy`), ...(node.settings.Inputs ? { Inputs: inputs } : {}) } }] };
    const place = graph.places[node.id];
    if (place) places[id] = { x: place.x + 40, y: place.y + 80 };
  }
  return { graph: { ...next, places }, ids: [...renamed.values()] };
}

export const pathText = (path: unknown): string => (Array.isArray(path) ? path.join('.') : String(path ?? ''));
export const textPath = (text: string): string[] => text.split('.');

/** The columns that a node gives; nothing when that cannot be told without running it. `source` knows the sources' columns. */
export function schemaOf(graph: Graph, id: string, source: (node: VisualNode) => Column[] | undefined, seen: Set<string> = new Set()): Column[] | undefined {
  const node = graph.nodes.find((each) => each.id === id);
  if (!node || seen.has(id)) return undefined;
  const inner = new Set(seen).add(id);
  const settings = node.settings;
  const inputs = inputsOf(node).map((input) => schemaOf(graph, input, source, inner));
  const [first, second] = inputs;
  const declared = (settings.OutputSchemas as { Columns?: { Name: string; Type?: string }[] }[] | undefined)?.[0]?.Columns?.map((each) => ({ name: each.Name, type: each.Type ?? '' }));
  const names = (paths: unknown) => ((paths ?? []) as unknown[]).map(pathText);
  switch (node.kind) {
    case 'ApplyMapping':
      return ((settings.Mapping ?? []) as { ToKey?: string; ToType?: string; Dropped?: boolean }[]).filter((each) => !each.Dropped).map((each) => ({ name: each.ToKey ?? '', type: each.ToType ?? '' }));
    case 'SelectFields': {
      const wanted = names(settings.Paths);
      return first ? wanted.map((name) => first.find((each) => each.name === name) ?? { name, type: '' }) : wanted.map((name) => ({ name, type: '' }));
    }
    case 'DropFields': return first?.filter((each) => !names(settings.Paths).includes(each.name));
    case 'RenameField': return first?.map((each) => (each.name === pathText(settings.SourcePath) ? { ...each, name: pathText(settings.TargetPath) } : each));
    case 'Filter':
    case 'DropDuplicates':
    case 'Spigot': return first;
    case 'FillMissingValues': {
      const filled = String(settings.FilledPath || `${String(settings.ImputedPath ?? '')}_filled`);
      return first && [...first.filter((each) => each.name !== filled), { name: filled, type: first.find((each) => each.name === settings.ImputedPath)?.type ?? '' }];
    }
    case 'Union': return first;
    case 'Join':
      if (settings.JoinType === 'leftsemi' || settings.JoinType === 'leftanti') return first;
      return first && second && [...first, ...second];
    case 'Aggregate': {
      const groups = names(settings.Groups).map((name) => first?.find((each) => each.name === name) ?? { name, type: '' });
      const figures = ((settings.Aggs ?? []) as { Column: string[]; AggFunc: string }[]).map((each) => {
        const type = each.AggFunc.startsWith('count') ? 'bigint' : ['min', 'max', 'first', 'last'].includes(each.AggFunc) ? (first?.find((column) => column.name === pathText(each.Column))?.type ?? '') : 'double';
        return { name: `${each.AggFunc}(${pathText(each.Column)})`, type };
      });
      return [...groups, ...figures];
    }
    default:
      if (declared) return declared;
      if (kindOf(node.kind)?.group === 'target') return first;
      return kindOf(node.kind)?.group === 'source' ? source(node) : undefined;
  }
}

/** What has to be done before the node can run, in sentences. */
export function problemsOf(graph: Graph, node: VisualNode, input: (id: string) => Column[] | undefined): string[] {
  const kind = kindOf(node.kind);
  if (!kind) return [];
  const problems: string[] = [];
  const settings = node.settings;
  if (settings.Name.trim() === '') problems.push('Give it a name.');
  if (graph.nodes.some((each) => each !== node && each.settings.Name === settings.Name)) problems.push('Another node has the same name.');
  const inputs = inputsOf(node);
  if (inputs.length < kind.inputs[0]) problems.push(kind.inputs[0] === 1 ? 'Connect its input.' : `Connect ${kind.inputs[0]} inputs.`);
  for (const field of kind.fields) {
    const value = settings[field.name];
    const missing = value === undefined || value === '' || value === 's3://' || (Array.isArray(value) && (value.length === 0 || value.every((each) => each === '')));
    if (field.required && missing) problems.push(`Fill in “${field.label}”.`);
    if (field.kind === 's3' && !missing && !String(value).startsWith('s3://')) problems.push(`“${field.label}” begins with s3://.`);
    if (field.kind === 'paths' && ((value ?? []) as string[]).some((each) => each !== '' && !each.startsWith('s3://'))) problems.push(`“${field.label}”: each begins with s3://.`);
  }
  const known = inputs[0] ? input(inputs[0]) : undefined;
  if (known) {
    const has = (name: string) => known.some((each) => each.name.toLowerCase() === name.toLowerCase());
    const used: string[] = [];
    for (const field of kind.fields) {
      const value = settings[field.name];
      if (field.kind === 'columns') used.push(...((value ?? []) as unknown[]).map(pathText));
      if (field.kind === 'path' && Array.isArray(value) && value.length > 0) used.push(pathText(value));
      if (field.kind === 'column' && value) used.push(String(value));
      if (field.kind === 'mapping') used.push(...((value ?? []) as { FromPath?: string[]; Dropped?: boolean }[]).filter((each) => !each.Dropped).map((each) => pathText(each.FromPath)));
      if (field.kind === 'aggregates') used.push(...((value ?? []) as { Column: string[] }[]).map((each) => pathText(each.Column)));
      if (field.kind === 'filters') used.push(...((value ?? []) as { Values?: { Type: string; Value?: string[] }[] }[]).flatMap((each) => (each.Values ?? []).filter((one) => one.Type === 'COLUMNEXTRACTED').map((one) => pathText(one.Value))));
    }
    for (const name of new Set(used)) if (name !== '' && !has(name)) problems.push(`Its input has no column “${name}”.`);
  }
  if (node.kind === 'RenameField' && pathText(settings.TargetPath) === '') problems.push('Fill in “New name”.');
  return [...new Set(problems)];
}
