// What the server says of the nodes: the script, what is wrong, and a node's rows and schema from the real engine.
import { useQuery } from '@tanstack/react-query';
import type { Job } from '~/aws/glue';
import { AwsError, request } from '~/aws/client';
import { useDebounced } from '~/common/debounced';
import { entryOf, upTo } from './graph';
import type { Nodes } from './kinds';

export interface NodeProblem {
  node: string;
  message: string;
  unsupported: boolean;
}

export interface SparkField {
  name: string;
  type: SparkType;
  nullable: boolean;
}

export type SparkType = string | { type: 'struct'; fields: SparkField[] } | { type: 'array'; elementType: SparkType } | { type: 'map'; keyType: SparkType; valueType: SparkType } | { type: 'udt'; sqlType: SparkType };

export interface Frame {
  name: string;
  schema: { fields: SparkField[] };
  rows: unknown[][];
  more: boolean;
}

interface Preview {
  problems: NodeProblem[];
  frames?: Frame[];
  error?: string;
}

async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const response = await request(`mastic:${path}`, `/_mastic/glue/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new AwsError(String(answer.code), String(answer.message), response.status, path);
  return answer as Answer;
}

/** Glue's name of a Spark type. */
export function typeText(type: SparkType): string {
  if (typeof type === 'string') return { integer: 'int', long: 'bigint', short: 'smallint', byte: 'tinyint' }[type] ?? type;
  switch (type.type) {
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${typeText(field.type)}`).join(',')}>`;
    case 'array':
      return `array<${typeText(type.elementType)}>`;
    case 'map':
      return `map<${typeText(type.keyType)},${typeText(type.valueType)}>`;
    case 'udt':
      return typeText(type.sqlType);
  }
}

export interface ColumnPath {
  path: string[];
  type: string;
}

/** The columns, and the fields of structs below them. */
export function columnPaths(fields: SparkField[], above: string[] = []): ColumnPath[] {
  return fields.flatMap((field) => {
    const path = [...above, field.name];
    const inner = typeof field.type === 'object' && field.type.type === 'struct' ? columnPaths(field.type.fields, path) : [];
    return [{ path, type: typeText(field.type) }, ...inner];
  });
}

export function useScript(nodes: Nodes) {
  const text = useDebounced(JSON.stringify(nodes), 300);
  return useQuery({
    queryKey: ['visual-script', text],
    queryFn: () => ask<{ script: string; problems: NodeProblem[] }>('script', { CodeGenConfigurationNodes: JSON.parse(text) as Nodes }),
    placeholderData: (before) => before,
    staleTime: Infinity,
  });
}

/** A node's first rows. Asked only when what it is made of has changed. */
export function usePreview(nodes: Nodes, id: string | undefined, job: Job, wanted = true) {
  const part = id === undefined ? {} : upTo(nodes, id);
  const text = useDebounced(JSON.stringify(part), 700);
  const known = id !== undefined && entryOf(nodes, id) !== undefined;
  return useQuery({
    queryKey: ['visual-preview', id, job.Role, job.GlueVersion, text],
    queryFn: () => ask<Preview>(`preview?node=${encodeURIComponent(id!)}&rows=50`, { CodeGenConfigurationNodes: JSON.parse(text) as Nodes, Role: job.Role, GlueVersion: job.GlueVersion }),
    enabled: wanted && known && text === JSON.stringify(part) && text !== '{}',
    staleTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** The columns that come in over one of a node's inputs; undefined while they are not known. */
export function useInputColumns(nodes: Nodes, id: string, job: Job, index = 0): { columns?: ColumnPath[]; loading: boolean; error?: string } {
  const input = entryOf(nodes, id)?.inputs[index];
  const shown = usePreview(nodes, input, job, input !== undefined);
  const error = shown.data?.error ?? (shown.error instanceof Error ? shown.error.message : undefined);
  return { columns: shown.data?.frames?.[0] ? columnPaths(shown.data.frames[0].schema.fields) : undefined, loading: shown.isFetching, error };
}
