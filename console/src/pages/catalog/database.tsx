import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useParams } from 'react-router-dom';
import { glue, tables, type Table } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';
import { NewTable } from './new_table';

export const tablePath = (table: { DatabaseName: string; Name: string }) => `/catalog/${encodeURIComponent(table.DatabaseName)}/${encodeURIComponent(table.Name)}`;

export default function DatabasePage() {
  const { database = '' } = useParams();
  const found = useQuery({ queryKey: ['tables', database], queryFn: () => tables(database), refetchInterval: every(5000) });
  const [picked, setPicked] = useState<Table[]>([]);
  const [deleting, setDeleting] = useState(false);
  const [creating, setCreating] = useState(false);
  const client = useQueryClient();
  return (
    <Page title={database} crumbs={[{ text: 'Databases', to: '/catalog' }]}>
      <ResourceTable<Table>
        title="Tables"
        noun="table"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selection={picked}
        onSelect={setPicked}
        empty={<>There is no table yet. Run a crawler, or make one.</>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create table
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={tablePath(each)}>{each.Name}</Link>, sortingField: 'Name', minWidth: 140 },
          { id: 'kind', header: 'Classification', cell: (each) => each.Parameters?.classification ?? each.TableType ?? '–', minWidth: 120 },
          { id: 'columns', header: 'Columns', cell: (each) => (each.StorageDescriptor?.Columns?.length ?? 0) + (each.PartitionKeys?.length ?? 0), minWidth: 90 },
          { id: 'partitions', header: 'Partitioned by', cell: (each) => each.PartitionKeys?.map((key) => key.Name).join(', ') || '–', minWidth: 120 },
          { id: 'location', header: 'Location', cell: (each) => each.StorageDescriptor?.Location ?? '–', minWidth: 180 },
          { id: 'changed', header: 'Changed', cell: (each) => <Time at={each.UpdateTime} ago />, sortingField: 'UpdateTime', minWidth: 100 },
        ]}
      />
      {creating ? <NewTable database={database} onClose={() => setCreating(false)} /> : null}
      {deleting ? (
        <Confirm
          title={picked.length === 1 ? `Delete the table ${picked[0]!.Name}` : `Delete ${picked.length} tables`}
          word={picked.length === 1 ? picked[0]!.Name : 'delete'}
          lost={[...picked.map((each) => `${each.Name}: its ${each.StorageDescriptor?.Columns?.length ?? 0} columns, all its versions and partitions`), 'The data that they describe stays where it is']}
          onDone={() => glue('BatchDeleteTable', { DatabaseName: database, TablesToDelete: picked.map((each) => each.Name) })}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['tables', database] });
          }}
        />
      ) : null}
    </Page>
  );
}
