// Lines of a log, a million if need be: only those on the screen are in the page. Follows the end until one scrolls up; more
// is read when one comes near the end of what was read, searches or downloads.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Box, Button, Input, SpaceBetween, Toggle } from '@cloudscape-design/components';
import { useDebounced } from '~/common/debounced';
import { formatClock, plural } from '~/common/format';
import type { Line, Log } from './follow';
import { matchesOf, type Matches } from './matches';

const lineHeight = 18;
/** So many lines are in the page above and below the visible ones. */
const spare = 30;
/** So many lines before the end of what was read, more is asked for. */
const ahead = 2000;

function Marked({ text, needle }: { text: string; needle: string }) {
  if (needle === '') return <>{text}</>;
  const at = text.toLowerCase().indexOf(needle.toLowerCase());
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + needle.length)}</mark>
      {text.slice(at + needle.length)}
    </>
  );
}

function save(name: string, lines: Iterable<Line>) {
  const parts: string[] = [];
  for (const line of lines) parts.push(`${new Date(line.at).toISOString()} ${line.text}\n`);
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = `${name.replace(/[^\w.-]+/g, '_')}.log`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const wholeLog = (lines: Line[]): Log => ({ lines, count: lines.length, turned: 0, complete: true, readOn: () => {} });

export function LogView({ log, live, name, height = 420, empty }: { log: Log; live: boolean; name: string; height?: number; empty?: string }) {
  const { lines, count, turned, complete, readOn } = log;
  const frame = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [follow, setFollow] = useState(true);
  const [times, setTimes] = useState(true);
  const [top, setTop] = useState(0);
  const [saving, setSaving] = useState(false);
  const needle = useDebounced(typed, 150);
  const matches = useRef<Matches>(undefined);
  if (needle !== '') matches.current = matchesOf(matches.current, lines, count, turned, needle);
  const found = needle === '' ? undefined : matches.current!.found;
  const shown = found?.length ?? count;
  const lineAt = (index: number) => lines[found ? found[index]! : index]!;
  const isShort = !complete && !live;
  // What has ended is shown from its start until all of it is there.
  const sticks = follow && !isShort;
  useLayoutEffect(() => {
    if (sticks && frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [sticks, shown]);
  useEffect(() => {
    if (isShort && (needle !== '' || saving)) readOn(true);
  }, [isShort, needle, saving, readOn]);
  useEffect(() => {
    if (!saving || isShort) return;
    save(name, found ? found.map((index) => lines[index]!) : lines);
    setSaving(false);
  }, [saving, isShort, found, lines, name]);
  const from = Math.max(0, Math.floor(top / lineHeight) - spare);
  const to = Math.min(shown, Math.ceil((top + height) / lineHeight) + spare);
  return (
    <SpaceBetween size="xs">
      <div className="log-tools">
        <Input type="search" value={typed} placeholder="Find in the log" ariaLabel="Find in the log" onChange={({ detail }) => setTyped(detail.value)} />
        <Toggle checked={follow} onChange={({ detail }) => setFollow(detail.checked)}>
          Follow
        </Toggle>
        <Toggle checked={times} onChange={({ detail }) => setTimes(detail.checked)}>
          Times
        </Toggle>
        <Button iconName="download" variant="icon" ariaLabel="Download the log" loading={saving} onClick={() => setSaving(true)} />
        {isShort && count > 0 ? (
          <Button
            variant="inline-link"
            onClick={() => {
              setFollow(true);
              readOn(true);
            }}
          >
            Read to the end
          </Button>
        ) : null}
        <Box variant="small">
          {needle ? `${plural(shown, 'line')} of ${count.toLocaleString()}` : plural(count, 'line')}
          {live ? ' · live' : isShort ? ', there are more' : ''}
        </Box>
      </div>
      <div
        ref={frame}
        className="log"
        style={{ height }}
        role="log"
        aria-label={name}
        aria-live="off"
        tabIndex={0}
        onWheel={(event) => {
          if (event.deltaY < 0) setFollow(false);
        }}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          setTop(scrollTop);
          const below = scrollHeight - scrollTop - clientHeight;
          if (below < 4 && live) setFollow(true);
          if (isShort && scrollTop > 0 && below < ahead * lineHeight) {
            setFollow(false);
            readOn();
          }
        }}
      >
        {shown === 0 ? (
          <Box padding="m" color="text-body-secondary">
            {needle ? (isShort ? 'Searching…' : 'No line matches.') : isShort ? 'Reading…' : (empty ?? (live ? 'Nothing was printed yet.' : 'Nothing was printed.'))}
          </Box>
        ) : null}
        <div style={{ height: shown * lineHeight, position: 'relative' }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, place) => {
            const index = from + place;
            const line = lineAt(index);
            return (
              <div key={index} className={`log-line${line.error ? ' log-error' : ''}`} style={{ transform: `translateY(${index * lineHeight}px)`, height: lineHeight }}>
                {times ? <time dateTime={new Date(line.at).toISOString()}>{formatClock(line.at)}</time> : null}
                <span>
                  <Marked text={line.text} needle={needle} />
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </SpaceBetween>
  );
}
