// What is done to a job's nodes. Nothing here changes its arguments.
import { kindOf, type Kind, type Member, type Nodes } from './kinds';

export interface Entry {
  id: string;
  kind: Kind;
  member: Member;
  name: string;
  inputs: string[];
}

export function entryOf(nodes: Nodes, id: string): Entry | undefined {
  const [name, member] = Object.entries(nodes[id] ?? {})[0] ?? [];
  if (name === undefined || member === undefined) return undefined;
  return { id, kind: kindOf(name), member, name: String(member.Name ?? ''), inputs: (member.Inputs as string[] | undefined) ?? [] };
}

export const entries = (nodes: Nodes): Entry[] => Object.keys(nodes).flatMap((id) => entryOf(nodes, id) ?? []);

export function freeId(nodes: Nodes): string {
  const numbers = Object.keys(nodes).map((id) => Number(/(\d+)$/.exec(id)?.[1] ?? 0));
  return `node-${Math.max(0, ...numbers) + 1}`;
}

function freeName(nodes: Nodes, wanted: string): string {
  const taken = new Set(entries(nodes).map((entry) => entry.name));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted} ${number}`)) return `${wanted} ${number}`;
}

/** A new node behind `input`, if it takes one. */
export function add(nodes: Nodes, kind: Kind, input?: string): { nodes: Nodes; id: string } {
  const id = freeId(nodes);
  const member: Member = { Name: freeName(nodes, kind.label), ...structuredClone(kind.initial) };
  if (kind.role !== 'source') member.Inputs = [];
  const added = { ...nodes, [id]: { [kind.name]: member } };
  return { nodes: input && kind.role !== 'source' ? connect(added, input, id) : added, id };
}

export function change(nodes: Nodes, id: string, part: Member): Nodes {
  const entry = entryOf(nodes, id);
  if (!entry) return nodes;
  const member: Member = { ...entry.member };
  for (const [path, value] of Object.entries(part)) {
    const [key, inner] = path.split('.') as [string, string?];
    const next = inner === undefined ? value : { ...(member[key] as Member | undefined), [inner]: value };
    if (next === undefined || next === '') delete member[key];
    else member[key] = next;
  }
  // What the model requires stays, empty as it is.
  for (const field of entry.kind.fields) {
    const key = field.key.split('.')[0]!;
    if (!field.optional && member[key] === undefined && entry.kind.initial[key] !== undefined) member[key] = typeof entry.kind.initial[key] === 'string' ? '' : entry.kind.initial[key];
  }
  if (member.Name === undefined) member.Name = '';
  return { ...nodes, [id]: { [entry.kind.name]: member } };
}

/** Whether `to` is among what `from` is made of. */
export function isBehind(nodes: Nodes, from: string, to: string): boolean {
  const seen = new Set<string>();
  const look = (id: string): boolean => {
    if (id === to) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return (entryOf(nodes, id)?.inputs ?? []).some(look);
  };
  return look(from);
}

/** Why the two cannot be connected; undefined: they can. */
export function connectProblem(nodes: Nodes, from: string, to: string): string | undefined {
  const source = entryOf(nodes, from);
  const target = entryOf(nodes, to);
  if (!source || !target) return 'One of the nodes is gone.';
  if (source.kind.role === 'target') return `${source.name} is a target: it gives no rows on.`;
  if (target.kind.role === 'source') return `${target.name} is a source: it takes no input.`;
  if (target.inputs.includes(from)) return 'They are connected already.';
  if (isBehind(nodes, from, to)) return 'That would make a circle.';
  const most = target.kind.inputs[1];
  if (target.inputs.length >= most && most > 1) return `${target.name} has its ${most} inputs already.`;
  return undefined;
}

/** A node with one input gets the new one in its place. */
export function connect(nodes: Nodes, from: string, to: string): Nodes {
  if (connectProblem(nodes, from, to) !== undefined) return nodes;
  const target = entryOf(nodes, to)!;
  const inputs = target.kind.inputs[1] === 1 ? [from] : [...target.inputs, from];
  return setInputs(nodes, to, inputs);
}

export function disconnect(nodes: Nodes, from: string, to: string): Nodes {
  const target = entryOf(nodes, to);
  if (!target?.inputs.includes(from)) return nodes;
  return setInputs(nodes, to, target.inputs.filter((each) => each !== from));
}

/** What names inputs one by one follows them: aliases of a query, keys of a join. */
export function setInputs(nodes: Nodes, id: string, inputs: string[]): Nodes {
  const entry = entryOf(nodes, id)!;
  const member: Member = { ...entry.member, Inputs: inputs };
  if (entry.kind.name === 'SparkSQL') {
    const aliases = (member.SqlAliases as { From: string; Alias: string }[] | undefined) ?? [];
    member.SqlAliases = inputs.map((from, index) => aliases.find((each) => each.From === from) ?? { From: from, Alias: index === 0 ? 'myDataSource' : `myDataSource${index + 1}` });
  }
  if (entry.kind.name === 'Join') {
    const columns = (member.Columns as { From: string; Keys: string[][] }[] | undefined) ?? [];
    member.Columns = inputs.map((from) => columns.find((each) => each.From === from) ?? { From: from, Keys: [] });
  }
  if (entry.kind.name === 'Merge' && !inputs.includes(String(member.Source))) member.Source = inputs[0] ?? '';
  return { ...nodes, [id]: { [entry.kind.name]: member } };
}

export function remove(nodes: Nodes, ids: readonly string[]): Nodes {
  let left: Nodes = Object.fromEntries(Object.entries(nodes).filter(([id]) => !ids.includes(id)));
  for (const entry of entries(left)) {
    const inputs = entry.inputs.filter((each) => !ids.includes(each));
    if (inputs.length !== entry.inputs.length) left = setInputs(left, entry.id, inputs);
  }
  return left;
}

/** Copies with ids of their own, connected among each other as the originals are. */
export function paste(nodes: Nodes, copied: Nodes): { nodes: Nodes; ids: string[] } {
  let next = nodes;
  const ids = new Map<string, string>();
  for (const entry of entries(copied)) {
    const id = freeId(next);
    ids.set(entry.id, id);
    next = { ...next, [id]: { [entry.kind.name]: { ...structuredClone(entry.member), Name: freeName(next, entry.name), ...(entry.member.Inputs ? { Inputs: [] } : {}) } } };
  }
  for (const entry of entries(copied)) {
    const inputs = entry.inputs.flatMap((input) => ids.get(input) ?? []);
    const text = JSON.stringify(next[ids.get(entry.id)!]).replace(/"From":"([^"]*)"/g, (whole, from: string) => (ids.has(from) ? `"From":"${ids.get(from)}"` : whole));
    next = { ...next, [ids.get(entry.id)!]: JSON.parse(text) as Record<string, Member> };
    if (entry.member.Inputs) next = setInputs(next, ids.get(entry.id)!, inputs);
  }
  return { nodes: next, ids: [...ids.values()] };
}

/** The node and all that it is made of. */
export function upTo(nodes: Nodes, id: string): Nodes {
  return Object.fromEntries(Object.entries(nodes).filter(([each]) => isBehind(nodes, id, each)));
}
