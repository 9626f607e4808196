// Where data comes from and what comes of it, column by column.
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Autosuggest, Box, ColumnLayout, Container, DateRangePicker, FormField, Header, Spinner, Toggle, type DateRangePickerProps } from '@cloudscape-design/components';
import { useSearchParams } from 'react-router-dom';
import { datasets, graph } from '~/aws/lineage';
import { Missing } from '~/common/missing';
import { Problem } from '~/common/problem';
import { Time } from '~/common/time';
import { ResourceTable } from '~/common/table';
import { datasetId, merge } from '~/lineage/model';
import { Link } from '~/shell/links';
import { Page } from '~/shell/page';

const LineageGraphView = lazy(() => import('~/lineage/lineage_graph'));

const units: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800, month: 2592000, year: 31536000 };

function span(value: string | null): { since?: string; until?: string } {
  if (!value) return {};
  const [kind, a, b] = value.split('|');
  if (kind === 'last') return { since: new Date(Date.now() - Number(a) * units[b!]! * 1000).toISOString() };
  return { since: a, until: b };
}

function toRange(value: string | null): DateRangePickerProps.Value | null {
  if (!value) return null;
  const [kind, a = '', b = ''] = value.split('|');
  return kind === 'last' ? { type: 'relative', amount: Number(a), unit: b as DateRangePickerProps.TimeUnit } : { type: 'absolute', startDate: a, endDate: b };
}

export default function Lineage() {
  const [search, setSearch] = useSearchParams();
  const dataset = search.get('dataset') ?? '';
  const column = search.get('column') ?? '';
  const job = search.get('job') ?? '';
  const run = search.get('run') ?? '';
  const rows = search.get('rows') !== 'false';
  const when = search.get('when');
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
  const found = useQuery({
    queryKey: ['lineage', 'graph', dataset, meant?.name, job, run, rows, when],
    queryFn: () => graph({ ...(meant ? { namespace: meant.namespace, name: meant.name } : { dataset }), job, run, rows: rows ? undefined : false, ...span(when) }),
    enabled: dataset !== '' && known.data !== undefined && known.data !== null,
    retry: false,
  });
  const model = useMemo(() => (found.data ? merge([found.data.upstream, found.data.downstream]) : undefined), [found.data]);
  const origin = search.get('of') ?? (meant ? datasetId(meant) : model?.datasets[0]?.id);
  const chosen = useMemo(() => (column && origin ? { dataset: origin, column } : undefined), [column, origin]);
  const choose = useCallback((next: { dataset: string; column: string } | undefined) => set({ column: next?.column, of: next?.dataset }), [set]);
  const options = (known.data ?? []).map((each) => ({ value: each.text, description: each.columns.map((one) => one.name).slice(0, 8).join(', ') }));
  return (
    <Page title="Lineage" description="Which columns were made of which, by the runs that did it.">
      {known.data === null ? <Missing what="Lineage">This server does not keep it.</Missing> : null}
      <Problem error={known.error} what="Listing the datasets" onRetry={() => void known.refetch()} />
      {known.data ? (
        <Container header={<Header variant="h2">Show</Header>}>
          <ColumnLayout columns={3}>
            <FormField label="Dataset">
              <Autosuggest value={dataset} placeholder="insurance.claims, s3://bucket/folder, dynamodb:table" enteredTextLabel={(value) => `Use “${value}”`} empty="No run has read or written anything yet." options={options} onChange={({ detail }) => set({ dataset: detail.value, column: undefined, of: undefined })} />
            </FormField>
            <FormField label="Only by the job">
              <Autosuggest value={job} placeholder="any" enteredTextLabel={(value) => `Use “${value}”`} options={[...new Set((model?.edges ?? []).map((each) => each.edge.job.name))].map((value) => ({ value }))} onChange={({ detail }) => set({ job: detail.value })} />
            </FormField>
            <FormField label="Only by the run">
              <Autosuggest value={run} placeholder="any" enteredTextLabel={(value) => `Use “${value}”`} options={[...new Set((model?.edges ?? []).map((each) => each.edge.run.id))].map((value) => ({ value }))} onChange={({ detail }) => set({ run: detail.value })} />
            </FormField>
            <FormField label="In the time">
              <DateRangePicker
                value={toRange(when)}
                placeholder="all time"
                relativeOptions={[
                  { key: 'hour', type: 'relative', amount: 1, unit: 'hour' },
                  { key: 'day', type: 'relative', amount: 1, unit: 'day' },
                  { key: 'week', type: 'relative', amount: 1, unit: 'week' },
                ]}
                isValidRange={() => ({ valid: true })}
                showClearButton
                onChange={({ detail }) => set({ when: !detail.value ? undefined : detail.value.type === 'relative' ? `last|${detail.value.amount}|${detail.value.unit}` : `between|${new Date(detail.value.startDate).toISOString()}|${new Date(detail.value.endDate).toISOString()}` })}
              />
            </FormField>
            <FormField label="Rows">
              <Toggle checked={rows} onChange={({ detail }) => set({ rows: detail.checked ? undefined : 'false' })}>
                Also what only decides which rows
              </Toggle>
            </FormField>
          </ColumnLayout>
        </Container>
      ) : null}
      {dataset && found.isLoading ? <Spinner /> : null}
      <Problem error={found.error} what={`The lineage of ${dataset}`} onRetry={() => void found.refetch()} />
      {dataset && found.data === null ? <Box color="text-body-secondary">No run is known to have read or written {dataset}.</Box> : null}
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
