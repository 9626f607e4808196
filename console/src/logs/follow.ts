// The lines of log streams: the first of them at once, the others as they are wanted; followed while something runs.
import { useCallback, useEffect, useRef, useState } from 'react';
import { read } from '~/aws/logs';
import { AwsError } from '~/aws/client';

export interface Line {
  at: number;
  text: string;
  error: boolean;
}

export interface Source {
  group: string;
  stream: string;
  error?: boolean;
}

export interface Log {
  /** Grows in place, so that a million lines are never copied: look at `count`. */
  lines: Line[];
  count: number;
  /** Changes when lines came before others that were there: what was found among them is to be found anew. */
  turned: number;
  failure?: unknown;
  /** Everything that was there has been read. */
  complete: boolean;
  /** Reads some more, or all. */
  readOn: (all?: boolean) => void;
}

const atFirst = 20_000;
const atOnce = 50_000;
const shownEvery = 100;
const forEver = 0x7fffffff;

/** One stream, read page by page; the next page is on its way while one is looked at. */
class Reader {
  private token: string | undefined;
  private ahead: ReturnType<typeof read> | undefined;
  more = true;
  constructor(private readonly source: Source) {}
  async lines(hasMore: (count: number) => boolean): Promise<Line[]> {
    try {
      const page = await (this.ahead ?? read(this.source.group, this.source.stream, this.token));
      this.ahead = undefined;
      // The end gives back the token that it was asked with.
      this.more = page.events.length > 0 && page.next !== this.token;
      this.token = page.next;
      if (this.more && hasMore(page.events.length)) {
        this.ahead = read(this.source.group, this.source.stream, this.token);
        this.ahead.catch(() => {});
      }
      return page.events.flatMap((event) => event.message.replace(/\n$/, '').split('\n').map((text) => ({ at: event.timestamp, text, error: this.source.error === true })));
    } catch (error) {
      this.ahead = undefined;
      // A stream comes to be with its first line.
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
      this.more = false;
      return [];
    }
  }
}

type Seen = Omit<Log, 'readOn'>;
const nothing = (): Seen => ({ lines: [], count: 0, turned: 0, complete: false });

/** While `live`, what comes is read as it comes; what has ended is read as far as `readOn` says. */
export function useFollowed(sources: Source[], live: boolean): Log {
  const [seen, setSeen] = useState<Seen>(nothing);
  const key = JSON.stringify(sources);
  const running = useRef(live);
  running.current = live;
  const wanted = useRef(atFirst);
  const wake = useRef(() => {});
  useEffect(() => {
    const readers = (JSON.parse(key) as Source[]).map((source) => new Reader(source));
    const log = nothing();
    let ended = false;
    let shown = 0;
    wanted.current = atFirst;
    setSeen(log);
    const isEnough = (more = 0) => !running.current && log.lines.length + more >= wanted.current;
    const show = (part: Partial<Seen>, now: boolean) => {
      Object.assign(log, part, { count: log.lines.length });
      if (!now && Date.now() - shown < shownEvery) return;
      shown = Date.now();
      setSeen({ ...log });
    };
    const sleep = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wake.current = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const round = async (): Promise<boolean> => {
      const found = await Promise.allSettled(readers.filter((reader) => reader.more || running.current).map((reader) => reader.lines((count) => !isEnough(count))));
      for (const each of found) {
        if (each.status !== 'fulfilled' || each.value.length === 0) continue;
        const isLater = log.lines.length === 0 || each.value[0]!.at >= log.lines.at(-1)!.at;
        for (const line of each.value) log.lines.push(line);
        if (!isLater) {
          log.lines.sort((a, b) => a.at - b.at);
          log.turned += 1;
        }
      }
      const failed = found.find((each) => each.status === 'rejected');
      log.failure = failed?.reason;
      return failed === undefined;
    };
    const follow = async () => {
      for (;;) {
        const wasRunning = running.current;
        const went = await round();
        if (ended) return;
        const more = readers.some((reader) => reader.more);
        show({ complete: went && !more }, !more || !went || isEnough());
        if (!went) await sleep(2000);
        else if (more && isEnough()) await sleep(forEver);
        else if (!more) {
          // Once more after the end: the last lines arrive with it.
          await sleep(wasRunning ? 500 : forEver);
          for (const reader of readers) reader.more = true;
        }
        if (ended) return;
      }
    };
    void follow();
    return () => {
      ended = true;
      wake.current();
    };
  }, [key]);
  useEffect(() => wake.current(), [live]);
  const readOn = useCallback((all = false) => {
    wanted.current = all ? Infinity : wanted.current + atOnce;
    wake.current();
  }, []);
  return { ...seen, readOn };
}
