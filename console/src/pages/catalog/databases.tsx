import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, FormField, Input, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { databases, glue, tables, type Database } from '~/aws/glue';
import { CreateDialog } from '~/common/create_dialog';
import { Confirm } from '~/common/confirm';
import { plural } from '~/common/format';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';

export function CreateDatabase({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const client = useQueryClient();
  const create = async () => {
    await glue('CreateDatabase', { DatabaseInput: { Name: name, Description: description || undefined } });
    void client.invalidateQueries({ queryKey: ['databases'] });
    onClose();
  };
  return (
    <CreateDialog what="database" ready={name !== ''} onCreate={create} onClose={onClose}>
      <FormField label="Name" description="Kept in lower case.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Description">
        <Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
    </CreateDialog>
  );
}

function TableCount({ name }: { name: string }) {
  const found = useQuery({ queryKey: ['tables', name], queryFn: () => tables(name) });
  return <>{found.data ? plural(found.data.length, 'table') : '…'}</>;
}

export default function Databases() {
  const found = useQuery({ queryKey: ['databases'], queryFn: databases, refetchInterval: every(5000) });
  const [creating, setCreating] = useState(false);
  const [picked, setPicked] = useState<Database[]>([]);
  const [deleting, setDeleting] = useState<{ database: Database; tables: string[] }>();
  const client = useQueryClient();
  const notes = useNotes();
  const one = picked[0];
  return (
    <Page title="Databases" description="The data catalog: what data there is, where it is and what it looks like.">
      <ResourceTable<Database>
        title="Databases"
        noun="database"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selectionType="single"
        selection={picked}
        onSelect={setPicked}
        empty="There is no database yet. A crawler makes one, or make it here."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={!one}
              onClick={() =>
                void tables(one!.Name)
                  .then((list) => setDeleting({ database: one!, tables: list.map((each) => each.Name) }))
                  .catch((error: unknown) => notes.fail(error, 'Reading its tables'))
              }
            >
              Delete
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create database
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/catalog/${encodeURIComponent(each.Name)}`}>{each.Name}</Link>, sortingField: 'Name', minWidth: 140 },
          { id: 'tables', header: 'Tables', cell: (each) => <TableCount name={each.Name} />, minWidth: 100 },
          { id: 'description', header: 'Description', cell: (each) => each.Description ?? '–', sortingField: 'Description' },
          { id: 'location', header: 'Location', cell: (each) => each.LocationUri ?? '–' },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.CreateTime} />, sortingField: 'CreateTime', minWidth: 180 },
        ]}
      />
      {creating ? <CreateDatabase onClose={() => setCreating(false)} /> : null}
      {deleting ? (
        <Confirm
          title={`Delete the database ${deleting.database.Name}`}
          word={deleting.database.Name}
          lost={[deleting.tables.length === 0 ? 'It has no tables' : `Its ${plural(deleting.tables.length, 'table')} with all their versions and partitions: ${deleting.tables.slice(0, 10).join(', ')}${deleting.tables.length > 10 ? ', …' : ''}`, 'The data itself, in S3 and DynamoDB, stays']}
          onDone={() => glue('DeleteDatabase', { Name: deleting.database.Name })}
          onClose={() => {
            setDeleting(undefined);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['databases'] });
          }}
        />
      ) : null}
    </Page>
  );
}
