import { useEffect, useState } from 'react';
import { formatAgo, formatDuration, formatTime, toDate, zone, type Moment } from './format';

/** Time goes on while one looks; `running` false stands still. */
export function useNow(running = true, milliseconds = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), milliseconds);
    return () => clearInterval(timer);
  }, [running, milliseconds]);
  return now;
}

export function Time({ at, ago }: { at: Moment; ago?: boolean }) {
  const date = toDate(at);
  if (!date) return <>–</>;
  return (
    <time dateTime={date.toISOString()} title={`${formatTime(date)} (${zone}) · ${date.toISOString()}`}>
      {ago ? formatAgo(date) : formatTime(date)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Took({ from, to }: { from: Moment; to: Moment }) {
  const start = toDate(from);
  const end = toDate(to);
  const now = useNow(start !== undefined && end === undefined, 500);
  if (!start) return <>–</>;
  return <>{formatDuration(Math.max(0, ((end?.getTime() ?? now) - start.getTime()) / 1000))}</>;
}
