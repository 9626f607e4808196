// Columns of a node's input, chosen from what really comes in, or typed when that is not known yet.
import { Autosuggest, Multiselect } from '@cloudscape-design/components';
import type { ColumnPath } from '../shown';

export const pathText = (path: string[]) => path.join('.');

/** A typed path: a known one as it is, else parted at its dots. */
export function pathOf(text: string, columns: ColumnPath[] | undefined): string[] {
  return columns?.find((each) => pathText(each.path) === text)?.path ?? text.split('.');
}

interface Props {
  columns?: ColumnPath[];
  label: string;
}

export function ColumnInput({ value, onChange, columns, label, placeholder = 'Choose a column' }: Props & { value: string[]; onChange: (path: string[]) => void; placeholder?: string }) {
  return (
    <Autosuggest
      value={pathText(value)}
      ariaLabel={label}
      placeholder={placeholder}
      enteredTextLabel={(text) => `Use “${text}”`}
      options={(columns ?? []).map((each) => ({ value: pathText(each.path), description: each.type }))}
      onChange={({ detail }) => onChange(detail.value === '' ? [] : pathOf(detail.value, columns))}
    />
  );
}

export function ColumnsInput({ value, onChange, columns, label }: Props & { value: string[][]; onChange: (paths: string[][]) => void }) {
  const known = (columns ?? []).map((each) => ({ value: pathText(each.path), label: pathText(each.path), description: each.type }));
  const chosen = value.map((path) => ({ value: pathText(path), label: pathText(path) }));
  const options = [...known, ...chosen.filter((each) => !known.some((one) => one.value === each.value))];
  return (
    <Multiselect
      selectedOptions={chosen}
      options={options}
      filteringType="auto"
      placeholder="Choose columns"
      ariaLabel={label}
      empty="No column is known: the input’s preview gives them."
      deselectAriaLabel={(option) => `Remove ${option.label}`}
      onChange={({ detail }) => onChange(detail.selectedOptions.map((option) => value.find((path) => pathText(path) === option.value) ?? pathOf(option.value!, columns)))}
    />
  );
}
