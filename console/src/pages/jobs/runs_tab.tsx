import { useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useNavigate } from 'react-router-dom';
import { jobRuns, type Job, type JobRun, secondsOf } from '~/aws/glue';
import { ResourceTable } from '~/common/table';
import { liveStates, State } from '~/common/state';
import { Time } from '~/common/time';
import { formatDuration } from '~/common/format';
import { every } from '~/live/events';
import { Link } from '~/shell/links';
import { runPath } from './strip';

export function RunsTab({ job }: { job: Job }) {
  const navigate = useNavigate();
  const [picked, setPicked] = useState<JobRun[]>([]);
  const found = useQuery({
    queryKey: ['runs', job.Name, 'newest'],
    queryFn: () => jobRuns(job.Name, 200),
    refetchInterval: (query) => (query.state.data?.runs.some((run) => liveStates.has(run.JobRunState)) ? 1000 : every(5000)()),
  });
  // Older runs have ended: they are read once, behind where the newest page ended first.
  const [older, setOlder] = useState<{ runs: JobRun[]; next: string | undefined }>();
  const [reading, setReading] = useState<'some' | 'all'>();
  const [problem, setProblem] = useState<unknown>();
  const stopped = useRef(false);
  useEffect(() => () => void (stopped.current = true), []);
  const next = older ? older.next : found.data?.next;
  const loadOlder = async (much: 'some' | 'all') => {
    setReading(much);
    setProblem(undefined);
    stopped.current = false;
    const all = [...(older?.runs ?? [])];
    let token = next;
    try {
      for (let page = 1; token && !stopped.current; page += 1) {
        const more = await jobRuns(job.Name, 200, token);
        all.push(...more.runs);
        token = more.next;
        if (page % (much === 'some' ? 5 : 50) === 0 || !token) setOlder({ runs: [...all], next: token });
        if (much === 'some' && page === 5) break;
      }
      setOlder({ runs: all, next: token });
    } catch (error) {
      setOlder({ runs: all, next: token });
      setProblem(error);
    } finally {
      setReading(undefined);
    }
  };
  const runs = useMemo(() => found.data && [...new Map([...(older?.runs ?? []), ...found.data.runs].map((run) => [run.Id, run])).values()], [found.data, older]);
  return (
    <ResourceTable<JobRun>
      title="Runs"
      noun="run"
      items={runs}
      loading={found.isLoading}
      error={found.error ?? problem}
      trackBy="Id"
      selection={picked}
      onSelect={setPicked}
      empty="This job has not run yet. Press Run."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {next ? (
            <>
              <Button disabled={reading === 'all'} loading={reading === 'some'} onClick={() => void loadOlder('some')}>
                Load older
              </Button>
              {reading === 'all' ? (
                <Button onClick={() => (stopped.current = true)}>Stop loading</Button>
              ) : (
                <Button disabled={reading === 'some'} onClick={() => void loadOlder('all')}>
                  Load all
                </Button>
              )}
            </>
          ) : null}
          <Button disabled={picked.length !== 2} onClick={() => void navigate(`/jobs/${encodeURIComponent(job.Name)}/compare?a=${picked[0]!.Id}&b=${picked[1]!.Id}`)}>
            Compare two
          </Button>
        </SpaceBetween>
      }
      columns={[
        { id: 'id', header: 'Run', isRowHeader: true, cell: (run) => <Link to={runPath(run)}>{run.Id.slice(0, 15)}…</Link>, sortingField: 'Id', minWidth: 150 },
        { id: 'state', header: 'State', cell: (run) => <State value={run.JobRunState} />, sortingField: 'JobRunState', minWidth: 120 },
        { id: 'started', header: 'Started', cell: (run) => <Time at={run.StartedOn} />, sortingField: 'StartedOn', minWidth: 180 },
        { id: 'took', header: 'Took', cell: (run) => formatDuration(secondsOf(run)), sortingComparator: (a, b) => (secondsOf(a) ?? 0) - (secondsOf(b) ?? 0), minWidth: 90 },
        { id: 'trigger', header: 'Started by', cell: (run) => run.TriggerName ?? (run.PreviousRunId ? 'retry' : 'hand or API'), minWidth: 110 },
        { id: 'error', header: 'Error', cell: (run) => run.ErrorMessage ?? '–', minWidth: 200 },
      ]}
      sorting="started"
      descending
    />
  );
}
