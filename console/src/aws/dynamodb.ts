// DynamoDB: tables and items. Values stay in DynamoDB's own notation until they are shown.
import { allPages, callJson } from './client';

export interface Value {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  L?: Value[];
  M?: Record<string, Value>;
  SS?: string[];
  NS?: string[];
  BS?: string[];
}
export type Item = Record<string, Value>;

export interface KeyElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

export interface TableDescription {
  TableName: string;
  TableStatus?: string;
  ItemCount?: number;
  TableSizeBytes?: number;
  CreationDateTime?: number;
  KeySchema: KeyElement[];
  AttributeDefinitions?: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
  LocalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
  BillingModeSummary?: { BillingMode?: string };
}

export const dynamodb = <Answer = object>(operation: string, input: object = {}) => callJson<Answer>('dynamodb', operation, input);

export const tableNames = () =>
  allPages<string>(async (token) => {
    const answer = await dynamodb<{ TableNames?: string[]; LastEvaluatedTableName?: string }>('ListTables', token ? { ExclusiveStartTableName: token } : {});
    return { items: answer.TableNames, token: answer.LastEvaluatedTableName };
  });
export const describe = async (TableName: string) => (await dynamodb<{ Table: TableDescription }>('DescribeTable', { TableName })).Table;

export interface Page {
  Items?: Item[];
  Count?: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Item;
}

export function show(value: Value | undefined): string {
  if (!value) return '';
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.NULL) return 'null';
  if (value.B !== undefined) return `binary ${value.B}`;
  return JSON.stringify(plain(value));
}

export function plain(value: Value): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL) return null;
  if (value.L) return value.L.map(plain);
  if (value.M) return Object.fromEntries(Object.entries(value.M).map(([name, each]) => [name, plain(each)]));
  return value.SS ?? value.NS ?? value.BS ?? value.B;
}

export const keyOf = (table: TableDescription, item: Item): Item => Object.fromEntries(table.KeySchema.map((each) => [each.AttributeName, item[each.AttributeName]!]));
export const keyText = (table: TableDescription, item: Item): string => table.KeySchema.map((each) => show(item[each.AttributeName])).join(' · ');

/** Keys first, then by name. */
export function columnsOf(table: TableDescription, items: Item[]): string[] {
  const keys = table.KeySchema.map((each) => each.AttributeName);
  const others = new Set(items.flatMap((item) => Object.keys(item)));
  return [...keys, ...[...others].filter((name) => !keys.includes(name)).sort()];
}
