import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, FormField, Input, Select, SpaceBetween } from '@cloudscape-design/components';
import { describe, dynamodb, tableNames, type TableDescription } from '~/aws/dynamodb';
import { CreateDialog } from '~/common/create_dialog';
import { Confirm } from '~/common/confirm';
import { formatBytes, formatCount } from '~/common/format';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

const kinds = [
  { value: 'S', label: 'String' },
  { value: 'N', label: 'Number' },
  { value: 'B', label: 'Binary' },
];

function CreateTable({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [hash, setHash] = useState({ name: '', kind: 'S' });
  const [range, setRange] = useState({ name: '', kind: 'S' });
  const client = useQueryClient();
  const create = async () => {
    const keys = [hash, ...(range.name ? [range] : [])];
    await dynamodb('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((each) => ({ AttributeName: each.name, AttributeType: each.kind })),
      KeySchema: keys.map((each, index) => ({ AttributeName: each.name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    });
    void client.invalidateQueries({ queryKey: ['dynamodb'] });
    onClose();
  };
  const field = (label: string, value: typeof hash, set: (value: typeof hash) => void, description?: string) => (
    <FormField label={label} description={description} secondaryControl={<Select ariaLabel={`Type of the ${label.toLowerCase()}`} selectedOption={kinds.find((each) => each.value === value.kind)!} options={kinds} onChange={({ detail }) => set({ ...value, kind: detail.selectedOption.value! })} />}>
      <Input value={value.name} onChange={({ detail }) => set({ ...value, name: detail.value })} />
    </FormField>
  );
  return (
    <CreateDialog what="table" ready={name !== '' && hash.name !== ''} onCreate={create} onClose={onClose}>
      <FormField label="Name">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      {field('Partition key', hash, setHash)}
      {field('Sort key', range, setRange, 'May be left empty.')}
    </CreateDialog>
  );
}

export default function DynamoTables() {
  const found = useQuery({ queryKey: ['dynamodb', 'tables'], queryFn: async () => Promise.all((await tableNames()).slice(0, 500).map(describe)), refetchInterval: 10_000 });
  const [picked, setPicked] = useState<TableDescription[]>([]);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const one = picked[0];
  return (
    <Page title="DynamoDB tables" description="Items that jobs and crawlers read.">
      <ResourceTable<TableDescription>
        title="Tables"
        noun="table"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="TableName"
        selectionType="single"
        selection={picked}
        onSelect={setPicked}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!one} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create table
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/dynamodb/${encodeURIComponent(each.TableName)}`}>{each.TableName}</Link>, sortingField: 'TableName', minWidth: 150 },
          { id: 'state', header: 'State', cell: (each) => <State value={each.TableStatus} />, minWidth: 100 },
          { id: 'keys', header: 'Keys', cell: (each) => each.KeySchema.map((key) => key.AttributeName).join(', '), minWidth: 120 },
          { id: 'items', header: 'Items', cell: (each) => formatCount(each.ItemCount), sortingField: 'ItemCount', minWidth: 80 },
          { id: 'size', header: 'Size', cell: (each) => formatBytes(each.TableSizeBytes), sortingField: 'TableSizeBytes', minWidth: 80 },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.CreationDateTime} />, sortingField: 'CreationDateTime', minWidth: 180 },
        ]}
      />
      {creating ? <CreateTable onClose={() => setCreating(false)} /> : null}
      {deleting && one ? (
        <Confirm
          title={`Delete the table ${one.TableName}`}
          word={one.TableName}
          lost={[`All its items: ${formatCount(one.ItemCount)} by the last count`, 'Its indexes']}
          onDone={() => dynamodb('DeleteTable', { TableName: one.TableName })}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['dynamodb'] });
          }}
        />
      ) : null}
    </Page>
  );
}
