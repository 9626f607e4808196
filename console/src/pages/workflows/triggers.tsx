import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, SpaceBetween } from '@cloudscape-design/components';
import { glue, triggers, type Trigger } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { formatShortTime } from '~/common/format';
import { State, words } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { nextTimes, parseSchedule, scheduleWords } from '~/cron/cron';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { conditionWords } from '~/workflows/words';
import { workflowPath } from './list';

function when(trigger: Trigger): string {
  if (!trigger.Schedule) return conditionWords(trigger);
  try {
    const parsed = parseSchedule(trigger.Schedule);
    const [next] = trigger.State === 'ACTIVATED' ? nextTimes(parsed, 1) : [];
    return `${scheduleWords(parsed)}${next ? `; next ${formatShortTime(next)} here` : ''}`;
  } catch {
    return trigger.Schedule;
  }
}

export default function Triggers() {
  const found = useQuery({ queryKey: ['triggers'], queryFn: triggers, refetchInterval: every(5000) });
  const [picked, setPicked] = useState<Trigger[]>([]);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const again = () => void client.invalidateQueries({ queryKey: ['triggers'] });
  const act = async (operation: string) => {
    for (const each of picked) {
      try {
        await glue(operation, { Name: each.Name });
      } catch (error) {
        notes.fail(error, `${operation === 'StartTrigger' ? 'Starting' : 'Stopping'} ${each.Name}`);
      }
    }
    again();
  };
  return (
    <Page title="Triggers" description="What starts jobs and crawlers: a schedule, the end of others, or a hand.">
      <ResourceTable<Trigger>
        title="Triggers"
        noun="trigger"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selection={picked}
        onSelect={setPicked}
        empty="There is no trigger yet. A job’s Schedule and a workflow’s Edit make them."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button disabled={picked.length === 0} onClick={() => void act('StopTrigger')}>
              Pause
            </Button>
            <Button disabled={picked.length === 0} onClick={() => void act('StartTrigger')}>
              Start
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (each) => each.Name, sortingField: 'Name', minWidth: 150 },
          { id: 'state', header: 'State', cell: (each) => <State value={each.State} />, sortingField: 'State', minWidth: 110 },
          { id: 'type', header: 'Type', cell: (each) => words(each.Type), sortingField: 'Type', minWidth: 100 },
          { id: 'when', header: 'When', cell: when, minWidth: 220 },
          { id: 'starts', header: 'Starts', cell: (each) => each.Actions?.map((action) => action.JobName ?? action.CrawlerName).join(', ') ?? '–', minWidth: 140 },
          { id: 'workflow', header: 'Workflow', cell: (each) => (each.WorkflowName ? <Link to={workflowPath(each.WorkflowName)}>{each.WorkflowName}</Link> : '–'), minWidth: 100 },
        ]}
      />
      {deleting ? (
        <Confirm
          title={picked.length === 1 ? `Delete the trigger ${picked[0]!.Name}` : `Delete ${picked.length} triggers`}
          word={picked.length > 1 ? 'delete' : undefined}
          lost={picked.map((each) => `${each.Name}: ${each.Actions?.map((action) => action.JobName ?? action.CrawlerName).join(', ')} will not start by it any more`)}
          onDone={async () => {
            for (const each of picked) await glue('DeleteTrigger', { Name: each.Name });
          }}
          onClose={() => {
            setDeleting(false);
            setPicked([]);
            again();
          }}
        />
      ) : null}
    </Page>
  );
}
