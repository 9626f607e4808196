import { lazy, Suspense, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, Container, Header, SpaceBetween, Spinner, Tabs } from '@cloudscape-design/components';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { glue, workflow as readWorkflow, workflowRuns, type WorkflowRun } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time, Took } from '~/common/time';
import { ScheduleSummary } from '~/cron/cron_builder';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { useNotes } from '~/shell/notes';
import { Page } from '~/shell/page';
import { fromGraph } from '~/workflows/graph';
import { workflowPath } from './list';

const Flow = lazy(() => import('~/workflows/flow'));
const WorkflowEditor = lazy(() => import('./editor'));

export default function WorkflowPage() {
  const { name = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const notes = useNotes();
  const [deleting, setDeleting] = useState(false);
  const found = useQuery({ queryKey: ['workflow', name], queryFn: () => readWorkflow(name), refetchInterval: every(10_000) });
  const runs = useQuery({ queryKey: ['workflow-runs', name], queryFn: () => workflowRuns(name), refetchInterval: (query) => (query.state.data?.some((run) => run.Status === 'RUNNING') ? 1000 : every(5000)()) });
  const workflow = found.data;
  const graph = fromGraph(workflow?.Graph);
  const empty = workflow !== undefined && graph.nodes.length === 0;
  const tab = search.get('tab') ?? (empty ? 'edit' : 'graph');
  const schedule = graph.nodes.find((node) => node.trigger?.Schedule)?.trigger;
  const run = async () => {
    try {
      const { RunId } = await glue<{ RunId: string }>('StartWorkflowRun', { Name: name });
      void navigate(`${workflowPath(name)}/runs/${RunId}`);
    } catch (error) {
      notes.fail(error, 'Starting the workflow');
    }
  };
  return (
    <Page
      title={name}
      description={workflow?.Description}
      crumbs={[{ text: 'Workflows', to: '/workflows' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setDeleting(true)} disabled={!workflow}>
            Delete
          </Button>
          <Button variant="primary" disabled={!workflow || empty} onClick={() => void run()}>
            Run
          </Button>
        </SpaceBetween>
      }
    >
      <Problem error={found.error} what={`Reading the workflow ${name}`} onRetry={() => void found.refetch()} />
      {!workflow && !found.error ? <Spinner size="large" /> : null}
      {workflow ? (
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            {
              id: 'graph',
              label: 'Graph',
              content: (
                <SpaceBetween size="l">
                  {empty ? <Box color="text-body-secondary">Nothing is in it yet: edit it.</Box> : null}
                  {empty ? null : (
                    <Suspense fallback={<Spinner />}>
                      <Flow
                        {...graph}
                        onPick={(node) => {
                          if (node?.kind === 'JOB') void navigate(`/jobs/${encodeURIComponent(node.name)}`);
                          if (node?.kind === 'CRAWLER') void navigate(`/crawlers/${encodeURIComponent(node.name)}`);
                        }}
                      />
                    </Suspense>
                  )}
                  {schedule?.Schedule ? (
                    <Container header={<Header variant="h2" actions={<State value={schedule.State} />}>Schedule</Header>}>
                      <ScheduleSummary text={schedule.Schedule} />
                    </Container>
                  ) : null}
                </SpaceBetween>
              ),
            },
            {
              id: 'edit',
              label: 'Edit',
              content: (
                <Suspense fallback={<Spinner />}>
                  <WorkflowEditor workflow={workflow} onSaved={() => setSearch({ tab: 'graph' }, { replace: true })} />
                </Suspense>
              ),
            },
            {
              id: 'runs',
              label: 'Runs',
              content: (
                <ResourceTable<WorkflowRun>
                  title="Runs"
                  noun="run"
                  items={runs.data}
                  loading={runs.isLoading}
                  error={runs.error}
                  onRetry={() => void runs.refetch()}
                  trackBy="WorkflowRunId"
                  sorting="started"
                  descending
                  columns={[
                    { id: 'id', header: 'Run', isRowHeader: true, cell: (each) => <Link to={`${workflowPath(name)}/runs/${each.WorkflowRunId}`}>{each.WorkflowRunId.slice(0, 15)}…</Link>, minWidth: 150 },
                    { id: 'state', header: 'State', cell: (each) => <State value={each.Status} />, sortingField: 'Status', minWidth: 110 },
                    { id: 'started', header: 'Started', cell: (each) => <Time at={each.StartedOn} />, sortingField: 'StartedOn', minWidth: 180 },
                    { id: 'took', header: 'Took', cell: (each) => <Took from={each.StartedOn} to={each.CompletedOn} />, minWidth: 80 },
                    { id: 'steps', header: 'Steps', cell: (each) => `${each.Statistics?.SucceededActions ?? 0} of ${each.Statistics?.TotalActions ?? 0} succeeded, ${each.Statistics?.FailedActions ?? 0} failed`, minWidth: 160 },
                  ]}
                />
              ),
            },
          ]}
        />
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete the workflow ${name}`}
          word={name}
          lost={['Its graph with all its triggers', 'The history of its runs', 'Its jobs and crawlers stay']}
          onDone={() => glue('DeleteWorkflow', { Name: name })}
          onClose={(done) => {
            setDeleting(false);
            if (done) void navigate('/workflows');
          }}
        />
      ) : null}
    </Page>
  );
}
