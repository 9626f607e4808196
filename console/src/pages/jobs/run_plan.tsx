// The queries of a run, and the plan of one as a graph with time and rows per operator.
import { lazy, Suspense, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { plan, queries, type Query } from '~/aws/runs';
import { formatBytes, formatCount, formatDuration } from '~/common/format';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';
import { ResourceTable } from '~/common/table';

const PlanGraph = lazy(() => import('~/graph/plan_graph'));

function Plan({ job, id, number }: { job: string; id: string; number: number }) {
  const found = useQuery({ queryKey: ['run', job, id, 'plan', number], queryFn: () => plan(job, id, number), staleTime: Infinity });
  if (found.error) return <Problem error={found.error} what="Reading the plan" onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Spinner />;
  if (!found.data?.plan) return <Missing what="This plan">{found.data?.plan_left_out ?? 'It was not kept.'}</Missing>;
  return (
    <Suspense fallback={<Spinner />}>
      <PlanGraph root={found.data.plan} />
    </Suspense>
  );
}

export default function RunPlan({ job, id, live }: { job: string; id: string; live: boolean }) {
  const [picked, setPicked] = useState<Query[]>([]);
  const found = useQuery({ queryKey: ['run', job, id, 'queries', live], queryFn: () => queries(job, id), refetchInterval: live ? 1500 : false });
  if (found.error) return <Problem error={found.error} what="Reading the queries" onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Spinner />;
  if (found.data === null) return <Missing what="The query plan">This server keeps no plans of runs, or those of this run are gone.</Missing>;
  if (found.data.length === 0) return <Box color="text-body-secondary">{live ? 'No query has ended yet.' : 'The script ran no query.'}</Box>;
  const slowest = [...found.data].sort((a, b) => b.seconds - a.seconds)[0]!;
  const shown = picked[0] ?? slowest;
  return (
    <SpaceBetween size="l">
      <ResourceTable<Query>
        title="Queries"
        noun="query"
        items={found.data}
        trackBy="query"
        pageSize={10}
        selectionType="single"
        selection={[shown]}
        onSelect={setPicked}
        columns={[
          { id: 'query', header: '#', isRowHeader: true, cell: (each) => each.query, sortingField: 'query', width: 70 },
          { id: 'seconds', header: 'Took', cell: (each) => formatDuration(each.seconds), sortingField: 'seconds', minWidth: 90 },
          { id: 'cpu', header: 'Processor time', cell: (each) => formatDuration(each.cpu_seconds), sortingField: 'cpu_seconds', minWidth: 110 },
          { id: 'in', header: 'Rows read', cell: (each) => formatCount(each.rows_in), sortingField: 'rows_in', minWidth: 90 },
          { id: 'out', header: 'Rows given', cell: (each) => formatCount(each.rows_out), sortingField: 'rows_out', minWidth: 90 },
          { id: 'memory', header: 'Memory', cell: (each) => formatBytes(each.peak_memory_bytes), sortingField: 'peak_memory_bytes', minWidth: 90 },
          { id: 'spilled', header: 'Spilled', cell: (each) => formatBytes(each.spilled_bytes), sortingField: 'spilled_bytes', minWidth: 90 },
        ]}
      />
      <Plan job={job} id={id} number={shown.query} />
    </SpaceBetween>
  );
}
