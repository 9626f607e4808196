// The form of a node: each field by its kind, with the columns of its input at hand.
import { useQuery } from '@tanstack/react-query';
import { Autosuggest, Box, Button, Checkbox, FormField, Input, Multiselect, Select, SpaceBetween, Toggle } from '@cloudscape-design/components';
import { databases, tables } from '~/aws/glue';
import { buckets } from '~/aws/s3';
import { Editor } from '~/editor/editor';
import type { Field } from './kinds';
import { inputsOf, pathText, textPath, type Column, type Graph, type VisualNode } from './model';

interface Props {
  field: Field;
  node: VisualNode;
  graph: Graph;
  inputs: (Column[] | undefined)[];
  set: (part: Record<string, unknown>) => void;
}

const option = (value: string) => ({ value, label: value === '' ? 'none' : value });
const types = ['string', 'int', 'bigint', 'double', 'float', 'boolean', 'date', 'timestamp', 'decimal', 'binary'];

function Names({ value, label, known, onChange, placeholder }: { value: string; label: string; known: string[]; onChange: (value: string) => void; placeholder?: string }) {
  return <Autosuggest value={value} ariaLabel={label} placeholder={placeholder} enteredTextLabel={(each) => `Use “${each}”`} options={known.map((each) => ({ value: each }))} onChange={({ detail }) => onChange(detail.value)} />;
}

