import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Button, FormField, Input, SpaceBetween } from '@cloudscape-design/components';
import { glue, partitions, type Partition, type Table } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';

type Row = Partition & { id: string };

export function Partitions({ table }: { table: Table }) {
  const keys = table.PartitionKeys ?? [];
  const [expression, setExpression] = useState('');
  const [asked, setAsked] = useState('');
  const [picked, setPicked] = useState<Row[]>([]);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['table', table.DatabaseName, table.Name, 'partitions', asked],
    queryFn: async () => (await partitions(table.DatabaseName, table.Name, asked || undefined)).map((each): Row => ({ ...each, id: each.Values.join('/') })),
    enabled: keys.length > 0,
  });
  if (keys.length === 0) return <Box color="text-body-secondary">This table has no partition keys.</Box>;
  return (
    <SpaceBetween size="m">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(expression);
        }}
      >
        <FormField label="Only those for which" description="The expression of GetPartitions." secondaryControl={<Button>Find</Button>}>
          <Input value={expression} placeholder={`${keys[0]!.Name} = '2026'`} onChange={({ detail }) => setExpression(detail.value)} />
        </FormField>
      </form>
      <ResourceTable<Row>
        title="Partitions"
        noun="partition"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="id"
        selection={picked}
        onSelect={setPicked}
        actions={
          <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        }
        columns={[
          ...keys.map((key, index) => ({ id: key.Name, header: key.Name, isRowHeader: index === 0, cell: (row: Row) => row.Values[index], sortingComparator: (a: Row, b: Row) => (a.Values[index] ?? '').localeCompare(b.Values[index] ?? '', undefined, { numeric: true }) })),
          { id: 'location', header: 'Location', cell: (row) => row.StorageDescriptor?.Location ?? '–' },
          { id: 'created', header: 'Created', cell: (row) => <Time at={row.CreationTime} /> },
        ]}
      />
      {deleting ? (
        <Confirm
          title={`Delete ${picked.length} partitions`}
          word={picked.length > 1 ? 'delete' : undefined}
          lost={[...picked.slice(0, 8).map((each) => each.id), 'Their files in S3 stay']}
          onDone={async () => {
            for (let at = 0; at < picked.length; at += 25) await glue('BatchDeletePartition', { DatabaseName: table.DatabaseName, TableName: table.Name, PartitionsToDelete: picked.slice(at, at + 25).map((each) => ({ Values: each.Values })) });
          }}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['table', table.DatabaseName, table.Name, 'partitions'] });
          }}
        />
      ) : null}
    </SpaceBetween>
  );
}
