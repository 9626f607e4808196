// The kinds of node that a visual job is made of (Glue's CodeGenConfigurationNode): what each is called, what it takes and what
// can be set. Which of them run is the server's to say (`/_mastic/glue/nodes`); the others are shown as they are.

export type Member = Record<string, unknown>;
/** By node id; a node has one member, named by its kind. */
export type Nodes = Record<string, Record<string, Member>>;
export type Role = 'source' | 'transform' | 'target';

export type Field = { key: string; label: string; about?: string; optional?: boolean } & (
  | { type: 'text'; placeholder?: string }
  | { type: 'number' }
  | { type: 'flag' }
  | { type: 'choice'; options: [value: string, label: string][] }
  | { type: 'lines'; placeholder?: string }
  | { type: 'column' }
  | { type: 'columns' }
  | { type: 'mapping' }
  | { type: 'conditions' }
  | { type: 'groups' }
  | { type: 'join-keys' }
  | { type: 'aggregates' }
  | { type: 'aliases' }
  | { type: 'input' }
  | { type: 'code'; language: 'python' | 'sql' }
  | { type: 'table' }
  | { type: 'catalog-update' }
);

export interface Kind {
  name: string;
  label: string;
  role: Role;
  about: string;
  /** Fewest and most inputs. */
  inputs: [number, number];
  initial: Member;
  fields: Field[];
}

const paths: Field = { key: 'Paths', label: 'S3 paths', type: 'lines', placeholder: 's3://bucket/folder/', about: 'One a line.' };
const recurse: Field = { key: 'Recurse', label: 'Read folders below', type: 'flag' };
const table: Field = { key: 'Table', label: 'Catalog table', type: 'table' };
const predicate: Field = { key: 'PartitionPredicate', label: 'Partitions', type: 'text', optional: true, placeholder: "year = '2026'", about: 'An expression over the partition keys; empty: all.' };
const columns = (label: string): Field => ({ key: 'Paths', label, type: 'columns' });
const partitionKeys: Field = { key: 'PartitionKeys', label: 'Partition by', type: 'columns', optional: true, about: 'A folder key=value for each of their values.' };
const compression = (...names: string[]): Field => ({ key: 'Compression', label: 'Compression', type: 'choice', optional: true, options: names.map((name) => [name, name]) });
const files: Field = { key: 'NumberTargetPartitions', label: 'Number of files', type: 'text', optional: true, placeholder: '1', about: 'Empty: as many as the engine writes at once.' };
const update: Field = { key: 'SchemaChangePolicy', label: 'Data catalog', type: 'catalog-update', optional: true };

const one: [number, number] = [1, 1];
const two: [number, number] = [2, 2];
const none: [number, number] = [0, 0];
const any: [number, number] = [1, 20];

