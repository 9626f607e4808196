// AWS's schedules: `cron(minutes hours day-of-month month day-of-week year)` and `rate(5 minutes)`, both in UTC.
// Parsing, the next times, and the words for them.

export interface Cron {
  kind: 'cron';
  minutes: number[];
  hours: number[];
  /** Empty: not by day of the month. */
  days: number[];
  lastDay: boolean;
  months: number[];
  /** 1 is Sunday; `nth` is 1–5 for `2#1`, 0 for every one, -1 for `6L`. Empty: not by weekday. */
  weekdays: { day: number; nth: number }[];
  years: number[];
  anyDay: boolean;
}

export interface Rate {
  kind: 'rate';
  value: number;
  unit: 'minute' | 'hour' | 'day';
}

export type Schedule = Cron | Rate;

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const longMonths = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const longDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export class CronError extends Error {
  constructor(
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

interface Field {
  name: string;
  low: number;
  high: number;
  names?: string[];
}
const fields = {
  minutes: { name: 'minutes', low: 0, high: 59 },
  hours: { name: 'hours', low: 0, high: 23 },
  days: { name: 'day of the month', low: 1, high: 31 },
  months: { name: 'month', low: 1, high: 12, names: monthNames },
  weekdays: { name: 'day of the week', low: 1, high: 7, names: dayNames },
  years: { name: 'year', low: 1970, high: 2199 },
} satisfies Record<string, Field>;

function value(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const number = named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(number) || number < field.low || number > field.high) {
    const among = field.names ? `${field.low}–${field.high} or ${field.names[0]}–${field.names.at(-1)}` : `${field.low}–${field.high}`;
    throw new CronError(`“${text}” is no ${field.name}; it goes from ${among}.`, field.name);
  }
  return number;
}

function list(text: string, field: Field): number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, more] = part.split('/');
    if (more !== undefined || range === '') throw new CronError(`“${part}” is not understood as ${field.name}.`, field.name);
    const by = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0;
    if (by < 1) throw new CronError(`The step in “${part}” must be a number of 1 or more.`, field.name);
    let [low, high] = [field.low, field.high];
    if (range !== '*' && range !== '?') {
      const [from = '', to] = range.split('-');
      low = value(from, field);
      high = to !== undefined ? value(to, field) : step !== undefined ? field.high : low;
      if (high < low && field.names) {
        for (let each = low; each <= field.high; each += by) found.add(each);
        low = field.low;
      } else if (high < low) throw new CronError(`“${range}” goes backwards.`, field.name);
    }
    for (let each = low; each <= high; each += by) found.add(each);
  }
  return [...found].sort((a, b) => a - b);
}

function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 6) throw new CronError(`Six fields are needed (minutes hours day month weekday year); there ${parts.length === 1 ? 'is' : 'are'} ${parts[0] === '' ? 0 : parts.length}.`);
  const [minutes, hours, day, months, weekday, years] = parts as [string, string, string, string, string, string];
  if (day !== '?' && weekday !== '?') throw new CronError('One of day of the month and day of the week must be “?”: say the day in one way.', 'day of the week');
  if (day === '?' && weekday === '?') throw new CronError('Only one of day of the month and day of the week may be “?”.', 'day of the month');
  const lastDay = day.toUpperCase() === 'L';
  if (/W/i.test(day)) throw new CronError('The nearest weekday (W) is not offered here; use a day of the week.', 'day of the month');
  const weekdays =
    weekday === '?' || weekday === '*'
      ? []
      : weekday.split(',').flatMap((part) => {
          const nth = /^(\w+)#([1-5])$/.exec(part);
          if (nth) return [{ day: value(nth[1]!, fields.weekdays), nth: Number(nth[2]) }];
          const last = /^(\w+?)L$/i.exec(part);
          if (last && last[1] !== '') return [{ day: value(last[1]!, fields.weekdays), nth: -1 }];
          return list(part, fields.weekdays).map((each) => ({ day: each, nth: 0 }));
        });
  return {
    kind: 'cron',
    minutes: list(minutes, fields.minutes),
    hours: list(hours, fields.hours),
    days: day === '?' || day === '*' || lastDay ? [] : list(day, fields.days),
    lastDay,
    months: list(months, fields.months),
    weekdays,
    years: years === '*' ? [] : list(years, fields.years),
    anyDay: day === '*' || weekday === '*',
  };
}

