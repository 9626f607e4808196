// Lines of a log, a million if need be: only those on the screen are in the page. Follows the end until one scrolls up.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Box, Button, Input, SpaceBetween, Toggle } from '@cloudscape-design/components';
import { formatClock, plural } from '~/common/format';
import type { Line } from './follow';

const lineHeight = 18;

export function matching(lines: Line[], wanted: string): Line[] {
  const needle = wanted.toLowerCase();
  return needle === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(needle));
}

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

export function LogView({ lines, live, name, height = 420, empty }: { lines: Line[]; live: boolean; name: string; height?: number; empty?: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [needle, setNeedle] = useState('');
  const [follow, setFollow] = useState(true);
  const [times, setTimes] = useState(true);
  const shown = useMemo(() => matching(lines, needle), [lines, needle]);
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => frame.current, estimateSize: () => lineHeight, overscan: 30 });
  useEffect(() => {
    if (follow && shown.length > 0) rows.scrollToIndex(shown.length - 1, { align: 'end' });
  }, [shown.length, follow, rows]);
  const save = () => {
    const url = URL.createObjectURL(new Blob([shown.map((line) => `${new Date(line.at).toISOString()} ${line.text}\n`).join('')], { type: 'text/plain' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = `${name.replace(/[^\w.-]+/g, '_')}.log`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <SpaceBetween size="xs">
      <div className="log-tools">
        <Input type="search" value={needle} placeholder="Find in the log" ariaLabel="Find in the log" onChange={({ detail }) => setNeedle(detail.value)} />
        <Toggle checked={follow} onChange={({ detail }) => setFollow(detail.checked)}>
          Follow
        </Toggle>
        <Toggle checked={times} onChange={({ detail }) => setTimes(detail.checked)}>
          Times
        </Toggle>
        <Button iconName="download" variant="icon" ariaLabel="Download the log" onClick={save} />
        <Box variant="small">
          {needle ? `${plural(shown.length, 'line')} of ${lines.length.toLocaleString()}` : plural(lines.length, 'line')}
          {live ? ' · live' : ''}
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
          if (scrollHeight - scrollTop - clientHeight < 4 && live) setFollow(true);
        }}
      >
        {shown.length === 0 ? (
          <Box padding="m" color="text-body-secondary">
            {needle ? 'No line matches.' : (empty ?? (live ? 'Nothing was printed yet.' : 'Nothing was printed.'))}
          </Box>
        ) : null}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const line = shown[row.index]!;
            return (
              <div key={row.index} className={`log-line${line.error ? ' log-error' : ''}`} style={{ transform: `translateY(${row.start}px)`, height: lineHeight }}>
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
