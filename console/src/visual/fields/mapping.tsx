// “Change schema”: for each column of the input its new name, its new type, or that it is dropped.
import { useEffect } from 'react';
import { Autosuggest, Box, Button, Checkbox, Input, SpaceBetween } from '@cloudscape-design/components';
import type { ColumnPath } from '../shown';
import { pathText } from './columns';

export interface Mapping {
  ToKey?: string;
  FromPath?: string[];
  FromType?: string;
  ToType?: string;
  Dropped?: boolean;
  Children?: Mapping[];
}

const types = ['string', 'int', 'bigint', 'double', 'float', 'boolean', 'date', 'timestamp', 'decimal(10,2)', 'binary', 'smallint', 'tinyint'];

/** Every column of the input once, those that are mapped as they are. */
export function completed(mappings: Mapping[], columns: ColumnPath[]): Mapping[] {
  const mapped = new Set(mappings.map((each) => pathText(each.FromPath ?? [])));
  const top = columns.filter((column) => column.path.length === 1 && !mapped.has(pathText(column.path)));
  return [...mappings, ...top.map((column) => ({ ToKey: column.path[0], FromPath: column.path, FromType: column.type, ToType: column.type }))];
}

export function MappingField({ value, onChange, columns }: { value: Mapping[]; onChange: (mappings: Mapping[]) => void; columns?: ColumnPath[] }) {
  useEffect(() => {
    if (value.length === 0 && columns && columns.length > 0) onChange(completed([], columns));
  }, [value.length, columns, onChange]);
  const change = (index: number, part: Mapping) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const missing = columns ? completed(value, columns).length - value.length : 0;
  const known = new Set(columns?.map((each) => pathText(each.path)));
  return (
    <SpaceBetween size="xs">
      {value.length === 0 ? <Box color="text-body-secondary">{columns ? 'The input has no column.' : 'The columns appear once the input can be read.'}</Box> : null}
      {value.length > 0 ? (
        <div className="mapping-frame">
          <table className="mapping">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Type</th>
                <th scope="col">Drop</th>
              </tr>
            </thead>
            <tbody>
              {value.map((mapping, index) => {
                const from = pathText(mapping.FromPath ?? []);
                return (
                  <tr key={`${index} ${from}`}>
                    <th scope="row">
                      <code title={from}>{from}</code>
                      {columns && !known.has(from) ? <Box color="text-status-error" fontSize="body-s">not in the input</Box> : null}
                    </th>
                    <td>
                      <Input value={mapping.ToKey ?? ''} disabled={mapping.Dropped} ariaLabel={`New name of ${from}`} onChange={({ detail }) => change(index, { ToKey: detail.value })} />
                    </td>
                    <td>
                      {mapping.Children ? (
                        <code>struct</code>
                      ) : (
                        <Autosuggest value={mapping.ToType ?? ''} disabled={mapping.Dropped} ariaLabel={`New type of ${from}`} enteredTextLabel={(text) => text} options={types.map((type) => ({ value: type }))} onChange={({ detail }) => change(index, { ToType: detail.value })} />
                      )}
                    </td>
                    <td>
                      <Checkbox checked={mapping.Dropped ?? false} ariaLabel={`Drop ${from}`} onChange={({ detail }) => change(index, { Dropped: detail.checked || undefined })} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : null}
      {missing > 0 && value.length > 0 ? <Button onClick={() => onChange(completed(value, columns!))}>Add {missing} new of the input</Button> : null}
    </SpaceBetween>
  );
}
