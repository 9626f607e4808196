import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, SpaceBetween } from '@cloudscape-design/components';
import { crawlers, glue, type Crawler } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { every } from '~/live/events';
import { Link, LinkButton } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';

export function targetWords(crawler: Crawler): string {
  return Object.entries(crawler.Targets ?? {})
    .flatMap(([kind, list]) => (list ?? []).map((each) => ((each as { Path?: string; ConnectionName?: string; DatabaseName?: string }).Path ?? (each as { DatabaseName?: string }).DatabaseName ?? (each as { ConnectionName?: string }).ConnectionName ?? kind) + (kind === 'DynamoDBTargets' ? ' (DynamoDB)' : '')))
    .join(', ');
}

export default function Crawlers() {
  const found = useQuery({ queryKey: ['crawlers'], queryFn: crawlers, refetchInterval: (query) => (query.state.data?.some((each) => each.State !== 'READY') ? 700 : every(5000)()) });
  const [picked, setPicked] = useState<Crawler[]>([]);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const run = async () => {
    for (const each of picked) {
      try {
        await glue('StartCrawler', { Name: each.Name });
      } catch (error) {
        notes.fail(error, `Starting ${each.Name}`);
      }
    }
    void client.invalidateQueries({ queryKey: ['crawlers'] });
  };
  return (
    <Page title="Crawlers" description="They look at data and write into the catalog what they found.">
      <ResourceTable<Crawler>
        title="Crawlers"
        noun="crawler"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selection={picked}
        onSelect={setPicked}
        empty={<>There is no crawler yet. Creating one takes four steps.</>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button disabled={picked.length === 0} onClick={() => void run()}>
              Run
            </Button>
            <LinkButton to="/crawlers/new" variant="primary">
              Create crawler
            </LinkButton>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/crawlers/${encodeURIComponent(each.Name)}`}>{each.Name}</Link>, sortingField: 'Name', minWidth: 150 },
          { id: 'state', header: 'State', cell: (each) => <State value={each.State} />, sortingField: 'State', minWidth: 110 },
          { id: 'last', header: 'Last crawl', cell: (each) => <State value={each.LastCrawl?.Status} />, minWidth: 120 },
          { id: 'when', header: 'When', cell: (each) => <Time at={each.LastCrawl?.StartTime} ago />, minWidth: 100 },
          { id: 'targets', header: 'Looks at', cell: targetWords, minWidth: 160 },
          { id: 'database', header: 'Writes to', cell: (each) => (each.DatabaseName ? <Link to={`/catalog/${encodeURIComponent(each.DatabaseName)}`}>{each.DatabaseName}</Link> : '–'), minWidth: 100 },
          { id: 'schedule', header: 'Schedule', cell: (each) => each.Schedule?.ScheduleExpression ?? '–', minWidth: 120 },
        ]}
      />
      {deleting ? (
        <Confirm
          title={picked.length === 1 ? `Delete the crawler ${picked[0]!.Name}` : `Delete ${picked.length} crawlers`}
          word={picked.length === 1 ? picked[0]!.Name : 'delete'}
          lost={[...picked.map((each) => `${each.Name}: its settings and the history of its crawls`), 'The tables that it made stay in the catalog']}
          onDone={async () => {
            for (const each of picked) await glue('DeleteCrawler', { Name: each.Name });
          }}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['crawlers'] });
          }}
        />
      ) : null}
    </Page>
  );
}
