// The schema: read, edited, saved as a new version unless somebody saved in between.
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, FormField, Header, Input, SpaceBetween } from '@cloudscape-design/components';
import { glue, table as readTable, tableInput, type Column, type Table } from '~/aws/glue';
import { useDraft } from '~/common/draft';
import { Problem } from '~/common/problem';
import { ResourceTable } from '~/common/table';
import { diffColumns } from '~/diff/diff';
import { useNotes } from '~/shell/notes';
import { ColumnsEditor, columnProblem } from './columns_editor';

interface Schema {
  description: string;
  columns: Column[];
  partitions: Column[];
}

type Row = Column & { key: boolean; place: number };

export function SchemaTab({ table }: { table: Table }) {
  const saved: Schema = { description: table.Description ?? '', columns: table.StorageDescriptor?.Columns ?? [], partitions: table.PartitionKeys ?? [] };
  const draft = useDraft<Schema>(`schema ${table.DatabaseName}.${table.Name}`, saved);
  const [editing, setEditing] = useState(draft.dirty);
  const [base, setBase] = useState(table.VersionId);
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState<Table>();
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const form = draft.value ?? saved;
  const set = (part: Partial<Schema>) => draft.set({ ...form, ...part });
  const wrong = [...form.columns, ...form.partitions].some((each) => columnProblem([...form.columns, ...form.partitions], each));
  const save = async (over = false) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const now = await readTable(table.DatabaseName, table.Name);
      if (!over && now.VersionId !== base) return setClash(now);
      const input = tableInput({ ...now, Description: form.description, PartitionKeys: form.partitions, StorageDescriptor: { ...now.StorageDescriptor, Columns: form.columns } });
      await glue('UpdateTable', { DatabaseName: table.DatabaseName, TableInput: input, ...(over ? {} : { VersionId: base }) });
      const after = await readTable(table.DatabaseName, table.Name);
      client.setQueryData(['table', table.DatabaseName, table.Name], after);
      setBase(after.VersionId);
      setClash(undefined);
      draft.drop();
      setEditing(false);
      notes.say(`Saved the schema as version ${after.VersionId ?? 'new'}.`);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (!editing) {
    const rows: Row[] = [...saved.columns.map((each, place) => ({ ...each, key: false, place })), ...saved.partitions.map((each, index) => ({ ...each, key: true, place: saved.columns.length + index }))];
    return (
      <ResourceTable<Row>
        title="Columns"
        noun="column"
        items={rows}
        trackBy="Name"
        pageSize={100}
        actions={
          <Button
            onClick={() => {
              setBase(table.VersionId);
              setEditing(true);
            }}
          >
            Edit schema
          </Button>
        }
        sorting="place"
        columns={[
          { id: 'place', header: '#', cell: (row) => row.place + 1, sortingField: 'place', width: 60 },
          { id: 'name', header: 'Name', isRowHeader: true, cell: (row) => <code>{row.Name}</code>, sortingField: 'Name', minWidth: 120 },
          { id: 'type', header: 'Type', cell: (row) => <code>{row.Type}</code>, sortingField: 'Type', minWidth: 120 },
          { id: 'key', header: 'Partition key', cell: (row) => (row.key ? 'yes' : '–'), minWidth: 90 },
          { id: 'comment', header: 'Comment', cell: (row) => row.Comment ?? '–', minWidth: 120 },
        ]}
      />
    );
  }
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              variant="link"
              onClick={() => {
                draft.drop();
                setEditing(false);
              }}
            >
              Discard
            </Button>
            <Button variant="primary" loading={busy} disabled={!draft.dirty || wrong} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        }
      >
        Edit the schema
      </Header>
      <Problem error={problem} what="Saving the schema" onRetry={() => void save()} />
      {clash ? (
        <Alert
          type="warning"
          header={`Somebody saved version ${clash.VersionId} meanwhile`}
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                onClick={() => {
                  draft.drop();
                  setClash(undefined);
                  setEditing(false);
                  void client.invalidateQueries({ queryKey: ['table', table.DatabaseName, table.Name] });
                }}
              >
                Take theirs, drop mine
              </Button>
              <Button onClick={() => void save(true)}>Save mine over it</Button>
            </SpaceBetween>
          }
        >
          <Box>Between theirs and yours:</Box>
          <ul>
            {diffColumns(clash.StorageDescriptor?.Columns ?? [], form.columns).map((change) => (
              <li key={change.name}>
                {change.name} {change.kind}: {change.before} {change.after ? `→ ${change.after}` : ''}
              </li>
            ))}
          </ul>
        </Alert>
      ) : null}
      <FormField label="Description">
        <Input value={form.description} onChange={({ detail }) => set({ description: detail.value })} />
      </FormField>
      <FormField label="Columns" stretch>
        <ColumnsEditor label="Columns" value={form.columns} onChange={(columns) => set({ columns })} />
      </FormField>
      <FormField label="Partition keys" stretch>
        <ColumnsEditor label="Partition keys" value={form.partitions} onChange={(partitions) => set({ partitions })} />
      </FormField>
    </SpaceBetween>
  );
}
