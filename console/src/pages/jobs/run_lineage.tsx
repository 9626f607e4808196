// What this run read and wrote, and which columns were made of which.
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { graph, lineageRun } from '~/aws/lineage';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';
import { merge } from '~/lineage/model';

const LineageGraphView = lazy(() => import('~/lineage/lineage_graph'));

async function lineageOf(id: string) {
  const run = await lineageRun(id);
  if (!run) return null;
  const graphs = [];
  for (const output of run.outputs ?? []) {
    const found = await graph({ namespace: output.namespace, name: output.name, run: id, columns: true });
    if (found) graphs.push(found.upstream);
  }
  return { run, model: merge(graphs) };
}

export default function RunLineage({ id, live }: { id: string; live: boolean }) {
  const found = useQuery({ queryKey: ['run-lineage', id, live], queryFn: () => lineageOf(id), refetchInterval: live ? 3000 : false, retry: false });
  const [chosen, setChosen] = useState<{ dataset: string; column: string }>();
  const choose = useCallback((next: typeof chosen) => setChosen(next), []);
  const model = useMemo(() => found.data?.model, [found.data]);
  if (found.error) return <Problem error={found.error} what="Reading the lineage" onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Spinner />;
  if (found.data === null) return <Missing what="Lineage of this run">{live ? 'It comes with its first write.' : 'Nothing was kept of it, or this server keeps no lineage.'}</Missing>;
  if (!model || model.datasets.length === 0) return <Box color="text-body-secondary">The run wrote nothing that lineage knows of.</Box>;
  return (
    <SpaceBetween size="s">
      <Suspense fallback={<Spinner />}>
        <LineageGraphView model={model} chosen={chosen} onChoose={choose} height={460} />
      </Suspense>
    </SpaceBetween>
  );
}
