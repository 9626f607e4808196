// A run of a workflow, live on its graph.
import { lazy, Suspense, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Container, Header, KeyValuePairs, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useNavigate, useParams } from 'react-router-dom';
import { glue, workflowRun } from '~/aws/glue';
import { Confirm } from '~/common/confirm';
import { Problem } from '~/common/problem';
import { State } from '~/common/state';
import { Time, Took } from '~/common/time';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';
import { fromGraph } from '~/workflows/graph';
import { runPath } from '../jobs/strip';
import { workflowPath } from './list';

const Flow = lazy(() => import('~/workflows/flow'));

export default function WorkflowRunPage() {
  const { name = '', id = '' } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [stopping, setStopping] = useState(false);
  const found = useQuery({ queryKey: ['workflow-runs', name, id], queryFn: () => workflowRun(name, id), refetchInterval: (query) => (query.state.data && query.state.data.Status !== 'RUNNING' && query.state.data.Status !== 'STOPPING' ? every(15_000)() : 700) });
  const run = found.data;
  const graph = fromGraph(run?.Graph);
  const ran = graph.nodes.filter((node) => node.kind !== 'TRIGGER');
  const failed = ran.filter((node) => node.state && ['FAILED', 'TIMEOUT', 'ERROR'].includes(node.state));
  return (
    <Page
      title={`Run ${id.slice(0, 11)}`}
      description={<Link to={workflowPath(name)}>{name}</Link>}
      crumbs={[
        { text: 'Workflows', to: '/workflows' },
        { text: name, to: `${workflowPath(name)}?tab=runs` },
      ]}
      actions={run?.Status === 'RUNNING' ? <Button onClick={() => setStopping(true)}>Stop</Button> : null}
    >
      <Problem error={found.error} what="Reading the run" onRetry={() => void found.refetch()} />
      {!run && !found.error ? <Spinner size="large" /> : null}
      {run ? (
        <SpaceBetween size="l">
          {run.ErrorMessage ? <Alert type="error">{run.ErrorMessage}</Alert> : null}
          {failed.length > 0 ? (
            <Alert type="error" header={failed.length === 1 ? 'A step failed' : `${failed.length} steps failed`}>
              {failed.map((node) => (
                <div key={node.id}>{node.run ? <Link to={runPath({ JobName: node.run.job, Id: node.run.id })}>{node.name}</Link> : node.name}</div>
              ))}
            </Alert>
          ) : null}
          <Container header={<Header variant="h2">State</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'State', value: <span data-testid="workflow-state" data-state={run.Status}><State value={run.Status} /></span> },
                { label: 'Took', value: <Took from={run.StartedOn} to={run.CompletedOn} /> },
                { label: 'Started', value: <Time at={run.StartedOn} /> },
                { label: 'Steps', value: `${run.Statistics?.SucceededActions ?? 0} of ${run.Statistics?.TotalActions ?? 0} succeeded, ${run.Statistics?.FailedActions ?? 0} failed` },
              ]}
            />
          </Container>
          <Suspense fallback={<Spinner />}>
            <Flow
              {...graph}
              onPick={(node) => {
                if (node?.run) void navigate(runPath({ JobName: node.run.job, Id: node.run.id }));
                else if (node?.kind === 'CRAWLER') void navigate(`/crawlers/${encodeURIComponent(node.name)}`);
              }}
            />
          </Suspense>
          <Container header={<Header variant="h2">Steps</Header>}>
            <ul className="rows">
              {ran.map((node) => (
                <li key={node.id}>
                  {node.run ? <Link to={runPath({ JobName: node.run.job, Id: node.run.id })}>{node.name}</Link> : <span>{node.name}</span>}
                  {node.state ? <State value={node.state} /> : <span>not started</span>}
                  <span>{node.kind === 'JOB' ? 'job' : 'crawler'}</span>
                </li>
              ))}
            </ul>
          </Container>
        </SpaceBetween>
      ) : null}
      {stopping ? (
        <Confirm
          title="Stop this run of the workflow"
          button="Stop the run"
          lost={['Its running jobs and crawlers are stopped, what they have not committed is thrown away', 'Steps that have not begun will not begin']}
          onDone={() => glue('StopWorkflowRun', { Name: name, RunId: id })}
          onClose={() => {
            setStopping(false);
            void client.invalidateQueries({ queryKey: ['workflow-runs', name] });
          }}
        />
      ) : null}
    </Page>
  );
}
