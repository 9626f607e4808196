// A table of the catalog, and whether a target keeps one up to date.
import { useQuery } from '@tanstack/react-query';
import { Autosuggest, FormField, Select, SpaceBetween, Toggle } from '@cloudscape-design/components';
import { databases, tables } from '~/aws/glue';

interface Value {
  database: string;
  table: string;
}

export function TableField({ value, onChange }: { value: Value; onChange: (value: Value) => void }) {
  const known = useQuery({ queryKey: ['databases'], queryFn: databases });
  const inside = useQuery({ queryKey: ['tables', value.database], queryFn: () => tables(value.database), enabled: (known.data ?? []).some((each) => each.Name === value.database) });
  return (
    <SpaceBetween size="s">
      <FormField label="Database">
        <Autosuggest value={value.database} enteredTextLabel={(text) => `Use “${text}”`} options={(known.data ?? []).map((each) => ({ value: each.Name, description: each.Description }))} onChange={({ detail }) => onChange({ database: detail.value, table: detail.value === value.database ? value.table : '' })} />
      </FormField>
      <FormField label="Table">
        <Autosuggest value={value.table} statusType={inside.isFetching ? 'loading' : 'finished'} enteredTextLabel={(text) => `Use “${text}”`} options={(inside.data ?? []).map((each) => ({ value: each.Name, description: each.Parameters?.classification }))} onChange={({ detail }) => onChange({ ...value, table: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

export interface Policy {
  EnableUpdateCatalog?: boolean;
  UpdateBehavior?: string;
  Database?: string;
  Table?: string;
}

const behaviors = [
  { value: 'UPDATE_IN_DATABASE', label: 'Add new columns to the table' },
  { value: 'LOG', label: 'Leave the table’s schema as it is' },
];

export function CatalogUpdateField({ value, onChange }: { value: Policy | undefined; onChange: (policy: Policy | undefined) => void }) {
  const on = value?.EnableUpdateCatalog ?? false;
  return (
    <SpaceBetween size="s">
      <Toggle checked={on} onChange={({ detail }) => onChange(detail.checked ? { EnableUpdateCatalog: true, UpdateBehavior: 'UPDATE_IN_DATABASE', Database: '', Table: '' } : undefined)}>
        Create and update a table of what is written
      </Toggle>
      {on ? (
        <>
          <TableField value={{ database: value?.Database ?? '', table: value?.Table ?? '' }} onChange={(next) => onChange({ ...value, Database: next.database, Table: next.table })} />
          <FormField label="When the schema changes">
            <Select selectedOption={behaviors.find((each) => each.value === value?.UpdateBehavior) ?? behaviors[1]!} options={behaviors} onChange={({ detail }) => onChange({ ...value, UpdateBehavior: detail.selectedOption.value })} />
          </FormField>
        </>
      ) : null}
    </SpaceBetween>
  );
}
