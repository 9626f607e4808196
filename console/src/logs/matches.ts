// Which lines hold a word. What was looked through is not looked through again when lines are added.
import type { Line } from './follow';

export interface Matches {
  needle: string;
  lines: Line[];
  turned: number;
  upTo: number;
  found: number[];
}

/** Goes on with `before` where it still holds. */
export function matchesOf(before: Matches | undefined, lines: Line[], count: number, turned: number, wanted: string): Matches {
  const needle = wanted.toLowerCase();
  const isSame = before?.needle === needle && before.lines === lines && before.turned === turned && before.upTo <= count;
  const matches = isSame ? before : { needle, lines, turned, upTo: 0, found: [] };
  for (; matches.upTo < count; matches.upTo += 1) if (lines[matches.upTo]!.text.toLowerCase().includes(needle)) matches.found.push(matches.upTo);
  return matches;
}
