// One run: followed while it goes, understood after it ended.
import { lazy, Suspense, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Box, Button, Container, Header, KeyValuePairs, SpaceBetween, Spinner, Tabs } from '@cloudscape-design/components';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { glue, job as readJob, jobRun } from '~/aws/glue';
import { readText, splitUri } from '~/aws/s3';
import { Confirm } from '~/common/confirm';
import { formatDuration } from '~/common/format';
import { Problem } from '~/common/problem';
import { liveStates, State } from '~/common/state';
import { Took } from '~/common/time';
import { Editor } from '~/editor/editor';
import { every } from '~/live/events';
import { useFollowed } from '~/logs/follow';
import { LogView } from '~/logs/log_view';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { useErrorMark } from './error_mark';
import { Outputs } from './outputs_view';
import { RunDialog, startRun } from './run_dialog';
import { runPath } from './strip';
import { RunTimeline } from './timeline';

const RunPlan = lazy(() => import('./run_plan'));
const RunResources = lazy(() => import('./run_resources'));
const RunLineage = lazy(() => import('./run_lineage'));

function Script({ uri, mark }: { uri: string; mark: { line: number; message: string } | undefined }) {
  const place = splitUri(uri);
  const text = useQuery({ queryKey: ['script text', uri], queryFn: () => readText(place!.bucket, place!.key), enabled: !!place });
  if (text.error) return <Problem error={text.error} what="Reading the script" onRetry={() => void text.refetch()} />;
  if (text.data === undefined) return <Spinner />;
  return (
    <SpaceBetween size="xs">
      <Box variant="small">The script as it is now; it may have been changed since this run.</Box>
      <Editor language="python" label="Script of this run" value={text.data} marks={mark ? [mark] : []} height={460} />
    </SpaceBetween>
  );
}

export default function RunPage() {
  const { name = '', id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [stopping, setStopping] = useState(false);
  const [rerunning, setRerunning] = useState(false);
  const navigate = useNavigate();
  const notes = useNotes();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['run', name, id],
    queryFn: () => jobRun(name, id),
    refetchInterval: (query) => (query.state.data && !liveStates.has(query.state.data.JobRunState) ? every(15_000)() : 700),
  });
  const job = useQuery({ queryKey: ['jobs', name], queryFn: () => readJob(name) });
  const run = found.data;
  const live = run !== undefined && liveStates.has(run.JobRunState);
  const group = run?.LogGroupName ?? '/aws-glue/jobs';
  const log = useFollowed(
    run
      ? [
          { group: `${group}/output`, stream: id },
          { group: `${group}/error`, stream: id, error: true },
        ]
      : [],
    live,
  );
  const script = job.data?.Command?.ScriptLocation ?? '';
  const mark = useErrorMark(run, script);
  const tab = search.get('tab') ?? 'log';
  const rerun = async () => {
    try {
      const next = await startRun(name, run?.Arguments ?? {});
      void client.invalidateQueries({ queryKey: ['runs'] });
      void navigate(runPath({ JobName: name, Id: next }));
    } catch (error) {
      notes.fail(error, 'Running it again');
    }
  };
  return (
    <Page
      title={`Run ${id.slice(0, 11)}`}
      description={<Link to={`/jobs/${encodeURIComponent(name)}`}>{name}</Link>}
      crumbs={[
        { text: 'Jobs', to: '/jobs' },
        { text: name, to: `/jobs/${encodeURIComponent(name)}?tab=runs` },
      ]}
      actions={
        run ? (
          <SpaceBetween direction="horizontal" size="xs">
            {live ? <Button onClick={() => setStopping(true)}>Stop</Button> : null}
            <Button disabled={!job.data} onClick={() => setRerunning(true)}>
              Run with changes
            </Button>
            <Button variant={live ? 'normal' : 'primary'} onClick={() => void rerun()}>
              Run again
            </Button>
          </SpaceBetween>
        ) : null
      }
    >
      <Problem error={found.error} what="Reading the run" onRetry={() => void found.refetch()} />
      {!run && !found.error ? <Spinner size="large" /> : null}
      {run ? (
        <SpaceBetween size="l">
          {run.ErrorMessage ? (
            <Alert type="error" header={mark ? `It failed in line ${mark.line} of the script` : 'The run failed'} action={mark ? <Button onClick={() => setSearch({ tab: 'script' }, { replace: true })}>Show the line</Button> : undefined}>
              <span className="message">{run.ErrorMessage}</span>
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">State</Header>}>
            <SpaceBetween size="l">
              <KeyValuePairs
                columns={4}
                items={[
                  { label: 'State', value: <span data-testid="run-state" data-state={run.JobRunState}><State value={run.JobRunState} /></span> },
                  { label: 'Took', value: <Took from={run.StartedOn} to={run.CompletedOn ?? (live ? undefined : run.LastModifiedOn)} /> },
                  { label: 'Of it, running', value: live ? '–' : run.ExecutionTime ? formatDuration(run.ExecutionTime) : 'under 1 s' },
                  { label: 'Started by', value: run.TriggerName ?? (run.PreviousRunId ? <Link to={runPath({ JobName: name, Id: run.PreviousRunId })}>a retry of another run</Link> : 'hand or API') },
                ]}
              />
              <RunTimeline run={run} />
            </SpaceBetween>
          </Container>
          <Tabs
            activeTabId={tab}
            onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
            tabs={[
              {
                id: 'log',
                label: 'Log',
                content: (
                  <SpaceBetween size="s">
                    <Problem error={log.failure} what="Reading the log" />
                    <LogView log={log} live={live} name={`Log of run ${id}`} />
                  </SpaceBetween>
                ),
              },
              { id: 'output', label: 'Output files', content: <Outputs job={job.data} run={run} /> },
              { id: 'plan', label: 'Plan', content: <Suspense fallback={<Spinner />}><RunPlan job={name} id={id} live={live} /></Suspense> },
              { id: 'resources', label: 'Resources', content: <Suspense fallback={<Spinner />}><RunResources job={name} id={id} live={live} /></Suspense> },
              { id: 'lineage', label: 'Lineage', content: <Suspense fallback={<Spinner />}><RunLineage id={id} live={live} /></Suspense> },
              { id: 'script', label: 'Script', content: script ? <Script uri={script} mark={mark} /> : <Box>The job’s script is not known.</Box> },
              {
                id: 'arguments',
                label: 'Arguments',
                content: (
                  <KeyValuePairs
                    columns={2}
                    items={Object.entries({ ...job.data?.DefaultArguments, ...run.Arguments }).map(([label, value]) => ({ label: run.Arguments?.[label] !== undefined ? `${label} (this run)` : label, value: <Box variant="code">{value}</Box> }))}
                  />
                ),
              },
            ]}
          />
        </SpaceBetween>
      ) : null}
      {rerunning && job.data ? <RunDialog job={job.data} initial={run?.Arguments} onClose={() => setRerunning(false)} /> : null}
      {stopping ? (
        <Confirm
          title="Stop this run"
          button="Stop the run"
          lost={['What it has not committed is thrown away: its output does not appear', 'It cannot be taken up again, only run again from the start']}
          onDone={() => glue('BatchStopJobRun', { JobName: name, JobRunIds: [id] })}
          onClose={(done) => {
            setStopping(false);
            if (done) void client.invalidateQueries({ queryKey: ['run', name, id] });
          }}
        />
      ) : null}
    </Page>
  );
}
