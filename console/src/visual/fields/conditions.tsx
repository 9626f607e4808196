// Conditions on columns, joined by AND or OR.
import { AttributeEditor, Box, Button, Input, SegmentedControl, Select, SpaceBetween } from '@cloudscape-design/components';
import type { ColumnPath } from '../shown';
import { ColumnInput } from './columns';

interface Value {
  Type: 'COLUMNEXTRACTED' | 'CONSTANT';
  Value: string[];
}
export interface Condition {
  Operation: string;
  Negated?: boolean;
  Values: Value[];
}
export interface Group {
  GroupName: string;
  LogicalOperator: string;
  Filters: Condition[];
}

const operations = [
  ['EQ', '='],
  ['!EQ', '≠'],
  ['GT', '>'],
  ['GTE', '≥'],
  ['LT', '<'],
  ['LTE', '≤'],
  ['REGEX', 'matches'],
  ['!REGEX', 'does not match'],
  ['ISNULL', 'is missing'],
  ['!ISNULL', 'is there'],
].map(([value, label]) => ({ value: value!, label: label! }));

export function ConditionsField({ value, logical, onChange, columns }: { value: Condition[]; logical: string; onChange: (conditions: Condition[], logical: string) => void; columns?: ColumnPath[] }) {
  const change = (index: number, condition: Condition) => onChange(value.map((each, at) => (at === index ? condition : each)), logical);
  return (
    <SpaceBetween size="xs">
      <SegmentedControl
        label="Rows must meet"
        selectedId={logical}
        options={[
          { id: 'AND', text: 'All of these' },
          { id: 'OR', text: 'One of these' },
        ]}
        onChange={({ detail }) => onChange(value, detail.selectedId)}
      />
      <AttributeEditor
        items={value}
        addButtonText="Add a condition"
        removeButtonText="Remove"
        removeButtonAriaLabel={(item) => `Remove the condition on ${item.Values[0]?.Value.join('.')}`}
        empty={<Box color="text-body-secondary">No condition yet.</Box>}
        onAddButtonClick={() => onChange([...value, { Operation: 'EQ', Values: [{ Type: 'COLUMNEXTRACTED', Value: [] }, { Type: 'CONSTANT', Value: [''] }] }], logical)}
        onRemoveButtonClick={({ detail }) => onChange(value.filter((_, index) => index !== detail.itemIndex), logical)}
        definition={[
          { label: 'Column', control: (item, index) => <ColumnInput label="Column" columns={columns} value={item.Values[0]?.Value ?? []} onChange={(path) => change(index, { ...item, Values: [{ Type: 'COLUMNEXTRACTED', Value: path }, ...item.Values.slice(1)] })} /> },
          {
            label: 'Is',
            control: (item, index) => (
              <Select
                ariaLabel="Comparison"
                selectedOption={operations.find((each) => each.value === (item.Negated ? '!' : '') + item.Operation) ?? { value: item.Operation, label: item.Operation }}
                options={operations}
                onChange={({ detail }) => {
                  const chosen = detail.selectedOption.value!;
                  const operation = chosen.replace('!', '');
                  const column = item.Values[0] ?? { Type: 'COLUMNEXTRACTED' as const, Value: [] };
                  const constant = item.Values[1] ?? { Type: 'CONSTANT' as const, Value: [''] };
                  change(index, { Operation: operation, Negated: chosen.startsWith('!') || undefined, Values: operation === 'ISNULL' ? [column] : [column, constant] });
                }}
              />
            ),
          },
          {
            label: 'Value',
            control: (item, index) =>
              item.Operation === 'ISNULL' ? null : <Input ariaLabel="Value" value={item.Values[1]?.Value.join('.') ?? ''} onChange={({ detail }) => change(index, { ...item, Values: [item.Values[0]!, { Type: 'CONSTANT', Value: [detail.value] }] })} />,
          },
        ]}
      />
    </SpaceBetween>
  );
}

export function GroupsField({ value, onChange, columns }: { value: Group[]; onChange: (groups: Group[]) => void; columns?: ColumnPath[] }) {
  const change = (index: number, part: Partial<Group>) => onChange(value.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <SpaceBetween size="m">
      {value.map((group, index) => (
        <SpaceBetween key={index} size="xs">
          <Input ariaLabel={`Name of group ${index + 1}`} value={group.GroupName} onChange={({ detail }) => change(index, { GroupName: detail.value })} />
          <ConditionsField value={group.Filters} logical={group.LogicalOperator} columns={columns} onChange={(Filters, LogicalOperator) => change(index, { Filters, LogicalOperator })} />
          <Button onClick={() => onChange(value.filter((_, at) => at !== index))}>Remove the group {group.GroupName}</Button>
        </SpaceBetween>
      ))}
      <Button iconName="add-plus" onClick={() => onChange([...value, { GroupName: `group_${value.length + 1}`, LogicalOperator: 'AND', Filters: [] }])}>
        Add a group
      </Button>
      <Box variant="small">Rows that meet no group’s conditions are in default_group, the last.</Box>
    </SpaceBetween>
  );
}
