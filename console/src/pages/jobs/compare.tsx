// Two runs side by side; what differs is marked.
import { useQueries, useQuery } from '@tanstack/react-query';
import { Box, ColumnLayout, Container, Header, SpaceBetween, Spinner, StatusIndicator } from '@cloudscape-design/components';
import { useParams, useSearchParams } from 'react-router-dom';
import { job as readJob, jobRun, type JobRun, secondsOf } from '~/aws/glue';
import { formatDuration, formatTime } from '~/common/format';
import { Problem } from '~/common/problem';
import { words } from '~/common/state';
import { useFollowed } from '~/logs/follow';
import { LogView } from '~/logs/log_view';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';
import { runPath } from './strip';

function facts(run: JobRun, defaults: Record<string, string>): [string, string][] {
  return [
    ['State', words(run.JobRunState)],
    ['Started', formatTime(run.StartedOn)],
    ['Took', formatDuration(secondsOf(run))],
    ['Started by', run.TriggerName ?? 'hand or API'],
    ['Glue version', run.GlueVersion ?? '–'],
    ['Error', run.ErrorMessage ?? '–'],
    ...Object.entries({ ...defaults, ...run.Arguments }),
  ];
}

function Log({ run }: { run: JobRun }) {
  const group = run.LogGroupName ?? '/aws-glue/jobs';
  const log = useFollowed([{ group: `${group}/output`, stream: run.Id }, { group: `${group}/error`, stream: run.Id, error: true }], false);
  return <LogView log={log} live={false} name={`Log of ${run.Id.slice(0, 11)}`} height={300} />;
}

export default function Compare() {
  const { name = '' } = useParams();
  const [search] = useSearchParams();
  const ids = [search.get('a') ?? '', search.get('b') ?? ''];
  const runs = useQueries({ queries: ids.map((id) => ({ queryKey: ['run', name, id], queryFn: () => jobRun(name, id), enabled: id !== '' })) });
  const job = useQuery({ queryKey: ['jobs', name], queryFn: () => readJob(name) });
  const [a, b] = runs.map((each) => each.data);
  const crumbs = [
    { text: 'Jobs', to: '/jobs' },
    { text: name, to: `/jobs/${encodeURIComponent(name)}?tab=runs` },
  ];
  const left = a ? facts(a, job.data?.DefaultArguments ?? {}) : [];
  const right = new Map(b ? facts(b, job.data?.DefaultArguments ?? {}) : []);
  const names = [...new Set([...left.map(([label]) => label), ...right.keys()])];
  const leftMap = new Map(left);
  return (
    <Page title="Compare two runs" crumbs={crumbs}>
      {runs.map((each, index) => (
        <Problem key={index} error={each.error} what={`Reading the run ${ids[index]}`} onRetry={() => void each.refetch()} />
      ))}
      {a && b ? (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">What differs</Header>}>
            <div className="sheet" tabIndex={0} role="region" aria-label="Facts of both runs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Fact</th>
                    <th scope="col">
                      <Link to={runPath(a)}>{a.Id.slice(0, 15)}</Link>
                    </th>
                    <th scope="col">
                      <Link to={runPath(b)}>{b.Id.slice(0, 15)}</Link>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {names.map((label) => {
                    const differs = leftMap.get(label) !== right.get(label);
                    return (
                      <tr key={label}>
                        <th scope="row">{differs ? <StatusIndicator type="info">{label}</StatusIndicator> : label}</th>
                        <td>{leftMap.get(label) ?? '–'}</td>
                        <td>{right.get(label) ?? '–'}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          </Container>
          <ColumnLayout columns={2}>
            <Log run={a} />
            <Log run={b} />
          </ColumnLayout>
        </SpaceBetween>
      ) : runs.some((each) => each.isLoading) ? (
        <Spinner />
      ) : (
        <Box>Choose two runs in the job’s list of runs.</Box>
      )}
    </Page>
  );
}