export const kinds: Kind[] = [
  { name: 'S3CsvSource', label: 'CSV files in S3', role: 'source', about: 'Reads rows from CSV files.', inputs: none, initial: { Paths: [''], Separator: 'comma', QuoteChar: 'quote', WithHeader: true, Recurse: true }, fields: [paths, { key: 'Separator', label: 'Separator', type: 'choice', options: [['comma', 'Comma ,'], ['semicolon', 'Semicolon ;'], ['tab', 'Tab'], ['pipe', 'Pipe |'], ['ctrla', 'Ctrl-A']] }, { key: 'QuoteChar', label: 'Quotes', type: 'choice', options: [['quote', 'Double "'], ['single_quote', "Single '"], ['quillemet', 'Guillemet «'], ['disabled', 'None']] }, { key: 'WithHeader', label: 'The first line has the names', type: 'flag' }, { key: 'Multiline', label: 'Values may have line breaks', type: 'flag' }, recurse, { key: 'Escaper', label: 'Escape character', type: 'text', optional: true, placeholder: '\\' }] },
  { name: 'S3JsonSource', label: 'JSON files in S3', role: 'source', about: 'Reads one JSON object a line, or what a path names.', inputs: none, initial: { Paths: [''], Recurse: true }, fields: [paths, { key: 'JsonPath', label: 'JSON path', type: 'text', optional: true, placeholder: '$.Records[*]' }, { key: 'Multiline', label: 'Objects go over several lines', type: 'flag' }, recurse] },
  { name: 'S3ParquetSource', label: 'Parquet files in S3', role: 'source', about: 'Reads rows from Parquet files.', inputs: none, initial: { Paths: [''], Recurse: true }, fields: [paths, recurse] },
  { name: 'S3CatalogSource', label: 'S3 table of the catalog', role: 'source', about: 'Reads the files of a catalog table.', inputs: none, initial: { Database: '', Table: '' }, fields: [table, predicate] },
  { name: 'CatalogSource', label: 'Catalog table', role: 'source', about: 'Reads any table of the data catalog.', inputs: none, initial: { Database: '', Table: '' }, fields: [table, predicate] },
  { name: 'DynamoDBCatalogSource', label: 'DynamoDB table of the catalog', role: 'source', about: 'Reads the items of a table that a crawler has found.', inputs: none, initial: { Database: '', Table: '' }, fields: [table] },

  { name: 'ApplyMapping', label: 'Change schema', role: 'transform', about: 'Renames, drops and converts columns.', inputs: one, initial: { Mapping: [] }, fields: [{ key: 'Mapping', label: 'Columns', type: 'mapping' }] },
  { name: 'SelectFields', label: 'Select columns', role: 'transform', about: 'Keeps the chosen columns.', inputs: one, initial: { Paths: [] }, fields: [columns('Columns to keep')] },
  { name: 'DropFields', label: 'Drop columns', role: 'transform', about: 'Leaves the chosen columns out.', inputs: one, initial: { Paths: [] }, fields: [columns('Columns to drop')] },
  { name: 'RenameField', label: 'Rename a column', role: 'transform', about: 'Gives one column another name.', inputs: one, initial: { SourcePath: [], TargetPath: [] }, fields: [{ key: 'SourcePath', label: 'Column', type: 'column' }, { key: 'TargetPath', label: 'New name', type: 'column' }] },
  { name: 'Filter', label: 'Filter rows', role: 'transform', about: 'Keeps the rows that meet conditions.', inputs: one, initial: { LogicalOperator: 'AND', Filters: [] }, fields: [{ key: 'Filters', label: 'Conditions', type: 'conditions' }] },
  { name: 'Route', label: 'Route rows', role: 'transform', about: 'Parts rows into groups; “Select one” takes a group.', inputs: one, initial: { GroupFiltersList: [] }, fields: [{ key: 'GroupFiltersList', label: 'Groups', type: 'groups' }] },
  { name: 'Join', label: 'Join', role: 'transform', about: 'Puts the rows of two inputs together by keys.', inputs: two, initial: { JoinType: 'equijoin', Columns: [] }, fields: [{ key: 'JoinType', label: 'Kind of join', type: 'choice', options: [['equijoin', 'Inner'], ['left', 'Left'], ['right', 'Right'], ['outer', 'Outer'], ['leftsemi', 'Left semi'], ['leftanti', 'Left anti']] }, { key: 'Columns', label: 'Keys', type: 'join-keys' }] },
  { name: 'Union', label: 'Union', role: 'transform', about: 'The rows of both inputs, column by column.', inputs: two, initial: { UnionType: 'ALL' }, fields: [{ key: 'UnionType', label: 'Rows', type: 'choice', options: [['ALL', 'All'], ['DISTINCT', 'Without duplicates']] }] },
  { name: 'Merge', label: 'Merge', role: 'transform', about: 'Replaces rows of one input by those of the other that have their key.', inputs: two, initial: { Source: '', PrimaryKeys: [] }, fields: [{ key: 'Source', label: 'Is replaced', type: 'input' }, { key: 'PrimaryKeys', label: 'Primary key', type: 'columns' }] },
  { name: 'Aggregate', label: 'Aggregate', role: 'transform', about: 'Sums, counts and averages by group.', inputs: one, initial: { Groups: [], Aggs: [] }, fields: [{ key: 'Groups', label: 'Group by', type: 'columns', optional: true }, { key: 'Aggs', label: 'Aggregates', type: 'aggregates' }] },
  { name: 'DropDuplicates', label: 'Drop duplicates', role: 'transform', about: 'Keeps one row of those that are equal.', inputs: one, initial: {}, fields: [{ key: 'Columns', label: 'Compare', type: 'columns', optional: true, about: 'None: whole rows.' }] },
  { name: 'DropNullFields', label: 'Drop empty columns', role: 'transform', about: 'Leaves out columns that have no value in any row.', inputs: one, initial: { NullCheckBoxList: { IsEmpty: false, IsNullString: false, IsNegOne: false } }, fields: [{ key: 'NullCheckBoxList.IsEmpty', label: 'Empty texts are no values', type: 'flag' }, { key: 'NullCheckBoxList.IsNullString', label: 'The text “null” is no value', type: 'flag' }, { key: 'NullCheckBoxList.IsNegOne', label: '-1 is no value', type: 'flag' }] },
  { name: 'SplitFields', label: 'Split columns', role: 'transform', about: 'Two sets of rows: the chosen columns, and the rest.', inputs: one, initial: { Paths: [] }, fields: [columns('Columns of the first')] },
  { name: 'SelectFromCollection', label: 'Select one', role: 'transform', about: 'Takes one of the sets that Route, Split or code give.', inputs: one, initial: { Index: 0 }, fields: [{ key: 'Index', label: 'Which, from 0', type: 'number' }] },
  { name: 'SparkSQL', label: 'SQL query', role: 'transform', about: 'A query over the inputs, each a view.', inputs: any, initial: { SqlQuery: 'select * from myDataSource', SqlAliases: [] }, fields: [{ key: 'SqlAliases', label: 'Inputs as views', type: 'aliases' }, { key: 'SqlQuery', label: 'Query', type: 'code', language: 'sql' }] },
  { name: 'CustomCode', label: 'Python code', role: 'transform', about: 'A function of yours: (glueContext, dfc) gives a DynamicFrameCollection.', inputs: any, initial: { ClassName: 'MyTransform', Code: 'frame = dfc.select(list(dfc.keys())[0]).toDF()\nreturn DynamicFrameCollection({"result": DynamicFrame.fromDF(frame, glueContext, "result")}, glueContext)' }, fields: [{ key: 'ClassName', label: 'Name of the function', type: 'text' }, { key: 'Code', label: 'Its body', type: 'code', language: 'python' }] },
  { name: 'Spigot', label: 'Keep a sample', role: 'transform', about: 'Writes some rows as JSON to S3 and passes all on.', inputs: one, initial: { Path: '', Topk: 100 }, fields: [{ key: 'Path', label: 'S3 path', type: 'text', placeholder: 's3://bucket/samples/' }, { key: 'Topk', label: 'Rows', type: 'number', optional: true }] },

  { name: 'S3DirectTarget', label: 'Files in S3', role: 'target', about: 'Writes rows as files.', inputs: one, initial: { Path: '', Format: 'parquet' }, fields: [{ key: 'Format', label: 'Format', type: 'choice', options: ['parquet', 'csv', 'json', 'orc', 'avro'].map((name): [string, string] => [name, name]) }, { key: 'Path', label: 'S3 path', type: 'text', placeholder: 's3://bucket/folder/' }, compression('snappy', 'gzip', 'bzip2', 'uncompressed'), partitionKeys, files, update] },
  { name: 'S3GlueParquetTarget', label: 'Parquet files in S3', role: 'target', about: 'Writes rows as Parquet files.', inputs: one, initial: { Path: '', Compression: 'snappy' }, fields: [{ key: 'Path', label: 'S3 path', type: 'text', placeholder: 's3://bucket/folder/' }, compression('snappy', 'gzip', 'uncompressed'), partitionKeys, files, update] },
  { name: 'S3CatalogTarget', label: 'S3 table of the catalog', role: 'target', about: 'Adds rows to a catalog table in S3.', inputs: one, initial: { Database: '', Table: '' }, fields: [table, partitionKeys] },
  { name: 'CatalogTarget', label: 'Catalog table', role: 'target', about: 'Adds rows to a table of the data catalog.', inputs: one, initial: { Database: '', Table: '' }, fields: [table, partitionKeys] },
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** Of a kind that has no form: its name, and its role by how Glue names kinds. */
export function kindOf(name: string): Kind {
  const known = byName.get(name);
  if (known) return known;
  const role: Role = name.endsWith('Source') ? 'source' : name.endsWith('Target') ? 'target' : 'transform';
  return { name, label: name, role, about: 'This server keeps nodes of this kind and does not run them.', inputs: role === 'source' ? none : any, initial: {}, fields: [] };
}
