// Arguments by name, as a form of rows: used for defaults and for one run.
import { AttributeEditor, Box, Input } from '@cloudscape-design/components';
import type { Text } from '~/aws/glue';

export interface Argument {
  name: string;
  value: string;
}

export const toArguments = (map: Text | undefined): Argument[] => Object.entries(map ?? {}).map(([name, value]) => ({ name, value }));
export const toMap = (list: Argument[]): Text => Object.fromEntries(list.filter((each) => each.name.trim() !== '').map((each) => [each.name.trim(), each.value]));

export function argumentProblem(list: Argument[], name: string): string | undefined {
  if (name === '') return undefined;
  if (!name.startsWith('--')) return 'Glue hands arguments on as --NAME: begin with two hyphens.';
  return list.filter((each) => each.name === name).length > 1 ? 'This name is there twice.' : undefined;
}

export function Arguments({ value, onChange, empty = 'None.' }: { value: Argument[]; onChange: (value: Argument[]) => void; empty?: string }) {
  const change = (index: number, part: Partial<Argument>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <AttributeEditor
      items={value}
      addButtonText="Add an argument"
      removeButtonText="Remove"
      removeButtonAriaLabel={(item) => `Remove ${item.name}`}
      empty={<Box color="text-body-secondary">{empty}</Box>}
      onAddButtonClick={() => onChange([...value, { name: '--', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(value.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: 'Name',
          control: (item, index) => <Input value={item.name} ariaLabel="Name" onChange={({ detail }) => change(index, { name: detail.value })} />,
          errorText: (item) => argumentProblem(value, item.name),
        },
        { label: 'Value', control: (item, index) => <Input value={item.value} ariaLabel={`Value of ${item.name}`} onChange={({ detail }) => change(index, { value: detail.value })} /> },
      ]}
    />
  );
}
