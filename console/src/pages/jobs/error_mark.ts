import { useQuery } from '@tanstack/react-query';
import type { JobRun } from '~/aws/glue';
import { read } from '~/aws/logs';
import { findFailure } from './traceback';

/** The line of the script in which a failed run ended. */
export function useErrorMark(run: JobRun | undefined, script: string) {
  const failed = run !== undefined && run.JobRunState === 'FAILED';
  const name = script.split('/').at(-1) ?? '';
  return useQuery({
    queryKey: ['failure', run?.Id, name],
    enabled: failed,
    queryFn: async () => {
      const group = `${run!.LogGroupName ?? '/aws-glue/jobs'}/error`;
      const lines = (await read(group, run!.Id)).events.flatMap((event) => event.message.split('\n'));
      return findFailure(lines, name, run!.ErrorMessage) ?? null;
    },
    retry: false,
    staleTime: Infinity,
  }).data ?? undefined;
}
