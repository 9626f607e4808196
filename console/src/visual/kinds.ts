// The kinds of nodes that the canvas edits, each with its form. Kinds that are not here are shown and kept as they are.
export type FieldKind = 'text' | 'number' | 'toggle' | 'choice' | 'database' | 'table' | 'paths' | 's3' | 'columns' | 'column' | 'path' | 'newpath' | 'mapping' | 'filters' | 'joins' | 'aggregates' | 'sql' | 'code' | 'aliases';

export interface Field {
  name: string;
  kind: FieldKind;
  label: string;
  description?: string;
  required?: boolean;
  options?: string[];
  placeholder?: string;
}

export interface Kind {
  id: string;
  label: string;
  group: 'source' | 'transform' | 'target';
  inputs: [number, number];
  fields: Field[];
  initial: Record<string, unknown>;
  help: string;
}

const catalog: Field[] = [
  { name: 'Database', kind: 'database', label: 'Database', required: true },
  { name: 'Table', kind: 'table', label: 'Table', required: true },
];
const predicate: Field = { name: 'PartitionPredicate', kind: 'text', label: 'Only partitions for which', placeholder: "year = '2026'" };
const paths: Field = { name: 'Paths', kind: 'paths', label: 'Places in S3', required: true };
const partitionKeys: Field = { name: 'PartitionKeys', kind: 'columns', label: 'Partition by' };

