// The versions of a table, and what differs between two.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Box, ColumnLayout, FormField, Select, SpaceBetween, Spinner, StatusIndicator } from '@cloudscape-design/components';
import { tableInput, tableVersions, type Table } from '~/aws/glue';
import { formatTime } from '~/common/format';
import { Problem } from '~/common/problem';
import { diffColumns, diffLines } from '~/diff/diff';

const all = (table: Table) => [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];

export function DiffText({ before, after }: { before: string; after: string }) {
  const lines = diffLines(before.split('\n'), after.split('\n'));
  const signs = { same: ' ', added: '+', removed: '-' };
  return (
    <pre className="diff" tabIndex={0} aria-label="Differences">
      {lines.map((line, index) => (
        <span key={index} className={line.kind}>
          {signs[line.kind]} {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

export function Versions({ table }: { table: Table }) {
  const found = useQuery({ queryKey: ['table', table.DatabaseName, table.Name, 'versions', table.VersionId], queryFn: () => tableVersions(table.DatabaseName, table.Name) });
  const [chosen, setChosen] = useState<{ before?: string; after?: string }>({});
  if (found.error) return <Problem error={found.error} what="Reading the versions" onRetry={() => void found.refetch()} />;
  if (!found.data) return <Spinner />;
  const versions = found.data;
  if (versions.length < 2) return <Box color="text-body-secondary">There is one version: nothing was changed yet.</Box>;
  const after = versions.find((each) => each.VersionId === chosen.after) ?? versions[0]!;
  const before = versions.find((each) => each.VersionId === chosen.before) ?? versions[1]!;
  const options = versions.map((each) => ({ value: each.VersionId, label: `Version ${each.VersionId}`, description: formatTime(each.Table.UpdateTime) }));
  const option = (id: string) => options.find((each) => each.value === id)!;
  const changes = diffColumns(all(before.Table), all(after.Table));
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={2}>
        <FormField label="From">
          <Select selectedOption={option(before.VersionId)} options={options} onChange={({ detail }) => setChosen({ ...chosen, before: detail.selectedOption.value })} />
        </FormField>
        <FormField label="To">
          <Select selectedOption={option(after.VersionId)} options={options} onChange={({ detail }) => setChosen({ ...chosen, after: detail.selectedOption.value })} />
        </FormField>
      </ColumnLayout>
      {changes.length === 0 ? <Box color="text-body-secondary">The columns are the same.</Box> : null}
      <ul className="rows">
        {changes.map((change) => (
          <li key={change.name}>
            <StatusIndicator type={change.kind === 'added' ? 'success' : change.kind === 'removed' ? 'error' : 'info'}>{change.kind}</StatusIndicator>
            <code>{change.name}</code>
            <span>
              {change.before}
              {change.kind === 'changed' ? ' → ' : ''}
              {change.after}
            </span>
          </li>
        ))}
      </ul>
      <DiffText before={JSON.stringify(tableInput(before.Table), null, 2)} after={JSON.stringify(tableInput(after.Table), null, 2)} />
    </SpaceBetween>
  );
}
