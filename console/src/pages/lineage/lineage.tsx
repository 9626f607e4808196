// Where data comes from and what comes of it, column by column.
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, Button, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { useSearchParams } from 'react-router-dom';
import { datasets, graph } from '~/aws/lineage';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';
import { Time } from '~/common/time';
import { ResourceTable } from '~/common/table';
import { Filters, span, type Wanted } from '~/lineage/filters';
import { datasetId, merge, type End } from '~/lineage/model';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

const LineageGraphView = lazy(() => import('~/lineage/lineage_graph'));

export default function Lineage() {
  const [search, setSearch] = useSearchParams();
  const wanted: Wanted = { dataset: search.get('dataset') ?? '', job: search.get('job') ?? '', run: search.get('run') ?? '', rows: search.get('rows') !== 'false', when: search.get('when') };
  const { dataset, job, run, rows, when } = wanted;
  const column = search.get('column') ?? '';
  const set = useCallback(
    (part: Record<string, string | undefined>) =>
      setSearch(
        (now) => {
          const next = new URLSearchParams(now);
          for (const [name, value] of Object.entries(part)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const known = useQuery({ queryKey: ['lineage', 'datasets'], queryFn: () => datasets(), refetchInterval: 10_000 });
  const meant = known.data?.find((each) => each.text === dataset || datasetId(each) === dataset);
  const name = meant ? { namespace: meant.namespace, name: meant.name } : { dataset };
  const narrowed = { job, run, rows: rows ? undefined : false, ...span(when) };
  const ready = dataset !== '' && known.data !== undefined && known.data !== null;
  const found = useQuery({
    queryKey: ['lineage', 'graph', dataset, meant?.name, job, run, rows, when],
    queryFn: () => graph({ ...name, ...narrowed, columns: true }),
    enabled: ready,
    retry: false,
  });
  const asked = found.data?.upstream.nodes[0];
  const of = search.get('of') ?? (asked ? datasetId(asked) : '');
  const chosen = useMemo((): End | undefined => (column && of ? { dataset: of, column } : undefined), [column, of]);
  // A column of another dataset reaches further than what was asked about.
  const isElsewhere = chosen !== undefined && asked !== undefined && chosen.dataset !== datasetId(asked);
  const further = useQuery({
    queryKey: ['lineage', 'graph', of, column, job, run, rows, when],
    queryFn: () => graph({ namespace: of.slice(0, of.indexOf(' ')), name: of.slice(of.indexOf(' ') + 1), column, ...narrowed }),
    enabled: ready && isElsewhere,
    retry: false,
  });
  const model = useMemo(() => (found.data ? merge([found.data, ...(isElsewhere && further.data ? [further.data] : [])].flatMap((each) => [each.upstream, each.downstream])) : undefined), [found.data, further.data, isElsewhere]);
  const choose = useCallback((next: End | undefined) => set({ column: next?.column, of: next?.dataset }), [set]);
  const seen = useMemo(() => [...new Set((model?.edges ?? []).map((each) => each.job.name))].filter((each) => each !== ''), [model]);
  const isNarrowed = job !== '' || run !== '' || when !== null;
  const isAlone = model !== undefined && model.edges.length === 0;
  return (
    <Page title="Lineage" description="Which columns were made of which, by the runs that did it.">
      {known.data === null ? <Missing what="Lineage">This server does not keep it.</Missing> : null}
      <Problem error={known.error} what="Listing the datasets" onRetry={() => void known.refetch()} />
      {known.data ? <Filters wanted={wanted} known={known.data} seen={seen} onChange={set} /> : null}
      {dataset && found.isLoading ? <Spinner /> : null}
      <Problem error={found.error} what={`The lineage of ${dataset}`} onRetry={() => void found.refetch()} />
      {dataset && found.data === null ? (
        <Box color="text-body-secondary">
          No run is known to have read or written {dataset}. <Link to="/lineage">See all datasets</Link>
        </Box>
      ) : null}
      {isAlone ? (
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Box color="text-body-secondary">{isNarrowed ? 'Nothing that was asked for has to do with it.' : 'It was read or written, but no column of it is known to come from or to lead anywhere.'}</Box>
          {isNarrowed ? <Button onClick={() => set({ job: undefined, run: undefined, when: undefined })}>Show all jobs, runs and times</Button> : null}
        </SpaceBetween>
      ) : null}
      {model && model.datasets.length > 0 ? (
        <Suspense fallback={<Spinner />}>
          <LineageGraphView model={model} chosen={chosen} onChoose={choose} height={540} />
        </Suspense>
      ) : null}
      {known.data && dataset === '' ? (
        <ResourceTable
          title="Datasets"
          noun="dataset"
          items={known.data}
          trackBy="text"
          empty="No run has read or written anything yet. Run a job; what it read and wrote appears here."
          columns={[
            { id: 'text', header: 'Name', isRowHeader: true, cell: (each) => <Link to={`/lineage?dataset=${encodeURIComponent(each.text)}`}>{each.text}</Link>, sortingField: 'text', minWidth: 180 },
            { id: 'columns', header: 'Columns', cell: (each) => each.columns.length, minWidth: 80 },
            { id: 'written', header: 'Last written', cell: (each) => <Time at={each.lastWritten} />, sortingField: 'lastWritten', minWidth: 180 },
            { id: 'read', header: 'Last read', cell: (each) => <Time at={each.lastRead} />, sortingField: 'lastRead', minWidth: 180 },
          ]}
        />
      ) : null}
    </Page>
  );
}