/** Fails with a CronError that says what to write instead. */
export function parseSchedule(text: string): Schedule {
  const found = /^\s*(cron|rate)\s*\(([^)]*)\)\s*$/i.exec(text);
  if (!found) throw new CronError('Write cron(…) or rate(…), for example cron(0 6 * * ? *).');
  if (found[1]!.toLowerCase() === 'cron') return parseCron(found[2]!);
  const rate = /^\s*(\d+)\s+(minute|hour|day)s?\s*$/.exec(found[2]!);
  if (!rate || Number(rate[1]) < 1) throw new CronError('A rate is a number and a unit: rate(5 minutes), rate(1 hour), rate(2 days).');
  return { kind: 'rate', value: Number(rate[1]), unit: rate[2] as Rate['unit'] };
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function matchesDay(cron: Cron, year: number, month: number, day: number): boolean {
  if (cron.anyDay) return true;
  if (cron.lastDay) return day === daysIn(year, month);
  if (cron.days.length > 0) return cron.days.includes(day);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
  return cron.weekdays.some((each) => {
    if (each.day !== weekday) return false;
    if (each.nth === 0) return true;
    if (each.nth === -1) return day + 7 > daysIn(year, month);
    return Math.ceil(day / 7) === each.nth;
  });
}

/** The next times after `from`, at most `count`; fewer when the schedule ends. A rate counts from `from`. */
export function nextTimes(schedule: Schedule, count: number, from = new Date()): Date[] {
  const times: Date[] = [];
  if (schedule.kind === 'rate') {
    const milliseconds = schedule.value * { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[schedule.unit];
    for (let index = 1; index <= count; index += 1) times.push(new Date(from.getTime() + index * milliseconds));
    return times;
  }
  const last = schedule.years.at(-1) ?? from.getUTCFullYear() + 40;
  for (let year = from.getUTCFullYear(); year <= last; year += 1) {
    if (schedule.years.length > 0 && !schedule.years.includes(year)) continue;
    for (const month of schedule.months) {
      if (Date.UTC(year, month, 1) <= from.getTime()) continue;
      for (let day = 1; day <= daysIn(year, month); day += 1) {
        if (Date.UTC(year, month - 1, day + 1) <= from.getTime() || !matchesDay(schedule, year, month, day)) continue;
        for (const hour of schedule.hours) {
          for (const minute of schedule.minutes) {
            const time = Date.UTC(year, month - 1, day, hour, minute);
            if (time <= from.getTime()) continue;
            times.push(new Date(time));
            if (times.length >= count) return times;
          }
        }
      }
    }
  }
  return times;
}

const and = (words: string[]): string => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
const two = (number: number): string => String(number).padStart(2, '0');

function stepOf(values: number[], low: number, high: number): number | undefined {
  if (values.length < 3 || values[0] !== low) return undefined;
  const step = values[1]! - values[0]!;
  const even = values.every((each, index) => each === low + index * step);
  return even && values.at(-1)! + step > high ? step : undefined;
}

function timeWords(cron: Cron): string {
  const everyHour = cron.hours.length === 24;
  const minuteStep = stepOf(cron.minutes, 0, 59);
  if (everyHour && cron.minutes.length === 60) return 'every minute';
  if (everyHour && minuteStep) return `every ${minuteStep} minutes`;
  if (everyHour && cron.minutes.length === 1) return cron.minutes[0] === 0 ? 'every hour, on the hour' : `every hour, ${cron.minutes[0]} minutes past`;
  const hourStep = stepOf(cron.hours, 0, 23);
  if (hourStep && cron.minutes.length === 1) return `every ${hourStep} hours, at ${cron.minutes[0]} minutes past`;
  if (cron.hours.length * cron.minutes.length <= 6) return `at ${and(cron.hours.flatMap((hour) => cron.minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  const minutes = cron.minutes.length === 60 ? 'every minute' : minuteStep ? `every ${minuteStep} minutes` : `at minutes ${and(cron.minutes.map(String))}`;
  return `${minutes} ${everyHour ? 'of every hour' : `of the hours ${and(cron.hours.map(two))}`}`;
}

const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

function dayWords(cron: Cron): string {
  if (cron.anyDay) return 'every day';
  if (cron.lastDay) return 'on the last day of the month';
  if (cron.days.length > 0) return `on day ${and(cron.days.map(String))} of the month`;
  const plain = cron.weekdays.filter((each) => each.nth === 0).map((each) => each.day);
  if (plain.length === 5 && plain.join() === '2,3,4,5,6') return 'from Monday to Friday';
  if (plain.length === 7) return 'every day';
  return `on ${and(cron.weekdays.map((each) => (each.nth === 0 ? longDays[each.day - 1]! : `the ${each.nth === -1 ? 'last' : ordinals[each.nth]} ${longDays[each.day - 1]}`)))}`;
}

/** "At 06:00, from Monday to Friday (UTC)". */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'rate') return schedule.value === 1 ? `Every ${schedule.unit}` : `Every ${schedule.value} ${schedule.unit}s`;
  const parts = [timeWords(schedule)];
  const day = dayWords(schedule);
  const allMonths = schedule.months.length === 12;
  if (day !== 'every day' || !parts[0]!.startsWith('every')) parts.push(day);
  if (!allMonths) parts.push(`in ${and(schedule.months.map((month) => longMonths[month - 1]!))}`);
  if (schedule.years.length > 0) parts.push(`in ${and(schedule.years.map(String))}`);
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (UTC)`;
}
