// Memory and processors of a run over its time, and what its queries moved.
import { lazy, Suspense, useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, ColumnLayout, Container, Header, KeyValuePairs, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { summary, usage } from '~/aws/runs';
import { formatBytes, formatCount, formatDuration } from '~/common/format';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';

const LineChart = lazy(() => import('~/charts/line_chart'));
const seconds = (value: number) => formatDuration(value);
const processors = (value: number) => value.toFixed(2);

export default function RunResources({ job, id, live }: { job: string; id: string; live: boolean }) {
  const found = useQuery({ queryKey: ['run', job, id, 'summary', live], queryFn: () => summary(job, id), refetchInterval: live ? 1000 : false });
  const series = useQuery({ queryKey: ['run', job, id, 'usage', live], queryFn: () => usage(job, id), refetchInterval: live ? 1000 : false });
  const samples = series.data;
  const memory = useMemo(
    () => [
      { name: 'Engine', points: (samples ?? []).map((each): [number, number] => [each.milliseconds / 1000, each.engine_memory_bytes]) },
      { name: 'Script', points: (samples ?? []).map((each): [number, number] => [each.milliseconds / 1000, each.driver_memory_bytes]) },
    ],
    [samples],
  );
  const cpu = useMemo(
    () => [
      {
        name: 'Processors in use',
        points: (samples ?? []).map((each, index, all): [number, number] => {
          const before = all[index - 1] ?? { milliseconds: 0, cpu_milliseconds: 0 };
          const span = each.milliseconds - before.milliseconds;
          return [each.milliseconds / 1000, span > 0 ? Math.max(0, (each.cpu_milliseconds - before.cpu_milliseconds) / span) : 0];
        }),
      },
    ],
    [samples],
  );
  const failed = found.error ?? series.error;
  if (failed) return <Problem error={failed} what="Reading what the run took" onRetry={() => void found.refetch()} />;
  if (found.data === undefined || samples === undefined) return <Spinner />;
  if (found.data === null) return <Missing what="What this run took">This server does not measure runs, or the run’s figures are gone.</Missing>;
  const totals = found.data.totals ?? {};
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Memory, at most', value: formatBytes(found.data.peak_memory_bytes) },
          { label: 'Processor time', value: formatDuration(found.data.cpu_seconds) },
          { label: 'Of it, the script', value: formatDuration(found.data.driver_cpu_seconds) },
          { label: 'Queries', value: formatCount(totals.queries) },
          { label: 'Rows read', value: formatCount(totals.rows_in) },
          { label: 'Rows given or written', value: formatCount(totals.rows_out) },
          { label: 'Bytes read', value: formatBytes(totals.bytes_read) },
          { label: 'Bytes written', value: formatBytes(totals.bytes_written) },
        ]}
      />
      {samples === null || samples.length < 2 ? (
        <Box color="text-body-secondary">The run was too short for a curve.</Box>
      ) : (
        <Suspense fallback={<Spinner />}>
          <ColumnLayout columns={2}>
            <Container header={<Header variant="h3">Memory</Header>}>
              <LineChart label="Memory" lines={memory} x={seconds} y={formatBytes} />
            </Container>
            <Container header={<Header variant="h3">Processors</Header>}>
              <LineChart label="Processors" lines={cpu} x={seconds} y={processors} />
            </Container>
          </ColumnLayout>
        </Suspense>
      )}
    </SpaceBetween>
  );
}
