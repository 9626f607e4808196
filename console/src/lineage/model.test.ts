import { expect, test } from 'vitest';
import type { LineageGraph } from '~/aws/lineage';
import { drawn, howWords, merge, reach } from './model';

const job = { namespace: 'mastic', name: 'j', type: 'JOB' };
const run = { id: 'r', state: 'COMPLETE', time: '' };
const how = (subtype: string, allRows = false, description = '') => ({ type: allRows ? 'INDIRECT' : 'DIRECT', subtype, description, masking: false, allRows });
const edge = (from: number, to: number, ...transformations: ReturnType<typeof how>[]) => ({ from, to, job, run, transformations });
const node = (id: number, name: string, column?: string) => ({ id, namespace: 'n', name, text: name, column });
const plain = (keys: Set<string>) => [...keys].map((each) => each.replace('\u0000', '.')).sort();

const up: LineageGraph = { nodes: [node(0, 'b', 'x'), node(1, 'a', 'x')], edges: [edge(1, 0)], cut: false };
const down: LineageGraph = { nodes: [node(0, 'b', 'x'), node(1, 'c', 'y'), node(2, 'c', 'z')], edges: [edge(0, 1)], cut: false };

test('both directions in one, and what a column reaches', () => {
  const model = merge([up, down, up]);
  expect(model.datasets.map((each) => each.name)).toEqual(['b', 'a', 'c']);
  expect(model.edges).toHaveLength(2);
  const lit = reach(model, { dataset: 'n b', column: 'x' });
  expect([lit.up.size, lit.down.size]).toEqual([1, 1]);
  expect(plain(lit.columns)).toEqual(['n a.x', 'n b.x', 'n c.y']);
  expect(reach(model, { dataset: 'n c', column: 'z' }).up.size).toBe(0);
});

test('what decides rows stands with the dataset, whichever way it was asked for', () => {
  const downwards: LineageGraph = { nodes: [node(0, 'a', 'age'), node(1, 'b', 'age'), node(2, 'b')], edges: [edge(0, 1, how('IDENTITY')), edge(0, 2, how('FILTER', true, '(age < 1)'), how('SORT', true))], cut: false };
  const upwards: LineageGraph = { nodes: [node(0, 'b', 'id'), node(1, 'a', 'id'), node(2, 'a', 'age')], edges: [edge(1, 0, how('IDENTITY')), edge(2, 0, how('FILTER', true, '(age < 1)'), how('SORT', true))], cut: false };
  const model = merge([downwards, upwards]);
  expect(model.edges.filter((each) => each.kind === 'rows').map(howWords)).toEqual(['decides rows: filter (age < 1), sort']);
  expect(plain(reach(model, { dataset: 'n a', column: 'age' }).columns)).toEqual(['n a.age', 'n b.', 'n b.age']);
  expect(plain(reach(model, { dataset: 'n b', column: 'id' }).columns)).toEqual(['n a.age', 'n a.id', 'n b.id']);
});

test('the catalog table that was read stands in between, spelled as it spells it', () => {
  const graph: LineageGraph = { nodes: [node(0, 'out', 'x'), node(1, 'items', 'Age')], edges: [{ ...edge(1, 0, how('IDENTITY')), via: { namespace: 'glue', name: 'table/db/t', madeBy: 'crawler' } }], cut: false };
  const model = merge([graph, { nodes: [{ id: 0, namespace: 'glue', name: 'table/db/t', text: 'db.t', column: 'age' }], edges: [], cut: false }]);
  expect(model.datasets.map((each) => each.text)).toEqual(['out', 'items', 'db.t']);
  expect(model.edges.map((each) => [each.from.column, each.to.column, each.job.name])).toEqual([
    ['age', 'x', 'j'],
    ['Age', 'age', 'crawler'],
  ]);
});

test('wholes are drawn only where nothing finer is known', () => {
  const model = merge([{ nodes: [node(0, 'a'), node(1, 'b'), node(2, 'a', 'x'), node(3, 'b', 'x'), node(4, 'c')], edges: [edge(0, 1), edge(2, 3), edge(1, 4)], cut: false }]);
  expect(drawn(model).map((each) => [each.from.dataset, each.to.dataset, each.kind])).toEqual([
    ['n a', 'n b', 'value'],
    ['n b', 'n c', 'whole'],
  ]);
});
