// One job: its script, its parameters, its schedule, its runs.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, SpaceBetween, Spinner, Tabs } from '@cloudscape-design/components';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { glue, job as readJob } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { every } from '~/live/events';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { DetailsTab } from './details_tab';
import { RunDialog } from './run_dialog';
import { RunsTab } from './runs_tab';
import { ScheduleTab } from './schedule_tab';
import { ScriptTab } from './script_tab';
import { VisualTab } from './visual_tab';

export default function JobPage() {
  const { name = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const notes = useNotes();
  const [running, setRunning] = useState(search.get('run') === '1');
  const [deleting, setDeleting] = useState(false);
  const found = useQuery({ queryKey: ['jobs', name], queryFn: () => readJob(name), refetchInterval: every(10_000) });
  const job = found.data;
  const hasNodes = Object.keys(job?.CodeGenConfigurationNodes ?? {}).length > 0;
  const tab = search.get('tab') ?? (hasNodes || job?.JobMode === 'VISUAL' ? 'visual' : 'script');
  return (
    <Page
      title={name}
      description={job?.Description}
      crumbs={[{ text: 'Jobs', to: '/jobs' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={!job} onClick={() => setDeleting(true)}>
            Delete
          </Button>
          <Button variant="primary" disabled={!job} onClick={() => setRunning(true)}>
            Run
          </Button>
        </SpaceBetween>
      }
    >
      <Problem error={found.error} what={`Reading the job ${name}`} onRetry={() => void found.refetch()} />
      {!job && !found.error ? <Spinner size="large" /> : null}
      {job ? (
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            { id: 'script', label: 'Script', content: <ScriptTab job={job} /> },
            { id: 'visual', label: 'Visual', content: <VisualTab job={job} /> },
            { id: 'details', label: 'Details', content: <DetailsTab job={job} /> },
            { id: 'runs', label: 'Runs', content: <RunsTab job={job} /> },
            { id: 'schedule', label: 'Schedule', content: <ScheduleTab job={job} /> },
          ]}
        />
      ) : null}
      {running && job ? <RunDialog job={job} onClose={() => setRunning(false)} /> : null}
      {deleting ? (
        <Confirm
          title={`Delete the job ${name}`}
          word={name}
          lost={['Its settings and parameters', 'The list of its runs and its bookmarks', 'Triggers that start it will have nothing to start', 'Its script stays in S3, its logs in CloudWatch Logs']}
          onDone={() => glue('DeleteJob', { JobName: name })}
          onClose={(done) => {
            setDeleting(false);
            if (!done) return;
            notes.say(`Deleted the job ${name}.`);
            void navigate('/jobs');
          }}
        />
      ) : null}
    </Page>
  );
}