export const kinds: Kind[] = [
  { id: 'CatalogSource', label: 'Data catalog table', group: 'source', inputs: [0, 0], fields: [...catalog, predicate], initial: { Database: '', Table: '' }, help: 'Reads a table of the data catalog, wherever its data is.' },
  { id: 'DynamoDBCatalogSource', label: 'DynamoDB table (catalog)', group: 'source', inputs: [0, 0], fields: catalog, initial: { Database: '', Table: '' }, help: 'Reads the items of a DynamoDB table through its entry in the catalog.' },
  { id: 'S3CatalogSource', label: 'S3 table (catalog)', group: 'source', inputs: [0, 0], fields: [...catalog, predicate], initial: { Database: '', Table: '' }, help: 'Reads files in S3 through their entry in the catalog.' },
  {
    id: 'S3CsvSource', label: 'CSV in S3', group: 'source', inputs: [0, 0], help: 'Reads delimited text.',
    fields: [paths, { name: 'Separator', kind: 'choice', label: 'Separator', options: ['comma', 'tab', 'semicolon', 'pipe', 'ctrla'], required: true }, { name: 'QuoteChar', kind: 'choice', label: 'Quote', options: ['quote', 'quillemet', 'single_quote', 'disabled'], required: true }, { name: 'WithHeader', kind: 'toggle', label: 'The first line names the columns' }, { name: 'Recurse', kind: 'toggle', label: 'Folders below too' }],
    initial: { Paths: [], Separator: 'comma', QuoteChar: 'quote', WithHeader: true, Recurse: true },
  },
  { id: 'S3JsonSource', label: 'JSON in S3', group: 'source', inputs: [0, 0], fields: [paths, { name: 'JsonPath', kind: 'text', label: 'Where in each file', placeholder: '$.records[*]' }, { name: 'Multiline', kind: 'toggle', label: 'A record spans lines' }, { name: 'Recurse', kind: 'toggle', label: 'Folders below too' }], initial: { Paths: [], Recurse: true }, help: 'Reads JSON, a record a line or many lines a record.' },
  { id: 'S3ParquetSource', label: 'Parquet in S3', group: 'source', inputs: [0, 0], fields: [paths, { name: 'Recurse', kind: 'toggle', label: 'Folders below too' }], initial: { Paths: [], Recurse: true }, help: 'Reads Parquet files.' },
  { id: 'ApplyMapping', label: 'Change schema', group: 'transform', inputs: [1, 1], fields: [{ name: 'Mapping', kind: 'mapping', label: 'Columns', required: true }], initial: { Mapping: [] }, help: 'Renames, drops and converts columns.' },
  { id: 'SelectFields', label: 'Select fields', group: 'transform', inputs: [1, 1], fields: [{ name: 'Paths', kind: 'columns', label: 'Keep', required: true }], initial: { Paths: [] }, help: 'Keeps the chosen columns.' },
  { id: 'DropFields', label: 'Drop fields', group: 'transform', inputs: [1, 1], fields: [{ name: 'Paths', kind: 'columns', label: 'Drop', required: true }], initial: { Paths: [] }, help: 'Leaves the chosen columns out.' },
  { id: 'RenameField', label: 'Rename field', group: 'transform', inputs: [1, 1], fields: [{ name: 'SourcePath', kind: 'path', label: 'Column', required: true }, { name: 'TargetPath', kind: 'newpath', label: 'New name', required: true }], initial: { SourcePath: [], TargetPath: [] }, help: 'Gives a column another name.' },
  { id: 'Filter', label: 'Filter', group: 'transform', inputs: [1, 1], fields: [{ name: 'LogicalOperator', kind: 'choice', label: 'Keep rows for which', options: ['AND', 'OR'], required: true }, { name: 'Filters', kind: 'filters', label: 'Conditions', required: true }], initial: { LogicalOperator: 'AND', Filters: [] }, help: 'Keeps the rows that meet conditions.' },
  { id: 'Join', label: 'Join', group: 'transform', inputs: [2, 2], fields: [{ name: 'JoinType', kind: 'choice', label: 'Kind', options: ['equijoin', 'left', 'right', 'outer', 'leftsemi', 'leftanti'], required: true }, { name: 'Columns', kind: 'joins', label: 'Where equal', required: true }], initial: { JoinType: 'equijoin', Columns: [] }, help: 'Puts rows of two inputs together where columns are equal.' },
  { id: 'Union', label: 'Union', group: 'transform', inputs: [2, 2], fields: [{ name: 'UnionType', kind: 'choice', label: 'Rows', options: ['ALL', 'DISTINCT'], required: true }], initial: { UnionType: 'ALL' }, help: 'Rows of both inputs, one below the other.' },
  { id: 'Aggregate', label: 'Aggregate', group: 'transform', inputs: [1, 1], fields: [{ name: 'Groups', kind: 'columns', label: 'Group by' }, { name: 'Aggs', kind: 'aggregates', label: 'Figures', required: true }], initial: { Groups: [], Aggs: [] }, help: 'Sums, counts and the like, for groups of rows.' },
  { id: 'DropDuplicates', label: 'Drop duplicates', group: 'transform', inputs: [1, 1], fields: [{ name: 'Columns', kind: 'columns', label: 'Equal in these; none: in all' }], initial: {}, help: 'Leaves one of rows that are equal.' },
  { id: 'DropNullFields', label: 'Drop null fields', group: 'transform', inputs: [1, 1], fields: [], initial: {}, help: 'Leaves out columns that are null in every row.' },
  { id: 'FillMissingValues', label: 'Fill missing values', group: 'transform', inputs: [1, 1], fields: [{ name: 'ImputedPath', kind: 'column', label: 'Column', required: true }, { name: 'FilledPath', kind: 'text', label: 'Column for the result' }], initial: { ImputedPath: '', FilledPath: '' }, help: 'Fills gaps of a column with what is likely.' },
  { id: 'SparkSQL', label: 'SQL query', group: 'transform', inputs: [1, 8], fields: [{ name: 'SqlAliases', kind: 'aliases', label: 'Inputs by name', required: true }, { name: 'SqlQuery', kind: 'sql', label: 'Query', required: true }], initial: { SqlAliases: [], SqlQuery: 'select * from input' }, help: 'Spark SQL over the inputs.' },
  { id: 'CustomCode', label: 'Custom code', group: 'transform', inputs: [1, 8], fields: [{ name: 'ClassName', kind: 'text', label: 'Function’s name', required: true }, { name: 'Code', kind: 'code', label: 'Body: gets glueContext and dfc, returns a DynamicFrameCollection', required: true }], initial: { ClassName: 'MyTransform', Code: 'return dfc' }, help: 'Python of your own.' },
  { id: 'SelectFromCollection', label: 'Select from collection', group: 'transform', inputs: [1, 1], fields: [{ name: 'Index', kind: 'number', label: 'Which, from 0', required: true }], initial: { Index: 0 }, help: 'One frame out of those that custom code gives.' },
  { id: 'S3DirectTarget', label: 'S3 files', group: 'target', inputs: [1, 1], fields: [{ name: 'Path', kind: 's3', label: 'Folder', required: true }, { name: 'Format', kind: 'choice', label: 'Format', options: ['csv', 'json', 'parquet', 'orc', 'avro', 'xml'], required: true }, { name: 'Compression', kind: 'choice', label: 'Compression', options: ['', 'gzip', 'bzip2', 'snappy'] }, partitionKeys], initial: { Path: 's3://', Format: 'csv' }, help: 'Writes files into a folder.' },
  { id: 'S3GlueParquetTarget', label: 'S3 Parquet (Glue)', group: 'target', inputs: [1, 1], fields: [{ name: 'Path', kind: 's3', label: 'Folder', required: true }, { name: 'Compression', kind: 'choice', label: 'Compression', options: ['', 'snappy', 'gzip', 'uncompressed'] }, partitionKeys], initial: { Path: 's3://' }, help: 'Writes Parquet files into a folder.' },
  { id: 'S3CatalogTarget', label: 'S3 table (catalog)', group: 'target', inputs: [1, 1], fields: [...catalog, partitionKeys], initial: { Database: '', Table: '' }, help: 'Writes where a table of the catalog lies in S3.' },
  { id: 'CatalogTarget', label: 'Data catalog table', group: 'target', inputs: [1, 1], fields: catalog, initial: { Database: '', Table: '' }, help: 'Writes where a table of the catalog lies.' },
];

export const kindOf = (id: string): Kind | undefined => kinds.find((kind) => kind.id === id);
