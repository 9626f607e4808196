// One crawler: what it looks at, its crawls, and what each of them changed.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, Container, Header, KeyValuePairs, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useNavigate, useParams } from 'react-router-dom';
import { crawler as readCrawler, crawls, glue, tables, type Crawl } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { formatDuration } from '~/common/format';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { ScheduleSummary } from '~/cron/cron_builder';
import { useFollowed } from '~/logs/follow';
import { LogView } from '~/logs/log_view';
import { every } from '~/live/events';
import { Link, LinkButton } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { summaryWords } from './summary';
import { targetWords } from './list';

export default function CrawlerPage() {
  const { name = '' } = useParams();
  const navigate = useNavigate();
  const notes = useNotes();
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const [picked, setPicked] = useState<Crawl[]>([]);
  const found = useQuery({ queryKey: ['crawler', name], queryFn: () => readCrawler(name), refetchInterval: (query) => (query.state.data && query.state.data.State !== 'READY' ? 500 : every(5000)()) });
  const crawler = found.data;
  const live = crawler !== undefined && crawler.State !== 'READY';
  const history = useQuery({ queryKey: ['crawler', name, 'crawls', crawler?.State], queryFn: () => crawls(name), enabled: !!crawler });
  const made = useQuery({ queryKey: ['tables', crawler?.DatabaseName], queryFn: () => tables(crawler!.DatabaseName!), enabled: !!crawler?.DatabaseName, retry: false });
  const mine = made.data?.filter((table) => table.Parameters?.UPDATED_BY_CRAWLER === name);
  const shown = picked[0] ?? history.data?.[0];
  const log = useFollowed(shown?.LogGroup ? [{ group: shown.LogGroup, stream: shown.LogStream ?? name }] : crawler?.LastCrawl?.LogGroup ? [{ group: crawler.LastCrawl.LogGroup, stream: crawler.LastCrawl.LogStream ?? name }] : [], live);
  const act = async (operation: string, words: string) => {
    try {
      await glue(operation, { Name: name });
      void client.invalidateQueries({ queryKey: ['crawler', name] });
    } catch (error) {
      notes.fail(error, words);
    }
  };
  return (
    <Page
      title={name}
      description={crawler?.Description}
      crumbs={[{ text: 'Crawlers', to: '/crawlers' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={!crawler || live} onClick={() => setDeleting(true)}>
            Delete
          </Button>
          <LinkButton to={`/crawlers/new?edit=${encodeURIComponent(name)}`} disabled={!crawler || live}>
            Change
          </LinkButton>
          {live ? <Button onClick={() => void act('StopCrawler', 'Stopping the crawler')}>Stop</Button> : null}
          <Button variant="primary" disabled={!crawler} loading={live} onClick={() => void act('StartCrawler', 'Starting the crawler')}>
            Run
          </Button>
        </SpaceBetween>
      }
    >
      <Problem error={found.error} what={`Reading the crawler ${name}`} onRetry={() => void found.refetch()} />
      {!crawler && !found.error ? <Spinner size="large" /> : null}
      {crawler ? (
        <SpaceBetween size="l">
          {crawler.LastCrawl?.ErrorMessage ? (
            <Alert type="error" header="The last crawl failed">
              {crawler.LastCrawl.ErrorMessage}
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">Crawler</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'State', value: <span data-testid="crawler-state" data-state={crawler.State}><State value={crawler.State} /></span> },
                { label: 'Last crawl', value: <><State value={crawler.LastCrawl?.Status} /> <Time at={crawler.LastCrawl?.StartTime} ago /></> },
                { label: 'Looks at', value: targetWords(crawler) },
                { label: 'Writes to', value: crawler.DatabaseName ? <Link to={`/catalog/${encodeURIComponent(crawler.DatabaseName)}`}>{crawler.DatabaseName}</Link> : '–' },
              ]}
            />
          </Container>
          <Container header={<Header variant="h2" counter={mine ? `(${mine.length})` : undefined}>Its tables</Header>}>
            {mine && mine.length === 0 ? <Box color="text-body-secondary">It has written no table yet.</Box> : null}
            <ul className="rows">
              {mine?.map((table) => (
                <li key={table.Name}>
                  <Link to={`/catalog/${encodeURIComponent(table.DatabaseName)}/${encodeURIComponent(table.Name)}?tab=${table.VersionId && table.VersionId !== '0' ? 'versions' : 'schema'}`}>{table.Name}</Link>
                  <span>version {table.VersionId ?? '–'}</span>
                  <Box variant="small">
                    {table.StorageDescriptor?.Columns?.length ?? 0} columns, changed <Time at={table.UpdateTime} ago />
                  </Box>
                </li>
              ))}
            </ul>
          </Container>
          <ResourceTable<Crawl>
            title="Crawls"
            noun="crawl"
            items={history.data}
            loading={history.isLoading}
            error={history.error}
            trackBy="CrawlId"
            selectionType="single"
            selection={shown ? [shown] : []}
            onSelect={setPicked}
            sorting="started"
            descending
            columns={[
              { id: 'started', header: 'Started', isRowHeader: true, cell: (each) => <Time at={each.StartTime} />, sortingField: 'StartTime', minWidth: 180 },
              { id: 'state', header: 'State', cell: (each) => <State value={each.State} />, sortingField: 'State', minWidth: 120 },
              { id: 'took', header: 'Took', cell: (each) => (each.StartTime && each.EndTime ? formatDuration(each.EndTime - each.StartTime) : '–'), minWidth: 80 },
              { id: 'changed', header: 'What changed', cell: (each) => summaryWords(each.Summary), minWidth: 220 },
              { id: 'error', header: 'Error', cell: (each) => each.ErrorMessage ?? '–', minWidth: 120 },
            ]}
          />
          {crawler.Schedule?.ScheduleExpression ? (
            <Container header={<Header variant="h2">Schedule</Header>}>
              <ScheduleSummary text={crawler.Schedule.ScheduleExpression} count={5} />
            </Container>
          ) : null}
          <Container header={<Header variant="h2">Log</Header>}>
            <LogView log={log} live={live} name={`Log of the crawler ${name}`} height={260} />
          </Container>
        </SpaceBetween>
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete the crawler ${name}`}
          word={name}
          lost={['Its settings and the history of its crawls', 'The tables that it made stay in the catalog']}
          onDone={() => glue('DeleteCrawler', { Name: name })}
          onClose={(done) => {
            setDeleting(false);
            if (done) void navigate('/crawlers');
          }}
        />
      ) : null}
    </Page>
  );
}
