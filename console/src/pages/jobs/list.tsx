import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import { glue, jobs, type Job, secondsOf } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { State } from '~/common/state';
import { formatDuration } from '~/common/format';
import { every } from '~/live/events';
import { Link, LinkButton } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { RunDialog } from './run_dialog';
import { RunStrip, runPath, useRuns } from './strip';

function LastRun({ name }: { name: string }) {
  const last = useRuns(name).data?.[0];
  if (!last) return <Box color="text-body-secondary">never run</Box>;
  return (
    <Link to={runPath(last)}>
      <State value={last.JobRunState} />
    </Link>
  );
}

function LastTime({ name }: { name: string }) {
  const last = useRuns(name).data?.[0];
  return last ? (
    <>
      <Time at={last.StartedOn} ago /> · {formatDuration(secondsOf(last))}
    </>
  ) : (
    <>–</>
  );
}

export default function Jobs() {
  const found = useQuery({ queryKey: ['jobs'], queryFn: jobs, refetchInterval: every(5000) });
  const [picked, setPicked] = useState<Job[]>([]);
  const [running, setRunning] = useState<Job>();
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const notes = useNotes();
  const one = picked.length === 1 ? picked[0] : undefined;
  return (
    <Page title="Jobs" description="Scripts that read, change and write data, on this machine.">
      <ResourceTable<Job>
        title="Jobs"
        noun="job"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="Name"
        selection={picked}
        onSelect={setPicked}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={picked.length === 0} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <Button disabled={!one} onClick={() => setRunning(one)}>
              Run
            </Button>
            <LinkButton to="/jobs/new" variant="primary">
              Create job
            </LinkButton>
          </SpaceBetween>
        }
        empty={
          <SpaceBetween size="s">
            <span>There is no job yet. Deploy a stack with the CDK, or make one here.</span>
            <LinkButton to="/jobs/new">Create job</LinkButton>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (job) => <Link to={`/jobs/${encodeURIComponent(job.Name)}`}>{job.Name}</Link>, sortingField: 'Name', minWidth: 180 },
          { id: 'state', header: 'Last run', cell: (job) => <LastRun name={job.Name} />, minWidth: 140 },
          { id: 'strip', header: 'Runs', cell: (job) => <RunStrip name={job.Name} />, minWidth: 130 },
          { id: 'when', header: 'Started · took', cell: (job) => <LastTime name={job.Name} />, minWidth: 170 },
          { id: 'kind', header: 'Kind', cell: (job) => (job.CodeGenConfigurationNodes ? 'Visual' : job.Command?.Name === 'pythonshell' ? 'Python shell' : 'Script'), sortingField: 'JobMode', minWidth: 90 },
          { id: 'version', header: 'Glue', cell: (job) => job.GlueVersion ?? '–', sortingField: 'GlueVersion' },
          { id: 'changed', header: 'Changed', cell: (job) => <Time at={job.LastModifiedOn} ago />, sortingField: 'LastModifiedOn', minWidth: 130 },
        ]}
      />
      {running ? <RunDialog job={running} onClose={() => setRunning(undefined)} /> : null}
      {deleting ? (
        <Confirm
          title={`Delete ${picked.length === 1 ? `the job ${picked[0]!.Name}` : `${picked.length} jobs`}`}
          lost={[...picked.map((job) => `${job.Name}: its settings, its list of runs and its bookmarks`), 'The scripts stay in S3, the logs in CloudWatch Logs.']}
          word={picked.length === 1 ? picked[0]!.Name : 'delete'}
          onDone={async () => {
            for (const job of picked) await glue('DeleteJob', { JobName: job.Name });
          }}
          onClose={(done) => {
            setDeleting(false);
            if (!done) return;
            notes.say(picked.length === 1 ? `Deleted the job ${picked[0]!.Name}.` : `Deleted ${picked.length} jobs.`);
            setPicked([]);
            void client.invalidateQueries({ queryKey: ['jobs'] });
          }}
        />
      ) : null}
    </Page>
  );
}
