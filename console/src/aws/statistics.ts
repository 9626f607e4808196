// Statistics of a table's columns, and the tasks that compute them.
import { glue } from './glue';

/** Of the seven kinds that Glue has, what any of them says. */
interface Data {
  NumberOfNulls?: number;
  NumberOfDistinctValues?: number;
  NumberOfTrues?: number;
  NumberOfFalses?: number;
  MinimumValue?: number | { UnscaledValue: string; Scale: number };
  MaximumValue?: number | { UnscaledValue: string; Scale: number };
  MaximumLength?: number;
  AverageLength?: number;
}
export interface ColumnStatistics {
  ColumnName: string;
  ColumnType: string;
  AnalyzedTime: number;
  StatisticsData: { Type: string } & Record<string, Data | string | undefined>;
}
export interface StatisticsTask {
  ColumnStatisticsTaskRunId: string;
  Status: string;
  StartTime?: number;
  EndTime?: number;
  ErrorMessage?: string;
}

export async function columnStatistics(DatabaseName: string, TableName: string, names: string[]): Promise<ColumnStatistics[]> {
  const found: ColumnStatistics[] = [];
  // A call takes a hundred names.
  for (let at = 0; at < names.length; at += 100) {
    const answer = await glue<{ ColumnStatisticsList?: ColumnStatistics[] }>('GetColumnStatisticsForTable', { DatabaseName, TableName, ColumnNames: names.slice(at, at + 100) });
    found.push(...(answer.ColumnStatisticsList ?? []));
  }
  return found;
}

export const statisticsTasks = async (DatabaseName: string, TableName: string) => (await glue<{ ColumnStatisticsTaskRuns?: StatisticsTask[] }>('GetColumnStatisticsTaskRuns', { DatabaseName, TableName, MaxResults: 10 })).ColumnStatisticsTaskRuns ?? [];

/** A decimal's unscaled bytes come in base 64, as a big-endian two's complement. */
export function decimalText(value: { UnscaledValue: string; Scale: number }): string {
  let unscaled = 0n;
  for (const byte of atob(value.UnscaledValue)) unscaled = (unscaled << 8n) | BigInt(byte.charCodeAt(0));
  const bits = BigInt(atob(value.UnscaledValue).length * 8);
  if (bits > 0n && unscaled >> (bits - 1n) === 1n) unscaled -= 1n << bits;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(value.Scale + 1, '0');
  const whole = value.Scale > 0 ? `${digits.slice(0, -value.Scale)}.${digits.slice(-value.Scale)}` : digits;
  return unscaled < 0n ? `-${whole}` : whole;
}

export interface StatisticsRow {
  name: string;
  type: string;
  analyzed: number;
  nulls?: number;
  distinct?: number;
  least: string;
  most: string;
  lengths: string;
}

const round = (value: number) => value.toLocaleString(undefined, { maximumFractionDigits: 4 });

export function toRow(statistics: ColumnStatistics): StatisticsRow {
  const kind = statistics.StatisticsData.Type;
  const data = (Object.entries(statistics.StatisticsData).find(([name]) => name.endsWith('ColumnStatisticsData'))?.[1] ?? {}) as Data;
  const bound = (value: Data['MinimumValue']): string => (value === undefined ? '–' : typeof value === 'object' ? decimalText(value) : kind === 'DATE' ? new Date(value * 1000).toISOString().slice(0, 10) : round(value));
  return {
    name: statistics.ColumnName,
    type: statistics.ColumnType,
    analyzed: statistics.AnalyzedTime,
    nulls: data.NumberOfNulls,
    distinct: data.NumberOfDistinctValues,
    least: kind === 'BOOLEAN' ? `${data.NumberOfFalses?.toLocaleString() ?? '–'} false` : bound(data.MinimumValue),
    most: kind === 'BOOLEAN' ? `${data.NumberOfTrues?.toLocaleString() ?? '–'} true` : bound(data.MaximumValue),
    lengths: data.MaximumLength === undefined ? '–' : `${data.AverageLength === undefined ? '' : `${round(data.AverageLength)} on average, `}${data.MaximumLength.toLocaleString()} at most`,
  };
}
