// Log groups, their streams, a stream followed live, and search over a group.
import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, ColumnLayout, Container, FormField, Header, Input, Select, SpaceBetween, Toggle } from '@cloudscape-design/components';
import { useSearchParams } from 'react-router-dom';
import { groups, search as searchLogs, streams, type LogEvent, type LogGroup, type LogStream } from '~/aws/logs';
import { formatBytes, plural } from '~/common/format';
import { Problem } from '~/common/problem';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { useFollowed, type Line } from '~/logs/follow';
import { LogView, wholeLog } from '~/logs/log_view';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

const toGroup = (group: string) => `/logs?group=${encodeURIComponent(group)}`;

function Groups() {
  const found = useQuery({ queryKey: ['log-groups'], queryFn: groups, refetchInterval: 10_000 });
  return (
    <Page title="Logs" description="What runs, crawlers and others printed.">
      <ResourceTable<LogGroup>
        title="Log groups"
        noun="log group"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="logGroupName"
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={toGroup(each.logGroupName)}>{each.logGroupName}</Link>, sortingField: 'logGroupName', minWidth: 200 },
          { id: 'kept', header: 'Kept', cell: (each) => (each.retentionInDays ? plural(each.retentionInDays, 'day') : 'for ever'), minWidth: 100 },
          { id: 'size', header: 'Size', cell: (each) => formatBytes(each.storedBytes), sortingField: 'storedBytes', minWidth: 110 },
          { id: 'created', header: 'Created', cell: (each) => <Time at={each.creationTime} />, sortingField: 'creationTime', minWidth: 180 },
        ]}
      />
    </Page>
  );
}

const spans = [
  { value: '900000', label: 'the last 15 minutes' },
  { value: '3600000', label: 'the last hour' },
  { value: '86400000', label: 'the last day' },
  { value: '604800000', label: 'the last week' },
  { value: '', label: 'all time' },
];

async function searchAll(group: string, pattern: string, span: string): Promise<{ events: LogEvent[]; cut: boolean }> {
  const events: LogEvent[] = [];
  let nextToken: string | undefined;
  const startTime = span ? Date.now() - Number(span) : undefined;
  for (let page = 0; page < 50; page += 1) {
    const found = await searchLogs(group, { filterPattern: pattern || undefined, startTime, nextToken, limit: 5000 });
    events.push(...found.events);
    nextToken = found.next;
    if (!nextToken) return { events, cut: false };
  }
  return { events, cut: true };
}

function Search({ group }: { group: string }) {
  const [pattern, setPattern] = useState('');
  const [span, setSpan] = useState('86400000');
  const [asked, setAsked] = useState<{ pattern: string; span: string }>();
  const [tail, setTail] = useState(false);
  const found = useQuery({ queryKey: ['log-search', group, asked], queryFn: () => searchAll(group, asked!.pattern, asked!.span), enabled: !!asked, refetchInterval: tail ? 1000 : false, placeholderData: (previous) => previous, retry: false });
  const lines = useMemo((): Line[] => (found.data?.events ?? []).flatMap((event) => event.message.replace(/\n$/, '').split('\n').map((text) => ({ at: event.timestamp, text, error: false }))), [found.data]);
  const log = useMemo(() => wholeLog(lines), [lines]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setAsked({ pattern, span });
      }}
    >
      <Container header={<Header variant="h2" actions={<Button loading={found.isFetching && !tail}>Search</Button>}>Search the group</Header>}>
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            <FormField label="Filter pattern" description="Words that all must be there; ?a ?b for one of them; “a phrase”; -not.">
              <Input value={pattern} placeholder='ERROR "out of memory"' onChange={({ detail }) => setPattern(detail.value)} />
            </FormField>
            <FormField label="In">
              <Select selectedOption={spans.find((each) => each.value === span)!} options={spans} onChange={({ detail }) => setSpan(detail.selectedOption.value ?? '')} />
            </FormField>
          </ColumnLayout>
          <Toggle
            checked={tail}
            onChange={({ detail }) => {
              setTail(detail.checked);
              if (detail.checked && !asked) setAsked({ pattern, span: span || '3600000' });
            }}
          >
            Live tail
          </Toggle>
          <Problem error={found.error} what="The search" onRetry={() => void found.refetch()} />
          {asked && found.data ? <LogView log={log} live={tail} name={`Events of ${group}`} empty="No event matches." /> : null}
          {found.data?.cut ? <Box variant="small">These are the first {plural(lines.length, 'line')}; narrow the time or the pattern for the rest.</Box> : null}
        </SpaceBetween>
      </Container>
    </form>
  );
}

function Group({ group, stream }: { group: string; stream: string | null }) {
  const [, setSearch] = useSearchParams();
  const found = useQuery({ queryKey: ['log-streams', group], queryFn: () => streams(group), refetchInterval: 5000 });
  const followed = useFollowed(stream ? [{ group, stream }] : [], stream !== null);
  return (
    <Page title={group} crumbs={[{ text: 'Logs', to: '/logs' }]}>
      {stream ? (
        <Container header={<Header variant="h2" actions={<Button iconName="close" variant="icon" ariaLabel="Close the stream" onClick={() => setSearch({ group })} />}>{stream}</Header>}>
          <SpaceBetween size="s">
            <Problem error={followed.failure} what="Reading the stream" />
            <LogView log={followed} live name={`Stream ${stream}`} />
          </SpaceBetween>
        </Container>
      ) : null}
      <Search group={group} />
      <ResourceTable<LogStream>
        title="Streams"
        noun="stream"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="logStreamName"
        description="The newest fifty."
        columns={[
          { id: 'name', header: 'Stream', isRowHeader: true, cell: (each) => <Link to={`${toGroup(group)}&stream=${encodeURIComponent(each.logStreamName)}`}>{each.logStreamName}</Link>, minWidth: 200 },
          { id: 'first', header: 'First event', cell: (each) => <Time at={each.firstEventTimestamp} />, minWidth: 180 },
          { id: 'last', header: 'Last event', cell: (each) => <Time at={each.lastEventTimestamp} />, minWidth: 180 },
        ]}
      />
    </Page>
  );
}

export default function Logs() {
  const [search] = useSearchParams();
  const group = search.get('group');
  return group ? <Group key={group} group={group} stream={search.get('stream')} /> : <Groups />;
}
