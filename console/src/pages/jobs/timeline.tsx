// The states of a run on a line: waiting, starting, running, its end.
import { Box } from '@cloudscape-design/components';
import type { JobRun } from '~/aws/glue';
import { formatDuration, formatTime } from '~/common/format';
import { liveStates, words } from '~/common/state';
import { Took } from '~/common/time';

export function RunTimeline({ run }: { run: JobRun }) {
  const live = liveStates.has(run.JobRunState);
  const total = run.CompletedOn && run.StartedOn ? run.CompletedOn - run.StartedOn : undefined;
  const running = run.ExecutionTime ?? 0;
  const before = total === undefined ? undefined : Math.max(0, total - running);
  const begun = run.JobRunState !== 'WAITING' && run.JobRunState !== 'STARTING';
  const bad = run.JobRunState === 'FAILED' || run.JobRunState === 'TIMEOUT' || run.JobRunState === 'ERROR';
  return (
    <ol className="timeline" aria-label="States of the run">
      <li className="done">
        <strong>Accepted</strong>
        <Box variant="small">{formatTime(run.StartedOn)}</Box>
      </li>
      <li className={begun ? 'done' : 'now'}>
        <strong>{run.JobRunState === 'WAITING' ? 'Waiting' : 'Starting'}</strong>
        <Box variant="small">{before === undefined ? (begun ? 'done' : <Took from={run.StartedOn} to={undefined} />) : formatDuration(before)}</Box>
      </li>
      <li className={live ? (begun ? 'now' : '') : 'done'}>
        <strong>{run.JobRunState === 'STOPPING' ? 'Stopping' : 'Running'}</strong>
        <Box variant="small">{live ? begun ? <Took from={run.StartedOn} to={undefined} /> : '–' : formatDuration(running)}</Box>
      </li>
      <li className={live ? '' : bad ? 'bad' : 'done'}>
        <strong>{live ? 'End' : words(run.JobRunState)}</strong>
        <Box variant="small">{formatTime(run.CompletedOn)}</Box>
      </li>
    </ol>
  );
}
