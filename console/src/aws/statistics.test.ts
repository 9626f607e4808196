import { expect, test } from 'vitest';
import { decimalText, toRow } from './statistics';

const base64 = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));

test('decimals', () => {
  expect(decimalText({ UnscaledValue: base64(0x04, 0xd2), Scale: 2 })).toBe('12.34');
  expect(decimalText({ UnscaledValue: base64(0xff, 0xfb), Scale: 2 })).toBe('-0.05');
  expect(decimalText({ UnscaledValue: base64(0x07), Scale: 0 })).toBe('7');
});

test('what each kind says', () => {
  const row = (StatisticsData: Parameters<typeof toRow>[0]['StatisticsData']) => toRow({ ColumnName: 'c', ColumnType: 't', AnalyzedTime: 0, StatisticsData });
  expect(row({ Type: 'LONG', LongColumnStatisticsData: { MinimumValue: 1, MaximumValue: 2000, NumberOfNulls: 3, NumberOfDistinctValues: 4 } })).toMatchObject({ least: '1', most: '2,000', nulls: 3, distinct: 4, lengths: '–' });
  expect(row({ Type: 'STRING', StringColumnStatisticsData: { MaximumLength: 7, AverageLength: 6.5, NumberOfNulls: 0, NumberOfDistinctValues: 9 } })).toMatchObject({ least: '–', lengths: '6.5 on average, 7 at most' });
  expect(row({ Type: 'BOOLEAN', BooleanColumnStatisticsData: { NumberOfTrues: 5, NumberOfFalses: 6, NumberOfNulls: 0 } })).toMatchObject({ least: '6 false', most: '5 true' });
  expect(row({ Type: 'DATE', DateColumnStatisticsData: { MinimumValue: 86400, NumberOfNulls: 0, NumberOfDistinctValues: 1 } })).toMatchObject({ least: '1970-01-02', most: '–' });
});
