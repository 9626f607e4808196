// The items of a DynamoDB table: scanned or queried page by page, edited as DynamoDB's JSON.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Alert, Box, Button, ColumnLayout, Container, FormField, Header, Input, KeyValuePairs, Modal, Select, SegmentedControl, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useParams } from 'react-router-dom';
import { columnsOf, describe, dynamodb, keyOf, keyText, show, type Item, type Page as ItemPage, type TableDescription, type Value } from '~/aws/dynamodb';
import { AwsError } from '~/aws/client';
import { Confirm } from '~/common/confirm';
import { useDraft } from '~/common/draft';
import { formatBytes, formatCount, plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Editor } from '~/editor/editor';
import { useNotes } from '~/shell/notes';
import { LinkButton } from '~/shell/links';
import { Page } from '~/shell/page';

interface Asked {
  mode: 'scan' | 'query';
  index: string;
  hash: string;
  operator: string;
  range: string;
  filter: string;
  filterValue: string;
}
const nothing: Asked = { mode: 'scan', index: '', hash: '', operator: '=', range: '', filter: '', filterValue: '' };
const operators = ['=', '<', '<=', '>', '>=', 'begins_with'];

function typed(table: TableDescription, name: string, text: string): Value {
  const type = table.AttributeDefinitions?.find((each) => each.AttributeName === name)?.AttributeType ?? 'S';
  return { [type]: text } as Value;
}

/** The request of one page. */
export function pageRequest(table: TableDescription, asked: Asked): { operation: string; input: Record<string, unknown> } {
  const names: Record<string, string> = {};
  const values: Record<string, Value> = {};
  const input: Record<string, unknown> = { TableName: table.TableName, Limit: 200 };
  if (asked.index) input.IndexName = asked.index;
  if (asked.filter && asked.filterValue) {
    names['#f'] = asked.filter;
    const number = asked.filterValue.trim() !== '' && !Number.isNaN(Number(asked.filterValue));
    values[':f'] = { S: asked.filterValue };
    input.FilterExpression = '#f = :f';
    if (number) {
      values[':n'] = { N: asked.filterValue.trim() };
      input.FilterExpression = '#f = :f OR #f = :n';
    }
  }
  if (asked.mode === 'query') {
    const index = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].find((each) => each.IndexName === asked.index);
    const keys = index?.KeySchema ?? table.KeySchema;
    const hash = keys.find((each) => each.KeyType === 'HASH')!.AttributeName;
    const range = keys.find((each) => each.KeyType === 'RANGE')?.AttributeName;
    names['#h'] = hash;
    values[':h'] = typed(table, hash, asked.hash);
    let condition = '#h = :h';
    if (range && asked.range !== '') {
      names['#r'] = range;
      values[':r'] = typed(table, range, asked.range);
      condition += asked.operator === 'begins_with' ? ' AND begins_with(#r, :r)' : ` AND #r ${asked.operator} :r`;
    }
    input.KeyConditionExpression = condition;
  }
  if (Object.keys(names).length > 0) input.ExpressionAttributeNames = names;
  if (Object.keys(values).length > 0) input.ExpressionAttributeValues = values;
  return { operation: asked.mode === 'query' ? 'Query' : 'Scan', input };
}

/** The write is refused when the item is not, in its first level, what it was when it was opened. */
function unlessChanged(table: TableDescription, item: Item | undefined): Record<string, unknown> {
  const names = item ? Object.keys(item) : table.KeySchema.map((key) => key.AttributeName);
  const places = Object.fromEntries(names.map((name, index) => [`#n${index}`, name]));
  // A new item does not fall on another one without a word.
  if (!item) return { ConditionExpression: 'attribute_not_exists(#n0)', ExpressionAttributeNames: { '#n0': names[0] } };
  const values = Object.fromEntries(names.map((name, index) => [`:v${index}`, item[name]]));
  const condition = names.map((_, index) => `#n${index} = :v${index}`).join(' AND ');
  // DynamoDB takes expressions up to 4 KB and 300 operators.
  return condition.length > 4096 || names.length > 150 ? {} : { ConditionExpression: condition, ExpressionAttributeNames: places, ExpressionAttributeValues: values };
}

