import { expect, test } from 'vitest';
import { parseMetrics } from './metrics';
test('labels are summed, comments and nonsense left out', () => {
  const found = parseMetrics('# HELP x\nx{a="b"} 1\nx{a="c d"} 2.5\ny 1e3 1700000000\nz NaN\n\n');
  expect([...found]).toEqual([['x', 3.5], ['y', 1000]]);
});
