// Times, sizes and durations for people, in the zone and language of the browser.

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** AWS's JSON has seconds, Logs has milliseconds, XML has ISO text. */
export type Moment = number | string | Date | undefined | null;

export function toDate(moment: Moment): Date | undefined {
  if (moment === undefined || moment === null || moment === '') return undefined;
  if (moment instanceof Date) return moment;
  if (typeof moment === 'string') return new Date(moment);
  return new Date(moment > 1e11 ? moment : moment * 1000);
}

export const formatTime = (moment: Moment): string => {
  const date = toDate(moment);
  return date ? full.format(date) : '–';
};
export const formatShortTime = (moment: Moment): string => {
  const date = toDate(moment);
  return date ? short.format(date) : '–';
};
export const formatClock = (moment: Moment): string => {
  const date = toDate(moment);
  return date ? `${clock.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}` : '–';
};

export function formatAgo(moment: Moment, now = Date.now()): string {
  const date = toDate(moment);
  if (!date) return 'never';
  const seconds = Math.round((now - date.getTime()) / 1000);
  const ahead = seconds < 0;
  const size = Math.abs(seconds);
  const words =
    size < 5 ? 'moments' : size < 60 ? `${size} s` : size < 3600 ? `${Math.floor(size / 60)} min` : size < 86400 ? `${Math.floor(size / 3600)} h` : `${Math.floor(size / 86400)} d`;
  return ahead ? `in ${words}` : `${words} ago`;
}

export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return '–';
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const formatCount = (count: number | undefined): string => (count === undefined ? '–' : count.toLocaleString());

export const plural = (count: number, word: string, many = `${word}s`): string => `${formatCount(count)} ${count === 1 ? word : many}`;
