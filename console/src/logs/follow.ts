// The lines of log streams, followed while something runs.
import { useEffect, useRef, useState } from 'react';
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

interface Followed {
  lines: Line[];
  failure?: unknown;
  /** Everything that was there has been read at least once. */
  complete: boolean;
}

/** Reads the streams to their end and, while `live`, what comes after. A stream that does not exist yet is waited for. */
export function useFollowed(sources: Source[], live: boolean): Followed {
  const [state, setState] = useState<Followed>({ lines: [], complete: false });
  const key = JSON.stringify(sources);
  const running = useRef(live);
  running.current = live;
  useEffect(() => {
    const wanted = JSON.parse(key) as Source[];
    const tokens = new Map<string, string | undefined>();
    let lines: Line[] = [];
    let ended = false;
    let rounds = 0;
    let timer: ReturnType<typeof setTimeout>;
    setState({ lines: [], complete: false });
    const round = async () => {
      const wasRunning = running.current;
      let failure: unknown;
      let fresh = false;
      let more = false;
      for (const source of wanted) {
        const name = `${source.group} ${source.stream}`;
        try {
          const before = tokens.get(name);
          const page = await read(source.group, source.stream, before);
          if (ended) return;
          tokens.set(name, page.next);
          if (page.events.length > 0) {
            fresh = true;
            more = more || page.events.length >= 1000;
            const added = page.events.flatMap((event) => event.message.replace(/\n$/, '').split('\n').map((text) => ({ at: event.timestamp, text, error: source.error === true })));
            const last = lines.at(-1);
            const ordered = !last || added[0]!.at >= last.at;
            lines = lines.concat(added);
            if (!ordered) lines.sort((a, b) => a.at - b.at);
          }
        } catch (error) {
          if (ended) return;
          if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) failure = error;
        }
      }
      if (ended) return;
      rounds += 1;
      if (fresh || failure || rounds === 1) setState({ lines, failure, complete: !more });
      // Once more after the end: the last lines arrive with it.
      if (wasRunning || more || failure) timer = setTimeout(() => void round(), more ? 0 : failure ? 2000 : 500);
      else setState({ lines, complete: true });
    };
    void round();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [key, live]);
  return state;
}
