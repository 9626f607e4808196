import { expect, test } from 'vitest';
import { addStep, changesBetween, removeNodes, type Step } from './steps';

const step = (part: Partial<Step>): Step => ({ work: 'job:a', when: 'hand', schedule: 'cron(0 6 * * ? *)', after: [], state: 'SUCCEEDED', any: false, ...part });

test('a start, a step after it, another start takes its place', () => {
  const one = addStep([], 'w', step({}), []);
  expect(one).toEqual([{ Name: 'w-start', Type: 'ON_DEMAND', WorkflowName: 'w', Actions: [{ JobName: 'a' }] }]);
  const two = addStep(one, 'w', step({ work: 'crawler:c', when: 'after', after: ['job:a'] }), []);
  expect(two[1]!.Predicate!.Conditions).toEqual([{ LogicalOperator: 'EQUALS', JobName: 'a', State: 'SUCCEEDED' }]);
  const same = addStep(two, 'w', step({ work: 'job:b', when: 'after', after: ['job:a'] }), []);
  expect(same).toHaveLength(2);
  expect(same[1]!.Actions).toHaveLength(2);
  const scheduled = addStep(two, 'w', step({ work: 'job:b', when: 'schedule' }), []);
  expect(scheduled[0]).toMatchObject({ Name: 'w-start', Type: 'SCHEDULED', Actions: [{ JobName: 'a' }, { JobName: 'b' }] });
  expect(changesBetween(one, scheduled, 'w').map((each) => each.words)).toEqual(['Delete w-start', 'Create w-start', 'Activate w-start', 'Create w-after-a', 'Activate w-after-a']);
});

test('names in use are gone round, removed work takes its triggers along', () => {
  const one = addStep([], 'w', step({}), ['w-start']);
  expect(one[0]!.Name).toBe('w-start-2');
  const two = addStep(one, 'w', step({ work: 'job:b', when: 'after', after: ['job:a'] }), []);
  expect(removeNodes(two, ['job:a'])).toEqual([]);
  expect(changesBetween(two, two, 'w')).toEqual([]);
});
