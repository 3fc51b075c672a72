import { expect, it } from 'vitest';
import { resolveOptions } from '../../engine/options.ts';

it('takes the cost-aware policy by default, and corrects one that does not exist with a line in the log', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  expect(resolveOptions({ log }).cache.policy).toBe('cost');
  expect(resolveOptions({ log, cache: { policy: 'lru' } }).cache.policy).toBe('lru');
  expect(lines).toEqual([]);
  expect(resolveOptions({ log, cache: { policy: 'fifo' as 'lru' } }).cache.policy).toBe('cost');
  expect(lines).toEqual(['cache.policy: fifo is neither cost nor lru; using cost.']);
});
