import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, Container, Header, KeyValuePairs, SpaceBetween, Spinner, Tabs } from '@cloudscape-design/components';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { glue, jobs, table as readTable, type Table } from '~/aws/glue';
import { readText, splitUri } from '~/aws/s3';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link, LinkButton } from '~/shell/links';
import { Page } from '~/shell/page';
import { Partitions } from './partitions';
import { TablePreview } from './preview';
import { SchemaTab } from './schema_tab';
import { Statistics } from './statistics';
import { Versions } from './versions';

interface Use {
  job: string;
  how: string;
}

/** Jobs whose arguments, nodes or script name the table. */
async function usesOf(table: Table): Promise<Use[]> {
  const found: Use[] = [];
  for (const job of await jobs()) {
    const values = Object.entries({ ...job.DefaultArguments, ...job.NonOverridableArguments });
    const argument = values.find(([, value]) => value === table.Name);
    if (argument && values.some(([, value]) => value === table.DatabaseName)) {
      found.push({ job: job.Name, how: `the argument ${argument[0]}` });
      continue;
    }
    const nodes = Object.values(job.CodeGenConfigurationNodes ?? {}).flatMap((node) => Object.values(node));
    if (nodes.some((node) => node.Table === table.Name && node.Database === table.DatabaseName)) {
      found.push({ job: job.Name, how: 'a node of its visual editor' });
      continue;
    }
    const place = splitUri(job.Command?.ScriptLocation ?? '');
    const script = place ? await readText(place.bucket, place.key).catch(() => '') : '';
    if (script.includes(`"${table.Name}"`) && script.includes(`"${table.DatabaseName}"`)) found.push({ job: job.Name, how: 'its script' });
  }
  return found;
}

function Uses({ table }: { table: Table }) {
  const found = useQuery({ queryKey: ['uses', table.DatabaseName, table.Name], queryFn: () => usesOf(table), staleTime: 10_000 });
  if (found.error) return <Problem error={found.error} what="Looking where it is used" onRetry={() => void found.refetch()} />;
  if (!found.data) return <Spinner />;
  return (
    <SpaceBetween size="s">
      {found.data.length === 0 ? <Box color="text-body-secondary">No job names it in its arguments, nodes or script.</Box> : null}
      <ul className="rows">
        {found.data.map((use) => (
          <li key={use.job}>
            <Link to={`/jobs/${encodeURIComponent(use.job)}`}>{use.job}</Link>
            <Box variant="small">by {use.how}</Box>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}

function Details({ table }: { table: Table }) {
  const storage = table.StorageDescriptor;
  const rest = Object.entries({ ...table.Parameters, ...storage?.SerdeInfo?.Parameters });
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Type', value: table.TableType ?? '–' },
          { label: 'Input format', value: <Box variant="code">{storage?.InputFormat ?? '–'}</Box> },
          { label: 'Output format', value: <Box variant="code">{storage?.OutputFormat ?? '–'}</Box> },
          { label: 'Serialisation', value: <Box variant="code">{storage?.SerdeInfo?.SerializationLibrary ?? '–'}</Box> },
          { label: 'Created', value: <Time at={table.CreateTime} /> },
          { label: 'Changed', value: <Time at={table.UpdateTime} /> },
        ]}
      />
      {rest.length > 0 ? <KeyValuePairs columns={3} items={rest.map(([label, value]) => ({ label, value: <span className="message">{value}</span> }))} /> : null}
    </SpaceBetween>
  );
}

export default function TablePage() {
  const { database = '', table: name = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const found = useQuery({ queryKey: ['table', database, name], queryFn: () => readTable(database, name), refetchInterval: every(10_000) });
  const table = found.data;
  const location = table?.StorageDescriptor?.Location ?? '';
  const place = splitUri(location);
  const items = /^arn:aws:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/.exec(location)?.[1];
  return (
    <Page
      title={name}
      description={table?.Description}
      crumbs={[
        { text: 'Databases', to: '/catalog' },
        { text: database, to: `/catalog/${encodeURIComponent(database)}` },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <LinkButton to={`/lineage?dataset=${encodeURIComponent(`${database}.${name}`)}`}>Lineage</LinkButton>
          <Button disabled={!table} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        </SpaceBetween>
      }
    >
      <Problem error={found.error} what={`Reading the table ${name}`} onRetry={() => void found.refetch()} />
      {!table && !found.error ? <Spinner size="large" /> : null}
      {table ? (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Table</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'Classification', value: table.Parameters?.classification ?? '–' },
                { label: 'Location', value: place ? <Link to={`/s3/${place.bucket}?prefix=${encodeURIComponent(place.key)}`}>{location}</Link> : items ? <Link to={`/dynamodb/${encodeURIComponent(items)}`}>{`DynamoDB table ${items}`}</Link> : <span className="message">{location || '–'}</span> },
                { label: 'Version', value: table.VersionId ?? '–' },
                { label: 'Records, by the last crawl', value: table.Parameters?.recordCount ?? '–' },
              ]}
            />
          </Container>
          <Tabs
            activeTabId={search.get('tab') ?? 'schema'}
            onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
            tabs={[
              { id: 'schema', label: 'Schema', content: <SchemaTab table={table} /> },
              { id: 'preview', label: 'Data', content: <TablePreview table={table} /> },
              { id: 'partitions', label: 'Partitions', content: <Partitions table={table} /> },
              { id: 'statistics', label: 'Statistics', content: <Statistics table={table} /> },
              { id: 'versions', label: 'Versions', content: <Versions table={table} /> },
              { id: 'uses', label: 'Where used', content: <Uses table={table} /> },
              { id: 'details', label: 'Details', content: <Details table={table} /> },
            ]}
          />
        </SpaceBetween>
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete the table ${name}`}
          word={name}
          lost={['Its columns, all its versions and partitions', 'The data that it describes stays where it is']}
          onDone={() => glue('DeleteTable', { DatabaseName: database, Name: name })}
          onClose={(done) => {
            setDeleting(false);
            if (done) void navigate(`/catalog/${encodeURIComponent(database)}`);
          }}
        />
      ) : null}
    </Page>
  );
}
