// One setting of a node, by its type.
import { Box, FormField, Input, Select, Textarea, Toggle } from '@cloudscape-design/components';
import type { Job } from '~/aws/glue';
import { Editor } from '~/editor/editor';
import { entryOf, type Entry } from '../graph';
import type { Field, Member, Nodes } from '../kinds';
import { useInputColumns } from '../shown';
import { CatalogUpdateField, TableField, type Policy } from './catalog';
import { ColumnInput, ColumnsInput } from './columns';
import { ConditionsField, GroupsField, type Condition, type Group } from './conditions';
import { AggregatesField, AliasesField, JoinKeysField, type Aggregate, type Alias, type JoinColumn } from './joins';
import { MappingField, type Mapping } from './mapping';

interface Props {
  field: Field;
  entry: Entry;
  nodes: Nodes;
  job: Job;
  onChange: (part: Member) => void;
}

function valueOf(member: Member, key: string): unknown {
  const [outer, inner] = key.split('.') as [string, string?];
  return inner === undefined ? member[outer] : (member[outer] as Member | undefined)?.[inner];
}

function Control({ field, entry, nodes, job, onChange }: Props) {
  const value = valueOf(entry.member, field.key);
  const set = (next: unknown) => onChange({ [field.key]: next });
  const first = useInputColumns(nodes, entry.id, job, 0);
  const second = useInputColumns(nodes, entry.id, job, 1);
  const nameOf = (id: string) => entryOf(nodes, id)?.name ?? id;
  switch (field.type) {
    case 'text':
      return <Input value={String(value ?? '')} placeholder={field.placeholder} ariaLabel={field.label} onChange={({ detail }) => set(detail.value)} />;
    case 'number':
      return <Input type="number" inputMode="numeric" value={value === undefined ? '' : String(value)} ariaLabel={field.label} onChange={({ detail }) => set(detail.value === '' ? undefined : Number(detail.value))} />;
    case 'flag':
      return (
        <Toggle checked={value === true} onChange={({ detail }) => set(detail.checked)}>
          {field.label}
        </Toggle>
      );
    case 'choice': {
      const options = [...(field.optional ? [{ value: '', label: 'As usual' }] : []), ...field.options.map(([each, label]) => ({ value: each, label }))];
      return <Select ariaLabel={field.label} selectedOption={options.find((each) => each.value === (value ?? '')) ?? { value: String(value), label: String(value) }} options={options} onChange={({ detail }) => set(detail.selectedOption.value || undefined)} />;
    }
    case 'lines':
      return <Textarea value={((value as string[] | undefined) ?? []).join('\n')} rows={2} placeholder={field.placeholder} ariaLabel={field.label} onChange={({ detail }) => set(detail.value.split('\n'))} />;
    case 'column':
      return <ColumnInput label={field.label} columns={field.key === 'TargetPath' ? undefined : first.columns} placeholder={field.key === 'TargetPath' ? 'new_name' : undefined} value={(value as string[] | undefined) ?? []} onChange={set} />;
    case 'columns': {
      const optional = field.optional === true;
      return <ColumnsInput label={field.label} columns={first.columns} value={(value as string[][] | undefined) ?? []} onChange={(paths) => set(optional && paths.length === 0 && field.key !== 'Groups' ? undefined : paths)} />;
    }
    case 'mapping':
      return <MappingField value={(value as Mapping[] | undefined) ?? []} columns={first.columns} onChange={set} />;
    case 'conditions':
      return <ConditionsField value={(value as Condition[] | undefined) ?? []} logical={String(entry.member.LogicalOperator ?? 'AND')} columns={first.columns} onChange={(Filters, LogicalOperator) => onChange({ Filters, LogicalOperator })} />;
    case 'groups':
      return <GroupsField value={(value as Group[] | undefined) ?? []} columns={first.columns} onChange={set} />;
    case 'join-keys':
      return <JoinKeysField value={(value as JoinColumn[] | undefined) ?? []} sides={entry.inputs.map((id, index) => ({ name: nameOf(id), columns: index === 0 ? first.columns : second.columns }))} onChange={set} />;
    case 'aggregates':
      return <AggregatesField value={(value as Aggregate[] | undefined) ?? []} columns={first.columns} onChange={set} />;
    case 'aliases':
      return <AliasesField value={(value as Alias[] | undefined) ?? []} names={Object.fromEntries(entry.inputs.map((id) => [id, nameOf(id)]))} onChange={set} />;
    case 'input': {
      const options = entry.inputs.map((id) => ({ value: id, label: nameOf(id) }));
      return <Select ariaLabel={field.label} placeholder="Choose an input" selectedOption={options.find((each) => each.value === value) ?? null} options={options} onChange={({ detail }) => set(detail.selectedOption.value)} />;
    }
    case 'code':
      return <Editor language={field.language} label={`${field.label} of ${entry.name}`} height={220} value={String(value ?? '')} onChange={set} />;
    case 'table':
      return <TableField value={{ database: String(entry.member.Database ?? ''), table: String(entry.member.Table ?? '') }} onChange={(next) => onChange({ Database: next.database, Table: next.table })} />;
    case 'catalog-update':
      return <CatalogUpdateField value={value as Policy | undefined} onChange={set} />;
  }
}

// Those of several controls: a FormField would give each of them its own label.
const composite = new Set<Field['type']>(['mapping', 'conditions', 'groups', 'join-keys', 'aggregates', 'aliases', 'catalog-update']);

export function FieldView(props: Props) {
  const { field } = props;
  const label = field.optional ? `${field.label} – optional` : field.label;
  if (field.type === 'flag' || field.type === 'table') return <Control {...props} />;
  if (composite.has(field.type)) {
    return (
      <div role="group" aria-label={field.label}>
        <Box variant="awsui-key-label">{label}</Box>
        <Control {...props} />
      </div>
    );
  }
  return (
    <FormField stretch label={label} description={field.about}>
      <Control {...props} />
    </FormField>
  );
}
