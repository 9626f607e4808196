// A schedule: chosen from common ones or written, with its words and its next ten times in UTC and in the user's zone.
import { Alert, Box, ColumnLayout, ExpandableSection, FormField, Input, Select, SpaceBetween } from '@cloudscape-design/components';
import { zone } from '~/common/format';
import { CronError, nextTimes, parseSchedule, scheduleWords } from './cron';

const common = [
  { value: 'cron(0/15 * * * ? *)', label: 'Every 15 minutes' },
  { value: 'cron(0 * * * ? *)', label: 'Every hour' },
  { value: 'cron(0 6 * * ? *)', label: 'Every day at 06:00 UTC' },
  { value: 'cron(0 6 ? * MON-FRI *)', label: 'Working days at 06:00 UTC' },
  { value: 'cron(0 6 ? * MON *)', label: 'Mondays at 06:00 UTC' },
  { value: 'cron(0 6 1 * ? *)', label: 'The first of each month at 06:00 UTC' },
  { value: 'cron(0 6 L * ? *)', label: 'The last day of each month at 06:00 UTC' },
];

const names = ['Minutes', 'Hours', 'Day of the month', 'Month', 'Day of the week', 'Year'];

const local = new Intl.DateTimeFormat(undefined, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
const utc = new Intl.DateTimeFormat(undefined, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'UTC' });

export function scheduleProblem(text: string): string | undefined {
  try {
    parseSchedule(text);
    return undefined;
  } catch (error) {
    return error instanceof CronError ? error.message : String(error);
  }
}

export function ScheduleSummary({ text, count = 10 }: { text: string; count?: number }) {
  const problem = scheduleProblem(text);
  if (problem) return <Alert type="error">{problem}</Alert>;
  const schedule = parseSchedule(text);
  const times = nextTimes(schedule, count);
  return (
    <SpaceBetween size="xs">
      <Box fontWeight="bold">{scheduleWords(schedule)}</Box>
      {times.length === 0 ? <Box color="text-status-warning">It will not run again.</Box> : null}
      <div className="next-times">
        <table>
          <caption>The next {times.length === 1 ? 'time' : `${times.length} times`}</caption>
          <thead>
            <tr>
              <th scope="col">{zone}</th>
              {zone === 'UTC' ? null : <th scope="col">UTC</th>}
            </tr>
          </thead>
          <tbody>
            {times.map((time) => (
              <tr key={time.getTime()}>
                <td>{local.format(time)}</td>
                {zone === 'UTC' ? null : <td>{utc.format(time)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </SpaceBetween>
  );
}

export function CronBuilder({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const inner = /^\s*cron\(([^)]*)\)\s*$/.exec(value)?.[1]?.trim().split(/\s+/);
  const parts = inner?.length === 6 ? inner : undefined;
  const chosen = common.find((each) => each.value === value) ?? null;
  return (
    <SpaceBetween size="m">
      <FormField label="How often">
        <Select selectedOption={chosen} placeholder="A schedule of your own" options={common} onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)} />
      </FormField>
      <FormField label="Schedule" description="AWS’s cron(…) with six fields, or rate(…); times are in UTC." errorText={scheduleProblem(value)}>
        <Input value={value} onChange={({ detail }) => onChange(detail.value)} />
      </FormField>
      {parts ? (
        <ExpandableSection headerText="Field by field">
          <ColumnLayout columns={3}>
            {parts.map((part, index) => (
              <FormField key={index} label={names[index]}>
                <Input
                  value={part}
                  onChange={({ detail }) => {
                    const next = [...parts];
                    next[index] = detail.value.replace(/\s+/g, '') || '*';
                    if (index === 2 && next[2] !== '?' && next[4] !== '?') next[4] = '?';
                    if (index === 4 && next[4] !== '?' && next[2] !== '?') next[2] = '?';
                    onChange(`cron(${next.join(' ')})`);
                  }}
                />
              </FormField>
            ))}
          </ColumnLayout>
        </ExpandableSection>
      ) : null}
      {scheduleProblem(value) ? null : <ScheduleSummary text={value} />}
    </SpaceBetween>
  );
}
