// Which lineage is shown. What is typed counts once it is chosen or confirmed, not with every letter.
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Autosuggest, ColumnLayout, DateRangePicker, ExpandableSection, FormField, Toggle, type AutosuggestProps, type DateRangePickerProps } from '@cloudscape-design/components';
import { lineageRuns, type LineageDataset } from '~/aws/lineage';
import { formatTime } from '~/common/format';

export interface Wanted {
  dataset: string;
  job: string;
  run: string;
  rows: boolean;
  /** "last|1|day" or "between|FROM|TO". */
  when: string | null;
}

const units: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800, month: 2592000, year: 31536000 };

export function span(value: string | null): { since?: string; until?: string } {
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

const fromRange = (value: DateRangePickerProps.Value | null): string | undefined =>
  !value ? undefined : value.type === 'relative' ? `last|${value.amount}|${value.unit}` : `between|${new Date(value.startDate).toISOString()}|${new Date(value.endDate).toISOString()}`;

function Chosen({ value, onCommit, ...rest }: { value: string; onCommit: (value: string) => void; placeholder: string; empty?: string; options: AutosuggestProps.Option[] }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (next: string) => {
    if (next.trim() !== value) onCommit(next.trim());
  };
  return (
    <Autosuggest
      {...rest}
      value={text}
      enteredTextLabel={(entered) => `Use “${entered}”`}
      ariaLabel={rest.placeholder}
      clearAriaLabel="Clear"
      onChange={({ detail }) => {
        setText(detail.value);
        if (detail.value === '') commit('');
      }}
      onSelect={({ detail }) => commit(detail.value)}
      onKeyDown={({ detail }) => {
        if (detail.key === 'Enter') commit(text);
      }}
      onBlur={() => commit(text)}
    />
  );
}

export function Filters({ wanted, known, seen, onChange }: { wanted: Wanted; known: LineageDataset[]; /** Jobs of what is shown. */ seen: string[]; onChange: (part: Record<string, string | undefined>) => void }) {
  const runs = useQuery({ queryKey: ['lineage', 'runs', wanted.dataset], queryFn: () => lineageRuns(wanted.dataset ? { dataset: wanted.dataset } : {}), staleTime: 5000, retry: false });
  const names = [...new Set([...(runs.data ?? []).map((each) => each.job.name), ...seen])];
  const ofJob = (runs.data ?? []).filter((each) => wanted.job === '' || each.job.name === wanted.job);
  return (
    <ExpandableSection variant="container" headerText="Show" defaultExpanded={window.innerWidth > 700 || wanted.dataset === ''}>
      <ColumnLayout columns={3}>
        <FormField label="Dataset">
          <Chosen
            value={wanted.dataset}
            placeholder="database.table, s3://…"
            empty="No run has read or written anything yet."
            options={known.map((each) => ({ value: each.text, description: each.columns.map((one) => one.name).slice(0, 8).join(', ') }))}
            onCommit={(dataset) => onChange({ dataset, column: undefined, of: undefined })}
          />
        </FormField>
        <FormField label="Only by the job">
          <Chosen value={wanted.job} placeholder="any job" options={names.map((value) => ({ value }))} onCommit={(job) => onChange({ job })} />
        </FormField>
        <FormField label="Only by the run">
          <Chosen value={wanted.run} placeholder="any run" options={ofJob.map((each) => ({ value: each.id, description: `${each.job.name}, ${formatTime(each.started)}, ${each.state.toLowerCase()}` }))} onCommit={(run) => onChange({ run })} />
        </FormField>
        <FormField label="In the time">
          <DateRangePicker
            value={toRange(wanted.when)}
            placeholder="all time"
            relativeOptions={[
              { key: 'hour', type: 'relative', amount: 1, unit: 'hour' },
              { key: 'day', type: 'relative', amount: 1, unit: 'day' },
              { key: 'week', type: 'relative', amount: 1, unit: 'week' },
            ]}
            isValidRange={() => ({ valid: true })}
            showClearButton
            onChange={({ detail }) => onChange({ when: fromRange(detail.value) })}
          />
        </FormField>
        <FormField label="Rows">
          <Toggle checked={wanted.rows} onChange={({ detail }) => onChange({ rows: detail.checked ? undefined : 'false' })}>
            Also what only decides which rows
          </Toggle>
        </FormField>
      </ColumnLayout>
    </ExpandableSection>
  );
}
