import { describe, expect, test } from 'vitest';
import { CronError, nextTimes, parseSchedule, scheduleWords } from './cron';

const from = new Date('2026-11-24T16:00:00Z'); // a Tuesday
const next = (text: string, count = 3) => nextTimes(parseSchedule(text), count, from).map((time) => time.toISOString().slice(0, 16));

describe('next times', () => {
  test.each([
    ['cron(0 6 * * ? *)', ['2026-11-25T06:00', '2026-11-26T06:00', '2026-11-27T06:00']],
    ['cron(15 12 ? * MON-FRI *)', ['2026-11-25T12:15', '2026-11-26T12:15', '2026-11-27T12:15']],
    ['cron(0/20 16 * * ? *)', ['2026-11-24T16:20', '2026-11-24T16:40', '2026-11-25T16:00']],
    ['cron(0 0 L * ? *)', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
    ['cron(0 8 ? * 2#1 *)', ['2026-12-07T08:00', '2027-01-04T08:00', '2027-02-01T08:00']],
    ['cron(0 8 ? * 6L *)', ['2026-11-27T08:00', '2026-12-25T08:00', '2027-01-29T08:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 1 1 ? 2027)', ['2027-01-01T00:00']],
    ['cron(0 0 ? * SAT-SUN *)', ['2026-11-28T00:00', '2026-11-29T00:00', '2026-12-05T00:00']],
    ['rate(2 hours)', ['2026-11-24T18:00', '2026-11-24T20:00', '2026-11-24T22:00']],
  ])('%s', (text, times) => expect(next(text)).toEqual(times));
  test('a schedule that is over has none', () => expect(next('cron(0 0 1 1 ? 2020)')).toEqual([]));
});

describe('words', () => {
  test.each([
    ['cron(0 6 * * ? *)', 'At 06:00, every day (UTC)'],
    ['cron(0/15 * * * ? *)', 'Every 15 minutes (UTC)'],
    ['cron(0 * * * ? *)', 'Every hour, on the hour (UTC)'],
    ['cron(30 8,17 ? * MON-FRI *)', 'At 08:30 and 17:30, from Monday to Friday (UTC)'],
    ['cron(0 8 ? * 2#1 *)', 'At 08:00, on the first Monday (UTC)'],
    ['cron(0 0 L 3,6 ? *)', 'At 00:00, on the last day of the month, in March and June (UTC)'],
    ['rate(1 hour)', 'Every hour'],
  ])('%s', (text, words) => expect(scheduleWords(parseSchedule(text))).toBe(words));
});

describe('refusals', () => {
  test.each(['', '0 6 * * *', 'cron(0 6 * * * *)', 'cron(0 6 ? * ? *)', 'cron(60 6 * * ? *)', 'cron(0 6 * FOO ? *)', 'cron(0/0 6 * * ? *)', 'rate(0 days)', 'cron(5-1 6 * * ? *)'])(
    '%s',
    (text) => expect(() => parseSchedule(text)).toThrow(CronError),
  );
});
