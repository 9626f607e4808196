import { expect, test } from 'vitest';
import type { Trigger } from '~/aws/glue';
import { fromTriggers, graphProblems } from './graph';

const start: Trigger = { Name: 'start', Type: 'ON_DEMAND', Actions: [{ JobName: 'a' }, { CrawlerName: 'c' }] };
const then: Trigger = { Name: 'then', Type: 'CONDITIONAL', Predicate: { Conditions: [{ JobName: 'a', State: 'SUCCEEDED' }] }, Actions: [{ JobName: 'b' }] };

test('triggers become nodes and arrows', () => {
  const graph = fromTriggers([start, then]);
  expect(graph.nodes.map((node) => node.id).sort()).toEqual(['crawler:c', 'job:a', 'job:b', 'trigger:start', 'trigger:then']);
  expect(graph.arrows).toContainEqual({ from: 'job:a', to: 'trigger:then' });
  expect(graphProblems([start, then])).toEqual([]);
});

test('what is no workflow', () => {
  expect(graphProblems([then])[0]).toMatch(/Nothing starts/);
  expect(graphProblems([start, { ...then, Actions: [{ JobName: 'a' }] }])).toEqual(['It goes round in a circle.']);
  expect(graphProblems([{ ...start, Actions: [] }])).toEqual(['start starts nothing.']);
});