function List({ items, label, onChange }: { items: string[]; label: string; onChange: (items: string[]) => void }) {
  const known = useQuery({ queryKey: ['buckets'], queryFn: buckets }).data ?? [];
  const shown = items.length === 0 ? [''] : items;
  return (
    <SpaceBetween size="xs">
      {shown.map((item, index) => (
        <div key={index} className="field-row">
          <Names value={item} label={`${label} ${index + 1}`} placeholder="s3://bucket/folder/" known={known.map((each) => `s3://${each.name}/`)} onChange={(value) => onChange(shown.map((each, at) => (at === index ? value : each)))} />
          <Button variant="icon" iconName="remove" ariaLabel={`Remove ${item}`} onClick={() => onChange(shown.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button iconName="add-plus" onClick={() => onChange([...shown, ''])}>
        Add
      </Button>
    </SpaceBetween>
  );
}

interface Mapping {
  ToKey?: string;
  FromPath?: string[];
  FromType?: string;
  ToType?: string;
  Dropped?: boolean;
}

function Mappings({ value, input, onChange }: { value: Mapping[]; input: Column[] | undefined; onChange: (value: Mapping[]) => void }) {
  const change = (index: number, part: Partial<Mapping>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <SpaceBetween size="xs">
      <Button
        disabled={!input}
        onClick={() => onChange((input ?? []).map((column) => value.find((each) => pathText(each.FromPath) === column.name) ?? { FromPath: textPath(column.name), FromType: column.type, ToKey: column.name, ToType: column.type, Dropped: false }))}
      >
        {value.length === 0 ? 'Take the input’s columns' : 'Add the input’s other columns'}
      </Button>
      {value.map((each, index) => {
        const from = pathText(each.FromPath);
        return (
          <div key={index} className="field-row">
            <Checkbox checked={!each.Dropped} ariaLabel={`Keep ${from}`} onChange={({ detail }) => change(index, { Dropped: !detail.checked })}>
              <code>{from}</code>
            </Checkbox>
            <Input value={each.ToKey ?? ''} disabled={each.Dropped} ariaLabel={`New name of ${from}`} onChange={({ detail }) => change(index, { ToKey: detail.value })} />
            <Names value={each.ToType ?? ''} label={`New type of ${from}`} known={types} onChange={(ToType) => change(index, { ToType })} />
          </div>
        );
      })}
    </SpaceBetween>
  );
}

interface FilterRow {
  Operation: string;
  Negated?: boolean;
  Values: { Type: string; Value: string[] }[];
}
const operations = [
  { value: 'EQ', label: 'equals' },
  { value: 'LT', label: 'less than' },
  { value: 'LTE', label: 'at most' },
  { value: 'GT', label: 'more than' },
  { value: 'GTE', label: 'at least' },
  { value: 'REGEX', label: 'matches' },
  { value: 'ISNULL', label: 'is null' },
];

function Filters({ value, input, onChange }: { value: FilterRow[]; input: Column[] | undefined; onChange: (value: FilterRow[]) => void }) {
  const change = (index: number, part: Partial<FilterRow>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <SpaceBetween size="xs">
      {value.map((each, index) => {
        const column = pathText(each.Values.find((one) => one.Type === 'COLUMNEXTRACTED')?.Value);
        const constant = each.Values.find((one) => one.Type === 'CONSTANT')?.Value[0] ?? '';
        const values = (name: string, text: string, operation: string) => [{ Type: 'COLUMNEXTRACTED', Value: textPath(name) }, ...(operation === 'ISNULL' ? [] : [{ Type: 'CONSTANT', Value: [text] }])];
        return (
          <div key={index} className="field-row">
            <Names value={column} label="Column" placeholder="column" known={(input ?? []).map((one) => one.name)} onChange={(name) => change(index, { Values: values(name, constant, each.Operation) })} />
            <Select ariaLabel="Comparison" selectedOption={operations.find((one) => one.value === each.Operation) ?? null} options={operations} onChange={({ detail }) => change(index, { Operation: detail.selectedOption.value!, Values: values(column, constant, detail.selectedOption.value!) })} />
            {each.Operation === 'ISNULL' ? null : <Input value={constant} ariaLabel="Value" placeholder="value" onChange={({ detail }) => change(index, { Values: values(column, detail.value, each.Operation) })} />}
            <Checkbox checked={each.Negated ?? false} onChange={({ detail }) => change(index, { Negated: detail.checked })}>
              not
            </Checkbox>
            <Button variant="icon" iconName="remove" ariaLabel="Remove the condition" onClick={() => onChange(value.filter((_, at) => at !== index))} />
          </div>
        );
      })}
      <Button iconName="add-plus" onClick={() => onChange([...value, { Operation: 'EQ', Negated: false, Values: [{ Type: 'COLUMNEXTRACTED', Value: [''] }, { Type: 'CONSTANT', Value: [''] }] }])}>
        Add a condition
      </Button>
    </SpaceBetween>
  );
}

interface Aggregate {
  Column: string[];
  AggFunc: string;
}
const figures = ['avg', 'count', 'countDistinct', 'first', 'last', 'max', 'min', 'sum', 'sumDistinct', 'stddev_samp', 'stddev_pop', 'var_samp', 'var_pop', 'skewness', 'kurtosis'];

function Aggregates({ value, input, onChange }: { value: Aggregate[]; input: Column[] | undefined; onChange: (value: Aggregate[]) => void }) {
  const change = (index: number, part: Partial<Aggregate>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <SpaceBetween size="xs">
      {value.map((each, index) => (
        <div key={index} className="field-row">
          <Select ariaLabel="Figure" selectedOption={option(each.AggFunc)} options={figures.map(option)} onChange={({ detail }) => change(index, { AggFunc: detail.selectedOption.value! })} />
          <Names value={pathText(each.Column)} label="Column" placeholder="column" known={(input ?? []).map((one) => one.name)} onChange={(name) => change(index, { Column: textPath(name) })} />
          <Button variant="icon" iconName="remove" ariaLabel="Remove the figure" onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button iconName="add-plus" onClick={() => onChange([...value, { AggFunc: 'count', Column: [''] }])}>
        Add a figure
      </Button>
    </SpaceBetween>
  );
}

interface JoinSide {
  From: string;
  Keys: string[][];
}

function Joins({ value, node, graph, inputs, onChange }: { value: JoinSide[]; node: VisualNode; graph: Graph; inputs: (Column[] | undefined)[]; onChange: (value: JoinSide[]) => void }) {
  const sides = inputsOf(node);
  if (sides.length < 2) return <Box color="text-body-secondary">Connect both inputs first.</Box>;
  const keys = (index: number) => value.find((each) => each.From === sides[index])?.Keys ?? [];
  const count = Math.max(1, keys(0).length, keys(1).length);
  const rows = Array.from({ length: count }, (_, row) => [keys(0)[row] ?? [''], keys(1)[row] ?? ['']] as const);
  const save = (next: (readonly [string[], string[]])[]) => onChange(sides.slice(0, 2).map((From, side) => ({ From, Keys: next.map((row) => row[side]!) })));
  const nameOf = (index: number) => graph.nodes.find((each) => each.id === sides[index])?.settings.Name ?? '';
  return (
    <SpaceBetween size="xs">
      {rows.map((row, index) => (
        <div key={index} className="field-row">
          {[0, 1].map((side) => (
            <Names key={side} value={pathText(row[side])} label={`Column of ${nameOf(side)}`} placeholder={nameOf(side)} known={(inputs[side] ?? []).map((each) => each.name)} onChange={(name) => save(rows.map((each, at) => (at === index ? (side === 0 ? [textPath(name), each[1]] : [each[0], textPath(name)]) : each)))} />
          ))}
          <Button variant="icon" iconName="remove" ariaLabel="Remove the pair" onClick={() => save(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button iconName="add-plus" onClick={() => save([...rows, [[''], ['']]])}>
        Add a pair
      </Button>
    </SpaceBetween>
  );
}

function Aliases({ value, graph, onChange }: { value: { From: string; Alias: string }[]; graph: Graph; onChange: (value: { From: string; Alias: string }[]) => void }) {
  if (value.length === 0) return <Box color="text-body-secondary">Connect an input first.</Box>;
  return (
    <SpaceBetween size="xs">
      {value.map((each, index) => (
        <FormField key={each.From} label={graph.nodes.find((node) => node.id === each.From)?.settings.Name ?? each.From}>
          <Input value={each.Alias} onChange={({ detail }) => onChange(value.map((one, at) => (at === index ? { ...one, Alias: detail.value } : one)))} />
        </FormField>
      ))}
    </SpaceBetween>
  );
}

function Control({ field, node, graph, inputs, set }: Props) {
  const value = node.settings[field.name];
  const text = value === undefined || value === null ? '' : String(value);
  const put = (next: unknown) => set({ [field.name]: next });
  const [first] = inputs;
  const database = String(node.settings.Database ?? '');
  const knownDatabases = useQuery({ queryKey: ['databases'], queryFn: databases, enabled: field.kind === 'database' }).data ?? [];
  const knownTables = useQuery({ queryKey: ['tables', database], queryFn: () => tables(database), enabled: field.kind === 'table' && database !== '', retry: false }).data ?? [];
  const knownBuckets = useQuery({ queryKey: ['buckets'], queryFn: buckets, enabled: field.kind === 's3' }).data ?? [];
  switch (field.kind) {
    case 'text': return <Input value={text} placeholder={field.placeholder} onChange={({ detail }) => put(detail.value)} />;
    case 'number': return <Input type="number" value={text} onChange={({ detail }) => put(detail.value === '' ? undefined : Number(detail.value))} />;
    case 'toggle': return <Toggle checked={value === true} onChange={({ detail }) => put(detail.checked)} ariaLabel={field.label} />;
    case 'choice': return <Select selectedOption={option(text)} options={(field.options ?? []).map(option)} onChange={({ detail }) => put(detail.selectedOption.value)} />;
    case 'database': return <Names value={text} label={field.label} known={knownDatabases.map((each) => each.Name)} onChange={put} />;
    case 'table': return <Names value={text} label={field.label} known={knownTables.map((each) => each.Name)} onChange={put} />;
    case 's3': return <Names value={text} label={field.label} placeholder="s3://bucket/folder/" known={knownBuckets.map((each) => `s3://${each.name}/`)} onChange={put} />;
    case 'paths': return <List items={(value ?? []) as string[]} label={field.label} onChange={put} />;
    case 'column': return <Names value={text} label={field.label} known={(first ?? []).map((each) => each.name)} onChange={put} />;
    case 'path': return <Names value={pathText(value ?? [])} label={field.label} known={(first ?? []).map((each) => each.name)} onChange={(name) => put(textPath(name))} />;
    case 'newpath': return <Input value={pathText(value ?? [])} onChange={({ detail }) => put(textPath(detail.value))} />;
    case 'columns': {
      const chosen = ((value ?? []) as unknown[]).map(pathText);
      const all = [...new Set([...(first ?? []).map((each) => each.name), ...chosen])];
      return <Multiselect selectedOptions={chosen.map(option)} options={all.map((name) => ({ value: name, label: name, description: first?.find((each) => each.name === name)?.type }))} filteringType="auto" placeholder="columns" empty="The input’s columns are not known." enableSelectAll onChange={({ detail }) => put(detail.selectedOptions.map((each) => textPath(each.value!)))} />;
    }
    case 'mapping': return <Mappings value={(value ?? []) as Mapping[]} input={first} onChange={put} />;
    case 'filters': return <Filters value={(value ?? []) as FilterRow[]} input={first} onChange={put} />;
    case 'aggregates': return <Aggregates value={(value ?? []) as Aggregate[]} input={first} onChange={put} />;
    case 'joins': return <Joins value={(value ?? []) as JoinSide[]} node={node} graph={graph} inputs={inputs} onChange={put} />;
    case 'aliases': return <Aliases value={(value ?? []) as { From: string; Alias: string }[]} graph={graph} onChange={put} />;
    case 'sql': return <Editor language="sql" label={field.label} value={text} onChange={put} height={180} />;
    case 'code': return <Editor language="python" label={field.label} value={text} onChange={put} height={220} />;
  }
}

export function NodeField(props: Props) {
  return (
    <FormField label={props.field.label} description={props.field.description} stretch>
      <Control {...props} />
    </FormField>
  );
}
