// Server-sent events of /_mastic/events: what changed, so that pages ask again at once. Where the server has no such stream,
// pages fall back on asking every few seconds by themselves.
import { useSyncExternalStore } from 'react';
import type { QueryClient } from '@tanstack/react-query';

/** What a state change touches: the first words of query keys (see `~/aws/queries`). */
const touched: Record<string, string[]> = {
  job: ['jobs', 'runs', 'run'],
  run: ['runs', 'run', 'jobs'],
  crawler: ['crawlers', 'crawler', 'tables', 'databases'],
  workflow: ['workflows', 'workflow', 'workflow-runs'],
  trigger: ['triggers', 'trigger', 'workflow'],
  catalog: ['databases', 'tables', 'table'],
  stack: ['stacks', 'stack'],
};

type Status = 'connecting' | 'open' | 'polling';
let status: Status = 'connecting';
const listeners = new Set<() => void>();

function become(next: Status): void {
  if (status === next) return;
  status = next;
  listeners.forEach((listener) => listener());
}

export function useLiveStatus(): Status {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
  );
}

/** While the stream is open, asking is rarer: the stream says when it is worth it. */
export const every = (milliseconds: number) => () => (status === 'open' ? milliseconds * 4 : milliseconds);

export function follow(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  const note = (event: MessageEvent<string>) => {
    let detail: Record<string, unknown> = {};
    try {
      detail = JSON.parse(event.data) as Record<string, unknown>;
    } catch {
      // A comment or a format of another version: ask for everything again.
    }
    const text = `${event.type} ${String(detail['detail-type'] ?? detail.type ?? detail.kind ?? '')}`.toLowerCase();
    const keys = Object.entries(touched).filter(([word]) => text.includes(word)).flatMap(([, names]) => names);
    if (keys.length === 0) void client.invalidateQueries();
    for (const key of new Set(keys)) void client.invalidateQueries({ queryKey: [key] });
  };
  const open = () => {
    source = new EventSource('/_mastic/events');
    source.onopen = () => {
      refusals = 0;
      become('open');
    };
    source.onmessage = note;
    for (const name of ['job', 'run', 'crawler', 'workflow', 'trigger', 'catalog', 'stack', 'event']) source.addEventListener(name, note as EventListener);
    source.onerror = () => {
      become('polling');
      source?.close();
      refusals += 1;
      again = setTimeout(open, Math.min(60_000, 1000 * 2 ** refusals));
    };
  };
  open();
  return () => {
    source?.close();
    clearTimeout(again);
  };
}
