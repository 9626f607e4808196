// Statistics of the table's columns, and the task that computes them from its data.
import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, SpaceBetween } from '@cloudscape-design/components';
import { glue, type Table } from '~/aws/glue';
import { columnStatistics, statisticsTasks, toRow, type StatisticsRow } from '~/aws/statistics';
import { formatCount } from '~/common/format';
import { Problem } from '~/common/problem';
import { RoleSelect, useRole } from '~/common/role_select';
import { State } from '~/common/state';
import { ResourceTable } from '~/common/table';
import { Time } from '~/common/time';
import { useCrawlerRole } from './preview';

const isGoing = (status: string | undefined) => status === 'STARTING' || status === 'RUNNING';

export function Statistics({ table }: { table: Table }) {
  const { DatabaseName, Name: TableName } = table;
  const client = useQueryClient();
  const choice = useRole(useCrawlerRole(table));
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const tasks = useQuery({ queryKey: ['table', DatabaseName, TableName, 'statistics-tasks'], queryFn: () => statisticsTasks(DatabaseName, TableName), refetchInterval: (query) => (isGoing(query.state.data?.[0]?.Status) ? 700 : false) });
  const last = tasks.data?.[0];
  const names = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map((each) => each.Name);
  const found = useQuery({
    queryKey: ['table', DatabaseName, TableName, 'statistics', last?.ColumnStatisticsTaskRunId, last?.Status, table.VersionId],
    queryFn: async () => (await columnStatistics(DatabaseName, TableName, names)).map(toRow),
  });
  const compute = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await glue('StartColumnStatisticsTaskRun', { DatabaseName, TableName, Role: choice.role ?? 'console' });
      await client.invalidateQueries({ queryKey: ['table', DatabaseName, TableName, 'statistics-tasks'] });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <SpaceBetween size="m">
      <RoleSelect choice={choice} why="The task reads the table with its rights." />
      <Problem error={problem} what="Starting the task" onRetry={() => void compute()} />
      {last?.ErrorMessage ? (
        <Alert type="error" header="The last task failed">
          <span className="message">{last.ErrorMessage}</span>
        </Alert>
      ) : null}
      <ResourceTable<StatisticsRow>
        title="Statistics"
        noun="column"
        items={found.data}
        loading={found.isLoading}
        error={found.error}
        onRetry={() => void found.refetch()}
        trackBy="name"
        pageSize={100}
        empty="Nothing is known of its columns yet. Press Compute: a task reads the whole table once."
        description={
          last ? (
            <SpaceBetween direction="horizontal" size="xs">
              <State value={last.Status} />
              <Time at={last.EndTime ?? last.StartTime} />
            </SpaceBetween>
          ) : undefined
        }
        actions={
          <Button loading={busy || isGoing(last?.Status)} loadingText="Computing" disabled={choice.needed === true && !choice.role} onClick={() => void compute()}>
            Compute
          </Button>
        }
        columns={[
          { id: 'name', header: 'Column', isRowHeader: true, cell: (row) => <code>{row.name}</code>, sortingField: 'name', minWidth: 140 },
          { id: 'type', header: 'Type', cell: (row) => <code>{row.type}</code>, minWidth: 90 },
          { id: 'nulls', header: 'Nulls', cell: (row) => formatCount(row.nulls), sortingField: 'nulls', minWidth: 80 },
          { id: 'distinct', header: 'Distinct values', cell: (row) => formatCount(row.distinct), sortingField: 'distinct', minWidth: 110 },
          { id: 'least', header: 'Least', cell: (row) => row.least, minWidth: 90 },
          { id: 'most', header: 'Most', cell: (row) => row.most, minWidth: 90 },
          { id: 'lengths', header: 'Length', cell: (row) => row.lengths, minWidth: 160 },
          { id: 'analyzed', header: 'Computed', cell: (row) => <Time at={row.analyzed} ago />, minWidth: 110 },
        ]}
      />
    </SpaceBetween>
  );
}
