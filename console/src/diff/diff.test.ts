import { expect, test } from 'vitest';
import { diffColumns, diffLines } from './diff';

test('lines', () => {
  expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c']).map((line) => line.kind[0] + line.text)).toEqual(['sa', 'rb', 'ax', 'sc']);
  expect(diffLines([], ['a'])).toEqual([{ kind: 'added', text: 'a' }]);
  expect(diffLines(['a'], [])).toEqual([{ kind: 'removed', text: 'a' }]);
});

test('columns, without case', () => {
  const changes = diffColumns([{ Name: 'Id', Type: 'int' }, { Name: 'gone', Type: 'string' }, { Name: 'same', Type: 'date' }], [{ Name: 'id', Type: 'bigint' }, { Name: 'same', Type: 'date' }, { Name: 'new', Type: 'string' }]);
  expect(changes.map((change) => `${change.kind} ${change.name}`)).toEqual(['changed id', 'added new', 'removed gone']);
});
