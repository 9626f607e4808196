// Keys of a join, aggregates, and the views of a query.
import { AttributeEditor, Box, Input, Select } from '@cloudscape-design/components';
import type { ColumnPath } from '../shown';
import { ColumnInput } from './columns';

export interface JoinColumn {
  From: string;
  Keys: string[][];
}

export function JoinKeysField({ value, onChange, sides }: { value: JoinColumn[]; onChange: (columns: JoinColumn[]) => void; sides: { name: string; columns?: ColumnPath[] }[] }) {
  if (value.length < 2) return <Box color="text-body-secondary">Connect two inputs first.</Box>;
  const count = Math.max(...value.map((side) => side.Keys.length));
  const pairs = Array.from({ length: count }, (_, index) => value.map((side) => side.Keys[index] ?? []));
  const put = (next: string[][][]) => onChange(value.map((side, at) => ({ ...side, Keys: next.map((pair) => pair[at] ?? []) })));
  const column = (side: number) => ({
    label: sides[side]?.name ?? `Input ${side + 1}`,
    control: (pair: string[][], index: number) => (
      <ColumnInput label={`Key of ${sides[side]?.name}`} columns={sides[side]?.columns} value={pair[side] ?? []} onChange={(path) => put(pairs.map((each, at) => (at === index ? each.map((old, one) => (one === side ? path : old)) : each)))} />
    ),
  });
  return (
    <AttributeEditor
      items={pairs}
      addButtonText="Add a pair of keys"
      removeButtonText="Remove"
      removeButtonAriaLabel={(pair) => `Remove the key ${pair[0]?.join('.')}`}
      empty={<Box color="text-body-secondary">No key yet.</Box>}
      onAddButtonClick={() => put([...pairs, [[], []]])}
      onRemoveButtonClick={({ detail }) => put(pairs.filter((_, index) => index !== detail.itemIndex))}
      definition={[column(0), column(1)]}
    />
  );
}

export interface Aggregate {
  Column: string[];
  AggFunc: string;
}

const functions = ['sum', 'avg', 'count', 'countDistinct', 'min', 'max', 'first', 'last', 'sumDistinct', 'stddev_samp', 'stddev_pop', 'var_samp', 'var_pop', 'skewness', 'kurtosis'].map((value) => ({ value, label: value }));

export function AggregatesField({ value, onChange, columns }: { value: Aggregate[]; onChange: (aggregates: Aggregate[]) => void; columns?: ColumnPath[] }) {
  const change = (index: number, part: Partial<Aggregate>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <AttributeEditor
      items={value}
      addButtonText="Add an aggregate"
      removeButtonText="Remove"
      removeButtonAriaLabel={(item) => `Remove ${item.AggFunc} of ${item.Column.join('.')}`}
      empty={<Box color="text-body-secondary">No aggregate yet.</Box>}
      onAddButtonClick={() => onChange([...value, { Column: [], AggFunc: 'sum' }])}
      onRemoveButtonClick={({ detail }) => onChange(value.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        { label: 'Function', control: (item, index) => <Select ariaLabel="Function" selectedOption={functions.find((each) => each.value === item.AggFunc) ?? null} options={functions} onChange={({ detail }) => change(index, { AggFunc: detail.selectedOption.value! })} /> },
        { label: 'Column', control: (item, index) => <ColumnInput label="Column" columns={columns} value={item.Column} onChange={(path) => change(index, { Column: path })} /> },
      ]}
    />
  );
}

export interface Alias {
  From: string;
  Alias: string;
}

export function AliasesField({ value, onChange, names }: { value: Alias[]; onChange: (aliases: Alias[]) => void; names: Record<string, string> }) {
  if (value.length === 0) return <Box color="text-body-secondary">Connect an input: it becomes a view of the query.</Box>;
  return (
    <table className="mapping">
      <thead>
        <tr>
          <th scope="col">Input</th>
          <th scope="col">View in the query</th>
        </tr>
      </thead>
      <tbody>
        {value.map((alias, index) => (
          <tr key={alias.From}>
            <th scope="row">{names[alias.From] ?? alias.From}</th>
            <td>
              <Input value={alias.Alias} ariaLabel={`View of ${names[alias.From] ?? alias.From}`} onChange={({ detail }) => onChange(value.map((each, at) => (at === index ? { ...each, Alias: detail.value } : each)))} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
