import { expect, test } from 'vitest';
import { matchesOf } from './matches';

const line = (text: string) => ({ at: 0, text, error: false });

test('lines that were looked through are not looked through again', () => {
  const lines = [line('an Error'), line('fine')];
  const first = matchesOf(undefined, lines, 2, 0, 'error');
  expect(first.found).toEqual([0]);
  lines[0] = line('changed without a word');
  lines.push(line('error again'));
  expect(matchesOf(first, lines, 3, 0, 'ERROR').found).toEqual([0, 2]);
  expect(matchesOf(first, lines, 3, 1, 'error').found, 'their order is another').toEqual([2]);
  expect(matchesOf(first, lines, 3, 0, 'fine').found).toEqual([1]);
});