function ItemEditor({ table, item, onClose, onStale }: { table: TableDescription; item: Item | undefined; onClose: (saved: boolean) => void; onStale: () => void }) {
  const first = JSON.stringify(item ?? Object.fromEntries(table.KeySchema.map((key) => [key.AttributeName, typed(table, key.AttributeName, '')])), null, 2);
  const draft = useDraft<string>(`item ${table.TableName} ${item ? keyText(table, item) : 'new'}`, first);
  const [problem, setProblem] = useState<unknown>();
  const [clash, setClash] = useState(false);
  const [busy, setBusy] = useState(false);
  let parsed: Item | undefined;
  let wrong = '';
  try {
    parsed = JSON.parse(draft.value ?? first) as Item;
  } catch (error) {
    wrong = error instanceof Error ? error.message : String(error);
  }
  const moved = item && parsed && table.KeySchema.some((key) => JSON.stringify(item[key.AttributeName]) !== JSON.stringify(parsed[key.AttributeName]));
  const save = async (over = false) => {
    setBusy(true);
    setProblem(undefined);
    setClash(false);
    try {
      await dynamodb('PutItem', { TableName: table.TableName, Item: parsed, ...(over ? {} : unlessChanged(table, moved ? undefined : item)) });
      draft.drop();
      onClose(true);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') setClash(true);
      else setProblem(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      header={item ? `Item ${keyText(table, item)}` : 'A new item'}
      closeAriaLabel="Close"
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} disabled={wrong !== '' || !draft.dirty} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Problem error={problem} what="Saving the item" onRetry={() => void save()} />
        {clash ? (
          <Alert
            type="warning"
            header={item && !moved ? 'Somebody else changed this item meanwhile' : 'There is an item with this key already'}
            action={
              <SpaceBetween direction="horizontal" size="xs">
                {item && !moved ? (
                  <Button
                    onClick={() => {
                      draft.drop();
                      onClose(false);
                      onStale();
                    }}
                  >
                    Take theirs, drop mine
                  </Button>
                ) : null}
                <Button onClick={() => void save(true)}>Save mine over it</Button>
              </SpaceBetween>
            }
          >
            What you typed is kept until you choose.
          </Alert>
        ) : null}
        {moved ? <Alert type="info">The key is another one: this makes a new item, the old one stays.</Alert> : null}
        {wrong ? <Box color="text-status-error">{wrong}</Box> : null}
        <Editor language="json" label="The item in DynamoDB’s JSON" value={draft.value ?? first} onChange={draft.set} height={380} />
      </SpaceBetween>
    </Modal>
  );
}

type Row = { id: string; item: Item };

function Items({ table }: { table: TableDescription }) {
  const [form, setForm] = useState<Asked>(nothing);
  const [asked, setAsked] = useState<{ asked: Asked; starts: (Item | undefined)[] }>({ asked: nothing, starts: [undefined] });
  const [picked, setPicked] = useState<Row[]>([]);
  const [editing, setEditing] = useState<{ item?: Item }>();
  const [deleting, setDeleting] = useState(false);
  const notes = useNotes();
  const set = (part: Partial<Asked>) => setForm({ ...form, ...part });
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const keys = indexes.find((each) => each.IndexName === form.index)?.KeySchema ?? table.KeySchema;
  const hash = keys.find((each) => each.KeyType === 'HASH')?.AttributeName ?? '';
  const range = keys.find((each) => each.KeyType === 'RANGE')?.AttributeName;
  const start = asked.starts.at(-1);
  const found = useQuery({
    queryKey: ['items', table.TableName, asked],
    queryFn: async () => {
      const { operation, input } = pageRequest(table, asked.asked);
      return dynamodb<ItemPage>(operation, start ? { ...input, ExclusiveStartKey: start } : input);
    },
    placeholderData: (previous) => previous,
  });
  const items = found.data?.Items ?? [];
  const columns = columnsOf(table, items);
  const next = found.data?.LastEvaluatedKey;
  return (
    <SpaceBetween size="l">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ asked: form, starts: [undefined] });
        }}
      >
        <Container header={<Header variant="h2" actions={<Button variant="primary">Read</Button>}>Read items</Header>}>
          <SpaceBetween size="m">
            <ColumnLayout columns={3}>
              <FormField label="By">
                <SegmentedControl
                  label="Scan or query"
                  selectedId={form.mode}
                  options={[
                    { id: 'scan', text: 'Scan' },
                    { id: 'query', text: 'Query' },
                  ]}
                  onChange={({ detail }) => set({ mode: detail.selectedId as Asked['mode'] })}
                />
              </FormField>
              <FormField label="From">
                <Select
                  selectedOption={{ value: form.index, label: form.index || `the table ${table.TableName}` }}
                  options={[{ value: '', label: `the table ${table.TableName}` }, ...indexes.map((each) => ({ value: each.IndexName, label: each.IndexName, description: each.KeySchema.map((key) => key.AttributeName).join(', ') }))]}
                  onChange={({ detail }) => set({ index: detail.selectedOption.value ?? '' })}
                />
              </FormField>
              {form.mode === 'query' ? (
                <FormField label={`${hash} is`}>
                  <Input value={form.hash} onChange={({ detail }) => set({ hash: detail.value })} />
                </FormField>
              ) : null}
              {form.mode === 'query' && range ? (
                <FormField label={`${range}`} secondaryControl={<Select ariaLabel="Comparison" selectedOption={{ value: form.operator, label: form.operator }} options={operators.map((value) => ({ value, label: value }))} onChange={({ detail }) => set({ operator: detail.selectedOption.value! })} />}>
                  <Input value={form.range} onChange={({ detail }) => set({ range: detail.value })} />
                </FormField>
              ) : null}
              <FormField label="Only where the attribute">
                <Input value={form.filter} placeholder="name" onChange={({ detail }) => set({ filter: detail.value })} />
              </FormField>
              <FormField label="is">
                <Input value={form.filterValue} placeholder="value" onChange={({ detail }) => set({ filterValue: detail.value })} />
              </FormField>
            </ColumnLayout>
          </SpaceBetween>
        </Container>
      </form>
      <ResourceTable<Row>
        title="Items"
        noun="item"
        items={items.map((item) => ({ id: keyText(table, item), item }))}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="id"
        pageSize={50}
        selection={picked}
        onSelect={setPicked}
        empty={next ? 'No item of this part matches; read on.' : 'There is no such item.'}
        description={found.data ? `${plural(found.data.ScannedCount ?? 0, 'item')} looked at, ${plural(found.data.Count ?? 0, 'match', 'matches')}; part ${asked.starts.length}` : undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={asked.starts.length < 2} onClick={() => setAsked({ ...asked, starts: asked.starts.slice(0, -1) })}>
              Part before
            </Button>
            <Button disabled={!next} onClick={() => setAsked({ ...asked, starts: [...asked.starts, next] })}>
              Next part
            </Button>
            <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button onClick={() => setEditing({})}>Create item</Button>
          </SpaceBetween>
        }
        columns={columns.slice(0, 40).map((name, index) => ({
          id: name,
          header: name,
          isRowHeader: index === 0,
          minWidth: 110,
          cell: (row: Row) =>
            index === 0 ? (
              <Button variant="inline-link" onClick={() => setEditing({ item: row.item })}>
                {show(row.item[name])}
              </Button>
            ) : (
              show(row.item[name]).slice(0, 120)
            ),
          sortingComparator: (a: Row, b: Row) => show(a.item[name]).localeCompare(show(b.item[name]), undefined, { numeric: true }),
        }))}
      />
      {editing ? (
        <ItemEditor
          table={table}
          item={editing.item}
          onStale={() => void found.refetch()}
          onClose={(saved) => {
            setEditing(undefined);
            if (!saved) return;
            notes.say('Saved the item.');
            void found.refetch();
          }}
        />
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete ${plural(picked.length, 'item')}`}
          word={picked.length > 1 ? 'delete' : undefined}
          lost={picked.slice(0, 10).map((row) => row.id)}
          onDone={async () => {
            for (const row of picked) await dynamodb('DeleteItem', { TableName: table.TableName, Key: keyOf(table, row.item) });
          }}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void found.refetch();
          }}
        />
      ) : null}
    </SpaceBetween>
  );
}

export default function DynamoTable() {
  const { table: name = '' } = useParams();
  const found = useQuery({ queryKey: ['dynamodb', name], queryFn: () => describe(name) });
  const table = found.data;
  return (
    <Page title={name} crumbs={[{ text: 'DynamoDB tables', to: '/dynamodb' }]} actions={<LinkButton to={`/lineage?dataset=${encodeURIComponent(`dynamodb:${name}`)}`}>Lineage</LinkButton>}>
      <Problem error={found.error} what={`Reading the table ${name}`} onRetry={() => void found.refetch()} />
      {!table && !found.error ? <Spinner /> : null}
      {table ? (
        <SpaceBetween size="l">
          <Container>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'State', value: <State value={table.TableStatus} /> },
                { label: 'Keys', value: table.KeySchema.map((key) => `${key.AttributeName} (${key.KeyType === 'HASH' ? 'partition' : 'sort'})`).join(', ') },
                { label: 'Items', value: formatCount(table.ItemCount) },
                { label: 'Size', value: formatBytes(table.TableSizeBytes) },
              ]}
            />
          </Container>
          <Items table={table} />
        </SpaceBetween>
      ) : null}
    </Page>
  );
}
