import { expect, test } from 'vitest';
import type { LineageGraph } from '~/aws/lineage';
import { merge, reach } from './model';

const job = { namespace: 'mastic', name: 'j', type: 'JOB' };
const run = { id: 'r', state: 'COMPLETE', time: '' };
const edge = (from: number, to: number) => ({ from, to, job, run, transformations: [] });
const node = (id: number, name: string, column: string) => ({ id, namespace: 'n', name, text: name, column });

const up: LineageGraph = { nodes: [node(0, 'b', 'x'), node(1, 'a', 'x')], edges: [edge(1, 0)], cut: false };
const down: LineageGraph = { nodes: [node(0, 'b', 'x'), node(1, 'c', 'y'), node(2, 'c', 'z')], edges: [edge(0, 1)], cut: false };

test('both directions in one, and what a column reaches', () => {
  const model = merge([up, down, up]);
  expect(model.datasets.map((each) => each.name)).toEqual(['b', 'a', 'c']);
  expect(model.edges).toHaveLength(2);
  const lit = reach(model, { dataset: 'n b', column: 'x' });
  expect(lit.edges.size).toBe(2);
  expect([...lit.columns].map((each) => each.replace('\u0000', '.')).sort()).toEqual(['n a.x', 'n b.x', 'n c.y']);
  expect(reach(model, { dataset: 'n c', column: 'z' }).edges.size).toBe(0);
});
