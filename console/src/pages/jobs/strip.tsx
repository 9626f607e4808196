// The last runs of a job as a strip, oldest left, each a link.
import { useQuery } from '@tanstack/react-query';
import { jobRuns, type JobRun, secondsOf } from '~/aws/glue';
import { kindOf, liveStates, words } from '~/common/state';
import { formatDuration, formatTime } from '~/common/format';
import { every } from '~/live/events';
import { useHref, useNavigate } from 'react-router-dom';

export const runPath = (run: { JobName: string; Id: string }): string => `/jobs/${encodeURIComponent(run.JobName)}/runs/${run.Id}`;

export function useRuns(name: string, most = 10) {
  return useQuery({
    queryKey: ['runs', name, most],
    queryFn: async () => (await jobRuns(name, most)).runs,
    refetchInterval: (query) => (query.state.data?.some((run) => liveStates.has(run.JobRunState)) ? 1000 : every(5000)()),
  });
}

function Bar({ run }: { run: JobRun }) {
  const navigate = useNavigate();
  const to = runPath(run);
  const href = useHref(to);
  const text = `${words(run.JobRunState)}, ${formatTime(run.StartedOn)}, ${formatDuration(secondsOf(run))}`;
  return (
    <a
      href={href}
      className={kindOf(run.JobRunState)}
      title={text}
      aria-label={text}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        void navigate(to);
      }}
    />
  );
}

export function RunStrip({ name }: { name: string }) {
  const runs = useRuns(name).data ?? [];
  const last = runs.slice(0, 10).reverse();
  return (
    <span className="strip" role="group" aria-label={`The last runs of ${name}`}>
      {Array.from({ length: 10 - last.length }, (_, index) => (
        <span key={index} className="none" aria-hidden />
      ))}
      {last.map((run) => (
        <Bar key={run.Id} run={run} />
      ))}
    </span>
  );
}
